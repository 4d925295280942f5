package validate

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// amountFaults holds the account's own amounts to the minor digits of its currency.
func amountFaults(a account.Account, _ Facts, _ account.Faults) account.Faults {
	faults := scaleFault("credit.limit", "credit", a.Credit.Limit.Or(decimal.Zero), a.Core.Currency)
	faults = append(faults, scaleFault("credit.overdraw.limit", "overdraw", a.Credit.Overdraw.Limit, a.Core.Currency)...)
	faults = append(faults, scaleFault("credit.cap", "cap", a.Credit.Cap.Or(decimal.Zero), a.Core.Currency)...)
	if limit := a.Core.NotificationLimit; limit.Unit == account.UnitMoney {
		faults = append(faults, scaleFault("notification_limit", "notification_limit", limit.Number, a.Core.Currency)...)
	}
	return faults
}

// scaleFault is the fault of more places than the currency has; none while the
// currency itself is at fault.
func scaleFault(path, noun string, amount decimal.Decimal, c account.Currency) account.Faults {
	if !isCurrency(string(c)) || bounds.Scale(amount) <= c.Digits() {
		return nil
	}
	return account.Faults{account.NewFault(path, noun+".scale", c.Digits(), string(c))}
}

// currencyFaults keeps the currency once money has moved, and before that while
// an amount would change its meaning.
func currencyFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	switch {
	case found.On("currency"), f.Before == nil || f.Before.Core.Currency == a.Core.Currency:
		return nil
	case f.Balance.Entries > 0:
		return account.Faults{account.NewFault("currency", "currency.in_use")}
	case hasAmounts(a):
		return account.Faults{account.NewFault("currency", "currency.amounts")}
	default:
		return nil
	}
}

// sharedFaults keeps money from being stranded in an account that spends its
// parent's.
func sharedFaults(a account.Account, f Facts, _ account.Faults) account.Faults {
	begins := a.SharesMoney() && f.Before != nil && !f.Before.SharesMoney()
	if begins && (!f.Balance.Amount.IsZero() || !f.Balance.Held.IsZero()) {
		return account.Faults{account.NewFault("credit.shared", "shared.money")}
	}
	return nil
}

func hasAmounts(a account.Account) bool {
	limit := a.Core.NotificationLimit
	return !a.Credit.Limit.Or(decimal.Zero).IsZero() || !a.Credit.Cap.Or(decimal.Zero).IsZero() || !a.Credit.Overdraw.Limit.IsZero() ||
		limit.Unit == account.UnitMoney && !limit.Number.IsZero()
}

// overdrawFaults wants an end for every overdraw, ahead and not too far. Only an
// overdraw that is being edited is held to that: one that ended by itself must
// not stand in the way of another edit.
func overdrawFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	const path = "credit.overdraw.expires_at"
	o, horizon := a.Credit.Overdraw, f.OverdrawHorizon
	if horizon == 0 {
		horizon = DefaultOverdrawHorizon
	}
	switch {
	case !o.Limit.IsPositive() || found.On(path) || found.On("credit.overdraw.limit"):
		return nil
	case o.ExpiresAt.IsZero():
		return account.Faults{account.NewFault(path, "overdraw.expiry_required")}
	case f.Before != nil && sameOverdraw(o, f.Before.Credit.Overdraw):
		return nil
	case !o.ExpiresAt.After(f.Now):
		return account.Faults{account.NewFault(path, "overdraw.expiry_past")}
	case o.ExpiresAt.After(f.Now.Add(horizon)):
		return account.Faults{account.NewFault(path, "overdraw.expiry_far", days(horizon))}
	default:
		return nil
	}
}

func sameOverdraw(a, b account.Overdraw) bool {
	return a.Limit.Equal(b.Limit) && a.ExpiresAt.Equal(b.ExpiresAt)
}

// days is a time in whole days, a begun one counted.
func days(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }
