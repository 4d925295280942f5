package support

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// Facts returns the fields of a value of package account as text: amounts by what they
// are worth, instants with their zone. Reflection sees to it that no field is forgotten.
func Facts(of any) map[string]string {
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
	case document.UnitPrice:
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

// ListOfFacts is Facts of each value of a list.
func ListOfFacts[T any](values []T) []map[string]string {
	list := make([]map[string]string, len(values))
	for i := range values {
		list[i] = Facts(values[i])
	}
	return list
}

// RequireFacts compares lists in their order, and tells only what differs.
func RequireFacts[T any](t TB, want, got []T, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	wanted := ListOfFacts(want)
	for i, facts := range ListOfFacts(got) {
		for field, text := range wanted[i] {
			require.Equal(t, text, facts[field], "%s: %s of number %d", what, field, i)
		}
	}
}

// RequireAny is RequireFacts of lists that may be in any order.
func RequireAny[T any](t TB, want, got []T, what string) {
	t.Helper()
	byText := func(a, b T) int { return strings.Compare(fmt.Sprint(Facts(a)), fmt.Sprint(Facts(b))) }
	RequireFacts(t, slices.SortedFunc(slices.Values(want), byText), slices.SortedFunc(slices.Values(got), byText), what)
}
