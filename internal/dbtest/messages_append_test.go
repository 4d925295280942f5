package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store"
)

// Many messages are written by two statements at once. Each posting is told what became of it,
// whatever there is in the half that it is in.
func TestManyMessagesAreAppendedSideBySide(t *testing.T) {
	const all, moved, locked, spoilt = 100, 7, 20, 90
	for name, parameters := range map[string]url.Values{
		"as it is": nil, "serializable by default": {"default_transaction_isolation": {"serializable"}},
	} {
		t.Run(name, func(t *testing.T) {
			db := openPostgres(t, storeDSN(t), parameters)
			r := newMessageRig(newLedgerRigOf(t, newStore(t, db), "beside", all))
			ps, wanted := make([]store.Posting, all), make([]store.OutcomeKind, all)
			for k := range all {
				p := r.posting(k)
				r.admit(p, r.envelope(k, fmt.Sprint("m-", k)))
				ps[k], wanted[k] = *p, store.OutcomeWritten
			}
			r.append(r.each(moved + 1)[moved:])
			ps[spoilt].Messages[0].Message.Sender = "a\x00"
			wanted[moved], wanted[locked], wanted[spoilt] = store.OutcomeMoved, store.OutcomeBusy, store.OutcomeBusy
			require.NoError(t, r.s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Lock(ctx, r.balances[locked].Account)
				require.NoError(t, err)
				outcomes, err := r.s.Append(t.Context(), ps) // not with ctx: this is another caller
				require.NoError(t, err)
				assert.Equal(t, wanted, kinds(outcomes))
				return nil
			}))
			for k := range all {
				_, err := r.s.Message(t.Context(), store.MessageKey{Account: r.balances[k].Account, ID: fmt.Sprint("m-", k)})
				assert.Equal(t, wanted[k] == store.OutcomeWritten, err == nil, k)
			}
		})
	}
}
