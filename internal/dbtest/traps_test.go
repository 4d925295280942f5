package dbtest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// statements is a query hook that keeps the text of what it sees.
type statements struct {
	mu   sync.Mutex
	seen []string
}

func (*statements) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (s *statements) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, e.Query)
}

func TestHashesAreNoPartOfStatements(t *testing.T) {
	const hash = "$argon2id$v=19$m=19456,t=2,p=1$c2VjcmV0$aGFzaA"
	forEachBackend(t, func(t *testing.T, db *bun.DB, _ *bunstore.Store) {
		hook := &statements{}
		s, err := bunstore.New(db.WithQueryHook(hook))
		require.NoError(t, err)
		a := accounttest.Valid("hashed")
		require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
			return tx.SetCredential(ctx, a.ID, store.WebPassword, hash)
		}))
		got, err := s.Credential(t.Context(), a.ID, store.WebPassword)
		require.NoError(t, err)
		require.Equal(t, hash, got)
		all := strings.Join(hook.seen, "\n")
		assert.Contains(t, all, "'hashed'", "the hook must see statements")
		assert.NotContains(t, all, "argon2id")
		assert.NotContains(t, all, accounttest.Password)
	})
}

// What databases cannot store is found nowhere, and not stored as something else.
func TestUnstorableText(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		a := accounttest.Valid("ab")
		a.Contact.Contract = "ab"
		require.NoError(t, s.Update(t.Context(), inserting(a)))
		for _, text := range []string{"a\x00b", "ab\x00", "a\xffb", "\xed\xa0\x80"} {
			_, err := s.AccountBy(t.Context(), store.KeyLogin, text)
			require.ErrorIs(t, err, account.ErrNotFound)
			_, err = s.AccountBy(t.Context(), store.KeyContract, text)
			require.ErrorIs(t, err, account.ErrNotFound)
			_, err = s.Credential(t.Context(), a.ID, store.CredentialKind(text))
			require.ErrorIs(t, err, account.ErrNotFound)
			for _, q := range []account.Query{{Search: text}, {Country: account.Country(text)}, {Status: account.Status(text)}} {
				rows, err := s.Accounts(t.Context(), q)
				require.NoError(t, err)
				assert.Empty(t, rows)
			}
			_, err = s.Accounts(t.Context(), account.Query{After: &account.Position{Value: text}})
			require.Error(t, err)
			records, err := s.Changes(t.Context(), account.ChangeQuery{Of: a.ID, Path: text})
			require.NoError(t, err)
			assert.Empty(t, records)
			for name, write := range unstorable(a, text) {
				require.Error(t, s.Update(t.Context(), write), name)
			}
		}
		got, err := s.Account(t.Context(), a.ID)
		require.NoError(t, err)
		assert.Equal(t, a.Revision, got.Revision)
	})
}

func unstorable(a account.Account, text string) map[string]func(context.Context, store.Tx) error {
	return map[string]func(context.Context, store.Tx) error{
		"PutAccount, new": func(ctx context.Context, tx store.Tx) error {
			b := accounttest.Valid("new")
			b.Notes.Comments = text
			return tx.PutAccount(ctx, b, 0)
		},
		"PutAccount": func(ctx context.Context, tx store.Tx) error {
			a.Contact.Company = text
			a.Revision++
			return tx.PutAccount(ctx, a, a.Revision-1)
		},
		"AddChange": func(ctx context.Context, tx store.Tx) error {
			return tx.AddChange(ctx, account.Record{Of: a.ID, Revision: 2, Change: account.Change{{Path: "login", Old: text}}})
		},
		"AddChange, who": func(ctx context.Context, tx store.Tx) error {
			return tx.AddChange(ctx, account.Record{Of: a.ID, Revision: 2, Actor: account.Actor{Name: text}})
		},
		"SetCredential": func(ctx context.Context, tx store.Tx) error {
			return tx.SetCredential(ctx, a.ID, store.WebPassword, text)
		},
		"PutItem manager": func(ctx context.Context, tx store.Tx) error {
			m := accounttest.Manager(1)
			m.Name = text
			return tx.PutItem(ctx, m, 0)
		},
		"PutItem product": func(ctx context.Context, tx store.Tx) error {
			p := accounttest.Product(1)
			p.Name = text
			return tx.PutItem(ctx, p, 0)
		},
	}
}

