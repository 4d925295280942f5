package adminhttp

import (
	"crypto/rand"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// creating is the edit that makes a client, from a page or from JSON: what the page for a
// new client begins with, and then what was typed. Only what was typed needs the right to
// write it; who may not set passwords makes a client that has one nobody knows.
func (r *request) creating(parent *account.Account, reason string, typed func(*account.Account) error) clientaccount.Edit {
	start, p := blank(r, parent), r.policy
	apply := func(a *account.Account) error {
		a.Parent, a.Core.Manager, a.Core.TimeZone = start.Parent, start.Core.Manager, start.Core.TimeZone
		begun := a.Clone()
		err := typed(a)
		faults, bad := account.AsFaults(err)
		if err != nil && !bad {
			return err
		}
		for _, fc := range account.Diff(begun, *a) {
			if f, _ := account.FieldAt(fc.Path); p.access(f) != Write && !faults.On(fc.Path) {
				faults = append(faults, account.NewFault(fc.Path, "field.forbidden", fc.Path))
			}
		}
		if a.Core.Password.IsZero() && !r.writes("password") {
			a.Core.Password = unknownPassword(*a)
		}
		return faults.Err()
	}
	return clientaccount.Edit{Actor: r.actor, Reason: reason, Apply: apply, Guard: p.guardNew}
}

// guardNew is the guard of a creation: a client is not given to a manager whom the actor
// does not see.
func (p Policy) guardNew(_, after account.Account) error {
	if !p.Scope.seesManager(after.Core.Manager) {
		return account.Faults{account.NewFault("manager", "manager.unknown")}
	}
	return nil
}

// unknownPassword is one that nobody knows, until somebody who may sets another.
func unknownPassword(a account.Account) account.NewPassword {
	for {
		text := strings.ToLower(rand.Text())
		if !strings.Contains(text, a.Core.Login) || a.Core.Login == "" {
			return account.SetPassword(text, text)
		}
	}
}
