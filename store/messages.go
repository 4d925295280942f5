package store

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Messages is the ability of a store to keep messages for as long as networks report of them,
// and some time longer. Such a store is an [Outbox], too. The promises are tested by
// storetest.RunMessages.
//
// A message belongs to its account's money: it is read by [Lookup].Messages, beside the
// balance, and written by [Posting].Messages, with the entries, over the version that it was
// read at. So nothing is written over a message that moved on meanwhile, and a store looks at
// no versions of messages. Transactions of such a store keep messages, too: their Ledger reads
// them, their Post writes them.
type Messages interface {
	MessageReader

	// KeepEarly keeps reports of network ids that no message has, in their order, see
	// [message.EarlyReports.With]. It returns which messages have the ids by then, in the
	// order of the reports, the zero MessageKey for none: with whoever writes a message's
	// ids and then asks for EarlyReports, one of the two sees what the other wrote.
	KeepEarly(ctx context.Context, es []message.Early) ([]MessageKey, error)
	// OverdueEarly are the early reports of ids that messages have by now, of at most limit
	// ids, all that there are of each: whoever wrote one of the two did not live to see the
	// other.
	OverdueEarly(ctx context.Context, limit int) ([]message.Early, error)
	// DropEarly forgets the reports of network ids. What is not there is passed over.
	DropEarly(ctx context.Context, ids []NetworkKey) error

	// DueMessages are messages behind after (in any order that stays the same) whose Due has
	// come by now, at most limit; the zero MessageKey begins.
	DueMessages(ctx context.Context, now time.Time, after MessageKey, limit int) ([]MessageKey, error)
	// CountMessages adds messages that moved on since they were counted to the figures, at
	// most limit of them, each with what it counts for now in place of what it counted for
	// before, in one transaction. It returns how many; what another transaction has locked
	// is left for the next time.
	CountMessages(ctx context.Context, limit int) (int, error)
	// PurgeMessages removes messages that ended before an instant and are counted, with
	// their network ids, at most limit; and early reports, of at most limit ids of which the
	// last one came before early. It returns how many messages and such ids. Figures stay.
	PurgeMessages(ctx context.Context, ended, early time.Time, limit int) (int, error)
}

// MessageReader is what can be asked of messages. A [Tx] of a store that has [Messages] is
// one, too.
type MessageReader interface {
	// Message returns a message, or ErrNotFound.
	Message(ctx context.Context, key MessageKey) (message.Message, error)
	// MessagePage returns a page of an account's messages, the newest first. A network id is
	// that of the message that has it by now, as MessagesOf says.
	MessagePage(ctx context.Context, q message.Query) ([]message.Message, error)
	// MessagesOf returns which messages have network ids, in their order: the zero MessageKey
	// for none.
	MessagesOf(ctx context.Context, ids []NetworkKey) ([]MessageKey, error)
	// EarlyReports returns what is kept for network ids that came before their messages were
	// sent, that of each id in the order in which it came.
	EarlyReports(ctx context.Context, ids []NetworkKey) ([]message.Early, error)
	// Figures returns those of an account, by their keys in ascending order: day, MCC, MNC,
	// channel, state, unset first. What comes to nothing is left out.
	Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error)
}

// MessageKey names a message.
type MessageKey struct {
	Account account.ID `json:"account"`
	ID      string     `json:"id"`
}

// NetworkKey names what a network has an id for.
type NetworkKey struct {
	Network string `json:"network"`
	ID      string `json:"id"`
}

// KeptMessage is a message to be kept as it is after a step, and what goes with it.
type KeptMessage struct {
	Message message.Message `json:"message"`
	// Was is the version that it was read at, 0 for a new one. A store need not compare it:
	// the account's does. One that was removed since it was read stays removed, with its
	// network ids.
	Was int64 `json:"was"`
	// NetworkIDs are those of the message's that are new. One that another message has goes
	// over to this one: networks use them again. Of several messages that get one at once, the
	// last one of a posting has it, and of several postings' any one.
	NetworkIDs []message.NetworkID `json:"network_ids"`
	// Deliveries are what the client is told, accepted as by [OutboxTx].Enqueue. An id that
	// is there is left as it is.
	Deliveries []Delivery `json:"deliveries"`
}

// Owned is a network id that a message has, as [Found] tells it.
type Owned struct {
	Of      NetworkKey `json:"of"`
	Message MessageKey `json:"message"`
	Over    bool       `json:"over"` // the message came to its end
}
