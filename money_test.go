package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// movementOf returns a movement that Olena asks for, of a kind that is said with it.
func movementOf(id account.ID, amount, reference string) account.Movement {
	return account.Movement{Account: id, Amount: money(amount), Reference: reference, Actor: olena}
}

// as returns a movement of a kind.
func as(kind account.MovementKind, m account.Movement) account.Movement {
	m.Kind = kind
	return m
}

func topUpOf(id account.ID, amount, reference string) clientaccount.TopUp {
	return clientaccount.TopUp{Account: id, Amount: money(amount), Reference: reference, Actor: olena}
}

func chargeOf(id account.ID, amount, reference string) clientaccount.Charge {
	return clientaccount.Charge{Account: id, Amount: money(amount), Reference: reference, Actor: olena}
}

func holdOf(id account.ID, amount, reference string) clientaccount.Hold {
	return clientaccount.Hold{Account: id, Amount: money(amount), Reference: reference, Actor: olena}
}

// rich creates a client with a balance.
func (b *bench) rich(login, amount string, adjust ...func(*account.Account)) account.Account {
	b.Helper()
	a := b.create(login, adjust...)
	if amount != "0" {
		b.do(b.svc.TopUp(b.Context(), topUpOf(a.ID, amount, "first")))
	}
	return a
}

// do returns the receipt of a movement that must be accepted.
func (b *bench) do(r clientaccount.Receipt, err error) clientaccount.Receipt {
	b.Helper()
	require.NoError(b, err)
	return r
}

// stands returns how an account stands, as "balance held available".
func (b *bench) stands(id account.ID) string {
	b.Helper()
	at, err := b.svc.Balance(b.Context(), id)
	require.NoError(b, err)
	return at.Amount.String() + " " + at.Held.String() + " " + at.Available.String()
}

// events returns the kinds of an account's events.
func (b *bench) events(id account.ID) (kinds []account.EventKind) {
	b.Helper()
	events, err := b.svc.Events(b.Context(), account.EventQuery{Account: id, Limit: 200})
	require.NoError(b, err)
	for i, e := range events {
		require.EqualValues(b, i+1, e.Number, "events are numbered without gaps")
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// verified fails for everything Verify finds.
func (b *bench) verified() {
	b.Helper()
	for finding, err := range b.svc.Verify(b.Context(), account.ID{}) {
		require.NoError(b, err)
		assert.Fail(b, finding.String())
	}
}

func credit(limit string) func(*account.Account) {
	return func(a *account.Account) { a.Credit.Limit = account.Some(money(limit)) }
}

func TestChargeUpToWhatIsAvailable(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", credit("5"))
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "15.000001", "more"))
	exhausted := &account.ExhaustedError{}
	require.ErrorAs(t, err, &exhausted)
	assert.Equal(t, "15 15.000001", exhausted.Available.String()+" "+exhausted.Needed.String())
	require.ErrorIs(t, err, account.ErrExhausted)
	r := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "15", "all")))
	assert.Equal(t, "-5", r.After.String())
	assert.EqualValues(t, 2, r.Number)
	assert.Equal(t, "-5 0 0", b.stands(a.ID))
	b.verified()
}

func TestReferenceChargesOnce(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	first := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "3", "m1")))
	again := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "3.00", "m1")))
	assert.True(t, again.Repeated)
	assert.False(t, first.Repeated)
	assert.Equal(t, first.Entry, again.Entry)
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "4", "m1"))
	require.ErrorIs(t, err, account.ErrReused)
	_, err = b.svc.TopUp(t.Context(), topUpOf(a.ID, "3", "m1"))
	require.ErrorIs(t, err, account.ErrReused)
	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "8", "m2"))
	require.ErrorIs(t, err, account.ErrExhausted)
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "1", "t2")))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "8", "m2"))) // a refused reference is free
	again = b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "3", "m1")))
	assert.Equal(t, first.Entry, again.Entry, "whatever happened since")
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	b.verified()
}

