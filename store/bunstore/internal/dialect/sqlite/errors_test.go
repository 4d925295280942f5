package sqlite

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
)

func TestErrorsOfSQLite(t *testing.T) {
	for text, tc := range map[string]struct {
		want error
		path string
	}{
		"database is locked (5) (SQLITE_BUSY)":                                                       {want: account.ErrConflict},
		"database is locked":                                                                         {want: account.ErrConflict},
		"database table is locked: clientaccount_accounts":                                           {want: account.ErrConflict},
		"constraint failed: FOREIGN KEY constraint failed (787)":                                     {want: dialect.ErrReference},
		"constraint failed: UNIQUE constraint failed: clientaccount_accounts.login (2067)":           {path: "login"},
		"UNIQUE constraint failed: clientaccount_accounts.contact_contract":                          {path: "contact.contract"},
		"UNIQUE constraint failed: clientaccount_changes.account_id, clientaccount_changes.revision": {want: account.ErrConflict},
		"no such table: clientaccount_accounts":                                                      {},
	} {
		t.Run(text, func(t *testing.T) {
			requireKind(t, New().Classify(errors.New(text)), tc.want, tc.path)
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
