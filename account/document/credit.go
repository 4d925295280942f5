package document

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// CreditNote takes back an invoice, or lines of it. Its amounts have the signs of the invoice:
// what it names is owed no longer.
type CreditNote struct {
	Head
	Invoice Credited     `json:"invoice"`
	Reason  string       `json:"reason"`
	Lines   []CreditLine `json:"lines,omitempty"`
	Totals
}

// Credited is the invoice that a credit note is of.
type Credited struct {
	ID     account.ID   `json:"id"`
	Number Number       `json:"number"`
	Issued account.Date `json:"issued"`
}

// CreditLine is what is taken back of a line.
type CreditLine struct {
	Of int `json:"of"` // the line of the invoice, 1 for the first
	Line
}

// Credit returns a credit note of the invoice. Earlier are all others that there are of it; of
// what they left, the lines that takes name are taken back, or without any everything. Only
// lines with the sign of the subtotal can be named: refunds go with all the rest.
//
// Rounding and taxes are the invoice's, in proportion to what was taken back so far, less what
// earlier credit notes have of them. So all credit notes together never come to more than the
// invoice, and to exactly the invoice when nothing is left of it.
//
// The errors are account.Faults, all at once, on lines.0.line, lines.0.messages and
// lines.0.amount; ErrCredited where nothing is left, or more than that would be taken back; and
// ErrUnshowable.
func (i Invoice) Credit(head Head, reason string, earlier []CreditNote, takes ...Take) (CreditNote, error) {
	before, err := i.credited(earlier)
	if err != nil {
		return CreditNote{}, err
	}
	n := CreditNote{Head: head.of(i.Account), Invoice: Credited{i.ID, i.Number, i.Issued}, Reason: reason}
	n.Currency, n.Digits, n.Zone = i.Currency, i.Digits, i.Zone
	if n.Lines, err = i.take(before.lines, takes); err != nil {
		return CreditNote{}, err
	}
	if n.Totals, err = i.totalsOf(amountsOf(n.lines()), before.Totals); err != nil {
		return CreditNote{}, err
	}
	return n, n.Check()
}

// credited is what credit notes took back together: of each line, and of the totals.
type credited struct {
	lines []Line
	Totals
}

func (i Invoice) credited(earlier []CreditNote) (credited, error) {
	sum := credited{lines: make([]Line, len(i.Lines))}
	sum.Taxes = make([]Tax, len(i.Taxes))
	for _, n := range earlier {
		if n.Invoice.ID != i.ID || n.Invoice.Number != i.Number || len(n.Taxes) != len(i.Taxes) {
			return credited{}, fmt.Errorf("%w: credit note %s is of another invoice", ErrCredited, n.Number.Text)
		}
		for _, line := range n.Lines {
			if line.Of < 1 || line.Of > len(i.Lines) {
				return credited{}, fmt.Errorf("%w: credit note %s is of a line %d that there is not", ErrCredited, n.Number.Text, line.Of)
			}
			of := &sum.lines[line.Of-1]
			of.Messages, of.Amount = of.Messages+line.Messages, of.Amount.Add(line.Amount)
		}
		sum.Subtotal, sum.Net = sum.Subtotal.Add(n.Subtotal), sum.Net.Add(n.Net)
		for k, tax := range n.Taxes {
			sum.Taxes[k].Base, sum.Taxes[k].Amount = sum.Taxes[k].Base.Add(tax.Base), sum.Taxes[k].Amount.Add(tax.Amount)
		}
	}
	return sum, nil
}

// totalsOf returns the totals of what is taken back now, after what was before.
func (i Invoice) totalsOf(subtotal decimal.Decimal, before Totals) (Totals, error) {
	now := before.Subtotal.Add(subtotal)
	left := i.Subtotal.Sub(before.Subtotal)
	if subtotal.Sign() != i.Subtotal.Sign() || subtotal.IsZero() || subtotal.Abs().GreaterThan(left.Abs()) {
		return Totals{}, fmt.Errorf("%w: %s of %s", ErrCredited, subtotal, left)
	}
	all := now.Equal(i.Subtotal)
	net := now.Round(i.places())
	if all {
		net = i.Net
	}
	taxes := make([]Tax, len(i.Taxes))
	for k, tax := range i.Taxes {
		taxes[k] = tax
		taxes[k].Base = i.share(tax.Base, net, all).Sub(before.Taxes[k].Base)
		taxes[k].Amount = i.share(tax.Amount, net, all).Sub(before.Taxes[k].Amount)
	}
	return newTotals(subtotal, net.Sub(before.Net), slices.Clip(taxes)), nil
}

// share returns the part of an amount that belongs to so much of the net amount.
func (i Invoice) share(of, net decimal.Decimal, all bool) decimal.Decimal {
	switch {
	case all:
		return of
	case i.Net.IsZero():
		return decimal.Zero
	default:
		return of.Mul(net).DivRound(i.Net, i.places())
	}
}

// Kind returns KindCreditNote.
func (CreditNote) Kind() Kind { return KindCreditNote }

// lines returns what is taken back as the lines of an invoice have it.
func (n CreditNote) lines() []Line {
	lines := make([]Line, len(n.Lines))
	for k, line := range n.Lines {
		lines[k] = line.Line
	}
	return lines
}

// Check returns ErrSums, ErrTaxes or ErrUnshowable unless everything printed adds up, and can be.
func (n CreditNote) Check() error {
	for k, line := range n.Lines {
		if err := line.check(); err != nil {
			return fmt.Errorf("line %d: %w", k+1, err)
		}
	}
	if err := checkTexts(n.Reason, n.Invoice.Number.Text); err != nil {
		return err
	}
	if err := n.Head.check(); err != nil {
		return err
	}
	return n.Totals.check(n.Head, amountsOf(n.lines()))
}

func (n CreditNote) tidy() Document {
	n.Head = n.Head.tidied()
	return n
}
