package clientaccount

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/internal/batch"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// Route is where an incoming message goes: to the client's SMPP session, which is for
// the host to do, or to URLs, never to both. The zero Route is nowhere: the client has
// neither.
type Route struct {
	Session bool               `json:"session"`
	Hooks   []account.HookKind `json:"hooks"` // the URLs that a delivery was accepted for
}

// SubmitState accepts a state that a message of the client reached, for each of the
// client's state URLs, and returns which: none is no error. Once it returns nil a delivery
// is not lost, and made at least once; a dispatcher finds it when it looks next, or at
// once if it is woken. Within a transaction of the host's (see [Service.On])
// it is accepted if that commits.
//
// States that are submitted at once are written together, where the store can do that (see
// [store.Enqueuer]): while one batch is on its way the next one gathers, and nobody waits for
// a batch to be full. One that is refused, or waits for others, is left to its caller, and
// holds up nobody. A caller whose context ends stops waiting: nothing was written, or it is
// [ErrUnknown]; so it is where the connection was lost as it was written. To ask again is how
// to find out.
//
// The same state of a message (by MessageID, Seq and State) is accepted once: asking
// again is harmless for as long as its delivery is kept. With another content, which is
// all that the client is told but At, it is account.ErrReused, and nothing of the call is
// accepted: a client who was told one thing is not told another under the same number.
// Reports of several parts are gathered by account.Tracking, not here. The URLs count as
// they were within Options.SettingsFor. What would be too long for a URL that is not set
// is no fault.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrReused], [ErrNoOutbox],
// [account.ErrConflict], [ErrUnknown], [ErrNested], [ErrStopped].
func (s *Service) SubmitState(ctx context.Context, id account.ID, r payload.Report) ([]account.HookKind, error) {
	r.MessageID = validate.Text(r.MessageID)
	if faults := r.Faults(); faults != nil {
		return nil, faults
	}
	client, err := s.settings(ctx, id, s.now())
	if err != nil {
		return nil, err
	}
	ds, err := r.Deliveries(client.Account, deliveryID(id, "state", r.MessageID, r.Seq, int(r.State)))
	if err != nil {
		return nil, err
	}
	return s.enqueue(ctx, ds)
}

// SubmitIncoming is [Service.SubmitState] for a message that came in for the client, known
// by its MessageID: it goes to the SMPP session if the client is set so and may use SMPP,
// else to the URLs for incoming messages.
//
// Errors: those of SubmitState.
func (s *Service) SubmitIncoming(ctx context.Context, id account.ID, in payload.Incoming) (Route, error) {
	in.MessageID = validate.Text(in.MessageID)
	if faults := in.Faults(); faults != nil {
		return Route{}, faults
	}
	client, err := s.settings(ctx, id, s.now())
	if err != nil || client.MOGoesToSMPP() {
		return Route{Session: err == nil}, err
	}
	ds, err := in.Deliveries(client.Account, deliveryID(id, "incoming", in.MessageID, 0, 0))
	if err != nil {
		return Route{}, err
	}
	hooks, err := s.enqueue(ctx, ds)
	return Route{Hooks: hooks}, err
}

// deliveryID names a delivery by what it reports, so that the same report has the same ids.
func deliveryID(id account.ID, what, message string, seq int64, state int) func(account.HookKind) account.ID {
	return func(kind account.HookKind) account.ID {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %d %d %s", id, kind, what, seq, state, message))
		id := account.ID(sum[:16])
		id[6] = id[6]&0x0f | 0x80 // a UUID of version 8 (RFC 9562): 122 bits of the sum
		id[8] = id[8]&0x3f | 0x80
		return id
	}
}

// outbox is where deliveries can be asked for.
func (s *Service) outbox() (store.OutboxReader, error) {
	outbox, ok := s.stored().(store.OutboxReader)
	if !ok {
		return nil, ErrNoOutbox
	}
	return outbox, nil
}

// submission is the deliveries of one call: of one message, accepted all or none.
type submission = []store.Delivery

// submissions are written in batches; the result is whether one was accepted.
type submissions = batch.Batcher[submission, bool]

// Bounds of one write.
const (
	maxSubmissions = 256
	writeTimeout   = 30 * time.Second // whatever its callers' contexts
)

