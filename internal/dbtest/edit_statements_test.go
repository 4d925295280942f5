package dbtest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// An edit of one field asks for what its rules need, and for nothing else: the account, as
// the editor saw it and under its lock, and the balance, which the hook is not shown. Nor is
// it shown the record's fields, since they are parameters.
func TestAnEditAsksForWhatItNeedsOnly(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		made, err := clientaccount.New(s, nil).Create(t.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
			a.Core.Login, a.Contact.Company = "acme", "Acme"
			a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
			return nil
		}})
		require.NoError(t, err)
		hook := &statements{}
		traced, err := bunstore.New(db.WithQueryHook(hook))
		require.NoError(t, err)
		company := clientaccount.Edit{Apply: account.Change{}.Set("contact.company", "Acme Telecom").Apply}
		_, err = clientaccount.New(traced, nil).Update(t.Context(), made.Account.ID, 1, company)
		require.NoError(t, err)
		want := []string{"SELECT", "BEGIN", "SELECT", "UPDATE", "INSERT", "COMMIT"}
		require.Len(t, hook.seen, len(want), "%s", strings.Join(hook.seen, "\n"))
		for i, statement := range hook.seen {
			assert.Equal(t, want[i], strings.Fields(statement)[0])
		}
	})
}
