package validate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/validate"
)

// row is one bad input: what is typed on a valid account, and the one fault it gets.
type row struct {
	name  string
	edit  account.Change
	facts func(*validate.Facts)
	was   func(*account.Account) // the account before the edit
	path  string
	code  string
	text  string
}

// TestBadInput has every kind of bad input of a profile. Each gives exactly its
// fault: the path, the code and the text.
func TestBadInput(t *testing.T) {
	for _, rows := range [][]row{coreRows(), moneyRows(), contactRows(), mailRows(), webhookRows(), treeRows()} {
		for _, r := range rows {
			t.Run(r.code+", "+r.name, func(t *testing.T) {
				before := base()
				if r.was != nil {
					r.was(&before)
				}
				f := edit(before)
				if r.facts != nil {
					r.facts(&f)
				}
				before.Core.Password = account.NewPassword{}
				assert.Equal(t, account.Faults{{Path: r.path, Code: r.code, Text: r.text}}, check(before, f, r.edit))
			})
		}
	}
}

const (
	loginChars  = "Login may contain only a-z, 0-9, dot, hyphen and underscore."
	loginLength = "Login must have 3 to 64 characters."
	passLength  = "Password must have 8 to 128 characters."
	passContext = "The password must not contain the login or company name."
	limitRange  = "Enter a whole number of messages from 0 to 2,147,483,647, or leave empty."
	hoursFormat = "Use HH:MM–HH:MM, for example 09:00–18:00."
	hoursRange  = "Hours go from 00:00 to 24:00."
	noCurrency  = "Choose a currency from the list."
	noCountry   = "Choose a country from the list."
	oneAddress  = "Enter one e-mail address."
	tooLarge    = "The amount is too large."
	useADot     = "Use a dot for decimals, and nothing between thousands."
	notStored   = "This text contains characters that cannot be stored."
)

