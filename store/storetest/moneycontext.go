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
