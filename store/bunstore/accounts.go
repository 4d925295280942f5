package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

const accountsTable = "clientaccount_accounts"

// account returns the account whose column has a value, locked or not.
func (s session) account(ctx context.Context, column, value string, lock bool) (account.Account, error) {
	if value == "" || !rows.Storable(value) {
		return account.Account{}, notFound(ctx)
	}
	q := s.from(accountsTable).Where("? = ?", ident(column), value)
	if lock {
		q = s.dialect.Lock(q)
	}
	return only(list(ctx, s, q, rows.Accounts))
}

func (s session) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return s.account(ctx, "id", id.String(), false)
}

func (s session) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return s.account(ctx, rows.FieldColumn(string(key)), value, false)
}

func (t *tx) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return t.account(ctx, "id", id.String(), true)
}

func (t *tx) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return t.account(ctx, rows.FieldColumn(string(key)), value, true)
}

func (s session) OpenSubaccounts(ctx context.Context, parent account.ID) (int, error) {
	open := s.from(accountsTable).
		Where("parent = ?", rows.IDText(parent)).Where("status <> ?", string(account.StatusClosed))
	return reading(ctx, s, func() (int, error) {
		n, err := open.Count(ctx)
		return int(n), s.failed(ctx, err)
	})
}

func (t *tx) PutAccount(ctx context.Context, a account.Account, was int64) error {
	v, err := rows.AccountsWritten.Named(&a)
	if err != nil {
		return err
	}
	if err := t.put(ctx, accountsTable, a.ID, was, v); err != nil || was == 0 {
		return err
	}
	return t.changed(ctx, a.ID)
}

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
