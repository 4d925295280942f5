package ask

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
)

// needed returns the action that a kind of batch asks for, beside Edit.
func needed(kind store.BatchKind) access.Action {
	if kind == store.BatchImport {
		return access.Import
	}
	return access.Many
}

// seesBatch reports whether a batch is there for the actor: their own, or anybody's for who sees
// all clients. What came of it follows from the fields that it sets, so it is for who sees them all.
func (r *Request) seesBatch(b store.Batch) bool {
	return r.Judge.May(access.Edit, needed(b.Kind)) && (r.Own(b.Actor) || r.Judge.All()) && r.Judge.Shows(b.Paths...)
}

// SeesBatches reports whether there may be any batch for the actor.
func (r *Request) SeesBatches() bool {
	return r.Judge.May(access.Edit) && (r.Judge.May(access.Many) || r.Judge.May(access.Import))
}

// Batch is a batch as the actor may be told of it, and how many of its tasks are in each state.
type Batch struct {
	store.Batch
	Counts map[store.TaskState]int
}

// Count returns how many tasks are in one of these states.
func (b Batch) Count(states ...store.TaskState) (n int) {
	for _, s := range states {
		n += b.Counts[s]
	}
	return n
}

// Ready is how many of its tasks would be done, or are to be.
func (b Batch) Ready() int { return b.Count(store.TaskReady, store.TaskWaiting) }

// Batch returns the batch of the path, account.ErrNotFound where there is none for the actor.
func (r *Request) Batch() (Batch, error) {
	b, counts, err := r.Service.Batch(r.Context(), r.ID)
	if err == nil && !r.seesBatch(b) {
		err = account.ErrNotFound
	}
	return Batch{b, counts}, err
}

// Batches returns a page of the batches that there are for the actor, the newest first, and the id
// that the next one is before; zero at the end.
func (r *Request) Batches(before account.ID, size int) (page []store.Batch, next account.ID, err error) {
	q := store.BatchQuery{Before: before, Limit: account.MaxPage}
	if !r.Judge.All() {
		if q.Actor = r.Actor.ID; q.Actor == "" {
			return nil, next, nil
		}
	}
	for range maxBatchPages {
		found, err := r.Service.Batches(r.Context(), q)
		if err != nil {
			return nil, next, err
		}
		for _, b := range found {
			switch {
			case !r.seesBatch(b) || b.State == store.BatchGathering:
			case len(page) == size:
				return page, page[size-1].ID, nil
			default:
				page = append(page, b)
			}
		}
		if len(found) < account.MaxPage {
			return page, next, nil
		}
		q.Before = found[len(found)-1].ID
	}
	return page, q.Before, nil
}

// maxBatchPages is how many pages of batches are looked through for one of those that the actor sees,
// which may have fewer then.
const maxBatchPages = 10

// workedAtOnce is for how long a request goes on with a batch.
const workedAtOnce = 700 * time.Millisecond

// GoOn goes on with the batch of the path for a moment, if it is one that is worked on, and returns
// it as it is then.
func (r *Request) GoOn() (Batch, error) {
	b, err := r.Batch()
	if err != nil || !Works(b.State) {
		return b, err
	}
	if _, err := r.Service.WorkOn(r.Context(), b.ID, workedAtOnce); err != nil {
		r.LogFailure(err) // of a task, which is tried again; the batch can be looked at, and stopped
	}
	return r.Batch()
}

// Works reports whether something is done about a batch by itself.
func Works(s store.BatchState) bool { return s == store.BatchJudging || s == store.BatchRunning }

// ToldTask is a task of a batch as the actor may be told of it.
type ToldTask struct {
	store.Task
	Client *account.Account  // with hidden fields blanked; nil where there is none, or it is not seen
	Change account.Change    // what is to be changed, as far as it may be told; of what ended, for who sees the history
	Cells  map[string]string // what an import had in the fields that its Faults are about, likewise
}

// BatchTasks returns a page of the tasks of the path's batch, by line, in some states; false where
// there are no more.
func (r *Request) BatchTasks(after int64, size int, states ...store.TaskState) (told []ToldTask, more bool, err error) {
	q := store.TaskQuery{Batch: account.Some(r.ID), States: states, After: &store.TaskPosition{Line: after}, Limit: min(size+1, account.MaxPage)}
	found, err := r.Service.Tasks(r.Context(), q)
	if err != nil {
		return nil, false, err
	}
	found, more = Cut(found, min(size, account.MaxPage-1))
	if err := r.lookUp(found); err != nil {
		return nil, false, err
	}
	for _, t := range found {
		one, err := r.toldTask(t)
		if err != nil {
			return nil, false, err
		}
		told = append(told, one)
	}
	return told, more, nil
}

