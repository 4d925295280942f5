package clientaccount

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Tick does what became due by an instant: it ends holds that have timed out, each by
// an entry, and tells of overdraws that ended. Nothing depends on it being called:
// what is available is right at every instant without it. A host calls it every
// minute or so, from one process or from many. It goes on after an account that
// failed, and returns the first error.
func (s *Service) Tick(ctx context.Context, now time.Time) error {
	if err := account.InstantFaults("now", now).Err(); err != nil {
		return err
	}
	const page = 100
	now = now.UTC().Truncate(time.Microsecond)
	var after account.ID
	var first error
	for {
		ids, err := s.stored().Due(ctx, now, after, page)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.till.settleDue(ctx, now, id); err != nil && first == nil {
				first = err
			}
			after = id
		}
		if len(ids) < page {
			return first
		}
	}
}

// settleDue ends the due holds of an account and tells what time brought.
func (t *till) settleDue(ctx context.Context, now time.Time, id account.ID) error {
	if err := t.calls.refuse(t.store); err != nil {
		return err
	}
	_, err := t.locked(ctx, &desk{now: now, ids: []account.ID{id}, seen: t.sheets})
	return err
}
