package clientaccount_test

import (
	"context"
	"errors"
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
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

var errGone = errors.New("the connection is gone")

// together is a store in memory that is also a store.Enqueuer and a store.Reviser, and fails
// as it is told.
type together struct {
	*memstore.Store
	blocked chan struct{} // not nil: EnqueueEach waits until it is closed
	begun   chan int      // the number of calls of each EnqueueEach, if not nil
	fails   atomic.Int64  // so many times it fails
	err     error         // with this
	after   bool          // once it is written
	refuses bool          // accepts nothing
	batches atomic.Int64
	asked   atomic.Int64 // for revisions
	read    atomic.Int64 // accounts
}

func (s *together) EnqueueEach(ctx context.Context, calls [][]store.Delivery) ([]bool, error) {
	if store.IsInside(ctx, s.Store) {
		return nil, fmt.Errorf("%w: %w", store.ErrNothing, store.ErrNested)
	}
	if len(calls) == 0 {
		return nil, nil
	}
	s.batches.Add(1)
	if s.begun != nil {
		s.begun <- len(calls)
	}
	if s.blocked != nil {
		<-s.blocked
	}
	fails := s.fails.Add(-1) >= 0
	if fails && !s.after {
		return nil, s.err
	}
	accepted := make([]bool, len(calls))
	for i, ds := range calls {
		accepted[i] = !s.refuses && s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			return tx.(store.OutboxTx).Enqueue(ctx, ds...)
		}) == nil
	}
	if fails {
		return nil, s.err
	}
	return accepted, nil
}

func (s *together) Account(ctx context.Context, id account.ID) (account.Account, error) {
	s.read.Add(1)
	return s.Store.Account(ctx, id)
}

func (s *together) Revisions(ctx context.Context, ids []account.ID) (map[account.ID]int64, error) {
	s.asked.Add(1)
	found := map[account.ID]int64{}
	for _, id := range ids {
		if a, err := s.Store.Account(ctx, id); err == nil {
			found[id] = a.Revision
		}
		if p, err := store.ItemOf[account.Product](ctx, s.Store, id); err == nil {
			found[id] = p.Revision
		}
	}
	return found, nil
}

// kept is how many deliveries of an account there are.
func (s *together) kept(a account.Account) int {
	ds, _ := s.Deliveries(context.Background(), store.DeliveryQuery{Account: a.ID, Limit: account.MaxPage})
	return len(ds)
}

// newTogether is a bench whose Service submits for many at once.
func newTogether(t *testing.T) (*bench, *together) {
	t.Helper()
	b := newBench(t)
	s := &together{Store: b.store}
	b.svc = clientaccount.New(s, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	return b, s
}

func TestSubmittedAtOnceIsWrittenTogetherAndEachOnce(t *testing.T) {
	b, s := newTogether(t)
	s.begun, s.blocked = make(chan int, 200), make(chan struct{})
	accounts := []account.Account{b.hooked("acme"), b.hooked("umbrella"), b.create("plain")}
	var group sync.WaitGroup
	for n := range 64 {
		a := accounts[n%3]
		group.Go(func() {
			hooks, err := b.svc.SubmitState(t.Context(), a.ID, state(fmt.Sprint("m-", n%16), 1, account.StateDelivered))
			assert.NoError(t, err)
			assert.Equal(t, n%3 != 2, len(hooks) == 2)
			route, err := b.svc.SubmitIncoming(t.Context(), a.ID, payload.Incoming{MessageID: fmt.Sprint("mo-", n), At: began})
			assert.NoError(t, err)
			assert.Equal(t, n%3 != 2, len(route.Hooks) == 2)
		})
	}
	<-s.begun
	close(s.blocked)
	group.Wait()
	assert.Less(t, s.batches.Load(), int64(80), "fewer than callers")
	assert.Equal(t, []int{2 * (16 + 22), 2 * (16 + 21), 0}, []int{s.kept(accounts[0]), s.kept(accounts[1]), s.kept(accounts[2])})
}

func TestAGuiltySubmissionLearnsWhyAndNobodyElse(t *testing.T) {
	b, s := newTogether(t)
	a := b.hooked("acme")
	_, err := b.svc.SubmitState(t.Context(), a.ID, state("m-0", 1, account.StateDelivered))
	require.NoError(t, err)
	s.begun, s.blocked = make(chan int, 200), make(chan struct{})
	var group sync.WaitGroup
	for n := range 32 {
		group.Go(func() {
			report := state(fmt.Sprint("m-", n), 1, account.StateDelivered)
			if n%8 == 0 {
				report.MessageID, report.Err = "m-0", fmt.Sprint(n+1)
			}
			_, err := b.svc.SubmitState(t.Context(), a.ID, report)
			assert.Equal(t, n%8 == 0, errors.Is(err, account.ErrReused), err)
		})
	}
	<-s.begun
	close(s.blocked)
	group.Wait()
	assert.Equal(t, 2*(1+32-4), s.kept(a))
}

// What the store does not accept among others, whatever the reason, is accepted alone.
func TestASubmissionThatHasToGoAlone(t *testing.T) {
	b, s := newTogether(t)
	a := b.hooked("acme")
	for name, set := range map[string]func(){
		"refused": func() { s.refuses = true },
		"a race was lost": func() {
			s.refuses, s.err = false, fmt.Errorf("%w: %w", store.ErrNothing, account.ErrConflict)
			s.fails.Store(1)
		},
		"and another one with": func() { s.refuses = true; s.LoseRaces(3) },
	} {
		set()
		hooks, err := b.svc.SubmitState(t.Context(), a.ID, state(name, 1, account.StateDelivered))
		require.NoError(t, err, name)
		assert.Len(t, hooks, 2)
	}
	assert.Len(t, b.deliveries(a.ID), 6)
}

func TestUnknownSubmissionsAreAskedForAgain(t *testing.T) {
	for _, after := range []bool{false, true} {
		b, s := newTogether(t)
		a := b.hooked("acme")
		s.err, s.after = errGone, after
		submit := func() error {
			_, err := b.svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateDelivered))
			return err
		}
		s.fails.Store(3)
		require.NoError(t, submit())
		assert.EqualValues(t, 4, s.batches.Load())
		assert.Len(t, b.deliveries(a.ID), 2)

		s.fails.Store(4)
		err := submit()
		require.ErrorIs(t, err, clientaccount.ErrUnknown)
		require.ErrorIs(t, err, errGone)
		unknown, _ := errors.AsType[*clientaccount.UnknownError](err)
		assert.Equal(t, "m-1", unknown.Reference)
		require.NoError(t, submit())

		s.err = fmt.Errorf("%w: %w", store.ErrNothing, errGone)
		s.after = false
		s.fails.Store(1)
		err = submit()
		require.ErrorIs(t, err, errGone)
		require.NotErrorIs(t, err, clientaccount.ErrUnknown, "the store knows that nothing was written")
		assert.Len(t, b.deliveries(a.ID), 2)
	}
}

