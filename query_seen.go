package clientaccount

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// mostScanned is how many pages ListSeen reads for one.
const mostScanned = 10

// ListSeen is List for somebody who does not see all fields: a search finds clients by
// those that sees is true for, so that nobody learns by searching what is hidden. Where
// much is found by hidden fields alone, a page may be short although there is a next one.
func (s *Service) ListSeen(ctx context.Context, q account.Query, cursor string, sees func(path string) bool) (Page, error) {
	hides := func(f account.Field) bool { return account.Searched(f.Path) && !sees(f.Path) }
	if q.Search == "" || !slices.ContainsFunc(account.Fields(), hides) {
		return s.List(ctx, q, cursor)
	}
	q.Sort = cmp.Or(q.Sort, account.SortLogin)
	size, text := q.PageSize(), account.Fold(q.Search)
	var found Page
	for range mostScanned {
		page, err := s.List(ctx, q, cursor)
		if err != nil {
			return Page{}, err
		}
		for _, row := range page.Rows {
			a, err := s.stored().Account(ctx, row.ID)
			switch {
			case errors.Is(err, account.ErrNotFound):
			case err != nil:
				return Page{}, err
			case !strings.Contains(a.SearchTextOf(sees), text):
			case len(found.Rows) == size:
				found.Next = sealCursor(found.Rows[size-1], q)
				return found, nil
			default:
				found.Rows = append(found.Rows, row)
			}
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
	found.Next = cursor
	return found, nil
}
