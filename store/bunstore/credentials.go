package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// The statements here go to database/sql with parameters: bun would write a hash
// into the statement's text, for every query hook and server log to see.
const (
	selectCredential = `SELECT hash FROM clientaccount_credentials WHERE account_id = $1 AND kind = $2`
	upsertCredential = `INSERT INTO clientaccount_credentials (account_id, kind, hash) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, kind) DO UPDATE SET hash = excluded.hash`
)

func (s session) Credential(ctx context.Context, id account.ID, kind store.CredentialKind) (string, error) {
	if !rows.Storable(string(kind)) {
		return "", notFound(ctx)
	}
	return only(queried(ctx, s, selectCredential, 1, (*rows.Row).Text, rows.IDText(id), string(kind)))
}

func (t *tx) SetCredential(ctx context.Context, id account.ID, kind store.CredentialKind, hash string) error {
	if !rows.Storable(string(kind), hash) {
		return rows.ErrText
	}
	_, err := t.execute(ctx, upsertCredential, rows.IDText(id), string(kind), hash)
	return err
}
