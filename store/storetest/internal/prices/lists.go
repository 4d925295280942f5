package prices

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var listPromises = []promise{
	{Name: "an owner without rows has an empty list", Test: empty},
	{Name: "each owner has a list of their own, also of the same id", Test: apart},
	{Name: "rows are removed before others are added", Test: replaced},
	{Name: "a row to be removed that is not there is ErrConflict", Test: removeMissing},
	{Name: "a row to be added that is there is ErrConflict", Test: addTwice},
	{Name: "rows of an owner that is not there are ErrConflict", Test: rowsOfStrangers},
	{Name: "a list of many rows is changed at once", Test: manyRows},
	{Name: "with a product that is removed go its list, draft and announcements", Test: removedProduct},
	{Name: "no change of many at once is lost", Test: changeRace},
	{Name: "of several who add one row, one does", Test: addRace},
	{Name: "a list and the revision of its owner are changed together", Test: withRevision},
}

func empty(t *testing.T, r rig) {
	for _, of := range r.owners() {
		requireRows(t, r, of)
	}
	for _, of := range r.strangers() {
		requireRows(t, r, of)
	}
	r.must(t, changing(r.product, nil))
	requireRows(t, r, r.product)
}

func apart(t *testing.T, r rig) {
	for i, of := range r.owners() {
		r.add(t, of, r.row("255", "01", fmt.Sprint(i), 0))
	}
	for i, of := range r.owners() {
		requireRows(t, r, of, r.row("255", "01", fmt.Sprint(i), 0))
	}
	r.must(t, changing(r.product, starts(r.row("255", "01", "0", 0))))
	requireRows(t, r, r.product)
	for i, of := range r.owners()[1:] {
		requireRows(t, r, of, r.row("255", "01", fmt.Sprint(i+1), 0))
	}
}

func replaced(t *testing.T, r rig) {
	one, two := r.row("255", "01", "1", 0), r.row("255", "01", "2", 1)
	r.add(t, r.product, one, two)
	dearer := r.row("255", "01", "3", 0)
	r.must(t, changing(r.product, starts(one), dearer))
	requireRows(t, r, r.product, dearer, two)
}

func removeMissing(t *testing.T, r rig) {
	one := r.row("255", "01", "1", 0)
	r.add(t, r.product, one)
	for _, start := range starts(r.row("255", "01", "1", 1), r.row("255", "001", "1", 0), r.row("255", "", "1", 0), r.row("256", "01", "1", 0)) {
		r.refused(t, account.ErrConflict, changing(r.product, []price.Start{one.Start(), start}, r.row("310", "", "1", 0)), start)
	}
	r.refused(t, account.ErrConflict, changing(r.product, starts(one, one)), "the same row twice")
	r.refused(t, account.ErrConflict, changing(r.product, starts(r.row("310", "", "1", 0)), r.row("310", "", "1", 0)), "a row that is added")
	r.refused(t, account.ErrConflict, changing(r.other, starts(one)), "another's row")
	requireRows(t, r, r.product, one)
}

func addTwice(t *testing.T, r rig) {
	one := r.row("255", "01", "1", 0)
	r.add(t, r.product, one)
	fresh := r.row("310", "", "1", 0)
	r.refused(t, account.ErrConflict, changing(r.product, nil, fresh, one))
	closed := r.row("255", "01", "0", 0)
	closed.State = price.StateClosed
	r.refused(t, account.ErrConflict, changing(r.product, nil, closed), "another row of that start")
	r.refused(t, account.ErrConflict, changing(r.product, nil, fresh, fresh), "one row twice")
	requireRows(t, r, r.product, one)
}

func rowsOfStrangers(t *testing.T, r rig) {
	for name, of := range r.strangers() {
		r.refused(t, account.ErrConflict, changing(of, nil, r.row("255", "01", "1", 0)), name)
		requireRows(t, r, of)
	}
}

