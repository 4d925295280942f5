package dbtest

import (
	"context"
	"database/sql"
	"net/url"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

func kinds(outcomes []store.Outcome) []store.OutcomeKind {
	all := make([]store.OutcomeKind, len(outcomes))
	for i, o := range outcomes {
		all[i] = o.Kind
	}
	return all
}

// A transaction that holds an account keeps nobody waiting: the account is busy, the
// others are written.
func TestAppendPassesOverALockedAccount(t *testing.T) {
	for name, parameters := range map[string]url.Values{
		"as it is": nil, "serializable by default": {"default_transaction_isolation": {"serializable"}},
	} {
		t.Run(name, func(t *testing.T) {
			db := openPostgres(t, storeDSN(t), parameters)
			r := newLedgerRig(t, newStore(t, db), 3)
			require.NoError(t, r.s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Lock(ctx, r.balances[1].Account)
				require.NoError(t, err)
				ps := r.each(3) // not with ctx: this is another caller
				outcomes, err := r.s.Append(t.Context(), ps)
				require.NoError(t, err)
				assert.Equal(t, []store.OutcomeKind{store.OutcomeWritten, store.OutcomeBusy, store.OutcomeWritten}, kinds(outcomes))
				outcomes, err = r.s.Append(t.Context(), ps[1:2])
				require.NoError(t, err)
				assert.Equal(t, []store.OutcomeKind{store.OutcomeBusy}, kinds(outcomes), "alone, too")
				return nil
			}))
		})
	}
}

// spoiled are ways to make a posting one that no database takes.
var spoiled = map[string]func(p *store.Posting){
	"an amount of too many places": func(p *store.Posting) { p.Entries[0].Amount = decimal.New(1, -7) },
	"a balance of too many digits": func(p *store.Posting) { p.Balance.Amount = decimal.New(1, 15) },
	"text with NUL":                func(p *store.Posting) { p.Entries[0].Actor.Name = "a\x00" },
	"text that is no UTF-8":        func(p *store.Posting) { p.Entries[0].Reference = "\xff" },
	"a reference twice":            func(p *store.Posting) { p.Entries = append(p.Entries, p.Entries[0]); p.Entries[1].Number++ },
	"a number that is there":       func(p *store.Posting) { p.Entries[0].Number = -1 },
	"more messages than fit":       func(p *store.Posting) { p.Entries[0].Messages = 1 << 40 },
}

// What is wrong with one posting does no harm to the others of its batch.
func TestAppendLeavesOutOnlyTheGuilty(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		r := newLedgerRig(t, s, 9)
		_, err := db.ExecContext(t.Context(), `INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after)
			SELECT account_id, -1, '2026-01-01T00:00:00.000000Z', account_id, 1, 'charge', 'stray', '1', '1' FROM clientaccount_balances`)
		require.NoError(t, err)
		for name, spoil := range spoiled {
			t.Run(name, func(t *testing.T) {
				if name == "more messages than fit" && db.Dialect().Name().String() == "sqlite" {
					t.Skip("SQLite's integers are larger")
				}
				good := *r
				good.balances = append([]account.Balance(nil), r.balances...)
				ps := good.each(9)
				spoil(&ps[4])
				good.balances[4] = r.balances[4]
				r.balances, r.made = good.balances, good.made

				outcomes, err := s.Append(t.Context(), ps)
				require.NoError(t, err)
				for i, o := range outcomes {
					if i == 4 {
						assert.Equal(t, store.OutcomeBusy, o.Kind)
					} else {
						assert.Equal(t, store.OutcomeWritten, o.Kind)
					}
				}
				_, err = s.Append(t.Context(), ps[4:5])
				require.ErrorIs(t, err, store.ErrNothing, "alone, it is told what is wrong")
				require.Error(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.Post(ctx, ps[4]) }))
				r.requireStored(4)
			})
		}
	})
}

// requireStored says that the balance of the kth account is as last written.
func (r *ledgerRig) requireStored(k int) {
	r.Helper()
	found, err := r.s.Ledger(r.Context(), []store.Lookup{{Account: r.balances[k].Account}})
	require.NoError(r, err)
	assert.Equal(r, r.balances[k].Version, found[0].Balance.Version)
	assert.Equal(r, r.balances[k].Amount.String(), found[0].Balance.Amount.String())
}

