package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// What one movement does, whole.
func TestApplyWritesEverythingItDoes(t *testing.T) {
	now := accounttest.Now()
	b := account.Balance{
		Account: account.ID{1}, Version: 7, Entries: 3, Events: 2, Amount: money("10"), Held: money("2"), Expires: now.Add(2 * time.Hour),
		Terms: account.Terms{Currency: "EUR", Credit: money("5"), Limit: account.MoneyLimit(money("4"))},
	}
	m := account.Movement{
		Account: b.Account, Kind: account.KindHold, Amount: money("4"), Messages: 2, Reference: "h", Timeout: time.Hour + 999,
		Actor: account.Actor{ID: "u", Name: "U"}, Reason: "why", Currency: "EUR",
	}
	s, err := ledger.Apply(b, m, ledger.Against{}, now)
	require.NoError(t, err)
	until := now.Add(time.Hour)
	after := b
	after.Version, after.Entries, after.At, after.Events, after.Held, after.Expires, after.Low = 8, 4, now, 3, s.Balance.Held, until, true
	assert.Equal(t, after, s.Balance)
	assert.Equal(t, "6", s.Balance.Held.String())
	assert.Equal(t, "0 4 10 6 5", fmt.Sprint(s.Entry.Amount, " ", s.Entry.Held, " ", s.Entry.After, " ", s.Entry.HeldAfter, " ", s.Entry.Limit))
	s.Entry.Amount, s.Entry.Held, s.Entry.After, s.Entry.HeldAfter, s.Entry.Limit = decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}
	assert.Equal(t, account.Entry{
		Account: b.Account, Number: 4, Kind: account.KindHold, Messages: 2, Reference: "h", Fingerprint: ledger.Fingerprint(m),
		Actor: m.Actor, Reason: "why", Until: until, At: now,
	}, s.Entry)
	assert.Equal(t, &account.Hold{Account: b.Account, Reference: "h", Amount: money("4"), Messages: 2, At: now, Until: until}, s.Hold)
	assert.Empty(t, s.Ended)
	require.Equal(t, []account.EventKind{account.EventLimitReached}, kindsOf(s.Events))
	e := s.Events[0]
	assert.Equal(t, "3 10 6 9", fmt.Sprint(e.Number, " ", e.Balance, " ", e.Held, " ", e.Available))
	assert.Equal(t, b.Account, e.Account)
	assert.Equal(t, b.Terms.Limit, e.Limit)
	assert.Equal(t, now, e.At)

	m.Timeout = 0
	s, err = ledger.Apply(b, m, ledger.Against{}, now)
	require.NoError(t, err)
	assert.Equal(t, now.Add(account.DefaultHoldTimeout), s.Hold.Until)
	m.Timeout = 3 * time.Hour
	s, err = ledger.Apply(b, m, ledger.Against{}, now)
	require.NoError(t, err)
	assert.Equal(t, b.Expires, s.Balance.Expires, "another one times out before")

	hold := &account.Hold{Account: b.Account, Reference: "g", Amount: money("2"), Until: now.Add(2 * time.Hour)}
	s, err = ledger.Apply(b, account.Movement{Kind: account.KindRelease, Hold: "g", Reference: "r"}, ledger.Against{Hold: hold}, now)
	require.NoError(t, err)
	assert.Nil(t, s.Hold)
	assert.Equal(t, "g", s.Ended)
	assert.Equal(t, "g", s.Entry.Hold)
	assert.Equal(t, "0 -2 10 0", fmt.Sprint(s.Entry.Amount, " ", s.Entry.Held, " ", s.Entry.After, " ", s.Entry.HeldAfter))
}