// lookUp looks the clients of tasks up at once.
func (r *Request) lookUp(ts []store.Task) error {
	var ids []account.ID
	for _, t := range ts {
		if !t.Account.IsZero() {
			ids = append(ids, t.Account)
		}
	}
	return r.Judge.LookUp(r.Context(), ids...)
}

// toldTask leaves out what the actor may not be told: of a client outside of the scope all but that
// there is one, and what became of it.
func (r *Request) toldTask(t store.Task) (ToldTask, error) {
	told := ToldTask{Task: t}
	told.Set, told.Was = nil, nil
	client := account.New()
	if !t.Account.IsZero() {
		a, err := r.Seen(t.Account)
		if err != nil {
			return told, err
		}
		if a == nil {
			told.Account, told.Label, told.Faults, told.Warnings, told.Revision = account.ID{}, "", nil, nil, 0
			return told, nil
		}
		seen := r.Judge.Visible(*a)
		told.Client, client = &seen, *a
	}
	told.Faults, told.Warnings = r.Judge.Faults(t.Faults), onceSaid(r.Judge.Warnings(t.Warnings))
	if t.State.Open() || r.Judge.May(access.History) {
		told.Change, told.Cells = r.Judge.Change(changeOf(client, t)), r.cellsOf(told.Faults, t.Set)
	}
	if !r.Judge.Shows("login") {
		told.Label = ""
	}
	return told, nil
}

// cellsOf are the texts of fields that faults are about, as far as they may be told.
func (r *Request) cellsOf(faults account.Faults, set store.Texts) map[string]string {
	cells := map[string]string{}
	for _, fault := range faults {
		if f, known := account.FieldAt(fault.Path); known && !f.Secret() && set[f.Path] != "" {
			text := cellText(f, set[f.Path])
			if _, err := account.ParseID(text); err == nil {
				text = r.Judge.Text(f, text)
			}
			cells[f.Path] = f.Shown(text)
		}
	}
	return cells
}

// cellText is a text that is to be set as the file had it: that of a manager or product that is not
// known is marked as none.
func cellText(f account.Field, text string) string {
	if f.Kind == account.FieldManager || f.Kind == account.FieldProduct {
		return strings.TrimPrefix(text, "?")
	}
	return text
}

// mayRun returns which fields of a batch the actor may not write. A login may only say whom a line of a
// file is about: whether it changes one is asked of each line.
func (r *Request) mayRun(b store.Batch) (faults account.Faults) {
	for _, path := range b.Paths {
		if path != "login" && !r.Judge.Writes(path) {
			faults = append(faults, account.NewFault(path, "field.forbidden", path))
		}
	}
	return faults
}

// RunBatch lets the path's batch run, or go on: all of it, or what could be done, as far as the actor
// could do the same to each client alone, now. Where some of it cannot be taken back, typed is the
// number of clients that change.
func (r *Request) RunBatch(all bool, typed string) (store.Batch, error) {
	b, counts, err := r.Service.Batch(r.Context(), r.ID)
	if err == nil && !r.seesBatch(b) {
		err = account.ErrNotFound
	}
	if err == nil {
		err = r.mayRun(b).Err()
	}
	if err == nil && (b.State == store.BatchGathering || b.State == store.BatchJudging) {
		err = account.Faults{account.NewFault("", "batch.state")} // whether there are steps is not known yet
	}
	if err == nil {
		err = stepFaults(Batch{b, counts}, typed)
	}
	if err != nil {
		return b, err
	}
	edit := clientaccount.Edit{Actor: r.Actor, Managers: r.Judge.Managers()}
	if !r.Judge.Unlimited() {
		edit.Guard = r.asOneOfMany()
	}
	return r.Service.RunBatch(r.Context(), b.ID, edit, all)
}

// asOneOfMany refuses what the actor may not do to a client, there or new, alone. It asks about one
// after the other, and keeps no more of them than it asks at once.
func (r *Request) asOneOfMany() func(before, after account.Account) error {
	asked := 0
	return func(before, after account.Account) error {
		if asked++; asked%account.MaxPage == 0 {
			r.Judge.Forget()
		}
		begun := before
		if before.Revision == 0 {
			if !r.Judge.May(access.Create) {
				return account.Faults{account.NewFault("", "many.create")}
			}
			begun = account.New()
			begun.Core.Manager = r.Judge.OnlyManager()
		}
		guard, err := r.Judge.Guard(r.Context(), after.Parent)
		if err == nil {
			err = r.Judge.Forbidden(begun, after).Err()
		}
		if err == nil {
			err = r.guarding(guard)(before, after)
		}
		return err
	}
}

// WantsNumber reports whether a batch runs only for who types the number of clients: some of it
// cannot be taken back, or bites at once, whether or not the actor may be told of what.
func (b Batch) WantsNumber() bool {
	return b.State == store.BatchJudged && b.Ready() > 0 && len(b.Steps) > 0
}

