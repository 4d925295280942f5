package mail

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// English returns the functions by which templates write values, in English:
//
//	amount   Money                                        1,234.50 EUR
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

func englishAmount(m Money) string {
	return strings.TrimSpace(grouped(account.FormatAmount(m.Amount, m.Currency.Digits())) + " " + string(m.Currency))
}

// englishCount takes what templates have: a decimal, or a number of Go.
func englishCount(n any) (string, error) {
	switch n := n.(type) {
	case decimal.Decimal:
		return grouped(n.String()), nil
	case int64:
		return grouped(decimal.NewFromInt(n).String()), nil
	case int:
		return grouped(decimal.NewFromInt(int64(n)).String()), nil
	default:
		return "", errNotANumber
	}
}

// grouped puts commas between the thousands of a plain number.
func grouped(number string) string {
	whole, places, pointed := strings.Cut(number, ".")
	digits, negative := strings.CutPrefix(whole, "-")
	var out strings.Builder
	if negative {
		out.WriteByte('-')
	}
	for i, digit := range []byte(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteByte(digit)
	}
	if pointed {
		out.WriteString("." + places)
	}
	return out.String()
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
