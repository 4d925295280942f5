package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/examples/gateway"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

var errDied = errors.New("the process died")

// life is that of a process: it ends before or after what it does of its nth.
type life struct {
	left  int // things that it does yet
	after bool
	dead  bool
	over  string // what it died over
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

type mortalTable struct {
	*table
	life *life
}

func (t mortalTable) Put(ctx context.Context, id string, m gateway.Message) error {
	return t.life.do("put", func() error { return t.table.Put(ctx, id, m) })
}

// startMortal returns a gateway whose process will die.
func (p *platform) startMortal(l *life) *gateway.Gateway {
	return &gateway.Gateway{
		Accounts: clientaccount.New(mortalStore{p.store, l}, &clientaccount.Options{Clock: p.clock.Now, Hash: cheap}),
		Messages: mortalTable{p.messages, l},
		Network: func(ctx context.Context, id string, r account.Request) error {
			return l.do("network", func() error { return p.network.send(ctx, id, r) })
		},
	}
}

// forEachDeath runs a way through the gateway that is cut before, and after, each of the
// things it does, and says how many there are.
func forEachDeath(t *testing.T, way func(t *testing.T, p *platform, l *life)) {
	t.Helper()
	for n, over := 0, false; !over; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("at %d, done %v", n, after), func(t *testing.T) {
				l := &life{left: n, after: after}
				defer func() { over = !l.dead || t.Failed() }()
				way(t, newPlatform(t), l)
			})
		}
	}
}

// Whatever the process died over, the message goes out once and is paid for once when it
// is taken again; also when the network had failed before.
func TestMessageGoesOutOnceWhereverTheProcessDies(t *testing.T) {
	for _, fails := range []int{0, 2} {
		for name, meanwhile := range map[string]func(p *platform){
			"at once":                  func(*platform) {},
			"when its hold is over":    func(p *platform) { p.clock.now = p.clock.now.Add(25 * time.Hour) },
			"and its hold was settled": func(p *platform) { p.clock.now = p.clock.now.Add(25 * time.Hour); p.tick() },
		} {
			t.Run(fmt.Sprintf("%s, after %d failures", name, fails), func(t *testing.T) {
				forEachDeath(t, func(t *testing.T, p *platform, l *life) {
					p.network.fails = fails
					g := p.startMortal(l)
					for range fails + 1 {
						if _, err := g.Take(t.Context(), p.client, "m-1", request); !errors.Is(err, errDown) {
							break
						}
					}
					meanwhile(p)
					p.network.fails = 0
					p.take(p.start(), "m-1")
					require.Equal(t, account.VerdictSent, p.take(p.start(), "m-1"))
					if over := fmt.Sprintf("%s %v", l.over, l.after); over != "network true" && over != "write false" {
						require.Equal(t, map[string]int{"m-1": 1}, p.network.taken)
					} // else it died between the network's yes and the capture, and the network is asked again, under the same id
					require.Len(t, p.network.taken, 1)
					require.LessOrEqual(t, p.network.taken["m-1"], 2)
					p.requireMoney("0.2", "0")
					delivered := account.Report{State: account.StateDelivered, DoneAt: p.clock.now}
					require.NoError(t, p.start().Report(t.Context(), "m-1", delivered, p.clock.now))
					require.Equal(t, []string{"DELIVRD"}, p.told())
				})
			})
		}
	}
}

func (p *platform) tick() {
	p.Helper()
	require.NoError(p, p.start().Accounts.Tick(p.Context()))
}

// Whatever the process died over, the client is told each state once, and is paid back once.
func TestReportIsToldOnceWhereverTheProcessDies(t *testing.T) {
	forEachDeath(t, func(t *testing.T, p *platform, l *life) {
		p.take(p.start(), "m-1")
		g := p.startMortal(l)
		report := account.Report{State: account.StateExpired, DoneAt: p.clock.now}
		err := g.Report(t.Context(), "m-1", report, p.clock.now)
		require.Equal(t, l.dead, err != nil)
		p.clock.now = p.clock.now.AddDate(0, 0, 4) // only after the deadline it is up again
		require.NoError(t, p.start().Report(t.Context(), "m-1", report, p.clock.now))
		require.NoError(t, p.start().Tick(t.Context(), "m-1", p.clock.now))
		if told := p.told(); len(told) > 1 {
			require.Equal(t, []string{"EXPIRED", "EXPIRED"}, told, "the wait was over before anything was kept of the report")
			p.requireMoney("1", "0")
		} else {
			require.Equal(t, []string{"EXPIRED"}, told)
			p.requireMoney("0.2", "0")
		}
	})
}
