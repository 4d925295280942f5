package memstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// SwitchOn is [store.OutboxTx]'s.
func (t *tx) SwitchOn(ctx context.Context, h store.Hook, at time.Time) error {
	return t.write(ctx, func(s *state) error {
		l, ok := s.outbox.hooks.get(h)
		if !ok || l.health.Failures == 0 && !l.health.IsOff() && l.health.PausedUntil.IsZero() {
			return nil
		}
		s.outbox.hooks.put(h, &lease{served: l.served, off: l.off})
		s.tellSwitch(h, at)
		return nil
	})
}

// tellSwitch writes the event of a hook that was switched since the account's events told
// of it last, and reports whether there was one to write.
func (s *state) tellSwitch(h store.Hook, at time.Time) bool {
	l, _ := s.outbox.hooks.get(h)
	p, ok := s.ledgers.get(h.Account)
	if l.off == l.health.IsOff() || !ok {
		return false
	}
	posting := l.health.Switched(p.balance, h.Kind, at)
	p, _ = s.ledgerAt(h.Account, posting.From) // which is its version
	p.write(&posting)
	told := *l
	told.off = l.health.IsOff()
	s.outbox.hooks.put(h, &told)
	return true
}
