package dialect

import (
	"fmt"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// The tables of messages.
const (
	MessagesTable   = "clientaccount_messages"
	NetworkIDsTable = "clientaccount_network_ids"
	EarlyTable      = "clientaccount_early_reports"
	FiguresTable    = "clientaccount_message_figures"
)

// MoveMessages writes what a step made of messages, r of a table in the form of
// rows.MovedMessages. They are to be counted again.
func MoveMessages(from string) string {
	return fmt.Sprintf("UPDATE %s AS t SET %s, counted = FALSE FROM %s WHERE t.account_id = r.account_id AND t.id = r.id",
		MessagesTable, rows.Progress.Columns().Set("r."), from)
}

// PutNetworkIDs writes whose network ids are, r in the form of rows.OwnedIDs. Of several that
// have the same, the last one gets it; of a message that was removed, none. They are written in
// their order, so that nobody waits in a ring. Which messages are there is asked of rows that
// are written, which are read once before: else of each row of the parameters for each posting.
func PutNetworkIDs(from string) string {
	return fmt.Sprintf(`INSERT INTO %s (network, id, account_id, message)
		SELECT l.network, l.id, l.account_id, l.message FROM (
			WITH r AS MATERIALIZED (SELECT r.network, r.id, r.account_id, r.message, r.new, r.position FROM %s)
			SELECT r.network, r.id, r.account_id, r.message,
				row_number() OVER (PARTITION BY r.id, r.network ORDER BY r.position DESC) AS from_last
			FROM r
			WHERE r.new OR (SELECT m.id FROM %s m WHERE m.account_id = r.account_id AND m.id = r.message) IS NOT NULL) AS l
		WHERE l.from_last = 1 ORDER BY l.id, l.network
		ON CONFLICT (id, network) DO UPDATE SET account_id = excluded.account_id, message = excluded.message`, NetworkIDsTable, from, MessagesTable)
}

// AddDeliveries accepts deliveries, r in the form of rows.PlacedDeliveries, where a condition is
// true. One waits as long as those of its message that are before it; one that is there is left
// as it is.
func AddDeliveries(from, condition string) string {
	columns := rows.NewDeliveries.Columns()
	given := columns[:len(columns)-1] // the last one is due_at
	return fmt.Sprintf(`INSERT INTO clientaccount_deliveries (%s, state, tries)
		SELECT %s, COALESCE((
			SELECT max(e.due_at) FROM clientaccount_deliveries e
			WHERE e.account_id = r.account_id AND e.kind = r.kind AND %s AND e.message <> ''
				AND %s AND e.due_at > r.due_at), r.due_at), 'waiting', 0
		FROM %s WHERE %s ORDER BY r.position
		ON CONFLICT (account_id, id) DO NOTHING`, columns.List(""), given.List("r."), ofMessage, EarlierWaits, from, condition)
}

// ofMessage says that e is of the message of r so that PostgreSQL goes to the index of messages:
// while there are few deliveries of an account, or statistics say so, an equality has it read
// all of them.
const ofMessage = `e.message BETWEEN r.message AND r.message`

// kept asks about messages, and about network ids: whose they are, and what came early.
func (a *answering) kept() {
	a.ask("messages", rows.AskMessages)
	a.ask("networks", rows.AskNetworkIDs)
	a.answer(AMessage, rows.Messages.Columns(), a.Each("messages", MessagesTable, "t.account_id = r.account_id AND t.id = r.id", false))
	const byID = "t.id = r.id AND t.network = r.network"
	a.selects(AnOwner, "t.n", a.AsText(rows.Owners.Columns()), fmt.Sprintf(`(SELECT r.n, t.network, t.id, t.account_id, t.message, %s AS ended FROM %s) t`,
		isOver, a.Each("networks", NetworkIDsTable, byID, false)))
	a.answer(AnEarly, rows.EarlyIDs.Columns(), a.Each("networks", EarlyTable, byID, false))
}

// isOver says whether the message of a network id, t, came to its end, or is gone. PostgreSQL
// asks for a value row by row; for EXISTS it may first read all messages there are.
const isOver = `COALESCE((SELECT m.stage FROM ` + MessagesTable + ` m WHERE m.account_id = t.account_id AND m.id = t.message), '')
	NOT IN ('held', 'sent')`

// OnTheWay says of a message, m, that it has not come to its end.
const OnTheWay = `m.stage IN ('held', 'sent')`
