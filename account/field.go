package account

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// FieldKind says how a field is shown, typed, encoded and stored.
type FieldKind string

// The kinds of fields.
const (
	FieldText     FieldKind = "text"
	FieldLongText FieldKind = "long text"
	FieldSecret   FieldKind = "secret" // write-only
	FieldFlag     FieldKind = "flag"   // "true" or "false"
	FieldNumber   FieldKind = "number"
	FieldAmount   FieldKind = "amount" // decimal text in the account's currency
	FieldTime     FieldKind = "time"   // RFC 3339 in UTC
	FieldChoice   FieldKind = "choice"
	FieldZone     FieldKind = "time zone"
	FieldCurrency FieldKind = "currency"
	FieldCountry  FieldKind = "country"
	FieldManager  FieldKind = "manager"
	FieldProduct  FieldKind = "product"
	FieldDispatch FieldKind = "dispatch"
	FieldLimit    FieldKind = "limit"
	FieldDays     FieldKind = "days"
	FieldList     FieldKind = "list"
	FieldSet      FieldKind = "set" // some of Choices, joined by commas
	FieldEmail    FieldKind = "e-mail"
	FieldPhone    FieldKind = "phone"
	FieldURL      FieldKind = "url"
)

// Guard says what a field is about, where a change of it deserves more care: such
// fields are never merged by themselves when two people edit at once.
type Guard string

// Money and permission fields are guarded.
const (
	GuardNone       Guard = ""
	GuardMoney      Guard = "money"
	GuardPermission Guard = "permission"
)

// Field is all that there is to say of one setting: what pages, JSON, the change
// record, CSV, rules and documents need to know about it. Fields are read-only and
// safe for concurrent use.
type Field struct {
	Path    string // in JSON, and the name of the form field: "credit.limit"
	Label   string // what people see; fixed
	Section string // id of the section: "core"; empty where there are none
	Kind    FieldKind
	Noun    string   // first half of the codes of its faults: "credit" of "credit.comma"
	Choices []Choice // of a FieldChoice or FieldSet; fresh on every call of Fields
	Default string   // what an empty value is stored as; empty: it stays empty
	// Rules is what the value must be by itself, as go-playground/validator reads it;
	// package validate has the words that validator lacks. Of one value only the first
	// rule that it breaks is told, so they stand from the plainest to the most particular.
	Rules    string
	Max      int    // most characters of a text, as Rules has it; 0 where another rule bounds it
	Places   int    // most decimals of an amount; 0: as many as its currency has
	Values   string // what is accepted, in words
	Effect   string // what it does, in one line
	Since    string // version that brought it
	Guard    Guard
	Inherits bool // unset means the product's value, else the platform's default
	Searched bool // Query.Search looks at it

	texts texts // of its faults, beside those of its kind; fields of one noun share theirs
}

// texts are the texts of faults by the second half of their code.
type texts map[Rule]string

// Fault returns the fault of a value of the field that breaks a rule; args fill the
// verbs of its text.
func (f Field) Fault(rule Rule, args ...any) Fault {
	code := f.Noun + "." + string(rule)
	if text, own := f.texts[rule]; own {
		return newFault(f.Path, code, text, args)
	}
	return NewFault(f.Path, code, args...)
}

// ScaleFault returns the fault of an amount of more places than the field, or else the
// currency, allows.
func (f Field) ScaleFault(c Currency) Fault {
	switch _, known := ParseCurrency(string(c)); {
	case f.Places > 0:
		return f.Fault("scale", f.Places)
	case known:
		return f.Fault("scale", c.Digits(), string(c))
	default:
		return f.Fault("scale", MaxScale, "any currency")
	}
}

// oneOf returns the rule that a value is one of the choices.
func oneOf(choices []Choice) string {
	values := make([]string, len(choices))
	for i, c := range choices {
		values[i] = c.Value
	}
	return "oneof=" + strings.Join(values, " ")
}

