package main

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// report has the network say something of the message that it took as its nth.
func (p *platform) report(g *Gateway, s account.MessageState, part int) {
	p.Helper()
	for _, ids := range p.network.taken {
		r := message.NetworkReport{Network: p.network.Name(), ID: ids[0], Report: account.Report{State: s, Part: part, DoneAt: p.clock.Now()}}
		require.NoError(p, g.Report(p.Context(), r))
	}
}

func TestDeliveredMessageIsPaidAndTold(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-1"))
	p.requireMoney("1", "0.8")
	assert.Equal(t, account.VerdictRefuse, p.take(g, "m-2"), "no money for another one")
	p.drain(g)
	p.requireMoney("0.2", "0")
	for range 2 { // networks repeat themselves
		p.report(g, account.StateDelivered, 0)
	}
	assert.Equal(t, []string{"DELIVRD"}, p.told())
	p.requireMoney("0.2", "0")
}

func TestLostMessageIsPaidBack(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	p.drain(g)
	p.clock.forward(8 * day)
	for range 2 {
		require.NoError(t, g.accounts.Tick(t.Context()))
	}
	assert.Equal(t, []string{"EXPIRED"}, p.told())
	p.requireMoney("1", "0")
}

func TestMessageGoesOutOnceWhenTheNetworkFailedBefore(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.network.fails = 2
	p.take(g, "m-1")
	p.drain(g)
	p.requireMoney("0.2", "0")
	assert.Equal(t, account.VerdictSent, p.take(g, "m-1"))
	assert.Equal(t, 3, p.network.calls)
	assert.Len(t, p.network.taken, 1)
	p.requireMoney("0.2", "0")
}

func TestRejectedMessageCostsNothingAndIsTriedAgainUnderAnotherID(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.network.rejects = "088"
	p.take(g, "m-1")
	p.drain(g)
	p.requireMoney("1", "0")
	assert.Equal(t, []string{"REJECTD"}, p.told())
	_, err := g.Take(t.Context(), p.message("m-1"))
	require.ErrorIs(t, err, account.ErrHold)

	p.network.rejects = ""
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-2"))
	p.drain(g)
	p.requireMoney("0.2", "0")
	assert.Len(t, p.network.taken, 1)
}

func TestRepeatedMessageIsSentOnce(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-1"))
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-1"), "while it is queued")
	assert.Len(t, g.queue, 1)
	p.drain(g)
	for range 3 {
		assert.Equal(t, account.VerdictSent, p.take(g, "m-1"))
		assert.Equal(t, account.VerdictSent, p.take(p.start(), "m-1"), "by another process")
	}
	p.report(g, account.StateUndeliverable, 0)
	assert.Equal(t, account.VerdictSent, p.take(g, "m-1"), "paid back, and still sent")
	assert.Empty(t, g.queue)
	assert.Empty(t, g.slots)
	assert.Equal(t, 1, p.network.calls)
	p.requireMoney("1", "0")
}

func TestOtherContentUnderAnIDIsRefused(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	dearer, other := p.message("m-1"), p.message("m-1")
	dearer.request.Price, other.request.Destination = account.Some(account.Amount("0.5")), "380501112234"
	for _, o := range []outgoing{dearer, other} {
		_, err := g.Take(t.Context(), o)
		require.ErrorIs(t, err, account.ErrReused)
	}
	p.drain(g)
	assert.Equal(t, 1, p.network.calls)
}

func TestMessageRepeatedAtOnceIsSentOnce(t *testing.T) {
	for fails := range 3 {
		p := newPlatform(t)
		p.network.fails = fails
		g := p.start()
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				got, err := g.Take(context.Background(), p.message("m-1"))
				assert.NoError(t, err)
				assert.Contains(t, []account.Verdict{account.VerdictAccept, account.VerdictSent}, got.Verdict)
				p.drainNow(g)
			})
		}
		group.Wait()
		assert.Equal(t, 1+fails, p.network.calls)
		assert.Empty(t, g.slots)
		p.requireMoney("0.2", "0")
	}
}

// drainNow hands over what is queued at this moment, beside others who do.
func (p *platform) drainNow(g *Gateway) {
	select {
	case o := <-g.queue:
		g.handOver(context.Background(), o)
	default:
	}
}

func TestReportBeforeSentCountsWhenItComes(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	early := message.NetworkReport{Network: p.network.Name(), ID: "net-b", Report: account.Report{State: account.StateDelivered}}
	require.NoError(t, g.Report(t.Context(), early))
	assert.Empty(t, p.told())
	p.drain(g)
	assert.Equal(t, []string{"DELIVRD"}, p.told())
	p.requireMoney("0.2", "0")
}

func TestReportsOfPartsAreToldAsOne(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	p.drain(g)
	p.report(g, account.StateAccepted, 1)
	p.report(g, account.StateDelivered, 1)
	p.report(g, account.StateAccepted, 2)
	p.report(g, account.StateDelivered, 1) // a repeat
	assert.Equal(t, []string{"ACCEPTD"}, p.told())
	p.report(g, account.StateDelivered, 2)
	assert.Equal(t, []string{"ACCEPTD", "DELIVRD"}, p.told())
}

func TestWhatIsQueuedIsHandedOverAtTheEnd(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	ended, end := context.WithCancel(t.Context())
	p.take(g, "m-1")
	end()
	g.Run(ended)
	assert.Len(t, p.network.taken, 1)
	p.requireMoney("0.2", "0")
}
