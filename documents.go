package clientaccount

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// ErrNoBilling: the Service's store keeps no documents.
var ErrNoBilling = store.ErrNoBilling

// DocumentOptions say what the documents of a platform hold beside what the accounts do. The
// zero value of each field is its default. The functions are asked within transactions, so they
// must be quick and may not call the Service; they must be safe for concurrent use.
type DocumentOptions struct {
	// Issuer answers who a document is from; nil: nobody.
	Issuer func(ctx context.Context, a account.Account) (document.Issuer, error)
	// Customer answers who it is for; nil: document.CustomerOf.
	Customer func(ctx context.Context, a account.Account) (document.Customer, error)
	// Taxes of invoices; nil: none.
	Taxes document.TaxFunc
	// Series answers in which series a document of the kind is numbered; nil: "ST" for statements,
	// "INV" for invoices and "CN" for credit notes. Others have no number.
	Series func(a account.Account, kind document.Kind) string
	// Number writes numbers; nil: document.FormatNumber.
	Number document.NumberFormat
	// Language answers in which language a client is written to; nil: "en".
	Language func(a account.Account) string
	// Network names networks; nil: none.
	Network func(mcc, mnc string) string
}

// Documents returns a page of documents, the newest first, without their texts.
//
// Errors: [account.Faults], [ErrNoBilling].
func (s *Service) Documents(ctx context.Context, q store.DocumentQuery) ([]store.Document, error) {
	return nil, ErrNoBilling
}

// Document returns a document of an account.
//
// Errors: [account.ErrNotFound], [ErrNoBilling].
func (s *Service) Document(ctx context.Context, id, of account.ID) (document.Document, error) {
	return nil, ErrNoBilling
}

// Mails returns the mails of documents of an account, by document, then in the order in which they
// were made.
//
// Errors: [ErrNoBilling].
func (s *Service) Mails(ctx context.Context, id account.ID, documents ...account.ID) ([]store.Mail, error) {
	return nil, ErrNoBilling
}

// MailDocument mails a document once more: to an address, or for none to that which the client has
// for it now. A mail to the same address is the same mail again, with its Message-ID.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNoBilling],
// [ErrNested].
func (s *Service) MailDocument(ctx context.Context, id, of account.ID, to string) (store.Mail, error) {
	return store.Mail{}, ErrNoBilling
}

// CreditNote asks to take an invoice back, or lines of it.
type CreditNote struct {
	Account   account.ID      `json:"account"`
	Invoice   account.ID      `json:"invoice"`
	Takes     []document.Take `json:"takes"`     // none: all that is left
	Reason    string          `json:"reason"`    // told to the client
	Reference string          `json:"reference"` // the caller's own, unique per account: so it is made once
	Actor     account.Actor   `json:"actor"`
}

// Credit makes a credit note of an invoice, or returns the one that was made under the reference.
// No money moves by it.
//
// Errors: [account.Faults], [document.ErrCredited], [account.ErrReused] for a reference of another
// content, [account.ErrNotFound], [account.ErrConflict], [ErrNoBilling], [ErrNested], and those of
// Options.Documents.
func (s *Service) Credit(ctx context.Context, c CreditNote) (document.CreditNote, error) {
	return document.CreditNote{}, ErrNoBilling
}

// Usage is what an account used, by the civil days of its clock, and for how long what it has
// lasts at that rate.
type Usage struct {
	Days []document.UsageByDay `json:"days"` // on which something was used, ascending
	// Through is how far entries are in it, by number; Complete: to the last one.
	Through  int64 `json:"through"`
	Complete bool  `json:"complete"`
	// PerDay is what the last seven whole days came to, by day; RunsOut when what is available now
	// is used up at that rate: zero where nothing was used.
	PerDay  decimal.Decimal `json:"per_day"`
	RunsOut time.Time       `json:"runs_out"`
}

// Usage returns what an account used from a day to a day, both included, at most 366 days.
//
// Errors: [account.Faults], [account.ErrNotFound], [ErrNoBilling].
func (s *Service) Usage(ctx context.Context, id account.ID, first, last account.Date) (Usage, error) {
	return Usage{}, ErrNoBilling
}