func coreRows() []row {
	retyped := func(p string) account.Change { return set("password", p, "password_retype", p) }
	return []row{
		{name: "empty", edit: set("login", ""), path: "login", code: "login.required", text: "Login is required."},
		{name: "two", edit: set("login", "ab"), path: "login", code: "login.length", text: loginLength},
		{name: "65", edit: set("login", strings.Repeat("a", 65)), path: "login", code: "login.length", text: loginLength},
		{name: "a blank", edit: set("login", "ac me"), path: "login", code: "login.chars", text: loginChars},
		{name: "Cyrillic", edit: set("login", "аcme"), path: "login", code: "login.chars", text: loginChars},
		{name: "NUL", edit: set("login", "acme\x00"), path: "login", code: "login.chars", text: loginChars},
		{name: "broken UTF-8", edit: set("login", "acme\xff"), path: "login", code: "login.chars", text: loginChars},
		{name: "Kelvin sign", edit: set("login", "acme\u212a"), path: "login", code: "login.chars", text: loginChars},
		{
			name: "taken", edit: set("login", "ACME"), path: "login", code: "login.taken", text: "This login is already in use.",
			facts: func(f *validate.Facts) { f.LoginTaken = true },
		},
		{
			name: "16 with SMPP", edit: set("login", strings.Repeat("a", 16), "sending.smpp", "true"), path: "login",
			code: "login.smpp_length", text: "With SMPP sending on, the login must have at most 15 characters.",
		},
		{name: "six", edit: retyped("short1"), path: "password", code: "password.length", text: passLength},
		{name: "129", edit: retyped(strings.Repeat("xy7", 43)), path: "password", code: "password.length", text: passLength},
		{name: "seven of two bytes", edit: retyped("йцукенг"), path: "password", code: "password.length", text: passLength},
		{name: "password", edit: retyped("password"), path: "password", code: "password.common", text: "This password is too common."},
		{name: "PassWord1", edit: retyped("PassWord1"), path: "password", code: "password.common", text: "This password is too common."},
		{name: "one sign", edit: retyped("!!!!!!!!!!"), path: "password", code: "password.common", text: "This password is too common."},
		{name: "the login", edit: retyped("x9-ACME-Mobil-77"), path: "password", code: "password.context", text: passContext},
		{
			name: "the company", edit: set("password", "TelkomLviv#2026", "password_retype", "TelkomLviv#2026", "contact.company", "Telkom, Lviv"),
			path: "password", code: "password.context", text: passContext,
		},
		{
			name: "differ", edit: set("password", "plum-kettle-7", "password_retype", "plum-kettle-8"), path: "password",
			code: "password.mismatch", text: "The two passwords differ.",
		},
		{
			name: "retype only", edit: set("password_retype", "plum-kettle-8"), path: "password",
			code: "password.mismatch", text: "The two passwords differ.",
		},
		{
			name: "no retype", edit: set("password", "plum-kettle-7"), path: "password",
			code: "password.retype_required", text: "Repeat the password.",
		},
		{
			name: "unknown id", edit: set("manager", accounttest.ID(9).String()), path: "manager",
			code: "manager.unknown", text: "This manager does not exist.",
		},
		{name: "no id", edit: set("manager", "7"), path: "manager", code: "manager.unknown", text: "This manager does not exist."},
		{name: "below 0", edit: set("notification_limit", "-1"), path: "notification_limit", code: "notification_limit.range", text: limitRange},
		{name: "half a message", edit: set("notification_limit", "1.5 messages"), path: "notification_limit", code: "notification_limit.range", text: limitRange},
		{name: "beyond", edit: set("notification_limit", "2147483648"), path: "notification_limit", code: "notification_limit.range", text: limitRange},
		{name: "far beyond", edit: set("notification_limit", "9223372036854775808"), path: "notification_limit", code: "notification_limit.range", text: limitRange},
		{name: "another unit", edit: set("notification_limit", "5 kilos"), path: "notification_limit", code: "notification_limit.unit", text: "Count in messages or money."},
		{name: "comma", edit: set("notification_limit", "5,5 money"), path: "notification_limit", code: "notification_limit.comma", text: useADot},
		{name: "places", edit: set("notification_limit", "-5.555 money"), path: "notification_limit", code: "notification_limit.scale", text: "At most 2 decimals for EUR."},
		{name: "no amount", edit: set("notification_limit", "x money"), path: "notification_limit", code: "notification_limit.format", text: "Enter an amount, for example 100.00."},
		{name: "16 digits", edit: set("notification_limit", "1234567890123456 money"), path: "notification_limit", code: "notification_limit.amount", text: tooLarge},
		{name: "of no choice", edit: set("moderation", "sometimes"), path: "moderation", code: "moderation.choice", text: "Choose none, manual or automatic."},
		{name: "a slip", edit: set("time_zone", "Europe/Kyivv"), path: "time_zone", code: "time_zone.unknown", text: "Unknown time zone."},
		{name: "Local", edit: set("time_zone", "Local"), path: "time_zone", code: "time_zone.unknown", text: "Unknown time zone."},
		{name: "empty", edit: set("time_zone", ""), path: "time_zone", code: "time_zone.unknown", text: "Unknown time zone."},
		{name: "a file", edit: set("time_zone", "../etc/passwd"), path: "time_zone", code: "time_zone.unknown", text: "Unknown time zone."},
		{name: "an offset", edit: set("time_zone", "UTC+3"), path: "time_zone", code: "time_zone.unknown", text: "Unknown time zone."},
		{name: "a rule", edit: set("time_zone", "posixrules"), path: "time_zone", code: "time_zone.unknown", text: "Unknown time zone."},
		{name: "hours only", edit: set("dispatch", "9-18"), path: "dispatch", code: "dispatch.format", text: hoursFormat},
		{name: "past 24:00", edit: set("dispatch", "09:00-24:01"), path: "dispatch", code: "dispatch.range", text: hoursRange},
		{name: "25 o'clock", edit: set("dispatch", "25:00-26:00"), path: "dispatch", code: "dispatch.range", text: hoursRange},
		{name: "from 24:00", edit: set("dispatch", "24:00-06:00"), path: "dispatch", code: "dispatch.range", text: hoursRange},
		{name: "end only", edit: set("dispatch", "-18:00"), path: "dispatch", code: "dispatch.pair", text: "Give both start and end."},
		{name: "start only", edit: set("dispatch", "09:00–"), path: "dispatch", code: "dispatch.pair", text: "Give both start and end."},
		{name: "no time", edit: set("dispatch", "09:00-09:00"), path: "dispatch", code: "dispatch.empty", text: "Start and end are the same; for the whole day use 00:00–24:00."},
		{name: "no such day", edit: set("dispatch", "Mon,Foo 09:00-18:00"), path: "dispatch", code: "dispatch.days", text: "Choose at least one day of the week."},
		{name: "a word", edit: set("currency", "EURO"), path: "currency", code: "currency.unknown", text: noCurrency},
		{name: "small with blank", edit: set("currency", "eur "), path: "currency", code: "currency.unknown", text: noCurrency},
		{name: "no currency", edit: set("currency", "XXX"), path: "currency", code: "currency.unknown", text: noCurrency},
		{name: "gold", edit: set("currency", "XAU"), path: "currency", code: "currency.unknown", text: noCurrency},
		{
			name: "money has moved", edit: set("currency", "USD"), path: "currency", code: "currency.in_use", text: "The currency cannot change once money has moved.",
			facts: func(f *validate.Facts) { f.Balance.Entries = 1 },
		},
		{
			name: "none that is known, and money has moved", edit: set("currency", "EURO"), path: "currency", code: "currency.unknown", text: noCurrency,
			facts: func(f *validate.Facts) { f.Balance.Entries = 1 },
		},
		{name: "none that is known, with a limit", edit: set("currency", "EURO", "credit.limit", "5"), path: "currency", code: "currency.unknown", text: noCurrency},
		{
			name: "with a limit", edit: set("currency", "USD", "credit.limit", "5"), path: "currency", code: "currency.amounts",
			text: "The currency can change only while credit, overdraw and money limits are zero.",
		},
	}
}

