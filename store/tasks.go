package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// ErrNoTasks: the store keeps no tasks: it is no [Tasks].
var ErrNoTasks = errors.New("store: it keeps no tasks")

// Tasks is the ability of a store to keep what is to be done to accounts later, or by a second
// person, or to many at once. Its transactions are each a [TaskTx], so that what a task does and
// that it is done are written together, or not at all. Instants are kept to the microsecond. The
// promises are tested by storetest.RunTasks.
type Tasks interface {
	TaskReader

	// DueTasks are tasks that something is to be done about by now, for their own sake (see
	// [Task.Since]), those due longest first, then by id, at most limit. What is to be done of a
	// batch is found by its state and theirs.
	DueTasks(ctx context.Context, now time.Time, limit int) ([]account.ID, error)
	// PurgeTasks removes what ended before an instant: tasks by themselves, and batches with
	// all their tasks, whatever their states. It removes at most limit tasks, a batch only when
	// none of its tasks is left, and returns how many tasks those were: fewer than limit when
	// nothing is left to be removed.
	PurgeTasks(ctx context.Context, before time.Time, limit int) (int, error)
}

// TaskReader is what can be asked of tasks. A [TaskTx] is one, too.
type TaskReader interface {
	// Task returns the task of an id, or ErrNotFound. That of a transaction keeps the task from
	// other transactions until it ends: who locks its account, too, does that first.
	Task(ctx context.Context, id account.ID) (Task, error)
	// Tasks returns a page of tasks: where a batch is named those of it by line, else the newest
	// first, by id.
	Tasks(ctx context.Context, q TaskQuery) ([]Task, error)
	// TaskCounts returns how many tasks of a batch are in each state that any of them is in.
	TaskCounts(ctx context.Context, batch account.ID) (map[TaskState]int, error)
	// Batch returns the batch of an id, or ErrNotFound. That of a transaction keeps it from other
	// transactions until it ends.
	Batch(ctx context.Context, id account.ID) (Batch, error)
	// Batches returns a page of batches, the newest first.
	Batches(ctx context.Context, q BatchQuery) ([]Batch, error)
}

// TaskTx is what a [Tx] of a store with [Tasks] can do beside. What is put of an account or of a
// batch that is not there is ErrConflict.
type TaskTx interface {
	TaskReader

	// PutTasks inserts tasks, or replaces those of their ids. Of a task that is there the batch
	// and the line do not change, and no two of a batch have one line: that is ErrConflict, as
	// are two of one id.
	PutTasks(ctx context.Context, ts ...Task) error
	// PutBatch inserts a batch (was 0) or replaces the one at version was; ErrConflict when
	// there is another, or none. Whoever puts one at a version has read it in the same transaction.
	PutBatch(ctx context.Context, b Batch, was int64) error
}

// TaskKind is what a task does.
type TaskKind string

// The kinds of tasks.
const (
	TaskChange TaskKind = "change" // sets fields of an account
	TaskCreate TaskKind = "create" // makes an account
	TaskUndo   TaskKind = "undo"   // takes back a change of an account
	TaskMove   TaskKind = "move"   // moves money
)

// TaskState is what became of a task.
type TaskState string

// The states of tasks. Those before TaskDone are open; the others are final.
const (
	TaskUnjudged    TaskState = "unjudged"    // of a batch: what it would come to was not looked at yet
	TaskReady       TaskState = "ready"       // of a batch: it could be done, and is once that runs
	TaskFaulty      TaskState = "faulty"      // of a batch: it would be refused
	TaskUnconfirmed TaskState = "unconfirmed" // a second person has to confirm it
	TaskWaiting     TaskState = "waiting"     // by itself: to be done once it is due
	TaskDone        TaskState = "done"
	TaskUnchanged   TaskState = "unchanged" // there was nothing to change
	TaskRefused     TaskState = "refused"   // Faults say why
	TaskCancelled   TaskState = "cancelled" // by a person; of one that was unconfirmed: it was rejected
	TaskExpired     TaskState = "expired"   // nobody confirmed it in time
)

// TaskStates returns all states of tasks.
func TaskStates() []TaskState {
	return []TaskState{
		TaskUnjudged, TaskReady, TaskFaulty, TaskUnconfirmed, TaskWaiting,
		TaskDone, TaskUnchanged, TaskRefused, TaskCancelled, TaskExpired,
	}
}

// Open reports whether something is still to become of a task.
func (s TaskState) Open() bool {
	switch s {
	case TaskUnjudged, TaskReady, TaskFaulty, TaskUnconfirmed, TaskWaiting:
		return true
	default:
		return false
	}
}

