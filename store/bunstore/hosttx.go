package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

// HostTx is a transaction of the host's: a [bun.Tx] or an [sql.Tx] of the database
// that the store is in.
type HostTx interface {
	bun.IConn
	Commit() error
	Rollback() error
}

// OnTx returns the store within a transaction of the host's: what the store writes is
// committed or rolled back with what the host writes. Update neither commits nor
// repeats. When it fails, what its function wrote is taken back to a savepoint, and
// the transaction can go on: so a refused account does not take the host's own rows
// with it.
//
// After [account.ErrConflict] the host rolls its transaction back and may run all of
// it again. A context canceled in the middle may end the whole transaction. The
// result is for one goroutine, and of no use when the transaction has ended.
func (s *Store) OnTx(tx HostTx) store.Transactor {
	return &hostTx{newReader(s.On(prepared.Hosted(tx)))}
}

type hostTx struct{ reader }

// Update is [store.Transactor]'s within the host's transaction, see [Store.OnTx].
func (h *hostTx) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if err := h.exec(ctx, "SAVEPOINT clientaccount"); err != nil {
		return err
	}
	keep := false
	defer func() {
		if !keep {
			h.takeBack(context.WithoutCancel(ctx))
		}
	}()
	if err := fn(ctx, newTx(h.Session)); err != nil {
		return err
	}
	if err := h.exec(ctx, "RELEASE SAVEPOINT clientaccount"); err != nil {
		return err
	}
	keep = true
	return nil
}

// takeBack undoes what was written since the savepoint. Where that fails, the
// transaction is lost as a whole, which the host learns from its commit.
func (h *hostTx) takeBack(ctx context.Context) {
	if h.exec(ctx, "ROLLBACK TO SAVEPOINT clientaccount") == nil {
		_ = h.exec(ctx, "RELEASE SAVEPOINT clientaccount")
	}
}

func (h *hostTx) exec(ctx context.Context, statement string) error {
	_, err := h.Conn.ExecContext(ctx, statement)
	return h.Failed(ctx, err)
}
