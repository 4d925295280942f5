// Package hosttx shows how a platform writes a row of its own and the charge for it
// in its one transaction: a message and its price are both there, or neither is. The
// code is the same for PostgreSQL and SQLite. It runs as a test.
package hosttx
