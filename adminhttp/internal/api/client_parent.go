package api

import (
	"errors"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// parentName is where a new client's body says beneath which account it is made. It
// is no field: it stays as it was made.
const parentName = "parent"

// takeParent takes the parent out of a body, and says why it cannot be. One outside
// of the scope is as unknown as one that is missing.
func takeParent(r *ask.Request, body sent.Document) (sent.Document, *account.Account, account.Faults, error) {
	var above *account.Account
	var faults account.Faults
	rest := body
	rest.Members = nil
	for _, m := range body.Members {
		if m.Name != parentName {
			rest.Members = append(rest.Members, m)
			continue
		}
		switch m.Value.Kind {
		case sent.KindNull:
		case sent.KindString:
			parent, err := r.ParentOf(m.Value.Text)
			switch {
			case errors.Is(err, account.ErrNotFound), err == nil && parent == nil:
				faults = account.Faults{account.NewFault(parentName, "parent.unknown")}
			case err != nil:
				return body, nil, nil, err
			default:
				above = parent
			}
		default:
			faults = sent.TypeFaults(parentName, false)
		}
	}
	return rest, above, faults, nil
}