func TestBadMovementsNameEveryFault(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	for name, tt := range map[string]struct {
		m    account.Movement
		want []string
	}{
		"nothing":      {account.Movement{}, []string{"amount amount.zero", "reference idempotency.required"}},
		"below zero":   {movementOf(a.ID, "-1", "r"), []string{"amount amount.negative"}},
		"seven places": {movementOf(a.ID, "0.0000001", "r"), []string{"amount amount.scale"}},
		"16 digits":    {movementOf(a.ID, "1000000000000000", "r"), []string{"amount amount.range"}},
		"256 bytes":    {movementOf(a.ID, "1", strings.Repeat("r", 256)), []string{"reference idempotency.length"}},
		"ours":         {movementOf(a.ID, "1", "clientaccount:x"), []string{"reference idempotency.chars"}},
		"a NUL":        {movementOf(a.ID, "1", "a\x00b"), []string{"reference idempotency.chars"}},
		"dollars": {
			account.Movement{Account: a.ID, Amount: money("1"), Reference: "r", Currency: "USD"},
			[]string{"currency amount.currency"},
		},
		"two at once": {
			account.Movement{Account: a.ID, Amount: money("1"), Messages: -1, Reference: "", Price: account.Some(money("1"))},
			[]string{"amount amount.price", "reference idempotency.required", "messages messages.range"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.svc.Move(t.Context(), as(account.KindCharge, tt.m))
			assert.Equal(t, tt.want, faults(err), "%v", err)
		})
	}
	_, err := b.svc.Move(t.Context(), as(account.KindAdjust, movementOf(a.ID, "1", "r")))
	assert.Equal(t, []string{"reason reason.required"}, faults(err))
	assert.Equal(t, "10 0 10", b.stands(a.ID), "nothing moved")
	_, err = b.svc.Charge(t.Context(), chargeOf(account.ID{7}, "1", "r"))
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestPriceOfEachMessage(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	priced := func(price, reference string, n int64, round bool) account.Movement {
		return account.Movement{Account: a.ID, Price: account.Some(money(price)), Messages: n, Reference: reference, Round: round}
	}
	assert.Equal(t, "-0.0126", b.do(b.svc.Move(t.Context(), as(account.KindCharge, priced("0.0042", "a", 3, false)))).Amount.String())
	assert.Equal(t, "0", b.do(b.svc.Move(t.Context(), as(account.KindCharge, priced("0", "b", 3, false)))).Amount.String(), "zero price is a price")
	_, err := b.svc.Move(t.Context(), as(account.KindCharge, priced("0.0000005", "c", 1, false)))
	assert.Equal(t, []string{"amount amount.scale"}, faults(err), "more places are an error, never a rounding")
	assert.Equal(t, "-0.000002", b.do(b.svc.Move(t.Context(), as(account.KindCharge, priced("0.0000005", "d", 3, true)))).Amount.String(),
		"rounded once, half away from zero, when asked for")
	_, err = b.svc.Move(t.Context(), as(account.KindCharge, priced("0.01", "e", 0, false)))
	assert.Equal(t, []string{"messages messages.range"}, faults(err), "a price of no messages was not meant")
}

func TestHoldCaptureRelease(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	ctx := t.Context()
	hold := func(amount, reference string) error {
		_, err := b.svc.Hold(ctx, holdOf(a.ID, amount, reference))
		return err
	}
	end := func(amount, of, reference string) account.Movement {
		m := movementOf(a.ID, amount, reference)
		m.Hold = of
		return m
	}
	require.NoError(t, hold("4", "h1"))
	require.NoError(t, hold("5", "h2"))
	require.ErrorIs(t, hold("1.5", "h3"), account.ErrExhausted)
	assert.Equal(t, "10 9 1", b.stands(a.ID))
	_, err := b.svc.Move(ctx, as(account.KindCapture, end("4.5", "h1", "c1")))
	require.ErrorIs(t, err, account.ErrHoldAmount)
	more := end("4.5", "h1", "c1")
	more.More = true
	assert.Equal(t, "-4.5 5 5.5", fmt.Sprint(b.do(b.svc.Move(ctx, as(account.KindCapture, more))).Amount, " ", b.held(a.ID), " ", "5.5"))
	_, err = b.svc.Move(ctx, as(account.KindCapture, end("1", "h1", "c2")))
	require.ErrorIs(t, err, account.ErrHold, "it has ended")
	b.do(b.svc.Move(ctx, as(account.KindCapture, end("0", "h2", "c3")))) // all of it
	assert.Equal(t, "0.5 0 0.5", b.stands(a.ID))
	require.NoError(t, hold("0.5", "h4"))
	b.do(b.svc.Move(ctx, as(account.KindRelease, end("0", "h4", "r4"))))
	_, err = b.svc.Move(ctx, as(account.KindRelease, end("0", "h9", "r9")))
	require.ErrorIs(t, err, account.ErrHold)
	assert.Equal(t, "0.5 0 0.5", b.stands(a.ID))
	b.verified()
}

func (b *bench) held(id account.ID) string {
	b.Helper()
	at, err := b.svc.Balance(b.Context(), id)
	require.NoError(b, err)
	return at.Held.String()
}

func TestHoldsEndByThemselves(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	m := movementOf(a.ID, "4", "h1")
	m.Timeout = time.Minute
	b.do(b.svc.Move(t.Context(), as(account.KindHold, m)))
	m = movementOf(a.ID, "5", "h2")
	m.Timeout = time.Hour
	b.do(b.svc.Move(t.Context(), as(account.KindHold, m)))
	b.clock.Advance(time.Minute - time.Microsecond)
	assert.Equal(t, "10 9 1", b.stands(a.ID))
	b.clock.Advance(time.Microsecond)
	assert.Equal(t, "10 5 5", b.stands(a.ID), "true when read, though nothing ran")
	holds, err := b.svc.Holds(t.Context(), account.HoldQuery{Account: a.ID})
	require.NoError(t, err)
	require.Len(t, holds, 1)
	assert.Equal(t, "h2", holds[0].Reference)
	capture := movementOf(a.ID, "1", "c1")
	capture.Hold = "h1"
	_, err = b.svc.Move(t.Context(), as(account.KindCapture, capture))
	require.ErrorIs(t, err, account.ErrHold)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "5", "m1")))
	b.clock.Advance(time.Hour)
	require.NoError(t, b.svc.Tick(t.Context()))
	var kinds []account.MovementKind
	for e, err := range b.svc.AllEntries(t.Context(), account.EntryQuery{Account: a.ID, Oldest: true}) {
		require.NoError(t, err)
		kinds = append(kinds, e.Kind)
	}
	assert.Equal(t, []account.MovementKind{
		account.KindTopUp, account.KindHold, account.KindHold, account.KindExpire, account.KindCharge, account.KindExpire,
	}, kinds)
	assert.Equal(t, "5 0 5", b.stands(a.ID))
	b.verified()
}

