package bunstore

import (
	"context"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

const accountsTable = "clientaccount_accounts"

// accountColumns are the columns that accountRow reads. company_key and
// search_text, which follow from others, are only written.
var accountColumns = func() []string {
	columns := []string{"id", "revision", "parent", "created_at", "updated_at"}
	for _, c := range profile {
		columns = append(columns, c.name)
	}
	return columns
}()

func accountRow(r *row) account.Account {
	a := account.Account{
		ID: r.id(), Revision: r.integer(), Parent: r.id(), CreatedAt: r.instant(), UpdatedAt: r.instant(),
	}
	for _, c := range profile {
		c.restore(r, &a)
	}
	return a
}

func accountValues(a account.Account) (values, error) {
	v := values{
		"id": idText(a.ID), "revision": a.Revision, "parent": idValue(a.Parent),
		"created_at": instantText(a.CreatedAt), "updated_at": instantText(a.UpdatedAt),
		"company_key": account.Fold(a.Contact.Company), "search_text": a.SearchText(),
	}
	for _, c := range profile {
		value, err := c.value(a)
		if err != nil {
			return nil, err
		}
		v[c.name] = value
	}
	return v, nil
}

// account is the account whose column has a value, locked or not.
func (s session) account(ctx context.Context, column, value string, lock bool) (account.Account, error) {
	if value == "" || !storable(value) {
		return account.Account{}, notFound(ctx)
	}
	q := s.from(accountsTable).Where("? = ?", ident(column), value)
	if lock {
		q = s.engine.lock(q)
	}
	return one(ctx, s, q, accountColumns, accountRow)
}

func (s session) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return s.account(ctx, "id", id.String(), false)
}

func (s session) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return s.account(ctx, keyColumn(key), value, false)
}

func (t *tx) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return t.account(ctx, "id", id.String(), true)
}

func (t *tx) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return t.account(ctx, keyColumn(key), value, true)
}

// keyColumn is the column of a key: that of the field.
func keyColumn(key store.Key) string { return strings.ReplaceAll(string(key), ".", "_") }

func (s session) OpenSubaccounts(ctx context.Context, parent account.ID) (int, error) {
	open := s.from(accountsTable).
		Where("parent = ?", idValue(parent)).Where("status <> ?", string(account.StatusClosed))
	return reading(ctx, s, func() (int, error) {
		n, err := open.Count(ctx)
		return int(n), s.failed(ctx, err)
	})
}

func (t *tx) PutAccount(ctx context.Context, a account.Account, was int64) error {
	v, err := accountValues(a)
	if err != nil {
		return err
	}
	if err := t.put(ctx, accountsTable, a.ID, was, v); err != nil || was == 0 {
		return err
	}
	return t.changed(ctx, a.ID)
}

// notFound answers what needs no asking.
func notFound(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return store.ErrNotFound
}
