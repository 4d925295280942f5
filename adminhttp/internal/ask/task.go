package ask

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// Task is what waits to be done to a client, or was, by itself and not in a batch, as the actor may
// be told of it.
type Task struct {
	store.Task                 // without the texts of its fields, which hold secrets
	Client     account.Account // whose it is
	Change     account.Change  // that it makes, or made
	Confirms   bool            // the actor may confirm it, or reject it
	Cancels    bool            // the actor may cancel it
	Steps      account.Faults  // what cannot be taken back of a change that waits, as it would be now
	steps      []string        // the codes of all of them, also of those that the actor may not be told
}

// TaskStates are those that tasks by themselves come into.
func TaskStates() []store.TaskState {
	return append(Waiting(), store.TaskDone, store.TaskUnchanged, store.TaskRefused, store.TaskCancelled, store.TaskExpired)
}

// Waiting are the states of tasks that are shown as waiting.
func Waiting() []store.TaskState {
	return []store.TaskState{store.TaskUnconfirmed, store.TaskWaiting}
}

// Confirmations returns a page of what waits for a second person, as Tasks does: of all of it for who
// may confirm that, of what they proposed for others.
func (r *Request) Confirmations(after *store.TaskPosition, size int) (told []Task, more *store.TaskPosition, err error) {
	q := store.TaskQuery{States: []store.TaskState{store.TaskUnconfirmed}, After: after}
	if !r.Judge.May(access.Confirm) {
		if q.Actor = r.Actor.ID; q.Actor == "" {
			return nil, nil, nil
		}
	}
	for range maxTaskPages {
		q.Limit = size - len(told)
		found, next, err := r.Tasks(q)
		if err != nil {
			return nil, nil, err
		}
		for _, t := range found {
			if t.State == store.TaskUnconfirmed { // else it has expired, and is not put away yet
				told = append(told, t)
			}
		}
		if next == nil || len(told) == size {
			return told, next, nil
		}
		q.After = next
	}
	return told, q.After, nil
}

// maxTaskPages is how many pages of tasks are looked through for one of those that the actor may be told
// of, which may have fewer then.
const maxTaskPages = 10

// Tasks returns a page of the tasks that the actor may be told of, and whether there are more behind
// the last that was looked at.
func (r *Request) Tasks(q store.TaskQuery) (told []Task, after *store.TaskPosition, err error) {
	size := q.Limit
	q.Limit, q.Batch, q.Managers = size+1, account.Some(account.ID{}), r.Judge.Managers()
	found, err := r.Service.Tasks(r.Context(), q)
	if err != nil {
		return nil, nil, err
	}
	found, more := Cut(found, size)
	if more {
		after = &store.TaskPosition{ID: found[size-1].ID}
	}
	told, err = r.Told(found)
	return told, after, err
}

// notDoneFor is for how long who proposed something is told that it came to nothing.
const notDoneFor = 14 * 24 * time.Hour

// NotDone returns what the actor proposed to a second person and what came to nothing lately: it was
// rejected, refused when it was confirmed, or nobody confirmed it in time; the newest first.
func (r *Request) NotDone(limit int) (told []Task, err error) {
	if r.Actor.ID == "" {
		return nil, nil
	}
	found, err := r.Service.Tasks(r.Context(), store.TaskQuery{
		Batch: account.Some(account.ID{}), States: []store.TaskState{store.TaskRefused, store.TaskCancelled, store.TaskExpired},
		Actor: r.Actor.ID, Ended: r.Service.Now().Add(-notDoneFor), Managers: r.Judge.Managers(), Limit: account.MaxPage,
	})
	for _, t := range found {
		if t.ExpiresAt.IsZero() || t.Second.ID == r.Actor.ID || len(told) == limit {
			continue
		}
		task, any, err := r.taskOf(t)
		if err != nil {
			return nil, err
		}
		if any {
			told = append(told, task)
		}
	}
	return told, err
}

// Told returns those of some tasks that the actor may be told of, as they may be.
func (r *Request) Told(ts []store.Task) (told []Task, err error) {
	for _, t := range ts {
		task, any, err := r.taskOf(t)
		if err != nil {
			return nil, err
		}
		if any {
			told = append(told, task)
		}
	}
	return told, nil
}

