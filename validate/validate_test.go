package validate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/validate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rules is the one Validator of all tests, as a host would have it.
var rules = validate.New()

// base returns a valid client: a company in Ukraine with a login of ten characters.
func base() account.Account {
	a := accounttest.Valid("acme-mobil")
	a.Contact.Country = "UA"
	return a
}

// create returns the edit of a client who does not exist yet.
func create() validate.Facts { return validate.Facts{Now: accounttest.Now()} }

// edit returns an edit of a client who stands as before.
func edit(before account.Account) validate.Facts {
	before.Core.Password = account.NewPassword{}
	return validate.Facts{Now: accounttest.Now(), Before: &before}
}

// check applies a change to a and checks the whole, as an edit does: what could
// not be read is not checked again.
func check(a account.Account, f validate.Facts, c account.Change) account.Faults {
	unread, _ := account.AsFaults(c.Apply(&a))
	rules.Normalize(&a)
	faults := unread
	for _, fault := range rules.Account(a, f) {
		if !unread.On(fault.Path) {
			faults = append(faults, fault)
		}
	}
	return faults
}

func set(pairs ...string) account.Change {
	var c account.Change
	for i := 0; i+1 < len(pairs); i += 2 {
		c = c.Set(pairs[i], pairs[i+1])
	}
	return c
}

func TestFixturesAreValid(t *testing.T) {
	full := accounttest.Full()
	manager, product := accounttest.Manager(1), accounttest.Product(1)
	product.Currency = full.Core.Currency
	for name, f := range map[string]validate.Facts{"created": create(), "edited": edit(full)} {
		t.Run(name, func(t *testing.T) {
			f.Manager, f.Product = &manager, &product
			assert.Empty(t, rules.Account(full, f))
		})
	}
	assert.Empty(t, rules.Account(base(), create()))
	assert.Empty(t, rules.Account(base(), edit(base())))
	assert.Empty(t, rules.Manager(manager))
	assert.Empty(t, rules.Product(product))
}

func TestEveryFaultAtOnceInPageOrder(t *testing.T) {
	faults := check(base(), create(), set(
		"notes.comments", strings.Repeat("x", 4001),
		"login", "",
		"credit.limit", "-5.001",
		"mail.email", "a@",
		"routing.senders", "ab,ЩЩ,ЙЙ",
		"webhooks.rest_state", "http://10.0.0.1/",
		"billing.send_invoices", "true",
	))
	var got []string
	for _, f := range faults {
		got = append(got, f.Path+" "+f.Code)
	}
	assert.Equal(t, []string{
		"login login.required",
		"credit.limit credit.negative", "credit.limit credit.scale",
		"routing.senders senders.format",
		"mail.email email.format",
		"webhooks.rest_state url.address_private",
		"billing.invoice_days invoice_days.required",
		"notes.comments comments.length",
	}, got)
}

func TestOverdrawThatEndedBlocksNoOtherEdit(t *testing.T) {
	ended := base()
	ended.Credit.Overdraw = account.Overdraw{Limit: decimal.NewFromInt(50), ExpiresAt: accounttest.Now().Add(-time.Hour)}

	assert.Empty(t, check(ended, edit(ended), set("notes.comments", "called today")))
	assert.True(t, check(ended, edit(ended), set("credit.overdraw.limit", "60")).Has("overdraw.expiry_past"))
	assert.Empty(t, check(ended, edit(ended), set("credit.overdraw.limit", "")))
}

func TestOverdrawHorizon(t *testing.T) {
	f := create()
	at := func(d time.Duration) account.Faults {
		return check(base(), f, set("credit.overdraw.limit", "50",
			"credit.overdraw.expires_at", accounttest.Now().Add(d).Format(time.RFC3339Nano)))
	}
	assert.Empty(t, at(90*24*time.Hour), "the horizon itself is within")
	assert.True(t, at(90*24*time.Hour+time.Microsecond).Has("overdraw.expiry_far"))
	assert.True(t, at(0).Has("overdraw.expiry_past"), "an overdraw counts while now is before its end")

	f.OverdrawHorizon = 36 * time.Hour
	assert.Equal(t, "The end must be within 2 days.", at(37 * time.Hour)[0].Text)
}

