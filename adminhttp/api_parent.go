package adminhttp

import (
	"errors"

	"github.com/clientaccount/clientaccount/account"
)

// parentName is where a new client's body says beneath which account it is made. It
// is no field: it stays as it was made.
const parentName = "parent"

// takeParent takes the parent out of a body, and says why it cannot be. One outside
// of the scope is as unknown as one that is missing.
func takeParent(r *request, body document) (document, *account.Account, account.Faults, error) {
	var above *account.Account
	var faults account.Faults
	rest := body
	rest.members = nil
	for _, m := range body.members {
		if m.name != parentName {
			rest.members = append(rest.members, m)
			continue
		}
		switch m.value.kind {
		case jsonNull:
		case jsonString:
			parent, err := r.parentOf(m.value.text)
			switch {
			case errors.Is(err, account.ErrNotFound), err == nil && parent == nil:
				faults = account.Faults{account.NewFault(parentName, "parent.unknown")}
			case err != nil:
				return body, nil, nil, err
			default:
				above = parent
			}
		default:
			faults = typeFault(parentName, false)
		}
	}
	return rest, above, faults, nil
}
