package dbtest

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
)

// What a host of an older version writes, which knows nothing of the list, is in it after a Tick, or
// as soon as somebody makes a subaccount beneath.
func TestTickListsWhatAnOlderHostWrote(t *testing.T) {
	for name, open := range map[string]func() *bun.DB{
		"SQLite":     func() *bun.DB { return openSQLite(t, filepath.Join(t.TempDir(), "older.db")) },
		"PostgreSQL": func() *bun.DB { return openPostgres(t, postgres.DSN(t), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			db := open()
			svc := clientaccount.New(newStore(t, db), nil)
			made := func(login string, parent account.ID) account.ID {
				created, err := svc.Create(t.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
					*a = accounttest.Valid(login)
					a.Sending.Subaccounts = true
					a.Core.Password, a.Parent = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk"), parent
					return nil
				}})
				require.NoError(t, err)
				return created.Account.ID
			}
			exec := func(statement string) {
				_, err := db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
			top := made("top", account.ID{})
			made("beneath", made("middle", top))
			made("edited", account.ID{})
			require.NoError(t, svc.Tick(t.Context()))
			exec(`DELETE FROM clientaccount_listed WHERE login <> 'edited'`)
			exec(`UPDATE clientaccount_accounts SET updated_at = '2099-01-02T03:04:05.000006Z', status = 'blocked', login = 'renamed' WHERE login = 'edited'`)
			made("young", top)
			require.NoError(t, svc.Tick(t.Context()))
			page, err := svc.List(t.Context(), account.Query{}, "")
			require.NoError(t, err)
			var logins []string
			for _, row := range page.Rows {
				logins = append(logins, row.Login)
			}
			require.Equal(t, []string{"beneath", "middle", "renamed", "top", "young"}, logins)
			blocked, err := svc.Count(t.Context(), account.Query{Status: account.StatusBlocked}, 9)
			require.NoError(t, err)
			require.Equal(t, 1, blocked)
		})
	}
}
