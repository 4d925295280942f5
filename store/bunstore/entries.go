package bunstore

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Entries is [store.LedgerReader]'s. Whatever is asked for, it reads about as many rows
// as it gives: instants are turned into numbers first, and each kind is read by its index.
func (s reader) Entries(ctx context.Context, q account.EntryQuery) ([]account.Entry, error) {
	if !rows.Storable(q.Reference, q.Hold) {
		return nil, ctx.Err()
	}
	if q.Before == 0 {
		q.Before = math.MaxInt64
	}
	if err := s.numbersOf(ctx, &q); err != nil {
		return nil, err
	}
	if q.Before <= q.After+1 {
		return nil, ctx.Err()
	}
	return session.List(ctx, s.Session, s.entriesOf(&q), rows.Entries)
}

// entriesOf returns a page of what lies between two numbers.
func (s reader) entriesOf(q *account.EntryQuery) *bun.SelectQuery {
	kinds := slices.Compact(slices.Sorted(slices.Values(q.Kinds)))
	sel := s.entriesIn(q)
	switch {
	case q.Reference != "" || q.Hold != "":
		if len(kinds) > 0 {
			sel.Where("kind IN (?)", bun.List(kinds))
		}
		switch {
		case q.Prefix && q.Reference != "":
			sel.Where("number IN (?)", s.beginning(q))
		case q.Reference != "":
			sel.Where("reference = ?", q.Reference)
		}
		if q.Hold != "" {
			sel.Where("hold = ?", q.Hold)
		}
	case len(kinds) == 1:
		return s.entriesOfKind(q, kinds[0])
	case len(kinds) > 1:
		sel = s.entriesOfKinds(q, kinds)
	}
	return inOrder(sel.Where("number > ?", q.After).Where("number < ?", q.Before), q, "number")
}

// beginning returns the numbers of the first entries whose reference begins so, by its index. They are
// so few that a page of them costs the same wherever they are in the ledger.
func (s reader) beginning(q *account.EntryQuery) *bun.SelectQuery {
	return s.From(dialect.EntriesTable).Column("number").Where("account_id = ?", rows.IDText(q.Account)).
		Where("reference >= ?", q.Reference).Where("reference <= ?", q.Reference+"\U0010FFFF").
		OrderExpr("reference").Limit(account.MaxPage)
}

// entriesIn returns the entries between two instants.
func (s reader) entriesIn(q *account.EntryQuery) *bun.SelectQuery {
	sel := s.From(dialect.EntriesTable).Where("account_id = ?", rows.IDText(q.Account))
	if !q.From.IsZero() {
		sel.Where("at >= ?", rows.BoundText(q.From))
	}
	if !q.To.IsZero() {
		sel.Where("at < ?", rows.BoundText(q.To))
	}
	return sel
}

// ofKind is the number as the index of kinds has it. By the number itself a planner that
// knows a kind to be frequent in all ledgers would look for it in the order of the primary
// key, however rare it is in this one. And a comparison of pairs, (kind, number), would be
// read on to the end of the kind: PostgreSQL 15 stops at the first of the two alone.
const ofKind = "number + 0"

// entriesOfKind returns a page of one kind.
func (s reader) entriesOfKind(q *account.EntryQuery, kind account.MovementKind) *bun.SelectQuery {
	sel := s.entriesIn(q).Where("kind = ?", kind).Where(ofKind+" > ?", q.After).Where(ofKind+" < ?", q.Before)
	return inOrder(sel, q, ofKind)
}

// entriesOfKinds returns a page of each kind.
func (s reader) entriesOfKinds(q *account.EntryQuery, kinds []account.MovementKind) *bun.SelectQuery {
	var all *bun.SelectQuery
	for _, kind := range kinds {
		page := s.DB.NewSelect().Conn(s.Conn.IConn).TableExpr("(?) AS page", s.entriesOfKind(q, kind))
		if all == nil {
			all = page
		} else {
			all.UnionAll(page)
		}
	}
	return s.DB.NewSelect().Conn(s.Conn.IConn).TableExpr("(?) AS pages", all)
}

func inOrder(sel *bun.SelectQuery, q *account.EntryQuery, number string) *bun.SelectQuery {
	if !q.Oldest {
		number += " DESC"
	}
	return sel.OrderExpr(number).Limit(int64(q.PageSize()))
}

// numbersOf narrows the numbers of a query to what lies between its instants.
func (s reader) numbersOf(ctx context.Context, q *account.EntryQuery) error {
	if !q.From.IsZero() {
		first, found, err := s.numberAt(ctx, q.Account, q.From)
		if err != nil {
			return err
		}
		if found {
			q.After = max(q.After, first-1)
		}
	}
	if !q.To.IsZero() {
		end, found, err := s.numberAt(ctx, q.Account, q.To)
		if err != nil {
			return err
		}
		if found {
			q.Before = min(q.Before, end)
		}
	}
	return nil
}

// shortLedger is how many entries are simply read through.
const shortLedger = 1000

// findNumber halves what may be the first entry at or after the instant $2, of the account
// $1, until one number is left: that of the last entry and one if none is. Entries ascend
// in time as their numbers do, and have no gaps. It has no answer for a short ledger.
var findNumber = func() string {
	const middle = "(s.below + s.upto) / 2"
	before := fmt.Sprintf("(SELECT e.at FROM %s e WHERE e.account_id = $1 AND e.number = %s) < $2", dialect.EntriesTable, middle)
	return fmt.Sprintf(`WITH RECURSIVE s(below, upto) AS (
	SELECT CAST(0 AS bigint), l.number + 1 FROM (SELECT number FROM %s WHERE account_id = $1 ORDER BY number DESC LIMIT 1) l
		WHERE l.number > %d
	UNION ALL
	SELECT CASE WHEN %s THEN %s ELSE s.below END, CASE WHEN %s THEN s.upto ELSE %s END FROM s WHERE s.upto - s.below > 1
) SELECT upto FROM s WHERE upto - below <= 1`, dialect.EntriesTable, shortLedger, before, middle, before, middle)
}()

// numberAt returns the first number at or after an instant; false where nobody looked.
func (s reader) numberAt(ctx context.Context, id account.ID, at time.Time) (first int64, found bool, err error) {
	numbers, err := session.Queried(ctx, s.Session, findNumber, 1, (*rows.Row).Integer, rows.IDText(id), rows.BoundText(at))
	if err != nil || len(numbers) == 0 {
		return 0, false, err
	}
	return numbers[0], true, nil
}
