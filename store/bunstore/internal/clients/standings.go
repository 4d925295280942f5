package clients

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// StandingsBehind is [store.Standings]'s.
func (r Reader) StandingsBehind(ctx context.Context, now time.Time, limit int) ([]store.Behind, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	behind, err := session.Query(ctx, r.s, `SELECT account_id, marks FROM (
			SELECT * FROM (SELECT l.account_id, l.marks FROM clientaccount_listed l WHERE l.due_at <= $1 ORDER BY l.due_at LIMIT $2) due
			UNION
			SELECT * FROM (SELECT l.account_id, l.marks FROM clientaccount_balances b JOIN clientaccount_listed l ON l.account_id = b.account_id
				WHERE `+r.s.Dialect.MovedSince()+` AND l.version <> b.version LIMIT $2) moved
			UNION
			SELECT * FROM (SELECT l.account_id, l.marks FROM clientaccount_listed l
				WHERE l.hook_failing AND NOT `+hookFailing+` LIMIT $2) working
			UNION
			SELECT * FROM (SELECT l.account_id, l.marks FROM clientaccount_hooks h JOIN clientaccount_listed l ON l.account_id = h.account_id
				WHERE `+isFailing+` AND NOT l.hook_failing LIMIT $2) failing
			UNION
			SELECT * FROM (SELECT a.id, COALESCE(l.marks + 1, 1) FROM clientaccount_accounts a LEFT JOIN clientaccount_listed l ON l.account_id = a.id
				WHERE `+r.s.Dialect.WrittenSince()+` AND `+unlisted+` LIMIT $2) unlisted) behind
		LIMIT $2`, rows.Behind, rows.InstantText(now), limit)
	if err != nil || len(behind) == limit {
		return behind, err
	}
	_, err = r.s.Execute(ctx, r.s.Dialect.SeenMoved(), rows.InstantText(now))
	return behind, err
}

// isFailing says that a hook, h, fails, or was switched off; hookFailing that one of l's account does.
const (
	isFailing   = `(h.failing_since IS NOT NULL OR h.off_at IS NOT NULL)`
	hookFailing = `EXISTS (SELECT 1 FROM clientaccount_hooks h WHERE h.account_id = l.account_id AND ` + isFailing + `)`
)

// mailFailing says that the last mail to one of the addresses of l's account failed.
const mailFailing = `EXISTS (SELECT 1 FROM clientaccount_mails m JOIN clientaccount_accounts a ON a.id = m.account_id
	WHERE m.account_id = l.account_id AND m.state = 'failed' AND m.to_address <> ''
		AND (m.to_address = a.mail_email OR m.to_address = a.mail_billing OR m.to_address = a.mail_price_update)
		AND NOT EXISTS (SELECT 1 FROM clientaccount_mails n WHERE n.account_id = m.account_id
			AND n.to_address = m.to_address AND n.try_at > m.try_at AND n.state <> 'waiting'))`

// PutStandings is [store.Standings]'s. Rows that others are about to write are passed over, and
// stay behind.
func (t Tx) PutStandings(ctx context.Context, ss ...store.Standing) error {
	if len(ss) == 0 {
		return ctx.Err()
	}
	ids := make([]string, len(ss))
	for i := range ss {
		ids[i] = rows.IDText(ss[i].Account)
	}
	if err := t.relist(ctx, ids); err != nil {
		return err
	}
	given, err := session.Packed(rows.Standings, ss)
	if err != nil {
		return err
	}
	cs := rows.Standings.Columns()
	with := t.s.Unpacked(cs)
	_, err = t.s.Execute(ctx, with+`, mine AS (
			SELECT l.account_id FROM clientaccount_listed l WHERE l.account_id IN (
				SELECT b.account_id FROM r JOIN clientaccount_listed p ON p.account_id = r.account_id
					JOIN clientaccount_balances b ON b.shares = r.account_id
				WHERE p.version <> r.version OR p.available <> r.available)
				AND l.account_id NOT IN (SELECT r.account_id FROM r)
			ORDER BY l.account_id `+t.s.Dialect.LockRows("l")+`)
		UPDATE clientaccount_listed SET due_at = `+ever+`, marks = marks + 1 WHERE account_id IN (SELECT account_id FROM mine)`, given)
	if err != nil {
		return err
	}
	_, err = t.s.Execute(ctx, with+`, mine AS (
			SELECT l.account_id FROM clientaccount_listed l WHERE l.account_id IN (SELECT r.account_id FROM r)
			ORDER BY l.account_id `+t.s.Dialect.SkipLocked("l")+`)
		UPDATE clientaccount_listed AS l SET `+cs[1:len(cs)-2].Set("r.")+`, mail_failing = `+mailFailing+`, hook_failing = `+hookFailing+`,
			due_at = CASE WHEN l.marks = r.seen_marks THEN r.changes_at ELSE l.due_at END
		FROM r JOIN mine ON mine.account_id = r.account_id WHERE l.account_id = r.account_id`, given)
	return err
}
