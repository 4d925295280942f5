package document

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Tax is a line of taxes.
type Tax struct {
	Name   string          `json:"name"`   // "VAT"
	Rate   decimal.Decimal `json:"rate"`   // in percent
	Base   decimal.Decimal `json:"base"`   // of what
	Amount decimal.Decimal `json:"amount"` // in whole minor units of the currency
}

// TaxFunc returns the taxes of an invoice, whose Net and Lines are set, and whose Taxes and
// number are not. An empty amount is a tax that is told and not raised, as for a client who is liable
// for it. An error keeps the invoice from being made.
type TaxFunc func(Invoice) ([]Tax, error)

// Percent returns a function that raises one tax at one rate of everybody, rounded half away from
// zero to minor units.
func Percent(name string, rate decimal.Decimal) TaxFunc {
	return func(i Invoice) ([]Tax, error) {
		amount := i.Net.Mul(rate).Shift(-2).Round(i.places())
		return []Tax{{Name: name, Rate: rate, Base: i.Net, Amount: amount}}, nil
	}
}

// Totals are what stands beneath the lines of an invoice, or of a credit note. Each is the
// sum of what stands above it.
type Totals struct {
	Subtotal decimal.Decimal `json:"subtotal"` // of the lines, exactly
	Rounding decimal.Decimal `json:"rounding"` // takes it to whole minor units, half away from zero
	Net      decimal.Decimal `json:"net"`
	Taxes    []Tax           `json:"taxes,omitempty"`
	Total    decimal.Decimal `json:"total"`
}

// newTotals returns those of lines that come to subtotal and are rounded to net.
func newTotals(subtotal, net decimal.Decimal, taxes []Tax) Totals {
	return Totals{
		Subtotal: subtotal, Rounding: net.Sub(subtotal), Net: net,
		Taxes: taxes, Total: net.Add(sumOf(taxes)),
	}
}

func sumOf(taxes []Tax) decimal.Decimal {
	var sum decimal.Decimal
	for _, tax := range taxes {
		sum = sum.Add(tax.Amount)
	}
	return sum
}

// check returns ErrSums or ErrTaxes unless the totals are those of lines that come to subtotal.
func (t Totals) check(h Head, subtotal decimal.Decimal) error {
	switch {
	case !t.Subtotal.Equal(subtotal):
		return sumsError("the lines are %s, and not %s", subtotal, t.Subtotal)
	case !t.Subtotal.Add(t.Rounding).Equal(t.Net):
		return sumsError("%s and %s are not %s", t.Subtotal, t.Rounding, t.Net)
	case bounds.Scale(t.Net) > int(h.places()):
		return sumsError("%s cannot be paid in %s", t.Net, h.Currency)
	case !t.Net.Add(sumOf(t.Taxes)).Equal(t.Total):
		return sumsError("%s and taxes are not %s", t.Net, t.Total)
	default:
		return t.checkTaxes(h)
	}
}

// checkTaxes returns ErrTaxes for what cannot be printed or paid.
func (t Totals) checkTaxes(h Head) error {
	for _, tax := range t.Taxes {
		switch {
		case tax.Name == "", !isText(tax.Name):
			return fmt.Errorf("%w: %.100q is no name of one", ErrTaxes, tax.Name)
		case bounds.Scale(tax.Amount) > int(h.places()), !bounds.Range(tax.Amount):
			return fmt.Errorf("%w: %s of %s cannot be paid in %s", ErrTaxes, tax.Name, tax.Amount, h.Currency)
		case !bounds.Amount(tax.Rate), !bounds.Amount(tax.Base):
			return fmt.Errorf("%w: %s: a rate and a base have at most %d places", ErrTaxes, tax.Name, account.MaxScale)
		}
	}
	if !bounds.Range(t.Subtotal) || !bounds.Range(t.Total) {
		return sumsError("%s is no amount that can be kept", t.Total)
	}
	return nil
}
