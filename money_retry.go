package clientaccount

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// retry gives orders back whose write failed, for a bounded number of times: with
// the same references nothing can be written twice.
func (t *till) retry(ctx context.Context, orders []*order, err error) (again []*order) {
	lost, nothing := errors.Is(err, account.ErrConflict), errors.Is(err, store.ErrNothing)
	for _, o := range orders {
		o.tries++
		o.maybe = o.maybe || !nothing
		switch {
		case o.tries < maxTries && (lost || !nothing):
			again = append(again, o)
		case o.maybe:
			o.refuse(&UnknownError{Reference: o.m.Reference, Err: err})
		default:
			o.refuse(err)
		}
	}
	if len(again) > 0 {
		t.logger.DebugContext(ctx, "movements not written, trying again", slog.Int("movements", len(again)), slog.Any("error", err))
		t.rest(ctx, again[0].tries)
	}
	return again
}

// certain marks the error of a read, which writes nothing.
func certain(err error) error {
	if errors.Is(err, store.ErrNothing) {
		return err
	}
	return &unwritten{err}
}

// unwritten is an error before anything was sent to be written.
type unwritten struct{ err error }

func (u *unwritten) Error() string   { return u.err.Error() }
func (u *unwritten) Unwrap() []error { return []error{store.ErrNothing, u.err} }

// rest is a short random pause before the next try.
func (t *till) rest(ctx context.Context, try int) {
	_ = pause(ctx, rand.N(time.Duration(try)*10*time.Millisecond)) // the next try tells
}
