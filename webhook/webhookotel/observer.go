// Package webhookotel tells OpenTelemetry what a webhook dispatcher does. It is a
// module of its own, so that only hosts that want it get OpenTelemetry's:
//
//	observer, err := webhookotel.New(provider) // of the host's SDK
//	...
//	d, err := webhook.NewDispatcher(st, &webhook.Config{Observer: observer})
//
// It records
//
//	clientaccount.webhook.tries          counter, {try}     kind, outcome, error.type
//	clientaccount.webhook.try.duration   histogram, s       kind, error.type
//	clientaccount.webhook.wait.duration  histogram, s       kind
//	clientaccount.webhook.notices        counter, {notice}  kind, notice, error.type
//
// Kind, outcome and notice are named clientaccount.webhook.kind and so on: one of the
// four kinds of URLs, the state of the delivery after the try (done, waiting for the
// next one, or dead), and what an operator is told. error.type is the code of package
// webhook, such as timeout or status, and left out where a try succeeded. That makes a
// few hundred series at most, whatever the number of clients: no account, URL, address
// or status of a far end is among the attributes.
package webhookotel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook"
)

// The attributes. The name of the last one is OpenTelemetry's own.
const (
	kindKey    = attribute.Key("clientaccount.webhook.kind")
	outcomeKey = attribute.Key("clientaccount.webhook.outcome")
	noticeKey  = attribute.Key("clientaccount.webhook.notice")
	errorKey   = attribute.Key("error.type")
)

// Observer is a [webhook.Observer] that records metrics. Make it with [New]; it is safe
// for concurrent use, by any number of dispatchers.
type Observer struct {
	tries, notices metric.Int64Counter
	took, waited   metric.Float64Histogram
}

var _ webhook.Observer = (*Observer)(nil)

// New returns an Observer that records with a provider; nil records nothing. The error is the
// provider's, for instruments that it does not make.
func New(provider metric.MeterProvider) (*Observer, error) {
	if provider == nil {
		provider = noop.NewMeterProvider()
	}
	meter := provider.Meter("github.com/clientaccount/clientaccount/webhook/webhookotel")
	var o Observer
	var errs [4]error
	o.tries, errs[0] = meter.Int64Counter("clientaccount.webhook.tries",
		metric.WithUnit("{try}"), metric.WithDescription("Calls of clients' URLs."))
	o.took, errs[1] = meter.Float64Histogram("clientaccount.webhook.try.duration",
		metric.WithUnit("s"), metric.WithDescription("How long a call of a client's URL took."),
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15))
	o.waited, errs[2] = meter.Float64Histogram("clientaccount.webhook.wait.duration",
		metric.WithUnit("s"), metric.WithDescription("How long a delivery waited for a call after it fell due."),
		metric.WithExplicitBucketBoundaries(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 3600, 21600, 86400))
	o.notices, errs[3] = meter.Int64Counter("clientaccount.webhook.notices",
		metric.WithUnit("{notice}"), metric.WithDescription("What an operator was told about clients' URLs."))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return &o, nil
}

// Tried counts a try, and records how long it took and how long the delivery waited.
func (o *Observer) Tried(t webhook.Tried) {
	ctx, kind, failed := context.Background(), kindOf(t.Hook.Kind), errorType(t.Code)
	outcome := outcomeKey.String(string(t.State))
	o.tries.Add(ctx, 1, metric.WithAttributes(append(failed, kind, outcome)...))
	o.took.Record(ctx, t.Took.Seconds(), metric.WithAttributes(append(failed, kind)...))
	o.waited.Record(ctx, t.Waited.Seconds(), metric.WithAttributes(kind))
}

// Noticed counts a notice.
func (o *Observer) Noticed(n webhook.Notice) {
	o.notices.Add(context.Background(), 1, metric.WithAttributes(
		append(errorType(n.Code), kindOf(n.Hook.Kind), noticeKey.String(string(n.Kind)))...))
}

func kindOf(kind account.HookKind) attribute.KeyValue { return kindKey.String(string(kind)) }

// errorType is why something failed; nothing where it did not.
func errorType(code string) []attribute.KeyValue {
	if code == webhook.CodeOK || code == "" {
		return nil
	}
	return []attribute.KeyValue{errorKey.String(code)}
}
