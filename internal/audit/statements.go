package audit

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// ends are where a statement begins and ends.
type ends struct {
	at               time.Time
	number           string
	opening, closing document.Mark
}

// statements holds that each statement adds up, and begins where the one before ended.
func (a *audit) statements(ctx context.Context) error {
	if a.Billing == nil {
		return nil
	}
	all, err := a.allEnds(ctx)
	slices.SortFunc(all, func(x, y ends) int { return x.at.Compare(y.at) })
	last := document.Mark{}
	for _, s := range all {
		if s.opening.Entry != last.Entry || !s.opening.Balance.Equal(last.Balance) || !s.opening.Held.Equal(last.Held) {
			a.find(s.opening.Entry, "statement", "the statement %s begins at %s, the one before ended at %s", s.number, s.opening.Balance, last.Balance)
		}
		last = s.closing
	}
	return err
}

// allEnds reads all statements.
func (a *audit) allEnds(ctx context.Context) (all []ends, _ error) {
	q := store.DocumentQuery{Account: a.Account, Kinds: []document.Kind{document.KindStatement}, Limit: account.MaxPage}
	for {
		page, err := a.Billing.Documents(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page {
			kept, err := a.Billing.Document(ctx, a.Account, row.ID)
			if err != nil {
				return nil, err
			}
			d, err := document.Decode(kept.Text)
			s, ok := d.(document.Statement)
			if err != nil || !ok || s.Check() != nil {
				a.find(0, "statement", "the statement %s cannot be read, or does not add up", row.Number)
				continue
			}
			all = append(all, ends{s.Period.To, row.Number, s.Opening, s.Closing})
		}
		if len(page) < account.MaxPage {
			return all, nil
		}
		after := store.PositionOf(page[len(page)-1])
		q.After = &after
	}
}
