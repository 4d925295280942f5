package moneybench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// BenchmarkDeliver prints the bars of webhooks alone.
func BenchmarkDeliver(b *testing.B) {
	t := &table{}
	deliverBars(b, t)
	t.print("Webhooks delivered: ratios within this run, medians of rounds")
}

// hosts says whose host names URLs have.
type hosts int

const (
	hostEach hosts = iota
	hostShared
)

// deliverBars compares deliveries that are persisted, from the claim to the row of the
// result, with bare signed POSTs from one loop, in turn: to one URL over one connection, which
// is what is wanted, and to the same hosts as ours, so many to each. All go over the loopback
// to the same few listeners in this process. Every URL has a host name of its own, so
// connections of its own, except where it says that all are of one host.
func deliverBars(b *testing.B, t *table) {
	for _, on := range []struct {
		name string
		open func(testing.TB) *base
	}{{"PostgreSQL", postgresStore}, {"SQLite", sqliteStore}} {
		for _, c := range []struct {
			urls, each int
			hosts      hosts
			want       float64
		}{
			{1, 20_000, hostEach, 0.7},
			{20, 1000, hostEach, 0.7},
			{1000, 5, hostEach, 0.5},
			{10_000, 1, hostEach, 0.3},
			{1000, 5, hostShared, 0.5},
			{10_000, 1, hostShared, 0.3},
		} {
			what := fmt.Sprintf("%s, %d URLs, %d each", on.name, c.urls, c.each)
			if c.hosts == hostShared {
				what += ", of one host"
			}
			p := newPostroom(b, on.open(b), c.urls, c.each, c.hosts)
			var kept, plain, same rounds
			for range nRounds {
				sample := p.queue(c.urls * c.each)
				plain = append(plain, result{rate: p.bare(sample, p.farEnd.bareURL)})
				same = append(same, result{rate: p.bare(sample, p.url)})
				kept = append(kept, result{rate: p.drain(c.urls * c.each)})
			}
			t.atLeast("13", what+", to bare", c.want, ratio(kept, plain))
			t.note(what+", to bare POSTs to the same hosts", fmt.Sprintf("%.2fx", ratio(kept, same)))
			t.note(what+", a second", fmt.Sprintf("%.0f; bare %.0f, to the same hosts %.0f", kept.rate(), plain.rate(), same.rate()))
		}
	}
}

// postroom is a database with clients who have a URL each, and the far end of all of them.
type postroom struct {
	testing.TB
	*base
	farEnd   farEnd
	accounts []account.Account
	secret   account.HookSecret
	url      func(n int) string // of the nth delivery, when so many of one URL follow each other
}

func newPostroom(tb testing.TB, st *base, urls, each int, of hosts) *postroom {
	tb.Helper()
	p := &postroom{TB: tb, base: st, farEnd: newFarEnd(tb, accepting)}
	url := func(n int) string {
		if of == hostShared {
			n = 0
		}
		return p.farEnd.url(n, "/dlr")
	}
	p.url = func(n int) string { return url(n / each % urls) }
	p.clients(urls, url)
	return p
}

// clients stores accounts with a URL for states each.
func (p *postroom) clients(n int, url func(n int) string) {
	p.Helper()
	var err error
	p.secret, err = account.ParseHookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", accounttest.Now())
	require.NoError(p, err)
	for from := 0; from < n; from += 1000 {
		require.NoError(p, p.Update(p.Context(), func(ctx context.Context, tx store.Tx) error {
			for i := from; i < min(n, from+1000); i++ {
				a := accounttest.Valid(fmt.Sprintf("hooked-%d", i))
				a.Webhooks.RESTState = url(i)
				if err := tx.PutAccount(ctx, a, 0); err != nil {
					return err
				}
				if err := tx.(store.OutboxTx).SetHookSecrets(ctx, a.ID, []account.HookSecret{p.secret}); err != nil {
					return err
				}
				p.accounts = append(p.accounts, a)
			}
			return nil
		}))
	}
}

// queue takes away what an earlier round left, but for some that were done long ago, and
// enqueues n reports, in turn for each account. It returns one of them.
func (p *postroom) queue(n int) store.Delivery {
	p.Helper()
	p.exec(p, "DELETE FROM clientaccount_deliveries")
	if !p.sqlite {
		p.exec(p, "INSERT INTO clientaccount_deliveries (account_id, id, kind, message, final, body, fingerprint, created_at, due_at, state, tries, ended_at)"+
			" SELECT id, gen_random_uuid(), 'rest_state', 'fill', true, '{}', id, now(), now(), 'done', 1, now()"+
			" FROM (SELECT id FROM clientaccount_accounts LIMIT 10000) a, generate_series(1, 3)")
	}
	var sample store.Delivery
	for from := 0; from < n; from += 1000 {
		ds := p.reports(from, min(from+1000, n))
		p.enqueue(ds)
		sample = ds[0]
	}
	if !p.sqlite {
		p.exec(p, "VACUUM ANALYZE clientaccount_deliveries, clientaccount_hooks")
	}
	return sample
}

