package dialect

import "github.com/clientaccount/clientaccount/store/bunstore/internal/rows"

// Wanted ends the search for hooks that are due, rows.DueHooks: w are those with anything
// waiting, and when the first of it is due.
const Wanted = ` SELECT w.account_id, w.kind, h.account_id IS NOT NULL AS known
	FROM w LEFT JOIN clientaccount_hooks h ON h.account_id = w.account_id AND h.kind = w.kind
	WHERE w.due_at <= $1 AND (h.leased_until IS NULL OR h.leased_until <= $1)
		AND (h.paused_until IS NULL OR h.paused_until <= $1)
	ORDER BY h.served_at NULLS FIRST, w.account_id, w.kind LIMIT $2`

// What is asked about a delivery d that is due: whether a later one of its message was
// done, or a final one where it is not; and whether an earlier one waits. With OFFSET,
// PostgreSQL asks the latter row by row; else it may first read all that waits.
const (
	sameMessage = `SELECT 1 FROM clientaccount_deliveries e
		WHERE e.account_id = d.account_id AND e.kind = d.kind AND e.message = d.message AND e.message <> ''`
	overtaken = `EXISTS (` + sameMessage + ` AND e.state = 'done' AND (e.seq > d.seq OR e.final AND NOT d.final)) AS overtaken`
	// IsDue is for the instant $2.
	IsDue = `d.state = 'waiting' AND d.due_at <= $2
		AND NOT EXISTS (` + sameMessage + ` AND ` + EarlierWaits + ` AND e.seq < d.seq LIMIT 1 OFFSET 0)`
	// EarlierWaits says that e waits so that no planner goes through the index of all that
	// waits for a hook to find those of one message: a queue outruns its statistics.
	EarlierWaits = `e.state || '' = 'waiting'`
	// OfOwner narrows the hooks j to those that the owner $4 holds.
	// It asks for the row of each, else a plan may go through all that there are.
	OfOwner = `SELECT j.* FROM j WHERE (SELECT h.owner FROM clientaccount_hooks h
		WHERE h.account_id = j.hook_account AND h.kind = j.hook_kind LIMIT 1) = $4`
)

// DueColumns are what rows.DueDeliveries reads, of a delivery d.
var DueColumns = rows.Deliveries.Columns().List("d.") + ", " + overtaken
