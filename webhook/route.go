package webhook

import (
	"cmp"
	"context"
	"time"
)

// reroute begins to read anew where those send to that have been at it for long, unless that
// is being done. The others do not wait for it.
func (r *run) reroute(ctx context.Context) {
	if r.routing || r.failing || r.stopping || len(r.stale) == 0 {
		return
	}
	now, stale := r.config.Clock(), r.stale
	r.stale = nil
	for _, w := range stale {
		w.routed = now
	}
	r.routing = true
	go func() { r.followUps <- r.routeAll(ctx, stale, now) }()
}

// routeAll reads where workers send to, one after the other, and returns what follows.
func (r *run) routeAll(ctx context.Context, stale []*worker, now time.Time) func() {
	ctx, cancel := context.WithTimeout(ctx, r.config.Lease/2)
	defer cancel()
	var next []func()
	var failed error
	for _, w := range stale {
		then, err := r.routeOf(ctx, w, now)
		next, failed = append(next, then), cmp.Or(failed, err)
	}
	return func() {
		r.routing = false
		r.noteStore(failed, "read")
		for _, then := range next {
			then()
		}
	}
}

// routeOf reads where a worker sends to, and what it signs with.
func (r *run) routeOf(ctx context.Context, w *worker, now time.Time) (func(), error) {
	a, err := r.accounts.Account(ctx, w.hook.Account)
	if err != nil {
		return func() {}, err
	}
	secrets, err := r.secrets(ctx, w.hook.Account)
	if err != nil {
		return func() {}, err
	}
	return func() {
		w.route(a.Webhooks.URL(w.hook.Kind), secrets, now)
		r.touch(w)
	}, nil
}