func TestACallerWhoLeavesStopsWaitingOnly(t *testing.T) {
	b, s := newTogether(t)
	a := b.hooked("acme")
	s.begun, s.blocked = make(chan int, 10), make(chan struct{})
	ctx, leave := context.WithCancel(t.Context())
	errs := make(chan error)
	go func() {
		_, err := b.svc.SubmitState(ctx, a.ID, state("m-1", 1, account.StateDelivered))
		errs <- err
	}()
	<-s.begun
	leave()
	err := <-errs
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, clientaccount.ErrUnknown)

	closed := make(chan error)
	go func() { closed <- b.svc.Close(t.Context()) }()
	close(s.blocked)
	require.NoError(t, <-closed)
	assert.Len(t, b.deliveries(a.ID), 2, "it was under way")
	_, err = b.svc.SubmitState(t.Context(), a.ID, state("m-2", 1, account.StateDelivered))
	require.ErrorIs(t, err, clientaccount.ErrStopped)
}

func TestSubmitAfterCloseIsRefusedOnAnyStore(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	require.NoError(t, b.svc.Close(t.Context()))
	_, err := b.svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateDelivered))
	require.ErrorIs(t, err, clientaccount.ErrStopped)
}

func TestSubmitWithinUpdateIsNested(t *testing.T) {
	b, s := newTogether(t)
	a := b.hooked("acme")
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, _ store.Tx) error {
		_, err := b.svc.SubmitState(ctx, a.ID, state("m-1", 1, account.StateDelivered))
		require.ErrorIs(t, err, clientaccount.ErrNested)
		return nil
	}))
}

// Settings that are too old are read again where they were changed, else only compared.
func TestOldSettingsAreCompared(t *testing.T) {
	b, s := newTogether(t)
	parent := b.create("parent", func(a *account.Account) { a.Sending.Subaccounts = true })
	a := b.create("acme", func(a *account.Account) { a.Parent = parent.ID })
	submit := func(message string) []account.HookKind {
		hooks, err := b.svc.SubmitState(t.Context(), a.ID, state(message, 1, account.StateDelivered))
		require.NoError(t, err)
		return hooks
	}
	assert.Empty(t, submit("m-1"))
	read := s.read.Load()
	b.clock.Advance(2 * time.Second)
	assert.Empty(t, submit("m-2"))
	assert.Empty(t, submit("m-3"))
	assert.Equal(t, read, s.read.Load())
	assert.EqualValues(t, 1, s.asked.Load())

	elsewhere := clientaccount.New(s, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	_, err := elsewhere.Update(t.Context(), a.ID, a.Revision, set("webhooks.rest_state", "https://client.io/3"))
	require.NoError(t, err)
	assert.Empty(t, submit("m-4"), "it was looked at a moment ago")
	b.clock.Advance(2 * time.Second)
	assert.Equal(t, []account.HookKind{account.HookRESTState}, submit("m-5"))

	require.NoError(t, b.svc.Close(t.Context()))
	b.clock.Advance(2 * time.Second)
	_, err = b.svc.Decide(t.Context(), a.ID, account.Request{})
	require.NoError(t, err, "decisions go on")
}
