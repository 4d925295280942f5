package webhook

import (
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// lane is a hook while a run holds it: what waits, what is under way, what is to be
// written. It belongs to the goroutine of the run.
type lane struct {
	hook    store.Hook
	url     string
	secrets []account.HookSecret
	via     *http.Transport
	health  store.Health
	until   time.Time // the lease ends
	opened  time.Time // the hook was leased
	routed  time.Time // url and secrets were read

	queue    []store.Delivery
	hand     map[account.ID]string // ids in queue, under way or unwritten, with their messages
	flying   int
	verdicts []store.Verdict // to be written
	writing  bool            // an update is being written
	bury     string          // to be written: why all that waits dies

	filling bool // more is being read
	dry     bool // nothing more was due when last asked
	closing bool // to be released as soon as nothing is under way
	lost    bool // somebody else holds the hook
}

// newLane takes up a hook. What it finds decides whether anything may be sent at all.
func newLane(found store.Claimed, c store.Claim, via *http.Transport) *lane {
	l := &lane{
		hook: found.Hook, health: found.Health, until: c.Until, opened: c.Now, via: via,
		hand: map[account.ID]string{}, dry: len(found.Deliveries) < c.Deliveries,
	}
	l.route(found.URL, found.Secrets, c.Now)
	l.add(found.Deliveries)
	return l
}

// route says where to send from now on.
func (l *lane) route(url string, secrets []account.HookSecret, now time.Time) {
	l.url, l.secrets, l.routed = url, secrets, now
	if url != "" {
		l.health = l.health.Of(url)
	}
	l.judge()
}

// judge sees whether the URL is still to be called.
func (l *lane) judge() {
	switch {
	case l.url == "":
		l.end(CodeNoURL)
	case l.health.IsOff():
		l.end(CodeOff)
	}
}

func (l *lane) end(why string) {
	l.bury = why
	l.close()
}

// close lets go of what has not begun: it waits in the store.
func (l *lane) close() {
	l.closing = true
	for _, d := range l.queue {
		delete(l.hand, d.ID)
	}
	l.queue = nil
}

// add queues deliveries. One whose message is in hand comes again later: only then is
// it known whether it was overtaken.
func (l *lane) add(ds []store.Delivery) {
	for _, d := range ds {
		if _, doubled := l.hand[d.ID]; doubled || l.closing || l.busy(d.Message) {
			continue
		}
		l.hand[d.ID] = d.Message
		l.queue = append(l.queue, d)
	}
}

func (l *lane) busy(message string) bool {
	if message == "" {
		return false
	}
	for _, held := range l.hand {
		if held == message {
			return true
		}
	}
	return false
}

// next is the delivery to be sent now, if one may be.
func (l *lane) next(now time.Time, try time.Duration) (store.Delivery, bool) {
	for len(l.queue) > 0 && !l.lost && l.flying < width(l.health) && !now.Add(try).After(l.until) {
		d := l.queue[0]
		l.queue = l.queue[1:]
		if !d.Overtaken {
			return d, true
		}
		l.verdicts = append(l.verdicts, store.Verdict{
			ID: d.ID, State: store.DeliveryDead, Tries: d.Tries, Last: store.Try{At: now, Code: CodeOvertaken},
		})
	}
	return store.Delivery{}, false
}

// wants says whether the lane is to be filled up.
func (l *lane) wants(batch int) bool {
	return !l.dry && !l.filling && !l.closing && !l.lost && len(l.queue) <= batch/2
}

// skip are the deliveries that a store is not to give again.
func (l *lane) skip() []account.ID {
	ids := make([]account.ID, 0, len(l.hand))
	for id := range l.hand {
		ids = append(ids, id)
	}
	return ids
}

// done says whether the lane has nothing left to do but to be released.
func (l *lane) done() bool {
	return l.flying == 0 && !l.filling && len(l.queue) == 0 && (l.dry || l.closing)
}

// update is what there is to write, if anything.
func (l *lane) update(now time.Time) (store.HookUpdate, bool) {
	if l.lost || l.writing || !l.done() && len(l.verdicts) == 0 {
		return store.HookUpdate{}, false
	}
	u := store.HookUpdate{
		Hook: l.hook, Health: l.health, Release: l.done(), Bury: l.bury, Verdicts: l.verdicts, At: now,
	}
	l.verdicts, l.writing = nil, true
	l.closing = l.closing || u.Release // nothing is added to it any more
	return u, true
}

// written is what follows when an update was written, or was not.
func (l *lane) written(u store.HookUpdate, ok bool) {
	l.writing = false
	if !ok {
		l.verdicts = append(u.Verdicts, l.verdicts...)
		return
	}
	for _, v := range u.Verdicts {
		delete(l.hand, v.ID)
	}
}
