package client

import (
	"fmt"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// consequence returns what a field amounts to at present, in one short line; empty
// where there is nothing to say. It is worked out from what the actor may see.
func (e editor) consequence(path string) string {
	if e.creates {
		return ""
	}
	if say, ok := consequences[path]; ok {
		return say(e, e.seen)
	}
	if f, _ := account.FieldAt(path); f.Shown(f.Text(e.seen)) != f.Text(e.seen) {
		return "The values in its query are hidden. To change the URL, type it whole."
	}
	return ""
}

var consequences = map[string]func(editor, account.Account) string{
	"login": func(_ editor, a account.Account) string {
		if !a.Sending.SMPP {
			return ""
		}
		return fmt.Sprintf("At most 15 characters while Can Send via SMPP is on; now %d.", len(a.Core.Login))
	},
	"time_zone": func(e editor, a account.Account) string {
		if unknown := words.ZoneUnknown(a); unknown != "" {
			return unknown + "."
		}
		return "Now " + e.now.In(words.Zone(a)).Format("15:04, Monday") + "."
	},
	"dispatch": func(e editor, a account.Account) string {
		if unknown := words.ZoneUnknown(a); unknown != "" {
			return unknown + "."
		}
		return words.SendingHours(a.Core.Dispatch, e.now.In(words.Zone(a))) + "."
	},
	"currency": func(e editor, a account.Account) string {
		if e.standing != nil && e.standing.Entries > 0 {
			return "Cannot change: money has moved."
		}
		return "Amounts have " + words.Plural(a.Core.Currency.Digits(), "decimal") + "."
	},
	"notification_limit":    limitNow,
	"credit.limit":          creditNow,
	"credit.overdraw.limit": overdrawNow,
	"credit.shared":         sharedNow,
	"credit.cap":            capNow,
	"credit.overdraw.expires_at": func(e editor, a account.Account) string {
		return ending(a.Credit.Overdraw.ExpiresAt, e.now, a)
	},
	"expires_at": func(e editor, a account.Account) string { return ending(a.Expires, e.now, a) },
	"routing.dynamic_sender": func(_ editor, a account.Account) string {
		return "Approved at present: " + fmt.Sprint(len(a.Routing.Senders)) + "."
	},
	"routing.senders": func(_ editor, a account.Account) string {
		if a.Routing.DynamicSender {
			return "Without effect while Dynamic Sender is on."
		}
		return ""
	},
	"routing.mo_smpp":       incoming,
	"mail.daily_statistics": func(_ editor, a account.Account) string { return mailedTo(a.Mail.Email, "") },
	"mail.price_update":     func(_ editor, a account.Account) string { return mailedTo(a.Mail.PriceUpdate, a.Mail.Email) },
	"mail.billing":          func(_ editor, a account.Account) string { return mailedTo(a.Mail.Billing, a.Mail.Email) },
	"billing.to_email":      func(_ editor, a account.Account) string { return mailedTo(a.Mail.Billing, a.Mail.Email) },
	"billing.invoice_days":  nextInvoice,
	"sending.dlr_days": func(e editor, a account.Account) string {
		until := e.now.AddDate(0, 0, e.effective.DLRDays.Value).In(words.Zone(a))
		return "A message sent now is awaited until " + until.Format("Mon 2 Jan 15:04") + "."
	},
	"status": func(e editor, a account.Account) string {
		if a.StatusAt(e.now) == account.StatusActive {
			return ""
		}
		return "The client cannot send now."
	},
}

// ending says when something ends, or that it has ended, by the client's clock.
func ending(end, now time.Time, a account.Account) string {
	zone := ""
	if a.Core.TimeZone != "" {
		zone = "In the time of " + strings.ReplaceAll(words.Zone(a).String(), "_", " ") + "."
	}
	verb := "Ended "
	if now.Before(end) {
		verb = "Ends "
	}
	if end.IsZero() {
		return zone
	}
	return verb + words.Relative(end, now) + ", " + end.In(words.Zone(a)).Format(words.ShortLayout) + ". " + zone
}

func incoming(_ editor, a account.Account) string {
	switch {
	case a.MOGoesToSMPP():
		return "Incoming messages go to the SMPP session."
	case a.Webhooks.APIIncoming == "" && a.Webhooks.RESTIncoming == "":
		return "Incoming messages go nowhere: no URL is given."
	default:
		return "Incoming messages go to the URL below."
	}
}

// mailedTo says which address counts: a field's own, or the one it falls back to.
func mailedTo(own, otherwise string) string {
	switch {
	case own != "":
		return "To " + own + "."
	case otherwise != "":
		return "Empty goes to " + otherwise + "."
	default:
		return "No address is given yet."
	}
}

// nextInvoice returns the next day of the client's calendar on which a period ends; a
// day that a month lacks is its last day.
func nextInvoice(e editor, a account.Account) string {
	day := e.now.In(words.Zone(a))
	for range 62 {
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, day.Location())
		last := day.AddDate(0, 0, 1).Day() == 1
		for _, cut := range a.Billing.InvoiceDays.Days() {
			if cut == day.Day() || last && cut > day.Day() {
				return "Next: " + day.Format("Mon 2 January") + "."
			}
		}
	}
	return ""
}