func TestNormalizeMakesGoEditsLikeTextEdits(t *testing.T) {
	typed := base()
	typed.Core.Login = "ACME-Mobil"
	typed.Contact.Phone = "(050) 111-22-33"
	typed.Contact.Company = "  Acme  "
	typed.Contact.Telegram = "t.me/acme_support"
	typed.Mail.Email = " a@client.example "
	typed.Notes.Comments = "one\r\ntwo"
	typed.Routing.Senders = account.Senders{"ACME", "ACME", " INFO "}
	kyiv := time.FixedZone("", 2*3600)
	typed.Expires = time.Date(2027, 1, 1, 2, 0, 0, 123_456_789, kyiv)
	rules.Normalize(&typed)

	texted := base()
	require.NoError(t, set("login", "ACME-Mobil", "contact.phone", "(050) 111-22-33", "contact.company", "  Acme  ",
		"contact.telegram", "t.me/acme_support", "mail.email", " a@client.example ", "notes.comments", "one\r\ntwo",
		"routing.senders", "ACME, ACME , INFO ", "expires_at", "2027-01-01T02:00:00.123456789+02:00").Apply(&texted))
	rules.Normalize(&texted)

	assert.Equal(t, texted, typed)
	assert.Equal(t, "+380501112233", typed.Contact.Phone)
	assert.Equal(t, time.Date(2027, 1, 1, 0, 0, 0, 123_456_000, time.UTC), typed.Expires)

	again := typed.Clone()
	rules.Normalize(&again)
	assert.Equal(t, typed, again, "twice is once")
}

func TestPhones(t *testing.T) {
	for name, tt := range map[string]struct{ typed, country, stored string }{
		"international":               {"+380 50 111-22-33", "", "+380501112233"},
		"dashes of a word processor":  {"+380\u201150\u2013111\u20112233", "", "+380501112233"},
		"of another country":          {"+44 20 7946 0018", "UA", "+442079460018"},
		"national with its prefix":    {"050 111 22 33", "UA", "+380501112233"},
		"national without":            {"501112233", "UA", "+380501112233"},
		"with the code but no plus":   {"380501112233", "UA", "+380501112233"},
		"Italy keeps its zero":        {"06 6982 1234", "IT", "+390669821234"},
		"national, no country":        {"0501112233", "", ""},
		"too short":                   {"12", "UA", ""},
		"plus and zero":               {"+0501112233", "UA", ""},
		"00 instead of plus":          {"00380501112233", "UA", ""},
		"00 without a country":        {"00380501112233", "", ""},
		"16 digits":                   {"+3805011122334455", "", ""},
		"16 national digits":          {"0501112233445566", "UA", ""},
		"no such country code":        {"+999501112233", "", ""},
		"Arabic digits":               {"+٣٨٠٥٠١١١٢٢٣٣", "", ""},
		"an extension":                {"+380501112233 ext 5", "", ""},
		"an extension after a comma":  {"+380501112233,5", "", ""},
		"letters":                     {"+1800FLOWERS", "", ""},
		"a plus only":                 {"+", "", ""},
		"two pluses":                  {"++380501112233", "", ""},
		"a number within a country":   {"+3801", "", ""},
		"a megabyte":                  {"+" + strings.Repeat("3", 1<<20), "", ""},
		"a scheme":                    {"tel:+380501112233", "", ""},
		"no such number in the state": {"0991", "UA", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := base()
			require.NoError(t, set("contact.phone", tt.typed, "contact.country", tt.country).Apply(&a))
			rules.Normalize(&a)
			faults := rules.Account(a, create())
			if tt.stored == "" {
				assert.Equal(t, account.Faults{account.NewFault("contact.phone", "phone.format")}, faults)
				return
			}
			assert.Empty(t, faults)
			assert.Equal(t, tt.stored, a.Contact.Phone)
		})
	}
}

func TestBadCountryIsNoFaultOfThePhone(t *testing.T) {
	faults := check(base(), create(), set("contact.phone", "0501112233", "contact.country", "ZZ"))
	assert.Equal(t, account.Faults{account.NewFault("contact.country", "country.unknown")}, faults)
}

