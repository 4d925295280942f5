package accounttest

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Full returns an account in which every field has a valid value that is not the one
// of [account.New], at revision 7. Its manager is Manager(1) and its product
// Product(1); it has no parent.
func Full() account.Account {
	a := Valid("acme.full")
	a.Revision = 7
	a.UpdatedAt = Now().Add(time.Hour + time.Microsecond)
	fillCore(&a.Core)
	fillMoney(&a)
	fillContact(&a.Contact)
	fillSending(&a)
	a.Billing = account.Billing{
		Enterprise: account.EnterprisePrivate, InvoiceDays: 1<<1 | 1<<15 | 1<<31,
		SendStats: true, SendInvoices: true, ToEmail: true,
	}
	a.Notes = account.Notes{Pinned: "Ask Zoë first.", Comments: "Pays late.\nCall before 10:00, ask for Zoë.", Product: Product(1).ID}
	fillTexts(&a)
	return a
}

// fillTexts writes a text into fields of text that have none yet.
func fillTexts(a *account.Account) {
	for f := range account.AccountTable().All() {
		if f.Kind == account.FieldText && f.Text(*a) == "" {
			_ = f.Set(a, "A "+f.Label) // what is refused is missed by the tests that walk fields
		}
	}
}

func fillCore(c *account.Core) {
	c.Manager = Manager(1).ID
	c.NotificationLimit = account.MoneyLimit(decimal.New(-125, -1))
	c.Moderation = account.ModerationManual
	c.TimeZone = "Europe/Kyiv"
	c.Dispatch = account.Dispatch{
		Days: account.EveryDay &^ (1<<time.Saturday | 1<<time.Sunday), From: 9 * 60, To: 18*60 + 30,
	}
	c.Currency = "UAH"
}

func fillMoney(a *account.Account) {
	a.Credit = account.Credit{
		Limit: account.Some(decimal.New(150050, -2)),
		Overdraw: account.Overdraw{
			Limit: decimal.New(25025, -2), ExpiresAt: Now().AddDate(0, 0, 30), Reason: "Invoice 17 is on its way",
		},
		Shared: true, Cap: account.Some(decimal.New(99995, -2)),
	}
	a.Routing = account.Routing{
		Priority: account.Some(3), BypassBlacklist: true, DynamicSender: true,
		Senders: account.Senders{"ACME", "Acme Shop", "380501112233"}, MOviaSMPP: true,
	}
}

func fillContact(c *account.Contact) {
	*c = account.Contact{
		FirstName: "Zoë", LastName: "Ångström-Коваленко", Contract: "C-2026/17", Company: "Ünïted Messages & Söhne",
		Credential: "UA123456789", Phone: "+380501112233", Country: "UA", Telegram: "@acme_support", Skype: "live:acme.support",
	}
}

func fillSending(a *account.Account) {
	a.Status = account.StatusActive
	a.Expires = Now().AddDate(1, 0, 0)
	a.Sending = account.Sending{
		DLRDays: account.Some(5), SMPP: true, API: true, Web: true, REST: true, Subaccounts: true,
	}
	a.Mail = account.Mail{
		Email: "office@acme.example", PriceUpdate: "prices@acme.example", Billing: "billing@acme.example",
		PriceFormat: account.PriceXLSX, DailyStatistics: true,
	}
	a.Webhooks = account.Webhooks{
		APIState: "https://hooks.acme.example.com/dlr?key=a%20b", APIIncoming: "https://hooks.acme.example.com/mo",
		RESTState: "https://hooks.acme.example.com/v2/dlr", RESTIncoming: "https://hooks.acme.example.com/v2/mo",
	}
}
