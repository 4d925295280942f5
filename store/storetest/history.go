package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var historyPromises = []promise{
	{"a record comes back as it was added", inEachHistory(recordValues)},
	{"records come newest first, within the bounds asked for", inEachHistory(historyPages)},
	{"records added out of order are listed in order", inEachHistory(recordsOutOfOrder)},
	{"a page of history has 50 records unless told, 1000 at most", historyLimits},
	{"the history of an item is its list's alone, and outlives it", itemHistory},
	{"what is no list has no history", noHistory},
}

// history is one that a store keeps: of accounts, or of the items of a list.
type history struct {
	changes func(ctx context.Context, r store.Reader, q account.ChangeQuery) ([]account.Record, error)
	add     func(ctx context.Context, tx store.Tx, r account.Record) error
}

var accountHistory = history{
	func(ctx context.Context, r store.Reader, q account.ChangeQuery) ([]account.Record, error) {
		return r.Changes(ctx, q)
	},
	func(ctx context.Context, tx store.Tx, r account.Record) error { return tx.AddChange(ctx, r) },
}

func historyOf(list store.List) history {
	return history{
		func(ctx context.Context, r store.Reader, q account.ChangeQuery) ([]account.Record, error) {
			return r.ItemChanges(ctx, list, q)
		},
		func(ctx context.Context, tx store.Tx, r account.Record) error { return tx.AddItemChange(ctx, list, r) },
	}
}

// inEachHistory tests of all histories what is promised of each.
func inEachHistory(test func(t *testing.T, s store.Store, h history)) func(*testing.T, store.Store) {
	return func(t *testing.T, s store.Store) {
		t.Run("accounts", func(t *testing.T) { test(t, s, accountHistory) })
		for _, list := range store.Lists() {
			t.Run(string(list), func(t *testing.T) { test(t, s, historyOf(list)) })
		}
	}
}

// named is an account of its own in each test, for what must exist.
func named(t *testing.T, s store.Store, login string) account.Account {
	t.Helper()
	a := client(login)
	if _, err := s.Account(t.Context(), a.ID); err != nil {
		insert(t, s, a)
	}
	return a
}

// record returns a change of some fields that led to a revision.
func record(a account.Account, revision int64, paths ...string) account.Record {
	r := account.Record{
		Of: a.ID, Revision: revision, Kind: account.RecordUpdated,
		At:    accounttest.Now().Add(time.Duration(revision) * time.Second),
		Actor: account.Actor{ID: "u-1", Name: "Olena"},
	}
	for _, path := range paths {
		r.Change = append(r.Change, account.FieldChange{Path: path, Old: "old " + path, New: "new " + path})
	}
	return r
}

