package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// tb is what *testing.T, *testing.B and *rapid.T have in common here.
type tb interface {
	require.TestingT
	Helper()
	Context() context.Context
}

var client = accounttest.Valid

// update runs fn in a transaction that must succeed.
func update(t tb, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), fn))
}

func insert(t tb, s store.Store, accounts ...account.Account) {
	t.Helper()
	update(t, s, inserting(accounts...))
}

func inserting(accounts ...account.Account) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		for _, a := range accounts {
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
		}
		return nil
	}
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

func requireInstant(t tb, want, got time.Time) {
	t.Helper()
	require.True(t, want.Equal(got), "want the instant %v, got %v", want, got)
	require.Equal(t, time.UTC, got.Location(), "instants are given in UTC")
}

// locking locks the balances of accounts.
func locking(ctx context.Context, tx store.Tx, ids ...account.ID) error {
	_, err := tx.Lock(ctx, ids...)
	return err
}

// lost reports whether a transaction lost a race, which the caller may try again.
func lost(err error) bool {
	return errors.Is(err, account.ErrConflict) || errors.Is(err, account.ErrStale)
}

// retry runs fn until it lost no race, and says how often fn was run for each try.
func retry(ctx context.Context, s store.Store, fn func(context.Context, store.Tx) error) error {
	for {
		runs := 0
		err := s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			if runs++; runs > 1 {
				return errors.New("the function of one Update was run twice")
			}
			return fn(ctx, tx)
		})
		if !lost(err) {
			return err
		}
	}
}

// both runs two functions at once and returns their errors.
func both(a, b func() error) (errA, errB error) {
	done := make(chan error, 1)
	go func() { done <- b() }()
	errA = a()
	return errA, <-done
}

// facts returns the fields of a value of package account as text: amounts by what they
// are worth, instants with their zone. Reflection sees to it that no field is forgotten.
func facts(of any) map[string]string {
	all := map[string]string{}
	noteFacts(all, "", reflect.ValueOf(of))
	return all
}

func noteFacts(all map[string]string, path string, v reflect.Value) {
	switch x := v.Interface().(type) {
	case decimal.Decimal:
		all[path] = x.String()
		return
	case account.Optional[decimal.Decimal]:
		amount, set := x.Get()
		all[path] = fmt.Sprint(amount, " set ", set)
		return
	case account.Optional[account.MessageState]:
		all[path] = x.String()
		return
	case time.Time:
		all[path] = x.Format(time.RFC3339Nano)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			noteFacts(all, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	default:
		all[path] = fmt.Sprint(v.Interface())
	}
}

// listOfFacts is facts of each value of a list.
func listOfFacts[T any](values []T) []map[string]string {
	list := make([]map[string]string, len(values))
	for i := range values {
		list[i] = facts(values[i])
	}
	return list
}

// requireFacts compares lists in their order, and tells only what differs.
func requireFacts[T any](t tb, want, got []T, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	wanted := listOfFacts(want)
	for i, facts := range listOfFacts(got) {
		for field, text := range wanted[i] {
			require.Equal(t, text, facts[field], "%s: %s of number %d", what, field, i)
		}
	}
}

// requireAny is requireFacts of lists that may be in any order.
func requireAny[T any](t tb, want, got []T, what string) {
	t.Helper()
	byText := func(a, b T) int { return strings.Compare(fmt.Sprint(facts(a)), fmt.Sprint(facts(b))) }
	requireFacts(t, slices.SortedFunc(slices.Values(want), byText), slices.SortedFunc(slices.Values(got), byText), what)
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
