package store

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// ErrNoBilling: the store keeps no documents: it is no [Billing].
var ErrNoBilling = errors.New("store: it keeps no documents")

// Billing is the ability of a store to keep what entries come to, the documents that are made
// of it, and the mails that bring them. Its transactions are each a [BillingTx], so that a
// document, its number, its mails and how far an account was gone through are written together,
// or not at all. Instants are kept to the microsecond. The promises are tested by
// storetest.RunBilling.
type Billing interface {
	BillingReader
	MailOutbox

	// DueBooks are the accounts whose books are due by now, those due longest first, at most
	// limit, without those of skip.
	DueBooks(ctx context.Context, now time.Time, limit int, skip []account.ID) ([]account.ID, error)
}

// BillingReader is what can be asked of documents. A [BillingTx] is one, too.
type BillingReader interface {
	MailReader

	// Book returns the book of an account, or ErrNotFound. That of a transaction keeps the
	// book from other transactions until it ends: who locks the account, too, does that first.
	Book(ctx context.Context, id account.ID) (Book, error)
	// Usage returns what is kept of an account, by period, then by key.
	Usage(ctx context.Context, q UsageQuery) ([]UsageRow, error)

	// Document returns the document of an account and id, or ErrNotFound.
	Document(ctx context.Context, id, document account.ID) (Document, error)
	// DocumentOf returns the document of an account and origin, or ErrNotFound.
	DocumentOf(ctx context.Context, id account.ID, origin string) (Document, error)
	// Documents returns a page of documents, without their texts.
	Documents(ctx context.Context, q DocumentQuery) ([]Document, error)
}

// BillingTx is what a [Tx] of a store with [Billing] can do beside. What is put of an account, or
// of a document of the account, that is not there, is ErrConflict.
type BillingTx interface {
	BillingReader

	// PutBook inserts a book (was 0) or replaces the one at version was; ErrConflict when there
	// is another, or none. Whoever puts a book at a version has read it in the same transaction.
	PutBook(ctx context.Context, b Book, was int64) error
	// MakeDue has a book looked at at an instant, if not before; its version stays. An account
	// without a book gets one, at version 1, of no entries.
	MakeDue(ctx context.Context, id account.ID, at time.Time) error
	// PutUsage keeps rows of a period, which begins behind the entry of a number, in place of
	// all that there are of the same period and days.
	PutUsage(ctx context.Context, id account.ID, period int64, rows []document.UsageRow) error

	// NextNumber returns the next number of a series and year: 1, 2, 3. Other transactions wait
	// for the next one until this ends, and get the same one where this does not commit: so there
	// is never a gap.
	NextNumber(ctx context.Context, series string, year int) (int64, error)
	// PutDocument keeps a document, and reports whether it did: not where the account has one of
	// the same origin. An id that is there, or a printed number that another document has, is
	// ErrConflict.
	PutDocument(ctx context.Context, d Document) (bool, error)
	// PutMails keeps mails as they are given, held by nobody. One whose id is there is left as it
	// is.
	PutMails(ctx context.Context, ms ...Mail) error
	// MailAgain lets the mail of an account wait again, its tries counted anew, and due at an
	// instant; ErrNotFound. It ends a lease: what its holder then records is lost.
	MailAgain(ctx context.Context, id, mail account.ID, at time.Time) error
}

// Book is how far the entries of an account were gone through, and which documents were
// made of them.
type Book struct {
	Account account.ID `json:"account"`
	Version int64      `json:"version"`
	// Cut is where the present period begins, and Opening how the account stood then; zero
	// for its creation.
	Cut     account.Cut   `json:"cut"`
	Opening document.Mark `json:"opening"`
	To      document.Mark `json:"to"` // entries up to it are in the usage
	// StatementCut and Statement are those at which the last statement ended, zero before the
	// first one.
	StatementCut account.Cut   `json:"statement_cut"`
	Statement    document.Mark `json:"statement"`
	Daily        account.Cut   `json:"daily"`  // the end of the last day that was reported, or passed
	DueAt        time.Time     `json:"due_at"` // when it is to be looked at next; zero: when it is made due
}

// UsageQuery asks for the usage of an account.
type UsageQuery struct {
	Account account.ID   `json:"account"`
	From    int64        `json:"from"` // periods that begin behind this entry or a later one
	First   account.Date `json:"first"`
	Last    account.Date `json:"last"` // included; zero: no bound
}

// UsageRow is a row of usage, and the period that it is of: that which begins behind the entry
// of a number.
type UsageRow struct {
	Period int64 `json:"period"`
	document.UsageRow
}

// Document is a document as it is kept, with what it is looked for by.
type Document struct {
	ID      account.ID    `json:"id"`
	Account account.ID    `json:"account"`
	Kind    document.Kind `json:"kind"`
	// Origin is what it was made of, unique within the account, at most 255 bytes: so whoever
	// makes it once more does not.
	Origin string                            `json:"origin"`
	Number string                            `json:"number"` // as it is printed, unique among all; empty: without one
	Of     account.ID                        `json:"of"`     // the invoice, of a credit note
	At     time.Time                         `json:"at"`
	Issued account.Date                      `json:"issued"` // the day of At on the client's calendar
	First  account.Date                      `json:"first"`  // days of its period, both included; zero without one
	Last   account.Date                      `json:"last"`
	Total  account.Optional[decimal.Decimal] `json:"total"` // what it is about; unset where it is no amount
	// Currency is that of the total.
	Currency account.Currency `json:"currency"`
	Text     []byte           `json:"text"` // by document.Encode; nil in a page
	// Mailed is the state of its mails: failed where any failed, else waiting where any waits,
	// else sent; empty without any. A store keeps it, whatever PutDocument is given.
	Mailed MailState `json:"mailed"`
}

// DocumentQuery asks for a page of documents, the newest first.
type DocumentQuery struct {
	Account  account.ID                     `json:"account"`  // zero: of all
	Managers account.Optional[[]account.ID] `json:"managers"` // of the clients of these alone
	Kinds    []document.Kind                `json:"kinds"`    // empty: all
	First    account.Date                   `json:"first"`    // issued from
	Last     account.Date                   `json:"last"`     // to, included; zero: no bound
	Number   string                         `json:"number"`   // printed numbers that begin so, whatever the case
	Of       account.ID                     `json:"of"`       // credit notes of this invoice
	Mailed   MailState                      `json:"mailed"`   // empty: any
	// FailedFirst puts those whose mails failed before all others.
	FailedFirst bool              `json:"failed_first"`
	After       *DocumentPosition `json:"after"` // nil: from the beginning
	Limit       int               `json:"limit"` // rows, at most account.MaxPage; 0 is 50
}

// PageSize returns Limit within its bounds.
func (q DocumentQuery) PageSize() int {
	if q.Limit <= 0 {
		return 50
	}
	return min(q.Limit, account.MaxPage)
}

// DocumentPosition is a row after which a page begins.
type DocumentPosition struct {
	Failed bool       `json:"failed"` // where FailedFirst
	At     time.Time  `json:"at"`
	ID     account.ID `json:"id"`
}

// PositionOf returns that of a document.
func PositionOf(d Document) DocumentPosition {
	return DocumentPosition{d.Mailed == MailFailed, d.At, d.ID}
}
