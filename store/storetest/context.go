package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var contextPromises = []promise{
	{"a canceled context ends every question", canceledReads},
	{"a canceled context starts no transaction", canceledBefore},
	{"a context canceled in a transaction changes nothing", canceledDuring},
	{"a context that ends while waiting for a lock ends the call", canceledWaiting},
	{"a transaction within a transaction is refused at once", nesting},
}

func canceledReads(t *testing.T, s store.Store) {
	update(t, s, everything)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	full := accounttest.Full()
	errs := lookups(ctx, s, full.ID, full.Core.Login)
	_, errs["Accounts"] = s.Accounts(ctx, account.Query{})
	_, errs["OpenSubaccounts"] = s.OpenSubaccounts(ctx, full.ID)
	_, errs["Changes"] = s.Changes(ctx, account.ChangeQuery{Of: full.ID})
	_, errs["ItemChanges"] = s.ItemChanges(ctx, store.ListProducts, account.ChangeQuery{Of: full.ID})
	_, errs["Managers"] = store.ItemsOf[account.Manager](ctx, s)
	_, errs["Products"] = store.ItemsOf[account.Product](ctx, s)
	for name, err := range errs {
		assert.ErrorIs(t, err, context.Canceled, name)
	}
}

func canceledBefore(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Update(ctx, everything), context.Canceled)
	requireUntouched(t, s)
}

func canceledDuring(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(inner context.Context, tx store.Tx) error {
		err := everything(inner, tx)
		cancel()
		return err
	})
	require.ErrorIs(t, err, context.Canceled, "canceled before the commit")
	requireUntouched(t, s)

	ctx, cancel = context.WithCancel(t.Context())
	err = s.Update(ctx, func(inner context.Context, tx store.Tx) error {
		cancel()
		return everything(inner, tx)
	})
	require.ErrorIs(t, err, context.Canceled, "canceled before a write")
	requireUntouched(t, s)
	update(t, s, everything)
}

func canceledWaiting(t *testing.T, s store.Store) {
	a := client("locked")
	insert(t, s, a)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Account(ctx, a.ID); err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(t.Context(), grace)
		defer cancel()
		err := s.Update(waiting, changing(a.ID, "while locked"))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	})
	requireSame(t, a, get(t, s, a.ID))
}

// nesting begins, within a transaction and with its context, what would wait for it.
func nesting(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, _ store.Tx) error {
		ran := false
		err := s.Update(ctx, func(context.Context, store.Tx) error { ran = true; return nil })
		assert.ErrorIs(t, err, store.ErrNested)
		assert.False(t, ran)
		for _, ps := range [][]store.Posting{nil, {{From: 1}}} {
			_, err = s.Append(ctx, ps)
			assert.ErrorIs(t, err, store.ErrNested)
			assert.ErrorIs(t, err, store.ErrNothing)
		}
		return nil
	})
	_, err := s.Append(t.Context(), nil)
	require.NoError(t, err, "afterwards")
	update(t, s, everything)
}

var moneyContextPromises = []promise{
	{"a canceled context ends every question about money", canceledLookups},
	{"a canceled context appends nothing, and the error says so", appendCanceled},
	{"a context that ends while Append runs leaves all of a posting or nothing", appendCanceledDuring},
	{"what a store cannot keep it refuses whole, and says so", appendUnfit},
}

func canceledLookups(t *testing.T, s store.Store) {
	id := opened(t, s, "canceled", funds()).balance.Account
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	errs := map[string]error{}
	_, errs["Ledger"] = s.Ledger(ctx, []store.Lookup{{Account: id}})
	_, errs["Entries"] = s.Entries(ctx, account.EntryQuery{Account: id})
	_, errs["Holds"] = s.Holds(ctx, account.HoldQuery{Account: id})
	_, errs["Events"] = s.Events(ctx, account.EventQuery{Account: id})
	_, errs["Due"] = s.Due(ctx, accounttest.Now(), account.ID{}, 1)
	for name, err := range errs {
		assert.ErrorIs(t, err, context.Canceled, name)
	}
}

func appendCanceled(t *testing.T, s store.Store) {
	k := opened(t, s, "canceled", funds())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := k.posting(t, charge("c-1", "1"))
	_, err := s.Append(ctx, []store.Posting{p})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, store.ErrNothing)
	requireBook(t, s, k)
	k.append(t, s, p)
	requireBook(t, s, k)
}

// appendCanceledDuring cancels a little later each time. Where an error leaves it
// unknown what became of the posting, the same one again makes it known.
func appendCanceledDuring(t *testing.T, s store.Store) {
	k := opened(t, s, "canceled", funds())
	for n := range 40 {
		p := k.posting(t, charge(fmt.Sprint("c-", n), "1"), hold(fmt.Sprint("h-", n), "1", time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(time.Duration(n)*50*time.Microsecond, cancel)
		outcomes, err := appendAgain(ctx, s, []store.Posting{p})
		timer.Stop()
		cancel()
		switch {
		case err == nil:
			requireWritten(t, outcomes[0])
			k.take(p)
		case !errors.Is(err, store.ErrNothing):
			again(t, s, p)
			k.take(p)
		}
		requireBook(t, s, k)
	}
}

// again appends a posting of unknown outcome until it is certainly there, written
// now or before.
func again(t tb, s store.Store, p store.Posting) {
	t.Helper()
	for {
		switch appending(t, s, p)[0].Kind {
		case store.OutcomeBusy:
			time.Sleep(time.Millisecond)
		case store.OutcomeMissing:
			require.Fail(t, "an account is gone")
		default:
			return
		}
	}
}

// appendUnfit has a reference that some stores cannot keep. The other posting of the
// batch may be written all the same.
func appendUnfit(t *testing.T, s store.Store) {
	good, bad := opened(t, s, "good", funds()), opened(t, s, "bad", funds())
	ps := []store.Posting{good.posting(t, charge("c-1", "1")), bad.posting(t, charge("c-1", "1"), charge("c-2", "1"))}
	ps[1].Entries[1].Reference = "c\x00-2"
	outcomes, err := s.Append(t.Context(), ps)
	if err != nil {
		require.ErrorIs(t, err, store.ErrNothing)
	} else {
		requireWritten(t, outcomes[0])
		good.take(ps[0])
		if outcomes[1].Kind != store.OutcomeBusy {
			requireWritten(t, outcomes[1])
			bad.take(ps[1])
		}
	}
	requireBook(t, s, good)
	requireBook(t, s, bad)
}
