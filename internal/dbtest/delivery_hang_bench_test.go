package dbtest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
)

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
	return slices.Sorted(slices.Values(l.all))[len(l.all)*99/100]
}

// BenchmarkHangingURL sends steadily to a hundred URLs, with one of them hanging and
// without, in turn, and compares the others' 99th percentile.
func BenchmarkHangingURL(b *testing.B) {
	const rounds = 5
	hang := make(chan struct{})
	f := newFarEnd(b, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
			return
		}
		accepting(w, r)
	})
	b.Cleanup(func() { close(hang) })
	var well, ill []float64
	for range rounds {
		well = append(well, p99(b, f, "/0").Seconds()*1e3)
		ill = append(ill, p99(b, f, "/hang").Seconds()*1e3)
	}
	b.ReportMetric(median(well), "p99-ms-without")
	b.ReportMetric(median(ill), "p99-ms-with")
	b.ReportMetric(median(ill)/median(well), "x-p99")
	b.ReportMetric(0, "ns/op")
}

// p99 returns that of 99 URLs while the first one is at a path.
func p99(b *testing.B, f *farEnd, first string) time.Duration {
	b.Helper()
	const urls, bursts = 100, 40
	s := newStore(b, openPostgres(b, postgres.DSN(b), nil))
	accounts, _ := hookedAccounts(b, s, urls, func(n int) string {
		if n == 0 {
			return f.url(first)
		}
		return f.url(fmt.Sprint("/", n))
	})
	l := &latencies{but: store.Hook{Account: accounts[0].ID, Kind: account.HookRESTState}}
	config := f.config
	config.Observer, config.Try = l, 2*time.Second
	d, stop := dispatch(b, s, config)
	for burst := range bursts {
		enqueue(b, s, reports(b, accounts, burst*urls, (burst+1)*urls))
		d.Wake()
		time.Sleep(50 * time.Millisecond)
	}
	require.Eventually(b, func() bool { return l.count() >= (urls-1)*bursts }, time.Minute, time.Millisecond)
	stop()
	return l.p99()
}
