package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// pledge makes holds of 1 each under h0 and so on, which time out in an hour.
func (b *bench) pledge(id account.ID, holds int) {
	b.Helper()
	for n := range holds {
		b.do(b.svc.Hold(b.Context(), holdOf(id, "1", fmt.Sprint("h", n))))
	}
}

// ended counts the entries that end a hold by time-out.
func (b *bench) ended(id account.ID) int {
	b.Helper()
	ends, err := b.svc.Entries(b.Context(), account.EntryQuery{Account: id, Kinds: []account.MovementKind{account.KindExpire}, Limit: 1000})
	require.NoError(b, err)
	return len(ends)
}

func TestMoneyOfOverdueHoldsIsSpentBeforeTheyAreEnded(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	a := b.rich("acme", "10")
	b.pledge(a.ID, 10)
	b.clock.Advance(time.Hour)
	assert.Equal(t, "10 0 10", b.stands(a.ID))
	_, err := b.svc.Charge(t.Context(), chargeOf(a.ID, "10.000001", "too much"))
	refused, exhausted := errors.AsType[*account.ExhaustedError](err)
	require.True(t, exhausted, "%v", err)
	assert.Equal(t, "10", refused.Available.String())
	r := b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "10", "all")))
	assert.LessOrEqual(t, b.ended(a.ID), 2, "a charge ends no more than one transaction may")
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	entry, err := b.svc.Entries(t.Context(), account.EntryQuery{Account: a.ID, Reference: "all"})
	require.NoError(t, err)
	assert.Equal(t, r.Number, entry[0].Number)
	assert.False(t, entry[0].After.Sub(entry[0].HeldAfter).Add(entry[0].Limit).IsNegative(), "the entry says how far it may go")
	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "0.000001", "once"))
	require.ErrorIs(t, err, account.ErrExhausted, "nothing is spent twice")
	b.verified()
	require.NoError(t, b.svc.Tick(t.Context()))
	assert.Equal(t, 10, b.ended(a.ID), "each end is an entry")
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	b.verified()
}

func TestOverdueHoldsCannotBeCapturedOrReleased(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	a := b.rich("acme", "10")
	b.pledge(a.ID, 5)
	b.clock.Advance(time.Hour)
	for _, kind := range []account.MovementKind{account.KindCapture, account.KindRelease} {
		m := movementOf(a.ID, "0", "end")
		m.Hold = "h4"
		_, err := b.svc.Move(t.Context(), as(kind, m))
		require.ErrorIs(t, err, account.ErrHold)
	}
	b.do(b.svc.Hold(t.Context(), holdOf(a.ID, "10", "new")))
	assert.Equal(t, "10 10 0", b.stands(a.ID), "the new hold has what the old ones had")
	m := movementOf(a.ID, "0", "captured")
	m.Hold = "new"
	b.do(b.svc.Move(t.Context(), as(account.KindCapture, m)))
	b.verified()
}

func TestLimitsAreToldOnceWhileHoldsAreOverdue(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	a := b.rich("acme", "10", func(a *account.Account) { a.Core.NotificationLimit = account.MoneyLimit(money("3")) })
	b.pledge(a.ID, 9)
	b.clock.Advance(time.Hour)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m1")))
	assert.Equal(t, []account.EventKind{account.EventLimitReached, account.EventLimitCleared}, b.events(a.ID))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "7", "m2")))
	require.NoError(t, b.svc.Tick(t.Context()))
	assert.Equal(t, []account.EventKind{account.EventLimitReached, account.EventLimitCleared, account.EventLimitReached}, b.events(a.ID))
	b.verified()
}

func TestSharedMoneyOfOverdueHoldsIsSpent(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	f := b.family("10", "10")
	b.pledge(f.grandchild.ID, 10)
	b.clock.Advance(time.Hour)
	for _, id := range []account.ID{f.payer.ID, f.child.ID, f.grandchild.ID} {
		at, err := b.svc.Balance(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, "10", at.Available.String())
	}
	b.do(b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "4", "shared")))
	b.do(b.svc.Charge(t.Context(), chargeOf(f.payer.ID, "1", "own")))
	b.do(b.svc.Charge(t.Context(), chargeOf(f.child.ID, "5", "rest")))
	_, err := b.svc.Charge(t.Context(), chargeOf(f.grandchild.ID, "0.000001", "more"))
	require.ErrorIs(t, err, account.ErrExhausted)
	assert.Less(t, b.ended(f.payer.ID), 10)
	b.verified()
	require.NoError(t, b.svc.Tick(t.Context()))
	for _, id := range []account.ID{f.payer.ID, f.child.ID, f.grandchild.ID} {
		assert.Equal(t, 10, b.ended(id), "each end is an entry in each ledger")
	}
	b.verified()
}

