package clientaccount_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// family is a payer, an account that spends its money, and one beneath that one.
type family struct{ payer, child, grandchild account.Account }

func (b *bench) family(money, cap string) family {
	b.Helper()
	adds := func(a *account.Account) { a.Sending.Subaccounts = true }
	shares := func(parent account.ID) func(*account.Account) {
		return func(a *account.Account) {
			a.Parent, a.Credit.Shared, a.Sending.Subaccounts, a.Core.TimeZone = parent, true, true, "Europe/Kyiv"
		}
	}
	var f family
	f.payer = b.rich("payer", money, adds)
	f.child = b.create("child", shares(f.payer.ID), func(a *account.Account) {
		if cap != "" {
			a.Credit.Cap = account.Some(moneyText(cap))
		}
	})
	f.grandchild = b.create("grandchild", shares(f.child.ID))
	return f
}

var moneyText = money // beneath a parameter of that name

func TestSharedMoneyIsThePayers(t *testing.T) {
	b := newBench(t)
	f := b.family("10", "7")
	r := b.do(b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "4", "m")))
	assert.Equal(t, "0", r.Amount.String(), "its own balance is not touched")
	assert.Equal(t, "-4 4 4", r.Shared.String()+" "+r.Spent.String()+" "+r.SpentAfter.String())
	assert.Equal(t, []account.ID{f.grandchild.ID, f.child.ID, f.payer.ID}, r.Chain)
	assert.Equal(t, "6 0 6", b.stands(f.payer.ID))
	assert.Equal(t, "0 0 3", b.stands(f.child.ID), "what the cap leaves")
	assert.Equal(t, "0 0 3", b.stands(f.grandchild.ID))
	again := b.do(b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "4", "m")))
	assert.True(t, again.Repeated)
	b.do(b.svc.Charge(t.Context(), chargeOf(f.child.ID, "1", "m"))) // the reference is each account's own
	b.do(b.svc.Charge(t.Context(), chargeOf(f.payer.ID, "1", "m")))
	_, err := b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "2.01", "m2"))
	exhausted := &account.ExhaustedError{}
	require.ErrorAs(t, err, &exhausted)
	assert.True(t, exhausted.Cap)
	assert.Equal(t, f.child.ID, exhausted.Account)
	_, err = b.svc.TopUp(t.Context(), topUpOf(f.child.ID, "1", "t"))
	require.ErrorIs(t, err, account.ErrShared)
	b.verified()
}

func TestCapIsOfACalendarMonth(t *testing.T) {
	b := newBench(t)
	f := b.family("100", "7")
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	require.NoError(t, err)
	charge := func(amount, reference string) error {
		_, err := b.svc.Charge(t.Context(), chargeOf(f.child.ID, amount, reference))
		return err
	}
	require.NoError(t, charge("7", "1"))
	hold := movementOf(f.child.ID, "0.5", "h")
	_, err = b.svc.Move(t.Context(), as(account.KindHold, hold))
	require.ErrorIs(t, err, account.ErrExhausted)
	b.clock.Advance(time.Date(2026, 12, 1, 0, 0, 0, 0, kyiv).Sub(b.clock.Now()) - time.Microsecond)
	require.ErrorIs(t, charge("1", "2"), account.ErrExhausted, "the last microsecond of November")
	b.clock.Advance(time.Microsecond)
	require.NoError(t, charge("6", "2"))
	refund := movementOf(f.child.ID, "0", "r")
	refund.Of = 1
	b.do(b.svc.Move(t.Context(), as(account.KindRefund, refund))) // November's: it does not make room in December
	require.ErrorIs(t, charge("1.01", "3"), account.ErrExhausted)
	refund = movementOf(f.child.ID, "0", "r2")
	refund.Of = 2
	b.do(b.svc.Move(t.Context(), as(account.KindRefund, refund)))
	require.NoError(t, charge("7", "3"))
	assert.Equal(t, "93 0 93", b.stands(f.payer.ID))
	b.verified()
}

