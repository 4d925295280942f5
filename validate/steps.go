package validate

import (
	"github.com/clientaccount/clientaccount/account"
)

// Steps finds what cannot be taken back, or bites at once, in the change of an account that
// was valid before, in the order of the page: a person looks at it before it is written. Their
// codes begin with "step.", but for credit.below_used. What is new has none.
func Steps(a account.Account, f Facts) []account.Fault {
	if f.Before == nil {
		return nil
	}
	was := *f.Before
	var found []account.Fault
	step := func(when bool, path, code string, args ...any) {
		if when {
			found = append(found, account.NewFault(path, code, args...))
		}
	}
	closes := a.Status == account.StatusClosed && was.Status != account.StatusClosed
	step(a.Core.Login != was.Core.Login, "login", "step.login", was.Core.Login)
	found = append(found, limitWarnings(a, f)...)
	step(closes, "status", "step.closes")
	step(closes && f.Balance.Amount.IsPositive(), "status", "step.closes_money", a.Core.Currency.Format(f.Balance.Amount))
	step(closes && f.Balance.Amount.IsNegative(), "status", "step.closes_debt", a.Core.Currency.Format(f.Balance.Amount.Neg()))
	step(!closes && stopsSending(f, a.StatusAt(f.Now)), "status", "step.stops_sending")
	step(!a.Expires.Equal(was.Expires) && !a.Expires.IsZero() && !f.Now.Before(a.Expires), "expires_at", "step.ended")
	step(!closes && sends(was) && !sends(a), "sending.smpp", "step.last_channel")
	return found
}

// sends reports whether any channel for sending is on.
func sends(a account.Account) bool {
	return a.Sending.SMPP || a.Sending.API || a.Sending.Web || a.Sending.REST
}
