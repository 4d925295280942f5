package clientaccount

import (
	"context"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/tasks"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// ErrNoTasks: the Service's store keeps no tasks, see [store.Tasks].
var ErrNoTasks = store.ErrNoTasks

// MaxTaskAhead is how far ahead a task may be due, or be confirmed.
const MaxTaskAhead = 366 * 24 * time.Hour

// Schedule has a change made from an instant on, by [Service.Tick]. It is judged now, as
// [Service.Preview] does, and again when it is due: it is refused then where a field neither has the
// value that it has now, nor already the one it is to have (change.superseded), where the account is
// no longer one of the edit's Managers (task.scope), and where the rules no longer accept it. Guard
// has its say now, and none when it is due: it is made then although its Actor may have lost the right
// to it, so who takes rights away cancels what waits. Where it comes to a step by then that there was
// not now, or that says more (see validate.Looked), it is refused (task.step). A password
// (task.password), an instant that is not ahead, or is more than MaxTaskAhead (task.at), and a change
// of nothing (task.empty) are faults.
//
// Errors: those of Preview, [ErrNoTasks].
func (s *Service) Schedule(ctx context.Context, id account.ID, revision int64, at time.Time, e Edit) (store.Task, error) {
	t := store.Task{State: store.TaskWaiting, DueAt: kept(at)}
	return s.newTask(ctx, id, revision, t, s.aheadFaults("at", at), e)
}

// Propose has a change wait for a second person, until an instant. It is judged as in Schedule.
//
// Errors: those of Schedule.
func (s *Service) Propose(ctx context.Context, id account.ID, revision int64, until time.Time, e Edit) (store.Task, error) {
	t := store.Task{State: store.TaskUnconfirmed, ExpiresAt: kept(until)}
	return s.newTask(ctx, id, revision, t, s.aheadFaults("until", until), e)
}

// kept is an instant as stores keep it.
func kept(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// aheadFaults returns what is wrong with an instant at which something is to be done.
func (s *Service) aheadFaults(path string, at time.Time) account.Faults {
	if ahead := at.Sub(s.now()); ahead <= 0 || ahead > MaxTaskAhead {
		return account.Faults{account.NewFault(path, "task.at")}
	}
	return nil
}

// newTask keeps a change that is to be made later, unless anything is wrong with it.
func (s *Service) newTask(ctx context.Context, id account.ID, revision int64, t store.Task, faults account.Faults, e Edit) (store.Task, error) {
	if err := s.writesTasks(); err != nil {
		return store.Task{}, err
	}
	drafted := func(ctx context.Context, r store.Reader, e Edit) (draft, error) {
		d, err := s.draftUpdate(id, revision)(ctx, r, e)
		if !d.after.Core.Password.IsZero() {
			faults = append(faults, account.NewFault("password", "task.password"))
			d.after.Core.Password = account.NewPassword{}
		}
		return d, err
	}
	p, err := s.previewed(ctx, e, drafted)
	unsound, _ := account.AsFaults(err)
	if err != nil && unsound == nil {
		return store.Task{}, err
	}
	if err == nil && len(p.record.Change) == 0 && len(faults) == 0 {
		faults = append(faults, account.NewFault("", "task.empty"))
	}
	if faults = append(faults, unsound...); len(faults) > 0 {
		return store.Task{}, inPageOrder(faults)
	}
	t.Kind, t.Account, t.Managers = store.TaskChange, id, e.Managers
	t.Actor, t.Reason, t.Warnings = p.record.Actor, p.record.Reason, p.worthALook()
	t.Set, t.Was = store.Texts{}, store.Texts{}
	for _, fc := range p.record.Change {
		t.Set[fc.Path], t.Was[fc.Path] = account.AccountTable().Text(p.after, fc.Path), account.AccountTable().Text(p.before, fc.Path)
	}
	if t.ID, err = s.newID(); err != nil {
		return store.Task{}, err
	}
	t.MadeAt = s.now()
	return t, s.withTasks(ctx, func(ctx context.Context, _ store.Tx, kept store.TaskTx) error { return kept.PutTasks(ctx, t) })
}

// writesTasks returns why no task can be made: ErrNoTasks, or ErrNested before a host's function is
// asked anything.
func (s *Service) writesTasks() error {
	if _, err := s.tasker(); err != nil {
		return err
	}
	return s.calls.Check(s.store)
}

// withTasks runs fn in a transaction; ErrNoTasks where the store keeps no tasks.
func (s *Service) withTasks(ctx context.Context, fn func(context.Context, store.Tx, store.TaskTx) error) error {
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		kept, can := tx.(store.TaskTx)
		if !can {
			return ErrNoTasks
		}
		return fn(ctx, tx, kept)
	})
}

// ProposeMove has a movement of money wait for a second person, until an instant. It is judged as
// [Service.PreviewMove] does. A repeat, of the same reference and content, returns the same task,
// unless that came to nothing; with another content it is [account.ErrReused]. Managers are those
// whose clients the actor sees; unset: all.
//
// Errors: those of PreviewMove, [account.ErrConflict], [ErrNested], [ErrNoTasks].
func (s *Service) ProposeMove(ctx context.Context, until time.Time, m account.Movement, managers account.Optional[[]account.ID]) (store.Task, error) {
	if err := s.writesTasks(); err != nil {
		return store.Task{}, err
	}
	m = plainText(m)
	m.Second = account.Actor{} // who confirms it
	if faults := append(s.aheadFaults("until", until), m.Faults()...); len(faults) > 0 {
		return store.Task{}, faults
	}
	if a, err := s.Get(ctx, m.Account); err != nil || !(Edit{Managers: managers}).sees(a) {
		return store.Task{}, errors.Join(err, account.ErrNotFound)
	}
	t := store.Task{
		Kind: store.TaskMove, State: store.TaskUnconfirmed, ExpiresAt: kept(until), Account: m.Account, Move: &m,
		Actor: m.Actor, Reason: m.Reason, Managers: managers,
	}
	before, err := s.proposed(ctx, s.stored(), m)
	if err != nil || before != nil {
		return orTask(before), err
	}
	if _, err := s.PreviewMove(ctx, m); err != nil {
		return store.Task{}, err
	}
	if t.ID, err = s.newID(); err != nil {
		return store.Task{}, err
	}
	t.MadeAt = s.now()
	err = s.withTasks(ctx, func(ctx context.Context, tx store.Tx, kept store.TaskTx) error {
		if _, err := tx.Account(ctx, m.Account); err != nil { // so nobody else proposes the same meanwhile
			return err
		}
		if before, err = s.proposed(ctx, tx, m); err != nil || before != nil {
			return err
		}
		return kept.PutTasks(ctx, t)
	})
	if before != nil {
		t = *before
	}
	return t, err
}

func orTask(t *store.Task) store.Task {
	if t == nil {
		return store.Task{}
	}
	return *t
}

// proposed returns the task in which a movement was proposed before that waits, or was made; nil for
// none.
func (s *Service) proposed(ctx context.Context, r store.Reader, m account.Movement) (*store.Task, error) {
	tasks, can := r.(store.TaskReader)
	if !can {
		return nil, ErrNoTasks
	}
	q := store.TaskQuery{
		Account: m.Account, Batch: account.Some(account.ID{}), Limit: account.MaxPage,
		States: []store.TaskState{store.TaskUnconfirmed, store.TaskDone},
	}
	rows := pages(func() ([]store.Task, error) { return tasks.Tasks(ctx, q) }, func(last store.Task) { q.After = &store.TaskPosition{ID: last.ID} })
	for t, err := range rows {
		switch {
		case err != nil:
			return nil, err
		case t.Move == nil || t.Move.Reference != m.Reference || s.asOfNow(t).State == store.TaskExpired:
		case !isSameMove(*t.Move, m):
			return nil, account.ErrReused
		default:
			return &t, nil
		}
	}
	return nil, nil
}

// asOfNow is a task as it counts now.
func (s *Service) asOfNow(t store.Task) store.Task { return tasks.Expired(t, s.now()) }

// Confirm does what waits for a second person: the edit's Actor, who has an id, and another one than
// who wants it done, also in other letters (else the fault task.second: ann and ANN are one person). The edit's Managers, whose clients they see, its
// Reason, its Guard and its Steps count, whose faults leave the task as it is; Apply does not. Where it
// comes by now to a step that is not among Steps, that is the fault task.step: see [Service.PreviewTask].
// Where the same money was moved since what Alike says, that is the fault task.alike: see [Service.PreviewMove].
// It is judged again: what is refused then is the task's Faults, and no error. A repeat returns the task as it is.
// One that ended otherwise is the fault task.ended, one that expired task.expired. A movement of
// money is made with the task in one transaction, and once.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks];
// what Guard and Options.Price return that is no Faults.
func (s *Service) Confirm(ctx context.Context, task account.ID, e Edit) (store.Task, error) {
	engine, err := s.tasker()
	if err != nil {
		return store.Task{}, err
	}
	if err := e.faults().Err(); err != nil {
		return store.Task{}, err
	}
	t, err := s.seenTask(ctx, task, e)
	if err != nil {
		return store.Task{}, err
	}
	second := actorText(e.Actor)
	switch now := s.asOfNow(t); {
	case second.ID == "" || textform.SameID(second.ID, t.Actor.ID):
		return t, account.Faults{account.NewFault("", "task.second")}
	case now.State == store.TaskExpired:
		return now, account.Faults{account.NewFault("", "task.expired")}
	case !t.State.Open() && t.State != store.TaskCancelled && t.Second.ID == second.ID:
		return t, nil
	case t.State != store.TaskUnconfirmed:
		return t, account.Faults{account.NewFault("", "task.ended")}
	}
	t.Second, t.Answer = second, validate.Text(e.Reason)
	engine.Do = func(ctx context.Context, t store.Task, settle tasks.Settle) error {
		return s.doTask(ctx, t, e, settle)
	}
	done, err := engine.Run(ctx, store.TaskUnconfirmed, t)
	if guarded, ok := errors.AsType[guardedError](err); ok {
		return store.Task{}, account.Faults(guarded)
	}
	return done, err
}

