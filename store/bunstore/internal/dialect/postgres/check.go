package postgres

import (
	"context"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

// facts is one row, as text so that every driver and protocol reads it alike.
const facts = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	pg_is_in_recovery()::text, current_setting('transaction_read_only'),
	current_setting('synchronous_commit'), current_setting('fsync')`

// Check asks once. Of isolation levels there is nothing to tell: any will do.
func (d *Dialect) Check(ctx context.Context, pool *prepared.Pool, r *dialect.Report) {
	var clock, standby, readOnly, commits, fsync string
	if err := pool.DB.QueryRowContext(ctx, facts).Scan(&clock, &standby, &readOnly, &commits, &fsync); err != nil {
		if !forgotten(r, err) {
			r.Failed(err)
		}
		return
	}
	r.At(clock)
	switch {
	case standby == "true":
		r.Found("store.standby", "The server is a standby, which cannot be written to and may be behind: connect to the primary.")
	case readOnly == "on":
		r.Found("store.read_only", "Transactions are read-only by default.")
	}
	if commits == "off" || fsync == "off" {
		r.Found("store.unsafe_commits", "What was committed may be lost when the server crashes: synchronous_commit and fsync must not be off.")
	}
	if err := d.probeOnce(ctx, pool); err != nil && !forgotten(r, err) {
		r.Failed(err)
	}
}
