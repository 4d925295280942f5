package clientaccount_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// busy is a store whose accounts are always locked by somebody: all is written in
// transactions, which wait at the gate, if there is one, as for their locks.
type busy struct {
	store.Store
	gate    chan struct{}
	entered chan struct{}
	updates atomic.Int32
}

func (b *busy) Append(_ context.Context, ps []store.Posting) ([]store.Outcome, error) {
	outcomes := make([]store.Outcome, len(ps))
	for i := range outcomes {
		outcomes[i].Kind = store.OutcomeBusy
	}
	return outcomes, nil
}

func (b *busy) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	b.updates.Add(1)
	if b.gate != nil {
		b.entered <- struct{}{}
		<-b.gate
	}
	return b.Store.Update(ctx, fn)
}

func TestWhoComesWhileTheLockIsWaitedForIsWrittenWithTheOthers(t *testing.T) {
	const callers = 30
	b := newBench(t)
	a, other := b.rich("acme", "100"), b.rich("other", "1")
	st := &busy{Store: b.store, gate: make(chan struct{}), entered: make(chan struct{}, callers)}
	svc := clientaccount.New(st, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	var group sync.WaitGroup
	charge := func(reference string) {
		_, err := svc.Charge(t.Context(), chargeOf(a.ID, "1", reference))
		assert.NoError(t, err)
	}
	group.Go(func() { charge("opens the lock queue") })
	<-st.entered
	for n := range callers {
		group.Go(func() { charge(fmt.Sprint(n)) })
	}
	require.Eventually(t, func() bool { return svc.WaitingForLock(a.ID) == callers }, time.Minute, time.Millisecond)
	close(st.gate)
	group.Wait()
	assert.EqualValues(t, 1, st.updates.Load())

	m := movementOf(a.ID, "1", "needs another lock")
	m.Other = other.ID
	b.do(svc.Move(t.Context(), as(account.KindTransferOut, m)))
	assert.Equal(t, "68 0 68", b.stands(a.ID))
	b.verified()
}

// Another process used the references, so nobody here has seen them.
func TestRepeatedUnderALockIsAnsweredAsTheFirstTime(t *testing.T) {
	b := newBench(t)
	rich, poor := b.rich("rich", "100"), b.rich("poor", "1")
	for _, id := range []account.ID{rich.ID, poor.ID} {
		first := b.do(b.svc.Charge(t.Context(), chargeOf(id, "1", "again")))
		svc := clientaccount.New(&busy{Store: b.store}, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
		second := b.do(svc.Charge(t.Context(), chargeOf(id, "1", "again")))
		assert.True(t, second.Repeated)
		assert.Equal(t, first.Number, second.Number)
		_, err := svc.Charge(t.Context(), chargeOf(id, "1.5", "again"))
		require.ErrorIs(t, err, account.ErrReused)
	}
	assert.Equal(t, "99 0 99", b.stands(rich.ID))
	assert.Equal(t, "0 0 0", b.stands(poor.ID))
	b.verified()
}
