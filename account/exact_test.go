package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func restored(t require.TestingT, a account.Account) account.Account {
	var b account.Account
	for _, f := range account.Fields() {
		if !f.Secret() {
			require.NoError(t, f.Restore(&b, f.Exact(a)), f.Path)
		}
	}
	return b
}

func TestExactTextRestoresEveryField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := accounttest.Random(t)
		b := restored(t, a)
		for _, f := range account.Fields() {
			if !f.Secret() {
				assert.Equal(t, f.Exact(a), f.Exact(b), f.Path)
			}
		}
	})
}

func TestRestoreTidiesNothing(t *testing.T) {
	var a account.Account
	a.Core.Login, a.Contact.Phone, a.Contact.Telegram, a.Contact.Company = " A ", "+1 (2)", "name", " x "
	a.Notes.Comments = " a\r\nb "
	a.Routing.Senders = account.Senders{" a, b ", "", "c\nd"}
	assert.Equal(t, a, restored(t, a))
	assert.Equal(t, account.Account{}, restored(t, account.Account{}), "the zero value stays it")
}

func TestRestoreRefusesWhatExactDoesNotGive(t *testing.T) {
	for path, text := range map[string]string{
		"expires_at": "soon", "routing.senders": "ACME", "dispatch": "always", "credit.limit": "x", "sending.smpp": "yes",
	} {
		f, ok := account.FieldAt(path)
		require.True(t, ok, path)
		a := accounttest.Full()
		require.Error(t, f.Restore(&a, text), path)
		assert.Equal(t, accounttest.Full(), a, path)
	}
}
