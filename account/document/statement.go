package document

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Statement tells what moved in an account in a period: opening and what moved are
// closing. What of shared money moved in accounts above stands in it, too, and counts in
// theirs.
type Statement struct {
	Head
	Period  Period     `json:"period"`
	Opening Mark       `json:"opening"` // behind it begins the first entry
	Closing Mark       `json:"closing"` // at the last one: the opening of the next statement
	Rows    []UsageRow `json:"rows,omitempty"`
}

// NewStatement returns that of the usage of a period. The error is ErrSums where it does not
// add up, as rows that were not kept well do not.
func NewStatement(head Head, period Period, u *Usage) (Statement, error) {
	s := Statement{Head: head.of(u.account), Period: period, Opening: u.from, Closing: u.to, Rows: u.Rows()}
	return s, s.Check()
}

// Kind returns KindStatement.
func (Statement) Kind() Kind { return KindStatement }

// Moved returns what moved: the sum of the rows.
func (s Statement) Moved() (moved, held decimal.Decimal) {
	for _, row := range s.Rows {
		moved, held = moved.Add(row.Amount()), held.Add(row.Held)
	}
	return moved, held
}

// ByKind returns the rows of each kind together, in their order, as a summary.
func (s Statement) ByKind() []UsageRow {
	var all []UsageRow
	for _, kind := range account.MovementKinds() {
		for _, shared := range []bool{false, true} {
			sum := UsageRow{UsageKey: UsageKey{Kind: kind, Shared: shared}}
			for _, row := range s.Rows {
				if row.Kind == kind && row.Shared == shared {
					sum.UsageSums = sum.Plus(row.UsageSums)
				}
			}
			if sum.Entries > 0 {
				all = append(all, sum)
			}
		}
	}
	return all
}

// Check returns ErrSums unless opening and what moved are closing, and each entry is in a row,
// once.
func (s Statement) Check() error {
	var entries int64
	for i, row := range s.Rows {
		if i > 0 && s.Rows[i-1].UsageKey.Compare(row.UsageKey) >= 0 {
			return sumsError("row %d is out of order", i+1)
		}
		if err := row.check(); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
		entries += row.Entries
	}
	moved, held := s.Moved()
	switch {
	case entries != s.Closing.Entry-s.Opening.Entry:
		return sumsError("%d entries, from %d to %d", entries, s.Opening.Entry+1, s.Closing.Entry)
	case !s.Opening.Balance.Add(moved).Equal(s.Closing.Balance):
		return sumsError("%s and %s are not %s", s.Opening.Balance, moved, s.Closing.Balance)
	case !s.Opening.Held.Add(held).Equal(s.Closing.Held):
		return sumsError("held: %s and %s are not %s", s.Opening.Held, held, s.Closing.Held)
	default:
		return s.Head.check()
	}
}

// check returns ErrSums for what no entry comes to: the page would leave it out.
func (r UsageRow) check() error {
	switch {
	case !r.Kind.IsKnown(), !slices.Contains(refundsInOrder, r.Refund):
		return sumsError("there is no %q of %q", r.Kind, r.Refund)
	case r.Kind.Traits().Balance == 0 && !r.Moved.IsZero():
		return sumsError("%s moves no money, and not %s", r.Kind, r.Moved)
	default:
		return nil
	}
}

func (s Statement) tidy() Document {
	s.Head, s.Period = s.Head.tidied(), s.Period.tidied()
	return s
}
