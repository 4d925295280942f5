package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func TestDiffIsWhatApplyNeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := withoutTokens(canonical(t)), withoutPassword(withoutTokens(canonical(t)))
		diff := account.Diff(a, b)
		applied := withoutPassword(a.Clone())
		require.NoError(t, diff.Apply(&applied))
		require.Empty(t, account.Diff(applied, b), "applying the difference leaves none")

		back, secrets := account.Record{Change: diff}.Inverse()
		require.Empty(t, secrets)
		require.NoError(t, back.Apply(&applied))
		require.Empty(t, account.Diff(applied, withoutPassword(a)), "taken back")
	})
}

// withoutTokens takes off the queries of URLs, of which a difference knows nothing.
func withoutTokens(a account.Account) account.Account {
	for _, url := range []*string{&a.Webhooks.APIState, &a.Webhooks.APIIncoming, &a.Webhooks.RESTState, &a.Webhooks.RESTIncoming} {
		*url, _, _ = strings.Cut(*url, "?")
	}
	return a
}

// Invariant 3: each field at most once, in the order of the page, only differences.
func TestDiffListsEachFieldOnceInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		diff := account.Diff(canonical(t), canonical(t))
		next := 0
		fields := account.Fields()
		for _, fc := range diff {
			for next < len(fields) && fields[next].Path != fc.Path {
				next++
			}
			require.Less(t, next, len(fields), fc.Path)
			next++
			require.True(t, fc.Secret || fc.Old != fc.New, fc.Path)
		}
	})
}

func TestDiffOfAFullAccount(t *testing.T) {
	full := accounttest.Full()
	diff := account.Diff(account.New(), full)
	assert.Len(t, diff, len(account.Fields())-1, "every field, both places of the password as one")
	password, ok := diff.At("password")
	assert.True(t, ok)
	assert.Equal(t, account.FieldChange{Path: "password", Secret: true}, password)
	assert.NotContains(t, fmt.Sprintf("%+v", diff), accounttest.Password)

	_, secrets := account.Record{Change: diff}.Inverse()
	assert.Equal(t, []string{"password", "webhooks.api_state"}, secrets, "one URL has a query")
	_, ok = diff.At("balance")
	assert.False(t, ok)
}

func TestApplySetsWhatItCanAndNamesTheRest(t *testing.T) {
	a := account.New()
	err := account.Change{}.
		Set("contact.company", "Acme").
		Set("credit.limit", "10,50").
		Set("balance", "1000000").
		Set("sending.smpp", "perhaps").
		Apply(&a)

	faults, ok := account.AsFaults(fmt.Errorf("an edit: %w", err))
	require.True(t, ok)
	assert.Equal(t, account.Faults{
		account.NewFault("balance", "field.unknown", "balance"),
		account.NewFault("credit.limit", "credit.comma"),
		account.NewFault("sending.smpp", "flag.flag"),
	}, faults)
	assert.Equal(t, "Acme", a.Contact.Company)
	assert.True(t, a.Credit.Limit.IsZero())
	assert.True(t, faults.Has("credit.comma"))
	assert.False(t, faults.Has("credit.scale"))
}

func TestApplyReadsTimesInTheZoneOfTheSameChange(t *testing.T) {
	a := account.New()
	require.NoError(t, account.Change{}.
		Set("expires_at", "2026-12-01T12:00").
		Set("time_zone", "Asia/Tokyo").Apply(&a))
	assert.Equal(t, 3, a.Expires.Hour())
}

func TestFaultsAsErrors(t *testing.T) {
	assert.NoError(t, account.Faults{}.Err())
	assert.NoError(t, account.Faults(nil).Err())
	one := account.NewFault("login", "login.length")
	faults, ok := account.AsFaults(fmt.Errorf("wrapped: %w", one))
	assert.True(t, ok)
	assert.Equal(t, account.Faults{one}, faults)
	assert.EqualError(t, faults, "account: login: Login must have 3 to 64 characters.")
	_, ok = account.AsFaults(errors.New("other"))
	assert.False(t, ok)
	_, ok = account.AsFaults(nil)
	assert.False(t, ok)
}
