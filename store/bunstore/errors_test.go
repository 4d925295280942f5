package bunstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
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

func TestWhatIsCertainOnPostgreSQL(t *testing.T) {
	for code, certain := range map[string]bool{
		"23505": true, "22003": true, "40001": true, "40P01": true, "55P03": true, "57014": true, "25006": true, "53300": true,
		"08006": false, "08007": false, "57P01": false, "57P02": false, "57P03": false, "40003": false, "58030": false, "XX000": false, "": false,
	} {
		assert.Equal(t, certain, postgres{}.certain(fmt.Errorf("wrapped: %w", pgxError{code: code})), code)
	}
}

func TestFailedAppendSaysWhatIsCertain(t *testing.T) {
	s := &Store{session: session{engine: postgres{}}}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tc := range map[string]struct {
		ctx     context.Context
		err     error
		nothing bool
		is      error
	}{
		"the server's word":                   {t.Context(), pgxError{code: "22003"}, true, nil},
		"a lost race":                         {t.Context(), pgxError{code: "40P01"}, true, store.ErrConflict},
		"the server's end":                    {t.Context(), pgxError{code: "57P01"}, false, nil},
		"a cut connection":                    {t.Context(), io.ErrUnexpectedEOF, false, nil},
		"a connection that is bad":            {t.Context(), driver.ErrBadConn, false, nil},
		"no connection":                       {t.Context(), &net.OpError{Op: "dial", Err: io.EOF}, true, nil},
		"not prepared":                        {t.Context(), unwritten(io.EOF), true, io.EOF},
		"a bad value":                         {t.Context(), errAmount, true, errAmount},
		"a context that ended under way":      {canceled, context.Canceled, false, context.Canceled},
		"a context that ended, and an answer": {canceled, pgxError{code: "57014"}, true, context.Canceled},
		"a context that ended before":         {canceled, unwritten(context.Canceled), true, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.failedAppend(tc.ctx, tc.err)
			assert.Equal(t, tc.nothing, errors.Is(err, store.ErrNothing))
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is)
			}
		})
	}
}
