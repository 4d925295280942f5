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
		l := newListing(s, q)
		for candidate := range s.accounts.all() {
			l.add(candidate)
		}
		return l.page(), nil
	})
}

// CountAccounts is [store.Reader]'s.
func (r reader) CountAccounts(ctx context.Context, most int, queries ...account.Query) ([]int, error) {
	return read(ctx, r, func(s *state) ([]int, error) {
		counts := make([]int, len(queries))
		for i, q := range queries {
			counts[i] = newListing(s, q).count(most)
		}
		return counts, nil
	})
}

// count returns how many rows are wanted, at most most.
func (l *listing) count(most int) (n int) {
	for candidate := range l.state.accounts.all() {
		if n >= most {
			break
		}
		if l.wants(candidate) {
			n++
		}
	}
	return n
}

// listing collects the first rows of a page.
type listing struct {
	state *state
	q     account.Query
	terms store.SearchTerms
	key   int                 // of the sort, in row.keys
	found []candidate         // cut back to a page whenever there are two
	full  bool                // the last of found so far ends the page; rows behind it are out
	needy map[account.ID]bool // those with the reason that is asked for, where it takes a look at more than one account
}

// candidate is a row, and the key that it is sorted by.
type candidate struct {
	row *row
	key string
}

func newListing(s *state, q account.Query) *listing {
	l := &listing{state: s, q: q, terms: store.ParseSearch(q.Search), key: slices.Index(sorts[:], cmp.Or(q.Sort, account.SortLogin))}
	switch q.Attention {
	case account.AttentionMailFailing:
		l.needy = s.mailsFailing()
	case account.AttentionUnconfirmed:
		l.needy = s.unconfirmed()
	}
	return l
}

// keyOf returns what a row is sorted by. An order that there is not is that of ids.
func (l *listing) keyOf(r *row) string {
	switch {
	case l.key >= 0:
		return r.keys[l.key]
	case l.q.Sort.IsKnown():
		return l.state.summaryOf(r).SortKey(l.q.Sort)
	default:
		return r.account.Core.Login
	}
}

func (l *listing) add(r *row) {
	if !l.wants(r) {
		return
	}
	c := candidate{r, l.keyOf(r)}
	if l.q.After != nil && l.compareTo(c, l.q.After.Value, l.q.After.ID) <= 0 {
		return
	}
	if size := l.q.PageSize(); l.full && l.compare(c, l.found[size-1]) > 0 {
		return
	}
	l.found = append(l.found, c)
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
	for i, c := range l.found {
		page[i] = l.state.summaryOf(c.row)
	}
	return page
}

func (l *listing) compare(a, b candidate) int { return l.compareTo(a, b.key, b.row.account.ID) }

func (l *listing) compareTo(c candidate, key string, id account.ID) int {
	order := cmp.Or(strings.Compare(c.key, key), slices.Compare(c.row.account.ID[:], id[:]))
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
		(q.Status == "" || q.Status == l.state.summaryOf(r).StatusAt(q.Now)) &&
		l.terms.In(r.search) && l.attends(r)
}

// inScope reports whether clients of a manager are seen; those of none are seen only
// where there is no scope.
func (l *listing) inScope(manager account.ID) bool {
	scope, limited := l.q.Managers.Get()
	return !limited || !manager.IsZero() && slices.Contains(scope, manager)
}

func is(want account.Optional[account.ID], id account.ID) bool { return want.Or(id) == id }
