package moneytest

import (
	"fmt"
	"math/big"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// movement returns a random one of a random account, not yet asked for.
func (m *machine) movement() account.Movement {
	m.names++
	mv := account.Movement{
		Account: m.any().ID, Reference: fmt.Sprint("r", m.names), Actor: actor,
		Amount: m.amount(),
		Kind: rapid.SampledFrom([]account.MovementKind{
			account.KindTopUp, account.KindTopUp, account.KindCharge, account.KindCharge, account.KindCharge, account.KindHold, account.KindHold,
			account.KindCapture, account.KindCapture, account.KindRelease, account.KindAdjust, account.KindRefund, account.KindRefund, account.KindTransferOut, account.KindTransferOut,
		}).Draw(m.T, "kind"),
	}
	if mv.Kind.Traits().Uses("messages") {
		mv.Messages = rapid.Int64Range(0, 3).Draw(m.T, "messages")
	}
	switch mv.Kind {
	case account.KindCharge:
		if rapid.IntRange(0, 4).Draw(m.T, "priced") == 0 {
			mv.Messages++
			mv.Price, mv.Amount = account.Some(decimal.New(rapid.Int64Range(0, 9).Draw(m.T, "price"), -1)), decimal.Decimal{}
		}
	case account.KindHold:
		mv.Timeout = rapid.SampledFrom([]time.Duration{0, time.Microsecond, time.Minute, 2 * time.Hour}).Draw(m.T, "timeout")
	case account.KindCapture, account.KindRelease:
		m.refer(&mv, account.KindHold)
	case account.KindAdjust:
		mv.Reason, mv.PassLimit = "Because", rapid.Bool().Draw(m.T, "pass")
		if rapid.Bool().Draw(m.T, "down") {
			mv.Amount = mv.Amount.Neg()
		}
	case account.KindRefund:
		mv.Of = rapid.Int64Range(1, 30).Draw(m.T, "of")
		if rapid.Bool().Draw(m.T, "whole") {
			mv.Amount = decimal.Decimal{}
		}
	case account.KindTransferOut:
		if mv.Other = m.any().ID; mv.Other == mv.Account {
			mv.Kind, mv.Other = account.KindCharge, account.ID{}
		}
	}
	return mv
}

// refer makes the movement about a hold that was made, mostly.
func (m *machine) refer(mv *account.Movement, kind account.MovementKind) {
	mv.Hold = "none"
	for _, past := range m.done {
		if past.Kind == kind && rapid.IntRange(0, 2).Draw(m.T, "this") == 0 {
			mv.Account, mv.Hold = past.Account, past.Reference
		}
	}
	if mv.Kind == account.KindRelease {
		mv.Amount = decimal.Decimal{}
		return
	}
	mv.More = rapid.Bool().Draw(m.T, "more")
	if rapid.Bool().Draw(m.T, "all") {
		mv.Amount = decimal.Decimal{}
	}
}

// amount is mostly small, and sometimes exactly what is available, or a millionth more.
func (m *machine) amount() decimal.Decimal {
	if rapid.IntRange(0, 5).Draw(m.T, "edge") == 0 {
		left := m.bank.Available(m.any().ID, m.clock.Now())
		exact, err := decimal.NewFromString(left.FloatString(account.MaxScale))
		require.NoError(m, err)
		exact = exact.Add(decimal.New(rapid.Int64Range(0, 1).Draw(m.T, "millionths"), -account.MaxScale))
		if exact.IsPositive() {
			return exact
		}
	}
	places := rapid.Int32Range(0, account.MaxScale).Draw(m.T, "places")
	return decimal.New(rapid.Int64Range(1, 200).Draw(m.T, "units"), -places)
}

// move asks the Service and the model, and holds their answers against each other.
func (m *machine) move(mv account.Movement) {
	repeated, want := m.bank.Check(mv, m.clock.Now())
	r, err := m.ask(mv)
	require.Equal(m, want, refusal(err), "%+v: %v", mv, err)
	require.Equal(m, repeated && want == nil, r.Repeated, "%+v", mv)
	if err != nil || r.Repeated {
		return
	}
	require.Equal(m, mv.Reference, r.Reference)
	require.NoError(m, m.bank.Record(mv, r.Number, m.clock.Now()))
	m.done = append(m.done, mv)
}

func (m *machine) ask(mv account.Movement) (clientaccount.Receipt, error) {
	return m.svc.Move(m.Context(), mv)
}

// compare holds every account's money against the model's.
func (m *machine) compare() {
	now := m.clock.Now()
	for _, a := range m.accounts {
		at, err := m.svc.Balance(m.Context(), a.ID)
		require.NoError(m, err)
		m.same(m.bank.Balance(a.ID), at.Amount, "balance")
		m.same(m.bank.Held(a.ID, now), at.Held, "held")
		m.same(m.bank.Available(a.ID, now), at.Available, "available")
	}
}

func (m *machine) same(want *big.Rat, got decimal.Decimal, what string) {
	require.Zero(m, want.Cmp(got.Rat()), "%s: the model has %s, the store %s", what, want.FloatString(8), got)
}

// audit holds the whole ledger against itself at the end of a history: a replay of the
// entries, and events that make sense.
func (m *machine) audit() {
	require.NoError(m, m.svc.Tick(m.Context()))
	m.compare()
	for _, a := range m.accounts {
		for finding, err := range m.svc.Verify(m.Context(), a.ID) {
			require.NoError(m, err)
			require.Fail(m, finding.String())
		}
		m.auditEvents(a)
	}
}

// auditEvents: a limit is reached and cleared in turn.
func (m *machine) auditEvents(a account.Account) {
	events, err := m.svc.Events(m.Context(), account.EventQuery{Account: a.ID, Limit: 200})
	require.NoError(m, err)
	last := account.EventLimitCleared
	for i, e := range events {
		require.EqualValues(m, i+1, e.Number)
		if e.Kind == account.EventLimitReached || e.Kind == account.EventLimitCleared {
			require.NotEqual(m, last, e.Kind, "told twice: %v", events)
			last = e.Kind
		}
	}
	at, err := m.svc.Balance(m.Context(), a.ID)
	require.NoError(m, err)
	require.Equal(m, last == account.EventLimitReached, at.Low, "what was told last is what counts")
}
