package webhook

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// worker is a hook while a run holds it: what waits, what is under way, what is to be
// written. It belongs to the goroutine of the run.
type worker struct {
	hook    store.Hook
	to      endpoint // with an empty URL where the client has none any more
	secrets []account.HookSecret
	health  store.Health
	until   time.Time // the lease ends
	opened  time.Time // the hook was leased
	routed  time.Time // url and secrets were read

	queue    []store.Delivery
	held     map[account.ID]string // ids in queue, under way or unwritten, with their messages
	messages map[string]bool       // of those that are held
	inFlight int
	verdicts []store.Verdict // to be written
	writing  bool            // an update is being written
	bury     string          // to be written: why all that waits dies

	answered int  // tries of the URL that succeeded
	slow     bool // the last of them took long
	lined    [nLines]bool

	filling bool // more is being read
	dry     bool // nothing more was due when last asked
	closing bool // to be released as soon as nothing is under way
	lost    bool // somebody else holds the hook
}

// newWorker takes up a hook. What it finds decides whether anything may be sent at all.
func newWorker(found store.Claimed, c store.Claim) *worker {
	w := &worker{
		hook: found.Hook, health: found.Health, until: c.Until, opened: c.Now,
		held: map[account.ID]string{}, messages: map[string]bool{}, dry: len(found.Deliveries) < c.Deliveries,
	}
	w.route(found.URL, found.Secrets, c.Now)
	w.add(found.Deliveries)
	return w
}

// route sets where to send from now on.
func (w *worker) route(url string, secrets []account.HookSecret, now time.Time) {
	if url != w.to.raw {
		w.answered, w.slow = 0, false
	}
	w.to, w.secrets, w.routed = newEndpoint(url, w.hook.Kind), secrets, now
	if url != "" {
		w.health = w.health.Of(url)
	}
	w.check()
}

// learn notes how the URL answered.
func (w *worker) learn(o outcome) {
	if o.ok() {
		w.answered++
		w.slow = o.Took >= slowAnswer
	}
	w.health = afterTry(w.health, o, o.At.Add(o.Took))
}

// check gives up what waits where the URL is not to be called any more.
func (w *worker) check() {
	switch {
	case w.to.raw == "":
		w.end(CodeNoURL)
	case w.health.IsOff():
		w.end(CodeOff)
	}
}

func (w *worker) end(why string) {
	w.bury = why
	w.close()
}

// close lets go of what has not begun: it waits in the store.
func (w *worker) close() {
	w.closing = true
	for _, d := range w.queue {
		w.letGo(d.ID)
	}
	w.queue = nil
}

func (w *worker) letGo(id account.ID) {
	delete(w.messages, w.held[id])
	delete(w.held, id)
}

// add queues deliveries. One whose message is held comes again later: only then is
// it known whether it was overtaken.
func (w *worker) add(ds []store.Delivery) {
	for _, d := range ds {
		if _, doubled := w.held[d.ID]; doubled || w.closing || w.messages[d.Message] {
			continue
		}
		w.held[d.ID] = d.Message
		if d.Message != "" {
			w.messages[d.Message] = true
		}
		w.queue = append(w.queue, d)
	}
}

// width returns how many calls may run at once: one at first, which shows whether the URL
// works, then more with those that are answered, so that few deliveries take few
// connections. One that takes its time may have all at once, unless so much is under way
// already that it may be we who are slow.
func (w *worker) width(crowded bool) int {
	most := width(w.health)
	if w.slow && !crowded {
		return most
	}
	return min(most, 1+w.answered/answersPerCall)
}

// next returns the delivery to be sent now, if one may be.
func (w *worker) next(now time.Time, try time.Duration, crowded bool) (store.Delivery, bool) {
	for len(w.queue) > 0 && !w.lost && w.inFlight < w.width(crowded) && !now.Add(try).After(w.until) {
		d := w.queue[0]
		w.queue = w.queue[1:]
		if !d.Overtaken {
			return d, true
		}
		w.verdicts = append(w.verdicts, store.Verdict{
			ID: d.ID, State: store.DeliveryDead, Tries: d.Tries, Last: store.Try{At: now, Code: CodeOvertaken},
		})
	}
	return store.Delivery{}, false
}

// wants reports whether the worker is to be filled up.
func (w *worker) wants(batch int) bool {
	return !w.dry && !w.filling && !w.closing && !w.lost && len(w.queue) <= batch/2
}

// skip returns the deliveries that a store is not to give again.
func (w *worker) skip() []account.ID {
	ids := make([]account.ID, 0, len(w.held))
	for id := range w.held {
		ids = append(ids, id)
	}
	return ids
}

// done reports whether the worker has nothing left to do but to be released.
func (w *worker) done() bool {
	return w.inFlight == 0 && !w.filling && len(w.queue) == 0 && (w.dry || w.closing)
}

// update returns what there is to write, if anything.
func (w *worker) update(now time.Time) (store.HookUpdate, bool) {
	if w.lost || w.writing || !w.done() && len(w.verdicts) == 0 {
		return store.HookUpdate{}, false
	}
	u := store.HookUpdate{
		Hook: w.hook, Health: w.health, Release: w.done(), Bury: w.bury, Verdicts: w.verdicts, At: now,
	}
	w.verdicts, w.writing = nil, true
	w.closing = w.closing || u.Release // nothing is added to it any more
	return u, true
}

// written is what follows when an update was written, or was not.
func (w *worker) written(u store.HookUpdate, ok bool) {
	w.writing = false
	if !ok {
		w.verdicts = append(u.Verdicts, w.verdicts...)
		return
	}
	for _, v := range u.Verdicts {
		w.letGo(v.ID)
	}
}