// The sign of every kind, and what it may do with how much there is. There are 10, 2 of
// them held, and 3 of credit.
func TestEveryKindMovesAsItsRowSays(t *testing.T) {
	now := accounttest.Now()
	b := account.Balance{Account: account.ID{1}, Amount: money("10"), Held: money("2"), Terms: account.Terms{Credit: money("3")}}
	for _, tt := range []struct {
		m             account.Movement
		moved, held   string
		needs, leaves string // when it is refused
	}{
		{account.Movement{Kind: account.KindTopUp, Amount: money("5")}, "5", "0", "", ""},
		{account.Movement{Kind: account.KindCharge, Amount: money("11")}, "-11", "0", "", ""},
		{account.Movement{Kind: account.KindCharge, Amount: money("11.000001")}, "", "", "11.000001", "11"},
		{account.Movement{Kind: account.KindCharge, Price: account.Some(money("0.5")), Messages: 22}, "-11", "0", "", ""},
		{account.Movement{Kind: account.KindCharge, Price: account.Some(money("0.0000015")), Messages: 1, Round: true}, "-0.000002", "0", "", ""},
		{account.Movement{Kind: account.KindHold, Amount: money("11")}, "0", "11", "", ""},
		{account.Movement{Kind: account.KindHold, Amount: money("11.5")}, "", "", "11.5", "11"},
		{account.Movement{Kind: account.KindCapture, Hold: "h"}, "-2", "-2", "", ""},
		{account.Movement{Kind: account.KindCapture, Hold: "h", Amount: money("2")}, "-2", "-2", "", ""},
		{account.Movement{Kind: account.KindCapture, Hold: "h", Amount: money("0.5")}, "-0.5", "-2", "", ""},
		{account.Movement{Kind: account.KindCapture, Hold: "h", Price: account.Some(money("0")), Messages: 1}, "0", "-2", "", ""},
		{account.Movement{Kind: account.KindCapture, Hold: "h", Amount: money("13"), More: true}, "-13", "-2", "", ""},
		{account.Movement{Kind: account.KindCapture, Hold: "h", Amount: money("13.1"), More: true}, "", "", "11.1", "11"},
		{account.Movement{Kind: account.KindRelease, Hold: "h"}, "0", "-2", "", ""},
		{account.Movement{Kind: account.KindAdjust, Amount: money("4"), Reason: "x"}, "4", "0", "", ""},
		{account.Movement{Kind: account.KindAdjust, Amount: money("-11"), Reason: "x"}, "-11", "0", "", ""},
		{account.Movement{Kind: account.KindAdjust, Amount: money("-11.5"), Reason: "x"}, "", "", "11.5", "11"},
		{account.Movement{Kind: account.KindAdjust, Amount: money("-11.5"), Reason: "x", PassLimit: true}, "-11.5", "0", "", ""},
		{account.Movement{Kind: account.KindRefund, Of: 1}, "4", "0", "", ""},
		{account.Movement{Kind: account.KindRefund, Of: 1, Amount: money("1.5")}, "1.5", "0", "", ""},
		{account.Movement{Kind: account.KindTransferOut, Amount: money("11"), Other: account.ID{9}}, "-11", "0", "", ""},
		{account.Movement{Kind: account.KindTransferOut, Amount: money("12"), Other: account.ID{9}}, "", "", "12", "11"},
		{account.Movement{Kind: account.KindTransferIn, Amount: money("5"), Other: account.ID{9}}, "5", "0", "", ""},
	} {
		tt.m.Account, tt.m.Reference = b.Account, "r"
		s, err := ledger.Apply(b, tt.m, ledger.Against{
			Hold:  &account.Hold{Reference: "h", Amount: money("2"), Until: now.Add(1)},
			Entry: &account.Entry{Number: 1, Kind: account.KindCharge, Amount: money("-4")},
		}, now)
		if tt.needs != "" {
			exhausted := &account.ExhaustedError{}
			require.ErrorAs(t, err, &exhausted, "%+v", tt.m)
			assert.Equal(t, tt.needs+" "+tt.leaves, exhausted.Needed.String()+" "+exhausted.Available.String())
			assert.Equal(t, b.Account, exhausted.Account)
			assert.False(t, exhausted.Cap)
			continue
		}
		require.NoError(t, err, "%+v", tt.m)
		assert.Equal(t, tt.moved+" "+tt.held, s.Entry.Amount.String()+" "+s.Entry.Held.String(), "%+v", tt.m)
		assert.True(t, s.Balance.Amount.Equal(money("10").Add(money(tt.moved))) && s.Balance.Held.Equal(money("2").Add(money(tt.held))))
	}
}

// All refunds of an entry together are never more than it took.
func TestRefundsAreNoMoreThanTheEntryTook(t *testing.T) {
	now, b := accounttest.Now(), account.Balance{Account: account.ID{1}}
	charge := account.Entry{Account: account.ID{1}, Number: 1, Kind: account.KindCharge, Amount: money("-4")}
	past := []account.Entry{{Kind: account.KindRefund, Of: 1, Amount: money("1")}, {Kind: account.KindRefund, Of: 1, Amount: money("2.5")}}
	for _, tt := range []struct {
		entry  *account.Entry
		past   []account.Entry
		amount string
		gives  string
		err    error
	}{
		{&charge, nil, "4", "4", nil},
		{&charge, nil, "4.000001", "", account.ErrRefundAmount},
		{&charge, past[:1], "0", "3", nil},
		{&charge, past, "0.5", "0.5", nil},
		{&charge, past, "0", "0.5", nil},
		{&charge, past, "0.500001", "", account.ErrRefundAmount},
		{&charge, append(past, account.Entry{Amount: money("0.5")}), "0", "", account.ErrRefundAmount},
		{nil, nil, "0", "", account.ErrRefund},
		{&account.Entry{Kind: account.KindTopUp, Amount: money("-4")}, nil, "0", "", account.ErrRefund},
		{&account.Entry{Kind: account.KindCharge}, nil, "0", "", account.ErrRefund},
		{&account.Entry{Account: account.ID{1}, Kind: account.KindCharge, Amount: money("-4"), Chain: []account.ID{{2}, {1}}}, nil, "0", "", account.ErrRefund},
		{&account.Entry{Account: account.ID{1}, Kind: account.KindCapture, Shared: money("-4"), Chain: []account.ID{{1}, {2}}}, nil, "0", "4", nil},
	} {
		m := account.Movement{Account: b.Account, Kind: account.KindRefund, Of: 1, Amount: money(tt.amount), Reference: "r"}
		s, err := ledger.Apply(b, m, ledger.Against{Entry: tt.entry, Refunds: tt.past}, now)
		if tt.err != nil {
			require.ErrorIs(t, err, tt.err, "%+v", tt)
			continue
		}
		require.NoError(t, err, "%+v", tt)
		assert.Equal(t, tt.gives, s.Entry.Amount.String())
		assert.EqualValues(t, 1, s.Entry.Of)
	}
	b.Terms.Closed = true
	_, err := ledger.Apply(b, account.Movement{Kind: account.KindRefund, Of: 1, Reference: "r"}, ledger.Against{}, now)
	require.ErrorIs(t, err, account.ErrClosed, "which a closed account says before all else")
}

