// Package rounds says how often tests repeat what shows only now and then: a process
// killed at a random moment, a random history.
package rounds

import (
	"flag"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Var is the environment variable that multiplies all rounds, 1 unless it is set.
const Var = "CLIENTACCOUNT_ROUNDS"

// Of returns how many rounds a test makes that makes n for every change.
func Of(tb testing.TB, n int) int {
	tb.Helper()
	text := os.Getenv(Var)
	if text == "" {
		return n
	}
	times, err := strconv.Atoi(text)
	require.NoError(tb, err, Var)
	require.Positive(tb, times, Var)
	return n * times
}

// Checks has rapid try n histories in this test for every change, and its own number where Var is
// set. A test that runs beside others cannot ask for it.
func Checks(tb testing.TB, n int) {
	tb.Helper()
	if os.Getenv(Var) != "" {
		return
	}
	const name = "rapid.checks"
	before := flag.Lookup(name)
	require.NotNil(tb, before, name)
	was := before.Value.String()
	require.NoError(tb, flag.Set(name, strconv.Itoa(n)))
	tb.Cleanup(func() { require.NoError(tb, flag.Set(name, was)) })
}
