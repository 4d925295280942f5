package webhook

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// update is what one worker has to write.
type update struct {
	worker *worker
	store.HookUpdate
}

// write begins to write what there is, all in one transaction, unless that is being
// done. So what comes while the disk is busy is written together.
func (r *run) write(ctx context.Context) {
	if r.writing || r.failing {
		return
	}
	now := r.config.Clock()
	var updates []update
	for _, w := range r.lines[toWrite].all() {
		if u, ok := w.update(now); ok {
			updates = append(updates, update{w, u})
		}
	}
	if len(updates) == 0 && !r.extend {
		return
	}
	r.writing = true
	extend, workers, until := r.extend, slices.Collect(maps.Values(r.workers)), now.Add(r.config.Lease)
	r.extend = false
	go func() {
		extended := func() {}
		if extend {
			extended = r.extendLeases(ctx, workers, until)
		}
		recorded := r.record(ctx, updates)
		r.followUps <- func() {
			r.writing = false
			extended()
			recorded()
		}
	}()
}

// record writes updates, and returns what follows.
func (r *run) record(ctx context.Context, updates []update) func() {
	if len(updates) == 0 {
		return func() {}
	}
	records := make([]store.HookUpdate, len(updates))
	for i, u := range updates {
		records[i] = u.HookUpdate
	}
	var lost []store.Hook
	err := again(ctx, func() (err error) {
		lost, err = r.outbox.Record(ctx, r.owner, records)
		return err
	})
	return func() {
		r.noteStore(err, "record")
		for _, u := range updates {
			r.recorded(u, err == nil, slices.Contains(lost, u.Hook))
		}
	}
}

func (r *run) recorded(u update, ok, lost bool) {
	u.worker.written(u.HookUpdate, ok)
	r.touch(u.worker)
	if lost || ok && u.Release {
		r.drop(u.worker)
		r.look = true // for what came, or was waiting for others, meanwhile
	}
}

// extendLeases keeps the hooks for longer, and returns what follows: what was not held
// any more is somebody else's.
func (r *run) extendLeases(ctx context.Context, workers []*worker, until time.Time) func() {
	hooks := make([]store.Hook, len(workers))
	for i, w := range workers {
		hooks[i] = w.hook
	}
	var held []store.Hook
	err := again(ctx, func() (err error) {
		held, err = r.outbox.Extend(ctx, r.owner, hooks, until)
		return err
	})
	return func() {
		if r.noteStore(err, "extend"); err != nil {
			r.extend = true
			return
		}
		kept := map[store.Hook]bool{}
		for _, h := range held {
			kept[h] = true
		}
		for _, w := range workers {
			r.touch(w)
			if w.until = until; !kept[w.hook] {
				r.drop(w)
			}
		}
	}
}

// noteStore notes that the store failed: what was to be done is done after the next poll.
func (r *run) noteStore(err error, doing string) {
	if err != nil {
		r.failing = true
		r.config.Logger.Warn("webhook: the store failed", "doing", doing, "error", err)
	}
}
