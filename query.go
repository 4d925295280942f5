package clientaccount

import (
	"context"
	"iter"

	"github.com/clientaccount/clientaccount/account"
)

// MaxPage is the most rows of one page of any list. More is account.Faults with
// limit.range; [Service.All] and its like go through all pages.
const MaxPage = account.MaxPage

// Page is a part of the Clients list.
type Page struct {
	Rows []account.Summary
	Next string // cursor of the rows after these, of which after MaxPage there may be none; empty at the end
}

// List is a page of the Clients list: the first, or the one after a cursor that a
// page of the same order gave, of this Service or another with the same
// [Options].CursorKey. A cursor that was altered, or is of another order or key, is
// account.Faults with cursor.invalid. Query's After and Now are set here.
func (s *Service) List(ctx context.Context, q account.Query, cursor string) (Page, error) {
	if err := q.Faults().Err(); err != nil {
		return Page{}, err
	}
	if !storable(q.Search + string(q.Country) + string(q.Status)) {
		return Page{}, nil
	}
	q.Now, q.After = s.now(), nil
	if q.Sort == "" {
		q.Sort = account.SortLogin
	}
	if cursor != "" {
		after, err := s.cursors.openRow(cursor, q)
		if err != nil {
			return Page{}, err
		}
		q.After = &after
	}
	size := q.PageSize()
	q.Limit = min(size+1, MaxPage) // one more tells whether there is a next page
	rows, err := s.stored().Accounts(ctx, q)
	if err != nil || len(rows) < q.Limit {
		return Page{Rows: rows}, err
	}
	rows = rows[:size]
	return Page{Rows: rows, Next: s.cursors.sealRow(rows[size-1], q)}, nil
}

// All iterates over every row of a list, page by page, in the query's order.
// It ends after the first error.
func (s *Service) All(ctx context.Context, q account.Query) iter.Seq2[account.Summary, error] {
	return func(yield func(account.Summary, error) bool) {
		q.Limit = MaxPage
		for cursor := ""; ; {
			page, err := s.List(ctx, q, cursor)
			if err != nil {
				yield(account.Summary{}, err)
				return
			}
			for _, row := range page.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}

// Changes is a page of an account's history, the newest first; the page after it
// is asked for with Before set to the last row's revision. An unknown account has
// none.
func (s *Service) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	if err := q.Faults().Err(); err != nil || !storable(q.Path) {
		return nil, err
	}
	return s.stored().Changes(ctx, q)
}

// AllChanges iterates over an account's whole history, the newest first. It ends
// after the first error.
func (s *Service) AllChanges(ctx context.Context, q account.ChangeQuery) iter.Seq2[account.Record, error] {
	q.Limit = MaxPage
	return pages(func() ([]account.Record, error) { return s.Changes(ctx, q) },
		func(last account.Record) { q.Before = last.Revision })
}
