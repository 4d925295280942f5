package dbtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// lingering is a store whose transactions do something else before they commit.
type lingering struct {
	*bunstore.Store
	before func()
}

func (l *lingering) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return l.Store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		l.before()
		return nil
	})
}

// transactionCounter counts the transactions of a Service: to compare and append takes none.
type transactionCounter struct {
	*bunstore.Store
	updates int
}

func (c *transactionCounter) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	c.updates++
	return c.Store.Update(ctx, fn)
}

// While an edit of a phone number has not committed, charges of that account are
// answered, and without a lock.
func TestChargesGoOnWhileAClientIsEdited(t *testing.T) {
	s := newStore(t, openPostgres(t, storeDSN(t), nil))
	e := newEditors(t, s)
	id := e.create(t, "acme")
	charging := &transactionCounter{Store: s}
	svc := clientaccount.New(charging, nil)
	_, err := svc.TopUp(t.Context(), clientaccount.TopUp{Account: id, Amount: decimal.NewFromInt(100), Reference: "first"})
	require.NoError(t, err)
	charged := 0
	charge := func() {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		charged++
		_, err := svc.Charge(ctx, clientaccount.Charge{Account: id, Amount: decimal.NewFromInt(1), Reference: fmt.Sprint("m", charged)})
		assert.NoError(t, err)
	}
	beside := func() { // in a goroutine of its own, as another caller is
		done := make(chan struct{})
		go func() { defer close(done); charge() }()
		<-done
	}
	editing := clientaccount.New(&lingering{s, beside}, &clientaccount.Options{Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}})
	a, err := editing.Get(t.Context(), id)
	require.NoError(t, err)
	done, err := editing.Update(t.Context(), id, a.Revision, edit(account.Change{}.Set("contact.phone", "+447400123456")))
	require.NoError(t, err)
	_, err = editing.Undo(t.Context(), id, done.Account.Revision, done.Account.Revision, clientaccount.Edit{})
	require.NoError(t, err)
	_, err = editing.SetPassword(t.Context(), id, done.Account.Revision+1, account.Actor{}, "an-other-Heron-31")
	require.NoError(t, err)
	require.NoError(t, editing.Reprice(t.Context(), id))
	assert.Equal(t, 4, charged)
	assert.Zero(t, charging.updates, "charges that had to wait for a lock")
	at, err := svc.Balance(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, "96", at.Amount.String())
}
