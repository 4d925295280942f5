package sqlite

import (
	"context"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

const (
	// news are the events to be noted, the same in both statements: nobody else writes.
	news       = `FROM clientaccount_events WHERE NOT told ORDER BY account_id, number LIMIT $2`
	noteNews   = `WITH n AS MATERIALIZED (SELECT account_id, number, at ` + news + `) ` + dialect.NoteNews
	eventsTold = `UPDATE clientaccount_events SET told = 1 WHERE (account_id, number) IN (SELECT account_id, number ` + news + `)`
)

// EndTold finds the rows through the index.
func (*Dialect) EndTold() string {
	return `DELETE FROM clientaccount_untold WHERE (subscription, account_id) IN (
		SELECT u.subscription, u.account_id FROM r CROSS JOIN clientaccount_untold u ON ` + dialect.OfLease + ` AND u.latest <= r.now_told)`
}

// NoteEvents is one transaction.
func (d *Dialect) NoteEvents(ctx context.Context, pool *prepared.Pool, version int64, due string, limit int) error {
	defer pool.CatchUp(ctx)
	release, err := d.Acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return pool.Within(ctx, nil, func(conn prepared.Conn) error {
		passed, err := conn.Change(ctx, d.Native(dialect.NextVersion), [][]any{{version}})
		if err != nil || passed == 0 {
			return err
		}
		if _, err := conn.Change(ctx, d.Native(noteNews), [][]any{{nil, limit, due}}); err != nil {
			return err
		}
		_, err = conn.Change(ctx, d.Native(eventsTold), [][]any{{nil, limit}})
		return err
	})
}
