// Package tasks does what is to be done to accounts later: when it is due, when a second person
// has confirmed it, or as one of many. It is the engine of the Service's Tick and of its verbs about
// tasks and batches.
//
// A task is done in the transaction in which it is marked as done. That transaction holds the task,
// and ends without a trace where the task is no longer in the state in which it was found: so any
// number of processes may work on the same, and whoever dies leaves a task that is done whole, or
// not at all.
package tasks

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Engine works on tasks. It is safe for concurrent use.
type Engine struct{ Config }

// Config is what an engine needs.
type Config struct {
	Store    store.TaskReader
	Transact func(ctx context.Context, fn func(context.Context, store.Tx) error) error // again where it lost a race
	Clock    func() time.Time
	Logger   *slog.Logger
	// Judge returns what tells of each of some tasks of a batch what it would come to now. Its
	// account.Faults are why it would be refused. It may be called by several at once.
	Judge func(ctx context.Context, ts []store.Task) (func(context.Context, store.Task) (Outcome, error), error)
	// Do does a task, and has settle called in the transaction that does it. Its account.Faults
	// are why the task is refused, for good; any other error leaves it as it is.
	Do func(ctx context.Context, t store.Task, settle Settle) error
	// DoTogether does tasks of a batch in one transaction, each as if alone. It locks their accounts,
	// asks still, and does those; its settle is called in the transaction with all of them. Of a
	// task that is refused, which its Outcome says, nothing is written; any error leaves all as
	// they are.
	DoTogether func(ctx context.Context, ts []store.Task, still Still, settle SettleAll) error
	// Keys returns what no two tasks of a batch may have in common.
	Keys func(t store.Task) []Key
	Work *Work
	// Beside is how many tasks of a batch are worked on side by side, one at least.
	Beside int
}

// Outcome is what a task came to, or would come to.
type Outcome struct {
	Account   account.ID
	Revision  int64           // of the change that it made
	Entry     int64           // number of the entry that it made
	Unchanged bool            // there was nothing to change
	Warnings  []account.Fault // what is worth a look, or cannot be taken back
	Steps     []account.Fault // those of them that cannot be taken back, or bite at once
	// Set and Was are the texts of a task that is judged, for it to be done as it was judged.
	Set, Was map[string]string
	Faults   account.Faults // why it is refused, of one among others
}

// Settle marks a task as done with an outcome. Its error ends the transaction.
type Settle func(ctx context.Context, tx store.Tx, o Outcome) error

// Still returns those of some tasks that are still to be done, and keeps them from others until the
// transaction ends.
type Still func(ctx context.Context, tx store.Tx) ([]store.Task, error)

// SettleAll is Settle for tasks, each with its outcome.
type SettleAll func(ctx context.Context, tx store.Tx, ts []store.Task, os []Outcome) error

// errOvertaken ends a transaction in which a task, or a batch, is no longer as it was found.
var errOvertaken = errors.New("clientaccount: somebody else saw to it")

// update runs fn in a transaction, and reports whether it was not overtaken; store.ErrNoTasks
// where the store keeps no tasks.
func (e *Engine) update(ctx context.Context, fn func(context.Context, store.TaskTx) error) (bool, error) {
	err := e.Transact(ctx, func(ctx context.Context, tx store.Tx) error {
		kept, can := tx.(store.TaskTx)
		if !can {
			return store.ErrNoTasks
		}
		return fn(ctx, kept)
	})
	if errors.Is(err, errOvertaken) {
		return false, nil
	}
	return err == nil, err
}

// put writes a task in place of one that is still in the state in which it was found.
func put(ctx context.Context, tx store.TaskTx, found store.TaskState, t store.Task) error {
	present, err := tx.Task(ctx, t.ID)
	switch {
	case err != nil:
		return err
	case present.State != found:
		return errOvertaken
	default:
		return tx.PutTasks(ctx, t)
	}
}

