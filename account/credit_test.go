package account_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestAvailableIsTheInequality(t *testing.T) {
	now := accounttest.Now()
	b := account.Balance{
		Amount: money("-12.40"), Held: money("0.84"),
		Terms: account.Terms{Credit: money("100"), Overdraw: money("20"), OverdrawEnds: now.Add(time.Hour)},
	}
	tests := []struct {
		name   string
		at     time.Time
		amount string
		want   bool
	}{
		{"less than available passes", now, "106.75", true},
		{"exactly available passes", now, "106.76", true},
		{"one millionth more fails", now, "106.760001", false},
		{"the instant before overdraw ends it counts", now.Add(time.Hour - time.Microsecond), "106.76", true},
		{"the instant it ends it does not", now.Add(time.Hour), "86.760001", false},
		{"what is left without it passes", now.Add(time.Hour), "86.76", true},
		{"zero price is a price", now, "0", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, b.Allows(money(tt.amount), tt.at))
		})
	}
}

func TestUsedDrawsOnCreditFirst(t *testing.T) {
	terms := account.Terms{Credit: money("100"), Overdraw: money("20")}
	for balance, want := range map[string][2]string{
		"5": {"0", "0"}, "0": {"0", "0"}, "-40": {"40", "0"}, "-100": {"100", "0"}, "-110.5": {"100", "10.5"}, "-130": {"100", "30"},
	} {
		credit, overdraw := account.Balance{Amount: money(balance), Terms: terms}.Used()
		assert.True(t, credit.Equal(money(want[0])) && overdraw.Equal(money(want[1])), "%s: %s, %s", balance, credit, overdraw)
	}
}

func TestApplyRefusesWhatMakesNoSense(t *testing.T) {
	now := accounttest.Now()
	rich := account.Balance{Amount: money("100"), Terms: account.Terms{Currency: "EUR"}}
	standing := &account.Hold{Reference: "h", Amount: money("1"), Until: now.Add(time.Minute)}
	for name, tt := range map[string]struct {
		m    account.Movement
		hold *account.Hold
		want error
		code string
	}{
		"no kind":               {m: account.Movement{Amount: money("1")}, code: "kind.unknown"},
		"unknown kind":          {m: account.Movement{Kind: "gift", Amount: money("1")}, code: "kind.unknown"},
		"a charge below zero":   {m: account.Movement{Kind: account.KindCharge, Amount: money("-1")}, code: "amount.negative"},
		"a charge of nothing":   {m: account.Movement{Kind: account.KindCharge}, code: "amount.zero"},
		"a price below zero":    {m: account.Movement{Kind: account.KindCharge, Messages: 1, Price: account.Some(money("-1"))}, code: "amount.negative"},
		"amount and price":      {m: account.Movement{Kind: account.KindCharge, Messages: 1, Amount: money("1"), Price: account.Some(money("1"))}, code: "amount.price"},
		"seven places":          {m: account.Movement{Kind: account.KindTopUp, Amount: money("0.0000001")}, code: "amount.scale"},
		"sixteen digits":        {m: account.Movement{Kind: account.KindTopUp, Amount: money("1000000000000000")}, code: "amount.range"},
		"a balance too large":   {m: account.Movement{Kind: account.KindTopUp, Amount: money("999999999999999")}, code: "amount.range"},
		"a hold of no time":     {m: account.Movement{Kind: account.KindHold, Amount: money("1"), Timeout: -1}, code: "timeout.range"},
		"an unsaid adjustment":  {m: account.Movement{Kind: account.KindAdjust, Amount: money("1")}, code: "reason.required"},
		"another currency":      {m: account.Movement{Kind: account.KindCharge, Amount: money("1"), Currency: "USD"}, code: "amount.currency"},
		"a capture of nothing":  {m: account.Movement{Kind: account.KindCapture, Amount: money("1"), Hold: "h"}, want: account.ErrHold},
		"an expiry before time": {m: account.Movement{Kind: account.KindExpire, Hold: "h"}, hold: standing, want: account.ErrNotDue},
		"more than the hold":    {m: account.Movement{Kind: account.KindCapture, Amount: money("1.000001"), Hold: "h"}, hold: standing, want: account.ErrHoldAmount},
	} {
		t.Run(name, func(t *testing.T) {
			tt.m.Reference = "r"
			_, err := rich.Apply(tt.m, account.Against{Hold: tt.hold}, now)
			if tt.code == "" {
				require.ErrorIs(t, err, tt.want)
				return
			}
			faults, _ := account.AsFaults(err)
			assert.True(t, faults.Has(tt.code), "%v", err)
		})
	}
}

func TestFingerprintIsOfTheContent(t *testing.T) {
	m := account.Movement{Kind: account.KindCharge, Amount: money("1.50"), Messages: 3, Reference: "r"}
	again := m
	again.Amount, again.Actor, again.Reason = money("1.5"), account.Actor{ID: "x"}, "because"
	assert.Equal(t, m.Fingerprint(), again.Fingerprint(), "who and why do not count, nor how the amount is written")
	other := m
	other.Amount = money("1.51")
	assert.NotEqual(t, m.Fingerprint(), other.Fingerprint())
}

// machine drives Balance.Apply and the reference model with one history.
type machine struct {
	balance account.Balance
	holds   map[string]*account.Hold
	entries []account.Entry
	events  []account.Event
	model   accounttest.Bank
	now     time.Time
}

