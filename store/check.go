package store

import (
	"context"
	"strings"
	"time"
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
