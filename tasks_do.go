package clientaccount

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ahead"
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
		Judge: s.judgeTasks, Keys: s.taskKeys, DoTogether: s.doTogether,
		Do: func(ctx context.Context, t store.Task, settle tasks.Settle) error {
			return s.doTask(ctx, t, Edit{}, settle)
		},
	}}, nil
}

// judgeTasks returns what judges tasks of accounts, each one for itself: what it needs to know of
// these accounts was read at once.
func (s *Service) judgeTasks(ctx context.Context, ts []store.Task) (func(context.Context, store.Task) (tasks.Outcome, error), error) {
	known, err := s.readAhead(ctx, s.stored(), ts)
	return func(ctx context.Context, t store.Task) (tasks.Outcome, error) {
		e, drafted := s.taskEdit(t)
		e.ahead = known
		p, err := s.previewed(ctx, e, drafted)
		o := outcome(p)
		o.Set, o.Was = pinned(t, p)
		return o, outOfSight(err)
	}, err
}

// pinned are the texts that a task sets, and those in whose place it does: what was looked at is what
// is done, or nothing.
func pinned(t store.Task, p plan) (set, was map[string]string) {
	set = t.Set
	if t.Kind == store.TaskUndo {
		set = map[string]string{}
		for _, fc := range p.record.Change {
			set[fc.Path] = account.AccountTable().Text(p.after, fc.Path)
		}
	}
	if t.Kind == store.TaskCreate {
		return set, nil
	}
	was = map[string]string{}
	maps.Copy(was, t.Was)
	for path := range set {
		was[path] = account.AccountTable().Text(p.before, path)
	}
	return set, was
}

// readAhead reads the accounts of tasks, and their balances. Within a transaction it locks the
// accounts.
func (s *Service) readAhead(ctx context.Context, r store.Reader, ts []store.Task) (*ahead.Known, error) {
	ids := accountsOf(ts)
	accounts, err := r.AccountsByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	balances := make(map[account.ID]account.Balance, len(ids))
	return ahead.New(accounts, balances), s.settledBalances(ctx, r, ids, balances)
}

// doTogether does tasks of accounts, each as if alone, in one transaction: of one that is refused
// nothing is written. Where anything else is in the way of any of them, nothing is written at all.
func (s *Service) doTogether(ctx context.Context, ts []store.Task, still tasks.Still, settle tasks.SettleAll) error {
	defer func() {
		for _, t := range ts { // also where it is not known what became of them
			s.Forget(t.Account)
		}
	}()
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		known, err := s.readAhead(ctx, tx, ts)
		if err != nil {
			return err
		}
		left, err := still(ctx, tx)
		if err != nil {
			return err
		}
		came := make([]tasks.Outcome, len(left))
		for i, t := range left {
			if came[i], err = s.doAmong(ctx, tx, known, t); err != nil {
				return err
			}
		}
		return settle(ctx, tx, left, came)
	})
}

// doAmong does a task among others, and returns what came of it.
func (s *Service) doAmong(ctx context.Context, tx store.Tx, known *ahead.Known, t store.Task) (tasks.Outcome, error) {
	e, drafted := s.taskEdit(t)
	e.ahead = known
	d, err := drafted(ctx, tx, e)
	var p plan
	if err == nil {
		p, err = s.planned(ctx, tx, e, d)
	}
	if faults, refused := account.AsFaults(outOfSight(err)); refused {
		return tasks.Outcome{Account: t.Account, Faults: faults}, nil
	}
	if err == nil {
		err = s.landed(ctx, tx, p, "", nil)
	}
	return outcome(p), err
}

func outcome(p plan) tasks.Outcome {
	o := tasks.Outcome{Account: p.after.ID, Unchanged: len(p.record.Change) == 0, Steps: p.steps, Warnings: p.worthALook()}
	if !o.Unchanged {
		o.Revision = p.after.Revision
	}
	return o
}

// worthALook is what cannot be taken back, and then what else a person should know of the change: not
// what was so before it.
func (p plan) worthALook() []account.Fault {
	brought := slices.DeleteFunc(slices.Clone(p.warnings), func(f account.Fault) bool { return slices.Contains(p.stood, f) })
	return append(slices.Clone(p.steps), brought...)
}

