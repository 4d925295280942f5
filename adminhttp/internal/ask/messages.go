package ask

import (
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// MessageStages returns all stages of a message, in the order in which they come.
func MessageStages() []message.Stage {
	return []message.Stage{message.StageHeld, message.StageSent, message.StageEnded, message.StageUnsent, message.StageTimedOut}
}

// SeesMessages reports whether the actor may see messages, and the Service keeps any at all.
func (r *Request) SeesMessages() bool {
	return r.Judge.May(access.Messages) && r.Service.KeepsMessages()
}

// MessageOf returns the message that has a network's id, account.ErrNotFound where it is none
// of a client within the scope.
func (r *Request) MessageOf(network, id string) (message.Message, error) {
	m, err := r.Service.MessageOf(r.Context(), store.NetworkKey{Network: network, ID: id})
	if err != nil {
		return message.Message{}, err
	}
	seen, err := r.Judge.SeesID(r.Context(), m.Account)
	if err == nil && !seen {
		err = account.ErrNotFound
	}
	return m, err
}

// TellsEnd reports whether the actor may be told when a message ended: of one whose reports did
// not come in time, that is when the wait for them was over.
func TellsEnd(p access.Parts, m message.Message) bool {
	return p.Wait || !m.IsSent() || !m.Tracking.TimedOut
}

// Story is a message with what stands behind its steps, as far as the actor may be told.
type Story struct {
	Message message.Message
	Entries []account.Entry // of its money, in their order
	Told    []Told          // to the client's URLs, the newest of them, in their order
}

// Told is a delivery of a message, and the state that it tells of, if it tells of one.
type Told struct {
	clientaccount.Delivery
	Of account.Optional[account.MessageState]
}

// maxTold is how many deliveries a story has at most.
const maxTold = 50

// Story returns that of a message of the path's client.
func (r *Request) Story(id string) (Story, error) {
	m, err := r.Service.Message(r.Context(), r.ID, id)
	if err != nil {
		return Story{}, err
	}
	s, parts := Story{Message: m}, r.Judge.Parts()
	if parts.Money {
		s.Entries, err = r.messageEntries(m.Entries)
	}
	if err == nil && parts.Told {
		s.Told, err = r.told(m.ID)
	}
	return s, err
}

// messageEntries returns the entries of a message's money.
func (r *Request) messageEntries(numbers message.Entries) (entries []account.Entry, err error) {
	for _, number := range []int64{numbers.Hold, numbers.End, numbers.Refund} {
		if number == 0 {
			continue
		}
		found, err := r.Service.Entries(r.Context(), account.EntryQuery{Account: r.ID, After: number - 1, Before: number + 1, Limit: 1})
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if e, err = r.Judge.Entry(r.Context(), e); err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// told returns what was sent to the client's URLs of a message.
func (r *Request) told(id string) (all []Told, err error) {
	found, err := r.Deliveries(clientaccount.DeliveryQuery{Account: r.ID, Message: id, Limit: maxTold})
	if errors.Is(err, clientaccount.ErrNoOutbox) {
		return nil, nil
	}
	slices.Reverse(found)
	for _, d := range found {
		told := Told{Delivery: d}
		if state, known := payload.StateOf(d); known {
			told.Of = account.Some(state)
		}
		all = append(all, told)
	}
	return all, err
}