// TaskOf returns a task that was just made by the actor, as they may be told of it.
func (r *Request) TaskOf(t store.Task) (Task, error) {
	task, any, err := r.taskOf(t)
	if err == nil && !any {
		err = account.ErrNotFound
	}
	return task, err
}

// findTask returns the task of an id; account.ErrNotFound where there is none for the actor.
func (r *Request) findTask(id account.ID) (Task, error) {
	t, err := r.Service.Task(r.Context(), id)
	if err != nil {
		return Task{}, err
	}
	return r.TaskOf(t)
}

// TaskByText returns the task of an id that may be none; nil where there is none for the actor.
func (r *Request) TaskByText(text string) (*Task, error) {
	id, err := account.ParseID(text)
	if err != nil {
		return nil, nil
	}
	task, err := r.findTask(id)
	if errors.Is(err, account.ErrNotFound) {
		return nil, nil
	}
	return &task, err
}

// taskOf returns what the actor may be told of a task; false where that is nothing.
func (r *Request) taskOf(t store.Task) (Task, bool, error) {
	if !t.Batch.IsZero() {
		return Task{}, false, nil
	}
	client, err := r.Seen(t.Account)
	if err != nil || client == nil {
		return Task{}, false, err
	}
	task := Task{Task: t, Client: *client, Change: changeOf(*client, t)}
	if t.Move != nil && !r.Judge.May(access.Money) {
		return Task{}, false, nil
	}
	rights, err := r.rights(task)
	if err != nil {
		return Task{}, false, err
	}
	if t.Move == nil && slices.Contains(Waiting(), t.State) {
		if err := r.lookAgain(&task); err != nil {
			return Task{}, false, err
		}
	}
	own := r.Own(t.Actor)
	task.Confirms = t.State == store.TaskUnconfirmed && r.Judge.May(access.Confirm) && rights && !r.Proposed(t)
	task.Cancels = t.State.Open() && (own || r.Proposed(t) || task.Confirms || t.State == store.TaskWaiting && rights)
	if !own && !r.Own(t.Second) && !(rights && r.Judge.May(access.Confirm)) && !r.Judge.May(access.History) {
		if !t.State.Open() {
			return Task{}, false, nil
		}
		task = task.unattributed()
	}
	return r.maskedTask(task)
}

// Proposed reports whether the actor is who wants a task done, so that another one has to confirm it.
// Their id may be written otherwise by now.
func (r *Request) Proposed(t store.Task) bool {
	return r.Actor.ID != "" && textform.SameID(t.Actor.ID, r.Actor.ID)
}

// unattributed leaves out what only the history tells of what is still to be done: who wants it, and
// why, and what stood when they said so.
func (t Task) unattributed() Task {
	t.Actor, t.Reason, t.Was = account.Actor{}, "", nil
	t.Change = changeOf(t.Client, t.Task)
	return t
}

// lookAgain looks at what a change that waits would come to now.
func (r *Request) lookAgain(t *Task) error {
	now, err := r.Service.PreviewTask(r.Context(), t.Task.ID)
	if faults, refused := account.AsFaults(err); refused {
		t.Faults = faults
		return nil
	}
	t.Steps, t.steps = now.Steps, []string{}
	for _, step := range now.Steps {
		t.steps = append(t.steps, step.Code)
	}
	t.Warnings = append(slices.Clone(now.Steps), now.Warnings...)
	return err
}

// maskedTask leaves out what the actor may not be told; false where nothing is left.
func (r *Request) maskedTask(t Task) (Task, bool, error) {
	t.Set, t.Was = nil, nil
	if t.Move == nil {
		seen := r.Judge.Change(t.Change)
		if len(seen) < len(t.Change) { // the reasons may speak of the rest
			t.Reason, t.Answer = "", ""
		}
		t.Change = seen
		t.Faults, t.Warnings = r.Judge.Faults(t.Faults), onceSaid(r.Judge.Warnings(t.Warnings))
		t.Steps = r.Judge.Warnings(t.Steps)
		return t, len(seen) > 0, nil
	}
	move := *t.Move
	var err error
	if !move.Other.IsZero() {
		move.Other, err = r.Judge.Named(r.Context(), move.Other)
	}
	t.Move, t.Faults, t.Warnings = &move, r.Judge.Faults(t.Faults), r.Judge.Warnings(t.Warnings)
	return t, true, err
}

