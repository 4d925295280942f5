package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Accounts looks at every account, but sorts no more than two pages at a time.
func (r reader) Accounts(ctx context.Context, q account.Query) ([]account.Summary, error) {
	return read(ctx, r, func(s *state) ([]account.Summary, error) {
		l := newListing(q)
		for candidate := range s.accounts.all() {
			l.add(candidate)
		}
		return l.page(), nil
	})
}

// listing collects the first rows of a page.
type listing struct {
	q     account.Query
	terms store.SearchTerms
	key   int    // of the sort, in row.keys
	found []*row // candidates, cut back to a page whenever there are two
	full  bool   // the last of found so far ends the page; rows behind it are out
}

func newListing(q account.Query) *listing {
	return &listing{q: q, terms: store.ParseSearch(q.Search), key: max(0, slices.Index(sorts[:], q.Sort))}
}

func (l *listing) add(r *row) {
	if !l.wants(r) || l.q.After != nil && l.compareTo(r, l.q.After.Value, l.q.After.ID) <= 0 {
		return
	}
	if size := l.q.PageSize(); l.full && l.compare(r, l.found[size-1]) > 0 {
		return
	}
	l.found = append(l.found, r)
	if len(l.found) == 2*l.q.PageSize() {
		l.cut()
	}
}

func (l *listing) cut() {
	slices.SortFunc(l.found, l.compare)
	if size := l.q.PageSize(); len(l.found) >= size {
		l.found, l.full = l.found[:size], true
	}
}

func (l *listing) page() []account.Summary {
	l.cut()
	page := make([]account.Summary, len(l.found))
	for i, r := range l.found {
		page[i] = r.account.Summary()
	}
	return page
}

func (l *listing) compare(a, b *row) int { return l.compareTo(a, b.keys[l.key], b.account.ID) }

func (l *listing) compareTo(r *row, key string, id account.ID) int {
	order := cmp.Or(strings.Compare(r.keys[l.key], key), slices.Compare(r.account.ID[:], id[:]))
	if l.q.Desc {
		return -order
	}
	return order
}

func (l *listing) wants(r *row) bool {
	a, q := &r.account, &l.q
	return is(q.Manager, a.Core.Manager) && is(q.Product, a.Notes.Product) && is(q.Parent, a.Parent) &&
		(q.Country == "" || q.Country == a.Contact.Country) &&
		l.inScope(a.Core.Manager) &&
		(q.Status == "" || q.Status == a.StatusAt(q.Now)) &&
		l.terms.In(r.search)
}

// inScope reports whether clients of a manager are seen; those of none are seen only
// where there is no scope.
func (l *listing) inScope(manager account.ID) bool {
	scope, limited := l.q.Managers.Get()
	return !limited || !manager.IsZero() && slices.Contains(scope, manager)
}

func is(want account.Optional[account.ID], id account.ID) bool { return want.Or(id) == id }
