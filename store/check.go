package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Checker is a store that can say how it finds itself. It is optional: of any other
// store the Service only learns whether it answers.
type Checker interface {
	// Check looks at the store without changing it, within a few round trips. Whatever is
	// wrong is in the report, so there is no error: a store that does not answer, or not
	// before the context ends, is one of the problems.
	Check(ctx context.Context) Report
}

// Report is what a store says of itself.
type Report struct {
	Clock    time.Time `json:"clock"` // the store's present instant; zero where it has no clock of its own
	Problems Problems  `json:"problems"`
}

// Problem is one thing that stands in the way of a sound service. Code is stable and
// made for programs; Text is for people and may change. Neither has a secret, nor a name
// of a host, a user or a database.
type Problem struct {
	Code string `json:"code"`
	Text string `json:"message"`
	// Warning says that everything works all the same, and a person should look.
	Warning bool `json:"warning,omitempty"`
}

// problemCodes has every code that a problem can have, with what it means.
var problemCodes = []account.Code{
	{Code: "store.unreachable", Text: "The store does not answer.", About: "The store"},
	{Code: "store.failing", Text: "It answers with errors.", About: "The store"},
	{Code: "store.read_only", Text: "Nothing can be written.", About: "The store"},
	{Code: "store.standby", Text: "It is a standby, which follows another server.", About: "The store"},
	{Code: "store.unsafe_commits", Text: "What was committed may be lost in a crash.", About: "The store"},
	{Code: "migrations.missing", Text: "Tables were not made, or are older than this version.", About: "Its tables"},
	{Code: "migrations.unknown", Text: "Tables are newer than this version; a warning.", About: "Its tables"},
	{Code: "pooler.prepared", Text: "A pooler forgets prepared statements, which are in use.", About: "Connections"},
	{Code: "sqlite.foreign_keys", Text: "References are not checked.", About: "Connections of SQLite"},
	{Code: "sqlite.busy_timeout", Text: "Writers fail instead of waiting for each other.", About: "Connections of SQLite"},
	{Code: "sqlite.txlock", Text: "Transactions that write may fail halfway, for another's sake.", About: "Connections of SQLite"},
	{Code: "sqlite.journal_mode", Text: "Readers and writers wait for each other; a warning.", About: "Connections of SQLite"},
	{Code: "clock.off", Text: "The clocks of store and process are too far apart.", About: "The machine"},
	{Code: "zones.missing", Text: "Time zones are not known on this machine.", About: "The machine"},
}

// ProblemCodes returns every code that a problem can have.
func ProblemCodes() []account.Code { return slices.Clone(problemCodes) }

// Problems is everything that was found, in the order in which it was looked for.
type Problems []Problem

// Error lists every text.
func (ps Problems) Error() string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.Code + ": " + p.Text
	}
	return strings.Join(texts, "; ")
}

// Err is the problems that are no warnings as an error, nil when there are none.
func (ps Problems) Err() error {
	var serious Problems
	for _, p := range ps {
		if !p.Warning {
			serious = append(serious, p)
		}
	}
	if serious == nil {
		return nil
	}
	return serious
}

// Has reports whether a problem of this code is among them.
func (ps Problems) Has(code string) bool {
	for _, p := range ps {
		if p.Code == code {
			return true
		}
	}
	return false
}