// Someone wrote an entry past the version: its reference is told, and who uses the
// reference again with the others is the only one to notice.
func TestAppendTellsOfAReferenceThatOnlyTheKeyKnows(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	r := newLedgerRig(t, newStore(t, db), 3)
	ps := r.each(3)
	rival, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = rival.ExecContext(t.Context(), `INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after)
		VALUES (?, 77, now(), ?, 1, 'charge', ?, 1, 1)`, ps[1].Balance.Account.String(), ps[1].Balance.Account.String(), ps[1].Entries[0].Reference)
	require.NoError(t, err)
	waiting := make(chan []store.Outcome)
	go func() {
		outcomes, err := r.s.Append(t.Context(), ps)
		assert.NoError(t, err)
		waiting <- outcomes
	}()
	requireWaiting(t, db.DB)
	require.NoError(t, rival.Commit())
	outcomes := <-waiting
	assert.Equal(t, []store.OutcomeKind{store.OutcomeWritten, store.OutcomeUsed, store.OutcomeWritten}, kinds(outcomes))
	require.Len(t, outcomes[1].Used, 1)
	assert.EqualValues(t, 77, outcomes[1].Used[0].Number)
}

// requireWaiting waits until a statement waits for a lock.
func requireWaiting(t *testing.T, pool *sql.DB) {
	t.Helper()
	require.Eventually(t, func() bool {
		var n int
		err := pool.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
		return err == nil && n > 0
	}, postgres.Patience, time.Millisecond)
}

// What comes of a posting does not depend on what it is written with.
func TestAppendAloneAndTogetherAreTheSame(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		all := newLedgerRig(t, s, 18)
		for i, cuts := range [][]int{{1, 1, 1, 1, 1, 1}, {2, 4}, {6}} {
			r := &ledgerRig{TB: t, s: s, balances: all.balances[6*i : 6*i+6]}
			ps, want := mixed(r)
			var got []store.OutcomeKind
			for _, n := range cuts {
				outcomes, err := s.Append(t.Context(), ps[:n])
				require.NoError(t, err)
				got, ps = append(got, kinds(outcomes)...), ps[n:]
			}
			assert.Equal(t, want, got)
		}
	})
}

// mixed are postings of every outcome but busy.
func mixed(r *ledgerRig) ([]store.Posting, []store.OutcomeKind) {
	r.append(r.each(6))
	was := append([]account.Balance(nil), r.balances...)
	first := r.each(6)
	r.append(first[1:4])
	copy(r.balances, was) // as who has not heard of it
	ps := r.each(6)
	ps[2] = first[2]
	ps[3].Lookups = []string{first[3].Entries[0].Reference}
	ps[4].Lookups = []string{"free", "\xff"}
	ps[5].Balance.Account, ps[5].Entries[0].Account = account.ID{1}, account.ID{1}
	return ps, []store.OutcomeKind{
		store.OutcomeWritten, store.OutcomeMoved, store.OutcomeUsed, store.OutcomeUsed, store.OutcomeWritten, store.OutcomeMissing,
	}
}

// The forms of the statement write the same: alone, of charges only, and with holds.
func TestAppendWritesTheSameInEveryForm(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		r := newLedgerRig(t, s, 5)
		for range 2 {
			same := r.each(3)
			now := time.Now().UTC()
			for i := range same {
				same[i].Entries[0].At, same[i].Entries[0].Reference = now, same[0].Entries[0].Reference
				same[i].Balance.At = now
			}
			r.append(same[:1])
			r.append(append(r.charge(4), same[1]))
			r.append(append(r.holding(3), same[2]))
		}
		want := ledgerOf(t, s, r.balances[0].Account)
		assert.Len(t, want.Entries, 2)
		for _, b := range r.balances[1:3] {
			assert.Equal(t, want, ledgerOf(t, s, b.Account))
		}
	})
}

// ledgerOf returns all that there is of an account's money, without its id.
func ledgerOf(t *testing.T, s *bunstore.Store, id account.ID) store.Found {
	t.Helper()
	found, err := s.Ledger(t.Context(), []store.Lookup{{Account: id}})
	require.NoError(t, err)
	f := found[0]
	f.Entries, err = s.Entries(t.Context(), account.EntryQuery{Account: id, Oldest: true})
	require.NoError(t, err)
	f.Balance.Account = account.ID{}
	for i := range f.Entries {
		f.Entries[i].Account = account.ID{}
	}
	return f
}
