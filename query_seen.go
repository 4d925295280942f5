package clientaccount

import (
	"cmp"
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// mostScanned is how many pages of account.MaxPage rows ListSeen reads for one: each row is one
// question to the store.
const mostScanned = 20

// ListSeen is [Service.List] for somebody who does not see all fields: a search finds
// clients by those that sees is true for, and is in an order that they see, so that nobody
// learns by searching what is hidden: a page is full while there is more, and its cursor
// stands at a row of it. An order by a field that is not seen is the fault sort.hidden; a
// search that finds far too much by such fields alone is search.broad.
//
// Errors: [account.Faults].
func (s *Service) ListSeen(ctx context.Context, q account.Query, cursor string, sees func(path string) bool) (Page, error) {
	if err := cmp.Or(s.made(), q.Faults().Err()); err != nil {
		return Page{}, err
	}
	q.Sort = cmp.Or(q.Sort, account.SortLogin)
	if sees == nil {
		sees = func(string) bool { return false }
	}
	if path := q.Sort.Path(); path != "" && !sees(path) {
		return Page{}, account.Faults{account.NewFault("sort", "sort.hidden")}
	}
	hides := func(f account.Field) bool { return f.Searched && !sees(f.Path) }
	if q.Search == "" || !slices.ContainsFunc(account.Fields(), hides) {
		return s.List(ctx, q, cursor)
	}
	size, terms := min(q.PageSize(), account.MaxPage), store.ParseSearch(q.Search)
	q.Limit = account.MaxPage
	var found Page
	for range mostScanned {
		page, err := s.List(ctx, q, cursor)
		if err != nil {
			return Page{}, err
		}
		for _, row := range page.Rows {
			seen, err := s.foundBySeen(ctx, row.ID, terms, sees)
			switch {
			case err != nil:
				return Page{}, err
			case !seen:
			case len(found.Rows) == size:
				found.Next = sealRow(s.cursors, found.Rows[size-1], q)
				return found, nil
			default:
				found.Rows = append(found.Rows, row)
			}
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
	return Page{}, account.Faults{account.NewFault("q", "search.broad")}
}

// foundBySeen reports whether the fields of an account that are seen have the terms.
func (s *Service) foundBySeen(ctx context.Context, id account.ID, terms store.SearchTerms, sees func(path string) bool) (bool, error) {
	a, err := found(s.stored().Account(ctx, id))
	return a != nil && terms.In(a.SearchTextOf(sees)), err
}
