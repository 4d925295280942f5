package committer

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/store"
)

// failures is how often a movement is tried where the store fails.
var failures = again.Policy{Tries: 4, Pause: 10 * time.Millisecond}

// retry returns the movements whose write failed, for a bounded number of times: with
// the same references nothing can be written twice.
func (c *Committer) retry(ctx context.Context, movements []*pending, err error) (retried []*pending) {
	lost, nothing := errors.Is(err, account.ErrConflict), errors.Is(err, store.ErrNothing)
	for _, p := range movements {
		p.tries++
		p.uncertain = p.uncertain || !nothing
		switch {
		case failures.Allows(p.tries) && (lost || !nothing):
			retried = append(retried, p)
		case p.uncertain:
			p.refuse(&UncertainError{err})
		default:
			p.refuse(err)
		}
	}
	if len(retried) > 0 {
		c.logger.DebugContext(ctx, "movements not written, trying again", slog.Int("movements", len(retried)), slog.Any("error", err))
		_ = failures.Rest(ctx, retried[0].tries) // the next try tells
	}
	return retried
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
