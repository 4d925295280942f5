package dialect

import (
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// Report gathers what is found when a store is looked at.
type Report struct {
	store.Report
	Gone bool // a question was not answered: no use in asking more
}

// Found notes what stands in the way.
func (r *Report) Found(code, text string) {
	r.Problems = append(r.Problems, store.Problem{Code: code, Text: text})
}

// Warn notes what a person should look at.
func (r *Report) Warn(code, text string) {
	r.Problems = append(r.Problems, store.Problem{Code: code, Text: text, Warning: true})
}

// Failed notes that a question was not answered. The driver's error may have names of
// hosts and users in it, so none of it is told but the SQLSTATE.
func (r *Report) Failed(err error) {
	r.Gone = true
	if state := SQLState(err); state != "" {
		r.Found("store.failing", "The database answers with the error "+state+".")
		return
	}
	r.Found("store.unreachable", "The database does not answer, or not in time.")
}

// At notes the database's clock, in the form of RFC 3339.
func (r *Report) At(clock string) {
	if t, err := time.Parse(time.RFC3339Nano, clock); err == nil {
		r.Clock = t
	}
}
