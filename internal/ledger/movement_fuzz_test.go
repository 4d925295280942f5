package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// FuzzMovement hands any movement to all that checks one: nothing panics or goes on
// without end, what is refused changes nothing, and what is accepted keeps the sums.
func FuzzMovement(f *testing.F) {
	f.Add("charge", int64(1), int32(0), false, int64(0), int32(0), uint16(0), int64(0), int64(0), int64(0), "r", "", "")
	f.Add("hold", int64(0), int32(0), true, int64(1), int32(-7), uint16(4), int64(1_000_000), int64(time.Hour), int64(0), "r", "", "EUR")
	f.Add("capture", int64(0), int32(-1<<31), false, int64(0), int32(0), uint16(1), int64(1), int64(0), int64(0), "r", "h", "")
	f.Add("refund", int64(0), int32(-2_000_000_000), false, int64(0), int32(0), uint16(0), int64(0), int64(0), int64(1), "r", "", "")
	f.Add("adjust", int64(-1<<63), int32(-1<<31), false, int64(0), int32(0), uint16(2), int64(0), int64(0), int64(0), "r", "", "USD")
	f.Add("expire", int64(0), int32(0), false, int64(0), int32(0), uint16(0), int64(0), int64(0), int64(0), "r", "h", "")
	f.Add("transfer_out", int64(5), int32(1<<31-1), false, int64(0), int32(0), uint16(8), int64(0), int64(0), int64(0), "r", "", "")
	f.Add("gift", int64(7), int32(-6), true, int64(0), int32(-1<<31), uint16(15), int64(-1), int64(-1), int64(-1), "\x00", "\xff", "EURO")
	f.Fuzz(func(t *testing.T, kind string, amount int64, power int32, priced bool, price int64, pricePower int32,
		flags uint16, messages, timeout, of int64, reference, hold, currency string,
	) {
		m := account.Movement{
			Account: account.ID{1}, Kind: account.MovementKind(kind), Amount: decimal.New(amount, power), Messages: messages,
			Timeout: time.Duration(timeout), Of: of, Reference: reference, Hold: hold, Reason: "because", Currency: account.Currency(currency),
			More: flags&1 != 0, PassLimit: flags&2 != 0, Round: flags&4 != 0, Other: account.ID{byte(flags >> 8)},
		}
		if priced {
			m.Price = account.Some(decimal.New(price, pricePower))
		}
		checkMovement(t, m)
	})
}

func checkMovement(t *testing.T, m account.Movement) {
	now := accounttest.Now()
	b := account.Balance{Account: account.ID{1}, Amount: money("90.5"), Held: money("7.25"), Terms: account.Terms{Currency: "EUR", Credit: money("10")}}
	child := account.Balance{Account: account.ID{2}, Terms: account.Terms{Currency: "EUR", Shares: account.ID{1}, Cap: account.Some(money("50"))}}
	faults := m.Faults()
	if print := ledger.Fingerprint(m); print != ledger.Fingerprint(m) {
		t.Fatal("a fingerprint changes")
	}
	for _, on := range []ledger.Against{{}, {
		Hold:  &account.Hold{Account: b.Account, Reference: m.Hold, Amount: money("7.25"), At: now, Until: now.Add(time.Hour)},
		Entry: &account.Entry{Account: b.Account, Kind: account.KindCharge, Number: m.Of, Amount: money("-3")},
	}} {
		step, err := ledger.Apply(b, m, on, now)
		checkStep(t, m, b, step, err)
		steps, err := ledger.ApplyShared([]account.Balance{child, b}, m, on, now)
		for i, before := range []account.Balance{child, b} {
			if err == nil {
				checkStep(t, m, before, steps[i], nil)
			}
		}
		if refused := m.Kind.Traits().Callers && faults != nil; refused && err == nil {
			t.Fatalf("Faults has %v, and the rule accepts", faults)
		}
	}
}

func checkStep(t *testing.T, m account.Movement, before account.Balance, s ledger.Step, err error) {
	if err != nil {
		if s.Balance.Version != 0 || s.Entry.Number != 0 || s.Hold != nil {
			t.Fatalf("refused, and does something: %+v", s)
		}
		if faults, bad := account.AsFaults(err); !bad && !errors.Is(err, account.ErrExhausted) && !isRefusal(err) || bad && len(faults) == 0 {
			t.Fatalf("no refusal: %v", err)
		}
		return
	}
	e := s.Entry
	if !m.Kind.IsKnown() || !s.Balance.Amount.Equal(before.Amount.Add(e.Amount)) || !s.Balance.Held.Equal(before.Held.Add(e.Held)) ||
		!e.After.Equal(s.Balance.Amount) || !e.HeldAfter.Equal(s.Balance.Held) || e.Kind != m.Kind {
		t.Fatalf("sums: %+v\n%+v", before, s)
	}
	if !bounds.Amount(e.Amount) || !bounds.Amount(e.Held) || !bounds.Amount(e.Shared) || !bounds.Amount(e.Spent) {
		t.Fatalf("an amount that no store takes: %+v", e)
	}
	if e.Amount.IsPositive() && m.Kind.Traits().Balance < 1 || e.Held.IsPositive() && !m.Kind.Traits().Makes {
		t.Fatalf("money out of nowhere: %+v", e)
	}
}

func isRefusal(err error) bool {
	for _, known := range []error{
		account.ErrClosed, account.ErrHold, account.ErrHoldAmount, ledger.ErrDue, ledger.ErrNotDue, account.ErrRefund,
		account.ErrRefundAmount, account.ErrShared,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