// What has timed out is ended first, and only that by its time.
func TestHoldsEndInTheirTime(t *testing.T) {
	now := accounttest.Now()
	hold := &account.Hold{Account: account.ID{1}, Reference: ledger.OtherReference(account.ID{2}, "h"), Amount: money("2"), Until: now}
	b := account.Balance{Account: account.ID{1}, Amount: money("10"), Held: money("2"), Expires: now}
	on := ledger.Against{Hold: hold}
	assert.True(t, ledger.Due(b, now))
	assert.False(t, ledger.Due(b, now.Add(-1)))
	assert.False(t, ledger.Due(account.Balance{}, now), "nothing is held")
	assert.False(t, hold.Stands(now))
	assert.True(t, hold.Stands(now.Add(-1)))
	_, err := ledger.Apply(b, account.Movement{Kind: account.KindTopUp, Amount: money("1"), Reference: "t"}, on, now)
	require.ErrorIs(t, err, ledger.ErrDue)
	_, err = ledger.Apply(b, ledger.Expiry(*hold), on, now.Add(-1))
	require.ErrorIs(t, err, ledger.ErrNotDue)
	s, err := ledger.Apply(b, ledger.Expiry(*hold), on, now)
	require.NoError(t, err, "whatever the hold is called")
	assert.Equal(t, hold.Reference, s.Ended)
	assert.True(t, s.Balance.Held.IsZero() && s.Balance.Amount.Equal(b.Amount))
	assert.True(t, asIfEnded(b, *hold, now).Held.IsZero())
	later := b
	later.Expires = time.Time{}
	_, err = ledger.Apply(later, account.Movement{Kind: account.KindCapture, Hold: "h", Reference: "c"}, on, now)
	require.ErrorIs(t, err, account.ErrHold)
	_, err = ledger.Apply(later, account.Movement{Kind: account.KindCapture, Hold: "h", Reference: "c"}, on, now.Add(-1))
	require.NoError(t, err)
	_, err = ledger.Apply(later, ledger.Expiry(*hold), ledger.Against{}, now)
	require.ErrorIs(t, err, account.ErrHold)
	full := account.Balance{Held: money("999999999999999"), Amount: money("999999999999999"), Terms: account.Terms{Credit: money("5")}}
	_, err = ledger.Apply(full, account.Movement{Kind: account.KindHold, Amount: money("1"), Reference: "h"}, ledger.Against{}, now)
	faults, _ := account.AsFaults(err)
	assert.Equal(t, []string{"amount amount.range"}, codes(faults), "no store holds more")
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
		"an expiry before time": {m: account.Movement{Kind: account.KindExpire, Hold: "h"}, hold: standing, want: ledger.ErrNotDue},
		"more than the hold":    {m: account.Movement{Kind: account.KindCapture, Amount: money("1.000001"), Hold: "h"}, hold: standing, want: account.ErrHoldAmount},
	} {
		t.Run(name, func(t *testing.T) {
			tt.m.Reference = "r"
			_, err := ledger.Apply(rich, tt.m, ledger.Against{Hold: tt.hold}, now)
			if tt.code == "" {
				require.ErrorIs(t, err, tt.want)
				return
			}
			faults, _ := account.AsFaults(err)
			assert.True(t, faults.Has(tt.code), "%v", err)
		})
	}
}

// What was checked is not checked again, but for what only the account knows.
func TestApplyOfACheckedMovement(t *testing.T) {
	b := account.Balance{Amount: money("5"), Terms: account.Terms{Currency: "EUR"}}
	m := account.Movement{Kind: account.KindCharge, Amount: money("1")} // without a reference
	_, err := ledger.Apply(b, m, ledger.Against{}, accounttest.Now())
	require.Error(t, err)
	_, err = ledger.Apply(b, m, ledger.Against{Checked: true}, accounttest.Now())
	require.NoError(t, err)
	m.Currency = "USD"
	_, err = ledger.Apply(b, m, ledger.Against{Checked: true}, accounttest.Now())
	faults, _ := account.AsFaults(err)
	assert.True(t, faults.Has("amount.currency"))
	_, err = ledger.Apply(b, account.Movement{Kind: "gift"}, ledger.Against{Checked: true}, accounttest.Now())
	faults, _ = account.AsFaults(err)
	assert.True(t, faults.Has("kind.unknown"), "a kind without a row is refused, whoever has checked it")
}

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func codes(faults account.Faults) (all []string) {
	for _, f := range faults {
		all = append(all, f.Path+" "+f.Code)
	}
	return all
}
