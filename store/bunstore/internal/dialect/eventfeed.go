package dialect

// What notes events for subscriptions is made of. An event is told, in its row, when it is
// noted for all of them.
const (
	// NextVersion changes the version of the feed, if it is $1.
	NextVersion = `UPDATE clientaccount_event_feed SET version = version + 1 WHERE version = $1`
	// NoteNews notes n, events, for who is to be told of them, as due at $3.
	NoteNews = `INSERT INTO clientaccount_untold (subscription, account_id, told, latest, due_at)
		SELECT s.name, n.account_id, min(n.number) - 1, max(n.number), $3
		FROM n JOIN clientaccount_subscriptions s ON s.since IS NULL OR n.at >= s.since
		GROUP BY s.name, n.account_id ORDER BY s.name, n.account_id
		ON CONFLICT (subscription, account_id) DO UPDATE SET latest = excluded.latest`
	// OfLease joins what is untold, u, with ends of leases, r, that still stand.
	OfLease = `u.subscription = r.of_subscription AND u.account_id = r.of_account AND u.teller = r.of_owner AND u.told = r.was_told`
)
