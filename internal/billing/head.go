package billing

import (
	"context"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Head returns that of a document of an account that would be made now, without a number.
func (e *Engine) Head(ctx context.Context, id account.ID) (document.Head, error) {
	a, err := e.Store.Account(ctx, id)
	if err != nil {
		return document.Head{}, err
	}
	zone, err := a.Location()
	if err != nil {
		return document.Head{}, err
	}
	return e.head(ctx, e.Store, a, zone)
}

// head returns that of a document of an account, that is made now, without a number.
func (e *Engine) head(ctx context.Context, r store.Reader, a account.Account, zone *time.Location) (document.Head, error) {
	h, err := e.plainHead(ctx, r, a, zone)
	if err != nil {
		return document.Head{}, err
	}
	err = e.ask(func() (err error) {
		if h.Issuer, err = e.Host.Issuer(ctx, a); err != nil {
			return fmt.Errorf("clientaccount: Options.Documents.Issuer: %w", err)
		}
		if h.Customer, err = e.Host.Customer(ctx, a); err != nil {
			return fmt.Errorf("clientaccount: Options.Documents.Customer: %w", err)
		}
		h.Language = e.Host.Language(a)
		return nil
	})
	return h, err
}

// plainHead returns what a head holds that the host is not asked for.
func (e *Engine) plainHead(ctx context.Context, r store.Reader, a account.Account, zone *time.Location) (document.Head, error) {
	id, err := e.NewID()
	if err != nil {
		return document.Head{}, err
	}
	now := e.Clock()
	h := document.Head{
		ID: id, Account: a.ID, Issued: account.DateOf(now, zone), At: now, Zone: zone.String(), Language: "en",
		Currency: a.Core.Currency, Digits: a.Core.Currency.Digits(), Customer: document.CustomerOf(a),
	}
	if a.Core.Manager.IsZero() {
		return h, nil
	}
	m, _, err := found(store.ItemOf[account.Manager](ctx, r, a.Core.Manager))
	h.Manager = document.Contact{Name: m.Name, Email: m.Email, Phone: m.Phone}
	return h, err
}

// numbered gives a head the next number of its kind, where that has a series. It is taken as late
// as can be: others wait for theirs until the transaction ends.
func (e *Engine) numbered(ctx context.Context, tx Tx, a account.Account, kind document.Kind, h *document.Head) error {
	in := ""
	err := e.ask(func() error { in = e.Host.Series(a, kind); return nil })
	if err != nil || in == "" {
		return err
	}
	n, err := tx.NextNumber(ctx, in, h.Issued.Year)
	if err != nil {
		return err
	}
	return e.ask(func() error {
		h.Number = document.NewNumber(in, h.Issued.Year, n, e.Host.Number)
		return nil
	})
}
