package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// mostReads is how often a read is run that loses to other transactions.
const mostReads = 20

// reading runs a read of one statement: again while it loses to other transactions, as
// even a read may where transactions are serializable by default. Within a transaction
// the loss is the transaction's, and ends it.
func reading[T any](ctx context.Context, s session, run func() (T, error)) (T, error) {
	_, alone := s.conn.(*sql.DB)
	for try := 1; ; try++ {
		found, err := run()
		if !alone || try == mostReads || !errors.Is(err, store.ErrConflict) {
			return found, err
		}
		timer := time.NewTimer(rand.N(time.Duration(try) * time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return found, ctx.Err()
		case <-timer.C:
		}
	}
}
