package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Figures is [store.MessageReader]'s.
func (s reader) Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error) {
	var where session.Conditions
	where.Add("account_id = ?", rows.IDText(q.Account))
	if !q.From.IsZero() {
		where.Add("day >= ?", q.From.String())
	}
	if !q.To.IsZero() {
		where.Add("day <= ?", q.To.String())
	}
	return session.Query(ctx, s.Session, `SELECT `+rows.FiguresRows.Columns().List("")+` FROM clientaccount_message_figures
		WHERE `+where.String()+` ORDER BY `+rows.FiguresKeys.Columns().List(""), rows.FiguresRows, where.Args...)
}

// CountMessages is [store.Messages]'s. It has the accounts' balances locked, without which
// nobody writes their messages or their figures.
func (s *Store) CountMessages(ctx context.Context, limit int) (int, error) {
	var n int
	err := s.work(ctx, func(ctx context.Context, t *tx) error {
		n = 0
		for after := (account.ID{}); n < limit; {
			ids, err := t.uncountedBehind(ctx, after, limit-n)
			if err != nil || len(ids) == 0 {
				return err
			}
			counted, err := t.countOf(ctx, ids, limit-n)
			if err != nil {
				return err
			}
			n += counted
			after = ids[len(ids)-1]
		}
		return nil
	})
	return n, err
}

// uncountedBehind are the accounts behind one that the next messages to be counted are of.
func (t *tx) uncountedBehind(ctx context.Context, after account.ID, limit int) ([]account.ID, error) {
	return session.Query(ctx, t.Session, `SELECT DISTINCT u.account_id FROM (
			SELECT m.account_id FROM clientaccount_messages m WHERE NOT m.counted AND m.account_id > $1
			ORDER BY m.account_id, m.id LIMIT $2) AS u
		ORDER BY u.account_id`, rows.AccountKeys, rows.IDText(after), limit)
}

// countOf counts messages of those of the accounts that nobody has locked.
func (t *tx) countOf(ctx context.Context, ids []account.ID, limit int) (int, error) {
	locked, err := t.TryLock(ctx, ids...)
	if err != nil || len(locked) == 0 {
		return 0, err
	}
	free := make([]account.ID, len(locked))
	for i, b := range locked {
		free[i] = b.Account
	}
	of, err := session.Packed(rows.AccountKeys, free)
	if err != nil {
		return 0, err
	}
	uncounted, err := session.Query(ctx, t.Session, t.Unpacked(rows.AccountKeys.Columns())+`SELECT `+rows.CountedMessages.Columns().List("t.")+` FROM `+
		t.Dialect.Each("r", dialect.MessagesTable, "t.account_id = r.account_id AND NOT t.counted", true)+` LIMIT $2`,
		rows.CountedMessages, of, limit)
	if err != nil || len(uncounted) == 0 {
		return 0, err
	}
	if err := t.addFigures(ctx, changedBy(uncounted)); err != nil {
		return 0, err
	}
	return len(uncounted), t.markCounted(ctx, uncounted)
}

// changedBy returns what messages change in the figures.
func changedBy(uncounted []rows.Counted) map[message.FiguresKey]message.Figures {
	changed := map[message.FiguresKey]message.Figures{}
	for i := range uncounted {
		c := &uncounted[i]
		for _, row := range c.Message.FiguresRow().Since(c.Before()) {
			changed[row.Key] = changed[row.Key].Plus(row.Figures)
		}
	}
	return changed
}

func (t *tx) markCounted(ctx context.Context, counted []rows.Counted) error {
	keys := make([]store.MessageKey, len(counted))
	for i := range counted {
		keys[i] = store.MessageKey{Account: counted[i].Message.Account, ID: counted[i].Message.ID}
	}
	given, err := session.Packed(rows.MessageKeys, keys)
	if err != nil {
		return err
	}
	_, err = t.Execute(ctx, t.Unpacked(rows.MessageKeys.Columns())+`UPDATE clientaccount_messages AS m
		SET counted = TRUE, counted_money = m.money, counted_state = CASE WHEN `+dialect.OnTheWay+` THEN -1 ELSE m.state END
		FROM r WHERE m.account_id = r.account_id AND m.id = r.id`, given)
	return err
}

// addFigures adds to the rows that there are, in Go: no database's own arithmetic is exact on
// SQLite.
func (t *tx) addFigures(ctx context.Context, changed map[message.FiguresKey]message.Figures) error {
	var added []message.FiguresRow
	for key, figures := range changed {
		added = append(added, message.FiguresRow{Key: key, Figures: figures})
	}
	given, err := session.Packed(rows.FiguresKeys, added)
	if err != nil {
		return err
	}
	there, err := session.Query(ctx, t.Session, t.Unpacked(rows.FiguresKeys.Columns())+`SELECT `+rows.FiguresRows.Columns().List("t.")+` FROM `+
		t.Dialect.Each("r", dialect.FiguresTable, rows.FiguresKeys.Columns().Equal("t.", "r."), false), rows.FiguresRows, given)
	if err != nil {
		return err
	}
	for _, row := range there {
		changed[row.Key] = changed[row.Key].Plus(row.Figures)
	}
	for i, row := range added {
		added[i].Figures = changed[row.Key]
	}
	return t.writeFigures(ctx, added)
}

// writeFigures keeps no row of nothing.
func (t *tx) writeFigures(ctx context.Context, figures []message.FiguresRow) error {
	given, err := session.Packed(rows.FiguresRows, figures)
	if err != nil {
		return err
	}
	all, keys := rows.FiguresRows.Columns(), rows.FiguresKeys.Columns()
	_, err = t.Execute(ctx, t.Unpacked(all)+`INSERT INTO clientaccount_message_figures (`+all.List("")+`)
		SELECT `+all.List("r.")+` FROM r WHERE TRUE ORDER BY `+keys.List("r.")+`
		ON CONFLICT (`+keys.List("")+`) DO UPDATE SET `+all[len(keys):].Set("excluded."), given)
	if err != nil {
		return err
	}
	var nothing []message.FiguresRow
	for _, row := range figures {
		if row.Figures.IsZero() {
			nothing = append(nothing, row)
		}
	}
	if len(nothing) == 0 {
		return nil
	}
	if given, err = session.Packed(rows.FiguresKeys, nothing); err != nil {
		return err
	}
	_, err = t.Execute(ctx, t.Unpacked(keys)+`DELETE FROM clientaccount_message_figures
		WHERE (`+keys.List("")+`) IN (SELECT `+keys.List("r.")+` FROM r)`, given)
	return err
}
