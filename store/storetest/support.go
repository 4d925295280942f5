package storetest

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

type tb = support.TB

var (
	client         = accounttest.Valid
	update         = support.Update
	insert         = support.Insert
	inserting      = support.Inserting
	requireInstant = support.RequireInstant
	lost           = support.Lost
	retry          = support.Retry
	both           = support.Both
	facts          = support.Facts
	awkward        = support.Awkward
	head           = support.Head
)

func requireFacts[T any](t tb, want, got []T, what string) {
	t.Helper()
	support.RequireFacts(t, want, got, what)
}

func requireAny[T any](t tb, want, got []T, what string) {
	t.Helper()
	support.RequireAny(t, want, got, what)
}

// replacing replaces an account that is at the revision before a's.
func replacing(a account.Account) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, a, a.Revision-1) }
}

// next returns the account one revision on.
func next(a account.Account) account.Account {
	a = a.Clone()
	a.Revision++
	return a
}

func get(t tb, s store.Store, id account.ID) account.Account {
	t.Helper()
	a, err := s.Account(t.Context(), id)
	require.NoError(t, err)
	return a
}

// putReferences stores the managers and products that accounttest's accounts have.
func putReferences(t tb, s store.Store) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for n := 1; n <= 3; n++ {
			if err := tx.PutItem(ctx, accounttest.Manager(n), 0); err != nil {
				return err
			}
			if err := tx.PutItem(ctx, accounttest.Product(n), 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// requireSame compares accounts as the field table sees them, and what no field shows.
func requireSame(t tb, want, got account.Account) {
	t.Helper()
	for _, f := range account.Fields() {
		assert.Equal(t, f.Text(want), f.Text(got), "%s must come back as it was given", f.Path)
	}
	assert.Equal(t, want.ID, got.ID)
	assert.Equal(t, want.Revision, got.Revision)
	assert.Equal(t, want.Parent, got.Parent)
	requireInstant(t, want.CreatedAt, got.CreatedAt)
	requireInstant(t, want.UpdatedAt, got.UpdatedAt)
	requireInstant(t, want.Expires, got.Expires)
	requireInstant(t, want.Credit.Overdraw.ExpiresAt, got.Credit.Overdraw.ExpiresAt)
	require.True(t, got.Core.Password.IsZero(), "a password must not be stored")
}

// locking locks the balances of accounts.
func locking(ctx context.Context, tx store.Tx, ids ...account.ID) error {
	_, err := tx.Lock(ctx, ids...)
	return err
}

// requireBook reads everything about the money of an account.
func requireBook(t tb, s store.Reader, k *book) {
	t.Helper()
	id := k.balance.Account
	requireFacts(t, []account.Balance{k.balance}, []account.Balance{balanceOf(t, s, id)}, "the balance")
	entries, err := s.Entries(t.Context(), account.EntryQuery{Account: id, Oldest: true, Limit: account.MaxPage})
	require.NoError(t, err)
	requireFacts(t, k.entries, entries, "the entries")
	holds, err := s.Holds(t.Context(), account.HoldQuery{Account: id, Limit: account.MaxPage})
	require.NoError(t, err)
	requireFacts(t, k.holds, holds, "the holds")
	events, err := s.Events(t.Context(), account.EventQuery{Account: id, Limit: account.MaxPage})
	require.NoError(t, err)
	requireFacts(t, k.events, events, "the events")
}

// lookUp asks about one account.
func lookUp(t tb, s store.Reader, l store.Lookup) store.Found {
	t.Helper()
	found, err := s.Ledger(t.Context(), []store.Lookup{l})
	require.NoError(t, err)
	require.Len(t, found, 1, "each lookup is answered")
	return found[0]
}

func balanceOf(t tb, s store.Reader, id account.ID) account.Balance {
	t.Helper()
	return lookUp(t, s, store.Lookup{Account: id}).Balance
}

// fill gives each field of what p points at a value of its own that is not zero.
// Ids are those of the accounts that fillAccounts stores.
func fill(p any, seed int) { fillValue(reflect.ValueOf(p).Elem(), &seed) }

func fillAccounts(t tb, s store.Store) {
	t.Helper()
	insert(t, s, client("fill-0"), client("fill-1"), client("fill-2"))
}

func fillValue(v reflect.Value, seed *int) {
	*seed++
	n := int64(*seed)
	switch p := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*p = decimal.New(n, 6).Add(decimal.New(n, -6))
	case *account.Optional[decimal.Decimal]:
		*p = account.Some(decimal.New(n, -4))
	case *time.Time:
		*p = at(1000*int(n) + 1)
	case *account.ID:
		*p = client(fmt.Sprint("fill-", n%3)).ID
	case *[]account.ID:
		*p = []account.ID{client("fill-2").ID, client("fill-0").ID, client("fill-1").ID}
	case *account.Fingerprint:
		*p = account.Fingerprint{0, byte(n), 0xff, 15: 7}
	case *account.Currency:
		*p = "UAH"
	case *account.MovementKind:
		*p = account.KindAdjust
	case *account.EventKind:
		*p = account.EventLimitCleared
	case *account.LimitUnit:
		*p = account.UnitMoney
	default:
		fillKind(v, seed)
	}
}

func fillKind(v reflect.Value, seed *int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i), seed)
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("%s %d", head("їß'\"\\%_😀", 8), *seed))
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(int64(*seed))
	}
}
