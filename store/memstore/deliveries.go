package memstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// deliveryKey names a delivery.
type deliveryKey struct{ account, id account.ID }

// outbox is the part of state that an outbox keeps.
type outbox struct {
	deliveries rows[deliveryKey, *store.Delivery]
	hooks      rows[store.Hook, *lease]
	secrets    rows[account.ID, []account.HookSecret]
	seq        int64 // of the delivery accepted last

	// queues and threads find deliveries; only those that are committed.
	queues  map[store.Hook]*queue
	threads map[thread][]deliveryKey // in the order of their Seq
}

// thread is what order is kept within.
type thread struct {
	hook    store.Hook
	message string
}

func (o *outbox) over() outbox {
	return outbox{
		deliveries: over(&o.deliveries), hooks: over(&o.hooks), secrets: over(&o.secrets), seq: o.seq,
		queues: o.queues, threads: o.threads,
	}
}

func (o *outbox) mergeInto(base *outbox) {
	accepted := make([]*store.Delivery, 0, len(o.deliveries.own))
	for _, d := range o.deliveries.own {
		accepted = append(accepted, d)
	}
	slices.SortFunc(accepted, bySeq)
	o.deliveries.mergeInto(&base.deliveries)
	o.hooks.mergeInto(&base.hooks)
	o.secrets.mergeInto(&base.secrets)
	base.seq = o.seq
	for _, d := range accepted {
		base.admit(d)
	}
}

func bySeq(a, b *store.Delivery) int { return cmp.Compare(a.Seq, b.Seq) }

// admit queues a new delivery behind what it waits for.
func (o *outbox) admit(d *store.Delivery) {
	if o.threads == nil {
		o.threads, o.queues = map[thread][]deliveryKey{}, map[store.Hook]*queue{}
	}
	if d.Message != "" {
		t := thread{d.Hook, d.Message}
		for _, key := range o.threads[t] {
			if e, ok := o.deliveries.get(key); ok && e.State == store.DeliveryWaiting && e.DueAt.After(d.DueAt) {
				d = o.change(keyOf(d), func(d *store.Delivery) { d.DueAt = e.DueAt })
			}
		}
		o.threads[t] = append(o.threads[t], keyOf(d))
	}
	o.queue(d)
}

func keyOf(d *store.Delivery) deliveryKey { return deliveryKey{d.Hook.Account, d.ID} }

// queue notes when a waiting delivery is due.
func (o *outbox) queue(d *store.Delivery) {
	q := o.queues[d.Hook]
	if q == nil {
		q = &queue{}
		o.queues[d.Hook] = q
	}
	q.push(place{d.DueAt, d.Seq, keyOf(d)})
}

// change puts a changed copy of a delivery in its place.
func (o *outbox) change(key deliveryKey, change func(*store.Delivery)) *store.Delivery {
	before, _ := o.deliveries.get(key)
	d := *before
	change(&d)
	o.deliveries.put(key, &d)
	return &d
}

// blocked reports whether a delivery waits for an earlier one of its message.
func (o *outbox) blocked(d *store.Delivery) bool {
	for _, key := range o.thread(d) {
		if e, ok := o.deliveries.get(key); ok && e.Seq < d.Seq && e.State == store.DeliveryWaiting {
			return true
		}
	}
	return false
}

// overtaken reports whether a later or final delivery of its message was done.
func (o *outbox) overtaken(d *store.Delivery) bool {
	for _, key := range o.thread(d) {
		e, ok := o.deliveries.get(key)
		if ok && e.State == store.DeliveryDone && (e.Seq > d.Seq || e.Final && !d.Final) {
			return true
		}
	}
	return false
}

func (o *outbox) thread(d *store.Delivery) []deliveryKey {
	if d.Message == "" {
		return nil
	}
	return o.threads[thread{d.Hook, d.Message}]
}

// Enqueue is [store.OutboxTx]'s.
func (t *tx) Enqueue(ctx context.Context, ds ...store.Delivery) error {
	return t.write(ctx, func(s *state) error {
		if err := s.refuses(ds); err != nil {
			return err
		}
		s.outbox.accept(ds)
		return nil
	})
}