func TestAccountRefusesWhatWasTypedInGo(t *testing.T) {
	huge := decimal.New(1, 2_000_000_000)
	tiny := decimal.New(1, -2_000_000_000)
	for name, tt := range map[string]struct {
		change func(*account.Account)
		want   string
	}{
		"dispatch on no day":   {func(a *account.Account) { a.Core.Dispatch.Days = 0 }, "dispatch.days"},
		"dispatch on day 8":    {func(a *account.Account) { a.Core.Dispatch.Days |= 1 << 7 }, "dispatch.days"},
		"zero dispatch":        {func(a *account.Account) { a.Core.Dispatch = account.Dispatch{} }, "dispatch.days"},
		"dispatch to 24:01":    {func(a *account.Account) { a.Core.Dispatch.To = 1441 }, "dispatch.range"},
		"dispatch from -1":     {func(a *account.Account) { a.Core.Dispatch.From = -1 }, "dispatch.range"},
		"dispatch from 24:00":  {func(a *account.Account) { a.Core.Dispatch.From = 1440 }, "dispatch.range"},
		"dispatch for no time": {func(a *account.Account) { a.Core.Dispatch.To = 0 }, "dispatch.empty"},
		"credit without end":   {func(a *account.Account) { a.Credit.Limit = account.Some(huge) }, "credit.range"},
		"credit below reason":  {func(a *account.Account) { a.Credit.Limit = account.Some(tiny) }, "credit.scale"},
		"overdraw without end": {func(a *account.Account) { a.Credit.Overdraw.Limit = huge }, "overdraw.range"},
		"negative overdraw":    {func(a *account.Account) { a.Credit.Overdraw.Limit = huge.Neg() }, "overdraw.negative"},
		"priority 4":           {func(a *account.Account) { a.Routing.Priority = account.Some(4) }, "priority.range"},
		"no days to wait":      {func(a *account.Account) { a.Sending.DLRDays = account.Some(0) }, "dlr_days.range"},
		"the 0th":              {func(a *account.Account) { a.Billing.InvoiceDays |= 1 }, "invoice_days.range"},
		"year 12000":           {func(a *account.Account) { a.Expires = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }, "expiry.format"},
		"overdraw end in 1960": {func(a *account.Account) { a.Credit.Overdraw.ExpiresAt = time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC) }, "overdraw_end.format"},
		"a limit of nothing":   {func(a *account.Account) { a.Core.NotificationLimit.Unit = "beans" }, "notification_limit.unit"},
		"half a message": {func(a *account.Account) {
			a.Core.NotificationLimit = account.NotificationLimit{Unit: "messages", Number: decimal.New(5, -1)}
		}, "notification_limit.range"},
		"endless messages": {func(a *account.Account) {
			a.Core.NotificationLimit = account.NotificationLimit{Unit: "messages", Number: huge}
		}, "notification_limit.range"},
		"endless money":             {func(a *account.Account) { a.Core.NotificationLimit = account.MoneyLimit(huge) }, "notification_limit.amount"},
		"half a cent":               {func(a *account.Account) { a.Core.NotificationLimit = account.MoneyLimit(decimal.New(-5, -3)) }, "notification_limit.scale"},
		"status of none":            {func(a *account.Account) { a.Status = "" }, "status.choice"},
		"status that is worked out": {func(a *account.Account) { a.Status = account.StatusExpired }, "status.choice"},
		"many senders":              {func(a *account.Account) { a.Routing.Senders = manySenders(201) }, "senders.count"},
		"an unknown moderation":     {func(a *account.Account) { a.Core.Moderation = "some" }, "moderation.choice"},
	} {
		t.Run(name, func(t *testing.T) {
			a := base()
			tt.change(&a)
			rules.Normalize(&a)
			faults := rules.Account(a, create())
			require.Len(t, faults, 1)
			assert.Equal(t, tt.want, faults[0].Code)
		})
	}
}

func manySenders(n int) account.Senders {
	var s account.Senders
	for i := range n {
		s = append(s, string(rune('A'+i/26))+string(rune('A'+i%26)))
	}
	return s
}

func TestSmallAmountsOfZeroPass(t *testing.T) {
	a := base()
	a.Credit.Limit = account.Some(decimal.New(0, -2_000_000_000))
	a.Core.NotificationLimit = account.NotificationLimit{Unit: account.UnitMessages, Number: decimal.New(0, -2_000_000_000)}
	assert.Empty(t, rules.Account(a, create()))
}

