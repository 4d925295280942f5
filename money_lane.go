package clientaccount

import (
	"context"
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// lane is the orders of one account that are written under a lock: because other
// processes were faster, because a movement concerns several accounts, or because
// holds have timed out. They gather while the ones before are written, as in a till.
type lane struct {
	id      account.ID
	waiting []*order
}

// underLock hands orders over to the lane of an account, or writes them at once
// where callers write for themselves.
func (t *till) underLock(ctx context.Context, id account.ID, orders ...*order) {
	if t.direct {
		t.writeLocked(ctx, orders, nil)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if l := t.lanes[id]; l != nil {
		l.waiting = append(l.waiting, orders...)
		return
	}
	l := &lane{id: id, waiting: slices.Clone(orders)}
	t.lanes[id] = l
	t.working.Add(1)
	go t.runLane(l)
}

// runLane writes what waits in a lane until nothing does.
func (t *till) runLane(l *lane) {
	defer t.working.Done()
	t.slots <- struct{}{}
	defer func() { <-t.slots }()
	for {
		t.mu.Lock()
		orders := l.waiting
		if l.waiting = nil; len(orders) > maxBatch {
			orders, l.waiting = orders[:maxBatch:maxBatch], orders[maxBatch:]
		}
		if len(orders) == 0 {
			delete(t.lanes, l.id)
		}
		t.mu.Unlock()
		if len(orders) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
		t.writeLocked(ctx, orders, func(room int) []*order { return t.latecomers(l, room) })
		cancel()
	}
}

// latecomers are orders that came to a lane while its transaction waited for its locks,
// and need no other ones.
func (t *till) latecomers(l *lane, room int) (late []*order) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l.waiting = slices.DeleteFunc(l.waiting, func(o *order) bool {
		joins := len(late) < room && o.m.Other.IsZero()
		if joins {
			late = append(late, o)
		}
		return joins
	})
	return late
}

// writeLocked writes orders in one transaction that locks all their accounts, again
// while races are lost. It ends so many holds that are due beside. Orders that
// fail together are tried one by one, so that only the guilty one fails. Not nil, more
// gives further orders for the same locks, as many as there is room for.
func (t *till) writeLocked(ctx context.Context, orders []*order, more func(room int) []*order) {
	orders, err := t.locked(ctx, &desk{now: t.clock(), orders: orders, ids: t.accountsOf(orders), more: more, seen: t.sheets})
	switch {
	case err == nil:
	case len(orders) > 1:
		for _, o := range orders {
			t.writeLocked(ctx, []*order{o}, nil)
		}
	case orders[0].maybe:
		orders[0].refuse(&UnknownError{Reference: orders[0].m.Reference, Err: err})
	default:
		orders[0].refuse(err)
	}
}

// locked runs a desk's transaction to its end and answers the orders, or returns those
// that it could not write, and why.
func (t *till) locked(ctx context.Context, d *desk) ([]*order, error) {
	settled := slices.Clone(d.ids)
	for try := 1; ; {
		d.trusting, d.complete = try == 1 && !t.hosted, false
		err := t.store.Update(ctx, d.run)
		missing, needs := errors.AsType[needsAccounts](err)
		switch {
		case err == nil:
			t.finish(d)
			if len(d.orders) > 0 || !d.unsettled {
				return nil, nil // the next orders, or Tick, end what is still due
			}
			d.ids = settled // each turn ended due holds, so there is an end
			continue
		case needs:
			d.ids = account.UniqueIDs(append(d.ids, missing...))
			if len(d.ids) > maxLocked {
				return d.orders, err
			}
			continue
		case t.hosted || !d.again(err):
			return d.orders, err
		}
		if try++; try > lockTries {
			return d.orders, err
		}
		if !d.trusting {
			t.rest(ctx, try)
		}
	}
}

// again says whether a transaction that failed may be run once more: if it lost a race,
// or if nobody knows how its commit ended, which the orders then note.
func (d *desk) again(err error) bool {
	lost := errors.Is(err, account.ErrConflict)
	if d.complete && !lost {
		for _, o := range d.orders {
			o.maybe = true
		}
	}
	return lost || d.complete
}

const (
	lockTries = 10
	maxLocked = 4 * maxBatch * account.MaxDepth // accounts of one transaction
)

// needsAccounts ends a transaction that has to lock more accounts than it did.
type needsAccounts []account.ID

func (needsAccounts) Error() string { return "clientaccount: more accounts have to be locked" }

// accountsOf are the accounts that orders concern, as far as is known, ascending.
func (t *till) accountsOf(orders []*order) (all []account.ID) {
	for _, o := range orders {
		all = append(all, o.m.Account)
		if !o.m.Other.IsZero() {
			all = append(all, o.m.Other)
		}
		id := o.m.Account
		for range account.MaxDepth {
			s, seen := t.sheets.get(id)
			if !seen || s.balance.Terms.Shares.IsZero() {
				break
			}
			id = s.balance.Terms.Shares
			all = append(all, id)
		}
	}
	return account.UniqueIDs(all)
}

// finish answers what a transaction decided, now that it is committed, and keeps
// what it learned.
func (t *till) finish(d *desk) {
	for id, s := range d.sheets {
		if s.balance.Version == 0 {
			continue
		}
		learned := sheet{balance: s.balance, at: d.now}
		if was, _ := t.sheets.get(id); was.contested > 0 {
			learned.contested = was.contested - 1
			if was.balance.Version != s.posting.From {
				learned.contested = quietTurns
			}
		}
		if t.sheets.put(learned); s.balance.Due(d.now) {
			t.sheets.sawOverdue(s.balance, overdue{s.overdue, d.now})
		}
	}
	for _, w := range d.done {
		switch {
		case w.refusal != nil:
			w.order.refuse(w.refusal)
		default:
			w.order.answer(&w.written, w.repeated)
		}
	}
}
