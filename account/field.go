package account

import "errors"

// Kind says how a field is shown, typed, encoded and stored.
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

// Field is one row of the field table: everything that the page, JSON, the change
// record, CSV and the documentation need to know about one setting. Rows are
// read-only and safe for concurrent use.
type Field struct {
	Path    string // in JSON, and the name of the form field: "credit.limit"
	Label   string // what people see; fixed
	Section string // id of the section: "core"
	Kind    FieldKind
	Noun    string   // first half of the field's codes: "credit" of "credit.comma"
	Choices []Choice // of a KindChoice; fresh on every call of Fields
	Max     int      // most characters of a text, 0 where another rule bounds it
	Values  string   // what is accepted, in words
	Effect  string   // what it does, in one line
	Since   string   // version that brought it
	Guard   Guard
	// Inherits: unset means the product's value, else the platform's default.
	Inherits bool

	at func(*Account) value
}

// value reads and sets one setting as text, in the manner of flag.Value. Set
// returns a Rule, or a Fault with a code of its own.
type value interface {
	String() string
	Set(text string) error
}

// Text is the field's canonical text in a: empty when unset, "true" or "false"
// for flags. A secret is always empty (invariant 4).
func (f Field) Text(a Account) string { return f.at(&a).String() }

// Set reads text into the field of a. On a fault (Faults with one element) a is
// left as it was. Setting what Text gave changes nothing (invariant 2).
func (f Field) Set(a *Account, text string) error {
	err := f.at(a).Set(text)
	if err == nil {
		return nil
	}
	if rule, ok := errors.AsType[Rule](err); ok {
		return Faults{f.fault(rule, a.Core.Currency)}
	}
	return Faults{NewFault(f.Path, f.Noun+".format")}
}

// fault is that of a rule; the text on scale names what the currency allows.
func (f Field) fault(rule Rule, c Currency) Fault {
	switch _, known := ParseCurrency(string(c)); {
	case rule != "scale":
		return NewFault(f.Path, f.Noun+"."+string(rule))
	case known:
		return NewFault(f.Path, f.Noun+".scale", c.Digits(), string(c))
	default:
		return NewFault(f.Path, f.Noun+".scale", MaxScale, "any currency")
	}
}

// Shown is a text of the field as people, JSON and records get it: a URL without
// what may be tokens, everything else as it is.
func (f Field) Shown(text string) string {
	if f.Kind == FieldURL {
		return MaskURL(text)
	}
	return text
}

// Differs says whether the field has another value in b than in a. A secret
// differs when b carries a new one.
func (f Field) Differs(a, b Account) bool {
	if f.Kind == FieldSecret {
		return !b.Core.Password.IsZero()
	}
	return f.Text(a) != f.Text(b)
}

// Secret says whether the field can be written but never read.
func (f Field) Secret() bool { return f.Kind == FieldSecret }

// Section is one group of fields of the Edit page.
type Section struct {
	ID    string
	Title string // fixed
	Hint  string
}

// Sections are the groups of the Edit page in its order.
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
