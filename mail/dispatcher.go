package mail

import (
	"context"
	"errors"
	"io"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Misuse of a Dispatcher.
var (
	// ErrNoSender: a Dispatcher was to be made without a Sender.
	ErrNoSender = errors.New("mail: no sender")
	// ErrRunning: Run was called while it runs.
	ErrRunning = store.ErrRunning
	// ErrUndrained: Run ended before it could note what came of its last mails. They are sent
	// again, with the same ids.
	ErrUndrained = store.ErrUndrained
)

// Dispatcher sends what waits in an outbox of mails. Any number of them, in any number of
// processes, may work on the same one: a mail is sent by one at a time, and that of one that
// died is another's when its lease ends. Make one with [NewDispatcher]; it does nothing until
// Run. All methods are safe for concurrent use.
type Dispatcher struct {
	outbox  store.MailOutbox
	sender  Sender
	config  Config
	percent func() int64 // for the goroutine of Run
	slots   *slots
	wake    chan struct{}
	running atomic.Bool
}

// NewDispatcher returns a dispatcher of the store's mails, which it makes by c.Composer and hands
// to the sender. Errors: [store.ErrNoBilling] for a store that keeps no mails, ErrNoSender,
// ErrComposer, and that of c.Random.
func NewDispatcher(st store.Store, sender Sender, c *Config) (*Dispatcher, error) {
	outbox, ok := st.(store.MailOutbox)
	if !ok {
		return nil, store.ErrNoBilling
	}
	if sender == nil {
		return nil, ErrNoSender
	}
	config := c.withDefaults()
	if err := config.Composer.Check(); err != nil {
		return nil, err
	}
	percent, err := config.spread()
	if err != nil {
		return nil, err
	}
	return &Dispatcher{
		outbox: outbox, sender: sender, config: config, percent: percent,
		slots: newSlots(config.Concurrency, config.PerDomain), wake: make(chan struct{}, 1),
	}, nil
}

// Run sends mails until ctx ends. Then it begins no more, and those under way have Config.Drain to
// end; those that did not wait again as before, with what was not tried given back. It returns
// nil, or ErrUndrained if the store did not take what came of them in time. It goes on through any
// failure of the store, and of the Sender. A second Run at once is ErrRunning.
func (d *Dispatcher) Run(ctx context.Context) error {
	if !d.running.CompareAndSwap(false, true) {
		return ErrRunning
	}
	defer d.running.Store(false)
	owner, err := d.newID()
	if err != nil {
		return err
	}
	return newRun(ctx, d, owner).loop(ctx)
}

// Wake has the outbox looked at now instead of at the next poll: for hosts to call when mails were
// made, as by Tick. It never waits.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *Dispatcher) newID() (account.ID, error) {
	var random [10]byte
	_, err := io.ReadFull(d.config.Random, random[:])
	return account.NewID(d.config.Clock(), random), err
}
