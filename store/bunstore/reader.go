package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/billing"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/clients"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prices"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/tasks"
)

// reader is the reading half of Store, of a host's transaction, and of tx.
type reader struct {
	session.Session
	pricesReader
	billingReader
	tasksReader
	clientsReader
}

// tx is the writing half, and locks the accounts it reads.
type tx struct {
	reader
	pricesTx
	billingTx
	tasksTx
	clientsTx
}

type (
	clientsReader = clients.Reader
	pricesReader  = prices.Reader
	pricesTx      = prices.Tx
	billingReader = billing.Reader
	billingTx     = billing.Tx
	tasksReader   = tasks.Reader
	tasksTx       = tasks.Tx
	clientsTx     = clients.Tx
)

var _ store.Tx = (*tx)(nil)

func newReader(s session.Session) reader {
	return reader{s, prices.NewReader(s), billing.NewReader(s), tasks.NewReader(s), clients.NewReader(s)}
}

func newTx(s session.Session) *tx {
	return &tx{newReader(s), prices.NewTx(s), billing.NewTx(s), tasks.NewTx(s), clients.NewTx(s)}
}

func (s reader) insert(ctx context.Context, table string, v map[string]any) error {
	_, err := s.DB.NewInsert().Conn(s.Conn.IConn).Model(&v).Table(table).Exec(ctx)
	return s.Failed(ctx, err)
}

// put inserts a row (was 0), or replaces the one of its id, if that is at revision was.
func (s reader) put(ctx context.Context, table string, id account.ID, was int64, v map[string]any) error {
	if was == 0 {
		return s.insert(ctx, table, v)
	}
	result, err := s.DB.NewUpdate().Conn(s.Conn.IConn).Model(&v).Table(table).
		Where("id = ?", rows.IDText(id)).Where("revision = ?", was).Exec(ctx)
	if err != nil {
		return s.Failed(ctx, err)
	}
	if changed, err := result.RowsAffected(); changed > 0 || err != nil {
		return err
	}
	_, err = session.Only(session.Listed(ctx, s.Session, s.From(table).Where("id = ?", rows.IDText(id)), []string{"revision"}, (*rows.Row).Integer))
	if err != nil {
		return err
	}
	return account.ErrStale
}

// remove deletes the row of an id: ErrNotFound, or ErrInUse while others point at it.
func (s reader) remove(ctx context.Context, table string, id account.ID) error {
	result, err := s.DB.NewDelete().Conn(s.Conn.IConn).Table(table).Where("id = ?", rows.IDText(id)).Exec(ctx)
	if err != nil {
		return s.FailedTo(ctx, err, store.ErrInUse)
	}
	if changed, err := result.RowsAffected(); changed > 0 || err != nil {
		return err
	}
	return account.ErrNotFound
}

// changed tells other processes that settings were changed, where the database can.
func (t *tx) changed(ctx context.Context, id account.ID) error {
	statement := t.Dialect.Notify()
	if statement == "" {
		return nil
	}
	_, err := t.Execute(ctx, statement, rows.IDText(id))
	return err
}

// ident quotes a column's name.
func ident(column string) bun.Ident { return bun.Ident(column) }