func moneyRows() []row {
	const end = "credit.overdraw.expires_at"
	now := accounttest.Now()
	return []row{
		{name: "10,50", edit: set("credit.limit", "10,50"), path: "credit.limit", code: "credit.comma", text: useADot},
		{name: "1,000.50", edit: set("credit.limit", "1,000.50"), path: "credit.limit", code: "credit.comma", text: useADot},
		{name: "1.005", edit: set("credit.limit", "1.005"), path: "credit.limit", code: "credit.scale", text: "At most 2 decimals for EUR."},
		{
			name: "yen", edit: set("credit.limit", "1.5", "currency", "JPY"), path: "credit.limit", code: "credit.scale", text: "At most 0 decimals for JPY.",
			was: func(a *account.Account) { a.Core.Currency = "JPY" },
		},
		{name: "a hundred places", edit: set("credit.limit", "1."+strings.Repeat("1", 100)), path: "credit.limit", code: "credit.scale", text: "At most 2 decimals for EUR."},
		{name: "-5", edit: set("credit.limit", "-5"), path: "credit.limit", code: "credit.negative", text: "The credit cannot be negative."},
		{name: "a typeset minus", edit: set("credit.limit", "−5"), path: "credit.limit", code: "credit.negative", text: "The credit cannot be negative."},
		{name: "1e400", edit: set("credit.limit", "1e400"), path: "credit.limit", code: "credit.range", text: tooLarge},
		{name: "16 digits", edit: set("credit.limit", "1234567890123456"), path: "credit.limit", code: "credit.range", text: tooLarge},
		{name: "a megabyte", edit: set("credit.limit", strings.Repeat("9", 1<<20)), path: "credit.limit", code: "credit.range", text: tooLarge},
		{name: "a word", edit: set("credit.limit", "NaN"), path: "credit.limit", code: "credit.format", text: "Enter an amount, for example 100.00."},
		{name: "10,50", edit: set("credit.overdraw.limit", "10,50"), path: "credit.overdraw.limit", code: "overdraw.comma", text: useADot},
		{name: "-5", edit: set("credit.overdraw.limit", "-5"), path: "credit.overdraw.limit", code: "overdraw.negative", text: "The overdraw cannot be negative."},
		{name: "no end", edit: set("credit.overdraw.limit", "50"), path: end, code: "overdraw.expiry_required", text: "A temporary credit needs an end date."},
		{
			name: "past", edit: set("credit.overdraw.limit", "50", end, now.Add(-time.Minute).Format(time.RFC3339)), path: end,
			code: "overdraw.expiry_past", text: "The end must be in the future.",
		},
		{
			name: "far", edit: set("credit.overdraw.limit", "50", end, now.AddDate(0, 0, 91).Format(time.RFC3339)), path: end,
			code: "overdraw.expiry_far", text: "The end must be within 90 days.",
		},
		{name: "no date", edit: set(end, "tomorrow"), path: end, code: "overdraw_end.format", text: "Enter a date and time, for example 2026-11-30 18:00."},
		{name: "201", edit: set("credit.overdraw.reason", strings.Repeat("х", 201)), path: "credit.overdraw.reason", code: "reason.length", text: "At most 200 characters."},
		{name: "4", edit: set("routing.priority", "4"), path: "routing.priority", code: "priority.range", text: "Choose a priority from 0 to 3."},
		{name: "-1", edit: set("routing.priority", "-1"), path: "routing.priority", code: "priority.range", text: "Choose a priority from 0 to 3."},
		{name: "high", edit: set("routing.priority", "high"), path: "routing.priority", code: "priority.range", text: "Choose a priority from 0 to 3."},
		{
			name: "12 letters", edit: set("routing.senders", "ABCDEFGHIJKL"), path: "routing.senders", code: "senders.format",
			text: "Line 1, \"ABCDEFGHIJKL\": A sender has 1 to 11 letters, digits and, inside, space . - _ &, or 3 to 15 digits.",
		},
		{name: "0", edit: set("sending.dlr_days", "0"), path: "sending.dlr_days", code: "dlr_days.range", text: "Choose 1 to 30 days."},
		{name: "31", edit: set("sending.dlr_days", "31"), path: "sending.dlr_days", code: "dlr_days.range", text: "Choose 1 to 30 days."},
		{name: "1.5", edit: set("sending.dlr_days", "1.5"), path: "sending.dlr_days", code: "dlr_days.range", text: "Choose 1 to 30 days."},
		{name: "Deleted", edit: set("status", "Deleted"), path: "status", code: "status.choice", text: "Choose a status from the list."},
		{name: "ACTIVE and a blank", edit: set("status", "ACTIVE "), path: "status", code: "status.choice", text: "Choose a status from the list."},
		{name: "computed", edit: set("status", "expired"), path: "status", code: "status.choice", text: "Choose a status from the list."},
		{
			name: "closed to active", edit: set("status", "active"), path: "status", code: "status.transition", text: "A closed client cannot become active again.",
			was: func(a *account.Account) { a.Status = account.StatusClosed },
		},
		{
			name: "active to pending", edit: set("status", "pending"), path: "status", code: "status.pending", text: "A client that was approved cannot become pending again.",
			was: func(a *account.Account) { a.Status = account.StatusActive },
		},
		{name: "not a date", edit: set("expires_at", "2026-02-30 10:00"), path: "expires_at", code: "expiry.format", text: "Enter a date and time, for example 2026-11-30 18:00."},
		{name: "yes", edit: set("sending.smpp", "yes"), path: "sending.smpp", code: "flag.flag", text: "Choose on or off."},
	}
}

