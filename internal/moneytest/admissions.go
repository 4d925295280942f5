package moneytest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// Host is a Service over an empty store, for tests that every store shares.
type Host struct {
	*clientaccount.Service
	Clock *Clock
	// Within runs a function with the Service bound to a transaction of the host's, and
	// commits it; nil where the store has none.
	Within func(t *testing.T, do func(*clientaccount.Service))
}

// Admissions tests what a Service promises of admitted messages.
func Admissions(t *testing.T, host func(t *testing.T) Host) {
	t.Helper()
	for _, p := range []struct {
		name string
		test func(t *testing.T, p platform)
	}{
		{"a hold that stands says to send, new or repeated, whatever would be decided now", admitStanding},
		{"a captured hold says that it was sent, refunded or not", admitCaptured},
		{"a hold that ended without capture is ErrHold", admitEnded},
		{"a hold that timed out is ended before it is said to be", admitTimedOut},
		{"another content under the reference is ErrReused", admitReused},
		{"what is not held says why, and not to send", admitRefused},
		{"callers at once share one hold", admitAtOnce},
		{"a repeated hold says how it ended", holdRepeated},
	} {
		t.Run(p.name, func(t *testing.T) {
			for _, shared := range []bool{false, true} {
				t.Run(fmt.Sprintf("shared money %v", shared), func(t *testing.T) { p.test(t, newPlatform(t, host(t), shared)) })
			}
		})
	}
	t.Run("an admission in a host's transaction is as one outside", func(t *testing.T) { admitWithin(t, host(t)) })
}

// platform is a client who may send and has 10.00, own or another's.
type platform struct {
	Host
	client, payer account.Account
}

func newPlatform(t *testing.T, h Host, shared bool) platform {
	t.Helper()
	return newPlatformOf(t, h, "", shared)
}

// newPlatformOf is newPlatform for one of several, by the beginnings of their logins.
func newPlatformOf(t *testing.T, h Host, login string, shared bool) platform {
	t.Helper()
	p := platform{Host: h}
	p.payer = p.create(t, login+"payer", func(a *account.Account) { a.Sending.Subaccounts = true })
	p.client = p.payer
	if shared {
		p.client = p.create(t, login+"child", func(a *account.Account) { a.Parent, a.Credit.Shared = p.payer.ID, true })
	}
	_, err := p.TopUp(t.Context(), clientaccount.TopUp{Account: p.payer.ID, Amount: money(10), Reference: "top-up", Actor: actor})
	require.NoError(t, err)
	return p
}

func (p platform) create(t *testing.T, login string, adjust func(*account.Account)) account.Account {
	t.Helper()
	made, err := p.Create(t.Context(), clientaccount.Edit{Actor: actor, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = login, "Company"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		adjust(a)
		return nil
	}})
	require.NoError(t, err)
	return made.Account
}

// set edits a field of the client.
func (p platform) set(t *testing.T, path, text string) {
	t.Helper()
	a, err := p.Get(t.Context(), p.client.ID)
	require.NoError(t, err)
	_, err = p.Update(t.Context(), a.ID, a.Revision, clientaccount.Edit{Actor: actor, Apply: account.Change{}.Set(path, text).Apply})
	require.NoError(t, err)
}

// message costs 2 x 2.00.
func message() account.Request {
	return account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", MCC: "255", MNC: "01", Parts: 2, Price: account.Some(money(2)),
	}
}

func (p platform) admit(ctx context.Context, reference string) (clientaccount.Admission, error) {
	return p.Admit(ctx, p.client.ID, message(), clientaccount.MessageHold{Reference: reference, Timeout: time.Hour, Actor: actor})
}

// requireAdmitted returns the admission that there must be.
func (p platform) requireAdmitted(t *testing.T, reference string, verdict account.Verdict) clientaccount.Admission {
	t.Helper()
	got, err := p.admit(t.Context(), reference)
	require.NoError(t, err)
	require.Equal(t, verdict, got.Verdict)
	require.Equal(t, verdict == account.VerdictAccept, got.Send())
	if verdict == account.VerdictAccept || verdict == account.VerdictSent {
		require.Equal(t, reference, got.Hold.Reference)
		require.Empty(t, got.Findings)
		cost, known := got.Cost()
		require.True(t, known)
		require.Equal(t, "4", cost.String())
	}
	return got
}

