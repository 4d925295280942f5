package webhook

import (
	"cmp"
	"context"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// Bounds of what is asked of the store at once.
const (
	claimHooks = 512
	purgeEvery = 10 * time.Minute
	purgeStep  = 1000
)

// job is a call of the store, or several, off the run's goroutine. It returns what
// follows, on that goroutine, whether it failed or not.
type job func(context.Context) (then func(), err error)

// read begins to read what there is to do, unless that is being done: more for workers
// that run low, where to send for those that go on for long, and free hooks.
func (r *run) read(ctx context.Context) {
	if r.reading || r.failing || r.stopping {
		return
	}
	now := r.config.Clock()
	var jobs []job
	if low := r.low(); len(low) > 0 {
		jobs = append(jobs, r.refill(low, now))
	}
	if free := r.config.Hooks - len(r.workers); r.look && free > 0 {
		jobs = append(jobs, r.claim(now, min(free, claimHooks)))
	}
	if now.Sub(r.purged) >= purgeEvery {
		jobs = append(jobs, r.purge(now))
	}
	if len(jobs) == 0 {
		return
	}
	r.reading = true
	go func() { r.followUps <- r.readAll(ctx, jobs) }()
}

// low returns the workers that run low.
func (r *run) low() (low []*worker) {
	for _, w := range r.lines[toFill].all() {
		if w.wants(r.config.Batch) {
			low = append(low, w)
		}
	}
	return low
}

// readAll does one job after the other and returns what follows.
func (r *run) readAll(ctx context.Context, jobs []job) func() {
	ctx, cancel := context.WithTimeout(ctx, r.config.Lease/2)
	defer cancel()
	var next []func()
	var failed error
	for _, do := range jobs {
		then, err := do(ctx)
		next, failed = append(next, then), cmp.Or(failed, err)
	}
	return func() {
		r.reading = false
		r.noteStore(failed, "read")
		for _, then := range next {
			then()
		}
		if r.stopping {
			r.stop()
		}
	}
}

// claim leases hooks that are free.
func (r *run) claim(now time.Time, hooks int) job {
	r.look = false
	c := store.Claim{Owner: r.owner, Now: now, Until: now.Add(r.config.Lease), Hooks: hooks, Deliveries: r.config.Batch}
	return func(ctx context.Context) (func(), error) {
		var found []store.Claimed
		err := again(ctx, func() (err error) {
			found, err = r.outbox.Claim(ctx, c)
			return err
		})
		for i := range found {
			if failed := r.provide(ctx, &found[i]); failed != nil {
				err = failed
			}
		}
		return func() {
			for _, f := range found {
				r.open(f, c)
			}
			r.look = r.look || len(found) > 0
		}, err
	}
}

// provide makes a secret for who has none. Where that fails the hook is let go.
func (r *run) provide(ctx context.Context, c *store.Claimed) (err error) {
	if c.URL != "" && !anyActive(c.Secrets, r.config.Clock()) {
		c.Secrets, err = r.secrets(ctx, c.Hook.Account)
	}
	return err
}

// open begins to work a hook.
func (r *run) open(found store.Claimed, c store.Claim) {
	if old := r.workers[found.Hook]; old != nil { // released just now, or its lease ran out
		r.drop(old)
	}
	w := newWorker(found, c)
	if !anyActive(w.secrets, c.Now) {
		w.close()
	}
	r.workers[w.hook] = w
	r.touch(w)
}

// refill gets more deliveries of hooks that are held.
func (r *run) refill(low []*worker, now time.Time) job {
	ask := store.More{Owner: r.owner, Now: now, Hooks: make([]store.Held, len(low)), Limit: r.config.Batch}
	for i, w := range low {
		ask.Hooks[i] = store.Held{Hook: w.hook, Skip: w.skip()}
		w.filling, w.dry = true, true // dry, unless what comes says otherwise, or a poll meanwhile
	}
	return func(ctx context.Context) (func(), error) {
		found, err := r.outbox.More(ctx, ask)
		return func() {
			of := map[store.Hook][]store.Delivery{}
			for _, d := range found {
				of[d.Hook] = append(of[d.Hook], d)
			}
			for _, w := range low {
				w.filling = false
				w.dry = w.dry && len(of[w.hook]) < ask.Limit
				w.add(of[w.hook])
				r.touch(w)
			}
		}, err
	}
}

func (r *run) purge(now time.Time) job {
	return func(ctx context.Context) (func(), error) {
		n, err := r.outbox.Purge(ctx, now.Add(-r.config.KeepDone), now.Add(-r.config.KeepDead), purgeStep)
		return func() {
			if err == nil && n < purgeStep {
				r.purged = now
			}
		}, err
	}
}
