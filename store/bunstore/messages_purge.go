package bunstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// PurgeMessages is [store.Messages]'s, in a transaction for each of the two.
func (s *Store) PurgeMessages(ctx context.Context, ended, early time.Time, limit int) (int, error) {
	var messages, ids int
	err := s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		messages, err = t.purgeMessages(ctx, ended, limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	err = s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		ids, err = t.purgeEarly(ctx, early, limit)
		return err
	})
	if err != nil {
		return messages, err
	}
	return messages + ids, nil
}

// purgeMessages passes over what somebody has locked.
func (t *tx) purgeMessages(ctx context.Context, ended time.Time, limit int) (int, error) {
	purged, err := session.Query(ctx, t.Session, `WITH d AS MATERIALIZED (
			SELECT m.account_id, m.id FROM clientaccount_messages m
			WHERE m.ended_at IS NOT NULL AND m.ended_at < $1 AND m.counted
			ORDER BY m.ended_at LIMIT $2 `+t.Dialect.SkipLocked("m")+`)
		DELETE FROM clientaccount_messages WHERE (account_id, id) IN (SELECT d.account_id, d.id FROM d)
		RETURNING `+rows.PurgedMessages.Columns().List(""), rows.PurgedMessages, rows.BoundText(ended), limit)
	if err != nil {
		return 0, err
	}
	var ids []rows.OwnedID
	for _, m := range purged {
		for _, id := range m.NetworkIDs {
			ids = append(ids, rows.OwnedID{
				Of: store.NetworkKey{Network: id.Network, ID: id.ID}, Message: store.MessageKey{Account: m.Account, ID: m.ID},
			})
		}
	}
	if len(ids) == 0 {
		return len(purged), nil
	}
	given, err := session.Packed(rows.OwnedIDs, ids)
	if err != nil {
		return 0, err
	}
	_, err = t.Execute(ctx, t.Unpacked(rows.OwnedIDs.Columns())+`DELETE FROM clientaccount_network_ids
		WHERE (id, network, account_id, message) IN (SELECT r.id, r.network, r.account_id, r.message FROM r)`, given)
	return len(purged), err
}

// purgeEarly drops ids whose last report is too old.
func (t *tx) purgeEarly(ctx context.Context, before time.Time, limit int) (int, error) {
	return t.Execute(ctx, `WITH e AS MATERIALIZED (
			SELECT t.id, t.network FROM clientaccount_early_reports t
			WHERE t.last_at < $1 ORDER BY t.last_at LIMIT $2 `+t.Dialect.SkipLocked("t")+`)
		DELETE FROM clientaccount_early_reports WHERE (id, network) IN (SELECT e.id, e.network FROM e)`, rows.BoundText(before), limit)
}
