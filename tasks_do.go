package clientaccount

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/tasks"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// How a task is done: as the edit, or the movement, that a person would have made.

// tasksBeside is how many tasks of a batch are done side by side, where a store has the time.
const tasksBeside = 3

// tasker is what works on tasks in the Service's store.
func (s *Service) tasker() (*tasks.Engine, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	kept, can := s.stored().(store.TaskReader)
	if !can {
		return nil, ErrNoTasks
	}
	beside := tasksBeside
	if _, immediate := s.stored().(store.Immediate); immediate || s.hosted {
		beside = 1
	}
	return &tasks.Engine{Config: tasks.Config{
		Store: kept, Transact: s.transact, Clock: s.now, Logger: s.opts.Logger, Work: s.tasks, Beside: beside,
		Judge: s.judgeTask, Keys: s.taskKeys,
		Do: func(ctx context.Context, t store.Task, settle tasks.Settle) error {
			return s.doTask(ctx, t, nil, settle)
		},
	}}, nil
}

// judgeTask returns what a task would come to now.
func (s *Service) judgeTask(ctx context.Context, t store.Task) (tasks.Outcome, error) {
	if t.Kind == store.TaskMove {
		_, err := s.PreviewMove(ctx, *t.Move)
		return tasks.Outcome{Account: t.Account}, refusedMove(err)
	}
	e, drafted := s.taskEdit(t)
	var p plan
	err := s.again(ctx, func() (err error) { // while others edit the account
		p, err = s.previewed(ctx, e, drafted)
		return err
	})
	return outcome(p), outOfSight(err)
}

func outcome(p plan) tasks.Outcome {
	o := tasks.Outcome{Account: p.after.ID, Unchanged: len(p.record.Change) == 0, Warnings: p.worthALook()}
	if !o.Unchanged {
		o.Revision = p.after.Revision
	}
	return o
}

// worthALook is what cannot be taken back, and then what else a person should know.
func (p plan) worthALook() []account.Fault { return slices.Concat(p.steps, p.warnings) }

// doTask does a task. What guard has to say is a guardedError.
func (s *Service) doTask(ctx context.Context, t store.Task, guard func(before, after account.Account) error, settle tasks.Settle) error {
	if t.Kind == store.TaskMove {
		return s.doMove(ctx, t, settle)
	}
	e, drafted := s.taskEdit(t)
	if guard != nil {
		e.Guard = func(before, after account.Account) error {
			err := guard(before, after)
			if faults, ok := account.AsFaults(err); ok {
				return guardedError(faults)
			}
			return err
		}
	}
	_, err := s.write(ctx, e, drafted, func(ctx context.Context, tx store.Tx, p plan) error {
		if t.Account.IsZero() && len(p.record.Change) == 0 {
			return errors.New("clientaccount: a new account without a change")
		}
		return settle(ctx, tx, outcome(p))
	})
	return outOfSight(err)
}

// outOfSight makes a fault of an account that is no longer in the sight of who wanted a task.
func outOfSight(err error) error {
	if errors.Is(err, account.ErrNotFound) {
		return account.Faults{account.NewFault("", "task.scope")}
	}
	return err
}

// taskEdit returns a task as an edit, and what it is drafted from.
func (s *Service) taskEdit(t store.Task) (Edit, drafter) {
	e := Edit{Actor: t.Actor, Reason: t.Reason, Managers: t.Managers, Apply: taskChange(t), second: t.Second, batch: t.Batch}
	if e.Reason == "" {
		e.Reason = t.Answer
	}
	switch t.Kind {
	case store.TaskCreate:
		e.NoPassword = true
		return e, s.draftCreate
	case store.TaskUndo:
		return e, s.draftUndo(t.Account, t.Undoes, s.draftNewest(t.Account))
	case store.TaskChange:
		return e, s.draftNewest(t.Account)
	default:
		return e, func(context.Context, store.Reader, Edit) (draft, error) {
			return draft{}, account.Faults{account.NewFault("", "task.failed")} // of a later version
		}
	}
}

// taskChange sets a task's fields, unless somebody changed one of them to something else since it was
// made.
func taskChange(t store.Task) func(*account.Account) error {
	return func(a *account.Account) error {
		var change account.Change
		var faults account.Faults
		for _, path := range slices.Sorted(maps.Keys(t.Set)) {
			present := account.AccountTable().Text(*a, path)
			if was, known := t.Was[path]; known && present != was && present != t.Set[path] {
				faults = append(faults, account.NewFault(path, "change.superseded"))
			}
			change = change.Set(path, t.Set[path])
		}
		if len(faults) > 0 {
			return faults
		}
		return change.Apply(a)
	}
}

// within is a transaction that is under way, as a store: what is moved there is a part of it.
type within struct{ store.Tx }

// Update runs fn in the transaction.
func (w within) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return fn(ctx, w.Tx)
}

// doMove moves money in the transaction that settles the task: there are both, or neither. A
// transaction of which nobody knows whether it was committed leaves a task that is done, or one that
// waits; and the movement's reference moves money once, whoever uses it again.
func (s *Service) doMove(ctx context.Context, t store.Task, settle tasks.Settle) error {
	checked, err := committer.Check(plainText(*t.Move))
	if err != nil {
		return err
	}
	m := checked.Movement()
	err = s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		if !t.Managers.IsZero() {
			if a, err := tx.Account(ctx, m.Account); err != nil || !(Edit{Managers: t.Managers}).sees(a) {
				return errors.Join(err, account.ErrNotFound)
			}
		}
		made, err := s.On(within{tx}).move(ctx, checked)
		if err != nil {
			return err
		}
		return settle(ctx, tx, tasks.Outcome{Account: m.Account, Entry: made.Number})
	})
	return refusedMove(err)
}

// moveRefusals are codes of faults by why money is not moved.
var moveRefusals = []struct {
	is   error
	path string
	code string
}{
	{account.ErrExhausted, "amount", "task.exhausted"},
	{account.ErrClosed, "account", "task.closed"},
	{account.ErrShared, "account", "task.shared"},
	{account.ErrReused, "reference", "idempotency.mismatch"},
	{account.ErrHold, "hold", "task.hold"},
	{account.ErrHoldAmount, "amount", "task.hold"},
	{account.ErrRefund, "of", "task.refund"},
	{account.ErrRefundAmount, "amount", "task.refund"},
}

// refusedMove makes a fault of what refuses a movement for good.
func refusedMove(err error) error {
	for _, refusal := range moveRefusals {
		if errors.Is(err, refusal.is) {
			return account.Faults{account.NewFault(refusal.path, refusal.code)}
		}
	}
	return outOfSight(err)
}

// taskKeys returns what no two tasks of a batch may have in common: the account, and what no two
// accounts have.
func (s *Service) taskKeys(t store.Task) (keys []tasks.Key) {
	if !t.Account.IsZero() {
		keys = append(keys, tasks.Key{Value: t.Account.String()})
	}
	for _, path := range []store.Key{store.KeyLogin, store.KeyContract} {
		if text := validate.KeyText(string(path), t.Set[string(path)]); text != "" {
			keys = append(keys, tasks.Key{Path: string(path), Value: text})
		}
	}
	return keys
}