// failures is how often a write is tried of which nobody can tell whether it was made. With
// the same ids nothing is accepted twice.
var failures = again.Policy{Tries: 4, Pause: 10 * time.Millisecond}

// newSubmissions returns what gathers submissions for a store that is not bound to a
// transaction.
func newSubmissions(st store.Transactor, logger *slog.Logger) *submissions {
	to, _ := st.(store.Enqueuer)
	return batch.New(batch.Config[submission, bool]{
		Do: func(ctx context.Context, calls []submission) []batch.Result[bool] {
			return enqueueTogether(ctx, to, logger, calls)
		},
		Most: maxSubmissions, Timeout: writeTimeout, Closed: ErrStopped,
	})
}

// enqueue accepts deliveries, and says for which URLs.
func (s *Service) enqueue(ctx context.Context, ds submission) ([]account.HookKind, error) {
	if _, err := s.outbox(); err != nil || len(ds) == 0 {
		return nil, err
	}
	if err := s.accept(ctx, ds); err != nil {
		return nil, err
	}
	hooks := make([]account.HookKind, len(ds))
	for i, d := range ds {
		hooks[i] = d.Hook.Kind
	}
	return hooks, nil
}

// accept writes deliveries with those of others, or alone where that cannot be, and what
// is to be said of them is theirs alone.
func (s *Service) accept(ctx context.Context, ds submission) error {
	leave, err := s.submissions.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if to, can := s.stored().(store.Enqueuer); can {
		if accepted, err := s.acceptTogether(ctx, to, ds); accepted || err != nil {
			return err
		}
	}
	return s.acceptAlone(ctx, ds)
}

// acceptTogether reports whether deliveries were written with those of others.
func (s *Service) acceptTogether(ctx context.Context, to store.Enqueuer, ds submission) (bool, error) {
	if err := s.calls.Check(s.store); err != nil {
		return false, err
	}
	if store.IsInside(ctx, nil) { // batches do not go by their callers' contexts
		if _, err := to.EnqueueEach(ctx, nil); errors.Is(err, ErrNested) {
			return false, err
		}
	}
	accepted, err := s.submissions.Do(ctx, ds)
	if left, is := errors.AsType[*batch.LeftError](err); is {
		err = unknownSubmission(ds, left.Err)
	}
	return accepted, err
}

// enqueueTogether writes a batch, again while nobody can tell whether it was written.
func enqueueTogether(ctx context.Context, to store.Enqueuer, logger *slog.Logger, calls []submission) []batch.Result[bool] {
	results := make([]batch.Result[bool], len(calls))
	var accepted []bool
	uncertain := false
	err := failures.Do(ctx, func(int) (_ bool, err error) {
		accepted, err = to.EnqueueEach(ctx, calls)
		unknown := err != nil && !errors.Is(err, store.ErrNothing)
		if uncertain = uncertain || unknown; unknown {
			logger.DebugContext(ctx, "deliveries perhaps not written, trying again", slog.Int("calls", len(calls)), slog.Any("error", err))
		}
		return unknown, err
	})
	for i := range results {
		switch {
		case err == nil:
			results[i].Value = accepted[i]
		case uncertain:
			results[i].Err = unknownSubmission(calls[i], err)
		case !errors.Is(err, account.ErrConflict): // else each alone
			results[i].Err = err
		}
	}
	return results
}

// acceptAlone writes deliveries in a transaction of their own, or the host's.
func (s *Service) acceptAlone(ctx context.Context, ds submission) error {
	uncertain := false
	err := failures.Do(ctx, func(int) (bool, error) {
		complete := false // but for the commit
		err := s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
			complete = false
			outbox, ok := tx.(store.OutboxTx)
			if !ok {
				return ErrNoOutbox
			}
			err := outbox.Enqueue(ctx, ds...)
			complete = err == nil
			return err
		})
		unknown := err != nil && complete && !s.hosted && !errors.Is(err, account.ErrConflict)
		uncertain = uncertain || unknown
		return unknown && ctx.Err() == nil, err
	})
	if err != nil && uncertain && !errors.Is(err, account.ErrReused) {
		return unknownSubmission(ds, err)
	}
	return err
}

// unknownSubmission says that deliveries may have been accepted.
func unknownSubmission(ds submission, err error) error {
	return &UnknownError{Reference: ds[0].Message, Err: err}
}