func contactRows() []row {
	const phone, telegram = "Use international format, for example +380501112233.", "Use a Telegram name like @acme_support."
	rows := []row{
		{name: "101", edit: set("contact.first_name", strings.Repeat("я", 101)), path: "contact.first_name", code: "name.length", text: "At most 100 characters."},
		{name: "101", edit: set("contact.last_name", strings.Repeat("я", 101)), path: "contact.last_name", code: "name.length", text: "At most 100 characters."},
		{name: "65", edit: set("contact.contract", strings.Repeat("7", 65)), path: "contact.contract", code: "contract.length", text: "At most 64 characters."},
		{name: "201", edit: set("contact.company", strings.Repeat("я", 201)), path: "contact.company", code: "company.length", text: "At most 200 characters."},
		{name: "65", edit: set("contact.credential", strings.Repeat("7", 65)), path: "contact.credential", code: "credential.length", text: "At most 64 characters."},
		{
			name: "a double", edit: set("contact.contract", "C-7"), path: "contact.contract", code: "contract.taken", text: "This contract number belongs to another client.",
			facts: func(f *validate.Facts) { f.ContractTaken = true },
		},
		{name: "NUL", edit: set("contact.first_name", "a\x00b"), path: "contact.first_name", code: "text.chars", text: notStored},
		{name: "broken UTF-8", edit: set("contact.company", "a\xc3\x28"), path: "contact.company", code: "text.chars", text: notStored},
		{name: "a line end", edit: set("contact.last_name", "a\nb"), path: "contact.last_name", code: "text.chars", text: notStored},
		{name: "a turn of direction", edit: set("contact.company", "ab\u202ecom.emca"), path: "contact.company", code: "text.chars", text: notStored},
		{name: "an escape", edit: set("notes.comments", "a\x1b[31m"), path: "notes.comments", code: "text.chars", text: notStored},
		{name: "a word", edit: set("contact.country", "Ukraine1"), path: "contact.country", code: "country.unknown", text: noCountry},
		{name: "ZZ", edit: set("contact.country", "ZZ"), path: "contact.country", code: "country.unknown", text: noCountry},
		{name: "markup", edit: set("contact.skype", "<script>"), path: "contact.skype", code: "skype.format", text: "Use a Skype name."},
		{name: "a scheme", edit: set("contact.skype", "javascript:alert"), path: "contact.skype", code: "skype.format", text: "Use a Skype name."},
		{name: "65", edit: set("contact.skype", strings.Repeat("a", 65)), path: "contact.skype", code: "skype.format", text: "Use a Skype name."},
		{name: "company without a name", edit: set("contact.company", " "), path: "contact.company", code: "company.required", text: "A company needs its name."},
		{
			name: "private without a last name", edit: set("billing.enterprise", "private", "contact.first_name", "Olha"), path: "contact.last_name",
			code: "name.required", text: "A private client needs first and last name.",
		},
		{
			name: "private without a first name", edit: set("billing.enterprise", "private", "contact.last_name", "Bondar"), path: "contact.first_name",
			code: "name.required", text: "A private client needs first and last name.",
		},
	}
	for _, bad := range []string{"12", "+0501112233", "00380501112233", "+3805011122334455", "+380501112233;ext=5"} {
		rows = append(rows, row{name: bad, edit: set("contact.phone", bad), path: "contact.phone", code: "phone.format", text: phone})
	}
	for _, bad := range []string{"@a", "t.me/x y", "javascript:alert(1)", "@1acme", "@acme-support", "@" + strings.Repeat("a", 33), "@acme@acme"} {
		rows = append(rows, row{name: bad, edit: set("contact.telegram", bad), path: "contact.telegram", code: "telegram.format", text: telegram})
	}
	return rows
}

