package billing

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// reached returns up to where entries were gone through, written or not.
func (v *visit) reached() document.Mark {
	if v.part != nil {
		return v.part.To()
	}
	return v.book.To
}

// isEarly reports whether entries from before the account's book are gone through, see begin.
func (v *visit) isEarly() bool { return v.book.To.Entry < v.book.Opening.Entry }

// base returns where the period of the next entry begins.
func (v *visit) base() document.Mark {
	if v.isEarly() {
		return document.Mark{}
	}
	return v.book.Opening
}

// entries returns a page of the next ones, behind the last one that was gone through where that is
// one of the period.
func (v *visit) entries(ctx context.Context) ([]account.Entry, error) {
	after := v.reached().Entry
	if after > v.base().Entry {
		after--
	}
	return v.Store.Entries(ctx, account.EntryQuery{Account: v.id, After: after, Oldest: true, Limit: account.MaxPage})
}

// behind returns how many entries of a page were gone through: one or none.
func (v *visit) behind(page []account.Entry) int {
	if len(page) > 0 && page[0].Number <= v.reached().Entry {
		return 1
	}
	return 0
}

// overtook reports whether entries behind the next cut were gone through already. That happens
// where days or zone were edited so that the cut is at an instant that is past.
func (v *visit) overtook(page []account.Entry, cut account.Cut) bool {
	return !v.isEarly() && v.behind(page) > 0 && !page[0].At.Before(cut.At)
}

// unfold forgets what was gone through of the period, so that it is gone through again up to the
// cut. A row of no entries stands for days of which nothing is left.
func (v *visit) unfold(ctx context.Context) error {
	v.part = nil
	return v.write(ctx, func(ctx context.Context, tx Tx, b *store.Book) error {
		rows, err := usage(ctx, tx, store.UsageQuery{Account: v.id, From: b.Opening.Entry})
		if err != nil {
			return err
		}
		var none []document.UsageRow
		for _, row := range rows {
			key := document.UsageKey{Day: row.Day, Kind: account.KindCharge}
			if !slices.ContainsFunc(none, func(r document.UsageRow) bool { return r.Day == row.Day }) {
				none = append(none, document.UsageRow{UsageKey: key})
			}
		}
		b.To = b.Opening
		return tx.PutUsage(ctx, v.id, b.Opening.Entry, none)
	})
}

// fold goes through entries of a page as far as they are of the period that ends at the cut, and
// reports whether that was all there is of it.
func (v *visit) fold(page []account.Entry, cut account.Cut) (ended bool, err error) {
	v.next = time.Time{}
	for _, e := range page {
		if v.isEarly() && e.Number > v.book.Opening.Entry || !v.isEarly() && !e.At.Before(cut.At) {
			v.next = e.At
			return true, nil
		}
		if v.part == nil {
			v.part = document.NewUsage(v.id, v.base()).Part(v.book.To)
		}
		if err := v.part.Add(e, v.zone); err != nil {
			return false, err
		}
		v.passed++
	}
	return len(page) < account.MaxPage-1, nil
}

// writeMany writes what was gone through, where that is much.
func (v *visit) writeMany(ctx context.Context) error {
	if v.part.To().Entry-v.part.From().Entry < mostPending {
		return nil
	}
	return v.write(ctx, nil)
}

// flush adds what was gone through to the usage of its days.
func (v *visit) flush(ctx context.Context, tx Tx, b *store.Book) error {
	if v.part == nil {
		return nil
	}
	days := map[account.Date]bool{}
	first, last := account.Date{}, account.Date{}
	for i, row := range v.part.Rows() { // in the order of days
		if i == 0 {
			first = row.Day
		}
		last, days[row.Day] = row.Day, true
	}
	base := v.base()
	kept, err := usage(ctx, tx, store.UsageQuery{Account: v.id, From: base.Entry, First: first, Last: last})
	if err != nil {
		return err
	}
	kept = slices.DeleteFunc(kept, func(r store.UsageRow) bool { return r.Period != base.Entry || !days[r.Day] })
	whole := document.Restore(v.id, base, v.part.From(), rowsOf(kept))
	if err := whole.Merge(v.part); err != nil {
		return err
	}
	b.To = v.part.To()
	return tx.PutUsage(ctx, v.id, base.Entry, whole.Rows())
}

// usage returns what is kept that is of any entries.
func usage(ctx context.Context, r store.BillingReader, q store.UsageQuery) ([]store.UsageRow, error) {
	rows, err := r.Usage(ctx, q)
	return slices.DeleteFunc(rows, func(row store.UsageRow) bool { return row.Entries == 0 }), err
}

func rowsOf(kept []store.UsageRow) []document.UsageRow {
	rows := make([]document.UsageRow, len(kept))
	for i, row := range kept {
		rows[i] = row.UsageRow
	}
	return rows
}
