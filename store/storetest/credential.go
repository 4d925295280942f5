package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var credentialPromises = []promise{
	{"a hash is kept until another takes its place", credentials},
	{"replacing an account leaves its hashes alone", credentialsStay},
}

func setting(id account.ID, kind store.CredentialKind, hash string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.SetCredential(ctx, id, kind, hash) }
}

func requireCredential(t *testing.T, s store.Store, id account.ID, kind store.CredentialKind, want string) {
	t.Helper()
	got, err := s.Credential(t.Context(), id, kind)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func credentials(t *testing.T, s store.Store) {
	a, b := client("one"), client("two")
	insert(t, s, a, b)
	const hash = `$argon2id$v=19$m=19456,t=2,p=1$c2FsdD8/$aGFzaCdcJQ`
	update(t, s, setting(a.ID, store.WebPassword, hash))
	requireCredential(t, s, a.ID, store.WebPassword, hash)
	_, err := s.Credential(t.Context(), a.ID, store.GatewayPassword)
	require.ErrorIs(t, err, account.ErrNotFound, "of the other kind")
	_, err = s.Credential(t.Context(), b.ID, store.WebPassword)
	require.ErrorIs(t, err, account.ErrNotFound, "of another account")
	update(t, s, setting(a.ID, store.GatewayPassword, "gateway"))
	update(t, s, setting(a.ID, store.WebPassword, hash+"2"))
	requireCredential(t, s, a.ID, store.WebPassword, hash+"2")
	requireCredential(t, s, a.ID, store.GatewayPassword, "gateway")
}

func credentialsStay(t *testing.T, s store.Store) {
	a := client("one")
	insert(t, s, a)
	update(t, s, setting(a.ID, store.WebPassword, "hash"))
	update(t, s, replacing(next(a)))
	requireCredential(t, s, a.ID, store.WebPassword, "hash")
}