func TestManyHoldsTimeOutAtOnce(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "1000")
	const holds = store.MaxDue*2 + 17
	for n := range holds {
		b.do(b.svc.Hold(t.Context(), holdOf(a.ID, "1", fmt.Sprint("h", n))))
	}
	b.clock.Advance(account.DefaultHoldTimeout)
	assert.Equal(t, "1000 0 1000", b.stands(a.ID))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1000", "all")))
	b.verified()
}

func TestOverdrawEndsByItself(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", credit("5"))
	ends := began.Add(24 * time.Hour)
	a = b.update(a, "credit.overdraw.limit", "20", "credit.overdraw.expires_at", ends.Format(time.RFC3339Nano))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "34", "m1")))
	b.do(b.svc.Hold(t.Context(), holdOf(a.ID, "1", "h1")))
	assert.Equal(t, "-24 1 0", b.stands(a.ID))
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "2", "t2")))
	b.clock.Advance(ends.Sub(b.clock.Now()) - time.Microsecond)
	b.do(b.svc.Hold(t.Context(), clientaccount.Hold{Account: a.ID, Amount: money("1"), Reference: "h2"})) // the last microsecond
	b.clock.Advance(time.Microsecond)
	_, err := b.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Price: account.Some(decimal.Zero), Messages: 1, Reference: "free"})
	require.ErrorIs(t, err, account.ErrExhausted, "below the limit not even a free message goes")
	end := movementOf(a.ID, "0", "c2")
	end.Hold = "h2"
	b.do(b.svc.Move(t.Context(), as(account.KindCapture, end))) // holds made before still settle
	require.NoError(t, b.svc.Tick(t.Context()))
	require.NoError(t, b.svc.Tick(t.Context()))
	assert.Equal(t, []account.EventKind{account.EventExhausted, account.EventOverdrawEnded, account.EventExhausted}, b.events(a.ID))
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "18", "t3")))
	assert.Equal(t, "-5 0 0", b.stands(a.ID), "the debt stays; sending begins above the credit")
	b.verified()
}

