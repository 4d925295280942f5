package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// Each event is told once, when it comes true, and not when it cannot be known.
func TestEventsAreToldOnceWhenTheyComeTrue(t *testing.T) {
	const reached, cleared = account.EventLimitReached, account.EventLimitCleared
	const ended, exhausted = account.EventOverdrawEnded, account.EventExhausted
	now := accounttest.Now()
	price := account.Some(money("0.5"))
	for name, tt := range map[string]struct {
		b         account.Balance
		available string
		want      []account.EventKind
		again     bool // as it was told before
	}{
		"above a limit of money":        {account.Balance{Amount: money("5.01"), Terms: account.Terms{Limit: account.MoneyLimit(money("5"))}}, "5.01", nil, false},
		"at a limit of money":           {account.Balance{Amount: money("5"), Terms: account.Terms{Limit: account.MoneyLimit(money("5"))}}, "5", []account.EventKind{reached}, false},
		"what is held does not count":   {account.Balance{Amount: money("6"), Held: money("1"), Terms: account.Terms{Limit: account.MoneyLimit(money("5"))}}, "9", []account.EventKind{reached}, false},
		"told already":                  {account.Balance{Low: true, Amount: money("5"), Terms: account.Terms{Limit: account.MoneyLimit(money("5"))}}, "5", nil, true},
		"above it again":                {account.Balance{Low: true, Amount: money("6"), Terms: account.Terms{Limit: account.MoneyLimit(money("5"))}}, "6", []account.EventKind{cleared}, true},
		"shared money, by what is left": {account.Balance{Terms: account.Terms{Shares: account.ID{9}, Limit: account.MoneyLimit(money("5"))}}, "5", []account.EventKind{reached}, false},
		"shared money, above":           {account.Balance{Terms: account.Terms{Shares: account.ID{9}, Limit: account.MoneyLimit(money("5"))}}, "5.1", nil, false},
		"messages without a price":      {account.Balance{Low: true, Terms: account.Terms{Limit: account.MessagesLimit(10)}}, "1", nil, true},
		"ten messages are left":         {account.Balance{Terms: account.Terms{Price: price, Limit: account.MessagesLimit(10)}}, "5.49", []account.EventKind{reached}, false},
		"eleven messages are left":      {account.Balance{Terms: account.Terms{Price: price, Limit: account.MessagesLimit(10)}}, "5.5", nil, false},
		"no limit":                      {account.Balance{Low: true}, "1", nil, true},
		"nothing left":                  {account.Balance{}, "0", []account.EventKind{exhausted}, false},
		"less than nothing":             {account.Balance{}, "-1", []account.EventKind{exhausted}, false},
		"something left":                {account.Balance{Exhausted: true}, "0.000001", nil, true},
		"told of nothing":               {account.Balance{Exhausted: true}, "0", nil, true},
		"one message left":              {account.Balance{Terms: account.Terms{Price: price}}, "0.5", nil, false},
		"less than a message":           {account.Balance{Terms: account.Terms{Price: price}}, "0.49", []account.EventKind{exhausted}, false},
		"a message costs nothing":       {account.Balance{Terms: account.Terms{Price: account.Some(decimal.Zero)}}, "0.1", nil, false},
		"nothing, which costs nothing":  {account.Balance{Terms: account.Terms{Price: account.Some(decimal.Zero)}}, "0", []account.EventKind{exhausted}, false},
		"an overdraw goes on":           {account.Balance{Terms: account.Terms{Overdraw: money("1"), OverdrawEnds: now.Add(1)}}, "1", nil, false},
		"an overdraw ended":             {account.Balance{Terms: account.Terms{Overdraw: money("1"), OverdrawEnds: now}}, "1", []account.EventKind{ended}, false},
		"no overdraw ended":             {account.Balance{Terms: account.Terms{OverdrawEnds: now}}, "1", nil, false},
		"no end of an overdraw":         {account.Balance{Terms: account.Terms{Overdraw: money("1")}}, "1", nil, false},
		"told of its end":               {account.Balance{OverdrawOver: true, Terms: account.Terms{Overdraw: money("1"), OverdrawEnds: now}}, "1", nil, true},
		"all at once": {
			account.Balance{Events: 4, Terms: account.Terms{Overdraw: money("1"), OverdrawEnds: now, Limit: account.MoneyLimit(money("5"))}},
			"0",
			[]account.EventKind{ended, reached, exhausted},
			false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			after, events := ledger.Notice(tt.b, money(tt.available), now)
			assert.Equal(t, tt.want, kindsOf(events))
			assert.EqualValues(t, tt.b.Events+int64(len(events)), after.Events)
			for i, e := range events {
				assert.EqualValues(t, tt.b.Events+int64(i)+1, e.Number)
				aboutLimit := e.Kind == reached || e.Kind == cleared
				assert.Equal(t, aboutLimit, !e.Limit.IsZero(), "the limit is told with what is about it")
				assert.Equal(t, tt.available, e.Available.String())
			}
			again, more := ledger.Notice(after, money(tt.available), now)
			assert.Empty(t, more, "twice tells nothing new")
			assert.Equal(t, after, again)
		})
	}
}
