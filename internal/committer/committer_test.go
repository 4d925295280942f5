package committer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	acme   = account.ID{15: 1}
	errCut = errors.New("the connection was cut")
)

// began is what the committers' clock says.
var began = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// failing is a store, not an immediate one, that fails as it is told.
type failing struct {
	store.Store
	appended, updated error // nil where it works
	busy              bool  // all accounts are locked by others
	appends, updates  atomic.Int32
}

func (f *failing) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	f.appends.Add(1)
	switch {
	case f.appended != nil:
		return nil, f.appended
	case f.busy:
		outcomes := make([]store.Outcome, len(ps))
		for i := range outcomes {
			outcomes[i].Kind = store.OutcomeBusy
		}
		return outcomes, nil
	default:
		return f.Store.Append(ctx, ps)
	}
}

func (f *failing) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	f.updates.Add(1)
	if f.updated != nil {
		return f.updated
	}
	return f.Store.Update(ctx, fn)
}

// over is a committer over a store in memory with one account, which has 100.
func over(t *testing.T, f *failing) *committer.Committer {
	t.Helper()
	mem := memstore.New()
	f.Store = mem
	require.NoError(t, mem.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		a := account.New()
		a.ID, a.Core.Login, a.Revision = acme, "acme", 1
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		return tx.Post(ctx, store.Posting{Balance: ledger.Opened(acme, account.Terms{Currency: "EUR"}, began)})
	}))
	config := committer.Config{
		Clock: func() time.Time { return began }, Logger: slog.New(slog.DiscardHandler), Balances: 10, MostEnded: store.MaxDue,
	}
	_, err := committer.New(mem, config).Move(t.Context(), movement(account.KindTopUp, 100, "first"))
	require.NoError(t, err)
	return committer.New(f, config)
}

func movement(kind account.MovementKind, amount int64, reference string) committer.Checked {
	m, err := committer.Check(account.Movement{Account: acme, Kind: kind, Amount: decimal.NewFromInt(amount), Reference: reference})
	if err != nil {
		panic(err)
	}
	return m
}

func TestMoveWritesOnceUnderOneReference(t *testing.T) {
	for name, busy := range map[string]bool{"comparing": false, "under a lock": true} {
		t.Run(name, func(t *testing.T) {
			c := over(t, &failing{busy: busy})
			var group sync.WaitGroup
			var repeated atomic.Int32
			for range 20 {
				group.Go(func() {
					written, err := c.Move(t.Context(), movement(account.KindCharge, 7, "m"))
					assert.NoError(t, err)
					assert.Equal(t, "93", written.Entry.After.String())
					if written.Repeated {
						repeated.Add(1)
					}
				})
			}
			group.Wait()
			assert.EqualValues(t, 19, repeated.Load())
		})
	}
}

func TestMoveManyGivesEachItsResultInOrder(t *testing.T) {
	c := over(t, &failing{})
	results := c.MoveMany(t.Context(), []committer.Checked{
		movement(account.KindCharge, 60, "a"), movement(account.KindCharge, 60, "b"), movement(account.KindCharge, 40, "c"),
	})
	require.Len(t, results, 3)
	require.NoError(t, results[0].Err)
	require.ErrorIs(t, results[1].Err, account.ErrExhausted)
	require.NoError(t, results[2].Err)
	assert.Equal(t, "0", results[2].Written.Entry.After.String())
}

// What may have been written is uncertain; what the store was sure about is not.
func TestMoveTriesAFailingStoreAgainAndSaysWhatIsUncertain(t *testing.T) {
	for _, c := range []struct {
		err       error
		appends   int32
		uncertain bool
	}{
		{errCut, 4, true},
		{fmt.Errorf("%w: %w", store.ErrNothing, errCut), 1, false},
		{fmt.Errorf("%w: %w: %w", store.ErrNothing, account.ErrConflict, errCut), 4, false},
	} {
		f := &failing{appended: c.err}
		_, err := over(t, f).Move(t.Context(), movement(account.KindCharge, 1, "m"))
		require.ErrorIs(t, err, errCut)
		_, uncertain := errors.AsType[*committer.UncertainError](err)
		assert.Equal(t, c.uncertain, uncertain, "%v", err)
		assert.Equal(t, c.appends, f.appends.Load(), "%v", err)
	}
}

func TestTransactionsThatLoseRacesAreRunTenTimesOutsideOfTheHosts(t *testing.T) {
	f := &failing{busy: true, updated: account.ErrConflict}
	c := over(t, f)
	_, err := c.Move(t.Context(), movement(account.KindCharge, 1, "m"))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.EqualValues(t, 1+10, f.updates.Load(), "one that assumes the reference to be unused, ten that look")

	f.updates.Store(0)
	_, err = c.Within(f).Move(t.Context(), movement(account.KindCharge, 1, "m"))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.EqualValues(t, 1, f.updates.Load(), "only the host can repeat its transaction")
}

func TestCloseRefusesWhatComesLater(t *testing.T) {
	c := over(t, &failing{})
	require.NoError(t, c.Close(t.Context()))
	_, err := c.Move(t.Context(), movement(account.KindCharge, 1, "m"))
	require.ErrorIs(t, err, committer.ErrStopped)
}

func TestForgottenBalancesAreNotRemembered(t *testing.T) {
	f := &failing{}
	c := over(t, f)
	written, err := c.Move(t.Context(), movement(account.KindCharge, 1, "m"))
	require.NoError(t, err)
	for _, forget := range []func(){func() { c.Forget(acme) }, c.ForgetAll} {
		balances, err := c.Balances(t.Context(), f, []account.ID{acme}, began)
		require.NoError(t, err)
		c.Saw(balances[0], began)
		b, at, ok := c.LastSeen(acme)
		require.True(t, ok)
		assert.Equal(t, written.Entry.After.String(), b.Amount.String())
		assert.Equal(t, began, at)
		forget()
		_, _, ok = c.LastSeen(acme)
		assert.False(t, ok)
	}
}
