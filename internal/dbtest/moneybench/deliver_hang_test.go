package moneybench

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
)

func loopback(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func isLoopback(to netip.AddrPort) bool { return to.Addr().IsLoopback() }

// latencies are how long deliveries took, from when they fell due until they were
// taken, of all hooks but one.
type latencies struct {
	but store.Hook
	mu  sync.Mutex
	all []time.Duration
}

func (l *latencies) Noticed(webhook.Notice) {}

func (l *latencies) Tried(t webhook.Tried) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.Hook != l.but {
		l.all = append(l.all, t.Waited+t.Took)
	}
}

func (l *latencies) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

func (l *latencies) p99() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return percentile(slices.Clone(l.all), 0.99)
}

// BenchmarkDeliverHang prints the bar of a URL that hangs alone.
func BenchmarkDeliverHang(b *testing.B) {
	t := &table{}
	hangBars(b, t)
	t.print("A URL that hangs: medians of rounds")
}

// hangBars sends steadily to a hundred URLs, with one of them hanging and without, in turn,
// and compares the others' 99th percentile.
func hangBars(b *testing.B, t *table) {
	const nPairs = 5
	var well, ill rounds
	for range nPairs {
		well = append(well, result{p99: p99OfOthers(b, "/0")})
		ill = append(ill, result{p99: p99OfOthers(b, "/hang")})
	}
	t.atMost("13", "PostgreSQL, p99 of 99 URLs while the hundredth hangs, to without", 1.1, ill.p99().Seconds()/well.p99().Seconds())
	t.note("p99 while it hangs, and without", fmt.Sprint(ill.p99().Round(100*time.Microsecond), " ", well.p99().Round(100*time.Microsecond)))
}

// p99OfOthers returns that of 99 URLs while the first one is at a path.
func p99OfOthers(b *testing.B, first string) time.Duration {
	b.Helper()
	const urls, bursts = 100, 40
	p := &postroom{TB: b, base: postgresStore(b), farEnd: newFarEnd(b, hanging)}
	p.clients(urls, func(n int) string {
		if n == 0 {
			return p.farEnd.url(n, first)
		}
		return p.farEnd.url(n, fmt.Sprint("/", n))
	})
	l := &latencies{but: store.Hook{Account: p.accounts[0].ID, Kind: account.HookRESTState}}
	config := p.farEnd.config
	config.Observer, config.Try = l, 2*time.Second
	d, stop := p.dispatch(config)
	for burst := range bursts {
		p.enqueue(p.reports(burst*urls, (burst+1)*urls))
		d.Wake()
		time.Sleep(50 * time.Millisecond)
	}
	require.Eventually(b, func() bool { return l.count() >= (urls-1)*bursts }, time.Minute, time.Millisecond)
	stop()
	return l.p99()
}

// hanging accepts what is sent to any path but one.
func hanging(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/hang" {
		<-r.Context().Done()
		return
	}
	accepting(w, r)
}
