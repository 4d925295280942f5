package webhook

import (
	"context"
	"errors"
	"io"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// Misuse of a Dispatcher.
var (
	// ErrNoOutbox: the store cannot keep deliveries: it is no [store.Outbox], or its
	// transactions are no [store.OutboxTx].
	ErrNoOutbox = store.ErrNoOutbox
	// ErrRunning: Run was called while it runs.
	ErrRunning = store.ErrRunning
	// ErrUndrained: Run ended before it could note what came of its last calls. They
	// are made again, with the same ids.
	ErrUndrained = store.ErrUndrained
)

// Dispatcher sends what waits in an outbox. Any number of them, in any number of
// processes, may work on the same one: each URL is worked by one at a time, and that of
// one that died passes on when its lease ends. Make one with [NewDispatcher]; it does
// nothing until Run. All methods are safe for concurrent use.
type Dispatcher struct {
	accounts store.Store
	outbox   store.Outbox
	config   Config
	sender   *sender
	percent  func() int64 // for the goroutine of Run
	wake     chan struct{}
	running  atomic.Bool
}

// NewDispatcher returns a dispatcher of the store's deliveries. A nil Config has every
// default. The error is ErrNoOutbox, or that of Config.Random.
func NewDispatcher(st store.Store, config *Config) (*Dispatcher, error) {
	outbox, ok := st.(store.Outbox)
	if v := reflect.ValueOf(st); !ok || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, ErrNoOutbox
	}
	c := config.withDefaults()
	percent, err := c.spread()
	if err != nil {
		return nil, err
	}
	return &Dispatcher{
		accounts: st, outbox: outbox, config: c, sender: c.sender(), percent: percent, wake: make(chan struct{}, 1),
	}, nil
}

// Run sends deliveries until ctx ends. Then it begins no more calls, waits for those
// under way, notes what came of them, gives back its leases, and returns nil; or
// ErrUndrained if the store did not take that in time. It goes on through any failure
// of the store. A second Run at once is ErrRunning.
func (d *Dispatcher) Run(ctx context.Context) error {
	if !d.running.CompareAndSwap(false, true) {
		return ErrRunning
	}
	defer d.running.Store(false)
	owner, err := d.newID()
	if err != nil {
		return err
	}
	return newRun(d, owner).loop(ctx)
}

// Wake has the outbox looked at now instead of at the next poll: for hosts to call
// when a transaction that enqueued has been committed. It never waits.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Test calls a client's URL once, with a made-up delivery that is kept nowhere, and
// says what came of it. It is not held back by an open circuit or a URL that is switched
// off. Without a URL the code is CodeNoURL. The error is that of the store.
func (d *Dispatcher) Test(ctx context.Context, id account.ID, kind account.HookKind) (store.Try, error) {
	a, err := d.accounts.Account(ctx, id)
	if err != nil {
		return store.Try{}, err
	}
	url := a.Webhooks.URL(kind)
	if url == "" {
		return store.Try{At: d.config.Clock(), Code: CodeNoURL}, nil
	}
	secrets, err := d.secrets(ctx, id)
	if err != nil {
		return store.Try{}, err
	}
	sample, err := d.sample(store.Hook{Account: id, Kind: kind})
	if err != nil {
		return store.Try{}, err
	}
	via := d.sender.network.transport()
	defer via.CloseIdleConnections()
	o := d.sender.try(ctx, via, newEndpoint(url, kind), secrets, sample)
	if o.blocked != "" {
		d.notice(Notice{Kind: NoticeBlocked, Hook: sample.Hook, At: o.At, Code: o.Code, Address: o.blocked}, nil)
	}
	return o.Try, nil
}

// sample returns a delivery that looks like any other and says that it is a test.
func (d *Dispatcher) sample(h store.Hook) (store.Delivery, error) {
	id, err := d.newID()
	if err != nil {
		return store.Delivery{}, err
	}
	now := d.config.Clock()
	message := "test-" + id.String()
	report := payload.Report{
		MessageID: message, ClientRef: "test", From: "TEST", To: "380501112233", State: account.StateDelivered, Err: "000",
		SubmittedAt: now.Add(-time.Second), DoneAt: now, Parts: 1, PartsDelivered: account.Some(1), Seq: 1, At: now,
	}
	incoming := payload.Incoming{
		MessageID: message, From: "380501112233", To: "TEST", Text: "test", Encoding: payload.GSM7, Parts: 1, ReceivedAt: now, At: now,
	}
	made := store.Delivery{ID: id, Hook: h, Message: message, CreatedAt: now, DueAt: now}
	if made.Body, err = report.Body(h.Kind); made.Body == "" {
		made.Body, err = incoming.Body(h.Kind)
	}
	return made, err
}

// secrets returns those of an account. One that has none gets one, which nobody has seen:
// so nothing ever goes out unsigned.
func (d *Dispatcher) secrets(ctx context.Context, id account.ID) ([]account.HookSecret, error) {
	secrets, err := d.outbox.HookSecrets(ctx, id)
	if err != nil || anyActive(secrets, d.config.Clock()) {
		return secrets, err
	}
	err = again(ctx, func() error {
		return d.accounts.Update(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			secrets, err = d.firstSecret(ctx, tx, id)
			return err
		})
	})
	return secrets, err
}

func (d *Dispatcher) firstSecret(ctx context.Context, tx store.Tx, id account.ID) ([]account.HookSecret, error) {
	outbox, ok := tx.(store.OutboxTx)
	if !ok {
		return nil, ErrNoOutbox
	}
	if _, err := tx.Account(ctx, id); err != nil { // locks it: others may be about the same
		return nil, err
	}
	secrets, err := outbox.HookSecrets(ctx, id)
	if err != nil || anyActive(secrets, d.config.Clock()) {
		return secrets, err
	}
	fresh, err := account.MakeHookSecret(d.config.Random, d.config.Clock())
	if err != nil {
		return nil, err
	}
	secrets = []account.HookSecret{fresh}
	return secrets, outbox.SetHookSecrets(ctx, id, secrets)
}

func anyActive(secrets []account.HookSecret, now time.Time) bool {
	for _, s := range secrets {
		if s.ActiveAt(now) {
			return true
		}
	}
	return false
}

func (d *Dispatcher) newID() (account.ID, error) {
	var random [10]byte
	_, err := io.ReadFull(d.config.Random, random[:])
	return account.NewID(d.config.Clock(), random), err
}

// notice tells the log, and the observer where there is one to tell.
func (d *Dispatcher) notice(n Notice, observer Observer) {
	d.config.Logger.Warn("webhook: "+string(n.Kind), "account", n.Hook.Account, "hook", n.Hook.Kind,
		"code", n.Code, "address", n.Address)
	if observer != nil {
		observer.Noticed(n)
	}
}

// again repeats what lost a race, a few times.
func again(ctx context.Context, do func() error) error {
	const tries, pause = 10, 10 * time.Millisecond
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == tries || !errors.Is(err, account.ErrConflict) {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
