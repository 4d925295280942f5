package postgres

import (
	"context"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

// noteEvents goes on only with the feed's row, at the version it was asked with: so nobody
// noted events, or made a subscription, since the statement's snapshot was taken or before
// it ends. The events are found by their places, whatever the size of the table.
const noteEvents = `WITH mine AS MATERIALIZED (
		SELECT f.id FROM clientaccount_event_feed f WHERE f.version = $1 FOR UPDATE SKIP LOCKED),
	passed AS (UPDATE clientaccount_event_feed f SET version = f.version + 1 FROM mine WHERE f.id = mine.id),
	n AS (
		UPDATE clientaccount_events e SET told = true WHERE e.ctid = ANY (ARRAY(
			SELECT u.ctid FROM clientaccount_events u WHERE NOT u.told AND EXISTS (SELECT 1 FROM mine)
			ORDER BY u.account_id, u.number LIMIT $2))
		RETURNING e.account_id, e.number, e.at)
	` + dialect.NoteNews

// EndTold looks again at a row to which somebody else added meanwhile.
func (*Dialect) EndTold() string {
	return `DELETE FROM clientaccount_untold AS u USING r WHERE ` + dialect.OfLease + ` AND u.latest <= r.now_told`
}

// NoteEvents is one statement, so that no lock outlives a process that stops in the middle.
func (*Dialect) NoteEvents(ctx context.Context, pool *prepared.Pool, version int64, due string, limit int) error {
	_, err := pool.Conn().Change(ctx, noteEvents, [][]any{{version, limit, due}})
	return err
}
