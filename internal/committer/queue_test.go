package committer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

var errGuilty = errors.New("the database does not take it")

// watched is a store, not an immediate one, whose transactions wait at a gate, fail where
// something guilty is written, and cannot lock at once what is held.
type watched struct {
	store.Store
	gate    chan struct{} // closed: open
	held    func(account.ID) bool
	guilty  string // a reference
	updates atomic.Int32
}

func (w *watched) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	w.updates.Add(1)
	<-w.gate
	return w.Store.Update(ctx, func(ctx context.Context, tx store.Tx) error { return fn(ctx, &watchedTx{tx, w}) })
}

type watchedTx struct {
	store.Tx
	w *watched
}

func (t *watchedTx) TryLock(ctx context.Context, ids ...account.ID) ([]account.Balance, error) {
	return t.Tx.TryLock(ctx, slices.DeleteFunc(slices.Clone(ids), t.w.held)...)
}

func (t *watchedTx) Post(ctx context.Context, ps ...store.Posting) error {
	for _, p := range ps {
		for _, e := range p.Entries {
			if e.Reference == t.w.guilty {
				return errGuilty
			}
		}
	}
	return t.Tx.Post(ctx, ps...)
}

// several is a committer over accounts 1 to n with 100 each, of which those above own spend
// the money of account 1.
func several(t *testing.T, own, n int) (*committer.Committer, *watched) {
	t.Helper()
	mem := memstore.New()
	require.NoError(t, mem.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for k := 1; k <= n; k++ {
			a := account.New()
			a.ID, a.Core.Login, a.Revision = numbered(k), fmt.Sprint("client-", k), 1
			b := ledger.Opened(a.ID, account.Terms{Currency: "EUR", Zone: "Europe/Kyiv"}, began)
			if b.Amount = decimal.NewFromInt(100); k > own {
				b.Amount, b.Terms.Shares = decimal.Zero, numbered(1)
			}
			if err := errors.Join(tx.PutAccount(ctx, a, 0), tx.Post(ctx, store.Posting{Balance: b})); err != nil {
				return err
			}
		}
		return nil
	}))
	w := &watched{Store: mem, gate: make(chan struct{}), held: func(account.ID) bool { return false }}
	return committer.New(w, committerConfig()), w
}

func committerConfig() committer.Config {
	return committer.Config{
		Clock: func() time.Time { return began }, Logger: slog.New(slog.DiscardHandler), Balances: 1000, MostEnded: store.MaxDue,
	}
}

func numbered(k int) account.ID { return account.ID{14: byte(k >> 8), 15: byte(k)} }

func transfer(from, to int, reference string) account.Movement {
	return account.Movement{
		Account: numbered(from), Kind: account.KindTransferOut, Other: numbered(to), Amount: decimal.NewFromInt(1), Reference: reference,
	}
}

// moving moves all at once, with the gate closed until one transaction is under way, and
// gives the errors by reference.
func moving(t *testing.T, c *committer.Committer, w *watched, ms ...account.Movement) map[string]error {
	t.Helper()
	checked := make([]committer.Checked, len(ms))
	for i := range ms {
		var err error
		checked[i], err = committer.Check(ms[i])
		require.NoError(t, err)
	}
	go func() {
		for w.updates.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond) // the others gather
		close(w.gate)
	}()
	errs := map[string]error{}
	for i, result := range c.MoveMany(t.Context(), checked) {
		errs[ms[i].Reference] = result.Err
	}
	return errs
}

// amounts are the balances of accounts 1 to n.
func amounts(t *testing.T, s store.Store, n int) (all []string) {
	t.Helper()
	for k := 1; k <= n; k++ {
		found, err := s.Ledger(t.Context(), []store.Lookup{{Account: numbered(k)}})
		require.NoError(t, err)
		all = append(all, found[0].Balance.Amount.String())
	}
	return all
}

