package api

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// readMovement reads a body, and finds everything wrong with it at once.
func readMovement(r *ask.Request, mv ask.Move, body sent.Document) (account.Movement, error) {
	b, to := r.Draft(mv), ""
	b.Hold = r.PathValue("ref")
	faults, names := body.Faults, mv.NamesFor(r.Judge)
	for _, m := range body.Members {
		fault, skip := misplaced(m, slices.Contains(names, m.Name), moneyMembers[m.Name].kind)
		switch {
		case skip:
		case m.Name == "to":
			to = m.Value.Text
		default:
			fault = b.Set(m.Name, m.Value.Text)
		}
		if fault != nil {
			faults = sent.AddFault(faults, *fault)
		}
	}
	found, err := account.Faults(nil), error(nil)
	if to != "" {
		found, err = b.ToID(r, to)
	}
	if err == nil {
		err = r.Refundable(b.Movement)
	}
	if err != nil {
		return b.Movement, err
	}
	for _, fault := range append(found, b.Wrong(r)...) {
		if !faults.On(fault.Path) { // what could not be read was not set
			faults = sent.AddFault(faults, fault)
		}
	}
	return b.Movement, faults.Err()
}
