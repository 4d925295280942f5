package committer

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// lockQueue is the movements of one account that wait to be written under a lock: because
// other processes were faster, because a movement concerns several accounts, or because
// holds have timed out. They gather while the ones before are written.
type lockQueue struct {
	id      account.ID
	waiting []*pending
}

// underLock hands movements over to the lock queue of an account, or writes them at once
// where callers write for themselves.
func (c *Committer) underLock(ctx context.Context, id account.ID, movements ...*pending) {
	if c.direct {
		c.writeLocked(ctx, movements, nil)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if q := c.queues[id]; q != nil {
		q.waiting = append(q.waiting, movements...)
		return
	}
	q := &lockQueue{id: id, waiting: slices.Clone(movements)}
	c.queues[id] = q
	c.working.Add(1)
	go c.runQueue(q)
}

// runQueue writes what waits in a lock queue until nothing does.
func (c *Committer) runQueue(q *lockQueue) {
	defer c.working.Done()
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	for {
		c.mu.Lock()
		movements := q.waiting
		if q.waiting = nil; len(movements) > maxBatch {
			movements, q.waiting = movements[:maxBatch:maxBatch], movements[maxBatch:]
		}
		if len(movements) == 0 {
			delete(c.queues, q.id)
		}
		c.mu.Unlock()
		if len(movements) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
		c.writeLocked(ctx, movements, func(room int) []*pending { return c.latecomers(q, room) })
		cancel()
	}
}

// latecomers are movements that came to a lock queue while its transaction waited for its
// locks, and need no other ones.
func (c *Committer) latecomers(q *lockQueue, room int) (late []*pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q.waiting = slices.DeleteFunc(q.waiting, func(p *pending) bool {
		joins := len(late) < room && p.m.Other.IsZero()
		if joins {
			late = append(late, p)
		}
		return joins
	})
	return late
}

// Queued returns how many movements of an account wait to be written under its lock.
func (c *Committer) Queued(id account.ID) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q := c.queues[id]; q != nil {
		return len(q.waiting)
	}
	return 0
}