func mailRows() []row {
	long := strings.Repeat("a", 60) + "@" + strings.Repeat(strings.Repeat("b", 60)+".", 4) + "io"
	rows := []row{
		{name: "over 254", edit: set("mail.email", long), path: "mail.email", code: "email.length", text: "At most 254 characters."},
		{name: "no format", edit: set("mail.price_update", "p@client.io"), path: "mail.price_update", code: "price_format.required", text: "Choose a price format."},
		{
			name: "nobody", edit: set("billing.to_email", "true"), path: "mail.billing", code: "billing_email.required",
			text: `Give the billing e-mail or switch "Send to email" off.`,
		},
		{name: "xls", edit: set("mail.price_format", "xls"), path: "mail.price_format", code: "price_format.choice", text: "Choose a format from the list."},
		{name: "LLC", edit: set("billing.enterprise", "LLC"), path: "billing.enterprise", code: "enterprise.choice", text: "Choose Company or Private."},
		{name: "doubled comma", edit: set("billing.invoice_days", "1,,5"), path: "billing.invoice_days", code: "invoice_days.format", text: "Separate days by commas, for example 1,15."},
		{name: "a word", edit: set("billing.invoice_days", "first"), path: "billing.invoice_days", code: "invoice_days.format", text: "Separate days by commas, for example 1,15."},
		{
			name: "no days", edit: set("billing.send_invoices", "true"), path: "billing.invoice_days", code: "invoice_days.required",
			text: `Give at least one day or switch "Send invoices" off.`,
		},
		{name: "4,001", edit: set("notes.comments", strings.Repeat("я", 4001)), path: "notes.comments", code: "comments.length", text: "At most 4,000 characters."},
	}
	for _, bad := range []string{"0", "32", "-1", "1,99999999999999999999"} {
		rows = append(rows, row{
			name: bad, edit: set("billing.invoice_days", bad), path: "billing.invoice_days",
			code: "invoice_days.range", text: "Days go from 1 to 31.",
		})
	}
	for _, bad := range []string{
		"a@", "a b@c.io", "Bob <a@c.io>", "a@c.io,b@c.io", "a", "@c.io", "a@localhost", "a@[10.0.0.1]", `"a b"@c.io`, "a@c.io (home)",
		"<a@c.io>", "a@c..io", "a..b@c.io", ".a@c.io", "a@-c.io", "a@c.io.", "a@1.2.3.4", "a@почта.укр", "я@c.io", "a@c.io\x00", "a\r\nBcc: b@c.io",
		strings.Repeat("a", 65) + "@c.io",
	} {
		for _, path := range []string{"mail.email", "mail.billing"} {
			rows = append(rows, row{name: bad, edit: set(path, bad), path: path, code: "email.format", text: oneAddress})
		}
	}
	return rows
}

