package bunstore

import (
	"context"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var (
	_ store.Messages      = (*Store)(nil)
	_ store.MessageReader = (*tx)(nil)
)

var messageColumns = rows.Messages.Columns().List("m.")

// Message is [store.MessageReader]'s.
func (s reader) Message(ctx context.Context, k store.MessageKey) (message.Message, error) {
	if !rows.Storable(k.ID) {
		return message.Message{}, session.NotFound(ctx)
	}
	return session.Only(session.Asked(ctx, s.Session, `SELECT `+messageColumns+` FROM clientaccount_messages m
		WHERE m.account_id = $1 AND m.id = $2`, rows.Messages, rows.IDText(k.Account), k.ID))
}

// MessagesOf is [store.MessageReader]'s.
func (s reader) MessagesOf(ctx context.Context, ids []store.NetworkKey) ([]store.MessageKey, error) {
	given, err := packedIDs(ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := session.Asked(ctx, s.Session, s.Unpacked(rows.OwnedIDs.Columns())+`SELECT r.position, r.new, t.account_id, t.message, t.network, t.id FROM `+
		s.Dialect.Each("r", dialect.NetworkIDsTable, byNetworkID, false), rows.OwnedIDs, given)
	if err != nil {
		return nil, err
	}
	keys := make([]store.MessageKey, len(ids))
	for _, o := range found {
		keys[o.Position] = o.Message
	}
	return keys, nil
}

// byNetworkID joins what is kept of a network id with the one that is asked for.
const byNetworkID = "t.id = r.id AND t.network = r.network"

// packedIDs are network ids in the form of rows.OwnedIDs, without those that no row has.
func packedIDs(ids []store.NetworkKey) (string, error) {
	var all []rows.OwnedID
	for i, id := range ids {
		if rows.Storable(id.Network, id.ID) {
			all = append(all, rows.OwnedID{Position: i, Of: id})
		}
	}
	return session.Packed(rows.OwnedIDs, all)
}

// DueMessages is [store.Messages]'s, in the order of their deadlines. A message keeps its
// deadline when it ends, and so its place.
func (s *Store) DueMessages(ctx context.Context, now time.Time, after store.MessageKey, limit int) ([]store.MessageKey, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	if after == (store.MessageKey{}) {
		return session.Asked(ctx, s.Session, `SELECT m.account_id, m.id FROM clientaccount_messages m
			WHERE m.due_at IS NOT NULL AND m.due_at <= $1 ORDER BY m.due_at, m.account_id, m.id LIMIT $2`,
			rows.MessageKeys, rows.InstantText(now), limit)
	}
	last, err := s.Message(ctx, after)
	switch {
	case errors.Is(err, account.ErrNotFound) || err == nil && last.Tracking.Deadline.IsZero():
		return nil, nil // its place is not known any more: who asks from the beginning finds the rest
	case err != nil:
		return nil, err
	}
	return session.Asked(ctx, s.Session, `SELECT m.account_id, m.id FROM clientaccount_messages m
		WHERE m.due_at IS NOT NULL AND m.due_at <= $1 AND (m.due_at, m.account_id, m.id) > ($3, $4, $5)
		ORDER BY m.due_at, m.account_id, m.id LIMIT $2`,
		rows.MessageKeys, rows.InstantText(now), limit, rows.InstantText(last.Tracking.Deadline), rows.IDText(after.Account), after.ID)
}
