package rows

import (
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/store"
)

type task = store.Task

// Tasks is a row of clientaccount_tasks as it is read.
var Tasks = Codec[task]{
	key("id", func(t *task) *account.ID { return &t.ID }),
	idOrNull("batch_id", func(t *task) *account.ID { return &t.Batch }),
	bigint("line", func(t *task) *int64 { return &t.Line }),
	text("kind", func(t *task) *store.TaskKind { return &t.Kind }),
	idOrNull("account_id", func(t *task) *account.ID { return &t.Account }),
	text("label", func(t *task) *string { return &t.Label }),
	text("state", func(t *task) *store.TaskState { return &t.State }),
	instantOrNull("due_at", func(t *task) *time.Time { return &t.DueAt }),
	instantOrNull("expires_at", func(t *task) *time.Time { return &t.ExpiresAt }),
	textsByPath("set_texts", func(t *task) *map[string]string { return (*map[string]string)(&t.Set) }),
	textsByPath("was_texts", func(t *task) *map[string]string { return (*map[string]string)(&t.Was) }),
	bigint("undoes", func(t *task) *int64 { return &t.Undoes }),
	movementOrNull("move", func(t *task) **account.Movement { return &t.Move }),
	text("actor_id", func(t *task) *string { return &t.Actor.ID }),
	text("actor_name", func(t *task) *string { return &t.Actor.Name }),
	text("reason", func(t *task) *string { return &t.Reason }),
	idsOrUnset("managers", func(t *task) *account.Optional[[]account.ID] { return &t.Managers }),
	instantOrNull("made_at", func(t *task) *time.Time { return &t.MadeAt }),
	text("second_id", func(t *task) *string { return &t.Second.ID }),
	text("second_name", func(t *task) *string { return &t.Second.Name }),
	text("answer", func(t *task) *string { return &t.Answer }),
	instantOrNull("ended_at", func(t *task) *time.Time { return &t.EndedAt }),
	bigint("revision", func(t *task) *int64 { return &t.Revision }),
	bigint("entry", func(t *task) *int64 { return &t.Entry }),
	listOrNull("faults", func(t *task) *[]account.Fault { return &t.Faults }, faultTexts),
	listOrNull("warnings", func(t *task) *[]account.Fault { return &t.Warnings }, faultTexts),
}

// NewTasks is one as it is written, with the instant from which on it is due.
var NewTasks = Tasks.And(Codec[task]{{
	Column{"since", "timestamptz"},
	func(p *Params, t *task) {
		if since, is := t.Since(); is {
			p.at(since)
		} else {
			p.Null()
		}
	},
	func(r *Row, _ *task) { r.Text() },
}})

// TaskKeys is the id of a task.
var TaskKeys = Codec[account.ID]{key("id", func(id *account.ID) *account.ID { return id })}

// TaskCount is how many tasks are in a state.
type TaskCount struct {
	State store.TaskState
	Tasks int
}

// TaskCounts reads them.
var TaskCounts = Codec[TaskCount]{
	text("state", func(c *TaskCount) *store.TaskState { return &c.State }),
	integer("tasks", func(c *TaskCount) *int { return &c.Tasks }),
}

type batch = store.Batch

// Batches is a row of clientaccount_batches.
var Batches = Codec[batch]{
	key("id", func(b *batch) *account.ID { return &b.ID }),
	bigint("version", func(b *batch) *int64 { return &b.Version }),
	text("kind", func(b *batch) *store.BatchKind { return &b.Kind }),
	text("state", func(b *batch) *store.BatchState { return &b.State }),
	text("title", func(b *batch) *string { return &b.Title }),
	listOrNull("paths", func(b *batch) *[]string { return &b.Paths }, func(paths []string) []string { return paths }),
	text("actor_id", func(b *batch) *string { return &b.Actor.ID }),
	text("actor_name", func(b *batch) *string { return &b.Actor.Name }),
	text("reason", func(b *batch) *string { return &b.Reason }),
	idsOrUnset("managers", func(b *batch) *account.Optional[[]account.ID] { return &b.Managers }),
	instantOrNull("made_at", func(b *batch) *time.Time { return &b.MadeAt }),
	instantOrNull("ended_at", func(b *batch) *time.Time { return &b.EndedAt }),
	bigint("tasks", func(b *batch) *int64 { return &b.Tasks }),
	linesByCode("steps", func(b *batch) *map[string]int64 { return &b.Steps }),
	idOrNull("undoes", func(b *batch) *account.ID { return &b.Undoes }),
	idOrNull("rest_of", func(b *batch) *account.ID { return &b.RestOf }),
	idOrNull("undone_by", func(b *batch) *account.ID { return &b.UndoneBy }),
}

// textsByPath are texts of fields as JSON, none as NULL.
func textsByPath[T any](name string, at func(*T) *map[string]string) field[T] {
	return jsonOrNull(name, at, func(m map[string]string) bool { return len(m) == 0 }, func(m map[string]string) (texts []string) {
		for path, text := range m {
			texts = append(texts, path, text)
		}
		return texts
	})
}

// linesByCode are lines of a batch by codes as JSON, none as NULL.
func linesByCode[T any](name string, at func(*T) *map[string]int64) field[T] {
	return jsonOrNull(name, at, func(m map[string]int64) bool { return len(m) == 0 }, func(m map[string]int64) []string {
		return slices.Collect(maps.Keys(m))
	})
}

// movementOrNull is a movement as JSON. An amount that no movement has is refused: its text might
// be of any length.
func movementOrNull[T any](name string, at func(*T) **account.Movement) field[T] {
	f := jsonOrNull(name, at, func(m *account.Movement) bool { return m == nil }, func(m *account.Movement) []string {
		return []string{string(m.Kind), string(m.Currency), m.Reference, m.Actor.ID, m.Actor.Name, m.Reason, m.Hold}
	})
	write := f.write
	f.write = func(p *Params, v *T) {
		if m := *at(v); m != nil && !(bounds.Amount(m.Amount) && bounds.Amount(m.Price.Or(m.Amount))) {
			p.failed(ErrAmount)
			p.Null()
			return
		}
		write(p, v)
	}
	return f
}

// idsOrUnset are ids as JSON, NULL where they are unset: those that are set may be none.
func idsOrUnset[T any](name string, at func(*T) *account.Optional[[]account.ID]) field[T] {
	f := jsonOrNull(name, at, account.Optional[[]account.ID].IsZero, func(account.Optional[[]account.ID]) []string { return nil })
	write := f.write
	f.write = func(p *Params, v *T) {
		if ids, set := at(v).Get(); set && ids == nil {
			p.Text("[]")
			return
		}
		write(p, v)
	}
	return f
}

func faultTexts(faults []account.Fault) (texts []string) {
	for _, f := range faults {
		texts = append(texts, f.Path, f.Code, f.Text, f.Figure)
	}
	return texts
}
