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
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// remote is a store that is not immediate, so that callers write together; and that
// fails when told to.
type remote struct {
	store.Store
	before, after atomic.Int32  // how many calls of Append still fail, before or after writing
	nothing       bool          // failures before writing say that nothing was written
	gate          chan struct{} // if set, Append waits for it
	entered       chan struct{} // gets a token when Append waits
	appends       atomic.Int32
}

var errCut = errors.New("the connection was cut")

func (r *remote) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	r.appends.Add(1)
	if r.gate != nil {
		r.entered <- struct{}{}
		<-r.gate
	}
	if r.before.Add(-1) >= 0 {
		if r.nothing {
			return nil, fmt.Errorf("%w: %w", store.ErrNothing, errCut)
		}
		return nil, errCut
	}
	outcomes, err := r.Store.Append(ctx, ps)
	if r.after.Add(-1) >= 0 {
		return nil, errCut
	}
	return outcomes, err
}

// newRemote returns a bench whose callers write together.
func newRemote(t *testing.T) (*bench, *remote) {
	t.Helper()
	b := newBench(t)
	r := &remote{Store: b.store}
	b.svc = clientaccount.New(r, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	return b, r
}

func TestTogetherMoneyAgreesWithTheReferenceModel(t *testing.T) {
	moneytest.Checks(t, 200)
	rapid.Check(t, func(t *rapid.T) {
		clock := moneytest.NewClock(began)
		mem := memstore.New()
		svc := clientaccount.New(&remote{Store: mem}, &clientaccount.Options{Clock: clock.Now, Hash: cheap, Balances: 2})
		moneytest.History(t, clock, 50, svc)
	})
}

func TestTogetherManyCallersNeverPassTheLimit(t *testing.T) {
	b, _ := newRemote(t)
	a := b.rich("acme", "100")
	other := b.rich("other", "1000")
	var group sync.WaitGroup
	var accepted, refused, repeated atomic.Int32
	for g := range 64 {
		group.Go(func() {
			for n := range 10 {
				m := movementOf(a.ID, "1", fmt.Sprint(g/2, "-", n)) // each reference is asked for by two
				receipt, err := b.svc.Move(t.Context(), as(account.KindCharge, m))
				switch {
				case errors.Is(err, account.ErrExhausted):
					refused.Add(1)
				case assert.NoError(t, err) && receipt.Repeated:
					repeated.Add(1)
				default:
					accepted.Add(1)
				}
				_, err = b.svc.Charge(t.Context(), chargeOf(other.ID, "1", fmt.Sprint(g, "-", n)))
				assert.NoError(t, err)
			}
		})
	}
	group.Wait()
	assert.EqualValues(t, 100, accepted.Load())
	assert.EqualValues(t, 640, accepted.Load()+refused.Load()+repeated.Load())
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	assert.Equal(t, "360 0 360", b.stands(other.ID))
	b.verified()
}

func TestWhatGathersIsWrittenTogether(t *testing.T) {
	const callers = 30
	b, r := newRemote(t)
	a, other := b.rich("acme", "100"), b.rich("other", "100")
	r.gate, r.entered = make(chan struct{}), make(chan struct{}, callers)
	before := r.appends.Load()
	var group sync.WaitGroup
	charge := func(id account.ID, reference string) {
		_, err := b.svc.Charge(t.Context(), chargeOf(id, "1", reference))
		assert.NoError(t, err)
	}
	group.Go(func() { charge(a.ID, "lone") })
	<-r.entered // a lone caller waits for nobody
	for n := range callers {
		group.Go(func() { charge([]account.ID{a.ID, other.ID}[n%2], fmt.Sprint(n)) })
	}
	require.Eventually(t, func() bool { return b.svc.WaitingToWrite() == callers }, time.Minute, time.Millisecond)
	close(r.gate)
	group.Wait()
	assert.EqualValues(t, 2, r.appends.Load()-before)
	b.verified()
}

func TestLostAnswerIsAskedForAgain(t *testing.T) {
	b, r := newRemote(t)
	a := b.rich("acme", "10")
	r.after.Store(1)
	receipt := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m1")))
	assert.EqualValues(t, 2, receipt.Number)
	r.before.Store(2)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m2")))
	assert.Equal(t, "8 0 8", b.stands(a.ID), "each once")
	b.verified()
}

func TestUnknownOutcomeNamesTheReference(t *testing.T) {
	b, r := newRemote(t)
	a := b.rich("acme", "10")
	r.after.Store(1)
	r.before.Store(100) // the first attempt and those after it: nobody learns anything
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m1"))
	unknown := &clientaccount.UnknownError{}
	require.ErrorAs(t, err, &unknown)
	require.ErrorIs(t, err, clientaccount.ErrUnknown)
	require.ErrorIs(t, err, errCut)
	assert.Equal(t, "m1", unknown.Reference)
	r.before.Store(0)
	r.after.Store(0)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m1")))
	assert.Equal(t, "9 0 9", b.stands(a.ID))
	b.verified()
}

func TestCertainFailureIsToldAsItIs(t *testing.T) {
	b, r := newRemote(t)
	a := b.rich("acme", "10")
	r.nothing = true
	r.before.Store(1)
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m1"))
	require.ErrorIs(t, err, errCut)
	require.NotErrorIs(t, err, clientaccount.ErrUnknown)
	assert.Equal(t, "10 0 10", b.stands(a.ID))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m1")))
}

func TestCallerWhoLeaves(t *testing.T) {
	b, r := newRemote(t)
	a := b.rich("acme", "10")
	r.gate, r.entered = make(chan struct{}), make(chan struct{}, 1)
	charge := func(ctx context.Context, reference string) chan error {
		done := make(chan error, 1)
		go func() {
			_, err := b.svc.Charge(ctx, chargeOf(a.ID, "1", reference))
			done <- err
		}()
		return done
	}
	taken, leaveTaken := context.WithCancel(t.Context())
	first := charge(taken, "taken")
	<-r.entered
	waiting, leaveWaiting := context.WithCancel(t.Context())
	second := charge(waiting, "waiting")
	leaveWaiting()
	err := <-second
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, clientaccount.ErrUnknown, "it was never taken: it leaves no trace")
	leaveTaken()
	err = <-first
	require.ErrorIs(t, err, clientaccount.ErrUnknown)
	require.ErrorIs(t, err, context.Canceled)
	close(r.gate)
	require.NoError(t, b.svc.Close(t.Context()), "what was taken is written to its end")
	assert.Equal(t, "9 0 9", b.stands(a.ID))
}