func TestTransfersThatGatheredShareATransaction(t *testing.T) {
	c, w := several(t, 100, 100)
	var ms []account.Movement
	for k := 1; k < 100; k++ {
		ms = append(ms, transfer(k, k+1, fmt.Sprint("t-", k)))
	}
	for reference, err := range moving(t, c, w, ms...) {
		require.NoError(t, err, reference)
	}
	assert.LessOrEqual(t, w.updates.Load(), int32(2), "the first may be alone")
	got := amounts(t, w, 100)
	assert.Equal(t, []string{"99", "100", "101"}, []string{got[0], got[50], got[99]})
}

func TestAGuiltyMovementOfABatchFailsAlone(t *testing.T) {
	c, w := several(t, 64, 64)
	w.guilty = "t-40"
	var ms []account.Movement
	for k := 1; k < 64; k++ {
		ms = append(ms, transfer(k, k+1, fmt.Sprint("t-", k)))
	}
	for reference, err := range moving(t, c, w, ms...) {
		if reference == w.guilty {
			require.ErrorIs(t, err, errGuilty)
		} else {
			require.NoError(t, err, reference)
		}
	}
	assert.LessOrEqual(t, w.updates.Load(), int32(2+2*6), "halves, not one by one")
	got := amounts(t, w, 64)
	assert.Equal(t, []string{"101", "99"}, got[39:41])
}

// Refusals are nothing to their neighbours either, and are decided in one transaction.
func TestARefusedMovementOfABatchIsRefusedAlone(t *testing.T) {
	c, w := several(t, 3, 3)
	poor, nobody, again := transfer(1, 2, "poor"), transfer(1, 9, "nobody"), transfer(3, 1, "fine")
	poor.Amount = decimal.NewFromInt(1000)
	errs := moving(t, c, w, transfer(2, 3, "first"), poor, nobody, transfer(3, 1, "fine"), again)
	require.ErrorIs(t, errs["poor"], account.ErrExhausted)
	faults, _ := account.AsFaults(errs["nobody"])
	assert.True(t, faults.Has("to.unknown"), "%v", errs["nobody"])
	require.NoError(t, errs["first"])
	require.NoError(t, errs["fine"])
	assert.Equal(t, []string{"101", "99", "100"}, amounts(t, w, 3))
}

func TestAFamilyIsChargedTogether(t *testing.T) {
	c, w := several(t, 1, 60)
	var ms []account.Movement
	for k := 1; k <= 60; k++ {
		ms = append(ms, account.Movement{
			Account: numbered(k), Kind: account.KindCharge, Amount: decimal.NewFromInt(2), Reference: fmt.Sprint("m-", k),
		})
	}
	errs := moving(t, c, w, ms...)
	refused := 0
	for _, err := range errs {
		if err != nil {
			require.ErrorIs(t, err, account.ErrExhausted)
			refused++
		}
	}
	assert.Equal(t, 10, refused, "100 is enough for 50")
	assert.Equal(t, "0", amounts(t, w, 1)[0])
	assert.LessOrEqual(t, w.updates.Load(), int32(8))
}

// Somebody holds two accounts: who needs them waits, nobody else does, and in the end all
// are written.
func TestWhatIsHeldDelaysNobodyElse(t *testing.T) {
	c, w := several(t, 30, 40)
	var holds atomic.Bool
	holds.Store(true)
	w.held = func(id account.ID) bool { return holds.Load() && (id == numbered(7) || id == numbered(8)) }
	var group sync.WaitGroup
	var ms []account.Movement
	for k := 1; k < 30; k++ {
		ms = append(ms, transfer(k, k+1, fmt.Sprint("t-", k)))
	}
	for k := 31; k <= 40; k++ {
		ms = append(ms, account.Movement{Account: numbered(k), Kind: account.KindCharge, Amount: decimal.NewFromInt(1), Reference: "m"})
	}
	group.Go(func() {
		for reference, err := range moving(t, c, w, ms...) {
			assert.NoError(t, err, reference)
		}
	})
	written := func(k int) bool { return amounts(t, w, 30)[k-1] != "100" }
	require.Eventually(t, func() bool { return written(1) && written(30) }, time.Minute, time.Millisecond)
	holds.Store(false)
	group.Wait()
	assert.Equal(t, []string{"89", "100", "101"}, []string{amounts(t, w, 1)[0], amounts(t, w, 8)[7], amounts(t, w, 30)[29]})
}
