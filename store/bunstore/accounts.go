package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

const accountsTable = "clientaccount_accounts"

// account returns the account whose column has a value, locked or not.
func (s reader) account(ctx context.Context, column, value string, lock bool) (account.Account, error) {
	if value == "" || !rows.Storable(value) {
		return account.Account{}, session.NotFound(ctx)
	}
	q := s.From(accountsTable).Where("? = ?", ident(column), value)
	if lock {
		q = s.Dialect.Lock(q)
	}
	return session.Only(session.List(ctx, s.Session, q, rows.Accounts))
}

func (s reader) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return s.account(ctx, "id", id.String(), false)
}

func (s reader) AccountsByID(ctx context.Context, ids ...account.ID) ([]account.Account, error) {
	if len(ids) == 0 {
		return nil, ctx.Err()
	}
	return session.List(ctx, s.Session, s.ofIDs(ids), rows.Accounts)
}

func (s reader) ofIDs(ids []account.ID) *bun.SelectQuery {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = rows.IDText(id)
	}
	return s.From(accountsTable).Where("id IN (?)", bun.List(texts))
}

func (s reader) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return s.account(ctx, rows.FieldColumn(string(key)), value, false)
}

func (t *tx) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return t.account(ctx, "id", id.String(), true)
}

func (t *tx) AccountsByID(ctx context.Context, ids ...account.ID) ([]account.Account, error) {
	if len(ids) == 0 {
		return nil, ctx.Err()
	}
	return session.List(ctx, t.Session, t.Dialect.Lock(t.ofIDs(ids).OrderExpr("id")), rows.Accounts)
}

func (t *tx) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return t.account(ctx, rows.FieldColumn(string(key)), value, true)
}

func (s reader) OpenSubaccounts(ctx context.Context, parent account.ID) (int, error) {
	open := s.From(accountsTable).
		Where("parent = ?", rows.IDText(parent)).Where("status <> ?", string(account.StatusClosed))
	return session.Reading(ctx, s.Session, func() (int, error) {
		n, err := open.Count(ctx)
		return int(n), s.Failed(ctx, err)
	})
}

func (t *tx) PutAccount(ctx context.Context, a account.Account, was int64) error {
	v, err := rows.AccountsWritten.Named(&a)
	if err != nil {
		return err
	}
	if err := t.put(ctx, accountsTable, a.ID, was, v); err != nil {
		return err
	}
	if err := t.PutListed(ctx, a.Summary(), was == 0); err != nil || was == 0 {
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

func (s reader) Credential(ctx context.Context, id account.ID, kind store.CredentialKind) (string, error) {
	if !rows.Storable(string(kind)) {
		return "", session.NotFound(ctx)
	}
	return session.Only(session.Queried(ctx, s.Session, selectCredential, 1, (*rows.Row).Text, rows.IDText(id), string(kind)))
}

func (t *tx) SetCredential(ctx context.Context, id account.ID, kind store.CredentialKind, hash string) error {
	if !rows.Storable(string(kind), hash) {
		return rows.ErrText
	}
	_, err := t.Execute(ctx, upsertCredential, rows.IDText(id), string(kind), hash)
	return err
}
