package tasks

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// How many tasks of a batch are taken at once.
const (
	judgedAtOnce  = 100 // in one transaction
	refusedAtOnce = 500 // likewise
	ranAtOnce     = 60
	ranTogether   = 10 // in one transaction: so their accounts are locked for a moment only
)

// WorkOn goes on with a batch for a while, one step at least, and reports whether there may be more
// to do. Who finds another at work on it in this process leaves it to them.
func (e *Engine) WorkOn(ctx context.Context, id account.ID, during time.Duration) (more bool, err error) {
	if _, err := e.Store.Batch(ctx, id); err != nil {
		return false, err
	}
	if !e.Work.begin(id) {
		return true, nil
	}
	defer e.Work.end(id)
	while, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	w := worker{Engine: e, while: while}
	for {
		more, err := w.step(ctx, id)
		switch {
		case err != nil || !more:
			return more, err
		case ctx.Err() != nil:
			return true, context.Cause(ctx)
		case while.Err() != nil:
			return true, nil
		}
	}
}

// worker is one call of WorkOn.
type worker struct {
	*Engine
	while context.Context // no further task is begun after it ended
	after int64           // line up to which the tasks of the batch were judged, or run
	failed
}

// step goes on with a batch, and reports whether there may be more to do.
func (w *worker) step(ctx context.Context, id account.ID) (more bool, err error) {
	b, err := w.Store.Batch(ctx, id)
	if err != nil {
		return false, err
	}
	switch b.State {
	case store.BatchJudging:
		return true, w.judge(ctx, b)
	case store.BatchRunning:
		return true, w.run(ctx, b)
	default:
		return false, nil
	}
}

// page returns the next tasks of a batch that are in a state.
func (e *Engine) page(ctx context.Context, b store.Batch, after int64, limit int, states ...store.TaskState) ([]store.Task, error) {
	return e.Store.Tasks(ctx, store.TaskQuery{
		Batch: account.Some(b.ID), States: states, After: &store.TaskPosition{Line: after}, Limit: limit,
	})
}

// holding runs fn while it holds a batch that is in a state; it does nothing where that is no longer
// so.
func (e *Engine) holding(ctx context.Context, b store.Batch, fn func(context.Context, store.TaskTx, store.Batch) error) error {
	_, err := e.update(ctx, func(ctx context.Context, tx store.TaskTx) error {
		present, err := tx.Batch(ctx, b.ID)
		switch {
		case err != nil:
			return err
		case present.State != b.State:
			return errOvertaken
		default:
			return fn(ctx, tx, present)
		}
	})
	return err
}

// judge looks at what the next tasks of a batch would come to. They are written while the batch is
// held in its state: so none is that somebody let run meanwhile. One that fails is left for another
// time, and faulty where it did for too long.
func (w *worker) judge(ctx context.Context, b store.Batch) error {
	ts, err := w.page(ctx, b, w.after, judgedAtOnce, store.TaskUnjudged)
	if err != nil {
		return err
	}
	if len(ts) == 0 {
		if w.err != nil {
			return w.err
		}
		w.after = 0
		return w.close(ctx, b, store.BatchJudged, store.TaskUnjudged)
	}
	claimed, err := w.claims(ctx, b)
	if err != nil {
		return err
	}
	judge, err := w.Judge(ctx, ts)
	if err != nil {
		return err
	}
	failed, came := make([]error, len(ts)), make([]Outcome, len(ts))
	w.each(len(ts), func(i int) {
		came[i], failed[i] = judge(ctx, ts[i])
		ts[i], failed[i] = w.judged(ts[i], claimed, came[i], failed[i])
	})
	w.after = ts[len(ts)-1].Line
	if ts, came = w.keepJudged(ts, came, failed); len(ts) == 0 {
		return nil
	}
	return w.holding(ctx, b, func(ctx context.Context, tx store.TaskTx, b store.Batch) error {
		if err := tx.PutTasks(ctx, ts...); err != nil || !noteSteps(&b, ts, came) {
			return err
		}
		b.Version++
		return tx.PutBatch(ctx, b, b.Version-1)
	})
}

// keepJudged leaves out what failed, and notes why.
func (w *worker) keepJudged(ts []store.Task, came []Outcome, failed []error) (judged []store.Task, outcomes []Outcome) {
	for i, err := range failed {
		if err != nil && w.Clock().Sub(ts[i].MadeAt) >= judgedFor {
			ts[i].State, ts[i].Faults = store.TaskFaulty, account.Faults{account.NewFault("", "task.failed")}
		} else if err != nil {
			w.note(err)
			continue
		}
		judged, outcomes = append(judged, ts[i]), append(outcomes, came[i])
	}
	return judged, outcomes
}

