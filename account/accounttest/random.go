package accounttest

import (
	"fmt"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
)

// Random draws an account with any value in every field, extremes included, as
// long as the field alone may hold it; rules between fields may be broken. Its
// manager and product are none or one of the first three, and it has no parent.
// Logins and contract numbers of two draws may be the same.
func Random(t *rapid.T) account.Account {
	a := account.Account{
		ID:       account.NewID(Now(), [10]byte(bytes(t, 10, "id"))),
		Revision: rapid.Int64Range(1, 1<<62).Draw(t, "revision"),
		Core:     randomCore(t),
		Credit: account.Credit{Limit: maybe(t, amount(false), "credit"), Overdraw: account.Overdraw{
			Limit: amount(false).Draw(t, "overdraw"), ExpiresAt: Instant().Draw(t, "overdraw ends"),
		}},
		Routing:   randomRouting(t),
		Contact:   randomContact(t),
		Status:    one(t, "status", account.Statuses()...),
		Expires:   Instant().Draw(t, "expires"),
		Sending:   randomSending(t),
		Mail:      randomMail(t),
		Webhooks:  randomWebhooks(t),
		Billing:   randomBilling(t),
		Notes:     account.Notes{Product: one(t, "product", account.ID{}, Product(1).ID, Product(2).ID, Product(3).ID)},
		CreatedAt: Instant().Draw(t, "created"),
		UpdatedAt: Instant().Draw(t, "updated"),
	}
	randomTexts(t, &a)
	return a
}

// randomTexts draws all texts of no form of their own, blanks around them and all.
func randomTexts(t *rapid.T, a *account.Account) {
	const unbounded = 64
	for f := range account.AccountTable().All() {
		switch {
		case f.Path == "login" || f.Path == "contact.telegram":
		case f.Kind == account.FieldText || f.Kind == account.FieldLongText:
			most := f.Max
			if most == 0 {
				most = unbounded
			}
			if err := f.Restore(a, Text(most).Draw(t, f.Path)); err != nil {
				t.Fatalf("%s: %v", f.Path, err)
			}
		}
	}
}

// Instant generates what can be stored as a time: microseconds from 1970 to 9999
// in UTC, and now and then the zero time.
func Instant() *rapid.Generator[time.Time] {
	const last = 253402300799_999_999 // 9999-12-31T23:59:59.999999Z
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.IntRange(0, 4).Draw(t, "zero time") == 0 {
			return time.Time{}
		}
		return time.UnixMicro(rapid.Int64Range(0, last).Draw(t, "microseconds")).UTC()
	})
}

// Text generates text of at most so many characters: any letters, marks, signs and
// spaces, and what has confused databases before. No control characters.
func Text(most int) *rapid.Generator[string] {
	runes := rapid.RuneFrom([]rune{'a', 'Z', 'é', '\u0301', ' ', '\'', '"', '\\', '%', '_', '?', '😀', '\ufeff', 'İ', 'ß'},
		unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs)
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "NULL", "0x1F", "1e400", " '; DROP TABLE accounts; -- ", "??", "?0 $1 :x", "\\x41"}),
		rapid.StringOfN(runes, 0, most, -1),
	)
}

func randomCore(t *rapid.T) account.Core {
	return account.Core{
		Login:             rapid.StringMatching(`[a-z0-9._-]{3,64}`).Draw(t, "login"),
		Manager:           one(t, "manager", account.ID{}, Manager(1).ID, Manager(2).ID, Manager(3).ID),
		NotificationLimit: randomLimit(t),
		Moderation:        one(t, "moderation", "", account.ModerationNone, account.ModerationManual, account.ModerationAutomatic),
		TimeZone:          one(t, "zone", "UTC", "Europe/Kyiv", "America/Argentina/ComodRivadavia", "Etc/GMT+12"),
		Dispatch:          randomDispatch(t),
		Currency:          one(t, "currency", account.Currencies()...),
	}
}

// randomDispatch draws any hours but those that start where they end, which have no text.
func randomDispatch(t *rapid.T) account.Dispatch {
	from := rapid.IntRange(0, account.DayMinutes-1).Draw(t, "from")
	to := rapid.IntRange(0, account.DayMinutes).Filter(func(to int) bool { return to != from }).Draw(t, "to")
	return account.Dispatch{
		Days: account.Weekdays(rapid.IntRange(1, int(account.EveryDay)).Draw(t, "days")),
		From: account.TimeOfDay(from), To: account.TimeOfDay(to),
	}
}

