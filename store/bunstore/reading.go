package bunstore

import (
	"context"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
)

// reads is how often a read is run that loses to other transactions.
var reads = again.Policy{Tries: 20, Pause: time.Millisecond}

// reading runs a read of one statement: again while it loses to other transactions, as
// even a read may where transactions are serializable by default. Within a transaction
// the loss is the transaction's, and ends it.
func reading[T any](ctx context.Context, s session, run func() (T, error)) (T, error) {
	var found T
	err := reads.Do(ctx, func(int) (_ bool, err error) {
		found, err = run()
		return s.conn.Alone() && errors.Is(err, account.ErrConflict), err
	})
	return found, err
}