func (h history) put(t *testing.T, s store.Store, records ...account.Record) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for _, r := range records {
			if err := h.add(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// requireHistory is [history.require] of accounts.
func requireHistory(t *testing.T, s store.Store, q account.ChangeQuery, want ...account.Record) {
	t.Helper()
	accountHistory.require(t, s, q, want...)
}

// require asks for a page and expects exactly these records.
func (h history) require(t *testing.T, s store.Store, q account.ChangeQuery, want ...account.Record) {
	t.Helper()
	got, err := h.changes(t.Context(), s, q)
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i := range want {
		requireInstant(t, want[i].At, got[i].At)
		got[i].At = want[i].At
		assert.ElementsMatch(t, want[i].Change, got[i].Change)
		assert.Equal(t, len(want[i].Change), len(got[i].Change))
		if len(want[i].Change) > 0 {
			assert.Equal(t, want[i].Change, got[i].Change, "fields keep their order")
		}
		got[i].Change = want[i].Change
		assert.Equal(t, want[i], got[i])
	}
}

func recordValues(t *testing.T, s store.Store, h history) {
	a := named(t, s, "recorded")
	created := record(a, 1)
	created.Kind = account.RecordCreated
	updated := record(a, 2, "credit.limit", "login", "notes.comments")
	updated.Change = append(updated.Change, account.FieldChange{Path: "password", Secret: true})
	updated.Reason, updated.Actor = `because "he" asked; --`, account.Actor{ID: "ключ?0", Name: "Zoë 😀"}
	undone := record(a, 3, "credit.limit")
	undone.Kind, undone.Undoes = account.RecordUndone, 2
	undone.Batch, undone.Second = account.ID{1, 15: 0xff}, account.Actor{ID: "второй?0", Name: "Taras 😀"}
	want := []account.Record{undone, updated, created}
	revision := int64(3)
	for _, text := range awkward() {
		revision++
		r := record(a, revision, "notes.comments")
		r.Change[0].Old, r.Change[0].New = text, text+"+"
		r.Reason, r.Actor.Name, r.Second.ID, r.Second.Name = head(text, 200), head(text, 200), head(text, 200), head(text, 200)
		want = append([]account.Record{r}, want...)
	}
	for i := range want {
		h.put(t, s, want[len(want)-1-i])
	}
	h.require(t, s, account.ChangeQuery{Of: a.ID}, want...)
}

func historyPages(t *testing.T, s store.Store, h history) {
	a, b := named(t, s, "one"), named(t, s, "two")
	r1, r2, r3, r4 := record(a, 1, "login"), record(a, 2, "status", "credit.limit"), record(a, 3), record(a, 4, "credit.limit")
	h.put(t, s, r1, r2, r3, r4)
	h.put(t, s, record(b, 1, "credit.limit"), record(b, 2, "login"))
	for name, c := range map[string]struct {
		q    account.ChangeQuery
		want []account.Record
	}{
		"all":                        {account.ChangeQuery{}, []account.Record{r4, r3, r2, r1}},
		"the first":                  {account.ChangeQuery{Limit: 1}, []account.Record{r4}},
		"before one":                 {account.ChangeQuery{Before: 3}, []account.Record{r2, r1}},
		"before one, limited":        {account.ChangeQuery{Before: 4, Limit: 2}, []account.Record{r3, r2}},
		"before the first":           {account.ChangeQuery{Before: 1}, nil},
		"since one":                  {account.ChangeQuery{Since: 2}, []account.Record{r4, r3}},
		"since the last":             {account.ChangeQuery{Since: 4}, nil},
		"between":                    {account.ChangeQuery{Since: 1, Before: 4}, []account.Record{r3, r2}},
		"of a field":                 {account.ChangeQuery{Path: "credit.limit"}, []account.Record{r4, r2}},
		"of a field, limited":        {account.ChangeQuery{Path: "credit.limit", Before: 4, Limit: 1}, []account.Record{r2}},
		"of a field nobody changed":  {account.ChangeQuery{Path: "notes.comments"}, nil},
		"of what only begins a path": {account.ChangeQuery{Path: "credit"}, nil},
		"of a text, not a path":      {account.ChangeQuery{Path: "new login"}, nil},
		"of a wildcard":              {account.ChangeQuery{Path: "%"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.q.Of = a.ID
			h.require(t, s, c.q, c.want...)
		})
	}
}

// recordsOutOfOrder first takes back what was to go between the others.
func recordsOutOfOrder(t *testing.T, s store.Store, h history) {
	a := named(t, s, "recorded")
	r1, r2, r3, r4 := record(a, 1, "login"), record(a, 2, "status"), record(a, 3), record(a, 4, "login")
	h.put(t, s, r1)
	h.put(t, s, r4, r3)
	require.Error(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return errors.Join(h.add(ctx, tx, r2), errors.New("taken back"))
	}))
	h.require(t, s, account.ChangeQuery{Of: a.ID}, r4, r3, r1)
	h.put(t, s, r2)
	h.require(t, s, account.ChangeQuery{Of: a.ID}, r4, r3, r2, r1)
}

func historyLimits(t *testing.T, s store.Store) {
	a := client("long")
	insert(t, s, a)
	var records []account.Record
	for n := range int64(account.MaxPage + 1) {
		records = append(records, record(a, n+1, "login"))
	}
	accountHistory.put(t, s, records...)
	for limit, want := range map[int]int{-1: 50, 0: 50, 7: 7, account.MaxPage: account.MaxPage, 1 << 30: account.MaxPage} {
		got, err := s.Changes(t.Context(), account.ChangeQuery{Of: a.ID, Limit: limit})
		require.NoError(t, err)
		require.Len(t, got, want)
		assert.Equal(t, int64(account.MaxPage+1), got[0].Revision)
	}
}

// itemHistory has an item of each list with the same id, and removes one of them.
func itemHistory(t *testing.T, s store.Store) {
	managers, products := historyOf(store.ListManagers), historyOf(store.ListProducts)
	m, p := accounttest.Manager(1), accounttest.Product(1)
	p.ID = m.ID
	one, two, other := record(client("item"), 1, "name"), record(client("item"), 2, "email"), record(client("item"), 1, "price", "credit_limit")
	one.Of, two.Of, other.Of = m.ID, m.ID, m.ID
	one.Kind, two.Kind = account.RecordCreated, account.RecordRemoved
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.PutItem(ctx, m, 0), tx.PutItem(ctx, p, 0), managers.add(ctx, tx, one), products.add(ctx, tx, other))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.DeleteItem(ctx, store.ListManagers, m.ID), managers.add(ctx, tx, two))
	})
	again := func(ctx context.Context, tx store.Tx) error { return managers.add(ctx, tx, two) }
	require.ErrorIs(t, s.Update(t.Context(), again), account.ErrConflict, "a second record of one revision")
	managers.require(t, s, account.ChangeQuery{Of: m.ID}, two, one)
	products.require(t, s, account.ChangeQuery{Of: m.ID}, other)
	requireHistory(t, s, account.ChangeQuery{Of: m.ID})
	got, err := s.ItemChanges(t.Context(), store.ListManagers, account.ChangeQuery{Of: m.ID, Limit: 1})
	require.NoError(t, err)
	got[0].Change[0].New = "SPOILT"
	managers.require(t, s, account.ChangeQuery{Of: m.ID, Limit: 1}, two)
}

func noHistory(t *testing.T, s store.Store) {
	r := record(client("item"), 1, "name")
	for _, list := range []store.List{"", "prices"} {
		require.Error(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.AddItemChange(ctx, list, r) }))
		historyOf(list).require(t, s, account.ChangeQuery{Of: r.Of})
	}
}
