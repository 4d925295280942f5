package rows

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/store"
)

// Params gathers rows, value by value, as the parameters of a statement. The first
// value that no database takes is kept, and is the error of Args and Calls.
type Params struct {
	form    Form
	scratch []byte
	err     error
}

// NewParams gathers rows in a form.
func NewParams(f Form) *Params { return &Params{form: f} }

// Text adds text.
func (p *Params) Text(value string) {
	if !Storable(value) {
		p.failed(ErrText)
	}
	p.form.Text(value)
}

// movementKind writes a kind that there is.
func (p *Params) movementKind(k account.MovementKind) {
	if !k.IsKnown() {
		p.failed(store.ErrKind)
	}
	p.form.Text(string(k))
}

// textOrNull writes empty text as NULL.
func (p *Params) textOrNull(value string) {
	if value == "" {
		p.form.Null()
		return
	}
	p.Text(value)
}

// Integer adds a whole number.
func (p *Params) Integer(n int64) { p.form.Integer(n) }

// integerOrNull writes 0 as NULL.
func (p *Params) integerOrNull(n int64) {
	if n == 0 {
		p.form.Null()
		return
	}
	p.Integer(n)
}

// Null adds NULL.
func (p *Params) Null() { p.form.Null() }

// Flag adds a boolean.
func (p *Params) Flag(on bool) { p.form.Flag(on) }

// Key adds any id, the zero one too.
func (p *Params) Key(id account.ID) { p.form.Text(IDText(id)) }

// at writes any instant.
func (p *Params) at(t time.Time) { p.form.Text(InstantText(t)) }

// id writes the zero id as NULL.
func (p *Params) id(id account.ID) { p.quotedOrNull(id.String()) }

// quotedOrNull writes text that is known to be plain.
func (p *Params) quotedOrNull(value string) {
	if value == "" {
		p.form.Null()
		return
	}
	p.form.Text(value)
}

// instant writes the zero time as NULL.
func (p *Params) instant(t time.Time) {
	if t.IsZero() {
		p.form.Null()
		return
	}
	p.form.Text(InstantText(t))
}

// ids writes ids with commas between them, none as NULL.
func (p *Params) ids(ids []account.ID) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = IDText(id)
	}
	p.quotedOrNull(strings.Join(texts, ","))
}

// amount writes an amount, as text: what is a number to some readers is a binary
// fraction to others.
func (p *Params) amount(d decimal.Decimal) {
	if !fits(d) && !bounds.Amount(d) {
		p.failed(ErrAmount)
		d = decimal.Zero
	}
	p.scratch = appendAmount(p.scratch[:0], d)
	p.form.Text(string(p.scratch))
}

// appendAmount is d.String() without its allocations, for amounts of up to 18 digits.
func appendAmount(b []byte, d decimal.Decimal) []byte {
	places := -int(d.Exponent())
	if d.IsZero() {
		return append(b, '0')
	}
	if d.NumDigits() > 18 || places < 0 || places > account.MaxScale {
		return append(b, d.String()...)
	}
	units := d.CoefficientInt64()
	for ; places > 0 && units%10 == 0; places-- {
		units /= 10
	}
	if units < 0 {
		b, units = append(b, '-'), -units
	}
	scale := int64(1)
	for range places {
		scale *= 10
	}
	b = strconv.AppendInt(b, units/scale, 10)
	if places > 0 {
		b = strconv.AppendInt(b, scale+units%scale, 10)
		b[len(b)-places-1] = '.' // in place of the 1 that kept the zeros
	}
	return b
}

// sumOrNull writes zero as NULL, and otherwise a sum of several amounts, which may have
// a digit more than one.
func (p *Params) sumOrNull(d decimal.Decimal) {
	if d.IsZero() {
		p.form.Null()
		return
	}
	p.sum(d)
}

func (p *Params) sum(d decimal.Decimal) {
	if !fits(d) && (!bounds.Range(d.Shift(-1)) || bounds.Scale(d) > account.MaxScale) {
		p.failed(ErrAmount)
		d = decimal.Zero
	}
	p.scratch = appendAmount(p.scratch[:0], d)
	p.form.Text(string(p.scratch))
}

// fits is true only for what bounds.Amount is, and sees it without counting places.
func fits(d decimal.Decimal) bool { return d.Exponent() >= -account.MaxScale && bounds.Range(d) }

// amountOrNull writes zero as NULL.
func (p *Params) amountOrNull(d decimal.Decimal) {
	if d.IsZero() {
		p.form.Null()
		return
	}
	p.amount(d)
}

func (p *Params) optional(amount account.Optional[decimal.Decimal]) {
	d, ok := amount.Get()
	if !ok {
		p.form.Null()
		return
	}
	p.amount(d)
}

// limit refuses what could not be read back.
func (p *Params) limit(l account.NotificationLimit) {
	text := l.String()
	p.failed(new(account.NotificationLimit).UnmarshalText([]byte(text)))
	p.Text(text)
}

// failed keeps the first error.
func (p *Params) failed(err error) {
	if p.err == nil {
		p.err = err
	}
}

// Args returns the parameters of a statement that takes the rows of several Params in one
// call, in their order; or what is wrong with them.
func Args(all ...*Params) ([]any, error) {
	var args []any
	for _, p := range all {
		if p.err != nil {
			return nil, p.err
		}
		args = append(args, p.form.All()...)
	}
	return args, nil
}

// Calls returns the parameters of each call of a statement that writes the rows, none
// without rows; or what is wrong with them.
func (p *Params) Calls() ([][]any, error) {
	if p.err != nil {
		return nil, p.err
	}
	return p.form.Calls(), nil
}
