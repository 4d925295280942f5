package bunstore

import "context"

func (postgres) noTable(err error) bool { return sqlState(err) == "42P01" }

func (postgres) refusesPooler(ctx context.Context, s *Store) error { return s.refusesPooler(ctx) }

// postgresFacts is one row, as text so that every driver and protocol reads it alike.
const postgresFacts = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	pg_is_in_recovery()::text, current_setting('transaction_read_only'),
	current_setting('synchronous_commit'), current_setting('fsync')`

// check asks once. Of isolation levels there is nothing to tell: any will do.
func (postgres) check(ctx context.Context, c *check) {
	var clock, standby, readOnly, commits, fsync string
	if err := c.db.DB.QueryRowContext(ctx, postgresFacts).Scan(&clock, &standby, &readOnly, &commits, &fsync); err != nil {
		if !c.forgotten(err) {
			c.failed(err)
		}
		return
	}
	c.when(clock)
	switch {
	case standby == "true":
		c.found("store.standby", "The server is a standby, which cannot be written to and may be behind: connect to the primary.")
	case readOnly == "on":
		c.found("store.read_only", "Transactions are read-only by default.")
	}
	if commits == "off" || fsync == "off" {
		c.found("store.unsafe_commits", "What was committed may be lost when the server crashes: synchronous_commit and fsync must not be off.")
	}
	c.pooler(ctx)
}
