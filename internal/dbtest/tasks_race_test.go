package dbtest

import (
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Two people who confirm the same payment, proposed twice, in the same instant: it is booked once, and
// one of them is told to look again.
func TestOneOfTwoPaymentsAlikeIsConfirmed(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) { confirmAlike(t, memstore.New()) })
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) { confirmAlike(t, s) })
}

func confirmAlike(t *testing.T, s store.Store) {
	const rounds, checkers = 10, 3
	d := newFixture(t, s)
	id := d.client(t, "payer").ID
	propose := func(amount int64, reference string) store.Task {
		m := account.Movement{
			Kind: account.KindTopUp, Account: id, Amount: decimal.NewFromInt(amount), Reference: reference, Actor: account.Actor{ID: "u1"},
		}
		proposed, err := d.svc.ProposeMove(t.Context(), d.svc.Now().Add(time.Hour), m, account.Optional[[]account.ID]{})
		require.NoError(t, err)
		return proposed
	}
	for round := range int64(rounds) {
		var proposals []store.Task
		for n := range checkers {
			proposals = append(proposals, propose(5000+round, string(rune('a'+n))+decimal.NewFromInt(round).String()))
		}
		came, errs := make([]store.Task, checkers), make([]error, checkers)
		var wait sync.WaitGroup
		for n, proposal := range proposals {
			svc := clientaccount.New(s, cheaply()) // of a process of its own
			e := clientaccount.Edit{Actor: account.Actor{ID: "u2"}}
			if n > 0 {
				e.Alike = account.Some[int64](0)
			}
			wait.Go(func() { came[n], errs[n] = svc.Confirm(t.Context(), proposal.ID, e) })
		}
		wait.Wait()
		var done, waiting []store.Task
		for n, err := range errs {
			if err == nil {
				done = append(done, came[n])
				continue
			}
			assert.Equal(t, account.Faults{account.NewFault("", "task.alike")}, err)
			left, err := d.svc.Task(t.Context(), proposals[n].ID)
			require.NoError(t, err)
			waiting = append(waiting, left)
		}
		require.Len(t, done, 1)
		for _, left := range waiting {
			assert.Equal(t, store.TaskUnconfirmed, left.State)
		}
		last, err := d.svc.Confirm(t.Context(), waiting[0].ID, clientaccount.Edit{
			Actor: account.Actor{ID: "u2"}, Alike: account.Some(done[0].Entry),
		})
		require.NoError(t, err, "who was shown it may")
		assert.Equal(t, store.TaskDone, last.State)
	}
	entries, err := d.svc.Entries(t.Context(), account.EntryQuery{Account: id, Limit: account.MaxPage})
	require.NoError(t, err)
	assert.Len(t, entries, 1+2*rounds)
}
