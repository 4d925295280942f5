package bunstore

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/store"
)

// sheet gathers rows, value by value, as the parameters of a statement. The first
// value that no database takes is kept in err.
type sheet struct {
	form    form
	scratch []byte
	err     error
}

func (s *sheet) text(value string) {
	if !storable(value) {
		s.failed(errText)
	}
	s.form.text(value)
}

// movementKind writes a kind that there is.
func (s *sheet) movementKind(k account.MovementKind) {
	if !k.IsKnown() {
		s.failed(store.ErrKind)
	}
	s.form.text(string(k))
}

// textOrNull writes empty text as NULL.
func (s *sheet) textOrNull(value string) {
	if value == "" {
		s.form.null()
		return
	}
	s.text(value)
}

func (s *sheet) integer(n int64) { s.form.integer(n) }

// integerOrNull writes 0 as NULL.
func (s *sheet) integerOrNull(n int64) {
	if n == 0 {
		s.form.null()
		return
	}
	s.integer(n)
}

func (s *sheet) flag(on bool) { s.form.flag(on) }

// key writes any id; instants that are always there are written likewise.
func (s *sheet) key(id account.ID) { s.form.text(idText(id)) }

func (s *sheet) at(t time.Time) { s.form.text(instantText(t)) }

// id writes the zero id as NULL.
func (s *sheet) id(id account.ID) { s.quotedOrNull(id.String()) }

// quotedOrNull writes text that is known to be plain.
func (s *sheet) quotedOrNull(value string) {
	if value == "" {
		s.form.null()
		return
	}
	s.form.text(value)
}

// instant writes the zero time as NULL.
func (s *sheet) instant(t time.Time) {
	if t.IsZero() {
		s.form.null()
		return
	}
	s.form.text(instantText(t))
}

// ids writes ids with commas between them, none as NULL.
func (s *sheet) ids(ids []account.ID) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = idText(id)
	}
	s.quotedOrNull(strings.Join(texts, ","))
}

// amount writes an amount, as text: what is a number to some readers is a binary
// fraction to others.
func (s *sheet) amount(d decimal.Decimal) {
	if !fits(d) && !bounds.Amount(d) {
		s.failed(errAmount)
		d = decimal.Zero
	}
	s.scratch = appendAmount(s.scratch[:0], d)
	s.form.text(string(s.scratch))
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
func (s *sheet) sumOrNull(d decimal.Decimal) {
	if d.IsZero() {
		s.form.null()
		return
	}
	s.sum(d)
}

func (s *sheet) sum(d decimal.Decimal) {
	if !fits(d) && (!bounds.Range(d.Shift(-1)) || bounds.Scale(d) > account.MaxScale) {
		s.failed(errAmount)
		d = decimal.Zero
	}
	s.scratch = appendAmount(s.scratch[:0], d)
	s.form.text(string(s.scratch))
}

// fits is true only for what bounds.Amount is, and sees it without counting places.
func fits(d decimal.Decimal) bool { return d.Exponent() >= -account.MaxScale && bounds.Range(d) }

// amountOrNull writes zero as NULL.
func (s *sheet) amountOrNull(d decimal.Decimal) {
	if d.IsZero() {
		s.form.null()
		return
	}
	s.amount(d)
}

func (s *sheet) optional(amount account.Optional[decimal.Decimal]) {
	d, ok := amount.Get()
	if !ok {
		s.form.null()
		return
	}
	s.amount(d)
}

// limit refuses what could not be read back.
func (s *sheet) limit(l account.NotificationLimit) {
	text := l.String()
	s.failed(new(account.NotificationLimit).UnmarshalText([]byte(text)))
	s.text(text)
}

func (s *sheet) failed(err error) {
	if s.err == nil {
		s.err = err
	}
}

// argsOf are the parameters of a statement that takes several sheets in one call, in
// their order; or what is wrong with them.
func argsOf(sheets ...*sheet) ([]any, error) {
	var args []any
	for _, s := range sheets {
		if s.err != nil {
			return nil, s.err
		}
		args = append(args, s.form.all()...)
	}
	return args, nil
}
