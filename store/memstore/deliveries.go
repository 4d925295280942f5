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

func (p *outbox) over() outbox {
	return outbox{
		deliveries: over(&p.deliveries), hooks: over(&p.hooks), secrets: over(&p.secrets), seq: p.seq,
		queues: p.queues, threads: p.threads,
	}
}

func (p *outbox) mergeInto(base *outbox) {
	accepted := make([]*store.Delivery, 0, len(p.deliveries.own))
	for _, d := range p.deliveries.own {
		accepted = append(accepted, d)
	}
	slices.SortFunc(accepted, bySeq)
	p.deliveries.mergeInto(&base.deliveries)
	p.hooks.mergeInto(&base.hooks)
	p.secrets.mergeInto(&base.secrets)
	base.seq = p.seq
	for _, d := range accepted {
		base.admit(d)
	}
}

func bySeq(a, b *store.Delivery) int { return cmp.Compare(a.Seq, b.Seq) }

// admit queues a new delivery behind what it waits for.
func (p *outbox) admit(d *store.Delivery) {
	if p.threads == nil {
		p.threads, p.queues = map[thread][]deliveryKey{}, map[store.Hook]*queue{}
	}
	if d.Message != "" {
		t := thread{d.Hook, d.Message}
		for _, key := range p.threads[t] {
			if e, ok := p.deliveries.get(key); ok && e.State == store.DeliveryWaiting && e.DueAt.After(d.DueAt) {
				d = p.change(keyOf(d), func(d *store.Delivery) { d.DueAt = e.DueAt })
			}
		}
		p.threads[t] = append(p.threads[t], keyOf(d))
	}
	p.queue(d)
}

func keyOf(d *store.Delivery) deliveryKey { return deliveryKey{d.Hook.Account, d.ID} }

// queue notes when a waiting delivery is due.
func (p *outbox) queue(d *store.Delivery) {
	q := p.queues[d.Hook]
	if q == nil {
		q = &queue{}
		p.queues[d.Hook] = q
	}
	q.push(place{d.DueAt, d.Seq, keyOf(d)})
}

// change puts a changed copy of a delivery in its place.
func (p *outbox) change(key deliveryKey, change func(*store.Delivery)) *store.Delivery {
	before, _ := p.deliveries.get(key)
	d := *before
	change(&d)
	p.deliveries.put(key, &d)
	return &d
}

// blocked says whether a delivery waits for an earlier one of its message.
func (p *outbox) blocked(d *store.Delivery) bool {
	for _, key := range p.thread(d) {
		if e, ok := p.deliveries.get(key); ok && e.Seq < d.Seq && e.State == store.DeliveryWaiting {
			return true
		}
	}
	return false
}

// overtaken says whether a later or final delivery of its message was done.
func (p *outbox) overtaken(d *store.Delivery) bool {
	for _, key := range p.thread(d) {
		e, ok := p.deliveries.get(key)
		if ok && e.State == store.DeliveryDone && (e.Seq > d.Seq || e.Final && !d.Final) {
			return true
		}
	}
	return false
}

func (p *outbox) thread(d *store.Delivery) []deliveryKey {
	if d.Message == "" {
		return nil
	}
	return p.threads[thread{d.Hook, d.Message}]
}

// Enqueue is [store.OutboxTx]'s.
func (t *tx) Enqueue(ctx context.Context, ds ...store.Delivery) error {
	return t.write(ctx, func(s *state) error {
		if err := s.refuses(ds); err != nil {
			return err
		}
		for _, d := range ds {
			if key := keyOf(&d); !s.outbox.deliveries.has(key) {
				s.outbox.seq++
				s.outbox.deliveries.put(key, &store.Delivery{
					ID: d.ID, Hook: d.Hook, Message: d.Message, Final: d.Final, Body: d.Body, Fingerprint: d.Fingerprint,
					CreatedAt: instant(d.CreatedAt), DueAt: instant(d.DueAt),
					Seq: s.outbox.seq, State: store.DeliveryWaiting,
				})
			}
		}
		return nil
	})
}

// refuses is why none of these deliveries is accepted, or nil.
func (s *state) refuses(ds []store.Delivery) error {
	content := make(map[deliveryKey]account.Fingerprint, len(ds))
	for i := range ds {
		d := &ds[i]
		if missing(&s.accounts, d.Hook.Account) || d.Hook.Account.IsZero() {
			return store.ErrConflict
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
			return store.ErrConflict
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

func (p *outbox) status(h store.Hook) (status store.HookStatus, known bool) {
	status.Hook = h
	if l, ok := p.hooks.get(h); ok {
		status.Health, known = l.health, true
	}
	for d := range p.deliveries.all() {
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
