package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// The statements here go to database/sql with parameters: bun would write a hash
// into the statement's text, for every query hook and server log to see.
const (
	selectCredential = `SELECT hash FROM clientaccount_credentials WHERE account_id = $1 AND kind = $2`
	upsertCredential = `INSERT INTO clientaccount_credentials (account_id, kind, hash) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, kind) DO UPDATE SET hash = excluded.hash`
)

func (s session) Credential(ctx context.Context, id account.ID, kind store.CredentialKind) (string, error) {
	if !storable(string(kind)) {
		return "", notFound(ctx)
	}
	found, err := query(ctx, s, selectCredential, 1, (*row).text, idText(id), string(kind))
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", store.ErrNotFound
	}
	return found[0], nil
}

func (t *tx) SetCredential(ctx context.Context, id account.ID, kind store.CredentialKind, hash string) error {
	if !storable(string(kind), hash) {
		return errText
	}
	_, err := t.conn.ExecContext(ctx, t.engine.native(upsertCredential), idText(id), string(kind), hash)
	return t.failed(ctx, err)
}
