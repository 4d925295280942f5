// Package billing makes the documents of accounts, each once, and knows when. It is the engine
// of the Service's Tick and of its verbs about documents.
//
// Every account has a book ([store.Book]): how far its entries were gone through, and which
// documents were made of them. Whoever moves a book on has locked the account and then the book,
// and found both as they were when that was decided: so any number of processes may look at
// one account, and what it comes to is written once. What is made of an edit or an event is
// told apart by its origin.
package billing

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Engine makes documents. It is safe for concurrent use.
type Engine struct{ Config }

// Config is what an engine needs.
type Config struct {
	Store    Store
	Transact func(ctx context.Context, fn func(context.Context, store.Tx) error) error // again where it lost a race
	Clock    func() time.Time
	NewID    func() (account.ID, error)
	Logger   *slog.Logger
	// Call runs a function of the host's.
	Call func(host func() error) error
	// Stand returns how an account stands now, and what it may spend.
	Stand func(ctx context.Context, r store.Reader, id account.ID) (account.Balance, decimal.Decimal, error)
	Host  Host
}

// Store is what is read of one.
type Store interface {
	store.Reader
	store.BillingReader
}

// Tx is a transaction of a store that keeps documents.
type Tx interface {
	store.Tx
	store.BillingTx
}

// Host is what the host says of documents, as clientaccount.DocumentOptions does.
type Host struct {
	Issuer   func(ctx context.Context, a account.Account) (document.Issuer, error)
	Customer func(ctx context.Context, a account.Account) (document.Customer, error)
	Taxes    document.TaxFunc
	Series   func(a account.Account, kind document.Kind) string
	Number   document.NumberFormat
	Language func(a account.Account) string
	Network  func(mcc, mnc string) string
}

// WithDefaults returns what counts where the host says nothing.
func (h Host) WithDefaults() Host {
	if h.Issuer == nil {
		h.Issuer = func(context.Context, account.Account) (none document.Issuer, _ error) { return none, nil }
	}
	if h.Customer == nil {
		h.Customer = func(_ context.Context, a account.Account) (document.Customer, error) {
			return document.CustomerOf(a), nil
		}
	}
	if h.Series == nil {
		h.Series = func(_ account.Account, kind document.Kind) string { return series[kind] }
	}
	if h.Language == nil {
		h.Language = func(account.Account) string { return "en" }
	}
	return h
}

// series are those of the kinds that have a number, where the host does not say.
var series = map[document.Kind]string{document.KindStatement: "ST", document.KindInvoice: "INV", document.KindCreditNote: "CN"}

// errPanicked: a function of the host's did not come to its end. What it said may quote an account,
// and is not shown.
var errPanicked = errors.New("clientaccount: a function of Options.Documents panicked")

// ask runs a function of the host's. A panic is a failure like others: of one account's document, and
// not of the process.
func (e *Engine) ask(host func() error) error {
	return e.Call(func() (err error) {
		defer func() {
			if fault := recover(); fault != nil {
				e.Logger.Error("billing: panic", slog.String("stack", string(debug.Stack())))
				err = errPanicked
			}
		}()
		return host()
	})
}

// update runs fn in a transaction; ErrNoBilling where the store keeps no documents.
func (e *Engine) update(ctx context.Context, fn func(context.Context, Tx) error) error {
	return e.Transact(ctx, func(ctx context.Context, tx store.Tx) error {
		billed, ok := tx.(Tx)
		if !ok {
			return store.ErrNoBilling
		}
		return fn(ctx, billed)
	})
}

// found turns account.ErrNotFound into false, for what may be missing.
func found[T any](v T, err error) (T, bool, error) {
	if errors.Is(err, account.ErrNotFound) {
		return v, false, nil
	}
	return v, err == nil, err
}
