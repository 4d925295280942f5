// Package postgres runs tests against a real PostgreSQL server.
//
// The server is found on the machine, set up in a temporary directory and
// started once for the whole test process, the first time a test asks. Every
// test gets an empty database of its own:
//
//	func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }
//
//	func TestSomething(t *testing.T) {
//		db := postgres.Open(t)
//		...
//	}
//
// Tests that crash the server take one of their own from [Start].
//
// The server speaks on a Unix socket only, so there is no port to collide on.
// It runs with fsync on and sorts text the way a server in the field does, by
// the rules of a language, so a query that needs byte order must ask for it.
// It never outlives the test process, not even one that is killed.
//
// Set CLIENTACCOUNT_POSTGRES_DSN to a postgres:// URL to use a running server
// instead; its role must be allowed to create databases.
package postgres
