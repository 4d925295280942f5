// Package bunstore keeps accounts in PostgreSQL or SQLite, through the host's pool of
// connections. The driver is the host's choice.
//
//	st, err := bunstore.Postgres(pool) // the host's *sql.DB
//	...
//	err = st.Migrate(ctx)
//
// For SQLite open the pool with the data source name that [SQLiteDSN] returns, and make the
// store by [SQLite]. A host that has a bun.DB makes it by [New].
//
// # Tables
//
// All tables are named clientaccount_*, in the schema where the connection makes
// its tables (on PostgreSQL: the first of its search_path). [Store.Migrate] makes
// them; hosts with a migrator of their own run the files of [Migrations].
// PostgreSQL finds text faster with the extension pg_trgm, which the migration uses
// where the role may create it, or where it is. Columns of accounts follow from the
// field table: the path with underscores for dots.
//
// # Transactions
//
// Update works at READ COMMITTED and at anything stricter. To write in a
// transaction of the host's own, together with the host's rows, use [Store.OnTx].
//
// # Changed settings
//
// PostgreSQL tells whoever listens to [SettingsChannel] which settings changed, so that
// other processes need not wait until they read them anew. SQLite cannot.
//
// # Money
//
// A balance is a narrow row of clientaccount_balances, and each movement a row of
// clientaccount_entries. Append writes many movements of many accounts in one
// statement on PostgreSQL, and in one transaction on SQLite. What moves money goes to
// database/sql as prepared statements with parameters; query hooks of bun do not see
// it.
//
// # Poolers
//
// Nothing outlives its transaction but prepared statements: there are no session locks,
// settings or temporary tables. So a pooler in session mode will do, and one in
// transaction mode that knows prepared statements, as PgBouncer does from 1.21 on. With
// an older one make the store with [Unprepared], and let the driver prepare none.
// Otherwise Migrate, and any operation that meets one, fails with [ErrPooler]. Statement
// mode will not do. A host that listens to [SettingsChannel] does so on a connection past
// the pooler. PgBouncer refuses connections that name settings it does not know, as
// search_path in a URL: set them for the role instead (ALTER ROLE ... SET).
//
// # Check
//
// [Store.Check] says what is wrong with the database or how it is set up. The database's
// role needs no more rights for it than for the rest.
//
// # Secrets
//
// bun writes values into the text of statements, so a query hook sees them, and
// the server's log may. Password hashes are kept out of that: they only ever
// travel as parameters. Webhook URLs, which may carry tokens, are not: a hook that
// logs statements logs them.
//
// With pgx, set default_query_exec_mode=cache_describe or exec, or simple_protocol:
// the default prepares every distinct statement text.
package bunstore
