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
func (r *request) creating(parent *account.Account, reason string, typed func(*account.Account) error) (clientaccount.Edit, error) {
	start := r.blank(parent)
	return r.editBelow(start.Parent, reason, func(a *account.Account) error {
		a.Parent, a.Core.Manager, a.Core.TimeZone = start.Parent, start.Core.Manager, start.Core.TimeZone
		begun := a.Clone()
		err := typed(a)
		faults, bad := account.AsFaults(err)
		if err != nil && !bad {
			return err
		}
		for _, fault := range r.judge.Forbidden(begun, *a) {
			if !faults.On(fault.Path) {
				faults = append(faults, fault)
			}
		}
		if a.Core.Password.IsZero() && !r.judge.Writes("password") {
			a.Core.Password = unknownPassword(*a)
		}
		return faults.Err()
	})
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
