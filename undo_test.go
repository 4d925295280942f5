package clientaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

func TestUndoTakesAChangeBackAsANewChange(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	a = b.update(a, "contact.company", "Acme Ltd", "credit.limit", "100") // revision 2
	a = b.update(a, "notes.comments", "kept")                             // revision 3

	e := set()
	e.Actor, e.Reason = marek, "Wrong client"
	undone, err := b.svc.Undo(t.Context(), a.ID, 3, 2, e)
	require.NoError(t, err)
	stored := b.get(a.ID)
	assert.Equal(t, text(undone.Account), text(stored))
	assert.Equal(t, "Company of acme", stored.Contact.Company)
	assert.True(t, stored.Credit.Limit.IsZero())
	assert.Equal(t, "kept", stored.Notes.Comments, "other changes stay")

	record := b.history(a.ID)[0]
	assert.Equal(t, account.RecordUndone, record.Kind)
	assert.Equal(t, int64(2), record.Undoes)
	assert.Equal(t, int64(4), record.Revision)
	assert.Equal(t, marek, record.Actor)
	assert.Equal(t, "Wrong client", record.Reason)
}

func TestUndoOfAnUndoBringsTheChangeBack(t *testing.T) {
	b := newBench(t)
	a := b.update(b.create("acme"), "contact.company", "Acme Ltd")
	_, err := b.svc.Undo(t.Context(), a.ID, 2, 2, set())
	require.NoError(t, err)
	_, err = b.svc.Undo(t.Context(), a.ID, 3, 2, set())
	assert.Equal(t, []string{"contact.company change.superseded"}, faults(err), "it was taken back already")
	again, err := b.svc.Undo(t.Context(), a.ID, 3, 3, set())
	require.NoError(t, err)
	assert.Equal(t, "Acme Ltd", again.Account.Contact.Company)
}

func TestUndoIsRefused(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	a = b.update(a, "contact.company", "Acme Ltd", "credit.limit", "100")                    // 2
	a = b.update(a, "contact.company", "Acme GmbH")                                          // 3
	a = b.update(a, "password", "an-other-Heron-31", "password_retype", "an-other-Heron-31") // 4
	a = b.update(a, "contact.contract", "C-1")                                               // 5
	a = b.update(a, "contact.contract", "C-2")                                               // 6
	b.create("other", func(a *account.Account) { a.Contact.Contract = "C-1" })               // took C-1 meanwhile
	_, _, err := b.svc.NewGatewayPassword(t.Context(), a.ID, a.Revision, olena)              // 7
	require.NoError(t, err)
	before := text(b.get(a.ID))

	for name, c := range map[string]struct {
		record int64
		want   []string
	}{
		"a field was changed again":    {2, []string{"contact.company change.superseded"}},
		"a creation":                   {1, []string{"change change.final"}},
		"a password":                   {4, []string{"change change.final"}},
		"a gateway password":           {7, []string{"change change.final"}},
		"the rules refuse the old one": {6, []string{"contact.contract contract.taken"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.svc.Undo(t.Context(), a.ID, 7, c.record, set())
			assert.Equal(t, c.want, faults(err))
		})
	}
	for _, record := range []int64{-1, 0, 8, 1 << 62} {
		_, err = b.svc.Undo(t.Context(), a.ID, 7, record, set())
		require.ErrorIs(t, err, account.ErrNotFound, "record %d", record)
	}
	_, err = b.svc.Undo(t.Context(), a.ID, 6, 3, set())
	require.ErrorIs(t, err, account.ErrStale)
	_, err = b.svc.Undo(t.Context(), account.ID{3}, 1, 1, set())
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.Equal(t, before, text(b.get(a.ID)))
	assert.Len(t, b.history(a.ID), 7)
}

func TestUndoLeavesTheSecretOfAMixedChange(t *testing.T) {
	b := newBench(t)
	a := b.update(b.create("acme", rest), "contact.company", "Acme Ltd", "password", "an-other-Heron-31", "password_retype", "an-other-Heron-31")
	done, err := b.svc.Undo(t.Context(), a.ID, 2, 2, set())
	require.NoError(t, err)
	assert.Equal(t, account.Change{{Path: "contact.company", Old: "Acme Ltd", New: "Company of acme"}}, done.Change)
	require.NoError(t, b.signIn("acme", "an-other-Heron-31"), "the password stays as it is")
}

func TestUndoAsksTheGuard(t *testing.T) {
	b := newBench(t)
	a := b.update(b.create("acme"), "contact.company", "Acme Ltd")
	e := set()
	e.Guard = func(account.Account, account.Account) error {
		return account.NewFault("contact.company", "field.forbidden", "contact.company")
	}
	_, err := b.svc.Undo(t.Context(), a.ID, 2, 2, e)
	assert.Equal(t, []string{"contact.company field.forbidden"}, faults(err))
}
