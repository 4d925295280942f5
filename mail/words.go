package mail

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
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
	return map[string]any{
		"amount": englishAmount,
		"count":  englishCount,
		"day":    englishDay,
		"moment": func(t time.Time) string {
			return t.Format("2 January 2006, 15:04") + " (" + t.Location().String() + ")"
		},
		"limit":  englishLimit,
		"status": func(s account.Status) string { return string(s) },
		"hook":   englishHook,
		"why":    englishWhy,
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

func englishHook(kind account.HookKind) string {
	switch kind {
	case account.HookAPIState:
		return "SMS State via API"
	case account.HookAPIIncoming:
		return "Incoming SMS via API"
	case account.HookRESTState:
		return "SMS State via RestAPI"
	case account.HookRESTIncoming:
		return "Incoming SMS via RestAPI"
	default:
		return string(kind)
	}
}

// englishWhy explains the codes by which package webhook switches off.
func englishWhy(code string) string {
	switch code {
	case "gone":
		return "Your server answered that the address is gone for good (410)."
	case "failing":
		return "Your server had not accepted anything for several days."
	default:
		return ""
	}
}
