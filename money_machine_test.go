package clientaccount_test

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// checks sets how often rapid checks a property of this test.
func checks(t *testing.T, n int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	was := f.Value.String()
	require.NoError(t, flag.Set("rapid.checks", strconv.Itoa(n)))
	t.Cleanup(func() { require.NoError(t, flag.Set("rapid.checks", was)) })
}

// Random histories in memory and on the reference model never part.
func TestMoneyAgreesWithTheReferenceModel(t *testing.T) {
	checks(t, 1000)
	rapid.Check(t, func(t *rapid.T) {
		clock := moneytest.NewClock(began)
		svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		moneytest.History(t, svc, clock, 50)
	})
}