func webhookRows() []row {
	const private = "This address is private or reserved and cannot receive callbacks."
	var rows []row
	for _, path := range []string{"webhooks.api_state", "webhooks.api_incoming", "webhooks.rest_state", "webhooks.rest_incoming"} {
		rows = append(rows,
			row{name: path, edit: set(path, "http://169.254.169.254/latest/meta-data/"), path: path, code: "url.address_private", text: private},
			row{name: path, edit: set(path, "https://client.io/?a="+strings.Repeat("x", 2049)), path: path, code: "url.length", text: "At most 2,048 characters."})
	}
	return append(rows, row{
		name: "API", edit: set("webhooks.api_state", "https://client.io/?msgid=1"), path: "webhooks.api_state",
		code: "url.reserved_param", text: "The parameter msgid is added by us; rename yours.",
	})
}

func treeRows() []row {
	product := accounttest.Product(1)
	product.Currency = "USD"
	return []row{
		{name: "unknown id", edit: set("notes.product", accounttest.ID(9).String()), path: "notes.product", code: "product.unknown", text: "This product does not exist."},
		{name: "no id", edit: set("notes.product", "gold"), path: "notes.product", code: "product.unknown", text: "This product does not exist."},
		{
			name: "dollars", edit: set("notes.product", product.ID.String()), path: "notes.product", code: "product.currency",
			text: "The product's currency is USD, the client's EUR.", facts: func(f *validate.Facts) { f.Product = &product },
		},
		{
			name: "three open", edit: set("sending.subaccounts", "false"), path: "sending.subaccounts", code: "subaccounts.in_use",
			text: "3 subaccounts exist; close them first.",
			was:  func(a *account.Account) { a.Sending.Subaccounts = true }, facts: func(f *validate.Facts) { f.OpenSubaccounts = 3 },
		},
		{
			name: "three open", edit: set("status", "closed"), path: "status", code: "status.subaccounts",
			text: "3 subaccounts are open; close them first.",
			was:  func(a *account.Account) { a.Sending.Subaccounts = true }, facts: func(f *validate.Facts) { f.OpenSubaccounts = 3 },
		},
		{name: "balance", edit: set("balance", "5"), path: "balance", code: "field.unknown", text: "Unknown field: balance."},
	}
}

