package validate

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// amountFaults holds the account's own amounts to the minor digits of its currency.
func amountFaults(a account.Account, _ Facts, _ account.Faults) account.Faults {
	faults := scaleFaults(account.AccountTable(), a, a.Core.Currency)
	if limit := a.Core.NotificationLimit; limit.Unit == account.UnitMoney {
		field, _ := account.FieldAt("notification_limit")
		faults = append(faults, scaleFault(field, limit.Number, a.Core.Currency)...)
	}
	return faults
}

// scaleFaults returns those of all amounts of a T.
func scaleFaults[T any](t account.Table[T], of T, c account.Currency) (faults account.Faults) {
	for f := range t.All() {
		if f.Kind == account.FieldAmount {
			faults = append(faults, scaleFault(f, amountIn(t.Value(&of, f.Path)), c)...)
		}
	}
	return faults
}

// scaleFault returns the fault of more places than the field or the currency has; none while
// the currency itself is at fault.
func scaleFault(f account.Field, amount decimal.Decimal, c account.Currency) account.Faults {
	most := f.Places
	if most == 0 {
		most = c.Digits()
	}
	if f.Places == 0 && !isCurrency(string(c)) || bounds.Scale(amount) <= most {
		return nil
	}
	return account.Faults{f.ScaleFault(c)}
}

// amountIn returns a field's amount; zero where it is unset.
func amountIn(value any) decimal.Decimal {
	switch v := value.(type) {
	case decimal.Decimal:
		return v
	case account.Optional[decimal.Decimal]:
		return v.Or(decimal.Zero)
	default:
		panic(fmt.Sprintf("validate: %T is no amount", value)) // a mistake in the row
	}
}

// currencyFaults keeps the currency once money has moved, and before that while
// an amount or a price would change its meaning.
func currencyFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	switch {
	case found.On("currency"), f.Before == nil || f.Before.Core.Currency == a.Core.Currency:
		return nil
	case f.Balance.Entries > 0:
		return account.Faults{account.NewFault("currency", "currency.in_use")}
	case hasAmounts(a):
		return account.Faults{account.NewFault("currency", "currency.amounts")}
	case f.OwnPrices:
		return account.Faults{account.NewFault("currency", "currency.prices")}
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

// hasAmounts reports whether any amount is not zero.
func hasAmounts(a account.Account) bool {
	t := account.AccountTable()
	for f := range t.All() {
		if f.Kind == account.FieldAmount && !amountIn(t.Value(&a, f.Path)).IsZero() {
			return true
		}
	}
	return a.Core.NotificationLimit.Unit == account.UnitMoney && !a.Core.NotificationLimit.Number.IsZero()
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

// days returns a time in whole days, a begun one counted.
func days(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }
