package dbtest

import (
	"path/filepath"
	"testing"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest"
)

func BenchmarkPostgreSQL(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) store.Store { return newStore(b, openPostgres(b, storeDSN(b), nil)) })
}

func BenchmarkSQLite(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) store.Store {
		return newStore(b, openSQLite(b, filepath.Join(b.TempDir(), "bench.db")))
	})
}
