package dbtest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// canceler is a query hook that cancels a context just before or just after one of
// the statements that are run with it, BEGIN and COMMIT among them.
type canceler struct {
	cancel context.CancelFunc
	before bool
	left   int // statements until the one
	at     string
}

func (c *canceler) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if c.left--; c.before {
		c.cut(e)
	}
	return ctx
}

func (c *canceler) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	if !c.before {
		c.cut(e)
	}
}

func (c *canceler) cut(e *bun.QueryEvent) {
	if c.left == 0 {
		c.at = e.Query
		c.cancel()
	}
}

// Whichever statement of an edit a caller's context ends at: the edit says so and
// has changed nothing, or it is there as a whole; and the next one works.
func TestContextEndsAtEveryStatement(t *testing.T) {
	t.Parallel()
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		outside := newEditors(t, s)
		id := outside.create(t, "acme")
		for name, before := range map[string]bool{"before": true, "after": false} {
			t.Run(name, func(t *testing.T) {
				canceled := 0
				for n := 1; ; n++ {
					ctx, cancel := context.WithCancel(t.Context())
					hook := &canceler{cancel: cancel, before: before, left: n}
					hooked, err := bunstore.New(db.WithQueryHook(hook))
					require.NoError(t, err)
					was, err := s.Account(t.Context(), id)
					require.NoError(t, err)
					_, err = newEditors(t, hooked).svc.Update(ctx, id, was.Revision, edit(account.Change{}.
						Set("notes.comments", was.Notes.Comments+"x").
						Set("password", "nine-Herons-at-dawn").Set("password_retype", "nine-Herons-at-dawn")))
					cancel()
					requireAllOrNothing(t, outside, was, err, hook.at)
					if hook.at == "" {
						break // the edit has fewer statements
					}
					canceled++
				}
				assert.Greater(t, canceled, 5, "statements of an edit")
			})
		}
	})
}

func requireAllOrNothing(t *testing.T, e *editors, was account.Account, err error, statement string) {
	t.Helper()
	records, readErr := e.svc.Changes(t.Context(), account.ChangeQuery{Of: was.ID, Since: was.Revision})
	require.NoError(t, readErr)
	now, readErr := e.svc.Get(t.Context(), was.ID)
	require.NoError(t, readErr)
	if err != nil {
		require.ErrorIs(t, err, context.Canceled, statement)
		assert.Empty(t, records, statement)
		assert.Equal(t, was.Revision, now.Revision, statement)
		return
	}
	assert.Len(t, records, 1, statement)
	assert.Equal(t, was.Notes.Comments+"x", now.Notes.Comments, statement)
}
