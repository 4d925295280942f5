package account_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// gift is a kind that there is not.
const gift account.MovementKind = "gift"

// uses are the fields of each kind, written a second time.
var uses = map[account.MovementKind][]string{
	account.KindTopUp:       {"amount"},
	account.KindCharge:      {"amount", "price", "round", "messages"},
	account.KindHold:        {"amount", "price", "round", "messages", "timeout"},
	account.KindCapture:     {"amount", "price", "round", "messages", "hold", "more"},
	account.KindRelease:     {"hold"},
	account.KindExpire:      {"hold"},
	account.KindAdjust:      {"amount", "passLimit"},
	account.KindRefund:      {"amount", "of"},
	account.KindTransferOut: {"amount", "to"},
	account.KindTransferIn:  {"amount", "to"},
}

// naming puts a value into one field of a movement.
var naming = map[string]func(*account.Movement){
	"amount": func(m *account.Movement) { m.Amount = money("1") },
	"price": func(m *account.Movement) {
		m.Price, m.Messages, m.Amount = account.Some(money("0")), 1, decimal.Decimal{}
	},
	"round":     func(m *account.Movement) { m.Round = true },
	"messages":  func(m *account.Movement) { m.Messages = 1 },
	"hold":      func(m *account.Movement) { m.Hold = "h" },
	"timeout":   func(m *account.Movement) { m.Timeout = time.Minute },
	"more":      func(m *account.Movement) { m.More = true },
	"of":        func(m *account.Movement) { m.Of = 1 },
	"passLimit": func(m *account.Movement) { m.PassLimit = true },
	"to":        func(m *account.Movement) { m.Other = account.ID{9} },
}

// least is the least that a movement of a kind says.
func least(kind account.MovementKind) account.Movement {
	m := account.Movement{Account: account.ID{1}, Kind: kind, Reference: "r", Reason: "because"}
	for _, path := range []string{"amount", "hold", "of", "to"} {
		if slices.Contains(uses[kind], path) {
			naming[path](&m)
		}
	}
	return m
}

func codes(faults account.Faults) (all []string) {
	for _, f := range faults {
		all = append(all, f.Path+" "+f.Code)
	}
	return all
}

func TestEveryKindHasARowThatSaysEverything(t *testing.T) {
	kinds := account.MovementKinds()
	require.Len(t, kinds, len(uses))
	titles := map[string]bool{}
	for _, kind := range kinds {
		row := kind.Traits()
		assert.Equal(t, kind, row.Kind)
		assert.True(t, kind.IsKnown())
		assert.NotEmpty(t, row.Done, kind)
		assert.NotContains(t, titles, row.Title)
		assert.NotEmpty(t, row.Title)
		titles[row.Title] = true
		assert.ElementsMatch(t, uses[kind], row.Optionals(), kind)
		assert.Equal(t, row.Amount != account.AmountNone, row.Uses("amount"), kind)
		assert.Equal(t, row.Ends, row.Uses("hold"), kind)
		assert.Equal(t, row.Refunds, row.Uses("of"), kind)
		assert.Equal(t, row.Transfers, row.Uses("to"), kind)
		assert.False(t, row.Uses("reference"), "all kinds have one")
		assert.False(t, row.Makes && row.Ends, kind)
		assert.False(t, row.AtTimeout && !row.Ends, kind)
	}
}

