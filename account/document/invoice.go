package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Invoice tells what an account used in a period and what that costs. It is of the account's own
// money: what a subaccount used of it stands in here, and not in an invoice of the subaccount.
// Top-ups, adjustments and transfers are no use; they are in the statement.
//
// Where more was given back than used, the total is below zero: it is in the client's favour.
type Invoice struct {
	Head
	Period     Period `json:"period"`
	FirstEntry int64  `json:"first_entry"` // by number
	LastEntry  int64  `json:"last_entry"`  // FirstEntry-1: none
	Lines      []Line `json:"lines,omitempty"`
	Totals
}

// Line is what was used at a price, or given back.
type Line struct {
	Refund   RefundOf        `json:"refund"`
	Price    UnitPrice       `json:"price"`    // one: Amount is Price x Messages
	Messages int64           `json:"messages"` // message parts; 0 for what is not counted in them
	Amount   decimal.Decimal `json:"amount"`   // below zero for what was given back
}

// NewInvoice returns that of the usage of a period; taxes are the host's, nil for none. Errors:
// what taxes returned, ErrTaxes where it cannot stand in an invoice, and ErrSums for usage
// that does not add up.
func NewInvoice(head Head, period Period, u *Usage, taxes TaxFunc) (Invoice, error) {
	i := Invoice{Head: head.of(u.account), Period: period, FirstEntry: u.from.Entry + 1, LastEntry: u.to.Entry, Lines: linesOf(u)}
	subtotal := amountsOf(i.Lines)
	i.Totals = newTotals(subtotal, subtotal.Round(i.places()), nil)
	if err := i.tax(taxes); err != nil {
		return Invoice{}, err
	}
	return i, i.Check()
}

// tax has the host say which taxes there are.
func (i *Invoice) tax(taxes TaxFunc) error {
	if taxes == nil {
		return nil
	}
	asked := *i
	asked.Lines = slices.Clone(i.Lines)
	raised, err := taxes(asked)
	if err != nil {
		return fmt.Errorf("document: taxes of account %s: %w", i.Account, err)
	}
	i.Totals = newTotals(i.Subtotal, i.Net, slices.Clone(raised))
	return i.checkTaxes(i.Head)
}

// linesOf returns what was used and given back of the account's own money, days and kinds together.
func linesOf(u *Usage) []Line {
	together := NewUsage(u.account, Mark{})
	for key, sums := range u.rows {
		kind := key.Kind.Traits()
		if (kind.Refundable || kind.Refunds) && !key.Shared {
			together.put(UsageKey{Price: key.Price, Refund: key.Refund}, *sums)
		}
	}
	var lines []Line
	for key, sums := range together.rows {
		if !sums.Moved.IsZero() || sums.Messages > 0 {
			lines = append(lines, Line{key.Refund, key.Price, sums.Messages, sums.Moved.Neg()})
		}
	}
	slices.SortFunc(lines, Line.compare)
	return lines
}

// compare orders lines: messages by price, what is no message, what was given back.
func (l Line) compare(other Line) int {
	return cmp.Or(
		cmp.Compare(slices.Index(refundsInOrder, l.Refund), slices.Index(refundsInOrder, other.Refund)),
		compareBools(l.Price.IsNone(), other.Price.IsNone()),
		l.Price.Compare(other.Price),
	)
}

// Kind returns KindInvoice.
func (Invoice) Kind() Kind { return KindInvoice }

// IsEmpty reports whether nothing was used or given back. Nobody is sent such an invoice.
func (i Invoice) IsEmpty() bool { return len(i.Lines) == 0 }

// Check returns ErrSums or ErrTaxes unless everything printed adds up.
func (i Invoice) Check() error {
	for n, line := range i.Lines {
		if n > 0 && i.Lines[n-1].compare(line) >= 0 {
			return sumsError("line %d is out of order", n+1)
		}
		if err := line.check(); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return errors.Join(i.Head.check(), i.Totals.check(i.Head, amountsOf(i.Lines)))
}

func (l Line) check() error {
	price, one := l.Price.Get()
	switch {
	case !slices.Contains(refundsInOrder, l.Refund):
		return sumsError("there is no refund of %q", l.Refund)
	case bounds.Scale(l.Amount) > account.MaxScale:
		return sumsError("%s has more than %d places", l.Amount, account.MaxScale)
	case l.Messages < 0, (l.Messages == 0) != l.Price.IsNone():
		return sumsError("%d messages at %q", l.Messages, l.Price)
	case one && !price.Mul(decimal.NewFromInt(l.Messages)).Equal(l.Amount):
		return sumsError("%s x %d is not %s", price, l.Messages, l.Amount)
	default:
		return nil
	}
}

func amountsOf(lines []Line) decimal.Decimal {
	var sum decimal.Decimal
	for _, line := range lines {
		sum = sum.Add(line.Amount)
	}
	return sum
}

func (i Invoice) tidy() Document {
	i.Head, i.Period = i.Head.tidied(), i.Period.tidied()
	return i
}