func TestTransfersSpendMoneyOfOverdueHolds(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	a, other := b.rich("acme", "10"), b.rich("other", "5")
	b.pledge(a.ID, 10)
	b.pledge(other.ID, 5)
	b.clock.Advance(time.Hour)
	m := movementOf(a.ID, "10", "t1")
	m.Other = other.ID
	b.do(b.svc.Move(t.Context(), as(account.KindTransferOut, m)))
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	assert.Equal(t, "15 0 15", b.stands(other.ID))
	b.verified()
}

func TestEditsDoNotWaitForOverdueHolds(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	a := b.rich("acme", "10")
	b.pledge(a.ID, 10)
	b.clock.Advance(time.Hour)
	a = b.update(a, "credit.limit", "5")
	a = b.update(a, "contact.phone", "+447400123456")
	assert.Zero(t, b.ended(a.ID))
	assert.Equal(t, "10 0 15", b.stands(a.ID))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "15", "all")))
	b.verified()
	_, err := b.svc.Preview(t.Context(), a.ID, a.Revision, set("status", "closed"))
	require.NoError(t, err, "what has timed out does not stand in the way")
	b.update(a, "status", "closed")
	assert.Equal(t, 10, b.ended(a.ID), "a closed account could not end them any more")
	b.verified()
}

func TestOverdueHoldsInATransactionOfTheHost(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	a := b.rich("acme", "10")
	b.pledge(a.ID, 10)
	b.clock.Advance(time.Hour)
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		svc := b.svc.On(hostTx{tx})
		for n := range 2 {
			if _, err := svc.Charge(ctx, chargeOf(a.ID, "5", fmt.Sprint("host ", n))); err != nil {
				return err
			}
		}
		return nil
	}))
	assert.LessOrEqual(t, b.ended(a.ID), 2)
	assert.Equal(t, "0 0 0", b.stands(a.ID))
	b.verified()
}

// Another Service writes to the account in between: what one of them has added up is of
// no use any more.
func TestTwoProcessesAgreeOnWhatIsOverdue(t *testing.T) {
	clientaccount.EndOneHoldAtOnce(t)
	b := newBench(t)
	other := b.service(cheap)
	a := b.rich("acme", "20")
	b.pledge(a.ID, 20)
	b.clock.Advance(time.Hour - time.Microsecond)
	late := movementOf(a.ID, "0.5", "late")
	_, err := b.svc.Move(t.Context(), as(account.KindHold, late))
	require.ErrorIs(t, err, account.ErrExhausted)
	b.clock.Advance(time.Microsecond)
	for n := range 10 {
		for _, svc := range []*clientaccount.Service{b.svc, other, b.svc} {
			at, err := svc.Balance(t.Context(), a.ID)
			require.NoError(t, err)
			assert.Equal(t, at.Amount.String(), at.Available.String())
			_, err = svc.Charge(t.Context(), chargeOf(a.ID, "0.5", fmt.Sprint(n, svc == other, at.Amount)))
			require.NoError(t, err)
		}
		b.clock.Advance(time.Second)
	}
	assert.Equal(t, "5 0 5", b.stands(a.ID))
	b.verified()
}

// Many accounts of one payer are overdue together. No charge locks all of them; a tick ends
// everything.
func TestAChargeEndsNoOverdueHoldsOfItsFamily(t *testing.T) {
	b := newBench(t)
	payer := b.rich("payer", "1000", func(a *account.Account) { a.Sending.Subaccounts = true })
	children := make([]account.Account, 150)
	for n := range children {
		children[n] = b.create(fmt.Sprint("child.", n), func(a *account.Account) { a.Parent, a.Credit.Shared = payer.ID, true })
		b.pledge(children[n].ID, 2)
	}
	b.clock.Advance(time.Hour)
	b.do(b.svc.Charge(t.Context(), chargeOf(payer.ID, "1", "the payer's")))
	assert.Zero(t, b.ended(payer.ID), "each would need the lock of another account")
	b.do(b.svc.Charge(t.Context(), chargeOf(children[7].ID, "999", "a child's")))
	assert.Equal(t, 2, b.ended(children[7].ID), "what is locked anyway is ended")
	assert.Equal(t, 2, b.ended(payer.ID))
	_, err := b.svc.Charge(t.Context(), chargeOf(children[8].ID, "0.000001", "more"))
	require.ErrorIs(t, err, account.ErrExhausted)
	b.verified()
	require.NoError(t, b.svc.Tick(t.Context()))
	assert.Equal(t, 300, b.ended(payer.ID))
	b.verified()
	due, err := b.store.Due(t.Context(), b.clock.Now(), account.ID{}, 1)
	require.NoError(t, err)
	assert.Empty(t, due, "nothing is left to be ended")
}
