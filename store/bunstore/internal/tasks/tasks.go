// Package tasks keeps what is to be done to accounts later, and the batches that it is of.
package tasks

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Reader is a [store.TaskReader].
type Reader struct{ s session.Session }

// Tx is what a [store.TaskTx] has beside a [Reader]. It locks the task and the batch that it reads.
type Tx struct{ s session.Session }

var _ store.TaskReader = Reader{}

// NewReader returns the reader of a session.
func NewReader(s session.Session) Reader { return Reader{s} }

// NewTx returns the writer of a session within a transaction.
func NewTx(s session.Session) Tx { return Tx{s} }

var (
	taskColumns  = rows.Tasks.Columns()
	newColumns   = rows.NewTasks.Columns()
	batchColumns = rows.Batches.Columns()

	selectTask  = `SELECT ` + taskColumns.List("t.") + ` FROM clientaccount_tasks t WHERE `
	selectBatch = `SELECT ` + batchColumns.List("b.") + ` FROM clientaccount_batches b WHERE `
)

// Task is [store.TaskReader]'s.
func (r Reader) Task(ctx context.Context, id account.ID) (store.Task, error) {
	return session.Only(session.Asked(ctx, r.s, selectTask+`t.id = $1`, rows.Tasks, rows.IDText(id)))
}

// Task is [store.TaskTx]'s.
func (t Tx) Task(ctx context.Context, id account.ID) (store.Task, error) {
	return session.Only(session.Asked(ctx, t.s, selectTask+`t.id = $1 `+t.s.Dialect.LockRows("t"), rows.Tasks, rows.IDText(id)))
}

// DueTasks is [store.Tasks]'s.
func (r Reader) DueTasks(ctx context.Context, now time.Time, limit int) ([]account.ID, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	return session.Asked(ctx, r.s, `SELECT t.id FROM clientaccount_tasks t WHERE t.since <= $1 ORDER BY t.since, t.id LIMIT $2`,
		rows.TaskKeys, rows.InstantText(now), limit)
}

// TaskCounts is [store.TaskReader]'s.
func (r Reader) TaskCounts(ctx context.Context, batch account.ID) (map[store.TaskState]int, error) {
	found, err := session.Asked(ctx, r.s, `SELECT t.state, count(*) FROM clientaccount_tasks t WHERE t.batch_id = $1 GROUP BY t.state`,
		rows.TaskCounts, rows.IDText(batch))
	if err != nil {
		return nil, err
	}
	counts := make(map[store.TaskState]int, len(found))
	for _, c := range found {
		counts[c.State] = c.Tasks
	}
	return counts, nil
}

// PutTasks is [store.TaskTx]'s: one statement, which writes in the order of ids, so that nobody
// waits in a ring. A task that is there under another batch or line is not written.
func (t Tx) PutTasks(ctx context.Context, ts ...store.Task) error {
	if len(ts) == 0 {
		return ctx.Err()
	}
	ids := make([]account.ID, len(ts))
	for i := range ts {
		ids[i] = ts[i].ID
	}
	if len(store.Ascending(ids)) < len(ts) {
		return account.ErrConflict
	}
	given, err := session.Packed(rows.NewTasks, ts)
	if err != nil {
		return err
	}
	n, err := t.s.Change(ctx, t.s.Unpacked(newColumns)+`INSERT INTO clientaccount_tasks AS t (`+newColumns.List("")+`)
		SELECT `+newColumns.List("r.")+` FROM r WHERE TRUE ORDER BY r.id
		ON CONFLICT (id) DO UPDATE SET `+newColumns[1:].Set("excluded.")+`
		WHERE t.batch_id IS NOT DISTINCT FROM excluded.batch_id AND t.line = excluded.line`, given)
	if err == nil && n < len(ts) {
		err = account.ErrConflict
	}
	return err
}

// Batch is [store.TaskReader]'s.
func (r Reader) Batch(ctx context.Context, id account.ID) (store.Batch, error) {
	return session.Only(session.Asked(ctx, r.s, selectBatch+`b.id = $1`, rows.Batches, rows.IDText(id)))
}

// Batch is [store.TaskTx]'s. Others may put tasks of the batch meanwhile.
func (t Tx) Batch(ctx context.Context, id account.ID) (store.Batch, error) {
	return session.Only(session.List(ctx, t.s, t.s.Dialect.Lock(t.s.From("clientaccount_batches").Where("id = ?", rows.IDText(id))), rows.Batches))
}

var (
	insertBatch = `INSERT INTO clientaccount_batches (` + batchColumns.List("") + `)
		VALUES (` + batchColumns.Given(1) + `) ON CONFLICT DO NOTHING`
	updateBatch = `UPDATE clientaccount_batches SET ` + batchColumns[1:].SetGiven(2) + `
		WHERE id = $1 AND version = ` + rows.Columns{rows.Was}.Given(len(batchColumns)+1)
)

// PutBatch is [store.TaskTx]'s.
func (t Tx) PutBatch(ctx context.Context, b store.Batch, was int64) error {
	args, err := rows.Batches.Args(&b)
	if err != nil {
		return err
	}
	statement := insertBatch
	if was != 0 {
		statement, args = updateBatch, append(args, was)
	}
	n, err := t.s.Change(ctx, statement, args...)
	if err == nil && n == 0 {
		err = account.ErrConflict
	}
	return err
}
