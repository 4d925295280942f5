// Package billing keeps books, usage, numbers and documents, and the mails that bring these.
package billing

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Reader is a [store.BillingReader].
type Reader struct{ s session.Session }

// Tx is what a [store.BillingTx] has beside a [Reader]. It locks the book that it reads.
type Tx struct{ s session.Session }

var _ store.BillingReader = Reader{}

// NewReader returns the reader of a session.
func NewReader(s session.Session) Reader { return Reader{s} }

// NewTx returns the writer of a session within a transaction.
func NewTx(s session.Session) Tx { return Tx{s} }

var (
	bookColumns = rows.Books.Columns()
	selectBook  = `SELECT ` + bookColumns.List("b.") + ` FROM clientaccount_books b WHERE b.account_id = $1 `
	insertBook  = `INSERT INTO clientaccount_books (` + bookColumns.List("") + `)
		VALUES (` + bookColumns.Given(1) + `) ON CONFLICT DO NOTHING`
	updateBook = `UPDATE clientaccount_books SET ` + bookColumns[1:].SetGiven(2) + `
		WHERE account_id = $1 AND version = ` + rows.Columns{rows.Was}.Given(len(bookColumns)+1)
)

// Book is [store.BillingReader]'s.
func (r Reader) Book(ctx context.Context, id account.ID) (store.Book, error) {
	return session.Only(session.Asked(ctx, r.s, selectBook, rows.Books, rows.IDText(id)))
}

// Book is [store.BillingTx]'s.
func (t Tx) Book(ctx context.Context, id account.ID) (store.Book, error) {
	return session.Only(session.Asked(ctx, t.s, selectBook+t.s.Dialect.LockRows("b"), rows.Books, rows.IDText(id)))
}

// DueBooks is [store.Billing]'s.
func (r Reader) DueBooks(ctx context.Context, now time.Time, limit int, skip []account.ID) ([]account.ID, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	not, err := rows.IDList(skip)
	if err != nil {
		return nil, err
	}
	return session.Query(ctx, r.s, `SELECT b.account_id FROM clientaccount_books b
		WHERE b.due_at IS NOT NULL AND b.due_at <= $1 AND b.account_id NOT IN `+r.s.Dialect.Elements("$2")+`
		ORDER BY b.due_at, b.account_id LIMIT $3`, rows.AccountKeys, rows.InstantText(now), not, limit)
}

// PutBook is [store.BillingTx]'s.
func (t Tx) PutBook(ctx context.Context, b store.Book, was int64) error {
	args, err := rows.Books.Args(&b)
	if err != nil {
		return err
	}
	statement := insertBook
	if was != 0 {
		statement, args = updateBook, append(args, was)
	}
	n, err := t.s.Change(ctx, statement, args...)
	if err == nil && n == 0 {
		err = account.ErrConflict
	}
	return err
}

// MakeDue is [store.BillingTx]'s.
func (t Tx) MakeDue(ctx context.Context, id account.ID, at time.Time) error {
	_, err := t.s.Change(ctx, `INSERT INTO clientaccount_books AS b (account_id, version, due_at) VALUES ($1, 1, $2)
		ON CONFLICT (account_id) DO UPDATE SET due_at = excluded.due_at WHERE b.due_at IS NULL OR b.due_at > excluded.due_at`,
		rows.IDText(id), rows.InstantText(at))
	return err
}