func TestNotificationLimitIsToldOnce(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", func(a *account.Account) { a.Core.NotificationLimit = account.MoneyLimit(money("3")) })
	charge := func(amount, reference string) { b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, amount, reference))) }
	charge("6.999999", "1")
	assert.Empty(t, b.events(a.ID), "a new account that has nothing yet is no news")
	charge("0.000001", "2")
	charge("1", "3")
	assert.Equal(t, []account.EventKind{account.EventLimitReached}, b.events(a.ID))
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "2", "4")))
	a = b.update(a, "notification_limit", "5 money")
	assert.Len(t, b.events(a.ID), 3, "an edit applies the rule once")
	a = b.update(a, "notification_limit", "")
	charge("4", "5")
	assert.Equal(t, []account.EventKind{
		account.EventLimitReached, account.EventLimitCleared, account.EventLimitReached, account.EventExhausted,
	}, b.events(a.ID))
	b.verified()
}

func TestNotificationLimitInMessages(t *testing.T) {
	b := newBench(t)
	p, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Gold", Currency: "EUR", Price: account.Some(money("0.5"))}, account.Actor{}, "")
	require.NoError(t, err)
	a := b.rich("acme", "10", func(a *account.Account) {
		a.Core.NotificationLimit, a.Notes.Product = account.MessagesLimit(10), p.ID
	})
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "4.5", "1"))) // 11 messages are left
	assert.Empty(t, b.events(a.ID))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "0.000001", "2"))) // 10 messages and a half
	assert.Equal(t, []account.EventKind{account.EventLimitReached}, b.events(a.ID))
	p.Price = account.Some(money("0.1"))
	p, err = b.svc.SaveProduct(t.Context(), p, account.Actor{}, "")
	require.NoError(t, err)
	assert.Len(t, b.events(a.ID), 2, "a new price counts at once")
	p.Price = account.Optional[decimal.Decimal]{}
	_, err = b.svc.SaveProduct(t.Context(), p, account.Actor{}, "")
	require.NoError(t, err)
	assert.Len(t, b.events(a.ID), 2, "without a price messages cannot be counted, which is not none")
}

func TestProductsCreditCountsAtOnce(t *testing.T) {
	b := newBench(t)
	p, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Gold", Currency: "EUR", CreditLimit: account.Some(money("5"))}, account.Actor{}, "")
	require.NoError(t, err)
	a := b.rich("acme", "1", func(a *account.Account) { a.Notes.Product = p.ID })
	own := b.rich("own", "1", func(a *account.Account) { a.Notes.Product, a.Credit.Limit = p.ID, account.Some(money("2")) })
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "3", "1")))
	p.CreditLimit = account.Some(money("3"))
	_, err = b.svc.SaveProduct(t.Context(), p, account.Actor{}, "")
	require.NoError(t, err)
	assert.Equal(t, "-2 0 1", b.stands(a.ID))
	assert.Equal(t, "1 0 3", b.stands(own.ID))
	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "2", "2"))
	require.ErrorIs(t, err, account.ErrExhausted)
}

func TestLimitLoweredUnderItsUseWarnsAndStops(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", credit("50"))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "40", "1")))
	preview, err := b.svc.Preview(t.Context(), a.ID, a.Revision, set("credit.limit", "20"))
	require.NoError(t, err)
	assert.True(t, account.Faults(preview.Warnings).Has("credit.below_used"), "%v", preview.Warnings)
	a = b.update(a, "credit.limit", "20")
	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "0.01", "2"))
	require.ErrorIs(t, err, account.ErrExhausted)
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "10.01", "3")))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "0.01", "2")))
	b.verified()
}