// end captures or releases a hold.
func (p platform) end(t *testing.T, end account.MovementKind, hold string) clientaccount.Receipt {
	t.Helper()
	r, err := p.Move(t.Context(), account.Movement{Kind: end, Account: p.client.ID, Hold: hold, Reference: hold + "/end", Actor: actor})
	require.NoError(t, err)
	return r
}

// requireMoney is the payer's balance and what is held of it.
func (p platform) requireMoney(t *testing.T, balance, held string) {
	t.Helper()
	b, err := p.Balance(t.Context(), p.payer.ID)
	require.NoError(t, err)
	assert.Equal(t, balance+" "+held, b.Amount.String()+" "+b.Held.String())
}

func admitStanding(t *testing.T, p platform) {
	first := p.requireAdmitted(t, "m", account.VerdictAccept)
	assert.False(t, first.Hold.Repeated)
	again := p.requireAdmitted(t, "m", account.VerdictAccept)
	assert.True(t, again.Hold.Repeated)
	assert.Equal(t, first.Hold.Number, again.Hold.Number)
	for _, stops := range [][2]string{{"sending.rest", "false"}, {"status", "suspended"}, {"status", "blocked"}} {
		p.set(t, stops[0], stops[1])
		again = p.requireAdmitted(t, "m", account.VerdictAccept)
		assert.Equal(t, first.Hold.Number, again.Hold.Number, "%v", stops)
		assert.True(t, again.Hold.Repeated)
	}
	p.requireMoney(t, "10", "4")
}

func admitCaptured(t *testing.T, p platform) {
	p.requireAdmitted(t, "m", account.VerdictAccept)
	paid := p.end(t, account.KindCapture, "m")
	p.requireAdmitted(t, "m", account.VerdictSent)
	_, err := p.Refund(t.Context(), clientaccount.Refund{Account: p.client.ID, Of: paid.Number, Reference: "back", Actor: actor})
	require.NoError(t, err)
	p.requireAdmitted(t, "m", account.VerdictSent)
	p.Clock.Advance(2 * time.Hour)
	p.requireAdmitted(t, "m", account.VerdictSent)
	p.set(t, "status", "suspended")
	p.requireAdmitted(t, "m", account.VerdictSent)
	p.set(t, "status", "closed")
	p.requireAdmitted(t, "m", account.VerdictSent)
	p.requireMoney(t, "10", "0")
}

func (p platform) requireErrHold(t *testing.T, reference string) {
	t.Helper()
	got, err := p.admit(t.Context(), reference)
	require.ErrorIs(t, err, account.ErrHold)
	require.Zero(t, got)
	require.False(t, got.Send())
}

func admitEnded(t *testing.T, p platform) {
	p.requireAdmitted(t, "m", account.VerdictAccept)
	p.end(t, account.KindRelease, "m")
	p.requireErrHold(t, "m")
	p.set(t, "status", "suspended")
	p.requireErrHold(t, "m")
	p.set(t, "status", "closed")
	p.requireErrHold(t, "m")
	p.requireMoney(t, "10", "0")
}

func admitTimedOut(t *testing.T, p platform) {
	p.requireAdmitted(t, "m", account.VerdictAccept)
	p.requireAdmitted(t, "n", account.VerdictAccept)
	p.Clock.Advance(time.Hour - time.Microsecond)
	p.requireAdmitted(t, "m", account.VerdictAccept)
	p.Clock.Advance(time.Microsecond)
	refused := message()
	refused.Channel = account.ChannelSMPP // no hold is asked for, which would end those that are due
	_, err := p.Admit(t.Context(), p.client.ID, refused, clientaccount.MessageHold{Reference: "m", Timeout: time.Hour})
	require.ErrorIs(t, err, account.ErrHold)
	ends, err := p.Entries(t.Context(), account.EntryQuery{Account: p.client.ID, Hold: "m"})
	require.NoError(t, err)
	require.Len(t, ends, 1, "nothing that was under way can capture it now")
	assert.Equal(t, account.KindExpire, ends[0].Kind)
	p.requireErrHold(t, "n")
	p.requireAdmitted(t, "m/2", account.VerdictAccept)
	p.requireMoney(t, "10", "4")
}

