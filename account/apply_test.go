package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
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
	s, err := b.Apply(m, account.Against{}, now)
	require.NoError(t, err)
	until := now.Add(time.Hour)
	after := b
	after.Version, after.Entries, after.At, after.Events, after.Held, after.Expires, after.Low = 8, 4, now, 3, s.Balance.Held, until, true
	assert.Equal(t, after, s.Balance)
	assert.Equal(t, "6", s.Balance.Held.String())
	assert.Equal(t, "0 4 10 6 5", fmt.Sprint(s.Entry.Amount, " ", s.Entry.Held, " ", s.Entry.After, " ", s.Entry.HeldAfter, " ", s.Entry.Limit))
	s.Entry.Amount, s.Entry.Held, s.Entry.After, s.Entry.HeldAfter, s.Entry.Limit = decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}, decimal.Decimal{}
	assert.Equal(t, account.Entry{
		Account: b.Account, Number: 4, Kind: account.KindHold, Messages: 2, Reference: "h", Fingerprint: m.Fingerprint(),
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
	s, err = b.Apply(m, account.Against{}, now)
	require.NoError(t, err)
	assert.Equal(t, now.Add(account.DefaultHoldTimeout), s.Hold.Until)
	m.Timeout = 3 * time.Hour
	s, err = b.Apply(m, account.Against{}, now)
	require.NoError(t, err)
	assert.Equal(t, b.Expires, s.Balance.Expires, "another one times out before")

	hold := &account.Hold{Account: b.Account, Reference: "g", Amount: money("2"), Until: now.Add(2 * time.Hour)}
	s, err = b.Apply(account.Movement{Kind: account.KindRelease, Hold: "g", Reference: "r"}, account.Against{Hold: hold}, now)
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
		s, err := b.Apply(tt.m, account.Against{
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
		s, err := b.Apply(m, account.Against{Entry: tt.entry, Refunds: tt.past}, now)
		if tt.err != nil {
			require.ErrorIs(t, err, tt.err, "%+v", tt)
			continue
		}
		require.NoError(t, err, "%+v", tt)
		assert.Equal(t, tt.gives, s.Entry.Amount.String())
		assert.EqualValues(t, 1, s.Entry.Of)
	}
	b.Terms.Closed = true
	_, err := b.Apply(account.Movement{Kind: account.KindRefund, Of: 1, Reference: "r"}, account.Against{}, now)
	require.ErrorIs(t, err, account.ErrClosed, "which a closed account says before all else")
}

// What has timed out is ended first, and only that by its time.
func TestHoldsEndInTheirTime(t *testing.T) {
	now := accounttest.Now()
	hold := &account.Hold{Account: account.ID{1}, Reference: account.OtherReference(account.ID{2}, "h"), Amount: money("2"), Until: now}
	b := account.Balance{Account: account.ID{1}, Amount: money("10"), Held: money("2"), Expires: now}
	on := account.Against{Hold: hold}
	assert.True(t, b.Due(now))
	assert.False(t, b.Due(now.Add(-1)))
	assert.False(t, account.Balance{}.Due(now), "nothing is held")
	assert.False(t, hold.Stands(now))
	assert.True(t, hold.Stands(now.Add(-1)))
	_, err := b.Apply(account.Movement{Kind: account.KindTopUp, Amount: money("1"), Reference: "t"}, on, now)
	require.ErrorIs(t, err, account.ErrDue)
	_, err = b.Apply(account.Expiry(*hold), on, now.Add(-1))
	require.ErrorIs(t, err, account.ErrNotDue)
	s, err := b.Apply(account.Expiry(*hold), on, now)
	require.NoError(t, err, "whatever the hold is called")
	assert.Equal(t, hold.Reference, s.Ended)
	assert.True(t, s.Balance.Held.IsZero() && s.Balance.Amount.Equal(b.Amount))
	assert.True(t, s.Balance.MaySettle(time.Time{}).Expires.IsZero())
	assert.True(t, asIfEnded(b, *hold, now).Held.IsZero())
	later := b.MaySettle(time.Time{})
	_, err = later.Apply(account.Movement{Kind: account.KindCapture, Hold: "h", Reference: "c"}, on, now)
	require.ErrorIs(t, err, account.ErrHold)
	_, err = later.Apply(account.Movement{Kind: account.KindCapture, Hold: "h", Reference: "c"}, on, now.Add(-1))
	require.NoError(t, err)
	_, err = later.Apply(account.Expiry(*hold), account.Against{}, now)
	require.ErrorIs(t, err, account.ErrHold)
	full := account.Balance{Held: money("999999999999999"), Amount: money("999999999999999"), Terms: account.Terms{Credit: money("5")}}
	_, err = full.Apply(account.Movement{Kind: account.KindHold, Amount: money("1"), Reference: "h"}, account.Against{}, now)
	faults, _ := account.AsFaults(err)
	assert.Equal(t, []string{"amount amount.range"}, codes(faults), "no store holds more")
}

// The bounds of pages, and of numbers as text.
func TestBoundsOfMoneyQueries(t *testing.T) {
	for limit, size := range map[int]int{0: 50, 1: 1, account.MaxPage: account.MaxPage, account.MaxPage + 1: account.MaxPage} {
		assert.Equal(t, size, account.EntryQuery{Limit: limit}.PageSize(), limit)
		assert.Equal(t, size, account.HoldQuery{Limit: limit}.PageSize(), limit)
		assert.Equal(t, size, account.EventQuery{Limit: limit}.PageSize(), limit)
	}
	for text, scale := range map[string]int{
		"0.1234567890123456789012340": 24, "1234567890123456789.50": 1, "12345678901234567890000": 0, "0.00000000000000000000000": 0,
	} {
		assert.Equal(t, scale, account.Scale(money(text)), text)
	}
	for text, rule := range map[string]account.Rule{
		"xe5": "format", "1ex": "format", "1e": "format", "e5": "format", "1e+5": "range", "1.5E-3": "range", "1.5.5e3": "format",
		"0." + fmt.Sprintf("%039d", 1): "scale", "1.": "format", ".5": "format", "1,2": "comma", "1,x": "format", ",": "format",
		"0000000000000001234567890123456": "range",
	} {
		_, err := account.ParseAmount(text)
		assert.Equal(t, rule, err, text)
	}
	for _, text := range []string{"0." + fmt.Sprintf("%038d", 1), "-000000000000000999999999999999.5", "−1"} {
		_, err := account.ParseAmount(text)
		assert.NoError(t, err, text)
	}
}
