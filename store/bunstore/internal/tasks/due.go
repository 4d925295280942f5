package tasks

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// DueTasks is [store.Tasks]'s. It asks one batch after the other, until there are enough: so how
// many lines wait of others costs nothing.
func (r Reader) DueTasks(ctx context.Context, now time.Time, batch account.ID, limit int) ([]account.ID, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	due, err := r.dueAlone(ctx, now, batch, limit)
	if err != nil || len(due) == limit {
		return due, err
	}
	working, err := r.working(ctx, batch)
	for _, b := range working {
		if err != nil || len(due) == limit {
			break
		}
		var lines []account.ID
		lines, err = r.dueLines(ctx, now, b, limit-len(due))
		due = append(due, lines...)
	}
	return due, err
}

const dueAlone = `SELECT t.id FROM clientaccount_tasks t WHERE t.since <= $1`

// dueAlone are tasks that have instants of their own.
func (r Reader) dueAlone(ctx context.Context, now time.Time, batch account.ID, limit int) ([]account.ID, error) {
	if batch.IsZero() {
		return session.Asked(ctx, r.s, dueAlone+` ORDER BY t.since, t.id LIMIT $2`, rows.TaskKeys, rows.InstantText(now), limit)
	}
	return session.Asked(ctx, r.s, dueAlone+` AND t.batch_id = $2 ORDER BY t.since, t.id LIMIT $3`,
		rows.TaskKeys, rows.InstantText(now), rows.IDText(batch), limit)
}

const working = `SELECT b.id, b.state FROM clientaccount_batches b WHERE b.state IN ('judging', 'running')`

// working are the batches that are worked on.
func (r Reader) working(ctx context.Context, batch account.ID) ([]store.Batch, error) {
	if batch.IsZero() {
		return session.Asked(ctx, r.s, working+` ORDER BY b.id`, rows.WorkedBatches)
	}
	return session.Asked(ctx, r.s, working+` AND b.id = $1`, rows.WorkedBatches, rows.IDText(batch))
}

// dueLines are those of a batch that is worked on. Of one that is judged they need not be due.
func (r Reader) dueLines(ctx context.Context, now time.Time, b store.Batch, limit int) ([]account.ID, error) {
	const lines = `SELECT t.id FROM clientaccount_tasks t WHERE t.batch_id = $1 AND t.state = $2`
	if b.State == store.BatchJudging {
		return session.Asked(ctx, r.s, lines+` ORDER BY t.line LIMIT $3`, rows.TaskKeys, rows.IDText(b.ID), string(b.State.WorksOn()), limit)
	}
	return session.Asked(ctx, r.s, lines+` AND (t.due_at IS NULL OR t.due_at <= $4) ORDER BY t.line LIMIT $3`,
		rows.TaskKeys, rows.IDText(b.ID), string(b.State.WorksOn()), limit, rows.InstantText(now))
}