// PreviewTask returns what a change that waits, for its time or for a second person, would come to now,
// as [Service.Preview] does. Any other task is the fault task.ended; why one would be refused are
// faults, too.
//
// Errors: those of Preview, [ErrNoTasks].
func (s *Service) PreviewTask(ctx context.Context, task account.ID) (Result, error) {
	t, err := s.Task(ctx, task)
	if err != nil {
		return Result{}, err
	}
	if t.Move != nil || t.State != store.TaskUnconfirmed && (t.State != store.TaskWaiting || !t.Batch.IsZero()) {
		return Result{}, account.Faults{account.NewFault("", "task.ended")}
	}
	e, drafted := s.taskEdit(t)
	e.looked = nil
	p, err := s.previewed(ctx, e, drafted)
	return p.result(), outOfSight(err)
}

// seenTask returns a task of an account that an editor sees.
func (s *Service) seenTask(ctx context.Context, id account.ID, e Edit) (store.Task, error) {
	engine, err := s.tasker()
	if err != nil {
		return store.Task{}, err
	}
	t, err := engine.Store.Task(ctx, id)
	if err != nil || t.Account.IsZero() {
		return t, err
	}
	a, err := s.stored().Account(ctx, t.Account)
	if err == nil && !e.sees(a) {
		err = account.ErrNotFound
	}
	return t, err
}

// guardedError is why a checker may not, and others may: their Guard, or what they were not shown.
type guardedError account.Faults

func (guardedError) Error() string { return "clientaccount: refused by Guard" }

// Cancel ends a task that waits, for its time or for a second person, who rejects it so. One that
// ended before, or is a part of a batch, is the fault task.ended.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks].
func (s *Service) Cancel(ctx context.Context, task account.ID, by account.Actor, reason string) (store.Task, error) {
	engine, err := s.tasker()
	if err != nil {
		return store.Task{}, err
	}
	if err := (Edit{Actor: by, Reason: reason}).faults().Err(); err != nil {
		return store.Task{}, err
	}
	t, err := s.Task(ctx, task)
	if err != nil {
		return store.Task{}, err
	}
	if found := t.State; t.Batch.IsZero() && (found == store.TaskWaiting || found == store.TaskUnconfirmed) {
		t.State, t.EndedAt, t.Second, t.Answer = store.TaskCancelled, s.now(), actorText(by), validate.Text(reason)
		t.Set, t.Was = t.Set.Shown(), t.Was.Shown()
		if t, err = engine.Put(ctx, found, t); err != nil {
			return store.Task{}, err
		}
	}
	if t.State != store.TaskCancelled || t.Second.ID != by.ID {
		return t, account.Faults{account.NewFault("", "task.ended")}
	}
	return t, nil
}

// Task returns the task of an id.
//
// Errors: [account.ErrNotFound], [ErrNoTasks].
func (s *Service) Task(ctx context.Context, id account.ID) (store.Task, error) {
	engine, err := s.tasker()
	if err != nil {
		return store.Task{}, err
	}
	t, err := engine.Store.Task(ctx, id)
	return s.asOfNow(t), err
}

// Tasks returns a page of tasks: of a batch by line, others the newest first. One that nobody
// confirmed in time is among the unconfirmed ones until Tick came by, and is expired.
//
// Errors: [account.Faults], [ErrNoTasks].
func (s *Service) Tasks(ctx context.Context, q store.TaskQuery) ([]store.Task, error) {
	engine, err := s.tasker()
	if err != nil {
		return nil, err
	}
	if err := (account.EventQuery{Limit: q.Limit}).Faults().Err(); err != nil {
		return nil, err
	}
	ts, err := engine.Store.Tasks(ctx, q)
	for i := range ts {
		ts[i] = s.asOfNow(ts[i])
	}
	return ts, err
}
