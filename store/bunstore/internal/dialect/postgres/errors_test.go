package postgres

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
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
		"serialization failure": {code: "40001", want: account.ErrConflict},
		"deadlock":              {code: "40P01", want: account.ErrConflict},
		"lock timeout":          {code: "55P03", want: account.ErrConflict},
		"reference":             {code: "23503", want: dialect.ErrReference},
		"login":                 {code: "23505", text: `повторяющееся значение "clientaccount_accounts_login"`, path: "login"},
		"login, in German":      {code: "23505", text: "Unique-Constraint »clientaccount_accounts_login«", path: "login"},
		"contract":              {code: "23505", text: `duplicate key "clientaccount_accounts_contract"`, path: "contact.contract"},
		"another key":           {code: "23505", text: `duplicate key "clientaccount_changes_pkey"`, want: account.ErrConflict},
		"syntax":                {code: "42601"},
		"no code":               {},
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range []error{pgxError{tc.code, tc.text}, pgdriverError{tc.code, tc.text}} {
				requireKind(t, New().Classify(fmt.Errorf("wrapped: %w", err)), tc.want, tc.path)
			}
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

func TestWhatIsCertainOnPostgreSQL(t *testing.T) {
	for code, certain := range map[string]bool{
		"23505": true, "22003": true, "40001": true, "40P01": true, "55P03": true, "57014": true, "25006": true, "53300": true,
		"08006": false, "08007": false, "57P01": false, "57P02": false, "57P03": false, "40003": false, "58030": false, "XX000": false, "": false,
	} {
		assert.Equal(t, certain, New().Certain(fmt.Errorf("wrapped: %w", pgxError{code: code})), code)
	}
}
