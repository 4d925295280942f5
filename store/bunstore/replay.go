package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Replay is [store.Outbox]'s.
func (s *Store) Replay(ctx context.Context, r store.Replay) (int, error) {
	where, err := s.replayed(r)
	if err != nil {
		return 0, err
	}
	var n int
	err = s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		now := where.next()
		n, err = t.execute(ctx, `UPDATE clientaccount_deliveries SET state = 'waiting', tries = 0, ended_at = NULL,
			due_at = `+now+` WHERE `+where.String(), append(where.args, rows.InstantText(r.Now))...)
		return err
	})
	return n, err
}

func (s session) replayed(r store.Replay) (conditions, error) {
	where := conditions{parts: []string{"state = 'dead'"}}
	if r.Done {
		where.parts = []string{"state IN ('dead', 'done')"}
	}
	where.add("account_id = ?", rows.IDText(r.Account))
	if len(r.IDs) > 0 {
		ids, err := rows.IDList(r.IDs)
		if err != nil {
			return where, err
		}
		where.add("id IN "+s.dialect.Elements("?"), ids)
	}
	if r.Kind != "" {
		where.add("kind = ?", string(r.Kind))
	}
	if !r.From.IsZero() {
		where.add("created_at >= ?", rows.InstantText(rows.Kept(r.From)))
	}
	if !r.To.IsZero() {
		where.add("created_at < ?", rows.InstantText(rows.Kept(r.To)))
	}
	return where, nil
}
