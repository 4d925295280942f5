package memstore

import (
	"container/heap"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// place is where a waiting delivery stands. It is void once the delivery ended, or
// became due at another time.
type place struct {
	due time.Time
	seq int64
	key deliveryKey
}

// queue are the places of one hook, those that are due first in front.
type queue struct{ places []place }

func (q *queue) Len() int      { return len(q.places) }
func (q *queue) Swap(i, j int) { q.places[i], q.places[j] = q.places[j], q.places[i] }
func (q *queue) Push(x any)    { q.places = append(q.places, x.(place)) } // by heap
func (q *queue) Less(i, j int) bool {
	a, b := q.places[i], q.places[j]
	if !a.due.Equal(b.due) {
		return a.due.Before(b.due)
	}
	return a.seq < b.seq
}

func (q *queue) Pop() any {
	last := q.places[len(q.places)-1]
	q.places = q.places[:len(q.places)-1]
	return last
}

func (q *queue) push(p place) { heap.Push(q, p) }

// due returns the deliveries of a hook that may be sent now, at most limit.
func (o *outbox) due(h store.Hook, now time.Time, skip []account.ID, limit int) (found []store.Delivery) {
	q := o.queues[h]
	if q == nil {
		return nil
	}
	passed := map[account.ID]bool{}
	for _, id := range skip {
		passed[id] = true
	}
	var looked []place
	seen := map[deliveryKey]bool{}
	for q.Len() > 0 && len(found) < limit && !q.places[0].due.After(now) {
		at := heap.Pop(q).(place) // by heap
		d, ok := o.deliveries.get(at.key)
		if !ok || d.State != store.DeliveryWaiting || !d.DueAt.Equal(at.due) || seen[at.key] {
			continue // void
		}
		looked, seen[at.key] = append(looked, at), true
		if !passed[d.ID] && !o.blocked(d) {
			given := *d
			given.Overtaken = o.overtaken(d)
			found = append(found, given)
		}
	}
	for _, at := range looked {
		heap.Push(q, at)
	}
	if q.Len() == 0 {
		delete(o.queues, h)
	}
	return found
}
