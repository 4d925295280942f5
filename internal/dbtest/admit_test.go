package dbtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
)

func TestAdmissions(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		moneytest.Admissions(t, func(t *testing.T) moneytest.Host { return hostOn(t, openSQLiteStore(t)) })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		schemas := newSchemas(t, nil)
		moneytest.Admissions(t, func(t *testing.T) moneytest.Host { return hostOn(t, schemas.open(t)) })
	})
}

func TestMessagesOnDatabases(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		moneytest.Messages(t, func(t *testing.T) moneytest.Host { return hostOn(t, openSQLiteStore(t)) })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		schemas := newSchemas(t, nil)
		moneytest.Messages(t, func(t *testing.T) moneytest.Host { return hostOn(t, schemas.open(t)) })
	})
}

// hostOn returns a Service over a database, whose host has transactions of its own.
func hostOn(t *testing.T, db *bun.DB) moneytest.Host {
	t.Helper()
	st := newStore(t, db)
	clock := moneytest.NewClock(time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC))
	svc := clientaccount.New(st, &clientaccount.Options{
		Clock: clock.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	return moneytest.Host{Service: svc, Clock: clock, Within: func(t *testing.T, do func(*clientaccount.Service)) {
		t.Helper()
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		defer func() { _ = tx.Rollback() }()
		do(svc.On(st.OnTx(tx)))
		require.NoError(t, tx.Commit())
	}}
}
