package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

var demoDay = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// on has what is done in a transaction done on a store, which has none to be shared.
func on(st *memstore.Store) within {
	return func(_ context.Context, fn func(store.Transactor) error) error { return fn(st) }
}

// told returns a store with the demo's clients, and its rows.
func told(t *testing.T, now time.Time) (*memstore.Store, []account.Summary) {
	t.Helper()
	st := memstore.New()
	s, err := tell(t.Context(), st, on(st), now)
	require.NoError(t, err)
	require.NoError(t, settle(t.Context(), st, s.hookedClients(), now))
	require.NoError(t, makePapers(t.Context(), st, s, true))
	rows, err := st.Accounts(t.Context(), account.Query{Limit: account.MaxPage, Now: now})
	require.NoError(t, err)
	require.Len(t, rows, len(s.made))
	return st, rows
}

func TestDemoIsVariedAndPlausible(t *testing.T) {
	st, rows := told(t, demoDay)
	assert.InDelta(t, 60, len(rows), 5)
	statuses, countries, managers, products, currencies := map[account.Status]int{}, map[account.Country]int{}, map[account.ID]int{}, map[account.ID]int{}, map[account.Currency]int{}
	records, actors := 0, map[string]bool{}
	for _, row := range rows {
		statuses[account.StatusAt(row.Status, row.Expires, demoDay)]++
		countries[row.Country]++
		managers[row.Manager]++
		products[row.Product]++
		currencies[row.Currency]++
		history, err := st.Changes(t.Context(), account.ChangeQuery{Of: row.ID, Limit: account.MaxPage})
		require.NoError(t, err)
		for i, record := range history {
			assert.NotEmpty(t, record.Reason)
			assert.True(t, record.At.Before(demoDay), "%s: a change in the future", row.Login)
			assert.True(t, i == 0 || record.At.Before(history[i-1].At), "%s: changes out of order", row.Login)
			actors[record.Actor.Name] = true
			records++
		}
	}
	for _, status := range append(account.Statuses(), account.StatusExpired) {
		assert.NotZero(t, statuses[status], "a client that is %s", status)
	}
	assert.Greater(t, statuses[account.StatusActive], len(rows)/2)
	assert.Greater(t, len(countries), 20)
	assert.Len(t, managers, len(demoManagers))
	assert.Len(t, products, len(demoProducts)+1, "and some without")
	assert.Greater(t, len(currencies), 3)
	assert.Greater(t, records, 3*len(rows))
	assert.Greater(t, len(actors), len(demoManagers))
}

func TestDemoIsTheSameEveryTime(t *testing.T) {
	one, rows := told(t, demoDay)
	two, again := told(t, demoDay)
	require.Equal(t, rows, again)
	for _, row := range rows {
		a, err := one.Account(t.Context(), row.ID)
		require.NoError(t, err)
		b, err := two.Account(t.Context(), row.ID)
		require.NoError(t, err)
		assert.Empty(t, account.Diff(a, b))
	}
}

func TestDemoWorksOnAnyDay(t *testing.T) {
	for _, day := range []time.Time{
		time.Date(2028, 2, 29, 23, 59, 59, 0, time.UTC), time.Date(2027, 3, 28, 1, 30, 0, 0, time.UTC), time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		told(t, day)
	}
}

func TestDemoLeavesWhatIsThereAlone(t *testing.T) {
	st := memstore.New()
	svc := clientaccount.New(st, &clientaccount.Options{Hash: cheapHash})
	_, err := svc.Create(t.Context(), clientaccount.Edit{Actor: demoActor, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "mine", "Mine Ltd"
		a.Core.Password = account.SetPassword(demoPassword, demoPassword)
		return nil
	}})
	require.NoError(t, err)
	made, err := tell(t.Context(), st, on(st), demoDay)
	require.NoError(t, err)
	assert.Nil(t, made)
	rows, err := st.Accounts(t.Context(), account.Query{})
	require.NoError(t, err)
	assert.Len(t, rows, 1)
}