// manyRows are more than a statement of any database has parameters for.
func manyRows(t *testing.T, r rig) {
	var rows []price.Row
	for n := range 12_000 {
		rows = append(rows, r.row(fmt.Sprintf("%03d", n/100), fmt.Sprintf("%02d", n%100), fmt.Sprint(n), 0))
	}
	kept := r.row("255", "", "1", 0)
	r.add(t, r.product, kept)
	r.add(t, r.product, rows...)
	got, err := r.PriceRows(t.Context(), r.product)
	require.NoError(t, err)
	require.Len(t, got, len(rows)+1)
	support.RequireFacts(t, []price.Row{rows[1], rows[11_998]}, []price.Row{got[1], got[11_998]}, "rows of a long list")
	r.must(t, changing(r.product, starts(rows...)))
	requireRows(t, r, r.product, kept)
}

func removedProduct(t *testing.T, r rig) {
	for _, of := range []store.PriceOwner{r.product, r.other, r.clientOfSameName} {
		r.add(t, of, r.row("255", "01", "1", 0))
		r.must(t, drafting(r.draft(of, 1), 0))
	}
	gone, stays, same := r.announcement(r.product, 1), r.announcement(r.other, 2), r.announcement(r.clientOfSameName, 3)
	r.must(t, announcing(gone, stays, same))
	support.Update(t, r, func(ctx context.Context, tx store.Tx) error {
		return tx.DeleteItem(ctx, store.ListProducts, r.product.Product)
	})
	requireRows(t, r, r.product)
	_, err := r.PriceDraft(t.Context(), r.product)
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = r.Announcement(t.Context(), gone.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
	r.requireUntold(t, 10, stays, same)
	requireAnnounced(t, r, stays, same)
	for _, of := range []store.PriceOwner{r.other, r.clientOfSameName} {
		requireRows(t, r, of, r.row("255", "01", "1", 0))
		requireDraft(t, r, r.draft(of, 1))
	}
}

func changeRace(t *testing.T, r rig) {
	const goroutines, changes = 8, 4
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range changes {
				row := r.row(fmt.Sprintf("%03d", g), fmt.Sprintf("%02d", n), "1", 0)
				assert.NoError(t, support.Retry(t.Context(), r, changing(r.product, nil, row).in))
				if n%2 == 1 {
					assert.NoError(t, support.Retry(t.Context(), r, changing(r.product, starts(row)).in))
				}
			}
		})
	}
	wg.Wait()
	rows, err := r.PriceRows(t.Context(), r.product)
	require.NoError(t, err)
	require.Len(t, rows, goroutines*changes/2)
}

func addRace(t *testing.T, r rig) {
	for n := range 8 {
		row := r.row("255", "01", "1", n)
		one, two := support.Both(
			func() error { return r.Update(t.Context(), changing(r.client, nil, row).in) },
			func() error { return r.Update(t.Context(), changing(r.client, nil, row).in) },
		)
		require.True(t, (one == nil) != (two == nil), "%v; %v", one, two)
		require.ErrorIs(t, errors.Join(one, two), account.ErrConflict)
	}
}

// withRevision has readers see the row with the revision that it came with, or neither.
func withRevision(t *testing.T, r rig) {
	p := accounttest.Product(1)
	row := r.row("255", "01", "1", 0)
	boom := errors.New("boom")
	change := func(end error) func(context.Context, store.Tx) error {
		return func(ctx context.Context, tx store.Tx) error {
			next := p
			next.Revision++
			return errors.Join(tx.PutItem(ctx, next, p.Revision), changing(r.product, nil, row).in(ctx, tx), end)
		}
	}
	require.ErrorIs(t, r.Update(t.Context(), change(boom)), boom)
	requireRows(t, r, r.product)
	support.Update(t, r, change(nil))
	requireRows(t, r, r.product, row)
	got, err := store.ItemOf[account.Product](t.Context(), r, p.ID)
	require.NoError(t, err)
	require.Equal(t, p.Revision+1, got.Revision)
}