func admitReused(t *testing.T, p platform) {
	p.requireAdmitted(t, "m", account.VerdictAccept)
	_, err := p.Charge(t.Context(), clientaccount.Charge{Account: p.client.ID, Amount: money(1), Reference: "charge", Actor: actor})
	require.NoError(t, err)
	dearer, longer := message(), message()
	dearer.Price, longer.Parts = account.Some(money(3)), 3
	for range 2 {
		for name, ask := range map[string]struct {
			reference string
			r         account.Request
		}{
			"price": {"m", dearer}, "parts": {"m", longer}, "a charge": {"charge", message()},
		} {
			got, err := p.Admit(t.Context(), p.client.ID, ask.r, clientaccount.MessageHold{Reference: ask.reference, Timeout: time.Hour})
			require.ErrorIs(t, err, account.ErrReused, name)
			require.Zero(t, got, name)
		}
		p.set(t, "sending.rest", "false") // and where it would be refused
	}
	p.requireMoney(t, "9", "4")
}

func admitRefused(t *testing.T, p platform) {
	p.set(t, "sending.rest", "false")
	got := p.requireAdmitted(t, "m", account.VerdictRefuse)
	assert.True(t, got.Has("channel.off"))
	assert.Zero(t, got.Hold)
	_, err := p.admit(t.Context(), "")
	faults, _ := account.AsFaults(err)
	assert.True(t, faults.Has("idempotency.required"), "a reference that is missing is a fault, whatever is decided")
	p.set(t, "sending.rest", "true")
	p.requireAdmitted(t, "m", account.VerdictAccept)
	p.requireAdmitted(t, "n", account.VerdictAccept)
	got = p.requireAdmitted(t, "o", account.VerdictRefuse)
	assert.True(t, got.Has("credit.exhausted"))
	p.requireMoney(t, "10", "8")
	assert.False(t, clientaccount.Admission{}.Send(), "the zero Admission")
}

func admitAtOnce(t *testing.T, p platform) {
	var group sync.WaitGroup
	var mu sync.Mutex
	numbers, made := map[int64]bool{}, 0
	for range 8 {
		group.Go(func() {
			got, err := p.admit(context.Background(), "m")
			assert.NoError(t, err)
			assert.True(t, got.Send())
			mu.Lock()
			defer mu.Unlock()
			numbers[got.Hold.Number] = true
			if !got.Hold.Repeated {
				made++
			}
		})
	}
	group.Wait()
	assert.Len(t, numbers, 1)
	assert.Equal(t, 1, made)
	p.requireMoney(t, "10", "4")
}

func holdRepeated(t *testing.T, p platform) {
	hold := func() clientaccount.Receipt {
		got, err := p.Hold(t.Context(), clientaccount.Hold{Account: p.client.ID, Amount: money(1), Reference: "h", Actor: actor})
		require.NoError(t, err)
		return got
	}
	first := hold()
	again := hold()
	assert.True(t, again.Repeated)
	assert.Empty(t, again.Ended)
	p.end(t, account.KindRelease, "h")
	again = hold()
	assert.Equal(t, account.KindRelease, again.Ended)
	assert.Equal(t, first.Number, again.Number, "the first result, whatever happened since")
	p.requireMoney(t, "10", "0")
}

// admitWithin admits, captures and asks again within one transaction, and after it.
func admitWithin(t *testing.T, h Host) {
	if h.Within == nil {
		t.Skip("the store has no transactions of hosts")
	}
	p := newPlatform(t, h, true)
	h.Within(t, func(svc *clientaccount.Service) {
		bound := p
		bound.Service = svc
		bound.requireAdmitted(t, "m", account.VerdictAccept)
		assert.True(t, bound.requireAdmitted(t, "m", account.VerdictAccept).Hold.Repeated)
		bound.requireAdmitted(t, "n", account.VerdictAccept)
		bound.end(t, account.KindCapture, "m")
		bound.requireAdmitted(t, "m", account.VerdictSent)
		bound.end(t, account.KindRelease, "n")
		bound.requireErrHold(t, "n")
		bound.requireAdmitted(t, "o", account.VerdictAccept)
	})
	p.requireAdmitted(t, "m", account.VerdictSent)
	p.requireErrHold(t, "n")
	p.Clock.Advance(time.Hour)
	h.Within(t, func(svc *clientaccount.Service) {
		bound := p
		bound.Service = svc
		bound.requireErrHold(t, "o")
	})
	p.requireErrHold(t, "o")
	p.requireMoney(t, "6", "0")
}
