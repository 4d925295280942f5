package clientaccount_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// staleOf returns what an edit at a revision that is gone answers.
func staleOf(b *bench, id account.ID, revision int64) *clientaccount.StaleError {
	b.Helper()
	_, err := b.svc.Update(b.Context(), id, revision, set("notes.comments", "mine"))
	require.ErrorIs(b, err, account.ErrStale)
	stale, ok := errors.AsType[*clientaccount.StaleError](err)
	require.True(b, ok)
	return stale
}

func TestStaleEditGetsBothSidesAndWhoDidWhat(t *testing.T) {
	b := newBench(t)
	seen := b.create("acme")
	second := set("contact.company", "Acme Ltd", "credit.limit", "100")
	second.Actor = marek
	_, err := b.svc.Update(t.Context(), seen.ID, 1, second)
	require.NoError(t, err)
	theirs := b.update(b.get(seen.ID), "contact.company", "Acme GmbH")

	stale := staleOf(b, seen.ID, 1)
	assert.Equal(t, text(seen), text(stale.Was), "as the editor saw it")
	assert.Equal(t, int64(1), stale.Was.Revision)
	assert.Equal(t, text(theirs), text(stale.Theirs))
	require.Len(t, stale.Since, 2)
	assert.Equal(t, int64(3), stale.Since[0].Revision, "the newest first")

	record, changed := stale.By("contact.company")
	assert.True(t, changed)
	assert.Equal(t, olena, record.Actor, "who changed it last")
	record, changed = stale.By("credit.limit")
	assert.True(t, changed)
	assert.Equal(t, marek, record.Actor)
	_, changed = stale.By("login")
	assert.False(t, changed)
	assert.Empty(t, b.get(seen.ID).Notes.Comments, "nothing was written")
}

func TestStaleEditAcrossManyChanges(t *testing.T) {
	b := newBench(t)
	seen := b.create("acme")
	a := seen
	for i := range account.MaxPage + 3 {
		a = b.update(a, "notes.comments", fmt.Sprint("change ", i))
	}
	stale := staleOf(b, seen.ID, 1)
	assert.Len(t, stale.Since, account.MaxPage+3)
	assert.Equal(t, text(seen), text(stale.Was))
}

func TestStaleEditOfARevisionThatNeverWas(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	for _, revision := range []int64{-1, 0, 2, 1 << 60} {
		stale := staleOf(b, a.ID, revision)
		assert.Equal(t, text(a), text(stale.Was), "revision %d", revision)
		assert.Empty(t, stale.Since)
	}
}

func TestStaleSharesNothingWithTheStore(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", func(a *account.Account) { a.Routing.Senders = account.Senders{"ACME", "4455"} })
	b.update(a, "notes.comments", "theirs")
	stale := staleOf(b, a.ID, 1)
	stale.Was.Routing.Senders[0], stale.Theirs.Routing.Senders[1] = "EVIL", "666"
	assert.Equal(t, account.Senders{"ACME", "4455"}, b.get(a.ID).Routing.Senders)
	assert.Equal(t, "4455", stale.Was.Routing.Senders[1], "was and theirs are apart")
}
