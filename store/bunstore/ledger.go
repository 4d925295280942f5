package bunstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Ledger asks by one statement, so all answers are as of one instant.
func (s reader) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	if err := ctx.Err(); err != nil || len(ls) == 0 {
		return nil, err
	}
	if s.DB == nil {
		return nil, session.ErrUnmade
	}
	answering, args, err := s.questions(ls)
	if err != nil {
		return nil, err
	}
	return session.Reading(ctx, s.Session, func() ([]store.Found, error) {
		answered, err := s.Conn.Ask(ctx, answering.Query, args)
		if err != nil {
			return nil, s.Failed(ctx, err)
		}
		found, err := foundIn(answered, answering.Width, ls)
		if err != nil {
			return nil, s.Failed(ctx, err)
		}
		return found, nil
	})
}

// foundIn sorts the rows of an answer by the lookups that they belong to.
func foundIn(answered *sql.Rows, width int, ls []store.Lookup) ([]store.Found, error) {
	found := make([]store.Found, len(ls))
	err := answers(answered, width, func(what string, n int, r *rows.Row) {
		f := &found[n]
		switch what {
		case dialect.ABalance:
			rows.Balances.ReadInto(r, &f.Balance)
		case dialect.AUsed:
			f.Used = append(f.Used, rows.Entries.Read(r))
		case dialect.AHold:
			f.Holds = append(f.Holds, rows.Holds.Read(r))
		case dialect.AnEntry:
			f.Entries = append(f.Entries, rows.Entries.Read(r))
		case dialect.ARefund:
			f.Refunds = append(f.Refunds, rows.Entries.Read(r))
		case dialect.ADueHold:
			f.Due = append(f.Due, rows.Holds.Read(r))
		case dialect.ANext:
			f.Expires = r.Instant()
		case dialect.ASum:
			sum := rows.DueSums.Read(r)
			sum.Hold.Account = ls[n].Account
			f.Overdue.Add(sum.Hold, sum.Holds)
		case dialect.AMessage:
			f.Messages = append(f.Messages, rows.Messages.Read(r))
		case dialect.AnOwner:
			f.Owned = append(f.Owned, rows.Owners.Read(r))
		case dialect.AnEarly:
			f.Early = append(f.Early, rows.EarlyIDs.Read(r).Reports...)
		}
	})
	for i := range found {
		found[i].Overdue.Next = found[i].Expires
		cutDue(&found[i])
	}
	return found, err
}

// cutDue puts the due holds in order, and takes the one too many for the next.
func cutDue(f *store.Found) {
	slices.SortFunc(f.Due, func(a, b account.Hold) int {
		return cmp.Or(a.Until.Compare(b.Until), strings.Compare(a.Reference, b.Reference))
	})
	if len(f.Due) > store.MaxDue {
		f.Expires = f.Due[store.MaxDue].Until
		f.Due = f.Due[:store.MaxDue]
	}
}

// questions returns the statement that answers lookups, and its parameters.
func (s reader) questions(ls []store.Lookup) (dialect.Answering, []any, error) {
	questions := rows.NewQuestions(s.Dialect.Asking)
	for n := range ls {
		questions.Add(n, &ls[n])
	}
	args, asked, err := questions.Args()
	return s.Dialect.Queries().Ledger[asked], args, err
}

// answers calls tell for each row: what it is, the position of what asked for it, and
// the columns behind. It closes the rows.
func answers(answered *sql.Rows, width int, tell func(what string, n int, r *rows.Row)) error {
	defer func() { _ = answered.Close() }() // its error is in rows.Err
	for r := rows.NewRow(width); answered.Next(); {
		if err := r.Scan(answered); err != nil {
			return err
		}
		what, n := r.Text(), r.Integer()
		if r.Err() == nil {
			tell(what, int(n), r)
		}
		if r.Err() != nil {
			return fmt.Errorf("%w (%s)", r.Err(), what)
		}
	}
	return answered.Err()
}
