package clientaccount_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Every verb of a Service that has no store says so, and none panics.
func TestAServiceWithoutAStoreSaysSo(t *testing.T) {
	var absent *memstore.Store
	for name, svc := range map[string]*clientaccount.Service{
		"zero": {}, "nil store": clientaccount.New(nil, nil), "nil pointer": clientaccount.New(absent, nil), "zero store": clientaccount.New(&memstore.Store{}, nil),
		"On of zero": (&clientaccount.Service{}).On(memstore.New()), "On nil": clientaccount.New(memstore.New(), nil).On(nil), "nil Service": nil,
	} {
		v := reflect.ValueOf(svc)
		for i := range v.NumMethod() {
			method := v.Type().Method(i)
			if slices.Contains([]string{"Now", "On", "HashesBegun", "ThrottledKeys", "WaitingToWrite", "WaitingForLock"}, method.Name) || name == "nil Service" && method.Name != "Charge" {
				continue
			}
			t.Run(name+" "+method.Name, func(t *testing.T) {
				var out []reflect.Value
				require.NotPanics(t, func() { out = v.Method(i).Call(zeros(t, method.Type)) })
				if n := len(out); n > 0 && out[n-1].Type() == reflect.TypeFor[error]() && !slices.Contains([]string{"Close", "Balances", "Reprice", "Settings", "Status", "Count", "Find"}, method.Name) { // without ids, or for none, there is nothing to do
					assert.False(t, out[n-1].IsNil(), "an error")
				}
			})
		}
	}
	_, err := (&clientaccount.Service{}).Charge(t.Context(), clientaccount.Charge{})
	require.ErrorIs(t, err, clientaccount.ErrNoStore)
}

// zeros are zero arguments of a method, but for its context.
func zeros(t *testing.T, method reflect.Type) (args []reflect.Value) {
	t.Helper()
	for i := 1; i < method.NumIn(); i++ {
		if method.IsVariadic() && i == method.NumIn()-1 {
			break
		}
		if method.In(i).Name() == "Context" {
			args = append(args, reflect.ValueOf(t.Context()))
			continue
		}
		args = append(args, reflect.Zero(method.In(i)))
	}
	return args
}

// What an Options does not say is its default, each field by itself.
func TestAHalfFilledHashCostTakesTheDefaultsOfTheRest(t *testing.T) {
	b := newBench(t)
	for _, cost := range []clientaccount.HashCost{{MemoryKiB: 64}, {Iterations: 1, MemoryKiB: 64}, {Parallelism: 2, MemoryKiB: 64}, {Iterations: 1}} {
		svc := clientaccount.New(b.store, &clientaccount.Options{Hash: cost, Hashes: -1, Balances: -1, SettingsFor: -1, EventsEvery: -1, OverdrawHorizon: -1})
		login := "acme" + string(rune('a'+cost.Iterations)) + string(rune('a'+cost.Parallelism)) + string(rune('a'+cost.MemoryKiB%7))
		_, err := svc.Create(t.Context(), client(login))
		require.NoError(t, err)
		_, err = svc.Authenticate(t.Context(), clientaccount.Attempt{Login: login, Password: password, Channel: account.ChannelWeb})
		require.ErrorIs(t, err, clientaccount.ErrInactive, "the password is right")
	}
}

// An edit without Apply alters nothing; a creation then lacks what is required.
func TestANilApplyAltersNothing(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	done, err := b.svc.Update(t.Context(), a.ID, a.Revision, clientaccount.Edit{})
	require.NoError(t, err)
	assert.Empty(t, done.Change)
	_, err = b.svc.Preview(t.Context(), a.ID, a.Revision, clientaccount.Edit{})
	require.NoError(t, err)
	_, err = b.svc.Create(t.Context(), clientaccount.Edit{})
	assert.Contains(t, faults(err), "login login.required")
}

func TestSubscribeNeedsAFunction(t *testing.T) {
	require.ErrorIs(t, clientaccount.New(memstore.New(), nil).Subscribe(t.Context(), clientaccount.Subscription{}), clientaccount.ErrNoHandler)
}
