package clientaccount

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// ErrNoTasks: the Service's store keeps no tasks, see [store.Tasks].
var ErrNoTasks = store.ErrNoTasks

// Schedule has a change made from an instant on, by [Service.Tick]. It is judged now, as
// [Service.Preview] does, and again when it is due: it is refused then where a field has another
// value than it has now. A password, and an instant that is not ahead, are faults.
func (s *Service) Schedule(ctx context.Context, id account.ID, revision int64, at time.Time, e Edit) (store.Task, error) {
	return store.Task{}, ErrNoTasks
}

// Propose has a change wait for a second person, until an instant. It is judged as in Schedule.
func (s *Service) Propose(ctx context.Context, id account.ID, revision int64, until time.Time, e Edit) (store.Task, error) {
	return store.Task{}, ErrNoTasks
}

// ProposeMove has a movement of money wait for a second person, until an instant. It is judged as
// [Service.PreviewMove] does. A repeat, of the same reference and content, returns the same task.
func (s *Service) ProposeMove(ctx context.Context, until time.Time, m account.Movement) (store.Task, error) {
	return store.Task{}, ErrNoTasks
}

// Confirm does what waits for a second person. The edit's actor, who must be another than the
// task's, its reason and its guard count; Apply does not. What is refused then is the task's
// Faults, and no error.
func (s *Service) Confirm(ctx context.Context, task account.ID, e Edit) (store.Task, error) {
	return store.Task{}, ErrNoTasks
}

// Cancel ends a task that waits, for its time or for a second person. One that ended before is
// the fault task.ended.
func (s *Service) Cancel(ctx context.Context, task account.ID, by account.Actor, reason string) (store.Task, error) {
	return store.Task{}, ErrNoTasks
}

// Task returns the task of an id.
func (s *Service) Task(ctx context.Context, id account.ID) (store.Task, error) {
	return store.Task{}, ErrNoTasks
}

// Tasks returns a page of tasks.
func (s *Service) Tasks(ctx context.Context, q store.TaskQuery) ([]store.Task, error) {
	return nil, ErrNoTasks
}

// Bulk says what is to be done to many accounts, and for whom.
type Bulk struct {
	Kind     store.BatchKind
	Title    string
	Paths    []string // that are set
	Actor    account.Actor
	Reason   string
	Managers account.Optional[[]account.ID] // those whose clients the actor sees; unset: all
}

// BulkItem is what is to be done to one of them: fields by path, of an account, or of a new one
// where it is zero.
type BulkItem struct {
	Account account.ID
	Line    int64 // of the file; zero: counted
	Set     map[string]string
}

// NewBatch begins a batch, which [Service.AddToBatch] fills and [Service.JudgeBatch] closes.
func (s *Service) NewBatch(ctx context.Context, b Bulk) (store.Batch, error) {
	return store.Batch{}, ErrNoTasks
}

// AddToBatch adds items to a batch that is being gathered, at most account.MaxPage at once.
func (s *Service) AddToBatch(ctx context.Context, batch account.ID, items ...BulkItem) error {
	return ErrNoTasks
}

// JudgeBatch has it looked at what a batch would come to: WorkOn and Tick do.
func (s *Service) JudgeBatch(ctx context.Context, batch account.ID) (store.Batch, error) {
	return store.Batch{}, ErrNoTasks
}

// RunBatch has what could be done be done, each as if alone. With all, a batch of which anything
// would be refused is the fault batch.faulty.
func (s *Service) RunBatch(ctx context.Context, batch account.ID, by account.Actor, all bool) (store.Batch, error) {
	return store.Batch{}, ErrNoTasks
}

// StopBatch stops a batch that runs; RunBatch lets it go on. One that does not run yet is dropped.
func (s *Service) StopBatch(ctx context.Context, batch account.ID, by account.Actor) (store.Batch, error) {
	return store.Batch{}, ErrNoTasks
}

// UndoBatch makes a batch that takes back what another one did, and has it judged.
func (s *Service) UndoBatch(ctx context.Context, batch account.ID, b Bulk) (store.Batch, error) {
	return store.Batch{}, ErrNoTasks
}

// WorkOn goes on with a batch for a while, and reports whether there is more to do. Any number may
// do that at once; nothing is done twice.
func (s *Service) WorkOn(ctx context.Context, batch account.ID, during time.Duration) (more bool, err error) {
	return false, ErrNoTasks
}

// Batch returns the batch of an id, and how many of its tasks are in each state.
func (s *Service) Batch(ctx context.Context, id account.ID) (store.Batch, map[store.TaskState]int, error) {
	return store.Batch{}, nil, ErrNoTasks
}

// Batches returns a page of batches, the newest first.
func (s *Service) Batches(ctx context.Context, q store.BatchQuery) ([]store.Batch, error) {
	return nil, ErrNoTasks
}

// Find looks for what has a text as its key, across clients: an entry by its reference, a message by
// its id or a network's, a document by its number; by the beginning where most is more than 1.
func (s *Service) Find(ctx context.Context, text string, managers account.Optional[[]account.ID], most int) ([]Sighting, error) {
	return nil, nil
}

// Sighting is something of a client that was found by its key: one of the three is set.
type Sighting struct {
	Account  account.ID
	Entry    *account.Entry
	Message  *store.MessageKey
	Document *store.Document
}