// kindTexts are the texts of faults that all fields of a kind have; {max} stands for the
// field's Max.
var kindTexts = map[FieldKind]texts{
	FieldText:     {"length": "At most {max} characters."},
	FieldLongText: {"length": "At most {max} characters."},
	FieldEmail:    {"length": "At most {max} characters.", "format": "Enter one e-mail address."},
	FieldPhone:    {"format": "Use international format, for example +380501112233."},
	FieldFlag:     {"flag": "Choose on or off."},
	FieldZone:     {"unknown": "Unknown time zone."},
	FieldCurrency: {"unknown": "Choose a currency from the list."},
	FieldCountry:  {"unknown": "Choose a country from the list."},
	FieldAmount: {
		"comma":  "Use a dot for decimals, and nothing between thousands.",
		"format": "Enter an amount, for example 100.00.",
		"scale":  "At most %d decimals for %s.",
		"range":  "The amount is too large.",
	},
	FieldURL: {"hidden": "A value of the query is hidden where you copied this. Type the value itself."},
	FieldLimit: {
		"comma":  "Use a dot for decimals, and nothing between thousands.",
		"format": "Enter an amount, for example 100.00.",
		"scale":  "At most %d decimals for %s.",
	},
	FieldTime: {
		"format": "Enter a date and time, for example 2026-11-30 18:00.",
		"zone":   "The client's time zone is not known on this server: give the time with its offset, for example 2026-11-25T09:00:00Z.",
	},
}

// complete returns the field with what follows from its rules and its kind.
func (f Field) complete() Field {
	if f.Kind == FieldText || f.Kind == FieldLongText || f.Kind == FieldEmail {
		f.Max = mostOf(f.Rules)
	}
	all := texts{}
	for rule, text := range kindTexts[f.Kind] {
		if rule != "length" || f.Max > 0 {
			all[rule] = strings.ReplaceAll(text, "{max}", inThrees(f.Max))
		}
	}
	maps.Copy(all, f.texts)
	f.texts = all
	return f
}

// mostOf returns the number of "max=100", or of "octets=254", among rules; 0 without one.
func mostOf(rules string) int {
	for rule := range strings.SplitSeq(rules, ",") {
		name, number, _ := strings.Cut(rule, "=")
		if most, err := strconv.Atoi(number); err == nil && (name == "max" || name == "octets") {
			return most
		}
	}
	return 0
}

// inThrees writes a number below a million with a comma after its thousands.
func inThrees(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// Text returns the field's canonical text in a: empty when unset, "true" or "false"
// for flags. A secret is always empty (invariant 4).
func (f Field) Text(a Account) string { return accounts.Text(a, f.Path) }

// Set reads text into the field of a. On a fault (Faults with one element) a is
// left as it was. Setting what Text gave changes nothing (invariant 2).
func (f Field) Set(a *Account, text string) error { return accounts.Set(a, f.Path, text) }

// Differs reports whether the field has another value in b than in a. A secret
// differs when b carries a new one.
func (f Field) Differs(a, b Account) bool {
	i, ok := accounts.index[f.Path]
	return ok && accounts.rows[i].differs(&a, &b)
}

// Shown returns a text of the field as people, JSON and records get it: a URL without
// what may be tokens, everything else as it is.
func (f Field) Shown(text string) string {
	if f.Kind == FieldURL {
		return MaskURL(text)
	}
	return text
}

// Secret reports whether the field can be written but never read.
func (f Field) Secret() bool { return f.Kind == FieldSecret }

// Section is one group of fields of the Edit page.
type Section struct {
	ID    string
	Title string // fixed
	Hint  string
}

// Sections returns the groups of the Edit page in its order.
func Sections() []Section {
	return []Section{
		{"core", "Core client settings", "How this client signs in, and when they may send."},
		{"financial", "Financial settings", "What the client may spend beyond the balance, and how messages travel."},
		{"contact", "Company and contact details", "Who the client is, for search, mails and invoices."},
		{"sending", "Sending permissions", "Whether and by which channels the client may send."},
		{"mail", "Email and notification settings", "Where mails go, and the file format of price updates."},
		{"webhooks", "DLR webhook URLs", "Where SMS states and incoming messages are delivered."},
		{"billing", "Billing preferences", "When invoices and statistics are made, and who gets them."},
		{"notes", "Another", "Internal remarks, and the product whose defaults apply."},
	}
}
