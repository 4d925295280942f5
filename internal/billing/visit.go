package billing

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Bounds of a visit.
const (
	mostSteps   = 200  // of which each reads a page of entries, or makes what is due: the next visit goes on
	mostPending = 8000 // entries that are gone through and not written yet
	mostMoved   = 3    // how often a book, or an account, may move on meanwhile
)

// How long an account is left alone.
const (
	busyFor    = time.Hour   // where the last visit found many entries
	leastPause = time.Minute // after what failed
	mostPause  = time.Hour
)

// visit is one look at an account, and what it comes to.
type visit struct {
	*Engine
	id     account.ID
	now    time.Time
	a      account.Account
	zone   *time.Location
	book   store.Book      // as it is to be written
	was    int64           // its version as it is stored
	part   *document.Usage // what was gone through and is not written yet; nil for nothing
	passed int             // entries that were gone through
	next   time.Time       // of the first entry behind them that is not of the period; zero where there is none
}

// errMoved: the account or its book is not as it was seen any more.
var errMoved = errors.New("billing: the account or its book moved on")

// Visit goes through the entries of an account that is due and makes the documents that are. It
// reports whether all is done that there is to do now: then its book says when to come again.
func (e *Engine) Visit(ctx context.Context, id account.ID) (done bool, err error) {
	v := &visit{Engine: e, id: id, now: e.Clock()}
	moved := 0
	for step := 0; step < mostSteps && !done && err == nil; step++ {
		if v.was == 0 {
			err = v.read(ctx)
		}
		if err == nil {
			done, err = v.step(ctx)
		}
		if errors.Is(err, errMoved) && moved < mostMoved {
			v.was, v.part, err = 0, nil, nil
			moved++
		}
	}
	switch {
	case errors.Is(err, errMoved):
		return false, nil // somebody else is at it
	case err != nil:
		e.Logger.WarnContext(ctx, "documents could not be made", slog.String("account", id.String()), slog.Any("error", err))
		return false, errors.Join(err, v.putOff(ctx))
	case !done && v.part != nil:
		err = v.write(ctx, nil)
	}
	return done, err
}

// read reads the account and its book.
func (v *visit) read(ctx context.Context) (err error) {
	if v.a, err = v.Store.Account(ctx, v.id); err != nil {
		return err
	}
	if v.book, err = v.Store.Book(ctx, v.id); err != nil {
		return err
	}
	v.was = v.book.Version
	if v.zone, err = v.a.Location(); err != nil {
		return err
	}
	if v.was > 1 {
		return nil
	}
	if err := v.begin(ctx); err != nil {
		return err
	}
	return v.write(ctx, nil)
}

// begin has a new book begin. That of an account which is older than its book, as all are when a
// platform begins to keep books, has its entries until then gone through, and no documents made of
// what is past: its first statement has them, and no invoice.
func (v *visit) begin(ctx context.Context) error {
	if !v.book.DueAt.After(v.a.CreatedAt) { // before: edited by a process whose clock is late
		return nil
	}
	day := account.DateOf(v.book.DueAt, v.zone)
	cut := account.Cut{At: day.In(v.zone).From, Day: day}
	es, err := v.Store.Entries(ctx, account.EntryQuery{Account: v.id, To: cut.At, Limit: 1})
	if err != nil || !cut.At.After(v.a.CreatedAt) {
		return err
	}
	v.book.Cut, v.book.Daily = cut, cut
	if len(es) > 0 {
		v.book.Opening = document.MarkOf(es[0])
	}
	return nil
}

// step goes through a page of entries, or makes what is due, and reports whether nothing is left to
// do.
func (v *visit) step(ctx context.Context) (done bool, err error) {
	cut, _ := v.days().NextCut(v.last(), v.zone)
	page, err := v.entries(ctx)
	switch {
	case err != nil:
		return false, err
	case v.overtook(page, cut):
		return false, v.unfold(ctx)
	}
	page = page[v.behind(page):]
	ended, err := v.fold(page, cut)
	switch {
	case err != nil:
		return false, err
	case !ended:
		return false, v.writeMany(ctx)
	case v.isEarly():
		return false, v.write(ctx, nil)
	case cut.At.After(v.now):
		return v.rest(ctx)
	default:
		return false, v.close(ctx, cut)
	}
}

// days are those on which periods end: each, where nothing is to be made at any. So what is set
// later does not reach back.
func (v *visit) days() account.MonthDays {
	if days := v.a.Billing.InvoiceDays; days != 0 {
		return days
	}
	return account.AllMonthDays
}

// last returns the last cut, or the account's creation.
func (v *visit) last() account.Cut { return since(v.book.Cut, v.a) }

func since(cut account.Cut, a account.Account) account.Cut {
	if cut.At.IsZero() {
		return account.Cut{At: a.CreatedAt}
	}
	return cut
}

// write writes what was gone through and the book, and what more does beside, if the account
// and its book are as they were seen.
func (v *visit) write(ctx context.Context, more func(ctx context.Context, tx Tx, b *store.Book) error) error {
	var written store.Book
	err := v.update(ctx, func(ctx context.Context, tx Tx) error {
		if err := v.lock(ctx, tx); err != nil {
			return err
		}
		written = v.book
		written.Version = v.was + 1
		if err := v.flush(ctx, tx, &written); err != nil {
			return err
		}
		if more != nil {
			if err := more(ctx, tx, &written); err != nil {
				return err
			}
		}
		return tx.PutBook(ctx, written, v.was)
	})
	if err == nil {
		v.book, v.was, v.part = written, written.Version, nil
	}
	return err
}

// lock locks the account, then its book, or is errMoved.
func (v *visit) lock(ctx context.Context, tx Tx) error {
	a, err := tx.Account(ctx, v.id)
	if err != nil {
		return err
	}
	b, err := tx.Book(ctx, v.id)
	if err == nil && (a.Revision != v.a.Revision || b.Version != v.was) {
		err = errMoved
	}
	return err
}

// putOff has an account for which something failed looked at again later, the later the longer
// that is overdue.
func (v *visit) putOff(ctx context.Context) error {
	if v.was < 2 { // it was not read: the next Tick tries again
		return nil
	}
	cut, _ := v.days().NextCut(v.last(), v.zone)
	day, _ := account.AllMonthDays.NextCut(since(v.book.Daily, v.a), v.zone)
	overdue := max(v.now.Sub(cut.At), v.now.Sub(day.At))
	again := v.now.Add(min(max(overdue/2, leastPause), mostPause))
	return v.update(ctx, func(ctx context.Context, tx Tx) error {
		b, err := tx.Book(ctx, v.id)
		if err != nil || b.Version != v.was {
			return err
		}
		b.Version, b.DueAt = v.was+1, again
		return tx.PutBook(ctx, b, v.was)
	})
}
