package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// TermsOf returns an account's settings as the money rule reads them. An account that
// spends its parent's money has no limits of its own.
func TermsOf(a account.Account, s account.Settings, price account.Optional[decimal.Decimal]) account.Terms {
	t := account.Terms{
		Currency: a.Core.Currency, Closed: a.Status == account.StatusClosed,
		Zone: a.Core.TimeZone, Limit: a.Core.NotificationLimit, Price: price,
	}
	if a.SharesMoney() {
		t.Shares, t.Cap = a.Parent, a.Credit.Cap
		return t
	}
	t.Credit = s.CreditLimit.Value
	t.Overdraw, t.OverdrawEnds = a.Credit.Overdraw.Limit, a.Credit.Overdraw.ExpiresAt
	return t
}

// SameTerms reports whether two terms are the same to the money rule and its events.
func SameTerms(a, b account.Terms) bool {
	return a.Currency == b.Currency && a.Credit.Equal(b.Credit) && a.Overdraw.Equal(b.Overdraw) &&
		a.OverdrawEnds.Equal(b.OverdrawEnds) && a.Closed == b.Closed && a.Shares == b.Shares &&
		sameAmount(a.Cap, b.Cap) && a.Zone == b.Zone && a.Limit.String() == b.Limit.String() &&
		sameAmount(a.Price, b.Price)
}

func sameAmount(a, b account.Optional[decimal.Decimal]) bool {
	inA, is := a.Get()
	inB, isToo := b.Get()
	return is == isToo && inA.Equal(inB)
}

// Opened returns the balance of a new account under its terms. Having nothing yet is no
// event: those come from the first movement on.
func Opened(id account.ID, t account.Terms, now time.Time) account.Balance {
	b := account.Balance{Account: id, Version: 1, Terms: t}
	b.Exhausted = isExhausted(&b, b.Available(now))
	return b
}

// Under returns the balance under other terms, with the events that follow. available is
// as in [Notice], under the new terms.
func Under(b account.Balance, t account.Terms, available decimal.Decimal, now time.Time) (account.Balance, []account.Event) {
	if !t.OverdrawEnds.Equal(b.Terms.OverdrawEnds) || !t.Overdraw.Equal(b.Terms.Overdraw) {
		b.OverdrawOver = false
	}
	b.Version++
	b.Terms = t
	return Notice(b, available, now)
}
