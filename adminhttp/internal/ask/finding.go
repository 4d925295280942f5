package ask

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Finding is a finding as the actor may be told of it, and whether of its amounts.
type Finding struct {
	account.Finding
	Amounts bool
}

// Findings returns those of a decision about the client of the path as far as the actor may
// be told of them: of a hidden field only that there is one, and no account outside of
// the scope.
func (r *Request) Findings(d account.Decision) ([]Finding, error) {
	_, sums, err := r.MoneyOf(r.ID)
	if err != nil {
		return nil, err
	}
	var told []Finding
	for _, f := range d.Findings {
		f := Finding{Finding: r.Judge.Finding(f)}
		f.Amounts = f.Code == "credit.exhausted" && sums.Available
		if f.Account != r.ID {
			if f.Account, err = r.Judge.Named(r.Context(), f.Account); err != nil {
				return nil, err
			}
		}
		if f.Code != access.CodeHidden || !slices.ContainsFunc(told, func(t Finding) bool { return t.Code == f.Code && t.Verdict == f.Verdict }) {
			told = append(told, f)
		}
	}
	return told, nil
}

// Until returns when a message that waits is decided again; zero for who may not know.
func (r *Request) Until(d account.Decision) time.Time {
	if !r.Judge.Shows("dispatch", "time_zone") {
		return time.Time{}
	}
	return d.Until
}

// Words returns a finding as people read it.
func (f Finding) Words() words.Text {
	switch {
	case f.Code == access.CodeHidden:
		return access.HiddenText
	case f.Code == "credit.exhausted" && !f.Amounts:
		return "What is available does not pay for this message."
	default:
		return words.Coded(f.Code, f.Text())
	}
}
