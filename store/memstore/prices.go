package memstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

var (
	_ store.Prices   = (*Store)(nil)
	_ store.PricesTx = (*tx)(nil)
)

// prices is the part of state that price lists are kept in.
type prices struct {
	lists     rows[store.PriceOwner, []price.Row] // by network, then instant
	drafts    rows[store.PriceOwner, store.PriceDraft]
	announced tree[announced]
}

func (p *prices) over() prices {
	return prices{lists: over(&p.lists), drafts: over(&p.drafts), announced: p.announced}
}

func (p *prices) mergeInto(base *prices) {
	p.lists.mergeInto(&base.lists)
	p.drafts.mergeInto(&base.drafts)
	base.announced = p.announced
}

// announced is an announcement, by its id.
type announced struct {
	store.Announcement
	undated
}

func (a announced) compare(other announced) int { return a.ID.Compare(other.ID) }

func announcedAs(id account.ID) announced {
	return announced{Announcement: store.Announcement{ID: id}}
}

func compareStarts(a, b price.Start) int {
	return cmp.Or(a.Network.Compare(b.Network), a.From.Compare(b.From))
}

func byStart(r price.Row, s price.Start) int { return compareStarts(r.Start(), s) }

func (r reader) PriceRows(ctx context.Context, of store.PriceOwner) ([]price.Row, error) {
	return read(ctx, r, func(s *state) ([]price.Row, error) {
		list, _ := s.prices.lists.get(of)
		return slices.Clone(list), nil
	})
}

func (r reader) PriceDraft(ctx context.Context, of store.PriceOwner) (store.PriceDraft, error) {
	return read(ctx, r, func(s *state) (store.PriceDraft, error) {
		d, err := find(&s.prices.drafts, of)
		return cloneDraft(d), err
	})
}

// Announcements looks at all there are, the newest first, until the page is full.
func (r reader) Announcements(ctx context.Context, of store.PriceOwner, before account.ID, limit int) ([]store.Announcement, error) {
	return read(ctx, r, func(s *state) (page []store.Announcement, _ error) {
		for a := range s.prices.announced.behind(announced{}) {
			if a.Owner == of && (before.IsZero() || a.ID.Compare(before) < 0) {
				page = append(page, cloneAnnouncement(a.Announcement))
			}
		}
		slices.Reverse(page)
		return page[:min(len(page), max(limit, 0))], nil
	})
}

func (r reader) Announcement(ctx context.Context, id account.ID) (store.Announcement, error) {
	return read(ctx, r, func(s *state) (store.Announcement, error) {
		a, ok := s.prices.announced.get(announcedAs(id))
		if !ok {
			return store.Announcement{}, account.ErrNotFound
		}
		return cloneAnnouncement(a.Announcement), nil
	})
}

// UntoldPrices is [store.Prices]'s.
func (s *Store) UntoldPrices(ctx context.Context, after account.ID, limit int) ([]store.Announcement, error) {
	return read(ctx, s.reader, func(s *state) (untold []store.Announcement, _ error) {
		for a := range s.prices.announced.behind(announcedAs(after)) {
			if len(untold) >= limit {
				break
			}
			if !a.Done {
				untold = append(untold, cloneAnnouncement(a.Announcement))
			}
		}
		return untold, nil
	})
}

// ChangePrices is [store.PricesTx]'s.
func (t *tx) ChangePrices(ctx context.Context, of store.PriceOwner, remove []price.Start, add []price.Row) error {
	return t.write(ctx, func(s *state) error {
		if !s.hasOwner(of) {
			return account.ErrConflict
		}
		list, _ := s.prices.lists.get(of)
		list, all := withoutRows(list, remove)
		if !all {
			return account.ErrConflict
		}
		list = append(list, keptRows(add)...)
		slices.SortFunc(list, func(a, b price.Row) int { return compareStarts(a.Start(), b.Start()) })
		if doubledRows(list) {
			return account.ErrConflict
		}
		s.prices.lists.put(of, list)
		return nil
	})
}

