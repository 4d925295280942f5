package committer

import (
	"context"
	"runtime"
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// lockQueue is movements that wait to be written under locks, of whatever accounts. They
// gather while the ones before are written, and go together, in one transaction. That waits
// for the lock of one account at most: the common queue, of the zero ID, for none, and the
// queue of an account for that one. Movements of which another account is locked are left
// out, and go on to the queue of that. So accounts that others hold delay nobody else, and
// transactions that each wait for one lock, holding none, cannot wait for each other.
type lockQueue struct {
	id      account.ID
	waiting []*pending
}

// mostHanded is how often a movement goes on to another queue. Then it is written alone,
// waiting for all its locks.
const mostHanded = 4

// underLock hands movements over to the lock queue of an account: because other processes
// were faster, or because holds have timed out. Where callers write for themselves they are
// written at once.
func (c *Committer) underLock(ctx context.Context, id account.ID, movements ...*pending) {
	if c.direct {
		c.writeAlone(ctx, movements)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue(id, movements...)
}

// together hands over movements that concern several accounts: to the queue of one of
// these, if it has one, or else to the common queue.
func (c *Committer) together(ctx context.Context, movements ...*pending) {
	if c.direct {
		c.writeAlone(ctx, movements)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range movements {
		var queue account.ID
		for _, id := range c.accountsOf(p) {
			if c.queues[id] != nil {
				queue = id
				break
			}
		}
		c.queue(queue, p)
	}
}

// busy hands over movements of an account that somebody has locked: maybe our own
// transactions of the common queue, which is then the one to go with.
func (c *Committer) busy(ctx context.Context, id account.ID, movements []*pending) {
	c.mu.Lock()
	common := c.queues[account.ID{}] != nil
	c.mu.Unlock()
	if common {
		c.together(ctx, movements...)
	} else {
		c.underLock(ctx, id, movements...)
	}
}

// queue adds to a queue, which it starts. mu is held.
func (c *Committer) queue(id account.ID, movements ...*pending) {
	if q := c.queues[id]; q != nil {
		q.waiting = append(q.waiting, movements...)
		return
	}
	q := &lockQueue{id: id, waiting: slices.Clone(movements)}
	c.queues[id] = q
	c.working.Add(1)
	go c.runQueue(q)
}

// runQueue writes what waits in a lock queue until nothing does. The common one waits for
// no lock, and so not for its turn either. As in run, those go first who were answered.
func (c *Committer) runQueue(q *lockQueue) {
	defer c.working.Done()
	if !q.id.IsZero() {
		c.slots <- struct{}{}
		defer func() { <-c.slots }()
	}
	for ; ; runtime.Gosched() {
		movements := c.nextOf(q)
		if len(movements) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
		c.writeQueued(ctx, q, movements)
		cancel()
	}
}

// nextOf takes a batch from a queue. Without any, the queue is over.
func (c *Committer) nextOf(q *lockQueue) []*pending {
	c.mu.Lock()
	defer c.mu.Unlock()
	movements := q.waiting
	if q.waiting = nil; len(movements) > maxBatch {
		movements, q.waiting = movements[:maxBatch:maxBatch], movements[maxBatch:]
	}
	if len(movements) == 0 {
		delete(c.queues, q.id)
	}
	return movements
}

// latecomers are movements that came to a lock queue while its transaction waited for its
// locks, which ascend, and need no other ones.
func (c *Committer) latecomers(q *lockQueue, room int, locked []account.ID) (late []*pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q.waiting = slices.DeleteFunc(q.waiting, func(p *pending) bool {
		joins := len(late) < room && p.handed < mostHanded && firstMissing(c.accountsOf(p), locked) == nil
		if joins {
			late = append(late, p)
		}
		return joins
	})
	return late
}

// firstMissing returns one of the ids that is not among others, which ascend; nil for none.
func firstMissing(ids, others []account.ID) *account.ID {
	for i := range ids {
		if _, found := slices.BinarySearchFunc(others, ids[i], account.ID.Compare); !found {
			return &ids[i]
		}
	}
	return nil
}

// Waiting returns how many movements wait to be written, under no lock, after those of now.
func (c *Committer) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
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
