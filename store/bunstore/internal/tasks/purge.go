package tasks

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Purge removes at most limit tasks that ended before an instant, by themselves or with their
// batches, and returns how many those were.
func (t Tx) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	ended := rows.BoundText(before)
	purged, err := t.purge(ctx, `t.batch_id IS NULL AND t.ended_at < $2 ORDER BY t.ended_at, t.id`, limit, ended)
	for err == nil && purged < limit {
		var n int
		var more bool
		n, more, err = t.purgeBatch(ctx, ended, limit-purged)
		purged += n
		if !more {
			break
		}
	}
	return purged, err
}

// purge removes the first tasks of those that are chosen, and passes over what somebody has locked.
func (t Tx) purge(ctx context.Context, chosen string, limit int, args ...any) (int, error) {
	return t.s.Change(ctx, `WITH d AS MATERIALIZED (SELECT t.id FROM clientaccount_tasks t WHERE `+chosen+` LIMIT $1 `+
		t.s.Dialect.SkipLocked("t")+`) DELETE FROM clientaccount_tasks WHERE id IN (SELECT d.id FROM d)`, append([]any{limit}, args...)...)
}

// purgeBatch removes tasks of the batch that ended first, and the batch where none is left. It
// reports whether there may be another batch to be removed.
func (t Tx) purgeBatch(ctx context.Context, ended string, limit int) (purged int, more bool, err error) {
	first, err := session.Asked(ctx, t.s, `SELECT b.id FROM clientaccount_batches b WHERE b.ended_at < $1 ORDER BY b.ended_at, b.id LIMIT 1`,
		rows.TaskKeys, ended)
	if err != nil || len(first) == 0 {
		return 0, false, err
	}
	purged, err = t.purge(ctx, `t.batch_id = $2 ORDER BY t.line`, limit, rows.IDText(first[0]))
	if err != nil || purged == limit {
		return purged, false, err
	}
	gone, err := t.dropBatch(ctx, first[0])
	return purged, gone, err
}

// dropBatch removes a batch, unless it has a task, and reports whether it is gone.
func (t Tx) dropBatch(ctx context.Context, batch account.ID) (bool, error) {
	n, err := t.s.Change(ctx, `DELETE FROM clientaccount_batches WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM clientaccount_tasks t WHERE t.batch_id = $1)`, rows.IDText(batch))
	return n > 0, err
}
