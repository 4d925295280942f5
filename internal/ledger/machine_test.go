package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

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
	if !ledger.Due(c.balance, c.now) {
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
		step, err := ledger.Apply(c.balance, ledger.Expiry(*hold), ledger.Against{Hold: hold}, c.now)
		if errors.Is(err, account.ErrClosed) {
			return
		}
		require.NoError(t, err)
		c.keep(step)
	}
	c.balance.Expires = expires
}

// keep takes over what a step did.
func (c *machine) keep(s ledger.Step) {
	c.balance, c.entries, c.events = s.Balance, append(c.entries, s.Entry), append(c.events, s.Events...)
	delete(c.holds, s.Ended)
	if s.Hold != nil {
		c.holds[s.Hold.Reference] = s.Hold
	}
}

func (c *machine) do(t *rapid.T, m account.Movement) {
	c.settle(t)
	m.Account = c.balance.Account
	step, err := ledger.Apply(c.balance, m, ledger.Against{Hold: c.holds[m.Hold]}, c.now)
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
