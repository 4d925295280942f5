package account_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// labels are the words people see, fixed, in the order of the page. What came later may
// stand between them.
var labels = []struct{ section, path, label string }{
	{"core", "login", "Login"},
	{"core", "password", "Password"},
	{"core", "password_retype", "Retype password"},
	{"core", "manager", "Manager"},
	{"core", "notification_limit", "Notification limit"},
	{"core", "moderation", "Moderation"},
	{"core", "time_zone", "Local time"},
	{"core", "dispatch", "Time of dispatch"},
	{"core", "currency", "Currency"},
	{"financial", "credit.limit", "Allow credit"},
	{"financial", "credit.overdraw.limit", "Allow overdraw (temporary credit)"},
	{"financial", "credit.overdraw.expires_at", "Overdraw ends"},
	{"financial", "credit.overdraw.reason", "Overdraw reason"},
	{"financial", "credit.shared", "Spend the parent's money"},
	{"financial", "credit.cap", "Monthly cap"},
	{"financial", "routing.priority", "SMS priority"},
	{"financial", "routing.bypass_blacklist", "Disable Black List"},
	{"financial", "routing.dynamic_sender", "Dynamic Sender"},
	{"financial", "routing.senders", "Approved senders"},
	{"financial", "routing.mo_smpp", "Send MO SMS via SMPP"},
	{"financial", "mail.daily_statistics", "Daily mailing of general statistics"},
	{"contact", "contact.first_name", "First Name"},
	{"contact", "contact.last_name", "Last Name"},
	{"contact", "contact.contract", "Number of contract"},
	{"contact", "contact.company", "Company"},
	{"contact", "contact.credential", "Company Credential"},
	{"contact", "contact.phone", "Phone"},
	{"contact", "contact.country", "Country"},
	{"contact", "contact.telegram", "Telegram"},
	{"contact", "contact.skype", "Skype"},
	{"sending", "sending.dlr_days", "Days of waiting DLR"},
	{"sending", "status", "Delivery Status"},
	{"sending", "expires_at", "Account expires"},
	{"sending", "sending.smpp", "Can Send via SMPP"},
	{"sending", "sending.api", "Can Send via API"},
	{"sending", "sending.web", "Can Send from Web"},
	{"sending", "sending.rest", "Can Send via RESTAPI"},
	{"sending", "sending.subaccounts", "Can Add Subaccount"},
	{"mail", "mail.email", "E-mail"},
	{"mail", "mail.price_update", "E-mail for price update"},
	{"mail", "mail.billing", "E-mail for billing"},
	{"mail", "mail.price_format", "Price update format"},
	{"webhooks", "webhooks.api_state", "URL for send SMS State via API"},
	{"webhooks", "webhooks.api_incoming", "URL for Incoming SMS via API"},
	{"webhooks", "webhooks.rest_state", "URL for SMS State via RestAPI"},
	{"webhooks", "webhooks.rest_incoming", "URL for Incoming SMS via RestAPI"},
	{"billing", "billing.enterprise", "Enterprise"},
	{"billing", "billing.invoice_days", "Dates for invoices (separated by commas)"},
	{"billing", "billing.send_stats", "Send stats"},
	{"billing", "billing.send_invoices", "Send invoices"},
	{"billing", "billing.to_email", "Send to email"},
	{"notes", "notes.pinned", "Pinned note"},
	{"notes", "notes.comments", "Comments"},
	{"notes", "notes.product", "Product"},
}

// Invariant 1: every setting of the page has exactly one row.
func TestFieldTableIsThePage(t *testing.T) {
	listed := map[string]bool{}
	for _, want := range labels {
		listed[want.path] = true
	}
	seen := map[string]bool{}
	var got []struct{ section, path, label string }
	for _, f := range account.Fields() {
		assert.False(t, seen[f.Path], "%s has two rows", f.Path)
		seen[f.Path] = true
		if at, ok := account.FieldAt(f.Path); assert.True(t, ok) {
			assert.Equal(t, f.Label, at.Label)
		}
		if listed[f.Path] {
			got = append(got, struct{ section, path, label string }{f.Section, f.Path, f.Label})
		}
	}
	assert.Equal(t, labels, got)
	_, ok := account.FieldAt("balance")
	assert.False(t, ok)
}

