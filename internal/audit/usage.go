package audit

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// usageAudit holds what is kept of entries against the entries, period by period. Days are left
// out: they are those of the zone that the client had when entries were gone through.
type usageAudit struct {
	book    store.Book
	periods []int64 // the numbers of entries behind which they begin
	kept    map[int64]sums
	usage   *document.Usage // of the period that is gone through
	broken  bool            // the ledger itself: it has findings of its own
}

// sums are what entries come to, by key without a day.
type sums map[document.UsageKey]document.UsageSums

func (s sums) add(row document.UsageRow) {
	if row.Entries == 0 { // a day of which nothing is left
		return
	}
	row.Day = account.Date{}
	s[row.UsageKey] = s[row.UsageKey].Plus(row.UsageSums)
}

// takeUsage reads the book of an account and its usage, as of one instant.
func takeUsage(ctx context.Context, tx store.BillingTx, id account.ID) (*usageAudit, error) {
	u := &usageAudit{kept: map[int64]sums{}}
	var err error
	if u.book, err = tx.Book(ctx, id); err != nil {
		if errors.Is(err, account.ErrNotFound) {
			return nil, nil
		}
		return nil, err
	}
	rows, err := tx.Usage(ctx, store.UsageQuery{Account: id})
	if err != nil {
		return nil, err
	}
	u.usage = document.NewUsage(id, document.Mark{})
	for _, row := range rows {
		if u.kept[row.Period] == nil {
			u.kept[row.Period] = sums{}
			u.periods = append(u.periods, row.Period)
		}
		u.kept[row.Period].add(row.UsageRow)
	}
	slices.Sort(u.periods)
	if len(u.periods) > 0 && u.periods[0] == 0 {
		u.periods = u.periods[1:]
	}
	return u, nil
}

// usageEntry takes the next entry.
func (a *audit) usageEntry(e account.Entry) {
	u := a.usage
	if u == nil || u.broken || e.Number > u.book.To.Entry {
		return
	}
	if len(u.periods) > 0 && e.Number > u.periods[0] {
		a.comparePeriod()
		u.usage = document.NewUsage(a.Account, u.usage.To())
		u.periods = u.periods[1:]
	}
	u.broken = u.usage.Add(e, time.UTC) != nil
}

// comparePeriod holds the usage of a period against its entries.
func (a *audit) comparePeriod() {
	u, is := a.usage, sums{}
	for _, row := range u.usage.Rows() {
		is.add(row)
	}
	began := u.usage.From().Entry
	kept := u.kept[began]
	delete(u.kept, began)
	is, kept = is.toldApart(kept), kept.toldApart(is)
	for key, sum := range is {
		if !same(sum, kept[key]) {
			a.find(began, "usage", "of the period behind it, %s at %q: %d entries are %s, and %d are kept as %s",
				key.Kind, key.Price, sum.Entries, sum.Moved, kept[key].Entries, kept[key].Moved)
		}
		delete(kept, key)
	}
	for key, sum := range kept {
		a.find(began, "usage", "of the period behind it, %s at %q: %d entries are kept, and there are none", key.Kind, key.Price, sum.Entries)
	}
}

// toldApart returns the sums with prices together where either side has some that are not told
// apart: of which that is so depends on the day.
func (s sums) toldApart(other sums) sums {
	group := func(key document.UsageKey) document.UsageKey { key.Price = document.UnitPrice{}; return key }
	various := map[document.UsageKey]bool{}
	for _, of := range []sums{s, other} {
		for key := range of {
			if key.Price.IsVarious() {
				various[group(key)] = true
			}
		}
	}
	all := sums{}
	for key, sum := range s {
		if various[group(key)] {
			key.Price = document.Various()
		}
		all[key] = all[key].Plus(sum)
	}
	return all
}

func same(a, b document.UsageSums) bool {
	return a.Entries == b.Entries && a.Messages == b.Messages && a.Moved.Equal(b.Moved) && a.Held.Equal(b.Held)
}

// compareUsage ends the audit of usage.
func (a *audit) compareUsage() {
	u := a.usage
	if u == nil || u.broken {
		return
	}
	a.comparePeriod()
	if to := u.usage.To(); to.Entry != u.book.To.Entry || !to.Balance.Equal(u.book.To.Balance) || !to.Held.Equal(u.book.To.Held) {
		a.find(u.book.To.Entry, "usage", "the usage ends at a balance of %s, the entries at %s", u.book.To.Balance, to.Balance)
	}
	for began, kept := range u.kept {
		if len(kept) > 0 {
			a.find(began, "usage", "usage is kept of a period behind it, of which there is no entry")
		}
	}
}
