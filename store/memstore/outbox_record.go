package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Record is [store.Outbox]'s.
func (s *Store) Record(ctx context.Context, owner account.ID, updates []store.HookUpdate) ([]store.Hook, error) {
	return act(ctx, s, func(s *state) (lost []store.Hook) {
		for _, u := range updates {
			if s.outbox.holds(owner, u.Hook) {
				s.outbox.record(u)
				if s.tellSwitch(u.Hook, u.At) {
					s.hasNews(u.Hook.Account)
				}
			} else {
				lost = append(lost, u.Hook)
			}
		}
		return lost
	})
}

func (o *outbox) record(u store.HookUpdate) {
	l, _ := o.hooks.get(u.Hook)
	next := *l
	next.health = instants(u.Health)
	if u.Release {
		next.owner, next.until = account.ID{}, time.Time{}
	}
	o.hooks.put(u.Hook, &next)
	for _, v := range u.Verdicts {
		o.recordVerdict(u, v)
	}
	if u.Bury != "" {
		o.bury(u)
	}
}

func instants(h store.Health) store.Health {
	for _, t := range []*time.Time{&h.FailingSince, &h.FailedAt, &h.PausedUntil, &h.OffAt, &h.Minute} {
		*t = instant(*t)
	}
	h.FailingFor = h.FailingFor.Truncate(time.Microsecond)
	return h
}

// recordVerdict writes what came of one delivery; those behind it wait as long as it does.
func (o *outbox) recordVerdict(u store.HookUpdate, v store.Verdict) {
	key := deliveryKey{u.Hook.Account, v.ID}
	if d, ok := o.deliveries.get(key); !ok || d.Hook != u.Hook {
		return
	}
	d := o.change(key, func(d *store.Delivery) {
		d.State, d.Tries, d.Last = v.State, v.Tries, v.Last
		d.Last.At, d.Last.Took = instant(v.Last.At), v.Last.Took.Truncate(time.Millisecond)
		d.EndedAt = instant(u.At)
		if v.State == store.DeliveryWaiting {
			d.EndedAt, d.DueAt = time.Time{}, instant(v.DueAt)
		}
	})
	if d.State != store.DeliveryWaiting {
		return
	}
	o.queue(d)
	for _, follower := range o.thread(d) {
		f, ok := o.deliveries.get(follower)
		if ok && f.State == store.DeliveryWaiting && f.Seq > d.Seq && f.DueAt.Before(d.DueAt) {
			o.queue(o.change(follower, func(f *store.Delivery) { f.DueAt = d.DueAt }))
		}
	}
}

// bury ends what waits, up to store.MaxCount.
func (o *outbox) bury(u store.HookUpdate) {
	buried := 0
	for key, d := range o.deliveries.own {
		if d.Hook == u.Hook && d.State == store.DeliveryWaiting && buried < store.MaxCount {
			buried++
			o.change(key, func(d *store.Delivery) {
				d.State, d.EndedAt = store.DeliveryDead, instant(u.At)
				d.Last = store.Try{At: instant(u.At), Code: u.Bury}
			})
		}
	}
}

// Replay is [store.Outbox]'s.
func (s *Store) Replay(ctx context.Context, r store.Replay) (int, error) {
	return act(ctx, s, func(s *state) (n int) {
		for key, d := range s.outbox.deliveries.own {
			if !replayed(d, r) {
				continue
			}
			n++
			s.outbox.queue(s.outbox.change(key, func(d *store.Delivery) {
				d.State, d.Tries, d.DueAt, d.EndedAt = store.DeliveryWaiting, 0, instant(r.Now), time.Time{}
			}))
		}
		return n
	})
}

func replayed(d *store.Delivery, r store.Replay) bool {
	return d.Hook.Account == r.Account &&
		(d.State == store.DeliveryDead || r.Done && d.State == store.DeliveryDone) &&
		(len(r.IDs) == 0 || slices.Contains(r.IDs, d.ID)) &&
		(r.Kind == "" || r.Kind == d.Hook.Kind) &&
		(r.From.IsZero() || !d.CreatedAt.Before(instant(r.From))) &&
		(r.To.IsZero() || d.CreatedAt.Before(instant(r.To)))
}

// Purge is [store.Outbox]'s.
func (s *Store) Purge(ctx context.Context, done, dead time.Time, limit int) (int, error) {
	return act(ctx, s, func(s *state) int {
		var old []*store.Delivery
		for _, d := range s.outbox.deliveries.own {
			if d.State == store.DeliveryDone && d.EndedAt.Before(done) ||
				d.State == store.DeliveryDead && d.EndedAt.Before(dead) {
				old = append(old, d)
			}
		}
		slices.SortFunc(old, func(a, b *store.Delivery) int { return cmp.Or(a.EndedAt.Compare(b.EndedAt), bySeq(a, b)) })
		old = old[:min(len(old), limit)]
		for _, d := range old {
			s.outbox.remove(d)
		}
		return len(old)
	})
}

func (o *outbox) remove(d *store.Delivery) {
	o.deliveries.delete(keyOf(d))
	t := thread{d.Hook, d.Message}
	o.threads[t] = slices.DeleteFunc(o.threads[t], func(key deliveryKey) bool { return key == keyOf(d) })
	if len(o.threads[t]) == 0 {
		delete(o.threads, t)
	}
}

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
