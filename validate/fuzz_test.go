package validate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/validate"
)

// holds checks what is true of any account, however it came about.
func holds(t require.TestingT, a account.Account, f validate.Facts) {
	rules.Normalize(&a)
	once := a.Clone()
	rules.Normalize(&a)
	require.Equal(t, once, a, "normalizing twice is normalizing once")

	faults := rules.Account(a, f)
	order := map[string]int{}
	for i, field := range account.Fields() {
		order[field.Path] = i + 1
	}
	seen := map[[2]string]bool{}
	last := 0
	for _, fault := range faults {
		key := [2]string{fault.Path, fault.Code}
		require.False(t, seen[key], "%v twice", key)
		require.NotEqual(t, account.NewFault("", "no such code").Text, fault.Text, fault.Code)
		require.NotContains(t, fault.Text, "%", fault.Code)
		require.GreaterOrEqual(t, order[fault.Path], last, "in the order of the page")
		seen[key], last = true, order[fault.Path]
	}
	if len(faults) > 0 {
		return
	}
	for _, field := range account.Fields() { // invariant 2 holds of every valid account
		b := a.Clone()
		require.NoError(t, field.Set(&b, field.Text(a)), field.Path)
		require.Equal(t, field.Text(a), field.Text(b), field.Path)
	}
}

func TestRandomAccountsAreJudged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { holds(t, accounttest.Random(t), create()) })
}

// FuzzAccount sets two fields to any text and checks the result.
func FuzzAccount(f *testing.F) {
	f.Add(uint(0), "ACME", uint(20), "+380501112233")
	f.Add(uint(9), "-1.005", uint(8), "JPY")
	f.Add(uint(7), "Mon 22:00–06:00", uint(11), "9999-12-31T23:59:59-01:00")
	f.Add(uint(20), "0501112233", uint(21), "UA")
	f.Fuzz(func(t *testing.T, first uint, text string, second uint, other string) {
		fields := account.Fields()
		a := base()
		n := uint(len(fields))
		_ = fields[first%n].Set(&a, text) // what is refused leaves a as it was
		_ = fields[second%n].Set(&a, other)
		before := base()
		before.Core.Password = account.NewPassword{}
		holds(t, a, create())
		holds(t, a, validate.Facts{Now: accounttest.Now(), Before: &before, Balance: account.Balance{Entries: 1}, OpenSubaccounts: 2})
		assert.NotPanics(t, func() { validate.Warnings(a, edit(before)) })
	})
}
