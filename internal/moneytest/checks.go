package moneytest

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/rounds"
)

// Checks makes rapid check n histories, times package rounds, until the test ends. Under the race detector it
// is a tenth of them, and says so: the full number is checked without it.
func Checks(t *testing.T, n int) {
	t.Helper()
	n = rounds.Of(t, n)
	if underRace {
		t.Logf("%d histories under the race detector, %d without", n/10, n)
		n /= 10
	}
	f := flag.Lookup("rapid.checks")
	was := f.Value.String()
	require.NoError(t, flag.Set("rapid.checks", strconv.Itoa(n)))
	t.Cleanup(func() { require.NoError(t, flag.Set("rapid.checks", was)) })
}
