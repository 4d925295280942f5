package dbtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
)

// Sixteen editors of four clients go on while the server crashes, restarts, and
// cuts its connections. Nothing that was acknowledged is lost, nothing is there
// twice, and the store works on without being opened again.
func TestServerCrashesUnderEditors(t *testing.T) {
	t.Parallel()
	const clients, perClient = 4, 4
	server := postgres.Start(t)
	db := openPostgres(t, server.Database(t), nil)
	e := newEditors(t, newStore(t, db))
	var ids []account.ID
	for n := range clients {
		ids = append(ids, e.create(t, fmt.Sprint("client.", n)))
	}

	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	for g := range clients * perClient {
		group.Go(func() { editUntil(ctx, t, e, ids[g%clients], fmt.Sprint("editor ", g)) })
	}
	cut := func() error {
		_, err := db.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		return err
	}
	crash := func() error { return errors.Join(server.Kill9(), server.Restart()) }
	for round, blow := range []func() error{cut, crash, server.Restart, crash, cut, crash} {
		before := e.count()
		require.Eventually(t, func() bool { return e.count() >= before+30 }, postgres.Patience, time.Millisecond,
			"round %d: the store does not work again", round)
		require.NoError(t, blow())
	}
	before := e.count()
	require.Eventually(t, func() bool { return e.count() >= before+30 }, postgres.Patience, time.Millisecond)
	stop()
	group.Wait()

	others := 0
	for _, id := range ids {
		others += e.requireHistory(t, id)
	}
	t.Logf("%d edits acknowledged, %d landed without their editor hearing of it", e.count(), others)
}

// editUntil makes edits until the context ends, each with a text of its own. A
// server that is away is never taken for an answer.
func editUntil(ctx context.Context, t *testing.T, e *editors, id account.ID, name string) {
	for n := 0; ctx.Err() == nil; n++ {
		err := e.try(ctx, t, id, fmt.Sprintf("%s, edit %d", name, n))
		if err == nil || errors.Is(err, account.ErrStale) {
			continue
		}
		_, faults := account.AsFaults(err)
		assert.False(t, faults || errors.Is(err, account.ErrNotFound) || errors.Is(err, account.ErrConflict), "%v", err)
		time.Sleep(time.Millisecond)
	}
}