// stepFaults refuses to do what cannot be taken back to clients whose number was not typed.
func stepFaults(b Batch, typed string) error {
	ready := strconv.Itoa(b.Ready())
	if !b.WantsNumber() || strings.Join(strings.FieldsFunc(typed, isBetweenDigits), "") == ready {
		return nil
	}
	return account.Faults{account.NewFault("clients", "many.typed", ready)}
}

// isBetweenDigits reports whether a character is what people put between digits.
func isBetweenDigits(c rune) bool { return strings.ContainsRune(" ,.'\u00a0\u202f", c) }

// WaitsForActor reports whether a batch that was judged is one that the actor made, and may let run.
func (r *Request) WaitsForActor(b store.Batch) bool {
	return r.Own(b.Actor) && len(r.mayRun(b)) == 0
}

// StopBatch stops the path's batch, or drops one that does not run.
func (r *Request) StopBatch() (store.Batch, error) {
	b, err := r.Batch()
	if err != nil {
		return b.Batch, err
	}
	return r.Service.StopBatch(r.Context(), b.ID, r.Actor)
}

// UndoBatch makes a batch that takes back what the path's one did, for the actor to look at.
func (r *Request) UndoBatch(reason string) (store.Batch, error) {
	b, _, err := r.Service.Batch(r.Context(), r.ID)
	switch {
	case err != nil:
		return b, err
	case !r.seesBatch(b) || !r.Judge.May(access.Many):
		return b, account.ErrNotFound
	case len(r.mayRun(b)) > 0:
		return b, r.mayRun(b)
	case len([]rune(reason)) > MaxReason:
		return b, account.Faults{account.NewFault("reason", "reason.length")}
	}
	return r.Service.UndoBatch(r.Context(), b.ID, clientaccount.Bulk{
		Kind: store.BatchUndo, Title: b.Title, Paths: b.Paths, Actor: r.Actor, Reason: reason, Managers: r.Judge.Managers(),
	})
}

// BatchSet returns what the path's batch, a change of many, sets: texts by path.
func (r *Request) BatchSet(b store.Batch) (map[string]string, error) {
	set := map[string]string{}
	if b.Kind != store.BatchChange {
		return set, nil
	}
	first, err := r.Service.Tasks(r.Context(), store.TaskQuery{Batch: account.Some(b.ID), Limit: 1})
	if err != nil || len(first) == 0 {
		return set, err
	}
	for _, path := range b.Paths {
		if f, known := account.FieldAt(path); known {
			set[path] = r.Judge.Text(f, first[0].Set[path])
		}
	}
	return set, nil
}

// UndoesBatch reports whether the actor may take back what a batch did, and anything of it can be; of
// one that was taken back before, how many clients are the rest, and how many stay as they are.
func (r *Request) UndoesBatch(b Batch) (may bool, rest, stay int, err error) {
	ended := b.State == store.BatchDone || b.State == store.BatchStopped
	if !ended || b.Kind == store.BatchUndo || !r.Judge.May(access.Edit, access.Many) || len(r.mayRun(b.Batch)) > 0 {
		return false, 0, 0, nil
	}
	if !b.UndoneBy.IsZero() {
		rest, stay, err = r.Service.UndoRest(r.Context(), b.Batch)
		return rest > 0, rest, stay, err
	}
	may, err = r.didRevocable(b)
	return may, 0, 0, err
}

// maxRevocable are the tasks of a batch that are looked through for one that can be taken back.
const maxRevocable = 5_000

// didRevocable reports whether any task of a batch did what can be taken back: it made no client, and
// closed none. Where there are too many to look at all, one of the others may have.
func (r *Request) didRevocable(b Batch) (bool, error) {
	if b.Count(store.TaskDone) == 0 {
		return false, nil
	}
	q := store.TaskQuery{Batch: account.Some(b.ID), States: []store.TaskState{store.TaskDone}, Limit: 50}
	for looked := 0; looked < maxRevocable; looked += q.Limit {
		done, err := r.Service.Tasks(r.Context(), q)
		revocable := func(t store.Task) bool {
			return t.Kind == store.TaskChange && t.Set["status"] != string(account.StatusClosed)
		}
		if err != nil || slices.ContainsFunc(done, revocable) || len(done) < q.Limit {
			return slices.ContainsFunc(done, revocable), err
		}
		q.After, q.Limit = &store.TaskPosition{Line: done[len(done)-1].Line}, account.MaxPage
	}
	return true, nil
}

// LineStates are those in which tasks of a batch may be.
var LineStates = []store.TaskState{
	store.TaskUnjudged, store.TaskReady, store.TaskFaulty, store.TaskWaiting, store.TaskDone, store.TaskUnchanged,
	store.TaskRefused, store.TaskUnconfirmed, store.TaskCancelled, store.TaskExpired,
}