// A database would round what it cannot keep, and say nothing.
func TestAmountsAreNeverRounded(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		for _, text := range []string{"0.0000001", "1.2345678", "1000000000000000"} {
			d := account.Some(decimal.RequireFromString(text))
			a := accounttest.Valid("amount")
			a.Credit.Limit = d
			require.ErrorContains(t, s.Update(t.Context(), inserting(a)), "credit.limit")
			p := accounttest.Product(1)
			p.Price = d
			require.Error(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.PutItem(ctx, p, 0) }))
		}
		a := accounttest.Valid("amount")
		a.Credit.Limit = account.Some(decimal.RequireFromString("100.00"))
		a.Credit.Overdraw.Limit = decimal.RequireFromString("123456789012345.678901")
		require.NoError(t, s.Update(t.Context(), inserting(a)))
		kept := map[dialect.Name]string{dialect.PG: "100.000000 123456789012345.678901", dialect.SQLite: "100 123456789012345.678901"}
		var got string
		require.NoError(t, db.NewSelect().Table("clientaccount_accounts").
			ColumnExpr("CAST(credit_limit AS text) || ' ' || CAST(credit_overdraw_limit AS text)").Scan(t.Context(), &got))
		assert.Equal(t, kept[db.Dialect().Name()], got)
		back, err := s.Account(t.Context(), a.ID)
		require.NoError(t, err)
		limit, _ := back.Credit.Limit.Get()
		assert.True(t, decimal.NewFromInt(100).Equal(limit))
		assert.Equal(t, "100", limit.String())
		assert.Equal(t, "123456789012345.678901", back.Credit.Overdraw.Limit.String())
	})
}

func TestNaNIsRefusedByTheDatabase(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	newStore(t, db)
	_, err := db.ExecContext(t.Context(), `INSERT INTO clientaccount_products
		(id, revision, name, name_key, currency, price, moderation) VALUES (gen_random_uuid(), 1, '', '', '', 'NaN', '')`)
	require.ErrorContains(t, err, "23514", "a check constraint")
}

// More places than microseconds would be rounded up by PostgreSQL, into the future.
func TestInstantsAreCutToMicroseconds(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		a := accounttest.Valid("instant")
		at := time.Date(2026, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
		a.Expires, a.CreatedAt, a.UpdatedAt, a.Credit.Overdraw.ExpiresAt = at, at, at, at
		require.NoError(t, s.Update(t.Context(), inserting(a)))
		got, err := s.Account(t.Context(), a.ID)
		require.NoError(t, err)
		for _, instant := range []time.Time{got.Expires, got.CreatedAt, got.UpdatedAt, got.Credit.Overdraw.ExpiresAt} {
			assert.Equal(t, at.Truncate(time.Microsecond), instant)
		}
	})
}

// A value that has no text, such as hours without days, could not be read back.
func TestWhatCannotBeReadBackIsNotWritten(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		a := accounttest.Valid("unreadable")
		a.Core.Dispatch = account.Dispatch{From: 60, To: 120}
		require.ErrorContains(t, s.Update(t.Context(), inserting(a)), "dispatch")
	})
}

// A failed statement ends a PostgreSQL transaction: what follows must not count.
func TestErrorThatIsSwallowedCommitsNothing(t *testing.T) {
	s := newStore(t, openPostgres(t, storeDSN(t), nil))
	first, taken := accounttest.Valid("first"), accounttest.Valid("taken")
	taken.Core.Login = "first"
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		assert.NoError(t, tx.PutAccount(ctx, first, 0))
		assert.Error(t, tx.PutAccount(ctx, taken, 0))
		return nil
	})
	require.Error(t, err)
	_, err = s.Account(t.Context(), first.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestNestedUpdateIsRefused(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		require.NoError(t, s.Update(t.Context(), func(ctx context.Context, _ store.Tx) error {
			assert.ErrorIs(t, s.Update(ctx, inserting(accounttest.Valid("nested"))), store.ErrNested)
			return nil
		}))
		require.NoError(t, s.Update(t.Context(), inserting(accounttest.Valid("nested"))))
	})
}
