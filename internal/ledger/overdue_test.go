package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// A clock that was set back, or is slow, does not take entries back in time.
func TestEntriesAscendInTime(t *testing.T) {
	now := accounttest.Now()
	b := ledger.Opened(accounttest.ID(1), account.Terms{Currency: "EUR"}, now)
	for i, step := range []struct{ clock, want time.Duration }{{0, 0}, {time.Hour, time.Hour}, {time.Minute, time.Hour}, {time.Hour + time.Second, time.Hour + time.Second}} {
		m := account.Movement{Kind: account.KindHold, Amount: decimal.NewFromInt(1), Reference: string(rune('a' + i))}
		if i == 0 {
			m.Kind, m.Amount = account.KindTopUp, decimal.NewFromInt(10)
		}
		done, err := ledger.Apply(b, m, ledger.Against{}, now.Add(step.clock))
		require.NoError(t, err)
		b = done.Balance
		assert.Equal(t, now.Add(step.want), done.Entry.At)
		assert.Equal(t, done.Entry.At, b.At)
		if done.Hold != nil {
			assert.Equal(t, now.Add(step.clock), done.Hold.At, "a hold stands by the clock of who made it")
			assert.Equal(t, now.Add(step.clock+account.DefaultHoldTimeout), done.Hold.Until)
		}
	}
}

func TestOverdueIsWhatWouldBeLeft(t *testing.T) {
	now := time.Date(2026, 11, 30, 21, 30, 0, 0, time.UTC) // in Kyiv half an hour before December
	payer, child := accounttest.ID(1), accounttest.ID(2)
	b := account.Balance{
		Account: child, Held: decimal.NewFromInt(10), Spent: decimal.NewFromInt(7), Month: 2026*12 + 11,
		Expires: now, Terms: account.Terms{Zone: "Europe/Kyiv"},
	}
	var o store.Overdue
	o.Add(account.Hold{Account: child, Amount: decimal.NewFromInt(2)}, 3)
	o.Add(account.Hold{Account: child, Amount: decimal.NewFromInt(1), At: now, Chain: []account.ID{payer, child}}, 1)
	o.Add(account.Hold{Account: child, Amount: decimal.NewFromInt(2), At: now, Chain: []account.ID{child, payer}}, 1)
	o.Add(account.Hold{Account: child, Amount: decimal.NewFromInt(2), At: now.AddDate(0, -1, 0), Chain: []account.ID{child, payer}}, 1)
	o.Next = now.Add(time.Minute)

	seen := ledger.Without(b, o, now)
	assert.Equal(t, "3", seen.Held.String())
	assert.Equal(t, "5", seen.Spent.String(), "what was spent last month stays spent")
	assert.Equal(t, o.Next, seen.Expires)
	assert.Equal(t, "7", ledger.Without(b, o, now.Add(time.Hour)).Spent.String(), "in December that of November does not matter")
	back := ledger.With(seen, b, seen)
	assert.Equal(t, b.Held.String()+" "+b.Spent.String(), back.Held.String()+" "+back.Spent.String())
	assert.Equal(t, b.Expires, back.Expires)

	twice := o.Plus(o)
	assert.Equal(t, "-4", ledger.Without(b, twice, now).Held.String())
	assert.Equal(t, "3", ledger.Without(b, o, now).Held.String(), "a sum shares nothing with its parts")
	o.Add(account.Hold{Account: child, Amount: decimal.NewFromInt(2)}, -3)
	assert.Equal(t, "9", ledger.Without(b, o, now).Held.String())
}
