package webhook_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a store, a receiver, and dispatchers between them.
type rig struct {
	t        *testing.T
	st       *memstore.Store
	receiver *webhooktest.Receiver
	config   webhook.Config
	secret   account.HookSecret
	log      *buffer
	heard    *recorder
	skip     atomic.Int64 // nanoseconds that the clock runs ahead
	made     atomic.Int64
}

// year is longer than any test has time pass: no lease ends in the middle of a call.
const year = 365 * 24 * time.Hour

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, st: memstore.New(), receiver: webhooktest.New(t), secret: secret(t, 'r'), log: &buffer{}, heard: &recorder{}}
	r.receiver.Trust(r.secret.Reveal())
	r.config = webhook.Config{
		Clock: func() time.Time { return time.Now().Add(time.Duration(r.skip.Load())) },
		Poll:  5 * time.Millisecond, Lease: year, Try: 10 * time.Second, Connect: 5 * time.Second,
		Logger:   slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Observer: r.heard,
	}
	r.receiver.Reach(&r.config)
	return r
}

// pass lets time pass.
func (r *rig) pass(d time.Duration) { r.skip.Add(int64(d)) }

// stopClock has no time pass but by pass: no call takes long.
func (r *rig) stopClock() {
	now := time.Now()
	r.config.Clock = func() time.Time { return now.Add(time.Duration(r.skip.Load())) }
}

// client stores an account with both state URLs at the receiver, and a secret.
func (r *rig) client(login string) account.Account {
	r.t.Helper()
	a := accounttest.Valid(login)
	a.Webhooks = account.Webhooks{RESTState: r.receiver.URL("/rest?token=c4nary-t0ken"), APIState: r.receiver.URL("/api?token=c4nary-t0ken")}
	require.NoError(r.t, r.st.Update(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		if err := tx.Post(ctx, store.Posting{Balance: ledger.Opened(a.ID, account.Terms{Currency: a.Core.Currency}, a.CreatedAt)}); err != nil {
			return err
		}
		return tx.(store.OutboxTx).SetHookSecrets(ctx, a.ID, []account.HookSecret{r.secret})
	}))
	return a
}

// restOnly returns a client with the REST URL only.
func (r *rig) restOnly(login string) account.Account {
	r.t.Helper()
	a := r.client(login)
	return r.edit(a, func(a *account.Account) { a.Webhooks.APIState = "" })
}

func (r *rig) edit(a account.Account, change func(*account.Account)) account.Account {
	r.t.Helper()
	next := a.Clone()
	next.Revision++
	change(&next)
	require.NoError(r.t, r.st.Update(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.PutAccount(ctx, next, a.Revision)
	}))
	return next
}

// switchOn switches a hook on, as an operator does.
func (r *rig) switchOn(h store.Hook) {
	r.t.Helper()
	require.NoError(r.t, r.st.Update(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).SwitchOn(ctx, h, r.config.Clock())
	}))
}

// events returns what an account was told of its hooks: kind, hook, and why.
func (r *rig) events(a account.Account) (told []string) {
	r.t.Helper()
	events, err := r.st.Events(r.t.Context(), account.EventQuery{Account: a.ID})
	require.NoError(r.t, err)
	for _, e := range events {
		told = append(told, strings.TrimSpace(fmt.Sprint(e.Kind, " ", e.Hook, " ", e.Code)))
	}
	return told
}

// report enqueues a state of a message for an account.
func (r *rig) report(a account.Account, message string, state account.MessageState) []store.Delivery {
	r.t.Helper()
	id := func(account.HookKind) account.ID { return accounttest.ID(int(r.made.Add(1))) }
	made, err := payload.Report{MessageID: message, State: state, At: r.config.Clock()}.Deliveries(a, id)
	require.NoError(r.t, err)
	require.NoError(r.t, r.st.Update(r.t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).Enqueue(ctx, made...)
	}))
	return made
}

// run starts a dispatcher, and stops it before the test ends.
func (r *rig) run() (d *webhook.Dispatcher, stop func()) {
	r.t.Helper()
	d, err := webhook.NewDispatcher(r.st, &r.config)
	require.NoError(r.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(r.t, <-ended)
	})
	r.t.Cleanup(stop)
	return d, stop
}

func (r *rig) stored(d store.Delivery) store.Delivery {
	r.t.Helper()
	got, err := r.st.Delivery(r.t.Context(), d.Hook.Account, d.ID)
	require.NoError(r.t, err)
	return got
}

// await waits until a delivery is as asked for.
func (r *rig) await(d store.Delivery, is func(store.Delivery) bool) store.Delivery {
	r.t.Helper()
	var got store.Delivery
	r.eventually(func() bool { got = r.stored(d); return is(got) })
	return got
}

func (r *rig) awaitState(d store.Delivery, state store.DeliveryState) store.Delivery {
	r.t.Helper()
	return r.await(d, func(d store.Delivery) bool { return d.State == state })
}

func (r *rig) awaitTries(d store.Delivery, n int) store.Delivery {
	r.t.Helper()
	return r.await(d, func(d store.Delivery) bool { return d.Tries == n })
}

func (r *rig) eventually(is func() bool) {
	r.t.Helper()
	require.Eventually(r.t, is, time.Minute, time.Millisecond)
}

// status returns how a hook of an account fares.
func (r *rig) status(h store.Hook) store.HookStatus {
	r.t.Helper()
	all, err := r.st.HookStatuses(r.t.Context(), h.Account)
	require.NoError(r.t, err)
	for _, s := range all {
		if s.Hook == h {
			return s
		}
	}
	return store.HookStatus{}
}

// buffer is a log that several goroutines write to.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// recorder is an observer that keeps all it hears.
type recorder struct {
	webhook.Counters
	mu      sync.Mutex
	notices []webhook.Notice
}

func (r *recorder) Noticed(n webhook.Notice) {
	r.Counters.Noticed(n)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notices = append(r.notices, n)
}

func (r *recorder) of(kind webhook.NoticeKind) (found []webhook.Notice) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.notices {
		if n.Kind == kind {
			found = append(found, n)
		}
	}
	return found
}