func TestAdjustMayPassTheLimitWhenSaid(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "1")
	m := movementOf(a.ID, "-3", "1")
	m.Reason = "Fees"
	_, err := b.svc.Move(t.Context(), as(account.KindAdjust, m))
	require.ErrorIs(t, err, account.ErrExhausted)
	m.PassLimit = true
	r := b.do(b.svc.Move(t.Context(), as(account.KindAdjust, m)))
	assert.Equal(t, "-2 Fees Olena Koval", r.After.String()+" "+r.Reason+" "+r.Actor.Name)
}

func TestRefundAtMostOnceInFull(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	charged := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "6", "m")))
	refund := func(amount, reference string, of int64) error {
		_, err := b.svc.Refund(t.Context(), clientaccount.Refund{Account: a.ID, Of: of, Amount: money(amount), Reference: reference})
		return err
	}
	require.NoError(t, refund("2", "r1", charged.Number))
	require.ErrorIs(t, refund("4.01", "r2", charged.Number), account.ErrRefundAmount)
	require.NoError(t, refund("0", "r3", charged.Number)) // what is left
	require.NoError(t, refund("0", "r3", charged.Number)) // repeated
	require.ErrorIs(t, refund("0", "r4", charged.Number), account.ErrRefundAmount)
	require.ErrorIs(t, refund("1", "r5", 1), account.ErrRefund, "a top-up took nothing")
	require.ErrorIs(t, refund("1", "r6", 99), account.ErrRefund)
	assert.Equal(t, "10 0 10", b.stands(a.ID))
	b.verified()
}

func TestRefundOfWhatAReferencePaid(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	charged := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "6", "caf\u00e9")))
	refund := clientaccount.Refund{Account: a.ID, OfReference: "cafe\u0301", Amount: money("2"), Reference: "r1"}
	first := b.do(b.svc.Refund(t.Context(), refund))
	assert.Equal(t, charged.Number, first.Of)
	assert.True(t, b.do(b.svc.Refund(t.Context(), refund)).Repeated)
	byNumber := clientaccount.Refund{Account: a.ID, Of: charged.Number, Amount: money("2"), Reference: "r1"}
	assert.True(t, b.do(b.svc.Refund(t.Context(), byNumber)).Repeated, "it is the same refund")
	for reference, want := range map[string]error{"first": account.ErrRefund, "none": account.ErrRefund, "\x00": account.ErrRefund} {
		_, err := b.svc.Refund(t.Context(), clientaccount.Refund{Account: a.ID, OfReference: reference, Reference: "r2"})
		require.ErrorIs(t, err, want, "%q", reference)
	}
	_, err := b.svc.Refund(t.Context(), clientaccount.Refund{Account: account.ID{9}, OfReference: "m", Reference: "r2"})
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = b.svc.Refund(t.Context(), clientaccount.Refund{Account: a.ID, Reference: "r2"})
	assert.Equal(t, []string{"of of.required"}, faults(err))
	_, err = b.svc.Refund(t.Context(), clientaccount.Refund{Account: a.ID, Of: 1, OfReference: "m", Amount: money("-1"), Reference: "r2"})
	assert.Equal(t, []string{"ofReference of.both", "amount amount.negative"}, faults(err))
	assert.Equal(t, "6 0 6", b.stands(a.ID))
	b.verified()
}

