package ledger_test

import (
	"testing"

	"pgregory.net/rapid"
)

// Two routes to one answer, and a third: the balance as it goes, the entries added up,
// and fractions of math/big over the whole history.
func FuzzBalance(f *testing.F) { f.Fuzz(rapid.MakeFuzz(historyOfOne)) }