func TestManager(t *testing.T) {
	for name, tt := range map[string]struct {
		m    account.Manager
		want []account.Fault
	}{
		"nothing": {account.Manager{}, []account.Fault{account.NewFault("name", "manager_name.required")}},
		"all wrong": {
			account.Manager{Name: strings.Repeat("x", 101), Email: "a@", Phone: "0501112233"},
			[]account.Fault{
				account.NewFault("name", "manager_name.length"),
				account.NewFault("email", "email.format"),
				account.NewFault("phone", "phone.format"),
			},
		},
		"control characters": {account.Manager{Name: "Ann\x00"}, []account.Fault{account.NewFault("name", "text.chars")}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, account.Faults(tt.want), rules.Manager(tt.m)) })
	}
}

func refunds(states ...account.MessageState) account.RefundPolicy {
	return account.RefundPolicy{States: account.States(states...)}
}

// What the form offers is what is taken.
func TestRefundsOnOfferAreTaken(t *testing.T) {
	f, _ := account.ProductTable().At("refunds")
	for _, c := range f.Choices {
		p := account.Product{Name: "P"}
		require.NoError(t, account.ProductTable().Set(&p, "refunds", c.Value), c.Label)
		assert.Empty(t, rules.Product(p), c.Label)
	}
}

func TestAProductIsPaidForWhenSent(t *testing.T) {
	p := account.Product{Name: "Retail"}
	rules.NormalizeProduct(&p)
	assert.Equal(t, account.Product{Name: "Retail", Pricing: account.PricingSent}, p)
}

func TestProduct(t *testing.T) {
	amount := func(s string) account.Optional[decimal.Decimal] { return account.Some(decimal.RequireFromString(s)) }
	for name, tt := range map[string]struct {
		p    account.Product
		want []string
	}{
		"a name is enough":        {account.Product{Name: "Retail"}, nil},
		"a price of zero":         {account.Product{Name: "Free", Currency: "EUR", Price: amount("0")}, nil},
		"six places of a price":   {account.Product{Name: "P", Currency: "JPY", Price: amount("0.000001")}, nil},
		"nothing":                 {account.Product{}, []string{"name product_name.required"}},
		"a price of no currency":  {account.Product{Name: "P", Price: amount("1")}, []string{"currency currency.required"}},
		"an unknown currency":     {account.Product{Name: "P", Currency: "XXX"}, []string{"currency currency.unknown"}},
		"seven places of a price": {account.Product{Name: "P", Currency: "EUR", Price: amount("0.0000001")}, []string{"price price.scale"}},
		"a negative price":        {account.Product{Name: "P", Currency: "EUR", Price: amount("-1")}, []string{"price price.negative"}},
		"a price without end":     {account.Product{Name: "P", Currency: "EUR", Price: amount("1e9999")}, []string{"price price.range"}},
		"paid for when delivered": {account.Product{Name: "P", Pricing: account.PricingDelivered}, nil},
		"an unknown pricing":      {account.Product{Name: "P", Pricing: "weekly"}, []string{"pricing pricing.choice"}},
		"a refund of delivery":    {account.Product{Name: "P", Refunds: refunds(account.StateDelivered)}, []string{"refunds refunds.refundable"}},
		"a refund on the way":     {account.Product{Name: "P", Refunds: refunds(account.StateUndeliverable, account.StateAccepted)}, []string{"refunds refunds.refundable"}},
		"a refund of no state":    {account.Product{Name: "P", Refunds: account.RefundPolicy{States: 1 << 12}}, []string{"refunds refunds.refundable"}},
		"nothing to give back":    {account.Product{Name: "P", Pricing: account.PricingDelivered, Refunds: account.RefundPolicy{Timeout: true}}, []string{"refunds refunds.delivered"}},
		"a credit of half a yen":  {account.Product{Name: "P", Currency: "JPY", CreditLimit: amount("0.5")}, []string{"credit_limit credit.scale"}},
		"all the rest": {
			account.Product{Name: "P", Priority: account.Some(-1), DLRDays: account.Some(31), Moderation: "x"},
			[]string{"priority priority.range", "dlr_days dlr_days.range", "moderation moderation.choice"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range rules.Product(tt.p) {
				got = append(got, f.Path+" "+f.Code)
				assert.NotContains(t, f.Text, "%", "a text with its arguments")
			}
			assert.ElementsMatch(t, tt.want, got)
		})
	}
}

func BenchmarkAccount(b *testing.B) {
	a, f := accounttest.Full(), create()
	for b.Loop() {
		_ = rules.Account(a, f)
	}
}