// accept keeps those deliveries that are not there, and returns them. They are not queued
// yet, see admit.
func (o *outbox) accept(ds []store.Delivery) (accepted []*store.Delivery) {
	for i := range ds {
		d := &ds[i]
		if o.deliveries.has(keyOf(d)) {
			continue
		}
		o.seq++
		made := &store.Delivery{
			ID: d.ID, Hook: d.Hook, Message: d.Message, Final: d.Final, Body: d.Body, Fingerprint: d.Fingerprint,
			CreatedAt: instant(d.CreatedAt), DueAt: instant(d.DueAt),
			Seq: o.seq, State: store.DeliveryWaiting,
		}
		o.deliveries.put(keyOf(d), made)
		accepted = append(accepted, made)
	}
	return accepted
}

// refuses is why none of these deliveries is accepted, or nil.
func (s *state) refuses(ds []store.Delivery) error {
	content := make(map[deliveryKey]account.Fingerprint, len(ds))
	for i := range ds {
		d := &ds[i]
		if missing(&s.accounts, d.Hook.Account) || d.Hook.Account.IsZero() {
			return account.ErrConflict
		}
		was, there := content[keyOf(d)]
		if kept, ok := s.outbox.deliveries.get(keyOf(d)); ok {
			was, there = kept.Fingerprint, true
		}
		if there && was != d.Fingerprint {
			return account.ErrReused
		}
		content[keyOf(d)] = d.Fingerprint
	}
	return nil
}

// SetHookSecrets is [store.OutboxTx]'s.
func (t *tx) SetHookSecrets(ctx context.Context, id account.ID, secrets []account.HookSecret) error {
	return t.write(ctx, func(s *state) error {
		if missing(&s.accounts, id) || id.IsZero() {
			return account.ErrConflict
		}
		kept := slices.Clone(secrets)
		for i := range kept {
			kept[i].CreatedAt, kept[i].EndsAt = instant(kept[i].CreatedAt), instant(kept[i].EndsAt)
		}
		s.outbox.secrets.put(id, kept)
		return nil
	})
}

func (r reader) HookSecrets(ctx context.Context, id account.ID) ([]account.HookSecret, error) {
	return read(ctx, r, func(s *state) ([]account.HookSecret, error) {
		secrets, _ := s.outbox.secrets.get(id)
		return slices.Clone(secrets), nil
	})
}

func (r reader) Delivery(ctx context.Context, id, delivery account.ID) (store.Delivery, error) {
	return read(ctx, r, func(s *state) (store.Delivery, error) {
		d, err := find(&s.outbox.deliveries, deliveryKey{id, delivery})
		if err != nil {
			return store.Delivery{}, err
		}
		return *d, nil
	})
}

// Deliveries looks at every delivery, as Accounts does at every account.
func (r reader) Deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	return read(ctx, r, func(s *state) (page []store.Delivery, _ error) {
		var found []*store.Delivery
		for d := range s.outbox.deliveries.all() {
			if deliveryListed(d, q) {
				found = append(found, d)
			}
		}
		slices.SortFunc(found, func(a, b *store.Delivery) int { return bySeq(b, a) })
		for _, d := range found[:min(len(found), q.PageSize())] {
			page = append(page, *d)
		}
		return page, nil
	})
}

func deliveryListed(d *store.Delivery, q store.DeliveryQuery) bool {
	return d.Hook.Account == q.Account && (q.Kind == "" || q.Kind == d.Hook.Kind) &&
		(q.State == "" || q.State == d.State) && (q.Message == "" || q.Message == d.Message) &&
		(q.Before == 0 || d.Seq < q.Before)
}

func (r reader) HookStatuses(ctx context.Context, id account.ID) ([]store.HookStatus, error) {
	return read(ctx, r, func(s *state) (statuses []store.HookStatus, _ error) {
		for _, kind := range account.HookKinds() {
			if status, known := s.outbox.status(store.Hook{Account: id, Kind: kind}); known {
				statuses = append(statuses, status)
			}
		}
		return statuses, nil
	})
}

func (o *outbox) status(h store.Hook) (status store.HookStatus, known bool) {
	status.Hook = h
	if l, ok := o.hooks.get(h); ok {
		status.Health, known = l.health, true
	}
	for d := range o.deliveries.all() {
		if d.Hook != h {
			continue
		}
		known = true
		switch d.State {
		case store.DeliveryWaiting:
			status.Waiting = min(status.Waiting+1, store.MaxCount)
		case store.DeliveryDead:
			status.Dead = min(status.Dead+1, store.MaxCount)
		case store.DeliveryDone:
		}
	}
	return status, known
}
