package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

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
