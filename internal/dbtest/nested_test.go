package dbtest

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// A database that has one connection to give would be waited for without end, where the
// host's functions ran while that is taken.
func TestAnEditHoldsNoConnectionWhileTheHostsFunctionsRun(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) *bun.DB{
		"PostgreSQL": func(t *testing.T) *bun.DB { return openPostgres(t, storeDSN(t), nil) },
		"SQLite":     func(t *testing.T) *bun.DB { return openSQLiteStore(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			s := newStore(t, db)
			e := newEditors(t, s)
			id := e.create(t, "acme")
			db.DB.SetMaxOpenConns(1)
			ctx := t.Context()
			var nested, read error
			topUp := clientaccount.TopUp{Account: id, Amount: decimal.NewFromInt(1), Reference: "nested"}
			within := func() {
				_, nested = e.svc.TopUp(ctx, topUp)
				_, read = e.svc.Get(ctx, id)
			}
			_, err := e.svc.Update(ctx, id, 1, clientaccount.Edit{
				Apply: func(a *account.Account) error { a.Contact.Skype = "acme"; within(); return nil },
				Guard: func(_, _ account.Account) error { within(); return nil },
			})
			require.NoError(t, err)
			require.ErrorIs(t, nested, clientaccount.ErrNested)
			require.NoError(t, read)
			require.NoError(t, s.Update(ctx, func(ctx context.Context, _ store.Tx) error {
				_, err := e.svc.TopUp(ctx, topUp)
				assert.ErrorIs(t, err, clientaccount.ErrNested, "with the transaction's context")
				return nil
			}))
			require.NoError(t, s.Update(ctx, func(context.Context, store.Tx) error {
				for _, svc := range []*clientaccount.Service{e.svc, clientaccount.New(s, nil)} {
					_, err := svc.TopUp(ctx, topUp)
					assert.ErrorIs(t, err, clientaccount.ErrNested, "with another context")
					_, err = svc.SaveManager(ctx, account.Manager{Name: "Olena"}, account.Actor{}, "")
					assert.ErrorIs(t, err, clientaccount.ErrNested, "with another context")
				}
				return nil
			}))
			_, err = e.svc.TopUp(ctx, topUp)
			require.NoError(t, err)
		})
	}
}
