package clientaccount_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestAdmissions(t *testing.T) {
	moneytest.Admissions(t, func(*testing.T) moneytest.Host {
		clock := moneytest.NewClock(began)
		svc := clientaccount.New(memstore.New(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		return moneytest.Host{Service: svc, Clock: clock}
	})
}

// interrupted is a store where something happens just after money was looked up.
type interrupted struct {
	*memstore.Store
	then func(store.Lookup)
}

func (i *interrupted) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	found, err := i.Store.Ledger(ctx, ls)
	if i.then != nil {
		i.then(ls[0])
	}
	return found, err
}

// A hold that ends while Admit looks for it was there, or has ended as it did.
func TestAdmitSeesHowAHoldEndsMeanwhile(t *testing.T) {
	for want, end := range map[account.Verdict]account.MovementKind{account.VerdictSent: account.KindCapture, "": account.KindRelease} {
		b := newBench(t)
		a := b.rich("acme", "10", sender)
		hold := clientaccount.MessageHold{Reference: "m"}
		_, err := b.svc.Admit(t.Context(), a.ID, message("2.5"), hold)
		require.NoError(t, err)
		st := &interrupted{Store: b.store}
		svc := clientaccount.New(st, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
		b.update(a, "sending.rest", "false")
		st.then = func(l store.Lookup) {
			if len(l.References) > 0 { // the entry was found; then another process ends the hold
				st.then = nil
				m := movementOf(a.ID, "0", "end")
				m.Hold = "m"
				_, err := b.svc.Move(t.Context(), as(end, m))
				require.NoError(t, err)
			}
		}
		got, err := svc.Admit(t.Context(), a.ID, message("2.5"), hold)
		require.Nil(t, st.then, "it happened")
		require.Equal(t, want, got.Verdict)
		require.Equal(t, want == "", err != nil)
		if err != nil {
			require.ErrorIs(t, err, account.ErrHold)
		}
	}
}

// At the instant of the time-out a capture may be on its way, with the time of a moment
// ago. Whoever comes first counts: the message is paid, or its hold has ended.
func TestAdmitLetsNoCaptureComeAfterATimeOut(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	hold := clientaccount.MessageHold{Reference: "m"}
	_, err := b.svc.Admit(t.Context(), a.ID, message("2.5"), hold)
	require.NoError(t, err)
	b.clock.Advance(account.DefaultHoldTimeout)
	behind := clientaccount.New(b.store, &clientaccount.Options{Clock: func() time.Time { return began }, Hash: cheap})
	refused := message("2.5")
	refused.Channel = account.ChannelSMPP
	_, err = b.svc.Admit(t.Context(), a.ID, refused, hold)
	require.ErrorIs(t, err, account.ErrHold)
	m := movementOf(a.ID, "0", "end")
	m.Hold = "m"
	_, err = behind.Move(t.Context(), as(account.KindCapture, m))
	require.ErrorIs(t, err, account.ErrHold)
	require.Equal(t, "10 0 10", b.stands(a.ID))
}
