package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Sixty-four editors each make edits of one client with the revision they saw, and
// read again when somebody was faster.
func TestManyEditorsLoseNoChangeAndCountNoneTwice(t *testing.T) {
	const editors, edits = 64, 5
	b := newBench(t)
	a := b.create("acme")
	var mu sync.Mutex
	landed := map[int64]string{1: ""} // by revision, the text that an editor was told is in
	var group sync.WaitGroup
	for editor := range editors {
		group.Go(func() {
			for n := range edits {
				comment := fmt.Sprintf("editor %d, edit %d", editor, n)
				revision := b.editUntilItLands(a.ID, comment)
				mu.Lock()
				assert.NotContains(t, landed, revision, "two editors were told of one revision")
				landed[revision] = comment
				mu.Unlock()
			}
		})
	}
	group.Wait()

	history := b.history(a.ID)
	require.Len(t, history, editors*edits+1, "every success once")
	for _, record := range history {
		if record.Revision > 1 {
			change, _ := record.Change.At("notes.comments")
			assert.Equal(t, landed[record.Revision], change.New)
			assert.Equal(t, landed[record.Revision-1], change.Old, "each change starts from the one before")
		}
	}
	assert.Equal(t, landed[editors*edits+1], b.get(a.ID).Notes.Comments)
}

// editUntilItLands returns what a patient editor does; it returns the revision made.
func (b *bench) editUntilItLands(id account.ID, comment string) int64 {
	for {
		a, err := b.svc.Get(b.Context(), id)
		if !assert.NoError(b, err) {
			return 0
		}
		done, err := b.svc.Update(b.Context(), id, a.Revision, set("notes.comments", comment))
		switch {
		case err == nil:
			return done.Account.Revision
		case !errors.Is(err, account.ErrStale):
			assert.NoError(b, err)
			return 0
		}
	}
}

func TestOneRevisionIsWonByOneEditor(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	results := make([]error, 64)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() {
			_, results[i] = b.svc.Update(t.Context(), a.ID, 1, set("notes.comments", fmt.Sprint(i)))
		})
	}
	group.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, account.ErrStale)
	}
	assert.Equal(t, 1, won)
	assert.Len(t, b.history(a.ID), 2)
}

func TestOneLoginIsWonByOneCreator(t *testing.T) {
	b := newBench(t)
	results := make([]error, 16)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() { _, results[i] = b.svc.Create(t.Context(), client("acme")) })
	}
	group.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		assert.Equal(t, []string{"login login.taken"}, faults(err))
	}
	assert.Equal(t, 1, won)
}

func TestLostRacesAreTriedAgainAndCountOnce(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	b.store.LoseRaces(5)
	b.update(a, "notes.comments", "landed")
	assert.Len(t, b.history(a.ID), 2)

	b.store.LoseRaces(1000)
	_, err := b.svc.Update(t.Context(), a.ID, 2, set("notes.comments", "never"))
	require.ErrorIs(t, err, account.ErrConflict, "not for ever")
	b.store.LoseRaces(0)
	assert.Equal(t, "landed", b.get(a.ID).Notes.Comments)
	assert.Len(t, b.history(a.ID), 2)
}

func TestLostRacesEndWithTheContext(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	b.store.LoseRaces(1000)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := b.svc.Update(ctx, a.ID, 1, edit(func(a *account.Account) error {
		a.Notes.Comments = "x"
		cancel() // while the first try is under way
		return nil
	}))
	require.ErrorIs(t, err, context.Canceled)
}

// hostTx is a store bound to a transaction that the host began.
type hostTx struct{ store.Tx }

func (h hostTx) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return fn(ctx, h.Tx)
}

func TestOnJoinsTheHostsTransaction(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest)
	rollback := errors.New("the host thinks better of it")
	inTx := func(end error) error {
		return b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			svc := b.svc.On(hostTx{tx})
			if _, err := svc.Update(ctx, a.ID, 1, set("notes.comments", "with the host's own rows",
				"password", "an-other-Heron-31", "password_retype", "an-other-Heron-31")); err != nil {
				return err
			}
			if _, err := svc.Create(ctx, client("second")); err != nil {
				return err
			}
			return end
		})
	}
	require.ErrorIs(t, inTx(rollback), rollback)
	assert.Len(t, b.history(a.ID), 1, "rolled back with the host")
	require.NoError(t, b.signIn("acme", password))
	_, err := b.svc.ByLogin(t.Context(), "second")
	require.ErrorIs(t, err, account.ErrNotFound)

	require.NoError(t, inTx(nil))
	assert.Len(t, b.history(a.ID), 2)
	require.NoError(t, b.signIn("acme", "an-other-Heron-31"))
}

func TestOnDoesNotTryAgain(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	b.store.LoseRaces(1)
	_, err := b.svc.On(b.store).Update(t.Context(), a.ID, 1, set("notes.comments", "x"))
	require.ErrorIs(t, err, account.ErrConflict, "only the host can repeat its whole transaction")
}

// Whatever is edited, the history taken back from the newest to the oldest gives
// every account that ever was.
func TestHistoryLeadsBackToEveryRevision(t *testing.T) {
	edits := []clientaccount.Edit{
		set("notes.comments", "one"), set("notes.comments", "two"), set("contact.company", "Acme Ltd"), set("credit.limit", "100"),
		set("credit.limit", ""), set("sending.smpp", "true"), set("sending.smpp", "false"), set("routing.senders", "ACME,4455"),
		set("dispatch", "Mon 09:00-18:00"), set("time_zone", "Europe/Kyiv"), set("billing.invoice_days", "31,1"), set("login", "acme.two"),
	}
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		a := b.create("acme")
		versions := []account.Account{a}
		for range rapid.IntRange(1, 12).Draw(rt, "edits") {
			done, err := b.svc.Update(t.Context(), a.ID, a.Revision, rapid.SampledFrom(edits).Draw(rt, "edit"))
			require.NoError(rt, err)
			if len(done.Change) > 0 {
				versions = append(versions, done.Account)
			}
			a = done.Account
		}
		for i, version := range versions[:len(versions)-1] {
			stale := staleOf(b, a.ID, int64(i+1))
			require.Equal(rt, text(version), text(stale.Was))
		}
	})
}
