package clientaccount_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// What is shown before a movement is what it then does, or is refused for.
func TestWhatIsPreviewedIsWhatHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		f := b.family("100", "30")
		ids := []account.ID{f.payer.ID, f.child.ID, f.grandchild.ID, b.rich("other", "50").ID}
		for n := range rapid.IntRange(1, 12).Draw(rt, "movements") {
			m := account.Movement{
				Kind:    rapid.SampledFrom(account.MovementKinds()).Draw(rt, "kind"),
				Account: rapid.SampledFrom(ids).Draw(rt, "account"), Reference: fmt.Sprint("r", rapid.IntRange(0, 14).Draw(rt, "reference")),
				Actor: account.Actor{ID: "u"}, Reason: "why",
			}
			if kind := m.Kind.Traits(); kind.Ends {
				m.Hold = fmt.Sprint("r", rapid.IntRange(0, 14).Draw(rt, "hold"))
			} else if kind.Transfers {
				m.Other = rapid.SampledFrom(ids).Draw(rt, "other")
			} else if kind.Refunds {
				m.Of = rapid.Int64Range(1, 6).Draw(rt, "of")
			}
			if m.Kind != account.KindRelease {
				m.Amount = money(rapid.SampledFrom([]string{"1", "7.5", "40"}).Draw(rt, "amount"))
			}
			seen, before := b.svc.PreviewMove(t.Context(), m)
			receipt, err := b.svc.Move(t.Context(), m)
			require.Equal(rt, fmt.Sprint(err), fmt.Sprint(before), "%d: %+v", n, m)
			if err != nil {
				continue
			}
			assert.Equal(rt, receipt.Repeated, seen.Repeated)
			if !seen.Repeated {
				assert.Equal(rt, receipt.Amount.String(), seen.Entry.Amount.String())
				assert.Equal(rt, receipt.After.String(), seen.After.Amount.String())
			}
			now, err := b.svc.Balance(t.Context(), m.Account)
			require.NoError(rt, err)
			assert.Equal(rt, now.Available.String(), seen.After.Available.String(), "%+v", m)
			if !m.Other.IsZero() {
				other, err := b.svc.Balance(t.Context(), m.Other)
				require.NoError(rt, err)
				assert.Equal(rt, other.Amount.String(), seen.OtherAfter.Amount.String())
			}
		}
	})
}

// The same amount of the same kind, a few hours ago, may be the same payment.
func TestAlikeMovementsAreShown(t *testing.T) {
	b := newBench(t)
	id := b.rich("acme", "10").ID
	b.do(b.svc.TopUp(t.Context(), topUpOf(id, "150", "bank-1")))
	b.clock.Advance(23 * time.Hour)
	again, err := b.svc.PreviewMove(t.Context(), as(account.KindTopUp, movementOf(id, "150.00", "second")))
	require.NoError(t, err)
	require.Len(t, again.Alike, 1)
	assert.Equal(t, "bank-1", again.Alike[0].Reference)
	other, err := b.svc.PreviewMove(t.Context(), as(account.KindTopUp, movementOf(id, "151", "third")))
	require.NoError(t, err)
	assert.Empty(t, other.Alike)
	b.clock.Advance(2 * time.Hour)
	later, err := b.svc.PreviewMove(t.Context(), as(account.KindTopUp, movementOf(id, "150", "second")))
	require.NoError(t, err)
	assert.Empty(t, later.Alike)

	until, everybody := b.clock.Now().Add(time.Hour), account.Optional[[]account.ID]{}
	waits, err := b.svc.ProposeMove(t.Context(), until, as(account.KindTopUp, movementOf(id, "150", "proposed")), everybody)
	require.NoError(t, err)
	for reference, want := range map[string][]store.Task{"other": {waits}, "proposed": nil} {
		would, err := b.svc.PreviewMove(t.Context(), as(account.KindTopUp, movementOf(id, "150.0", reference)))
		require.NoError(t, err)
		assert.Equal(t, want, would.Proposed, reference)
	}
	b.clock.Advance(time.Hour)
	expired, err := b.svc.PreviewMove(t.Context(), as(account.KindTopUp, movementOf(id, "150", "other")))
	require.NoError(t, err)
	assert.Empty(t, expired.Proposed, "nobody can confirm it any more")
}

// A capture of shared money is given back in the month of its hold, also in what is shown before.
func TestARefundIsPreviewedInTheMonthOfItsHold(t *testing.T) {
	b := newBench(t)
	f := b.family("10", "7")
	hold := holdOf(f.child.ID, "4", "h")
	hold.Timeout = 20 * 24 * time.Hour
	b.do(b.svc.Hold(t.Context(), hold))
	b.clock.Advance(10 * 24 * time.Hour)
	capture := movementOf(f.child.ID, "4", "c")
	capture.Hold = "h"
	refund := movementOf(f.child.ID, "3", "r")
	refund.Of = b.do(b.svc.Move(t.Context(), as(account.KindCapture, capture))).Number
	refund = as(account.KindRefund, refund)
	seen, err := b.svc.PreviewMove(t.Context(), refund)
	require.NoError(t, err)
	made := b.do(b.svc.Move(t.Context(), refund))
	now, err := b.svc.Balance(t.Context(), f.child.ID)
	require.NoError(t, err)
	assert.Equal(t, "0 7", made.Spent.String()+" "+now.Available.String())
	assert.Equal(t, made.Spent.String()+" "+now.Available.String(), seen.Entry.Spent.String()+" "+seen.After.Available.String())
}

func TestARepeatInAnotherCurrencyIsRefusedBefore(t *testing.T) {
	b := newBench(t)
	m := as(account.KindTopUp, movementOf(b.rich("acme", "10").ID, "150", "bank-1"))
	b.do(b.svc.Move(t.Context(), m))
	m.Currency = "USD"
	_, seen := b.svc.PreviewMove(t.Context(), m)
	_, err := b.svc.Move(t.Context(), m)
	assert.Equal(t, []string{"currency amount.currency"}, faults(err))
	assert.Equal(t, faults(err), faults(seen))
}