// reports are deliveries with the numbers from from to to.
func (p *postroom) reports(from, to int) (ds []store.Delivery) {
	p.Helper()
	for i := from; i < to; i++ {
		report := payload.Report{
			MessageID: fmt.Sprintf("message-%d", i), ClientRef: "order-17", From: "ACME", To: "380501112233",
			State: account.StateDelivered, Err: "000", Parts: 1, MCC: "255", MNC: "01", At: time.Now(),
		}
		made, err := report.Deliveries(p.accounts[i%len(p.accounts)], func(account.HookKind) account.ID { return accounttest.ID(i) })
		require.NoError(p, err)
		ds = append(ds, made...)
	}
	return ds
}

func (p *postroom) enqueue(ds []store.Delivery) {
	p.Helper()
	require.NoError(p, p.Update(p.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).Enqueue(ctx, ds...)
	}))
}

// bare posts a signed body again and again, one after the other, and says how many a second
// were taken. It goes on for as long as others are measured: a process that has slept is
// given more of a busy machine at first.
func (p *postroom) bare(d store.Delivery, url func(n int) string) float64 {
	p.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: p.farEnd.dial, MaxIdleConns: 1024}}
	defer client.CloseIdleConnections()
	n, began := 0, time.Now()
	for ; time.Since(began) < duration; n++ {
		headers, err := webhook.Sign(d.ID, time.Now(), d.Body, []account.HookSecret{p.secret})
		require.NoError(p, err)
		request, err := http.NewRequestWithContext(p.Context(), http.MethodPost, url(n), strings.NewReader(d.Body))
		require.NoError(p, err)
		request.Header = headers
		answer, err := client.Do(request)
		require.NoError(p, err)
		_, _ = io.Copy(io.Discard, answer.Body)
		require.NoError(p, answer.Body.Close())
	}
	return float64(n) / time.Since(began).Seconds()
}

// drain dispatches until n deliveries were made and noted, and says how many a second were.
func (p *postroom) drain(n int) float64 {
	p.Helper()
	made := &countdown{made: make(chan struct{})}
	made.left.Store(int64(n))
	config := p.farEnd.config
	config.Observer = made
	began := time.Now()
	_, stop := p.dispatch(config)
	select {
	case <-made.made:
	case <-time.After(10 * time.Minute):
		p.Fatal("deliveries were not made: ", made.left.Load())
	}
	stop()
	took := time.Since(began)
	require.Zero(p, made.left.Load())
	require.Zero(p, made.failed.Load())
	return float64(n) / took.Seconds()
}

func (p *postroom) dispatch(config webhook.Config) (d *webhook.Dispatcher, stop func()) {
	p.Helper()
	d, err := webhook.NewDispatcher(p.Store, &config)
	require.NoError(p, err)
	ctx, cancel := context.WithCancel(p.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return d, func() {
		cancel()
		require.NoError(p, <-ended)
	}
}

// countdown waits for deliveries to be made.
type countdown struct {
	left, failed atomic.Int64
	made         chan struct{}
}

func (c *countdown) Noticed(webhook.Notice) { c.failed.Add(1) }

func (c *countdown) Tried(t webhook.Tried) {
	if t.Code != webhook.CodeOK {
		c.failed.Add(1)
	}
	if c.left.Add(-1) == 0 {
		close(c.made)
	}
}

// farEnd are receivers that cost as little as they can.
type farEnd struct {
	addresses []string
	config    webhook.Config // that reaches them
}

// newFarEnd listens at several addresses: a connection is told from others of one host by
// its port alone, and there are few of these.
func newFarEnd(tb testing.TB, handler http.HandlerFunc) farEnd {
	tb.Helper()
	const listeners = 8
	f := farEnd{config: webhook.Config{Lookup: loopback, AllowAddr: isLoopback}}
	for range listeners {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(tb, err)
		server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(l) }()
		tb.Cleanup(func() { _ = server.Close() })
		f.addresses = append(f.addresses, l.Addr().String())
	}
	return f
}

// dial leads every name to the loopback.
func (farEnd) dial(ctx context.Context, _, address string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
}

func (f farEnd) bareURL(int) string { return f.url(0, "/bare") }

// url returns that of the nth client.
func (f farEnd) url(n int, path string) string {
	_, port, _ := net.SplitHostPort(f.addresses[n%len(f.addresses)])
	return fmt.Sprintf("http://client-%d.example.com:%s%s", n, port, path)
}

func accepting(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusNoContent)
}