// withoutRows returns what is left of a list, and whether all that is to go was there, once.
func withoutRows(list []price.Row, remove []price.Start) (left []price.Row, all bool) {
	goes := make([]bool, len(list))
	for _, start := range remove {
		start.From = instant(start.From)
		at, found := slices.BinarySearchFunc(list, start, byStart)
		if !found || goes[at] {
			return nil, false
		}
		goes[at] = true
	}
	for i, row := range list {
		if !goes[i] {
			left = append(left, row)
		}
	}
	return left, true
}

func doubledRows(list []price.Row) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1].Start() == list[i].Start() {
			return true
		}
	}
	return false
}

// hasOwner reports whether there is such a product or account.
func (s *state) hasOwner(of store.PriceOwner) bool {
	switch {
	case of.Account.IsZero():
		return s.items.has(itemKey{store.ListProducts, of.Product})
	case of.Product.IsZero():
		return s.accounts.has(of.Account)
	default:
		return false
	}
}

// dropPrices forgets all that is kept of the prices of an owner who is removed.
func (s *state) dropPrices(of store.PriceOwner) {
	s.prices.lists.delete(of)
	s.prices.drafts.delete(of)
	for a := range s.prices.announced.behind(announced{}) {
		if a.Owner == of {
			s.prices.announced.delete(a)
		}
	}
}

// PutPriceDraft is [store.PricesTx]'s.
func (t *tx) PutPriceDraft(ctx context.Context, d store.PriceDraft, was int64) error {
	return t.write(ctx, func(s *state) error {
		before, exists := s.prices.drafts.get(d.Owner)
		if err := replaceable(exists, before.Revision, was); err != nil {
			return err
		}
		if !s.hasOwner(d.Owner) {
			return account.ErrConflict
		}
		d = cloneDraft(d)
		d.At = instant(d.At)
		atInstants(d.Draft.Undo)
		d.Draft.Rows = keptRows(d.Draft.Rows)
		s.prices.drafts.put(d.Owner, d)
		return nil
	})
}

// DropPriceDraft is [store.PricesTx]'s.
func (t *tx) DropPriceDraft(ctx context.Context, of store.PriceOwner, was int64) error {
	return t.write(ctx, func(s *state) error {
		before, err := find(&s.prices.drafts, of)
		if err != nil {
			return err
		}
		if before.Revision != was {
			return account.ErrStale
		}
		s.prices.drafts.delete(of)
		return nil
	})
}

// PutAnnouncement is [store.PricesTx]'s.
func (t *tx) PutAnnouncement(ctx context.Context, a store.Announcement) error {
	return t.write(ctx, func(s *state) error {
		next, exists := s.prices.announced.get(announcedAs(a.ID))
		switch {
		case exists:
			s.prices.announced.delete(next)
			next.Told, next.Done = a.Told, a.Done
		case !s.hasOwner(a.Owner):
			return account.ErrConflict
		default:
			next.Announcement = a
			next.At, next.Added, next.Undone = instant(a.At), keptRows(a.Added), keptRows(a.Undone)
		}
		s.prices.announced.put(next)
		return nil
	})
}

// keptRows is a copy of rows as databases keep them.
func keptRows(list []price.Row) []price.Row {
	list = slices.Clone(list)
	for i := range list {
		list[i].From = instant(list[i].From)
	}
	return list
}

func atInstants(starts []price.Start) {
	for i := range starts {
		starts[i].From = instant(starts[i].From)
	}
}

func cloneDraft(d store.PriceDraft) store.PriceDraft {
	d.Draft.Undo, d.Draft.Rows = slices.Clone(d.Draft.Undo), slices.Clone(d.Draft.Rows)
	return d
}

func cloneAnnouncement(a store.Announcement) store.Announcement {
	a.Added, a.Undone = slices.Clone(a.Added), slices.Clone(a.Undone)
	return a
}
