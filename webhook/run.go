package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// fresh is how long a worker goes on with the URL and the secrets it has, and how long it is
// left alone when others wait; and how long connections are kept.
const fresh = 10 * time.Second

// run is one run of a dispatcher. One goroutine owns it all; others only make a try,
// or one call of the store, and hand back what came of it.
type run struct {
	*Dispatcher
	owner    account.ID
	workers  map[store.Hook]*worker
	inFlight int
	via      *connections

	results   chan result // tries that ended
	followUps chan func() // calls of the store that ended, and what follows

	lines [nLines]line // workers to be looked at
	stale []*worker    // whose URL and secrets are to be read anew

	reading, writing, routing bool // such a call is under way
	look                      bool // hooks may be free and due
	failing                   bool // the store failed: wait for the next poll
	extend                    bool // leases are to be extended
	stopping                  bool
	purged                    time.Time
}

// result is a try that ended.
type result struct {
	worker   *worker
	via      *connections
	url      string // that was called
	delivery store.Delivery
	outcome  outcome
}

func newRun(d *Dispatcher, owner account.ID) *run {
	now := d.config.Clock()
	return &run{
		Dispatcher: d, owner: owner, workers: map[store.Hook]*worker{}, look: true, purged: now,
		via: &connections{Transport: d.sender.network.transport(), since: now}, lines: [nLines]line{{why: toStart}, {why: toWrite}, {why: toFill}},
		results: make(chan result, d.config.Tries), followUps: make(chan func(), 3),
	}
}

func (r *run) loop(ctx context.Context) error {
	work := context.WithoutCancel(ctx) // what has begun is finished
	poll, lease := time.NewTicker(r.config.Poll), time.NewTicker(r.config.Lease/4)
	defer poll.Stop()
	defer lease.Stop()
	defer func() { r.via.CloseIdleConnections() }()
	stop := ctx.Done()
	var tooLate <-chan time.Time
	for {
		r.start(work)
		r.write(work)
		r.read(work)
		r.reroute(work)
		if r.stopping && len(r.workers) == 0 && r.inFlight == 0 && !r.reading && !r.writing && !r.routing {
			return nil
		}
		select {
		case ended := <-r.results:
			r.finish(ended)
		case then := <-r.followUps:
			then()
		case <-r.wake:
			r.lookAgain()
		case <-poll.C:
			r.failing = false
			r.lookAgain()
			r.makeRoom()
		case <-lease.C:
			r.extend = true
		case <-stop:
			stop = nil
			tooLate = time.After(r.config.Try + r.config.Lease)
			r.stop()
		case <-tooLate:
			return ErrUndrained
		}
		r.finishRest()
	}
}

// lookAgain has the store asked for free hooks, and for more of those that go on
// anyway. One with nothing under way is released instead.
func (r *run) lookAgain() {
	r.look = true
	now := r.config.Clock()
	r.stale = nil
	for _, w := range r.workers {
		if w.dry && w.inFlight > 0 {
			w.dry = false
			r.touch(w)
		}
		if !w.closing && now.Sub(w.routed) > fresh {
			r.stale = append(r.stale, w)
		}
	}
}

// makeRoom lets go of some hooks that have been held for long, when there is no room for free
// ones. It is for polls alone: a run that is woken all the time would let go of all at once.
func (r *run) makeRoom() {
	if len(r.workers) < r.config.Hooks {
		return
	}
	now, room := r.config.Clock(), max(1, r.config.Hooks/8)
	for _, w := range r.workers {
		if room > 0 && !w.closing && now.Sub(w.opened) > fresh {
			w.close()
			r.touch(w)
			room--
		}
	}
}

func (r *run) stop() {
	r.stopping = true
	for _, w := range r.workers {
		w.close()
		r.touch(w)
	}
}

