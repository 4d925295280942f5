package webhookotel_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhookotel"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// collected returns the metrics read so far, by their names.
func collected(t *testing.T, reader metric.Reader) map[string]metricdata.Metrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(context.Background(), &all))
	found := map[string]metricdata.Metrics{}
	for _, scope := range all.ScopeMetrics {
		assert.Equal(t, "github.com/clientaccount/clientaccount/webhook/webhookotel", scope.Scope.Name)
		for _, m := range scope.Metrics {
			found[m.Name] = m
		}
	}
	return found
}

// counts returns the points of a counter, as "attribute=value ..." and how often.
func counts(t *testing.T, m metricdata.Metrics) map[string]int64 {
	t.Helper()
	sum, ok := m.Data.(metricdata.Sum[int64])
	require.True(t, ok && sum.IsMonotonic, "%s is a counter", m.Name)
	found := map[string]int64{}
	for _, p := range sum.DataPoints {
		found[words(p.Attributes)] = p.Value
	}
	return found
}

// timed returns the points of a histogram, as "attribute=value ...": the least and the most
// in seconds, and how many.
func timed(t *testing.T, m metricdata.Metrics) map[string]string {
	t.Helper()
	histogram, ok := m.Data.(metricdata.Histogram[float64])
	require.True(t, ok, "%s is a histogram", m.Name)
	assert.Equal(t, "s", m.Unit)
	found := map[string]string{}
	for _, p := range histogram.DataPoints {
		least, _ := p.Min.Value()
		most, _ := p.Max.Value()
		found[words(p.Attributes)] = fmt.Sprint(least, " to ", most, ", ", p.Count)
	}
	return found
}

func words(set attribute.Set) string { return set.Encoded(attribute.DefaultEncoder()) }

func newObserver(t *testing.T) (*webhookotel.Observer, metric.Reader) {
	t.Helper()
	reader := metric.NewManualReader()
	observer, err := webhookotel.New(metric.NewMeterProvider(metric.WithReader(reader)))
	require.NoError(t, err)
	return observer, reader
}

func TestObserverRecordsTriesAndNotices(t *testing.T) {
	observer, reader := newObserver(t)
	for n := range 3 {
		hook := store.Hook{Account: accounttest.ID(n), Kind: account.HookRESTState}
		observer.Tried(webhook.Tried{
			Hook: hook, Code: webhook.CodeOK, Status: 200, Took: 250 * time.Millisecond, Waited: time.Duration(n) * time.Minute, State: store.DeliveryDone,
		})
		observer.Tried(webhook.Tried{Hook: hook, Code: webhook.CodeStatus, Status: 500 + n, Took: time.Second, State: store.DeliveryWaiting})
		observer.Noticed(webhook.Notice{Kind: webhook.NoticeBlocked, Hook: hook, Code: webhook.CodeBlockedAddress, Address: "10.0.0.1"})
		observer.Noticed(webhook.Notice{Kind: webhook.NoticeRecovered, Hook: hook, Code: webhook.CodeOK})
	}
	got := collected(t, reader)
	assert.Equal(t, map[string]int64{
		"clientaccount.webhook.kind=rest_state,clientaccount.webhook.outcome=done":                      3,
		"clientaccount.webhook.kind=rest_state,clientaccount.webhook.outcome=waiting,error.type=status": 3,
	}, counts(t, got["clientaccount.webhook.tries"]))
	assert.Equal(t, map[string]string{
		"clientaccount.webhook.kind=rest_state":                   "0.25 to 0.25, 3",
		"clientaccount.webhook.kind=rest_state,error.type=status": "1 to 1, 3",
	}, timed(t, got["clientaccount.webhook.try.duration"]))
	assert.Equal(t, map[string]string{
		"clientaccount.webhook.kind=rest_state": "0 to 120, 6",
	}, timed(t, got["clientaccount.webhook.wait.duration"]))
	assert.Equal(t, map[string]int64{
		"clientaccount.webhook.kind=rest_state,clientaccount.webhook.notice=hook.blocked,error.type=blocked_address": 3,
		"clientaccount.webhook.kind=rest_state,clientaccount.webhook.notice=hook.recovered":                          3,
	}, counts(t, got["clientaccount.webhook.notices"]))
}

func TestObserverOfNobody(t *testing.T) {
	observer, err := webhookotel.New(nil)
	require.NoError(t, err)
	observer.Tried(webhook.Tried{})
	observer.Noticed(webhook.Notice{})
}

// outbox returns a store with a client whose URL leads to a receiver, and some deliveries.
func outbox(t *testing.T, receiver *webhooktest.Receiver, deliveries int) (*memstore.Store, account.Account) {
	t.Helper()
	secret, err := account.MakeHookSecret(bytes.NewReader(bytes.Repeat([]byte{'s'}, 32)), accounttest.Now())
	require.NoError(t, err)
	receiver.Trust(secret.Reveal())
	client := accounttest.Valid("acme")
	client.Webhooks.RESTState = receiver.URL("/dlr?token=c4nary")
	st := memstore.New()
	require.NoError(t, st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, client, 0); err != nil {
			return err
		}
		out := tx.(store.OutboxTx)
		for n := range deliveries {
			if err := out.Enqueue(ctx, store.Delivery{
				ID: accounttest.ID(n), Hook: store.Hook{Account: client.ID, Kind: account.HookRESTState}, Message: fmt.Sprint("m-", n),
				Final: true, Body: `{"type":"sms.state"}`, CreatedAt: accounttest.Now(), DueAt: accounttest.Now(),
			}); err != nil {
				return err
			}
		}
		return out.SetHookSecrets(ctx, client.ID, []account.HookSecret{secret})
	}))
	return st, client
}

// A dispatcher at work: one call fails and is made again, the rest succeed, and nothing
// that names a client is among what is recorded.
func TestDispatcherIsObserved(t *testing.T) {
	const deliveries = 5
	observer, reader := newObserver(t)
	receiver := webhooktest.New(t)
	receiver.Answer(webhooktest.Status(http.StatusServiceUnavailable))
	st, client := outbox(t, receiver, deliveries)
	var ahead atomic.Int64
	config := webhook.Config{
		Observer: observer, Poll: 5 * time.Millisecond, Lease: time.Hour,
		Clock: func() time.Time { return accounttest.Now().Add(time.Duration(ahead.Load())) },
	}
	receiver.Reach(&config)
	dispatcher, err := webhook.NewDispatcher(st, &config)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- dispatcher.Run(ctx) }()
	require.Eventually(t, func() bool {
		ahead.Add(int64(time.Second)) // until the second try of the first one is due, and no lease lapsed
		return len(receiver.Calls()) == deliveries+1
	}, 30*time.Second, 5*time.Millisecond)
	stop()
	require.NoError(t, <-ended)

	got := collected(t, reader)
	assert.Equal(t, map[string]int64{
		"clientaccount.webhook.kind=rest_state,clientaccount.webhook.outcome=done":                      deliveries,
		"clientaccount.webhook.kind=rest_state,clientaccount.webhook.outcome=waiting,error.type=status": 1,
	}, counts(t, got["clientaccount.webhook.tries"]))
	assert.Len(t, timed(t, got["clientaccount.webhook.try.duration"]), 2)
	assert.Len(t, timed(t, got["clientaccount.webhook.wait.duration"]), 1)
	all := fmt.Sprintf("%+v", got)
	for _, named := range []string{client.ID.String(), client.Core.Login, webhooktest.Host, "c4nary"} {
		assert.NotContains(t, all, named)
	}
}
