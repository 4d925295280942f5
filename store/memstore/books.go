package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

var (
	_ store.Billing   = (*Store)(nil)
	_ store.BillingTx = (*tx)(nil)
)

// billing is the part of state that books, usage, documents and mails are kept in.
type billing struct {
	books   rows[account.ID, store.Book]
	due     tree[dueBook]
	usage   tree[usageDay]
	numbers rows[series, int64] // given out last

	documents rows[account.ID, *store.Document]
	origins   rows[origin, account.ID]
	numbered  rows[string, account.ID] // by printed number

	mails   rows[account.ID, *mail]
	mailsOf rows[account.ID, []account.ID] // of a document, in the order in which they were made
	waiting tree[dueMail]
}

// series is what numbers are given out of.
type series struct {
	name string
	year int
}

func (b *billing) over() billing {
	top := *b
	top.books, top.numbers = over(&b.books), over(&b.numbers)
	top.documents, top.origins, top.numbered = over(&b.documents), over(&b.origins), over(&b.numbered)
	top.mails, top.mailsOf = over(&b.mails), over(&b.mailsOf)
	return top
}

func (b *billing) mergeInto(base *billing) {
	base.due, base.usage, base.waiting = b.due, b.usage, b.waiting
	b.books.mergeInto(&base.books)
	b.numbers.mergeInto(&base.numbers)
	b.documents.mergeInto(&base.documents)
	b.origins.mergeInto(&base.origins)
	b.numbered.mergeInto(&base.numbered)
	b.mails.mergeInto(&base.mails)
	b.mailsOf.mergeInto(&base.mailsOf)
}

// dueBook is where a book stands among those that are due at some time.
type dueBook struct {
	at      time.Time
	account account.ID
}

func (d dueBook) due() time.Time { return d.at }
func (d dueBook) compare(other dueBook) int {
	return cmp.Or(d.at.Compare(other.at), d.account.Compare(other.account))
}

// usageDay is what is kept of one day of a period.
type usageDay struct {
	account account.ID
	period  int64
	day     account.Date
	rows    []document.UsageRow // by key
	undated
}

func (u usageDay) compare(other usageDay) int {
	return cmp.Or(u.account.Compare(other.account), cmp.Compare(u.period, other.period), u.day.Compare(other.day))
}

// Book locks nothing: nobody else writes while a transaction runs.
func (r reader) Book(ctx context.Context, id account.ID) (store.Book, error) {
	return read(ctx, r, func(s *state) (store.Book, error) { return find(&s.billing.books, id) })
}

// DueBooks is [store.Billing]'s.
func (s *Store) DueBooks(ctx context.Context, now time.Time, limit int, skip []account.ID) ([]account.ID, error) {
	return read(ctx, s.reader, func(s *state) (ids []account.ID, _ error) {
		for d := range s.billing.due.dueBehind(dueBook{}, instant(now)) {
			if len(ids) >= limit {
				break
			}
			if !slices.Contains(skip, d.account) {
				ids = append(ids, d.account)
			}
		}
		return ids, nil
	})
}

// PutBook is [store.BillingTx]'s.
func (t *tx) PutBook(ctx context.Context, b store.Book, was int64) error {
	return t.write(ctx, func(s *state) error {
		before, exists := s.billing.books.get(b.Account)
		if exists != (was != 0) || before.Version != was || !s.accounts.has(b.Account) {
			return account.ErrConflict
		}
		s.billing.putBook(before, b)
		return nil
	})
}

// MakeDue is [store.BillingTx]'s.
func (t *tx) MakeDue(ctx context.Context, id account.ID, at time.Time) error {
	return t.write(ctx, func(s *state) error {
		before, exists := s.billing.books.get(id)
		b := before
		switch {
		case !s.accounts.has(id):
			return account.ErrConflict
		case !exists:
			b = store.Book{Account: id, Version: 1, DueAt: at}
		case b.DueAt.IsZero() || at.Before(b.DueAt):
			b.DueAt = at
		}
		s.billing.putBook(before, b)
		return nil
	})
}

func (b *billing) putBook(before, book store.Book) {
	for _, t := range []*time.Time{&book.Cut.At, &book.StatementCut.At, &book.Daily.At, &book.DueAt} {
		*t = instant(*t)
	}
	b.due.delete(dueBook{before.DueAt, book.Account})
	if !book.DueAt.IsZero() {
		b.due.put(dueBook{book.DueAt, book.Account})
	}
	b.books.put(book.Account, book)
}

func (r reader) Usage(ctx context.Context, q store.UsageQuery) ([]store.UsageRow, error) {
	return read(ctx, r, func(s *state) (found []store.UsageRow, _ error) {
		for u := range s.billing.usage.behind(usageDay{account: q.Account, period: q.From - 1, day: farDay}) {
			if u.account != q.Account {
				break
			}
			if !within(u.day, q.First, q.Last) {
				continue
			}
			for _, row := range u.rows {
				found = append(found, store.UsageRow{Period: u.period, UsageRow: row})
			}
		}
		return found, nil
	})
}

// farDay is behind every day.
var farDay = account.Date{Year: 10_000}

// within reports whether a day is between two, both included; zero is no bound.
func within(day, first, last account.Date) bool {
	return (first.IsZero() || day.Compare(first) >= 0) && (last.IsZero() || day.Compare(last) <= 0)
}

// PutUsage is [store.BillingTx]'s.
func (t *tx) PutUsage(ctx context.Context, id account.ID, period int64, rows []document.UsageRow) error {
	return t.write(ctx, func(s *state) error {
		if !s.accounts.has(id) {
			return account.ErrConflict
		}
		days := map[account.Date][]document.UsageRow{}
		for _, row := range rows {
			days[row.Day] = append(days[row.Day], row)
		}
		for day, rows := range days {
			slices.SortFunc(rows, func(a, b document.UsageRow) int { return a.Compare(b.UsageKey) })
			u := usageDay{account: id, period: period, day: day, rows: rows}
			s.billing.usage.delete(u)
			s.billing.usage.put(u)
		}
		return nil
	})
}

// NextNumber is [store.BillingTx]'s.
func (t *tx) NextNumber(ctx context.Context, name string, year int) (int64, error) {
	return read(ctx, t.reader, func(s *state) (int64, error) {
		of := series{name, year}
		last, _ := s.billing.numbers.get(of)
		s.billing.numbers.put(of, last+1)
		return last + 1, nil
	})
}