// noteSteps notes of a batch in which of some lines there is a step first, and reports whether there
// was anything to note.
func noteSteps(b *store.Batch, ts []store.Task, came []Outcome) (noted bool) {
	steps := maps.Clone(b.Steps)
	for i, t := range ts {
		if t.State != store.TaskReady {
			continue
		}
		for _, step := range came[i].Steps {
			if line, known := steps[step.Code]; !known || t.Line < line {
				if steps == nil {
					steps = map[string]int64{}
				}
				steps[step.Code], noted = t.Line, true
			}
		}
	}
	b.Steps = steps
	return noted
}

// judged returns a task with what it would come to, or why it would be refused.
func (e *Engine) judged(t store.Task, claimed claims, o Outcome, err error) (store.Task, error) {
	faults, faulty := account.AsFaults(err)
	if err != nil && !faulty {
		return t, err
	}
	if twice := claimed.faults(t, e.Keys(t)); len(twice) > 0 {
		faults = append(twice, faults...)
	}
	switch {
	case len(faults) > 0:
		t.State, t.Faults = store.TaskFaulty, faults
	case o.Unchanged:
		t = e.ended(t, store.TaskUnchanged)
	default:
		t.State, t.Warnings, t.Set, t.Was = store.TaskReady, o.Warnings, o.Set, o.Was
	}
	return t, nil
}

// run does the next tasks of a batch that are ready. One that fails, and is not refused, is left for
// another time; the others go on.
func (w *worker) run(ctx context.Context, b store.Batch) error {
	ts, err := w.page(ctx, b, w.after, ranAtOnce, store.TaskReady)
	if err != nil {
		return err
	}
	if len(ts) == 0 {
		if w.err != nil {
			return w.err
		}
		return w.finish(ctx, b)
	}
	some := slices.Collect(slices.Chunk(ts, ranTogether))
	w.each(len(some), func(i int) {
		if i == 0 || w.while.Err() == nil {
			w.note(w.runSome(ctx, some[i]))
		}
	})
	if w.while.Err() == nil {
		w.after = ts[len(ts)-1].Line
	}
	return nil
}

// runSome does tasks of a batch, while that runs: together, or each by itself where that fails, so
// that none is in the way of the others.
func (w *worker) runSome(ctx context.Context, ts []store.Task) error {
	b, err := w.Store.Batch(ctx, ts[0].Batch)
	if err != nil || b.State != store.BatchRunning {
		return err
	}
	for i := range ts { // who lets it run may see less than who made it
		ts[i].Managers = b.Managers
	}
	if err := w.RunTogether(ctx, store.TaskReady, ts); err == nil || ctx.Err() != nil {
		return err
	}
	for i, t := range ts {
		if i == 0 || w.while.Err() == nil {
			w.note(w.runOne(ctx, t))
		}
	}
	return nil
}

// runOne does a task of a batch, if that still runs. One that fails again and again, for too long, is
// refused.
func (w *worker) runOne(ctx context.Context, t store.Task) error {
	b, err := w.Store.Batch(ctx, t.Batch)
	if err != nil || b.State != store.BatchRunning {
		return err
	}
	_, err = w.Run(ctx, store.TaskReady, t)
	if err == nil || ctx.Err() != nil || errors.Is(err, account.ErrConflict) || !w.Work.givesUp(t, w.Clock()) {
		return err
	}
	return w.giveUp(ctx, store.TaskReady, t, err)
}

// finish ends a batch of which all was done that could be: the rest is refused.
func (w *worker) finish(ctx context.Context, b store.Batch) error {
	ts, err := w.page(ctx, b, 0, refusedAtOnce, store.TaskFaulty)
	if err != nil {
		return err
	}
	if len(ts) == 0 {
		return w.close(ctx, b, store.BatchDone, store.TaskReady, store.TaskFaulty)
	}
	for i := range ts {
		ts[i] = w.ended(ts[i], store.TaskRefused)
	}
	return w.holding(ctx, b, func(ctx context.Context, tx store.TaskTx, _ store.Batch) error { return tx.PutTasks(ctx, ts...) })
}

// close brings a batch to its next state, unless tasks in some states are left.
func (e *Engine) close(ctx context.Context, b store.Batch, next store.BatchState, left ...store.TaskState) error {
	defer e.Work.forget(b.ID)
	return e.holding(ctx, b, func(ctx context.Context, tx store.TaskTx, b store.Batch) error {
		ts, err := tx.Tasks(ctx, store.TaskQuery{Batch: account.Some(b.ID), States: left, Limit: 1})
		if err != nil || len(ts) > 0 {
			return err
		}
		return e.Move(ctx, tx, b, next)
	})
}

// Move brings a batch that a transaction holds to another state.
func (e *Engine) Move(ctx context.Context, tx store.TaskTx, b store.Batch, next store.BatchState) error {
	was := b.Version
	b.Version, b.State = was+1, next
	if next == store.BatchDone || next == store.BatchDropped {
		b.EndedAt = e.Clock()
	}
	return tx.PutBatch(ctx, b, was)
}