func TestSectionsStandInOrderAndHaveFields(t *testing.T) {
	var ofSections, ofFields []string
	for _, s := range account.Sections() {
		ofSections = append(ofSections, s.ID)
		assert.NotEmpty(t, s.Title)
	}
	for _, f := range account.Fields() {
		ofFields = append(ofFields, f.Section)
	}
	assert.Equal(t, ofSections, slices.Compact(ofFields))
}

func TestFieldsAreComplete(t *testing.T) {
	for _, f := range account.Fields() {
		t.Run(f.Path, func(t *testing.T) {
			assert.NotEmpty(t, f.Values)
			assert.NotEmpty(t, f.Effect)
			assert.NotEmpty(t, f.Since)
			assert.NotEmpty(t, f.Noun)
			assert.Equal(t, f.Kind == account.FieldChoice, len(f.Choices) > 0, "choices, if and only if one is to be chosen")
			for _, c := range f.Choices {
				a := account.New()
				require.NoError(t, f.Set(&a, c.Value))
				assert.Equal(t, c.Value, f.Text(a))
				assert.NotEmpty(t, c.Label)
			}
		})
	}
}

func TestFieldsBelongToTheCaller(t *testing.T) {
	f, _ := account.FieldAt("status")
	f.Choices[0].Value = "changed"
	fields := account.Fields()
	clear(fields)
	again, _ := account.FieldAt("status")
	assert.Equal(t, "pending", again.Choices[0].Value)
	assert.Equal(t, "Login", account.Fields()[0].Label)
}

// Every text that a field refuses gets a code of the field and a text of its own,
// whichever rule it broke, and never repeats what was sent.
func TestRefusalsHaveTexts(t *testing.T) {
	for _, f := range account.Fields() {
		for _, bad := range []string{
			"qqq", "-", "1,5", "-1.5.5", "99:99-00:00", "-08:00", "08:00-08:00", "Foo 08:00-09:00",
			"1e9", strings.Repeat("9", 50), "0." + strings.Repeat("9", 50), "5 qqq", "1,5 money", "qqq money",
			strings.Repeat("9", 50) + " money", "0." + strings.Repeat("9", 50) + " money", "5 5 5", "1,,qqq", "77",
		} {
			a := account.New()
			err := f.Set(&a, bad)
			if err == nil {
				continue
			}
			faults, ok := account.AsFaults(err)
			require.True(t, ok)
			require.Len(t, faults, 1)
			fault := faults[0]
			assert.Equal(t, f.Path, fault.Path)
			assert.True(t, strings.HasPrefix(fault.Code, f.Noun+"."), fault.Code)
			assert.NotEqual(t, account.NewFault("", "no such code").Text, fault.Text, "no text for %s", fault.Code)
			assert.NotContains(t, fault.Text, "%", fault.Code)
			assert.NotContains(t, fault.Text, "qqq")
		}
	}
}

func TestScaleTextWithoutACurrency(t *testing.T) {
	a := account.Account{}
	f, _ := account.FieldAt("credit.limit")
	faults, _ := account.AsFaults(f.Set(&a, "0."+strings.Repeat("9", 50)))
	assert.Equal(t, account.Faults{{Path: "credit.limit", Code: "credit.scale", Text: "At most 6 decimals for any currency."}}, faults)
}

// Invariant 4: a secret has no text.
func TestSecretsReadAsEmpty(t *testing.T) {
	for _, f := range account.Fields() {
		if !f.Secret() {
			continue
		}
		a := account.New()
		require.NoError(t, f.Set(&a, "hunter2-hunter2"))
		assert.Empty(t, f.Text(a))
		assert.True(t, f.Differs(account.New(), a))
		assert.False(t, f.Differs(a, account.New()), "none set is no change")
	}
}

// canonical returns a random account after each field was set from its own text, since
// blanks and capitals put there in Go are dropped and folded by intent.
func canonical(t *rapid.T) account.Account {
	a := accounttest.Random(t)
	for _, f := range account.Fields() {
		if !f.Secret() {
			_ = f.Set(&a, f.Text(a))
		}
	}
	return a
}

