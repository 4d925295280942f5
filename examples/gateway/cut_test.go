package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

var errDied = errors.New("the process died")

// life is that of a process: it ends before or after what it does as its nth.
type life struct {
	left  int // things that it does yet
	after bool
	dead  bool
	over  string // what it died over
	end   context.CancelFunc
}

// do does one thing that others see: a write, or a message handed over. What a process
// reads between two of these makes no difference to when it dies.
func (l *life) do(what string, thing func() error) error {
	if l.dead {
		return errDied
	}
	if l.left--; l.left >= 0 {
		return thing()
	}
	l.dead, l.over = true, what
	l.end()
	if l.after {
		_ = thing()
	}
	return errDied
}

type mortalStore struct {
	*memstore.Store
	life *life
}

func (s mortalStore) Append(ctx context.Context, ps []store.Posting) (found []store.Outcome, err error) {
	err = s.life.do("write", func() error { found, err = s.Store.Append(ctx, ps); return err })
	return found, err
}

func (s mortalStore) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return s.life.do("write", func() error { return s.Store.Update(ctx, fn) })
}

type mortalNetwork struct {
	*scripted
	life *life
}

func (n mortalNetwork) Send(ctx context.Context, s Submission) (ids []string, err error) {
	err = n.life.do("network", func() error { ids, err = n.scripted.Send(ctx, s); return err })
	return ids, err
}

// startMortal returns a gateway whose process will die.
func (p *platform) startMortal(l *life) *Gateway {
	return newGateway(p.service(mortalStore{p.store, l}), mortalNetwork{p.network, l}, func() {}, slog.New(slog.DiscardHandler))
}

// forEachDeath runs a way through the gateway that is cut before, and after, each of the
// things it does.
func forEachDeath(t *testing.T, way func(t *testing.T, p *platform, ctx context.Context, l *life)) {
	t.Helper()
	for n, over := 0, false; !over; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("at %d, done %v", n, after), func(t *testing.T) {
				ctx, end := context.WithCancel(t.Context())
				defer end()
				l := &life{left: n, after: after, end: end}
				defer func() { over = !l.dead || t.Failed() }()
				way(t, newPlatform(t), ctx, l)
			})
		}
	}
}

// Wherever the process dies, the next one finds what is left: the message goes out once at
// most, and is paid for if it did.
func TestMessageIsPaidForIfItWentOutWhereverTheProcessDies(t *testing.T) {
	for _, fails := range []int{0, 2} {
		forEachDeath(t, func(t *testing.T, p *platform, ctx context.Context, l *life) {
			p.network.fails = fails
			g := p.startMortal(l)
			_, taken := g.Take(ctx, p.message("m-1"))
			for len(g.queue) > 0 {
				g.handOver(ctx, <-g.queue)
			}
			p.network.fails = 0

			g = p.start()
			require.NoError(t, g.Recover(t.Context()))
			m, err := g.accounts.Message(t.Context(), p.client.ID, "m-1")
			switch {
			case errors.Is(err, account.ErrNotFound): // it was never admitted, and nobody was told so
				require.Error(t, taken)
				require.Equal(t, account.VerdictAccept, p.take(g, "m-1"))
				p.drain(g)
			case m.IsSent():
				require.Equal(t, account.VerdictSent, p.take(g, "m-1"))
			default:
				require.NoError(t, err)
				require.Equal(t, "unsent REJECTD restart", fmt.Sprintf("%s %s %s", m.Stage(), m.State(), m.Err))
				require.Equal(t, []string{"REJECTD"}, p.told())
				p.requireMoney("1", "0")
				require.Empty(t, p.network.times)
				require.Equal(t, account.VerdictAccept, p.take(g, "m-2"))
				p.drain(g)
			}
			require.Len(t, p.network.times, 1)
			for _, times := range p.network.times {
				require.Equal(t, 1, times)
			}
			p.requireMoney("0.2", "0")
		})
	}
}

// Wherever the process dies, the client is told each state once, and is paid back once.
func TestReportIsToldOnceWhereverTheProcessDies(t *testing.T) {
	forEachDeath(t, func(t *testing.T, p *platform, ctx context.Context, l *life) {
		g := p.start()
		p.take(g, "m-1")
		p.drain(g)
		report := message.NetworkReport{Network: p.network.Name(), ID: "net-b", Report: account.Report{State: account.StateUndeliverable, DoneAt: p.clock.Now()}}
		err := p.startMortal(l).Report(ctx, report)
		require.Equal(t, l.dead, err != nil)
		p.clock.forward(4 * day) // only after the deadline it is up again
		require.NoError(t, p.start().Report(t.Context(), report))
		require.NoError(t, p.start().accounts.Tick(t.Context()))
		p.requireMoney("1", "0")
		if told := p.told(); len(told) > 1 {
			require.Equal(t, []string{"EXPIRED", "UNDELIV"}, told, "the wait was over before anything was kept of the report")
		} else {
			require.Equal(t, []string{"UNDELIV"}, told)
		}
	})
}

// What is not handed over in time costs nothing, and its client is told.
func TestMessageThatNobodyHandsOverExpires(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	p.clock.forward(2 * sendWithin)
	next := p.start()
	require.NoError(t, next.accounts.Tick(t.Context()))
	require.NoError(t, next.Recover(t.Context()))
	require.Equal(t, []string{"EXPIRED"}, p.told())
	p.requireMoney("1", "0")
}
