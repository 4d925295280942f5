package client

import (
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// consequence returns what a field amounts to at present, in one short line; empty
// where there is nothing to say. It is worked out from what the actor may see.
func (e editor) consequence(path string) words.Text {
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

var consequences = map[string]func(editor, account.Account) words.Text{
	"login": func(_ editor, a account.Account) words.Text {
		if !a.Sending.SMPP {
			return ""
		}
		return words.Textf("At most 15 characters while Can Send via SMPP is on; now %d.", len(a.Core.Login))
	},
	"time_zone": func(e editor, a account.Account) words.Text {
		if unknown := words.ZoneUnknown(a); unknown != "" {
			return words.Textf("%s.", unknown)
		}
		return words.Textf("Now %s.", say.Instant{At: e.now.In(words.Zone(a)), Layout: "15:04, Monday"})
	},
	"dispatch": func(e editor, a account.Account) words.Text {
		if unknown := words.ZoneUnknown(a); unknown != "" {
			return words.Textf("%s.", unknown)
		}
		return words.Textf("%s.", words.SendingHours(a.Core.Dispatch, e.now.In(words.Zone(a))))
	},
	"currency": func(e editor, a account.Account) words.Text {
		if e.standing != nil && e.standing.Entries > 0 {
			return "Cannot change: money has moved."
		}
		return words.Textf("Amounts have %s.", words.Plural(a.Core.Currency.Digits(), "decimal"))
	},
	"notification_limit":    limitNow,
	"credit.limit":          creditNow,
	"credit.overdraw.limit": overdrawNow,
	"credit.shared":         sharedNow,
	"credit.cap":            capNow,
	"credit.overdraw.expires_at": func(e editor, a account.Account) words.Text {
		return ending(a.Credit.Overdraw.ExpiresAt, e.now, a)
	},
	"expires_at": func(e editor, a account.Account) words.Text { return ending(a.Expires, e.now, a) },
	"routing.dynamic_sender": func(_ editor, a account.Account) words.Text {
		return words.Textf("Approved at present: %d.", len(a.Routing.Senders))
	},
	"routing.senders": func(_ editor, a account.Account) words.Text {
		if a.Routing.DynamicSender {
			return "Without effect while Dynamic Sender is on."
		}
		return ""
	},
	"routing.mo_smpp":       incoming,
	"mail.daily_statistics": func(_ editor, a account.Account) words.Text { return mailedTo(a.Mail.Email, "") },
	"mail.price_update":     func(_ editor, a account.Account) words.Text { return mailedTo(a.Mail.PriceUpdate, a.Mail.Email) },
	"mail.billing":          func(_ editor, a account.Account) words.Text { return mailedTo(a.Mail.Billing, a.Mail.Email) },
	"billing.to_email":      func(_ editor, a account.Account) words.Text { return mailedTo(a.Mail.Billing, a.Mail.Email) },
	"billing.invoice_days":  nextInvoice,
	"sending.dlr_days": func(e editor, a account.Account) words.Text {
		until := say.Instant{At: e.now.AddDate(0, 0, e.effective.DLRDays.Value).In(words.Zone(a)), Layout: "Mon 2 Jan 15:04"}
		return words.Textf("A message sent now is awaited until %s.", until)
	},
	"status": func(e editor, a account.Account) words.Text {
		if a.StatusAt(e.now) == account.StatusActive {
			return ""
		}
		return "The client cannot send now."
	},
}

// ending says when something ends, or that it has ended, by the client's clock.
func ending(end, now time.Time, a account.Account) words.Text {
	zone := words.Text("")
	if a.Core.TimeZone != "" {
		zone = words.Textf("In the time of %s.", strings.ReplaceAll(words.Zone(a).String(), "_", " "))
	}
	at := say.Instant{At: end.In(words.Zone(a)), Layout: words.ShortLayout}
	switch {
	case end.IsZero():
		return zone
	case now.Before(end):
		return words.Textf("Ends %s, %s. %s", words.Relative(end, now), at, zone)
	default:
		return words.Textf("Ended %s, %s. %s", words.Relative(end, now), at, zone)
	}
}

func incoming(_ editor, a account.Account) words.Text {
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
func mailedTo(own, otherwise string) words.Text {
	switch {
	case own != "":
		return words.Textf("To %s.", own)
	case otherwise != "":
		return words.Textf("Empty goes to %s.", otherwise)
	default:
		return "No address is given yet."
	}
}

// nextInvoice returns the next day of the client's calendar on which a period ends; a
// day that a month lacks is its last day.
func nextInvoice(e editor, a account.Account) words.Text {
	day := e.now.In(words.Zone(a))
	for range 62 {
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, day.Location())
		last := day.AddDate(0, 0, 1).Day() == 1
		for _, cut := range a.Billing.InvoiceDays.Days() {
			if cut == day.Day() || last && cut > day.Day() {
				return words.Textf("Next: %s.", say.Instant{At: day, Layout: "Mon 2 January"})
			}
		}
	}
	return ""
}