// doTask does a task by itself. What is in the way of its second person alone is a guardedError.
func (s *Service) doTask(ctx context.Context, t store.Task, second Edit, settle tasks.Settle) error {
	if t.Kind == store.TaskMove {
		return s.doMove(ctx, t, second.Alike, settle)
	}
	e, drafted := s.taskEdit(t)
	if second.Guard != nil {
		e.Guard = func(before, after account.Account) error { return bySecond(second.Guard(before, after)) }
	}
	if looked := e.looked; second.Actor.ID != "" {
		if second.Steps != nil {
			looked = lookedAt(func(step account.Fault) bool { return slices.Contains(second.Steps, step.Code) })
		}
		e.looked = func(steps []account.Fault) error { return bySecond(looked(steps)) }
	}
	_, err := s.write(ctx, e, drafted, func(ctx context.Context, tx store.Tx, p plan) error {
		if t.Account.IsZero() && len(p.record.Change) == 0 {
			return errors.New("clientaccount: a new account without a change")
		}
		return settle(ctx, tx, outcome(p))
	})
	return outOfSight(err)
}

// bySecond makes a guardedError of faults.
func bySecond(err error) error {
	if faults, ok := account.AsFaults(err); ok {
		return guardedError(faults)
	}
	return err
}

// lookedAt refuses steps that nobody looked at.
func lookedAt(looked func(step account.Fault) bool) func(steps []account.Fault) error {
	return func(steps []account.Fault) error {
		var faults account.Faults
		for _, step := range steps {
			if !looked(step) {
				faults = append(faults, account.NewFault(step.Path, "task.step"))
			}
		}
		return faults.Err()
	}
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
	if t.State != store.TaskUnjudged {
		e.looked = lookedAt(func(step account.Fault) bool { return validate.Looked(t.Warnings, step) })
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
// made, or judged.
func taskChange(t store.Task) func(*account.Account) error {
	return func(a *account.Account) error {
		var faults account.Faults
		for _, path := range slices.Sorted(maps.Keys(t.Set)) {
			present := account.AccountTable().Text(*a, path)
			if was, known := t.Was[path]; known && present != was && present != t.Set[path] {
				faults = append(faults, account.NewFault(path, "change.superseded"))
			}
		}
		if len(faults) > 0 {
			return faults
		}
		return changeTo(t.Set).Apply(a)
	}
}

// changeTo is the change to texts by path.
func changeTo(texts map[string]string) (change account.Change) {
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		change = change.Set(path, texts[path])
	}
	return change
}

// within is a transaction that is under way, as a store: what is moved there is a part of it.
type within struct{ store.Tx }

// Update runs fn in the transaction.
func (w within) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return fn(ctx, w.Tx)
}

// doMove moves money in the transaction that settles the task, with the name of who confirmed it:
// there are both, or neither. Whether the same was booked since they looked is seen once the balance is
// locked, so two cannot confirm the same at once. A transaction of which nobody knows whether it was committed leaves a task that is done, or one that
// waits; and the movement's reference moves money once, whoever uses it again.
func (s *Service) doMove(ctx context.Context, t store.Task, shown account.Optional[int64], settle tasks.Settle) error {
	move := *t.Move
	move.Second = t.Second
	checked, err := committer.Check(plainText(move))
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
		if err := s.noNewAlike(ctx, tx, t, made, shown); err != nil {
			return err
		}
		return settle(ctx, tx, tasks.Outcome{Account: m.Account, Entry: made.Number})
	})
	return refusedMove(err)
}

// noNewAlike refuses who confirms a movement, which was made a moment ago, where the same was booked
// before it and they were not shown that.
func (s *Service) noNewAlike(ctx context.Context, tx store.Tx, t store.Task, made Receipt, shown account.Optional[int64]) error {
	if made.Repeated {
		return nil
	}
	alike, err := alikeTo(ctx, tx, made.Entry, s.now())
	if err != nil || len(alike) == 0 {
		return err
	}
	number, said := shown.Get()
	if newest := alike[0]; said && newest.Number <= number || !said && newest.At.Before(t.MadeAt) {
		return nil
	}
	return guardedError{account.NewFault("", "task.alike")}
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
