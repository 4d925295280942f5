package dbtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// farEnd is a receiver that costs as little as one can.
type farEnd struct {
	server *httptest.Server
	config webhook.Config
}

func newFarEnd(tb testing.TB, handler http.HandlerFunc) *farEnd {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	f := &farEnd{server: server}
	f.config = webhook.Config{
		Lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		AllowAddr: func(to netip.AddrPort) bool { return to.Addr().IsLoopback() },
		Poll:      20 * time.Millisecond,
	}
	return f
}

func (f *farEnd) url(path string) string {
	_, port, _ := net.SplitHostPort(f.server.Listener.Addr().String())
	return "http://receiver.example.com:" + port + path
}

func accepting(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusNoContent)
}

// hooked are accounts with a REST URL each, and the secret that all of them have.
func hookedAccounts(tb testing.TB, s *bunstore.Store, n int, url func(n int) string) ([]account.Account, account.HookSecret) {
	tb.Helper()
	secret, err := account.ParseHookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", accounttest.Now())
	require.NoError(tb, err)
	accounts := make([]account.Account, n)
	require.NoError(tb, s.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
		for i := range accounts {
			accounts[i] = accounttest.Valid(fmt.Sprintf("hooked-%d", i))
			accounts[i].Webhooks.RESTState = url(i)
			if err := tx.PutAccount(ctx, accounts[i], 0); err != nil {
				return err
			}
			if err := tx.(store.OutboxTx).SetHookSecrets(ctx, accounts[i].ID, []account.HookSecret{secret}); err != nil {
				return err
			}
		}
		return nil
	}))
	return accounts, secret
}

// queue enqueues n reports, in turn for each account, a thousand in a transaction.
func queue(tb testing.TB, s *bunstore.Store, accounts []account.Account, n int) (first store.Delivery) {
	tb.Helper()
	const step = 1000
	for from := 0; from < n; from += step {
		ds := reports(tb, accounts, from, min(from+step, n))
		enqueue(tb, s, ds)
		first = ds[0]
	}
	return first
}

// reports are deliveries with the numbers from from to to, in turn for each account.
func reports(tb testing.TB, accounts []account.Account, from, to int) (ds []store.Delivery) {
	tb.Helper()
	for i := from; i < to; i++ {
		report := payload.Report{
			MessageID: fmt.Sprintf("message-%d", i), ClientRef: "order-17", From: "ACME", To: "380501112233",
			State: account.StateDelivered, Err: "000", Parts: 1, MCC: "255", MNC: "01", At: time.Now(),
		}
		made, err := report.Deliveries(accounts[i%len(accounts)], func(account.HookKind) account.ID { return accounttest.ID(i) })
		require.NoError(tb, err)
		ds = append(ds, made...)
	}
	return ds
}

func enqueue(tb testing.TB, s *bunstore.Store, ds []store.Delivery) {
	tb.Helper()
	require.NoError(tb, s.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).Enqueue(ctx, ds...)
	}))
}
