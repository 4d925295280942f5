package postgres

// MovedSince goes by the hour of the last entry, and one hour back: clocks differ, and what was
// written then may have been committed later.
func (*Dialect) MovedSince() string {
	return `b.moved_hour >= date_trunc('hour', (SELECT least(s.seen_at, CAST($1 AS timestamptz)) FROM clientaccount_listed_seen s)
		AT TIME ZONE 'UTC') - interval '1 hour'`
}

// WrittenSince goes an hour back, likewise.
func (*Dialect) WrittenSince() string {
	return `a.updated_at >= (SELECT least(s.seen_at, CAST($1 AS timestamptz)) FROM clientaccount_listed_seen s) - interval '1 hour'`
}

// SeenMoved writes no more often than it is of use.
func (*Dialect) SeenMoved() string {
	return `UPDATE clientaccount_listed_seen SET seen_at = $1 WHERE seen_at NOT BETWEEN CAST($1 AS timestamptz) - interval '10 minutes' AND CAST($1 AS timestamptz)`
}