func randomLimit(t *rapid.T) account.NotificationLimit {
	return one(t, "limit", account.NotificationLimit{},
		account.MessagesLimit(rapid.Int64Range(0, account.MaxNotificationMessages).Draw(t, "messages")),
		account.MoneyLimit(amount(true).Draw(t, "money")))
}

func randomRouting(t *rapid.T) account.Routing {
	senders := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z][A-Za-z0-9 .&+!'_-]{0,9}[a-z]|[0-9]{3,15}`), 0, 200, rapid.ID)
	return account.Routing{
		Priority:        maybe(t, rapid.IntRange(0, 3), "priority"),
		BypassBlacklist: flag(t, "bypass"),
		DynamicSender:   flag(t, "dynamic"),
		Senders:         senders.Draw(t, "senders"),
		MOviaSMPP:       flag(t, "mo smpp"),
	}
}

func randomContact(t *rapid.T) account.Contact {
	return account.Contact{
		Phone:    rapid.StringMatching(`(\+[1-9][0-9]{6,14})?`).Draw(t, "phone"),
		Country:  one(t, "country", append(account.Countries(), "")...),
		Telegram: rapid.StringMatching(`(@[A-Za-z0-9_]{5,32})?`).Draw(t, "telegram"),
	}
}

func randomSending(t *rapid.T) account.Sending {
	return account.Sending{
		DLRDays: maybe(t, rapid.IntRange(1, 30), "dlr days"),
		SMPP:    flag(t, "smpp"), API: flag(t, "api"), Web: flag(t, "web"), REST: flag(t, "rest"),
		Subaccounts: flag(t, "subaccounts"),
	}
}

func randomMail(t *rapid.T) account.Mail {
	address := func(name string) string {
		return rapid.StringMatching(`([a-z']{1,64}@[a-z]{1,63}\.example)?`).Draw(t, name)
	}
	return account.Mail{
		Email: address("e-mail"), PriceUpdate: address("price e-mail"), Billing: address("billing e-mail"),
		PriceFormat:     one(t, "format", "", account.PriceCSV, account.PriceCSVMCCMNC, account.PriceXLSX),
		DailyStatistics: flag(t, "daily"),
	}
}

func randomWebhooks(t *rapid.T) account.Webhooks {
	url := func(name string) string {
		return rapid.StringMatching(`(https://[a-z]{1,63}\.example/[a-z?=&%#'"\\]{0,200})?`).Draw(t, name)
	}
	return account.Webhooks{
		APIState: url("api state"), APIIncoming: url("api incoming"), RESTState: url("rest state"), RESTIncoming: url("rest incoming"),
	}
}

func randomBilling(t *rapid.T) account.Billing {
	return account.Billing{
		Enterprise:  one(t, "enterprise", account.EnterpriseCompany, account.EnterprisePrivate),
		InvoiceDays: account.MonthDays(rapid.Uint32Range(0, 1<<31-1).Draw(t, "invoice days") << 1),
		SendStats:   flag(t, "stats"), SendInvoices: flag(t, "invoices"), ToEmail: flag(t, "to e-mail"),
	}
}

// amount generates money of up to 15 integer digits and 6 places.
func amount(negative bool) *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		whole := rapid.Int64Range(0, 999_999_999_999_999).Draw(t, "whole")
		places := rapid.Int64Range(0, 999_999).Draw(t, "places")
		d := decimal.RequireFromString(fmt.Sprintf("%d.%06d", whole, places))
		if negative && flag(t, "negative") {
			return d.Neg()
		}
		return d
	})
}

func maybe[T any](t *rapid.T, g *rapid.Generator[T], name string) account.Optional[T] {
	if flag(t, name+" set") {
		return account.Some(g.Draw(t, name))
	}
	return account.Optional[T]{}
}

func one[T any](t *rapid.T, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, name)
}

func flag(t *rapid.T, name string) bool { return rapid.Bool().Draw(t, name) }

func bytes(t *rapid.T, n int, name string) []byte {
	return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, name)
}
