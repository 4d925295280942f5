package clientaccount_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// countingReads is a store that counts how often it is asked for accounts, and for their changes.
type countingReads struct {
	*memstore.Store
	accounts, changes int
}

func (c *countingReads) Account(ctx context.Context, id account.ID) (account.Account, error) {
	c.accounts++
	return c.Store.Account(ctx, id)
}

func (c *countingReads) AccountsByID(ctx context.Context, ids ...account.ID) ([]account.Account, error) {
	c.accounts++
	return c.Store.AccountsByID(ctx, ids...)
}

func (c *countingReads) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	c.changes++
	return c.Store.Changes(ctx, q)
}

// What of a batch can be taken back by now is found with few reads, however many lines it has.
func TestTheRestOfABatchIsFoundWithFewReads(t *testing.T) {
	const others = 230
	b := newBench(t)
	var clients []account.Account
	var items []clientaccount.BulkItem
	for i := range others + 1 {
		a := b.create(fmt.Sprint("client", i))
		clients = append(clients, a)
		items = append(items, clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"credit.limit": "500"}})
	}
	limit := func(of []account.Account, text string) {
		for _, a := range of {
			b.update(b.get(a.ID), "credit.limit", text)
		}
	}
	batch, _ := b.judged(bulk(t, b.svc, store.BatchChange, items...).ID)
	run := func(id account.ID) {
		_, err := b.svc.RunBatch(t.Context(), id, clientaccount.Edit{Actor: olena}, false)
		require.NoError(t, err)
		b.worked(id)
	}
	run(batch.ID)
	limit(clients[:others], "700")
	b.clock.Advance(time.Hour)
	undo, err := b.svc.UndoBatch(t.Context(), batch.ID, clientaccount.Bulk{Actor: olena})
	require.NoError(t, err)
	b.worked(undo.ID)
	run(undo.ID)
	batch, _, err = b.svc.Batch(t.Context(), batch.ID)
	require.NoError(t, err)

	expect := func(rest, changes int, when string) {
		t.Helper()
		counting := &countingReads{Store: b.store}
		svc := clientaccount.New(counting, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
		found, stay, err := svc.UndoRest(t.Context(), batch)
		require.NoError(t, err)
		assert.Equal(t, []int{rest, others - rest}, []int{found, stay}, when)
		assert.Equal(t, []int{1, changes}, []int{counting.accounts, counting.changes}, when)
	}
	expect(0, 0, "nobody was touched since")
	limit(clients[:1], "500")
	limit(clients[1:2], "900")
	expect(1, 2, "two were, one is as the batch left it")
	limit(clients[2:others], "900")
	expect(1+others-200, 200, "those that are too many to look at may be")
}
