package clientaccount

import (
	"context"
	"iter"

	"github.com/clientaccount/clientaccount/account"
)

// Page is a part of the Clients list.
type Page struct {
	Rows []account.Summary `json:"rows"`
	Next string            `json:"next"` // cursor of the rows after these, of which after account.MaxPage there may be none; empty at the end
}

// List returns a page of the Clients list: the first, or the one after a cursor that a page
// of the same order gave, of this Service or another with the same [Options].CursorKey. A
// cursor that was altered, or is of another order or key, is the fault cursor.invalid.
// Query's After and Now are set here.
//
// Errors: [account.Faults].
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
		after, err := openRow(s.cursors, cursor, q)
		if err != nil {
			return Page{}, err
		}
		q.After = &after
	}
	size := q.PageSize()
	q.Limit = min(size+1, account.MaxPage) // one more tells whether there is a next page
	rows, err := s.stored().Accounts(ctx, q)
	if err != nil || len(rows) < q.Limit {
		return Page{Rows: rows}, err
	}
	rows = rows[:size]
	return Page{Rows: rows, Next: sealRow(s.cursors, rows[size-1], q)}, nil
}

// All iterates over every row of a list, page by page, in the query's order. It ends after
// the first error.
//
// Errors: those of [Service.List].
func (s *Service) All(ctx context.Context, q account.Query) iter.Seq2[account.Summary, error] {
	return func(yield func(account.Summary, error) bool) {
		q.Limit = account.MaxPage
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
