package bunstore

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store"
)

// pgxError has the code in the way of pgx and lib/pq.
type pgxError struct{ code, text string }

func (e pgxError) Error() string    { return e.text }
func (e pgxError) SQLState() string { return e.code }

// pgdriverError has the code in the way of bun's own driver.
type pgdriverError struct{ code, text string }

func (e pgdriverError) Error() string { return e.text }

func (e pgdriverError) Field(k byte) string {
	if k == 'C' {
		return e.code
	}
	return e.text
}

func TestErrorsOfPostgreSQL(t *testing.T) {
	for name, tc := range map[string]struct {
		code, text string
		want       error
		path       string
	}{
		"serialization failure": {code: "40001", want: store.ErrConflict},
		"deadlock":              {code: "40P01", want: store.ErrConflict},
		"lock timeout":          {code: "55P03", want: store.ErrConflict},
		"reference":             {code: "23503", want: errReference},
		"login":                 {code: "23505", text: `повторяющееся значение "clientaccount_accounts_login"`, path: "login"},
		"login, in German":      {code: "23505", text: "Unique-Constraint »clientaccount_accounts_login«", path: "login"},
		"contract":              {code: "23505", text: `duplicate key "clientaccount_accounts_contract"`, path: "contact.contract"},
		"another key":           {code: "23505", text: `duplicate key "clientaccount_changes_pkey"`, want: store.ErrConflict},
		"syntax":                {code: "42601"},
		"no code":               {},
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range []error{pgxError{tc.code, tc.text}, pgdriverError{tc.code, tc.text}} {
				requireKind(t, postgres{}.classify(fmt.Errorf("wrapped: %w", err)), tc.want, tc.path)
			}
		})
	}
}

func TestErrorsOfSQLite(t *testing.T) {
	for text, tc := range map[string]struct {
		want error
		path string
	}{
		"database is locked (5) (SQLITE_BUSY)":                                                       {want: store.ErrConflict},
		"database is locked":                                                                         {want: store.ErrConflict},
		"database table is locked: clientaccount_accounts":                                           {want: store.ErrConflict},
		"constraint failed: FOREIGN KEY constraint failed (787)":                                     {want: errReference},
		"constraint failed: UNIQUE constraint failed: clientaccount_accounts.login (2067)":           {path: "login"},
		"UNIQUE constraint failed: clientaccount_accounts.contact_contract":                          {path: "contact.contract"},
		"UNIQUE constraint failed: clientaccount_changes.account_id, clientaccount_changes.revision": {want: store.ErrConflict},
		"no such table: clientaccount_accounts":                                                      {},
	} {
		t.Run(text, func(t *testing.T) {
			requireKind(t, sqlite{}.classify(errors.New(text)), tc.want, tc.path)
		})
	}
}

func requireKind(t *testing.T, got, want error, path string) {
	t.Helper()
	var taken *store.TakenError
	if path != "" {
		require.ErrorAs(t, got, &taken)
		assert.Equal(t, path, taken.Path)
		return
	}
	assert.Equal(t, want, got)
}

// A driver may call a canceled statement whatever it likes.
func TestCanceledContextIsTheError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := session{engine: postgres{}}
	lost := pgxError{"40001", "lost"}
	require.ErrorIs(t, s.failed(ctx, lost), store.ErrConflict)
	require.NoError(t, s.failed(ctx, nil))
	cancel()
	err := s.failed(ctx, lost)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, lost)
	require.NotErrorIs(t, err, store.ErrConflict)
}

func TestBrokenReferenceMeansWhatTheCallerSays(t *testing.T) {
	s := session{engine: postgres{}}
	broken := pgxError{"23503", "reference"}
	require.ErrorIs(t, s.failed(t.Context(), broken), store.ErrConflict)
	require.ErrorIs(t, s.failedTo(t.Context(), broken, store.ErrInUse), store.ErrInUse)
}