// changeOf is the change of a task as records have it; of what it does not say what it was, as it is.
func changeOf(client account.Account, t store.Task) account.Change {
	was, is := client.Clone(), client.Clone()
	var urls account.Change // of a task that ended without their tokens, which no account takes
	for _, f := range account.Fields() {
		text, set := t.Set[f.Path]
		old, known := t.Was[f.Path]
		if !known {
			old = f.Text(client)
		}
		switch {
		case !set:
		case f.Kind == account.FieldURL:
			shown := account.FieldChange{Path: f.Path, Old: f.Shown(old), New: f.Shown(text)}
			shown.Secret = strings.Contains(shown.Old+shown.New, "…")
			urls = append(urls, shown)
		default:
			_, _ = f.Set(&was, old), f.Set(&is, text)
		}
	}
	return append(account.Diff(was, is), urls...)
}

// rights reports whether the actor may do by themselves what a task does.
func (r *Request) rights(t Task) (bool, error) {
	if t.Move == nil {
		for path := range t.Set {
			if !r.Judge.Writes(path) {
				return false, nil
			}
		}
		return r.Judge.May(access.Edit), nil
	}
	moves := Moves()
	i := slices.IndexFunc(moves, func(mv Move) bool { return mv.Kind == t.Move.Kind })
	if i < 0 || !r.Judge.MayMove(moves[i].Action) || t.Move.PassLimit && !r.Judge.May(access.PassLimit) {
		return false, nil
	}
	if err := r.Refundable(*t.Move); err != nil {
		return false, notForbidden(err)
	}
	if t.Move.Other.IsZero() {
		return true, nil
	}
	return r.Judge.SeesID(r.Context(), t.Move.Other)
}

// notForbidden is an error that is not a refusal of a right.
func notForbidden(err error) error {
	if errors.Is(err, StatusError(http.StatusForbidden)) {
		return nil
	}
	return err
}

// Schedule has an edit of the path's client made from an instant on. What a second person must
// confirm cannot be.
func (r *Request) Schedule(revision int64, at time.Time, e clientaccount.Edit) (store.Task, error) {
	return r.Service.Schedule(r.Context(), r.ID, revision, at, e)
}

// Looked is what a second person was shown.
type Looked struct {
	// Steps reports whether they were shown the steps that there are by now; nil: they were shown those
	// that there were when it was proposed.
	Steps func(steps account.Faults) bool
	// Alike is the number of the newest entry that may be the same movement, as they were shown, 0 for
	// none; unset: they were shown those that there were when it was proposed.
	Alike account.Optional[int64]
}

// Confirm does the path's task, as its second person, who was shown what is looked at.
func (r *Request) Confirm(reason string, looked Looked) (Task, error) {
	if !r.Task.Confirms && r.Task.State.Open() && !r.Proposed(r.Task.Task) {
		return Task{}, StatusError(http.StatusForbidden)
	}
	edit, err := r.Proposal(reason, nil)
	if err != nil {
		return Task{}, err
	}
	edit.Alike = looked.Alike
	if looked.Steps != nil {
		if edit.Steps = r.Task.steps; !looked.Steps(r.Task.Steps) {
			return Task{}, account.Faults{account.NewFault("", "task.step")}
		}
	}
	done, err := r.Service.Confirm(r.Context(), r.Task.Task.ID, edit)
	if err != nil {
		return Task{}, err
	}
	return r.TaskOf(done)
}

// Cancel ends the path's task: who proposed it takes it back, and who may confirm it rejects it.
func (r *Request) Cancel(reason string) (Task, error) {
	if !r.Task.Cancels && r.Task.State.Open() {
		return Task{}, StatusError(http.StatusForbidden)
	}
	ended, err := r.Service.Cancel(r.Context(), r.Task.Task.ID, r.Actor, reason)
	if err != nil {
		return Task{}, err
	}
	return r.TaskOf(ended)
}
