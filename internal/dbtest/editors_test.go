package dbtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// editors edit clients through one Service, each edit from the revision seen, and
// keep what they were told.
type editors struct {
	svc   *clientaccount.Service
	mu    sync.Mutex
	acked map[account.ID]map[int64]string // by client and revision, the comment that is in
	total int
}

func newEditors(t *testing.T, s *bunstore.Store) *editors {
	t.Helper()
	cheap := clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}
	return &editors{
		svc:   clientaccount.New(s, &clientaccount.Options{Hash: cheap}),
		acked: map[account.ID]map[int64]string{},
	}
}

func edit(change account.Change) clientaccount.Edit {
	return clientaccount.Edit{Actor: account.Actor{ID: "u1", Name: "Olena Koval"}, Apply: change.Apply}
}

// create makes a client, which counts as revision 1 without a comment.
func (e *editors) create(t *testing.T, login string) account.ID {
	t.Helper()
	made, err := e.svc.Create(t.Context(), edit(account.Change{}.Set("login", login).Set("contact.company", "Acme").
		Set("password", "seven-Herons-at-dusk").Set("password_retype", "seven-Herons-at-dusk")))
	require.NoError(t, err)
	e.acked[made.Account.ID] = map[int64]string{1: ""}
	return made.Account.ID
}

// try makes one edit, from the revision there is.
func (e *editors) try(ctx context.Context, t *testing.T, id account.ID, comment string) error {
	a, err := e.svc.Get(ctx, id)
	if err != nil {
		return err
	}
	done, err := e.svc.Update(ctx, id, a.Revision, edit(account.Change{}.Set("notes.comments", comment)))
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.total++
	assert.NotContains(t, e.acked[id], done.Account.Revision, "two editors were told of one revision")
	e.acked[id][done.Account.Revision] = comment
	return nil
}

func (e *editors) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.total
}

// requireHistory says that every edit that was acknowledged is in the history once,
// each made from the one before, and returns how many others are there.
func (e *editors) requireHistory(t *testing.T, id account.ID) (others int) {
	t.Helper()
	a, err := e.svc.Get(t.Context(), id)
	require.NoError(t, err)
	next, comment := a.Revision, a.Notes.Comments
	seen := map[string]bool{}
	for record, err := range e.svc.AllChanges(t.Context(), account.ChangeQuery{Of: id}) {
		require.NoError(t, err)
		require.Equal(t, next, record.Revision, "a revision is missing, or there twice")
		change, _ := record.Change.At("notes.comments")
		require.Equal(t, comment, change.New, "revision %d does not lead to the next", record.Revision)
		require.False(t, seen[change.New], "%q landed twice", change.New)
		told, acknowledged := e.acked[id][record.Revision]
		if acknowledged {
			require.Equal(t, told, change.New, "revision %d is not what its editor was told", record.Revision)
			delete(e.acked[id], record.Revision)
		} else {
			others++
		}
		seen[change.New] = true
		next, comment = next-1, change.Old
	}
	require.Zero(t, next)
	require.Empty(t, e.acked[id], "acknowledged and lost")
	return others
}

func TestManyEditorsOfOneClient(t *testing.T) {
	t.Parallel()
	const goroutines, edits = 64, 1
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		e := newEditors(t, s)
		id := e.create(t, "acme")
		var group sync.WaitGroup
		for g := range goroutines {
			group.Go(func() {
				for n := range edits {
					err := account.ErrStale
					for errors.Is(err, account.ErrStale) {
						err = e.try(t.Context(), t, id, fmt.Sprintf("editor %d, edit %d", g, n))
					}
					assert.NoError(t, err)
				}
			})
		}
		group.Wait()
		assert.Equal(t, goroutines*edits, e.count())
		assert.Zero(t, e.requireHistory(t, id), "edits that nobody was told of")
	})
}

// A pool of one connection is enough for everything: nothing asks for a second one
// while it has the first.
func TestPoolOfOneConnection(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		db.SetMaxOpenConns(1)
		e := newEditors(t, s)
		id := e.create(t, "acme")
		var group sync.WaitGroup
		for g := range 8 {
			group.Go(func() {
				err := account.ErrStale
				for errors.Is(err, account.ErrStale) {
					err = e.try(t.Context(), t, id, fmt.Sprint("editor ", g))
				}
				assert.NoError(t, err)
			})
		}
		group.Wait()
		assert.Zero(t, e.requireHistory(t, id))
		undone, err := e.svc.Undo(t.Context(), id, 9, 9, edit(nil)) // reads the history in its transaction
		require.NoError(t, err)
		assert.Equal(t, int64(10), undone.Account.Revision)
	})
}
