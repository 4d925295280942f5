package billing

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Credit is a credit note that is asked for, once under its origin.
type Credit struct {
	Account account.ID
	Invoice account.ID
	Takes   []document.Take
	Reason  string
	Origin  string
}

// Credit makes a credit note, or returns the one that was made of the same origin; and whether it
// is new.
func (e *Engine) Credit(ctx context.Context, c Credit) (n document.CreditNote, fresh bool, err error) {
	err = e.update(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.Account(ctx, c.Account) // locked: of credit notes of an invoice one is made after the other
		if err != nil {
			return err
		}
		i, err := invoiceOf(ctx, tx, c)
		if err != nil {
			return err
		}
		notes, err := notesOf(ctx, tx, c)
		if err != nil {
			return err
		}
		made, known, err := found(tx.DocumentOf(ctx, c.Account, c.Origin))
		switch {
		case err != nil:
			return err
		case known:
			fresh = false
			n, err = madeBefore(made, i, notes, c)
		default:
			fresh = true
			n, err = e.credit(ctx, tx, a, i, notes, c)
		}
		return err
	})
	return n, fresh, err
}

// invoiceOf returns the invoice that a credit note is asked of.
func invoiceOf(ctx context.Context, tx Tx, c Credit) (document.Invoice, error) {
	kept, err := tx.Document(ctx, c.Account, c.Invoice)
	if err != nil {
		return document.Invoice{}, err
	}
	d, err := document.Decode(kept.Text)
	if err != nil {
		return document.Invoice{}, err
	}
	i, ok := d.(document.Invoice)
	if !ok {
		return document.Invoice{}, account.ErrNotFound
	}
	return i, nil
}

// notesOf returns all credit notes that there are of the invoice, the newest first.
func notesOf(ctx context.Context, tx Tx, c Credit) (notes []document.CreditNote, err error) {
	q := store.DocumentQuery{Account: c.Account, Of: c.Invoice, Limit: account.MaxPage}
	for {
		page, err := tx.Documents(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page {
			kept, err := tx.Document(ctx, c.Account, row.ID)
			if err != nil {
				return nil, err
			}
			d, err := document.Decode(kept.Text)
			if err != nil {
				return nil, err
			}
			if n, ok := d.(document.CreditNote); ok {
				notes = append(notes, n)
			}
		}
		if len(page) < account.MaxPage {
			return notes, nil
		}
		after := store.PositionOf(page[len(page)-1])
		q.After = &after
	}
}

// madeBefore returns the credit note that was made of the same origin, if it is what is asked for
// once more: made again, of what was left then, it is the same.
func madeBefore(kept store.Document, i document.Invoice, notes []document.CreditNote, c Credit) (document.CreditNote, error) {
	for at, n := range notes {
		if n.ID != kept.ID {
			continue
		}
		again, err := i.Credit(n.Head, c.Reason, notes[at+1:], c.Takes...)
		if err != nil {
			return document.CreditNote{}, account.ErrReused
		}
		was, err := document.Hash(n)
		if err != nil {
			return document.CreditNote{}, err
		}
		if is, err := document.Hash(again); err != nil || is != was {
			return document.CreditNote{}, account.ErrReused
		}
		return n, nil
	}
	return document.CreditNote{}, account.ErrReused // of another invoice
}

func (e *Engine) credit(ctx context.Context, tx Tx, a account.Account, i document.Invoice, notes []document.CreditNote, c Credit) (document.CreditNote, error) {
	zone, err := a.Location()
	if err != nil {
		return document.CreditNote{}, err
	}
	head, err := e.head(ctx, tx, a, zone)
	if err != nil {
		return document.CreditNote{}, err
	}
	last := i.At
	if len(notes) > 0 {
		last = notes[0].At
	}
	if !head.At.After(last) { // whatever the clock does, they are in their order, behind their invoice
		head.At = last.Add(time.Microsecond)
		head.Issued = account.DateOf(head.At, zone)
	}
	if err := e.numbered(ctx, tx, a, document.KindCreditNote, &head); err != nil {
		return document.CreditNote{}, err
	}
	n, err := i.Credit(head, c.Reason, notes, c.Takes...)
	if err != nil {
		return document.CreditNote{}, err
	}
	mailed := to{}
	if a.Billing.ToEmail {
		mailed = toRole(a, store.MailBilling)
	}
	_, err = e.keep(ctx, tx, n, c.Origin, mailed)
	return n, err
}
