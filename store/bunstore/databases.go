package bunstore

import (
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect/sqlite"
)

// What hosts need to know of one database alone.

// ErrPooler: the connections go through a pooler that gives each transaction another
// connection to PostgreSQL, where statements that were prepared before are not known. See
// [Unprepared].
var ErrPooler = postgres.ErrPooler

// Unprepared is for a pooler in transaction mode that does not know prepared statements,
// as PgBouncer before 1.21: the store then has none. The driver must not have any
// either: with pgx, set default_query_exec_mode to cache_describe, exec or
// simple_protocol. Everything works like that, a little slower, but that a host that
// listens to [SettingsChannel] needs a connection past the pooler.
func Unprepared() Option { return func(s *Store) { s.pool.Unprepared = true } }

// SettingsChannel is the channel on which PostgreSQL tells of settings that changed,
// once the transaction is committed, a host's own too. The payload is the id of an account
// whose settings or terms are others now, or of a product; account.ParseID reads it.
//
// A host that can have a connection listen to it hands the id to Service.Forget, and calls
// Service.ForgetAll whenever it began to listen, since nobody keeps what was told before:
// examples/listen has it whole. Nothing is sent where money moves.
const SettingsChannel = postgres.SettingsChannel

// ErrSQLiteSettings: the connections lack what [SQLiteDSN] sets, so references
// would not be checked, or writers fail instead of waiting for each other.
var ErrSQLiteSettings = sqlite.ErrSQLiteSettings

// SQLiteDSN returns the data source name of a file for the driver modernc.org/sqlite,
// with what the store needs: transactions that take the write lock when they begin,
// writers that wait up to 5 seconds, a write-ahead log so that readers never wait,
// and references that are checked. Use a file: ":memory:" is a database of its own
// for every connection of the pool.
func SQLiteDSN(path string) string { return sqlite.DSN(path) }