func TestCloseWaitsForWhatIsUnderWay(t *testing.T) {
	b, r := newRemote(t)
	a := b.rich("acme", "10")
	r.gate, r.entered = make(chan struct{}), make(chan struct{}, 1)
	done := make(chan error, 1)
	go func() {
		_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m"))
		done <- err
	}()
	<-r.entered
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.svc.Close(gone), context.Canceled)
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "late"))
	require.ErrorIs(t, err, clientaccount.ErrStopped)
	close(r.gate)
	require.NoError(t, b.svc.Close(t.Context()))
	require.NoError(t, <-done)
}

// blocking is an immediate store whose Append waits for its gate.
type blocking struct {
	*memstore.Store
	gate, entered chan struct{}
}

func (b *blocking) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	b.entered <- struct{}{}
	<-b.gate
	return b.Store.Append(ctx, ps)
}

func TestCloseWaitsForWhoWritesForItself(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	st := &blocking{b.store, make(chan struct{}), make(chan struct{}, 1)}
	svc := clientaccount.New(st, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	charged := make(chan error, 1)
	go func() {
		_, err := svc.Charge(t.Context(), chargeOf(a.ID, "1", "m"))
		charged <- err
	}()
	<-st.entered
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, svc.Close(gone), context.Canceled)
	close(st.gate)
	require.NoError(t, svc.Close(t.Context()))
	require.NoError(t, <-charged)
	_, err := svc.Charge(t.Context(), chargeOf(a.ID, "1", "late"))
	require.ErrorIs(t, err, clientaccount.ErrStopped)
}

func TestChargeInTheHostsTransaction(t *testing.T) {
	b := newBench(t)
	a, poor := b.rich("acme", "10"), b.create("poor")
	rollback := errors.New("the host thinks better of it")
	inTx := func(end error) error {
		return b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			svc := b.svc.On(hostTx{tx})
			first := b.do(svc.Charge(ctx, chargeOf(a.ID, "3", "m1")))
			again := b.do(svc.Charge(ctx, chargeOf(a.ID, "3", "m1")))
			assert.Equal(t, first.Entry, again.Entry)
			_, err := svc.Charge(ctx, chargeOf(poor.ID, "3", "m1"))
			require.ErrorIs(t, err, account.ErrExhausted)
			return end
		})
	}
	require.ErrorIs(t, inTx(rollback), rollback)
	assert.Equal(t, "10 0 10", b.stands(a.ID), "rolled back with the host")
	require.NoError(t, inTx(nil))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "7", "m2")))
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	b.verified()
}
