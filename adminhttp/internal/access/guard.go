package access

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
)

// Guard returns the rule of an actor over an edit of a client: what they cannot write stays as
// it was, no client is handed to a manager whom they do not see, and none spends more of
// the money of accounts that they do not see. A new client has what it begins with, which
// is nobody's choice, so what was typed is for [Judge.Forbidden]. Accounts are looked up
// here, before the edit, and not while it holds a lock: who is above a client never changes.
func (j Judge) Guard(ctx context.Context, parent account.ID) (func(before, after account.Account) error, error) {
	sees, err := j.SeesPayers(ctx, parent)
	if err != nil {
		return nil, err
	}
	return func(before, after account.Account) error {
		var faults account.Faults
		if before.Revision > 0 {
			faults = j.Forbidden(before, after)
		}
		if handed(before, after) && !j.Manager(after.Core.Manager) {
			faults = append(faults, account.NewFault("manager", "manager.unknown"))
		}
		if !sees && after.SharesMoney() {
			faults = append(faults, spendsMore(before, after)...)
		}
		return faults.Err()
	}, nil
}

// Forbidden returns the changed fields that the actor cannot write.
func (j Judge) Forbidden(before, after account.Account) (faults account.Faults) {
	for _, fc := range account.Diff(before, after) {
		if !j.Writes(fc.Path) {
			faults = append(faults, account.NewFault(fc.Path, "field.forbidden", fc.Path))
		}
	}
	return faults
}

// handed reports whether the client gets a manager.
func handed(before, after account.Account) bool {
	return before.Revision == 0 || before.Core.Manager != after.Core.Manager
}

// spendsMore returns the faults of spending more of an account above than before.
func spendsMore(before, after account.Account) (faults account.Faults) {
	if !before.SharesMoney() {
		return account.Faults{account.NewFault("credit.shared", "field.forbidden", "credit.shared")}
	}
	was, capped := before.Credit.Cap.Get()
	now, stays := after.Credit.Cap.Get()
	if capped && (!stays || now.GreaterThan(was)) {
		faults = append(faults, account.NewFault("credit.cap", "field.forbidden", "credit.cap"))
	}
	if capped && before.Core.TimeZone != after.Core.TimeZone { // its months would begin anew
		faults = append(faults, account.NewFault("time_zone", "field.forbidden", "time_zone"))
	}
	return faults
}
