package clientaccount_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// Whatever is asked of a Standing speaks of the money that is spent, the payer's too.
func TestAllThatAStandingAnswersAgrees(t *testing.T) {
	b := newBench(t)
	f := b.family("10", "7")
	for id, available := range map[account.ID]string{f.payer.ID: "10", f.child.ID: "7", f.grandchild.ID: "7"} {
		s, err := b.svc.Balance(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, available, s.Available.String())
		assert.True(t, s.Allows(s.Available), "equality passes")
		more := s.Available.Add(decimal.New(1, -6))
		assert.False(t, s.Allows(more))
		_, err = b.svc.Hold(t.Context(), holdOf(id, more.String(), "more"))
		require.ErrorIs(t, err, account.ErrExhausted)
		b.do(b.svc.Hold(t.Context(), holdOf(id, available, "all")))
		b.do(b.svc.Release(t.Context(), clientaccount.Release{Account: id, Hold: "all", Reference: "none"}))
	}
}

// A method that package account means for one balance by itself would be wrong of a child.
func TestAStandingHasNoMethodsOfOneBalanceByItself(t *testing.T) {
	s := reflect.TypeFor[clientaccount.Standing]()
	for _, name := range []string{"Apply", "Notice", "Under", "Due"} {
		_, has := s.MethodByName(name)
		assert.False(t, has, name)
	}
	available, _ := s.FieldByName("Available")
	assert.Equal(t, reflect.TypeFor[decimal.Decimal](), available.Type)
	assert.Zero(t, reflect.TypeFor[clientaccount.OwnMoney]().NumMethod())
}

// The messages that are left are those that what is available pays for.
func TestAStandingCountsMessagesOfWhatIsAvailable(t *testing.T) {
	b := newBench(t)
	b.svc = clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Price: func(context.Context, account.Account) (account.Optional[decimal.Decimal], error) {
		return account.Some(decimal.NewFromInt(2)), nil
	}})
	f := b.family("10", "7")
	s, err := b.svc.Balance(t.Context(), f.child.ID)
	require.NoError(t, err)
	left, known := s.Messages()
	assert.True(t, known)
	assert.Equal(t, "3", left.String())
}