// Task is something to be done to an account.
type Task struct {
	ID      account.ID
	Batch   account.ID // zero: by itself
	Line    int64      // its place in the batch, from 1, which no other has; of an import the line of the file
	Kind    TaskKind
	Account account.ID // of a TaskCreate zero, until it is done
	Label   string     // what a new account is called while it is not there: its login
	State   TaskState
	DueAt   time.Time // not to be done before
	// ExpiresAt is until when it can be confirmed; zero where nobody has to.
	ExpiresAt time.Time

	// Set are the texts of the fields to be set, so it is for nobody to see; once the task ended,
	// as [Texts.Shown] returns them. There is no password among them. Was are the texts that
	// these fields had when the task was made, or that of a batch was judged, likewise; of an import
	// also of fields that its line has as they are already, and which it does not set.
	Set, Was Texts
	Undoes   int64             // revision of the change to be taken back
	Move     *account.Movement // nil where no money is moved

	Actor  account.Actor // who wants it done
	Reason string
	// Managers are those whose clients the actor saw: of an account of another one it is refused.
	// Unset: all clients.
	Managers account.Optional[[]account.ID]
	MadeAt   time.Time
	Second   account.Actor // who confirmed or cancelled it
	Answer   string        // why they did
	EndedAt  time.Time     // zero while it is open

	Revision int64           // of the change that it made; 0 for none
	Entry    int64           // number of the entry that it made; 0 for none
	Faults   []account.Fault // why it was refused, or would be
	Warnings []account.Fault // what is, or was, worth a look, and cannot be taken back
}

// Since returns the instant from which on something is to be done about a task for its own sake,
// whatever becomes of its batch, and whether there is one: DueAt of one that is of no batch and
// waits, ExpiresAt of one that waits for a second person.
func (t Task) Since() (time.Time, bool) {
	switch {
	case t.State == TaskWaiting && t.Batch.IsZero():
		return t.DueAt, true
	case t.State == TaskUnconfirmed && !t.ExpiresAt.IsZero():
		return t.ExpiresAt, true
	default:
		return time.Time{}, false
	}
}

// IsFinal reports whether a task that was refused would be refused whenever it were tried again: what
// it takes back is for good.
func (t *Task) IsFinal() bool {
	return slices.ContainsFunc(t.Faults, func(f account.Fault) bool {
		return f.Code == "change.final" || f.Code == "status.transition"
	})
}

// TaskQuery asks for a page of tasks.
type TaskQuery struct {
	Account account.ID // zero: of all accounts
	// Managers are those of whose accounts they are, as these are now: an account without a
	// manager, and one that is not there yet, is of none.
	Managers account.Optional[[]account.ID]
	Batch    account.Optional[account.ID] // of this batch; the zero ID: of none
	Actor    string                       // that who has this id wants done; empty: all
	States   []TaskState                  // empty: all
	Ended    time.Time                    // ended at or after; zero: also open ones
	Told     bool                         // only those with Faults or Warnings
	After    *TaskPosition                // nil: from the beginning
	Limit    int                          // rows, at most account.MaxPage; 0 is 50
}

// PageSize returns Limit within its bounds.
func (q TaskQuery) PageSize() int { return account.Query{Limit: q.Limit}.PageSize() }

// ByLine reports whether the page is one of a batch that is named.
func (q TaskQuery) ByLine() bool { return !q.Batch.Or(account.ID{}).IsZero() }

// TaskPosition is a row after which a page begins.
type TaskPosition struct {
	Line int64      // where a batch is named
	ID   account.ID // else
}

// BatchKind is what a batch does.
type BatchKind string

// The kinds of batches.
const (
	BatchChange BatchKind = "change" // the same change to many accounts
	BatchImport BatchKind = "import" // the lines of a file
	BatchUndo   BatchKind = "undo"   // takes back what another batch did
)

// BatchState is how far a batch is.
type BatchState string

// The states of batches.
const (
	BatchGathering BatchState = "gathering" // its tasks are not all there yet
	BatchJudging   BatchState = "judging"   // what they would come to is looked at
	BatchJudged    BatchState = "judged"    // a person has to say that it runs
	BatchRunning   BatchState = "running"
	BatchStopped   BatchState = "stopped" // by a person, and may go on
	BatchDone      BatchState = "done"
	BatchDropped   BatchState = "dropped" // it never ran
)

// Batch is what is done to many accounts at once, each as if alone.
type Batch struct {
	ID      account.ID
	Version int64
	Kind    BatchKind
	State   BatchState
	Title   string // what it does, or the file's name, as it was typed
	Paths   []string
	Actor   account.Actor
	Reason  string
	// Managers are as in [Task].
	Managers account.Optional[[]account.ID]
	MadeAt   time.Time
	EndedAt  time.Time // zero while there is something to do, or texts to mask of what is never done
	Tasks    int64     // how many there are
	// Steps has the first line in which there is something that cannot be taken back, or bites at
	// once, by the code of that warning.
	Steps  map[string]int64
	Undoes account.ID // the batch that this one takes back; zero for none
	// RestOf is the batch that took the same back before, whose refused tasks this one tries again;
	// zero for none.
	RestOf   account.ID
	UndoneBy account.ID // the newest batch that takes this one back; zero for none
}

// BatchQuery asks for a page of batches, the newest first.
type BatchQuery struct {
	Actor  string     // of who has this id; empty: of all
	Open   bool       // only those that have not ended
	Before account.ID // by id: those before it; zero: from the beginning
	Limit  int        // rows, at most account.MaxPage; 0 is 50
}

// PageSize returns Limit within its bounds.
func (q BatchQuery) PageSize() int { return account.Query{Limit: q.Limit}.PageSize() }
