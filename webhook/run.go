package webhook

import (
	"context"
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// fresh is how long a lane goes on with the URL, the secrets and the connections it
// has, and how long it is left alone when others wait for a lane.
const fresh = 10 * time.Second

// run is one run of a dispatcher. One goroutine owns it all; others only make a try,
// or one call of the store, and hand back what came of it.
type run struct {
	*Dispatcher
	owner  account.ID
	lanes  map[store.Hook]*lane
	flying int

	landed chan landing // tries that ended
	told   chan func()  // calls of the store that ended, and what follows

	reading, writing bool // such a call is under way
	look             bool // hooks may be free and due
	ailing           bool // the store failed: wait for the next poll
	extend           bool // leases are to be extended
	stopping         bool
	purged           time.Time
}

// landing is a try that ended.
type landing struct {
	lane     *lane
	via      *http.Transport
	delivery store.Delivery
	outcome  outcome
}

func newRun(d *Dispatcher, owner account.ID) *run {
	return &run{
		Dispatcher: d, owner: owner, lanes: map[store.Hook]*lane{}, look: true, purged: d.config.Clock(),
		landed: make(chan landing, d.config.Tries), told: make(chan func(), 2),
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
		if r.stopping && len(r.lanes) == 0 && !r.reading && !r.writing {
			return nil
		}
		select {
		case l := <-r.landed:
			r.land(l)
		case then := <-r.told:
			then()
		case <-r.wake:
			r.lookAgain()
		case <-poll.C:
			r.ailing = false
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
		r.landRest()
	}
}

// lookAgain has the store asked for free hooks, and for more of those lanes that go on
// anyway. A lane with nothing under way is released instead.
func (r *run) lookAgain() {
	r.look = true
	for _, l := range r.lanes {
		l.dry = l.dry && l.flying == 0
	}
}

func (r *run) stop() {
	r.stopping = true
	for _, l := range r.lanes {
		l.close()
	}
}

func (r *run) closeAll() {
	for _, l := range r.lanes {
		l.via.CloseIdleConnections()
	}
}

// start begins tries, one for each lane in turn, as long as there are any to begin.
func (r *run) start(ctx context.Context) {
	now := r.config.Clock()
	for progress := true; progress; {
		progress = false
		for _, l := range r.lanes {
			if r.flying >= r.config.Tries {
				return
			}
			if d, ok := l.next(now, r.config.Try); ok {
				r.launch(ctx, l, d)
				progress = true
			}
		}
	}
}

func (r *run) launch(ctx context.Context, l *lane, d store.Delivery) {
	l.flying++
	r.flying++
	via, url, secrets := l.via, l.url, l.secrets
	go func() { r.landed <- landing{l, via, d, r.sender.try(ctx, via, url, secrets, d)} }()
}

// landRest takes what has landed meanwhile, so that it is written together.
func (r *run) landRest() {
	for {
		select {
		case l := <-r.landed:
			r.land(l)
		default:
			return
		}
	}
}

func (r *run) land(t landing) {
	l := t.lane
	l.flying--
	r.flying--
	if t.via != l.via {
		t.via.CloseIdleConnections()
	}
	if l.lost {
		r.drop(l)
		return
	}
	before := l.health
	l.health = tried(l.health, t.outcome, t.outcome.At.Add(t.outcome.Took))
	v := verdict(t.delivery, t.outcome, r.percent())
	l.verdicts = append(l.verdicts, v)
	if isOpen(l.health, r.config.Clock()) {
		l.close()
	}
	l.judge()
	r.tell(t, v, before)
}

// drop forgets a lane that somebody else holds, once nothing of it is under way.
func (r *run) drop(l *lane) {
	l.lost = true
	l.close()
	if r.lanes[l.hook] == l {
		delete(r.lanes, l.hook)
	}
	if l.flying == 0 {
		l.via.CloseIdleConnections()
	}
}

// tell lets the log and the observer know of a try.
func (r *run) tell(t landing, v store.Verdict, before store.Health) {
	h, o, after := t.lane.hook, t.outcome, t.lane.health
	r.config.Logger.Debug("webhook: tried", "account", h.Account, "hook", h.Kind, "delivery", t.delivery.ID,
		"code", o.Code, "status", o.Status, "took", o.Took, "tries", v.Tries, "state", v.State)
	r.config.Observer.Tried(Tried{
		Hook: h, Code: o.Code, Status: o.Status, Took: o.Took, Waited: max(0, o.At.Sub(t.delivery.DueAt)), State: v.State,
	})
	told := Notice{Hook: h, At: o.At, Code: o.Code}
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
		n := told
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
