// Package rounds says how often tests repeat what shows only now and then: a process
// killed at a random moment, a random history.
package rounds

import (
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
