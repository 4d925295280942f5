package store

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
)

// MostProbed is the most clients each of whose ledgers and messages a [Finder] goes to.
const MostProbed = 1000

// Finder is the ability of a store to look across clients for what people know by a key. Entries
// of kinds that people make ([FoundKinds]) are found among all clients; others, and messages by
// their own ids, only where no more than MostProbed clients are asked for: no index of keys is
// written with each charge, or each message.
type Finder interface {
	// FindEntries returns entries by their references, in no order.
	FindEntries(ctx context.Context, q KeyQuery) ([]account.Entry, error)
	// FindMessages returns messages by their ids, and by network ids, in no order. A store that
	// keeps no messages has none.
	FindMessages(ctx context.Context, q KeyQuery) ([]MessageKey, error)
}

// KeyQuery asks for what has a key.
type KeyQuery struct {
	Key      string
	Prefix   bool                           // keys that begin so, too
	Managers account.Optional[[]account.ID] // of the clients of these alone
	Limit    int                            // at most so many
}

// Fits reports whether a key is one that is asked for.
func (q KeyQuery) Fits(key string) bool {
	return key == q.Key || q.Prefix && len(key) > len(q.Key) && key[:len(q.Key)] == q.Key
}

// FoundKinds returns the kinds of movements whose entries are found among all clients.
func FoundKinds() []account.MovementKind {
	return []account.MovementKind{account.KindTopUp, account.KindAdjust, account.KindRefund, account.KindTransferOut, account.KindTransferIn}
}
