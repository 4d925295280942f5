package webhook

import (
	"context"
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// fresh is how long a worker goes on with the URL, the secrets and the connections it
// has, and how long it is left alone when others wait.
const fresh = 10 * time.Second

// run is one run of a dispatcher. One goroutine owns it all; others only make a try,
// or one call of the store, and hand back what came of it.
type run struct {
	*Dispatcher
	owner    account.ID
	workers  map[store.Hook]*worker
	inFlight int

	results   chan result // tries that ended
	followUps chan func() // calls of the store that ended, and what follows

	reading, writing bool // such a call is under way
	look             bool // hooks may be free and due
	failing          bool // the store failed: wait for the next poll
	extend           bool // leases are to be extended
	stopping         bool
	purged           time.Time
}

// result is a try that ended.
type result struct {
	worker   *worker
	via      *http.Transport
	delivery store.Delivery
	outcome  outcome
}

func newRun(d *Dispatcher, owner account.ID) *run {
	return &run{
		Dispatcher: d, owner: owner, workers: map[store.Hook]*worker{}, look: true, purged: d.config.Clock(),
		results: make(chan result, d.config.Tries), followUps: make(chan func(), 2),
	}
}

func (r *run) loop(ctx context.Context) error {
	work := context.WithoutCancel(ctx) // what has begun is finished
	poll, lease := time.NewTicker(r.config.Poll), time.NewTicker(r.config.Lease/4)
	defer poll.Stop()
	defer lease.Stop()
	defer r.closeAll()
	stop := ctx.Done()
	var tooLate <-chan time.Time
	for {
		r.start(work)
		r.write(work)
		r.read(work)
		if r.stopping && len(r.workers) == 0 && !r.reading && !r.writing {
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
	for _, w := range r.workers {
		w.dry = w.dry && w.inFlight == 0
	}
}

func (r *run) stop() {
	r.stopping = true
	for _, w := range r.workers {
		w.close()
	}
}

func (r *run) closeAll() {
	for _, w := range r.workers {
		w.via.CloseIdleConnections()
	}
}

// start begins tries, one for each worker after the other, as long as there are any to begin.
func (r *run) start(ctx context.Context) {
	now := r.config.Clock()
	for progress := true; progress; {
		progress = false
		for _, w := range r.workers {
			if r.inFlight >= r.config.Tries {
				return
			}
			if d, ok := w.next(now, r.config.Try); ok {
				r.launch(ctx, w, d)
				progress = true
			}
		}
	}
}

func (r *run) launch(ctx context.Context, w *worker, d store.Delivery) {
	w.inFlight++
	r.inFlight++
	via, url, secrets := w.via, w.url, w.secrets
	go func() { r.results <- result{w, via, d, r.sender.try(ctx, via, url, secrets, d)} }()
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
	if t.via != w.via {
		t.via.CloseIdleConnections()
	}
	if w.lost {
		r.drop(w)
		return
	}
	before := w.health
	w.health = afterTry(w.health, t.outcome, t.outcome.At.Add(t.outcome.Took))
	v := verdict(t.delivery, t.outcome, r.percent())
	w.verdicts = append(w.verdicts, v)
	if isOpen(w.health, r.config.Clock()) {
		w.close()
	}
	w.check()
	r.report(t, v, before)
}

// drop forgets a worker whose hook somebody else holds, once nothing of it is under way.
func (r *run) drop(w *worker) {
	w.lost = true
	w.close()
	if r.workers[w.hook] == w {
		delete(r.workers, w.hook)
	}
	if w.inFlight == 0 {
		w.via.CloseIdleConnections()
	}
}

// report lets the log and the observer know of a try.
func (r *run) report(t result, v store.Verdict, before store.Health) {
	h, o, after := t.worker.hook, t.outcome, t.worker.health
	r.config.Logger.Debug("webhook: tried", "account", h.Account, "hook", h.Kind, "delivery", t.delivery.ID,
		"code", o.Code, "status", o.Status, "took", o.Took, "tries", v.Tries, "state", v.State)
	r.config.Observer.Tried(Tried{
		Hook: h, Code: o.Code, Status: o.Status, Took: o.Took, Waited: max(0, o.At.Sub(t.delivery.DueAt)), State: v.State,
	})
	about := Notice{Hook: h, At: o.At, Code: o.Code}
	for kind, is := range map[NoticeKind]bool{
		NoticeBlocked:   o.blocked != "",
		NoticePaused:    after.Pauses > before.Pauses,
		NoticeRecovered: o.ok() && before.Pauses > 0,
		NoticeOff:       after.IsOff() && !before.IsOff(),
		NoticeDead:      v.State == store.DeliveryDead,
	} {
		if !is {
			continue
		}
		n := about
		n.Kind = kind
		switch kind {
		case NoticeBlocked:
			n.Address = o.blocked
		case NoticeOff:
			n.Code = after.OffCode
		case NoticePaused, NoticeRecovered, NoticeDead:
		}
		r.notice(n, r.config.Observer)
	}
}