// What a hold spent in November is no room in December, however it comes back.
func TestRefundsOfCapturesMakeRoomOnlyInTheMonthOfTheHold(t *testing.T) {
	b := newBench(t)
	f := b.family("100", "7")
	b.clock.Advance(time.Date(2026, 11, 30, 21, 59, 0, 0, time.UTC).Sub(b.clock.Now())) // a minute of November left in Kyiv
	hold := movementOf(f.grandchild.ID, "7", "november")
	b.do(b.svc.Move(t.Context(), as(account.KindHold, hold)))
	b.clock.Advance(2 * time.Minute)
	b.do(b.svc.Hold(t.Context(), holdOf(f.grandchild.ID, "7", "december")))
	for n, month := range []string{"november", "december"} {
		capture := movementOf(f.grandchild.ID, "0", month+"/sent")
		capture.Hold = month
		refund := movementOf(f.grandchild.ID, "0", month+"/back")
		refund.Of = b.do(b.svc.Move(t.Context(), as(account.KindCapture, capture))).Number
		b.do(b.svc.Move(t.Context(), as(account.KindRefund, refund)))
		at, err := b.svc.Balance(t.Context(), f.child.ID)
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(7*n), at.Available.String(), month)
	}
	b.do(b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "7", "again")))
	_, err := b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "0.000001", "more"))
	require.ErrorIs(t, err, account.ErrExhausted)
	b.verified()
}

func TestSharedHolds(t *testing.T) {
	b := newBench(t)
	f := b.family("10", "7")
	ctx := t.Context()
	b.do(b.svc.Hold(ctx, holdOf(f.grandchild.ID, "4", "h")))
	assert.Equal(t, "10 4 6", b.stands(f.payer.ID))
	assert.Equal(t, "0 0 3", b.stands(f.grandchild.ID))
	capture := movementOf(f.grandchild.ID, "3", "c")
	capture.Hold = "h"
	b.do(b.svc.Move(ctx, as(account.KindCapture, capture)))
	assert.Equal(t, "7 0 7", b.stands(f.payer.ID))
	assert.Equal(t, "0 0 4", b.stands(f.grandchild.ID))
	b.do(b.svc.Hold(ctx, holdOf(f.child.ID, "4", "h")))
	b.clock.Advance(account.DefaultHoldTimeout)
	assert.Equal(t, "7 0 7", b.stands(f.payer.ID), "timed out")
	assert.Equal(t, "0 0 4", b.stands(f.child.ID))
	b.do(b.svc.Charge(ctx, chargeOf(f.payer.ID, "7", "all")))
	assert.Equal(t, "0 0 0", b.stands(f.child.ID))
	b.verified()
}

func TestRefundFollowsTheRecordedChain(t *testing.T) {
	b := newBench(t)
	f := b.family("10", "")
	r := b.do(b.svc.Charge(t.Context(), chargeOf(f.child.ID, "4", "m")))
	b.do(b.svc.Hold(t.Context(), holdOf(f.child.ID, "2", "h")))
	child := b.update(f.child, "credit.shared", "false") // money of its own from now on
	b.do(b.svc.TopUp(t.Context(), topUpOf(child.ID, "5", "t")))
	b.do(b.svc.Charge(t.Context(), chargeOf(child.ID, "1", "m2")))
	refund := movementOf(child.ID, "0", "r")
	refund.Of = r.Number
	b.do(b.svc.Move(t.Context(), as(account.KindRefund, refund)))
	capture := movementOf(child.ID, "0", "c")
	capture.Hold = "h"
	b.do(b.svc.Move(t.Context(), as(account.KindCapture, capture)))
	assert.Equal(t, "4 0 4", b.stands(child.ID))
	assert.Equal(t, "8 0 8", b.stands(f.payer.ID), "what it paid came back, what was held of it was taken")
	refund = movementOf(f.payer.ID, "0", "r")
	refund.Of = 2
	_, err := b.svc.Move(t.Context(), as(account.KindRefund, refund))
	require.ErrorIs(t, err, account.ErrRefund, "a charge that another account ordered is refunded there")
	_, err = b.svc.Update(t.Context(), child.ID, child.Revision, set("credit.shared", "true"))
	assert.Equal(t, []string{"credit.shared shared.money"}, faults(err))
	b.verified()
}

func TestCreateBeneathNeedsThePermission(t *testing.T) {
	b := newBench(t)
	parent := b.create("parent")
	_, err := b.svc.Create(t.Context(), client("child", func(a *account.Account) { a.Parent = parent.ID }))
	assert.Equal(t, []string{"parent parent.forbidden"}, faults(err))
}