// Invariant 2: setting what was read changes nothing.
func TestTextIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := canonical(t)
		for _, f := range account.Fields() {
			if f.Secret() {
				continue
			}
			b := a.Clone()
			text := f.Text(a)
			require.NoError(t, f.Set(&b, text), f.Path)
			require.Equal(t, text, f.Text(b), f.Path)
			require.Empty(t, account.Diff(a.Clone(), withoutPassword(b)), f.Path)
		}
	})
}

func withoutPassword(a account.Account) account.Account {
	a.Core.Password = account.NewPassword{}
	return a
}

func TestWhitespaceAroundTextsIsDropped(t *testing.T) {
	for path, tt := range map[string][2]string{
		"contact.company":  {"\t Acme \u00a0", "Acme"},
		"mail.email":       {" a@c.io ", "a@c.io"},
		"contact.phone":    {" +380 (50) 111-22.33 ", "+380501112233"},
		"credit.limit":     {" 5.50 ", "5.5"},
		"contact.telegram": {" https://t.me/acme_support ", "@acme_support"},
		"notes.comments":   {" a\r\nb\rc\n ", " a\nb\nc\n "},
		"login":            {"ACME", "acme"},
		"expires_at":       {" 2027-01-01T02:00:00.1234567+02:00 ", "2027-01-01T00:00:00.123456Z"},
	} {
		t.Run(path, func(t *testing.T) {
			f, _ := account.FieldAt(path)
			a := account.New()
			require.NoError(t, f.Set(&a, tt[0]))
			assert.Equal(t, tt[1], f.Text(a))
		})
	}
}

func TestTimesAreReadInTheClientsZone(t *testing.T) {
	f, _ := account.FieldAt("expires_at")
	for name, tt := range map[string]struct{ zone, text, want string }{
		"summer":                       {"Europe/Kyiv", "2026-07-01T12:00", "2026-07-01T09:00:00Z"},
		"winter, with a blank":         {"Europe/Kyiv", "2026-12-01 12:00", "2026-12-01T10:00:00Z"},
		"an offset overrides the zone": {"Europe/Kyiv", "2026-12-01T12:00:00-05:00", "2026-12-01T17:00:00Z"},
		"an hour that is skipped":      {"Europe/Kyiv", "2026-03-29T03:30", ""},
		"the 30th of February":         {"UTC", "2026-02-30T03:30", ""},
		"no time":                      {"UTC", "2026-02-20", ""},
		"after the year 9999 in UTC":   {"UTC", "9999-12-31T23:59:59-01:00", ""},
		"before 1970 in UTC":           {"UTC", "1970-01-01T00:00:00+01:00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := account.New()
			a.Core.TimeZone = tt.zone
			err := f.Set(&a, tt.text)
			assert.Equal(t, tt.want, f.Text(a))
			assert.Equal(t, tt.want == "", err != nil)
		})
	}
}

// FuzzSet sets any field to any text: nothing panics, what is refused leaves the
// account as it was, and what is taken is canonical.
func FuzzSet(f *testing.F) {
	for i, field := range account.Fields() {
		f.Add(uint(i), field.Text(accounttest.Full()))
		f.Add(uint(i), "1e999999999")
	}
	f.Add(uint(11), "9999-12-31T23:59:59-23:59")
	f.Add(uint(24), " -\t5")
	f.Fuzz(func(t *testing.T, i uint, text string) {
		fields := account.Fields()
		field := fields[i%uint(len(fields))]
		before := accounttest.Full()
		a := before.Clone()
		if err := field.Set(&a, text); err != nil {
			assert.Equal(t, before, a, "refused, so untouched")
			faults, ok := account.AsFaults(err)
			assert.True(t, ok && len(faults) == 1)
			return
		}
		if field.Secret() {
			return
		}
		b := a.Clone()
		require.NoError(t, field.Set(&b, field.Text(a)))
		assert.Equal(t, field.Text(a), field.Text(b))
	})
}
