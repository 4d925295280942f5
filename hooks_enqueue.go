package clientaccount

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/internal/batch"
	"github.com/clientaccount/clientaccount/store"
)

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
