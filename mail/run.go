package mail

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/store"
)

const (
	// storeLimit is the longest that a call of the store may take.
	storeLimit = 30 * time.Second
	// linger is how long a Sender may take to end after its context has.
	linger = 5 * time.Second
	// maxRest is the longest pause between calls of a store that fails.
	maxRest = time.Minute
)

// errStopping is why tries end whose run does.
var errStopping = errors.New("mail: the dispatcher stops")

// run is one run of a dispatcher. One goroutine claims mails; each mail has one of its own, which
// makes and sends it, and notes what came of that.
type run struct {
	*Dispatcher
	owner    account.ID
	failures int // of the store, one after the other

	trying, noting         context.Context
	stopTrying, stopNoting context.CancelCauseFunc
	mails                  sync.WaitGroup
	unnoted                atomic.Bool // what came of a mail could not be noted while the run ended
}

func newRun(ctx context.Context, d *Dispatcher, owner account.ID) *run {
	r := &run{Dispatcher: d, owner: owner}
	whole := context.WithoutCancel(ctx) // what has begun is finished
	r.trying, r.stopTrying = context.WithCancelCause(whole)
	r.noting, r.stopNoting = context.WithCancelCause(whole)
	return r
}

func (r *run) loop(ctx context.Context) error {
	defer r.stopTrying(nil)
	defer r.stopNoting(nil)
	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		r.fill(ctx)
		rest.Reset(r.rest())
		wake := r.wake
		if r.failures > 0 { // the pause is kept
			wake = nil
		}
		select {
		case <-ctx.Done():
			return r.drain()
		case <-wake:
		case <-rest.C:
		}
	}
}

// rest returns how long to wait before the outbox is looked at again.
func (r *run) rest() time.Duration {
	return max(r.config.Poll, min(maxRest, r.config.Poll<<min(r.failures, 16)))
}

// fill begins mails until no more are due, or may be under way. A claim has one of each domain, so
// that no domain gets more than it may have beside those under way.
func (r *run) fill(ctx context.Context) {
	for ctx.Err() == nil {
		limit, full := r.slots.free()
		if limit <= 0 {
			return
		}
		now := r.config.Clock()
		c := store.MailClaim{Owner: r.owner, Now: now, Until: now.Add(r.config.lease()), Limit: limit, Skip: full, Each: 1}
		mails, err := r.claim(c)
		for _, m := range mails {
			r.begin(m, c.Until)
		}
		if err != nil || len(mails) == 0 {
			return
		}
	}
}

// claim goes on when the run is to end: else nobody knew what it has leased.
func (r *run) claim(c store.MailClaim) ([]store.ClaimedMail, error) {
	ctx, cancel := context.WithTimeout(r.noting, storeLimit)
	defer cancel()
	mails, err := r.outbox.ClaimMails(ctx, c)
	if err != nil {
		r.failures++
		r.config.Logger.Warn("mail: the store failed", "doing", "claim", "error", err)
		return nil, err
	}
	r.failures = 0
	return mails, nil
}

// begin tries a mail in a goroutine of its own.
func (r *run) begin(m store.ClaimedMail, until time.Time) {
	domain, percent := domainOf(m.Address), r.percent()
	r.slots.take(domain)
	r.mails.Go(func() {
		o := r.try(r.trying, m)
		result := verdict(m, o, percent)
		if r.record(result, until) {
			r.report(m, o, result)
		}
		r.end(domain, o)
	})
}

// end frees the place of a mail; of a Sender that hangs, when that ends.
func (r *run) end(domain string, o outcome) {
	if o.hangs == nil {
		r.slots.release(domain, o.took >= r.config.Try/4)
	} else {
		r.slots.hang(domain)
		go func() {
			<-o.hangs
			r.slots.unhang(domain)
			r.Wake()
		}()
	}
	r.Wake()
}

// domainOf is that of an address as stores have it.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// record notes what came of a mail, and reports whether it was noted. Until its lease ends that is
// tried again; then the mail is anybody's, who sends it once more with the same id.
func (r *run) record(result store.MailResult, until time.Time) bool {
	for pause := min(time.Second, r.config.Poll); ; pause = min(2*pause, maxRest) {
		lost, err := r.note(result)
		if err == nil {
			if len(lost) > 0 {
				r.config.Logger.Warn("mail: somebody else holds it", "mail", result.ID)
			}
			return len(lost) == 0
		}
		r.config.Logger.Warn("mail: the store failed", "doing", "record", "mail", result.ID, "error", err)
		if !r.config.Clock().Add(pause).Before(until) {
			return false
		}
		if again.Sleep(r.noting, pause) != nil {
			r.unnoted.Store(true)
			return false
		}
	}
}

func (r *run) note(result store.MailResult) ([]account.ID, error) {
	ctx, cancel := context.WithTimeout(r.noting, storeLimit)
	defer cancel()
	return r.outbox.RecordMails(ctx, r.owner, []store.MailResult{result})
}

// drain waits for what is under way: first for the tries, then for what came of them to be noted.
func (r *run) drain() error {
	done := make(chan struct{})
	go func() {
		r.mails.Wait()
		close(done)
	}()
	for _, step := range []struct {
		wait time.Duration
		stop func()
	}{
		{r.config.Drain, func() { r.stopTrying(errStopping) }},
		{linger + r.config.Drain, func() { r.stopNoting(errStopping) }},
		{time.Second, func() { r.unnoted.Store(true) }},
	} {
		select {
		case <-done:
			return r.drained()
		case <-time.After(step.wait):
			step.stop()
		}
	}
	return r.drained()
}

func (r *run) drained() error {
	if r.unnoted.Load() {
		return ErrUndrained
	}
	return nil
}
