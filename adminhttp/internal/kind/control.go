package kind

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Control is one field of the Edit page, ready for the template of its kind. It
// is flat: templates find embedded fields and methods a good deal slower.
type Control struct {
	Path                string
	Label, Effect       words.Text
	Widget, Mode, Width string // see Look
	ID                  string
	Described           string     // ids of the texts that describe the input
	Changed             bool       // what stands in the input is not what is stored
	Check               string     // see check
	Say                 words.Text // likewise
	Value               string     // what stands in the input; of the time of dispatch: its start
	Second              string     // the end of the time of dispatch
	Boxes               []box      // of the days of dispatch, or of a set
	On                  bool       // of a flag
	Plain               bool       // of a flag: sent only when it is on
	Options             Chosen
	Unit                string     // the currency after an amount
	Units               Chosen     // of a limit
	Empty               words.Text // what an empty input stands for
	Words               words.Text // the value in words
	ReadOnly            bool
	Badge               words.Text // where an inherited value comes from
	Now                 words.Text // what the field amounts to at present
	Was                 words.Text // the stored value in words, when another one was typed
	Base                string     // the stored value as its input would show it
	Said                words.Text // of an amount: the stored value in words
	SecondBase          string
	Faults              []words.Text
	Meant               []Meant // what was typed can be read in two ways
}

// Meant is a reading of an amount, as a button offers it.
type Meant struct {
	Name, Value string
	Label       words.Text
}

// MeantOf are the readings of a text, an amount in a currency.
func MeantOf(name string, readings []string, text string, c account.Currency) (all []Meant) {
	for _, reading := range readings {
		amount, _ := account.ParseAmount(reading) // it was read before
		all = append(all, Meant{NameMeant + name, Meaning(reading, text), words.Money(amount, c)})
	}
	return all
}

// ask offers the readings of what was refused.
func (c *Control) ask(readings []string, text string, currency account.Currency) {
	if len(c.Faults) > 0 {
		c.Meant = MeantOf(c.Path, readings, text, currency)
	}
}

// box is one of several checkboxes.
type box struct {
	Value       string
	Short, Name words.Text
	On, Was     bool
}

// ControlID returns the id of a field's input, and what links to it point at.
func ControlID(path string) string {
	return "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(path)
}

// NewControl returns the control of a field with its value, and nothing else yet.
func NewControl(f account.Field, value, stored string) Control {
	l, id := Of(f).Look(), ControlID(f.Path)
	c := Control{
		Path: f.Path, Label: words.Text(f.Label), Effect: words.Text(f.Effect), Widget: l.Widget, Mode: l.Mode, Width: l.Width,
		ID: id, Described: id + "-hint", Value: value, Base: stored,
	}
	if check, ok := checks[f.Path]; ok {
		c.Check, c.Say = check.Pattern, words.Fault(account.NewFault(f.Path, check.Code))
	}
	return c
}

// Refused puts the texts of faults beside the control.
func (c *Control) Refused(texts []words.Text) {
	if c.Faults = texts; len(texts) > 0 {
		c.Described = c.ID + "-fault " + c.Described
	}
}

// Change says what is stored, where something else was typed.
func (c *Control) Change(was words.Text) { c.Was, c.Changed = was, true }

// Page is what a control depends on beside the field and its value.
type Page struct {
	Directory
	Currency   account.Currency // that amounts are in; empty for who does not see it
	None       words.Text       // what an empty choice is called; empty: something must be chosen
	AllClients bool             // the actor sees all of them
}

// check is a pattern that the script tells of while one types; the server checks
// by itself in any case.
type check struct{ Pattern, Code string }

var checks = map[string]check{
	"login":                {`[A-Za-z0-9._\-]*`, "login.chars"},
	"contact.phone":        {`\s*(\+?[\d\s().\-]{5,})?\s*`, "phone.format"},
	"mail.email":           {`\s*([^\s@,<>]+@[^\s@,<>]+)?\s*`, "email.format"},
	"mail.price_update":    {`\s*([^\s@,<>]+@[^\s@,<>]+)?\s*`, "email.format"},
	"mail.billing":         {`\s*([^\s@,<>]+@[^\s@,<>]+)?\s*`, "email.format"},
	"billing.invoice_days": {`\s*(\d+(\s*,\s*\d+)*)?\s*`, "invoice_days.format"},
	"sending.dlr_days":     {`([1-9]|[12]\d|30)?`, "dlr_days.range"},
	"dispatch":             {`\s*(\d{1,2}(:?\d\d)?)?\s*`, "dispatch.format"},
}
