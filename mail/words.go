package mail

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// English returns the functions by which templates write values, in English:
//
//	amount   Money                                        −1,234.50 EUR
//	count    decimal.Decimal or int64                     12,000
//	day      account.Date                                 28 November 2026
//	moment   time.Time, as About.Local returns it         28 November 2026, 14:05 (Europe/Berlin)
//	limit    account.NotificationLimit, account.Currency  500 messages
//	status   account.Status                               active
//	hook     account.HookKind                             delivery reports by API
//	why      string, the code of a switched-off webhook   a sentence, or nothing
//
// The map is the caller's, to replace some for another language.
func English() map[string]any {
	notices := document.English().Notices
	return map[string]any{
		"amount": englishAmount,
		"count":  englishCount,
		"day":    englishDay,
		"moment": func(t time.Time) string {
			return t.Format("2 January 2006, 15:04") + " (" + t.Location().String() + ")"
		},
		"limit":  englishLimit,
		"status": func(s account.Status) string { return string(s) },
		"hook":   func(kind account.HookKind) string { return cmp.Or(notices.Hooks[kind], string(kind)) },
		"why":    func(code string) string { return notices.Reasons[code] },
	}
}

func englishAmount(m Money) string { return m.Currency.Format(m.Amount) }

// englishCount takes what templates have: a decimal, or a number of Go.
func englishCount(n any) (string, error) {
	const none account.Currency = ""
	switch n := n.(type) {
	case decimal.Decimal:
		return none.Format(n), nil
	case int64:
		return none.Format(decimal.NewFromInt(n)), nil
	case int:
		return none.Format(decimal.NewFromInt(int64(n))), nil
	default:
		return "", errNotANumber
	}
}

func englishDay(d account.Date) string {
	if d.IsZero() {
		return ""
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("2 January 2006")
}

func englishLimit(l account.NotificationLimit, of account.Currency) (string, error) {
	if l.Unit == account.UnitMoney {
		return englishAmount(Money{l.Number, of}), nil
	}
	count, err := englishCount(l.Number)
	return count + " messages", err
}