// TestGoodInput has what is near to bad input and must pass.
func TestGoodInput(t *testing.T) {
	for name, c := range map[string]account.Change{
		"15 letters with SMPP":           set("login", strings.Repeat("a", 15), "sending.smpp", "true", "routing.mo_smpp", "true"),
		"64 letters without":             set("login", strings.Repeat("a", 64)),
		"three letters":                  set("login", "a.b"),
		"capitals are folded":            set("login", "ACME_Mobil"),
		"a password of eight":            set("password", "йцукеєї9", "password_retype", "йцукеєї9"),
		"a password of 128":              set("password", strings.Repeat("aй7ї", 32), "password_retype", strings.Repeat("aй7ї", 32)),
		"no new password":                set("password", "", "password_retype", ""),
		"a limit of 0 messages":          set("notification_limit", "0"),
		"a limit of all messages":        set("notification_limit", "2147483647 messages"),
		"a limit below zero money":       set("notification_limit", "-5.50 money"),
		"a limit switched off":           set("notification_limit", " messages"),
		"hours across midnight":          set("dispatch", "Fri,Sat 22:00–06:00"),
		"hours with blanks":              set("dispatch", "09:00 – 18:00"),
		"the whole day":                  set("dispatch", "00:00-24:00"),
		"another currency, no amounts":   set("currency", "USD"),
		"a currency with three digits":   set("currency", "KWD"),
		"15 digits and two places":       set("credit.limit", "999999999999999.99"),
		"zeros behind":                   set("credit.limit", "1.5000"),
		"a credit of 0":                  set("credit.limit", "0"),
		"no overdraw, no end":            set("credit.overdraw.limit", "0"),
		"priority 0":                     set("routing.priority", "0"),
		"dlr days 30":                    set("sending.dlr_days", "30"),
		"200 senders":                    set("routing.senders", manySenders(200).String()),
		"days in disorder":               set("billing.invoice_days", "15, 1, 1", "billing.send_invoices", "true"),
		"an e-mail of 254":               set("mail.email", strings.Repeat("a", 60)+"@"+strings.Repeat(strings.Repeat("b", 62)+".", 3)+"d.io"),
		"an e-mail with a plus":          set("mail.email", "o'brien+sms@mail.client-1.co.uk"),
		"an e-mail in xn--":              set("mail.email", "info@xn--e1afmkfd.xn--p1ai"),
		"mailed to the one address":      set("mail.email", "a@client.io", "billing.to_email", "true"),
		"mailed to the billing address":  set("mail.billing", "a@client.io", "billing.to_email", "true"),
		"price updates with a format":    set("mail.price_update", "a@client.io", "mail.price_format", "csv_mccmnc"),
		"Telegram as a link":             set("contact.telegram", "https://t.me/acme_support"),
		"Telegram without @":             set("contact.telegram", "acme_support"),
		"Skype of Microsoft's":           set("contact.skype", "live:.cid.1a2b3c4d5e6f"),
		"Skype as an e-mail":             set("contact.skype", "ann@client.io"),
		"private with both names":        set("billing.enterprise", "private", "contact.first_name", "Ольга", "contact.last_name", "Бондар", "contact.company", ""),
		"comments of 4,000":              set("notes.comments", strings.Repeat("я", 3998)+"\r\n\t"),
		"URLs":                           set("webhooks.api_state", "https://client.io/dlr?token=abc", "webhooks.rest_incoming", "https://client.io:8443/in?msgid=1"),
		"a wall time for the end":        set("time_zone", "Europe/Kyiv", "credit.overdraw.limit", "50", "credit.overdraw.expires_at", "2026-11-24T09:00"),
		"an account that ends in a year": set("expires_at", "2027-11-24T00:00:00Z"),
		"everything empty that may be":   set("contact.phone", "", "contact.country", "", "contact.skype", "", "manager", "", "notes.product", "", "credit.limit", ""),
	} {
		t.Run(name, func(t *testing.T) {
			before := base()
			before.Core.Password = account.NewPassword{}
			assert.Empty(t, check(before, edit(before), c))
		})
	}
}

func TestCreationNeedsAPassword(t *testing.T) {
	a := base()
	a.Core.Password = account.NewPassword{}
	assert.Equal(t, account.Faults{{Path: "password", Code: "password.required", Text: "Password is required."}}, rules.Account(a, create()))
}

func TestParents(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*validate.Facts)
		want   account.Faults
	}{
		"one that may": {func(*validate.Facts) {}, nil},
		"unknown":      {func(f *validate.Facts) { f.Parent = nil }, account.Faults{account.NewFault("parent", "parent.unknown")}},
		"one that may not": {
			func(f *validate.Facts) { f.Parent.Sending.Subaccounts = false },
			account.Faults{account.NewFault("parent", "parent.forbidden")},
		},
		"a closed one": {
			func(f *validate.Facts) { f.Parent.Status = account.StatusClosed },
			account.Faults{account.NewFault("parent", "parent.forbidden")},
		},
		"at level 4": {func(f *validate.Facts) { f.ParentDepth = 4 }, nil},
		"at level 5": {
			func(f *validate.Facts) { f.ParentDepth = 5 },
			account.Faults{{Path: "parent", Code: "parent.depth", Text: "At most 5 levels of subaccounts."}},
		},
		"of another currency": {
			func(f *validate.Facts) { f.Parent.Core.Currency = "USD" },
			account.Faults{{Path: "parent", Code: "parent.currency", Text: "A subaccount has its parent's currency, USD."}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent, child, f := accounttest.Valid("parent"), base(), create()
			parent.Sending.Subaccounts = true
			f.Parent, f.ParentDepth, child.Parent = &parent, 1, parent.ID
			tt.change(&f)
			assert.Equal(t, tt.want, rules.Account(child, f))
		})
	}
}

func TestUnchangedMattersAreNotJudgedAgain(t *testing.T) {
	closed := base()
	closed.Core.Password = account.NewPassword{}
	closed.Status, closed.Credit.Limit = account.StatusClosed, account.Some(decimal.NewFromInt(5))
	f := edit(closed)
	f.Balance.Entries, f.OpenSubaccounts = 1, 2
	assert.Empty(t, check(closed, f, set("notes.comments", "paid the last invoice")))
}
