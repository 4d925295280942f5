package memstore

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

func (r reader) Message(ctx context.Context, key store.MessageKey) (message.Message, error) {
	return read(ctx, r, func(s *state) (message.Message, error) {
		k, err := find(&s.messages.kept, key)
		if err != nil {
			return message.Message{}, err
		}
		return cloneMessage(&k.message), nil
	})
}

// MessagePage looks at an account's messages from the newest on, until the page is full.
func (r reader) MessagePage(ctx context.Context, q message.Query) ([]message.Message, error) {
	return read(ctx, r, func(s *state) (page []message.Message, _ error) {
		for k := range s.messages.candidates(&q) {
			if k.message.Account != q.Account || len(page) == q.PageSize() {
				break
			}
			if s.messages.listed(&k.message, &q) {
				page = append(page, cloneMessage(&k.message))
			}
		}
		return page, nil
	})
}

// candidates returns messages from where the page begins; of a query for an id, no other.
func (b *messages) candidates(q *message.Query) func(yield func(*kept) bool) {
	return func(yield func(*kept) bool) {
		if q.ID != "" {
			if k, ok := b.kept.get(store.MessageKey{Account: q.Account, ID: q.ID}); ok {
				yield(k)
			}
			return
		}
		place := newest{account: q.Account, hold: math.MaxInt64}
		if q.Before != 0 {
			place.hold = q.Before - 1
		}
		for n := range b.newest.behind(place) {
			if k, _ := b.kept.get(store.MessageKey{Account: n.account, ID: n.id}); !yield(k) {
				return
			}
		}
	}
}

func (b *messages) listed(m *message.Message, q *message.Query) bool {
	return (q.Before == 0 || m.Entries.Hold < q.Before) &&
		(q.ClientRef == "" || q.ClientRef == m.ClientRef) &&
		(q.Destination == "" || q.Destination == m.Destination) &&
		(q.Stage == "" || q.Stage == m.Stage()) &&
		q.State.Or(m.State()) == m.State() &&
		(q.From.IsZero() || !m.AdmittedAt.Before(q.From)) && (q.To.IsZero() || m.AdmittedAt.Before(q.To)) &&
		(q.NetworkID == "" || b.has(m, q.NetworkID))
}

// has reports whether a message has an id, of whatever network.
func (b *messages) has(m *message.Message, id string) bool {
	return slices.ContainsFunc(m.NetworkIDs, func(n message.NetworkID) bool {
		owner, ok := b.owners.get(store.NetworkKey{Network: n.Network, ID: n.ID})
		return n.ID == id && ok && owner == keyOfMessage(m)
	})
}

func (r reader) MessagesOf(ctx context.Context, ids []store.NetworkKey) ([]store.MessageKey, error) {
	return read(ctx, r, func(s *state) ([]store.MessageKey, error) {
		keys := make([]store.MessageKey, len(ids))
		for i, id := range ids {
			keys[i], _ = s.messages.owners.get(id)
		}
		return keys, nil
	})
}

func (r reader) EarlyReports(ctx context.Context, ids []store.NetworkKey) ([]message.Early, error) {
	return read(ctx, r, func(s *state) (es []message.Early, _ error) {
		for _, id := range ids {
			es = s.messages.appendEarly(es, id)
		}
		return es, nil
	})
}

func (b *messages) appendEarly(es []message.Early, id store.NetworkKey) []message.Early {
	early, _ := b.early.get(id)
	return append(es, early...)
}

// lookUp answers what a lookup asks of messages.
func (b *messages) lookUp(ask *store.Lookup, found *store.Found) {
	for _, id := range ask.Messages {
		if k, ok := b.kept.get(store.MessageKey{Account: ask.Account, ID: id}); ok {
			found.Messages = append(found.Messages, cloneMessage(&k.message))
		}
	}
	for _, id := range ask.NetworkIDs {
		if owner, ok := b.owners.get(id); ok {
			k, _ := b.kept.get(owner)
			found.Owned = append(found.Owned, store.Owned{Of: id, Message: owner, Over: !k.message.EndedAt.IsZero()})
		}
		found.Early = b.appendEarly(found.Early, id)
	}
}

// DueMessages is [store.Messages]'s: by account and id.
func (s *Store) DueMessages(ctx context.Context, now time.Time, after store.MessageKey, limit int) ([]store.MessageKey, error) {
	return read(ctx, s.reader, func(s *state) (keys []store.MessageKey, _ error) {
		for w := range s.messages.waiting.dueBehind(waiting{key: after}, instant(now)) {
			if len(keys) >= limit {
				break
			}
			keys = append(keys, w.key)
		}
		return keys, nil
	})
}

func (r reader) Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error) {
	return read(ctx, r, func(s *state) (found []message.FiguresRow, _ error) {
		from := figures{Key: message.FiguresKey{Account: q.Account, Day: q.From}}
		for f := range s.messages.figures.behind(from) {
			if f.Key.Account != q.Account || !q.To.IsZero() && f.Key.Day.Compare(q.To) > 0 {
				break
			}
			found = append(found, message.FiguresRow(f))
		}
		return found, nil
	})
}
