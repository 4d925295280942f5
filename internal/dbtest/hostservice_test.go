package dbtest

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// counted is a store that counts its transactions.
type counted struct {
	store.Transactor
	updates int
}

func (c *counted) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	c.updates++
	return c.Transactor.Update(ctx, fn)
}

// A host's transaction that is too old for what it edits has lost: the Service says
// so at once, the host's own row stays out too, and all of it works when repeated.
func TestServiceInALostTransactionOfTheHost(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	s := newStore(t, db)
	e := newEditors(t, s)
	id := e.create(t, "acme")
	_, err := db.ExecContext(t.Context(), `CREATE TABLE orders (name text)`)
	require.NoError(t, err)

	inHost := func(between func(), revision int64) (int, error) {
		tx, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
		require.NoError(t, err)
		defer func() { _ = tx.Rollback() }()
		order(t, tx, "first") // from here on it sees what there was by now
		between()
		joined := &counted{Transactor: s.OnTx(tx)}
		_, err = e.svc.On(joined).Update(t.Context(), id, revision, edit(account.Change{}.Set("notes.comments", "with the order")))
		if err != nil {
			return joined.updates, err
		}
		return joined.updates, tx.Commit()
	}
	tries, err := inHost(func() { require.NoError(t, e.try(t.Context(), t, id, "faster")) }, 1)
	require.ErrorIs(t, err, account.ErrConflict)
	assert.Equal(t, 1, tries, "only the host can repeat its whole transaction")
	requireStored(t, db, s, 0, 1)

	_, err = inHost(func() {}, 2)
	require.NoError(t, err)
	requireStored(t, db, s, 1, 1)
}
