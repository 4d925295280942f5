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
)

// mostDue is one more than are asked for: the one behind them says when the next hold
// times out.
const mostDue = store.MaxDue + 1

// Ledger is one statement, so all answers are as of one instant.
func (s session) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	if err := ctx.Err(); err != nil || len(ls) == 0 {
		return nil, err
	}
	text, args, err := s.questions(ls)
	if err != nil {
		return nil, err
	}
	return reading(ctx, s, func() ([]store.Found, error) {
		rows, err := s.ask(ctx, text, args)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		found, err := foundIn(rows, ls)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		return found, nil
	})
}

// foundIn sorts the rows of an answer by the lookups that they belong to.
func foundIn(rows *sql.Rows, ls []store.Lookup) ([]store.Found, error) {
	found := make([]store.Found, len(ls))
	err := answers(rows, func(what string, n int, r *row) {
		f := &found[n]
		switch what {
		case aBalance:
			f.Balance = balanceRow(r)
		case aUsed:
			f.Used = append(f.Used, entryRow(r))
		case aHold:
			f.Holds = append(f.Holds, holdRow(r))
		case anEntry:
			f.Entries = append(f.Entries, entryRow(r))
		case aRefund:
			f.Refunds = append(f.Refunds, entryRow(r))
		case aDueHold:
			f.Due = append(f.Due, holdRow(r))
		case aNext:
			f.Expires = r.instant()
		case aSum:
			hold, holds := sumRow(r, ls[n].Account)
			f.Overdue.Add(hold, holds)
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

// questions are the statement that answers lookups, and its parameters.
func (s session) questions(ls []store.Lookup) (text string, args []any, err error) {
	accounts, references, holds := s.engine.asking(askAccounts), s.engine.asking(askReferences), s.engine.asking(askReferences)
	numbers, due := s.engine.asking(askNumbers), s.engine.asking(askDue)
	all := false
	for n := range ls {
		l := &ls[n]
		begin := func(to *sheet) {
			to.integer(int64(n))
			to.key(l.Account)
		}
		begin(accounts)
		for _, reference := range l.References {
			askFor(references, begin, reference)
		}
		for _, reference := range l.Holds {
			askFor(holds, begin, reference)
		}
		for _, number := range l.Numbers {
			begin(numbers)
			numbers.integer(number)
		}
		if !l.Due.IsZero() {
			begin(due)
			due.at(l.Due)
			due.integer(int64(summed(l)))
			due.at(l.Since)
		}
		all = all || len(l.Numbers) > 0 || !l.Due.IsZero()
	}
	if all {
		args, err = argsOf(accounts, references, holds, numbers, due)
		return s.engine.texts().ledgerAll, args, err
	}
	args, err = argsOf(accounts, references, holds)
	return s.engine.texts().ledger, args, err
}

// summed is 1 where the sum of due holds is asked for.
func summed(l *store.Lookup) int {
	if l.Sum {
		return 1
	}
	return 0
}

// askFor asks for a reference, unless no row can have it.
func askFor(to *sheet, begin func(*sheet), reference string) {
	if storable(reference) {
		begin(to)
		to.text(reference)
	}
}

// answers calls tell for each row: what it is, the position of what asked for it, and
// the columns behind. It closes the rows.
func answers(rows *sql.Rows, tell func(what string, n int, r *row)) error {
	defer func() { _ = rows.Close() }() // its error is in rows.Err
	for r := newRow(answerWidth); rows.Next(); {
		if err := r.scan(rows); err != nil {
			return err
		}
		what, n := r.text(), r.integer()
		if r.err == nil {
			tell(what, int(n), r)
		}
		if r.err != nil {
			return fmt.Errorf("%w (%s)", r.err, what)
		}
	}
	return rows.Err()
}

// positions are the only column of rows, which it closes.
func positions(rows *sql.Rows) ([]int, error) {
	defer func() { _ = rows.Close() }() // its error is in rows.Err
	var all []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return all, nil
}
