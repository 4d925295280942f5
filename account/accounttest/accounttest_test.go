package accounttest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFullDiffersFromNewInEveryField(t *testing.T) {
	full, plain := accounttest.Full(), account.New()
	for _, f := range account.Fields() {
		if f.Path == "password_retype" {
			continue // counts as one with the password
		}
		assert.True(t, f.Differs(plain, full), f.Path)
	}
}

func TestFullIsCanonical(t *testing.T) {
	for _, f := range account.Fields() {
		if f.Secret() {
			continue
		}
		a := accounttest.Full()
		text := f.Text(a)
		require.NoError(t, f.Set(&a, text), f.Path)
		assert.Equal(t, text, f.Text(a), f.Path)
	}
}

func TestFixturesShareNothing(t *testing.T) {
	accounttest.Full().Routing.Senders[0] = "CHANGED"
	assert.Equal(t, "ACME", accounttest.Full().Routing.Senders[0])
}

func TestIDsAreFixedDistinctAndOrdered(t *testing.T) {
	for n := range 1000 {
		assert.Equal(t, accounttest.ID(n), accounttest.ID(n))
		assert.Less(t, accounttest.ID(n).String(), accounttest.ID(n+1).String())
	}
	assert.NotEqual(t, accounttest.Valid("one").ID, accounttest.Valid("two").ID)
	assert.Equal(t, accounttest.Valid("one"), accounttest.Valid("one"))
}

// What Random draws can be stored and read by the field table. Texts with blanks
// around them are the exception by intent: a store keeps them, setting trims them.
func TestRandomIsWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := accounttest.Random(t)
		for _, d := range []string{"credit.limit", "credit.overdraw.limit", "notification_limit"} {
			f, _ := account.FieldAt(d)
			b := a.Clone()
			require.NoError(t, f.Set(&b, f.Text(a)), d)
			require.Equal(t, f.Text(a), f.Text(b), d)
		}
		for _, f := range account.Fields() {
			if f.Max > 0 {
				require.LessOrEqual(t, len([]rune(f.Text(a))), f.Max, f.Path)
			}
		}
	})
}