// start begins tries, one for each worker after the other, as long as there are any to begin.
func (r *run) start(ctx context.Context) {
	now, line := r.config.Clock(), &r.lines[toStart]
	for len(line.workers) > 0 && r.inFlight < r.config.Tries {
		for _, w := range line.all() {
			if r.inFlight >= r.config.Tries {
				line.push(w)
				continue
			}
			d, ok := w.next(now, r.config.Try, r.inFlight >= r.config.Tries/crowd)
			if ok {
				r.launch(ctx, w, d)
				line.push(w)
			}
			r.lines[toWrite].push(w) // what was overtaken
			r.lines[toFill].push(w)
		}
	}
}

func (r *run) launch(ctx context.Context, w *worker, d store.Delivery) {
	w.inFlight++
	r.inFlight++
	via, to, secrets := r.connections(), w.to, w.secrets
	via.calls++
	go func() { r.results <- result{w, via, to.raw, d, r.sender.try(ctx, via, to, secrets, d)} }()
}

// connections are those that calls of one spell go through.
type connections struct {
	*http.Transport
	since time.Time
	calls int // under way
}

// connections returns where calls go now. Those that are under way keep what they have.
func (r *run) connections() *connections {
	if now := r.config.Clock(); now.Sub(r.via.since) > fresh {
		old := r.via
		r.via = &connections{Transport: r.sender.network.transport(), since: now}
		r.closeOld(old)
	}
	return r.via
}

// closeOld closes connections that nothing goes through any more. While a call is under way,
// net/http may take its connection for idle before it has handed over the answer.
func (r *run) closeOld(via *connections) {
	if via != r.via && via.calls == 0 {
		via.CloseIdleConnections()
	}
}

// finishRest takes what has ended meanwhile, so that it is written together.
func (r *run) finishRest() {
	for {
		select {
		case ended := <-r.results:
			r.finish(ended)
		default:
			return
		}
	}
}

func (r *run) finish(t result) {
	w := t.worker
	w.inFlight--
	r.inFlight--
	t.via.calls--
	r.closeOld(t.via)
	if w.lost {
		return
	}
	r.touch(w)
	before := w.health
	if t.url == w.to.raw { // else it says nothing of the one that is called now
		w.learn(t.outcome)
	}
	v := verdict(t.delivery, t.outcome, r.percent())
	w.verdicts = append(w.verdicts, v)
	if isOpen(w.health, r.config.Clock()) {
		w.close()
	}
	w.check()
	r.report(t, v, before)
}

// drop forgets a worker whose hook somebody else holds.
func (r *run) drop(w *worker) {
	w.lost = true
	w.close()
	if r.workers[w.hook] == w {
		delete(r.workers, w.hook)
	}
}

// report lets the log and the observer know of a try.
func (r *run) report(t result, v store.Verdict, before store.Health) {
	h, o, after := t.worker.hook, t.outcome, t.worker.health
	if r.config.Logger.Enabled(context.Background(), slog.LevelDebug) { // else it costs more than all the rest here
		r.config.Logger.Debug("webhook: tried", "account", h.Account, "hook", h.Kind, "delivery", t.delivery.ID,
			"code", o.Code, "status", o.Status, "took", o.Took, "tries", v.Tries, "state", v.State)
	}
	r.config.Observer.Tried(Tried{
		Hook: h, Code: o.Code, Status: o.Status, Took: o.Took, Waited: max(0, o.At.Sub(t.delivery.DueAt)), State: v.State,
	})
	about := Notice{Hook: h, At: o.At, Code: o.Code}
	tell := func(kind NoticeKind, is bool) {
		if is {
			about.Kind = kind
			r.notice(about, r.config.Observer)
		}
	}
	tell(NoticePaused, after.Pauses > before.Pauses)
	tell(NoticeRecovered, o.ok() && before.Pauses > 0)
	tell(NoticeDead, v.State == store.DeliveryDead)
	about.Address = o.blocked
	tell(NoticeBlocked, o.blocked != "")
	about.Address, about.Code = "", after.OffCode
	tell(NoticeOff, after.IsOff() && !before.IsOff())
}