func TestTransferIsBothOrNothing(t *testing.T) {
	b := newBench(t)
	from, to := b.rich("giver", "10"), b.rich("taker", "1")
	dollars := b.create("dollars", func(a *account.Account) { a.Core.Currency = "USD" })
	transfer := func(amount, reference string, other account.ID) (clientaccount.Receipt, error) {
		return b.svc.Transfer(t.Context(), clientaccount.Transfer{Account: from.ID, To: other, Amount: money(amount), Reference: reference})
	}
	first := b.do(transfer("4", "t", to.ID))
	again := b.do(transfer("4", "t", to.ID))
	assert.True(t, again.Repeated)
	assert.Equal(t, first.Entry, again.Entry)
	_, err := transfer("4", "t", dollars.ID)
	require.ErrorIs(t, err, account.ErrReused)
	_, err = transfer("4", "t2", dollars.ID)
	assert.Equal(t, []string{"currency amount.currency"}, faults(err))
	_, err = transfer("7", "t3", to.ID)
	require.ErrorIs(t, err, account.ErrExhausted)
	_, err = transfer("1", "t4", account.ID{9})
	assert.Equal(t, []string{"to to.unknown"}, faults(err))
	_, err = transfer("1", "t5", from.ID)
	assert.Equal(t, []string{"to to.other"}, faults(err))
	assert.Equal(t, "6 0 6", b.stands(from.ID))
	assert.Equal(t, "5 0 5", b.stands(to.ID))
	b.verified()
}

func TestClosedAccountRefusesEverything(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10")
	b.do(b.svc.Hold(t.Context(), holdOf(a.ID, "1.5", "h")))
	_, err := b.svc.Update(t.Context(), a.ID, a.Revision, set("status", "closed"))
	assert.Equal(t, []string{"status status.held"}, faults(err))
	assert.ErrorContains(t, err, " EUR.", "an amount has its currency")
	b.clock.Advance(account.DefaultHoldTimeout) // the hold is over, though no entry says so yet
	a = b.update(a, "status", "closed")
	_, err = b.svc.TopUp(t.Context(), topUpOf(a.ID, "1", "t"))
	require.ErrorIs(t, err, account.ErrClosed)
	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "c"))
	require.ErrorIs(t, err, account.ErrClosed)
	again := b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "10", "first")))
	assert.True(t, again.Repeated, "what was done is still told")
	b.verified()
}

func TestCurrencyIsFixedOnceMoneyMoved(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	a = b.update(a, "currency", "USD")
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "1", "t")))
	_, err := b.svc.Update(t.Context(), a.ID, a.Revision, set("currency", "EUR"))
	assert.Equal(t, []string{"currency currency.in_use"}, faults(err))
}

func TestChargeManyGivesEachItsOutcome(t *testing.T) {
	b := newBench(t)
	a, other := b.rich("acme", "2"), b.rich("other", "1")
	results := b.svc.ChargeMany(t.Context(), []clientaccount.Charge{
		chargeOf(a.ID, "1", "1"), chargeOf(other.ID, "3", "1"), chargeOf(a.ID, "-1", "2"), chargeOf(a.ID, "1", "3"), chargeOf(a.ID, "1", "4"), chargeOf(a.ID, "1", "1"),
	})
	require.Len(t, results, 6)
	require.NoError(t, results[0].Err)
	require.ErrorIs(t, results[1].Err, account.ErrExhausted)
	assert.Equal(t, []string{"amount amount.negative"}, faults(results[2].Err))
	require.NoError(t, results[3].Err)
	require.ErrorIs(t, results[4].Err, account.ErrExhausted)
	assert.True(t, results[5].Receipt.Repeated)
	assert.Equal(t, "0 0 0", b.stands(a.ID))
}

func TestManyCallersNeverPassTheLimit(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "100")
	var group sync.WaitGroup
	var mu sync.Mutex
	accepted, refused := 0, 0
	for g := range 32 {
		group.Go(func() {
			for n := range 20 {
				_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "1", fmt.Sprint(g, "-", n)))
				mu.Lock()
				switch {
				case err == nil:
					accepted++
				case errors.Is(err, account.ErrExhausted):
					refused++
				default:
					assert.NoError(t, err)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	assert.Equal(t, 100, accepted)
	assert.Equal(t, 32*20-100, refused)
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	b.verified()
}

func TestCloseDrainsAndRefuses(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "1")
	require.NoError(t, b.svc.Close(t.Context()))
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "c"))
	require.ErrorIs(t, err, clientaccount.ErrStopped)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = newBench(t).svc.Charge(ctx, chargeOf(a.ID, "1", "c"))
	require.ErrorIs(t, err, context.Canceled)
}