// Put writes a task in place of one that is still in the state in which it was found. It returns
// the task as it is then, whoever wrote it.
func (e *Engine) Put(ctx context.Context, found store.TaskState, t store.Task) (store.Task, error) {
	wrote, err := e.update(ctx, func(ctx context.Context, tx store.TaskTx) error { return put(ctx, tx, found, t) })
	if err == nil && !wrote {
		return e.Store.Task(ctx, t.ID)
	}
	return t, err
}

// ended returns a task that ends now: what may be tokens in its texts is needed no more.
func (e *Engine) ended(t store.Task, state store.TaskState) store.Task {
	t.State, t.EndedAt = state, e.Clock()
	t.Set, t.Was = t.Set.Shown(), t.Was.Shown()
	return t
}

// done returns a task with what it came to.
func (e *Engine) done(t store.Task, o Outcome) store.Task {
	t = e.ended(t, store.TaskDone)
	if o.Unchanged {
		t.State = store.TaskUnchanged
	}
	t.Account, t.Revision, t.Entry, t.Faults, t.Warnings = o.Account, o.Revision, o.Entry, nil, o.Warnings
	return t
}

// Run does a task that was found in a state, and returns it as it is then, whoever did it. One
// that is refused has Faults, and there is no error.
func (e *Engine) Run(ctx context.Context, found store.TaskState, t store.Task) (store.Task, error) {
	after := t
	err := e.Do(ctx, t, func(ctx context.Context, tx store.Tx, o Outcome) error {
		kept, can := tx.(store.TaskTx)
		if !can {
			return store.ErrNoTasks
		}
		after = e.done(t, o)
		return put(ctx, kept, found, after)
	})
	if errors.Is(err, errOvertaken) {
		return e.Store.Task(ctx, t.ID)
	}
	if faults, refused := account.AsFaults(err); refused {
		return e.Refuse(ctx, found, t, faults)
	}
	if err != nil {
		return t, err
	}
	return after, nil
}

// RunTogether does tasks of a batch that were found in a state in one transaction, those of them that
// are still in it. An error leaves all as they are. They are taken in the order of their accounts, in
// which those who move money lock balances.
func (e *Engine) RunTogether(ctx context.Context, found store.TaskState, ts []store.Task) error {
	ts = slices.SortedFunc(slices.Values(ts), func(a, b store.Task) int {
		return cmp.Or(a.Account.Compare(b.Account), a.ID.Compare(b.ID))
	})
	still := func(ctx context.Context, tx store.Tx) (left []store.Task, err error) {
		kept, can := tx.(store.TaskTx)
		if !can {
			return nil, store.ErrNoTasks
		}
		for _, t := range ts {
			present, err := kept.Task(ctx, t.ID)
			if err != nil {
				return nil, err
			}
			if present.State == found {
				left = append(left, t)
			}
		}
		return left, nil
	}
	return e.DoTogether(ctx, ts, still, func(ctx context.Context, tx store.Tx, ts []store.Task, os []Outcome) error {
		kept, can := tx.(store.TaskTx)
		if !can {
			return store.ErrNoTasks
		}
		after := make([]store.Task, len(ts))
		for i, t := range ts {
			if after[i] = e.done(t, os[i]); len(os[i].Faults) > 0 {
				after[i] = e.refused(t, os[i].Faults)
			}
		}
		return kept.PutTasks(ctx, after...)
	})
}

// refused returns a task that is refused.
func (e *Engine) refused(t store.Task, why account.Faults) store.Task {
	t = e.ended(t, store.TaskRefused)
	t.Faults = why
	return t
}

// Refuse marks a task that was found in a state as refused.
func (e *Engine) Refuse(ctx context.Context, found store.TaskState, t store.Task, why account.Faults) (store.Task, error) {
	return e.Put(ctx, found, e.refused(t, why))
}

// Expired returns a task as it counts at an instant: one that nobody confirmed in time has expired,
// also before that is written down.
func Expired(t store.Task, now time.Time) store.Task {
	if t.State == store.TaskUnconfirmed && !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt) {
		t.State, t.EndedAt = store.TaskExpired, t.ExpiresAt
		t.Set, t.Was = t.Set.Shown(), t.Was.Shown()
	}
	return t
}