// A kind without a row is refused by everything that checks one, and allows nothing.
func TestAKindWithoutARowIsRefused(t *testing.T) {
	now := accounttest.Now()
	for _, kind := range []account.MovementKind{gift, "", "TOP_UP", "charge ", "hold\x00"} {
		assert.False(t, kind.IsKnown())
		assert.Equal(t, account.Traits{}, kind.Traits())
		assert.Empty(t, kind.Traits().Optionals())
		assert.NotContains(t, account.MovementKinds(), kind)
		m := account.Movement{Account: account.ID{1}, Kind: kind, Amount: money("1"), Reference: "r", Hold: "h", Of: 1, Other: account.ID{9}, Reason: "because"}
		assert.Equal(t, []string{"kind kind.unknown"}, codes(m.Faults()))
		b := account.Balance{Account: account.ID{1}, Amount: money("100")}
		child := account.Balance{Account: account.ID{2}, Terms: account.Terms{Shares: account.ID{1}}}
		on := ledger.Against{
			Hold:  &account.Hold{Reference: "h", Amount: money("1"), Until: now.Add(time.Hour)},
			Entry: &account.Entry{Kind: account.KindCharge, Amount: money("-1"), Number: 1},
		}
		step, err := ledger.Apply(b, m, on, now)
		assert.Equal(t, ledger.Step{}, step)
		assert.Equal(t, account.Faults{account.NewFault("kind", "kind.unknown")}, err)
		steps, err := ledger.ApplyShared([]account.Balance{child, b}, m, on, now)
		assert.Nil(t, steps)
		assert.Equal(t, account.Faults{account.NewFault("kind", "kind.unknown")}, err)
		on.Entry.Kind = kind // an entry that somebody wrote past the rule
		_, err = ledger.Apply(b, account.Movement{Kind: account.KindRefund, Of: 1, Reference: "r"}, on, now)
		require.ErrorIs(t, err, account.ErrRefund)
		var bank accounttest.Bank
		bank.Set(account.ID{1}, account.Terms{})
		_, err = bank.Check(m, now)
		require.Error(t, err, "by the twin too")
	}
}

// A field that a kind does not use is a fault that names it, all of them at once.
func TestFieldsThatAVerbDoesNotUseAreFaults(t *testing.T) {
	for _, kind := range account.MovementKinds() {
		own := "kind kind.internal"
		if kind.Traits().Callers {
			require.Empty(t, codes(least(kind).Faults()), kind)
		} else {
			require.Equal(t, []string{own}, codes(least(kind).Faults()), kind)
		}
		every := least(kind)
		var unused []string
		for path, name := range naming {
			m := least(kind)
			name(&m)
			got := slices.DeleteFunc(codes(m.Faults()), func(code string) bool { return code == own })
			if path == "round" && slices.Contains(uses[kind], path) {
				assert.Equal(t, []string{"round field.unused"}, got, "%s: without a price there is nothing to round", kind)
				m.Price, m.Messages, m.Amount = account.Some(money("0.0000001")), 3, decimal.Decimal{}
				got = slices.DeleteFunc(codes(m.Faults()), func(code string) bool { return code == own })
			}
			if slices.Contains(uses[kind], path) {
				assert.Empty(t, got, "%s uses %s", kind, path)
				continue
			}
			assert.Contains(t, got, path+" field.unused", "%s does not use %s", kind, path)
			if path != "price" { // the price names the messages too
				assert.Len(t, got, 1, "%s does not use %s", kind, path)
				name(&every)
				unused = append(unused, path+" field.unused")
			}
		}
		got := slices.DeleteFunc(codes(every.Faults()), func(code string) bool { return code == own })
		assert.ElementsMatch(t, unused, got, kind)
	}
}

// What would be wrong with the value of a field is not said where there can be none.
func TestAnUnusedFieldIsOnlyUnused(t *testing.T) {
	m := account.Movement{Kind: account.KindTopUp, Amount: money("1"), Reference: "r", Messages: -1, Timeout: -1, Of: -1, Hold: "\x00"}
	assert.Equal(t, []string{"messages field.unused", "hold field.unused", "timeout field.unused", "of field.unused"}, codes(m.Faults()))
	m = account.Movement{Kind: account.KindRelease, Amount: money("-0.0000001"), Reference: "r", Hold: "h"}
	assert.Equal(t, []string{"amount field.unused"}, codes(m.Faults()))
	m = account.Movement{Kind: account.KindTopUp, Amount: money("-1"), Price: account.Some(money("-1")), Reference: "r"}
	assert.Equal(t, []string{"price field.unused", "amount amount.negative"}, codes(m.Faults()))
	_, err := ledger.Apply(account.Balance{Amount: money("5")}, account.Movement{Kind: account.KindCharge, Amount: money("1"), Reference: "r", Hold: "h"}, ledger.Against{}, accounttest.Now())
	faults, _ := account.AsFaults(err)
	assert.Equal(t, []string{"hold field.unused"}, codes(faults), "the rule refuses it too")
}
