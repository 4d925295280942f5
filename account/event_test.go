package account_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
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
			after, events := tt.b.Notice(money(tt.available), now)
			assert.Equal(t, tt.want, kindsOf(events))
			assert.EqualValues(t, tt.b.Events+int64(len(events)), after.Events)
			for i, e := range events {
				assert.EqualValues(t, tt.b.Events+int64(i)+1, e.Number)
				aboutLimit := e.Kind == reached || e.Kind == cleared
				assert.Equal(t, aboutLimit, !e.Limit.IsZero(), "the limit is told with what is about it")
				assert.Equal(t, tt.available, e.Available.String())
			}
			again, more := after.Notice(money(tt.available), now)
			assert.Empty(t, more, "twice tells nothing new")
			assert.Equal(t, after, again)
		})
	}
}

// An account begins without news, and hears of new terms.
func TestNewTermsTellWhatFollows(t *testing.T) {
	now := accounttest.Now()
	b := account.Opened(account.ID{1}, account.Terms{}, now)
	assert.Equal(t, account.Balance{Account: account.ID{1}, Version: 1, Exhausted: true}, b)
	assert.False(t, account.Opened(account.ID{1}, account.Terms{Credit: money("1")}, now).Exhausted)
	over := account.Terms{Overdraw: money("1"), OverdrawEnds: now}
	b, events := b.Under(over, money("0"), now)
	assert.Equal(t, []account.EventKind{account.EventOverdrawEnded}, kindsOf(events))
	assert.EqualValues(t, 2, b.Version)
	same, events := b.Under(over, money("0"), now)
	assert.Empty(t, events, "the same overdraw ended once")
	assert.EqualValues(t, 3, same.Version)
	for _, other := range []account.Terms{{Overdraw: money("2"), OverdrawEnds: now}, {Overdraw: money("1"), OverdrawEnds: now.Add(-1)}} {
		again, events := b.Under(other, money("0"), now)
		assert.Equal(t, []account.EventKind{account.EventOverdrawEnded}, kindsOf(events), "another one ended too")
		assert.Equal(t, other, again.Terms)
	}
}

// Terms are the same when the rule and its events cannot tell them apart.
func TestTermsAreTheSameToTheRule(t *testing.T) {
	now := accounttest.Now()
	terms := account.Terms{
		Currency: "EUR", Credit: money("1.50"), Overdraw: money("2.0"), OverdrawEnds: now, Closed: true, Shares: account.ID{1},
		Cap: account.Some(money("3.0")), Zone: "UTC", Limit: account.MoneyLimit(money("4")), Price: account.Some(money("5.0")),
	}
	written := terms
	written.Credit, written.Overdraw, written.OverdrawEnds = money("1.5"), money("2"), now.In(time.FixedZone("x", 3600))
	written.Cap, written.Price = account.Some(money("3")), account.Some(money("5"))
	assert.True(t, terms.Same(written), "however they are written")
	for name, change := range map[string]func(*account.Terms){
		"currency": func(t *account.Terms) { t.Currency = "USD" }, "credit": func(t *account.Terms) { t.Credit = money("1") },
		"overdraw": func(t *account.Terms) { t.Overdraw = money("1") }, "end": func(t *account.Terms) { t.OverdrawEnds = now.Add(1) },
		"closed": func(t *account.Terms) { t.Closed = false }, "shares": func(t *account.Terms) { t.Shares = account.ID{} },
		"cap": func(t *account.Terms) { t.Cap = account.Some(money("4")) }, "no cap": func(t *account.Terms) { t.Cap = account.Optional[decimal.Decimal]{} },
		"zone": func(t *account.Terms) { t.Zone = "Europe/Kyiv" }, "limit": func(t *account.Terms) { t.Limit = account.MessagesLimit(4) },
		"price": func(t *account.Terms) { t.Price = account.Some(money("4")) }, "no price": func(t *account.Terms) { t.Price = account.Optional[decimal.Decimal]{} },
	} {
		other := terms
		change(&other)
		assert.False(t, terms.Same(other), name)
		assert.False(t, other.Same(terms), name)
	}
	zero := terms
	zero.Cap, terms.Cap = account.Some(decimal.Zero), account.Optional[decimal.Decimal]{}
	assert.False(t, zero.Same(terms), "a cap of zero is one")
}

// What is left counts whole messages.
func TestMessagesLeft(t *testing.T) {
	b := account.Balance{Terms: account.Terms{Price: account.Some(money("0.3"))}}
	for available, want := range map[string]string{"0.9": "3", "0.899999": "2", "0.29": "0", "0": "0", "-5": "0", "0.000001": "0"} {
		left, known := b.Messages(money(available))
		assert.True(t, known)
		assert.Equal(t, want, left.String(), available)
	}
	for _, price := range []account.Optional[decimal.Decimal]{{}, account.Some(decimal.Zero)} {
		_, known := account.Balance{Terms: account.Terms{Price: price}}.Messages(money("1"))
		assert.False(t, known)
	}
}

// An account that shares money has no limits of its own.
func TestTermsOfAnAccount(t *testing.T) {
	a := accounttest.Full()
	a.Parent, a.Credit.Cap = account.ID{7}, account.Some(money("3"))
	a.Credit.Overdraw.Limit, a.Credit.Overdraw.ExpiresAt = money("2"), accounttest.Now()
	settings := account.Settings{CreditLimit: account.Effective[decimal.Decimal]{Value: money("5")}}
	for _, shared := range []bool{true, false} {
		a.Credit.Shared, a.Status = shared, account.StatusClosed
		terms := account.TermsOf(a, settings, account.Some(money("1")))
		assert.Equal(t, a.Core.Currency, terms.Currency)
		assert.Equal(t, a.Core.TimeZone, terms.Zone)
		assert.True(t, terms.Closed)
		assert.Equal(t, account.Some(money("1")), terms.Price)
		assert.Equal(t, a.Core.NotificationLimit, terms.Limit)
		_, capped := terms.Cap.Get()
		assert.Equal(t, shared, capped)
		assert.Equal(t, shared, !terms.Shares.IsZero())
		assert.Equal(t, shared, terms.Credit.IsZero() && terms.Overdraw.IsZero() && terms.OverdrawEnds.IsZero())
		if !shared {
			assert.Equal(t, "5 2", terms.Credit.String()+" "+terms.Overdraw.String())
			assert.Equal(t, accounttest.Now(), terms.OverdrawEnds)
		}
		a.Status = account.StatusActive
		assert.False(t, account.TermsOf(a, settings, account.Optional[decimal.Decimal]{}).Closed)
	}
}
