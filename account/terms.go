package account

import "github.com/shopspring/decimal"

// TermsOf are an account's settings as the money rule reads them. An account that
// spends its parent's money has no limits of its own.
func TermsOf(a Account, s Settings, price Optional[decimal.Decimal]) Terms {
	t := Terms{
		Currency: a.Core.Currency, Closed: a.Status == StatusClosed,
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