// settle ends the holds that have timed out, as a Service does before anything else.
func (c *machine) settle(t *rapid.T) {
	if !c.balance.Due(c.now) {
		return
	}
	var expires time.Time
	for _, hold := range c.holds {
		if hold.Stands(c.now) && (expires.IsZero() || hold.Until.Before(expires)) {
			expires = hold.Until
		}
	}
	for _, hold := range c.holds {
		if hold.Stands(c.now) {
			continue
		}
		step, err := c.balance.Apply(account.Expiry(*hold), account.Against{Hold: hold}, c.now)
		if errors.Is(err, account.ErrClosed) {
			return
		}
		require.NoError(t, err)
		c.keep(step)
	}
	c.balance = c.balance.MaySettle(expires)
}

// keep takes over what a step did.
func (c *machine) keep(s account.Step) {
	c.balance, c.entries, c.events = s.Balance, append(c.entries, s.Entry), append(c.events, s.Events...)
	delete(c.holds, s.Ended)
	if s.Hold != nil {
		c.holds[s.Hold.Reference] = s.Hold
	}
}

func (c *machine) do(t *rapid.T, m account.Movement) {
	c.settle(t)
	m.Account = c.balance.Account
	step, err := c.balance.Apply(m, account.Against{Hold: c.holds[m.Hold]}, c.now)
	want := c.model.Record(m, step.Entry.Number, c.now)
	require.Equal(t, want == nil, err == nil, "%v: got %v, want %v", m, err, want)
	if err != nil {
		require.ErrorIs(t, err, want)
		return
	}
	e, limited := step.Entry, []account.MovementKind{account.KindCharge, account.KindHold, account.KindTransferOut}
	require.False(t, slices.Contains(limited, m.Kind) && e.After.Sub(e.HeldAfter).LessThan(e.Limit.Neg()), "%v passes its limit", e)
	c.keep(step)
}

func (c *machine) check(t *rapid.T) {
	c.settle(t)
	balance, held := decimal.Zero, decimal.Zero
	for i, e := range c.entries {
		require.EqualValues(t, i+1, e.Number, "entries are numbered without gaps")
		balance, held = balance.Add(e.Amount), held.Add(e.Held)
		require.True(t, balance.Equal(e.After) && held.Equal(e.HeldAfter), "entry %d", e.Number)
	}
	require.True(t, balance.Equal(c.balance.Amount), "the balance is the sum of the entries")
	require.True(t, held.Equal(c.balance.Held), "what is held is the sum of the entries")
	for i, e := range c.events {
		require.EqualValues(t, i+1, e.Number, "events are numbered without gaps")
	}
	id := c.balance.Account
	require.Zero(t, balance.Rat().Cmp(c.model.Balance(id)), "two routes to one balance")
	if !c.balance.Terms.Closed {
		require.Zero(t, c.balance.Available(c.now).Rat().Cmp(c.model.Available(id, c.now)), "two routes to one available")
	}
}

// Invariants 7 and 8, and two routes to one answer.
func TestApplyAgreesWithTheReferenceModel(t *testing.T) { rapid.Check(t, historyOfOne) }

// historyOfOne is a random history of one account.
func historyOfOne(t *rapid.T) {
	c := &machine{holds: map[string]*account.Hold{}, now: accounttest.Now(), balance: account.Balance{Account: account.ID{1}}}
	c.model.Set(account.ID{1}, account.Terms{})
	c.model.Set(account.ID{9}, account.Terms{})
	amounts := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(1, 5_000_000).Draw(t, "units"), -rapid.Int32Range(0, 6).Draw(t, "places"))
	})
	kinds := rapid.SampledFrom([]account.MovementKind{
		account.KindTopUp, account.KindCharge, account.KindCharge, account.KindHold, account.KindHold, account.KindCapture,
		account.KindRelease, account.KindAdjust, account.KindTransferOut,
	})
	for step := range rapid.IntRange(1, 60).Draw(t, "steps") {
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0:
			c.now = c.now.Add(time.Duration(rapid.Int64Range(1, 90).Draw(t, "minutes")) * time.Minute)
		case 1:
			c.settle(t)
			if c.balance.Terms.Closed {
				continue // closed is for good
			}
			closes := rapid.IntRange(0, 40).Draw(t, "close") == 0 && c.balance.Held.IsZero()
			terms := account.Terms{
				Credit: amounts.Draw(t, "credit"), Overdraw: amounts.Draw(t, "overdraw"),
				OverdrawEnds: c.now.Add(time.Hour), Closed: closes,
			}
			c.balance.Terms = terms
			c.model.Set(account.ID{1}, terms)
		default:
			m := account.Movement{Kind: kinds.Draw(t, "kind"), Amount: amounts.Draw(t, "amount"), Reference: fmt.Sprint(step)}
			switch m.Kind {
			case account.KindHold:
				m.Timeout = 30 * time.Minute
			case account.KindTransferOut:
				m.Other = account.ID{9}
			case account.KindCapture, account.KindRelease:
				m.Hold = fmt.Sprint(rapid.IntRange(0, step).Draw(t, "of"))
				if m.Kind == account.KindRelease {
					m.Amount = decimal.Decimal{}
				} else {
					m.More = rapid.Bool().Draw(t, "more")
				}
			case account.KindAdjust:
				if rapid.Bool().Draw(t, "down") {
					m.Amount = m.Amount.Neg()
				}
				m.PassLimit, m.Reason = rapid.Bool().Draw(t, "pass"), "why"
			}
			c.do(t, m)
		}
		c.check(t)
	}
}
