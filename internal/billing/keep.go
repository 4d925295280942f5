package billing

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// to is whom a document is mailed: an address of the client's, or a fixed one.
type to struct {
	role    store.MailRole
	address string // empty: nobody
}

// toRole is that address of the client's which a role says.
func toRole(a account.Account, role store.MailRole) to { return to{role, role.Address(a.Mail)} }

// mailedFor is how long ago a day may have ended, or an event have happened, that is mailed: after a
// long stop those before are made, and shown, and nobody's mailbox is filled.
const mailedFor = 7 * 24 * time.Hour

// timely returns whom to mail of something that was at an instant: nobody, where that is long past.
func (e *Engine) timely(at time.Time, whom to) to {
	if e.Clock().Sub(at) > mailedFor {
		return to{}
	}
	return whom
}

// RoleOf returns which address documents of a kind are for.
func RoleOf(kind document.Kind) store.MailRole {
	switch kind {
	case document.KindDaily, document.KindStatement, document.KindInvoice, document.KindCreditNote:
		return store.MailBilling
	case document.KindPriceUpdate:
		return store.MailPrices
	case document.KindNotice:
	}
	return store.MailMain
}

// keep keeps a document of an origin, with its mails. It reports whether that is new.
func (e *Engine) keep(ctx context.Context, tx Tx, d document.Document, origin string, tos ...to) (bool, error) {
	kept, err := listed(d)
	if err != nil {
		return false, err
	}
	kept.Origin = origin
	if fresh, err := tx.PutDocument(ctx, kept); err != nil || !fresh {
		return false, err
	}
	var ms []store.Mail
	for _, to := range tos {
		if to.address == "" {
			continue
		}
		m, err := e.mail(kept, to)
		if err != nil {
			return false, err
		}
		ms = append(ms, m)
	}
	if len(ms) == 0 {
		return true, nil
	}
	return true, tx.PutMails(ctx, ms...)
}

// mail returns one that waits to be sent.
func (e *Engine) mail(d store.Document, to to) (store.Mail, error) {
	id, err := e.NewID()
	now := e.Clock()
	return store.Mail{
		ID: id, Account: d.Account, Document: d.ID, Role: to.role, To: to.address, State: store.MailWaiting, MadeAt: now, DueAt: now,
	}, err
}

// listed returns a document as it is kept, with what it is looked for by.
func listed(d document.Document) (store.Document, error) {
	text, err := document.Encode(d)
	h := d.About()
	kept := store.Document{
		ID: h.ID, Account: h.Account, Kind: d.Kind(), Number: h.Number.Text, At: h.At, Issued: h.Issued, Currency: h.Currency, Text: text,
	}
	switch d := d.(type) {
	case document.Statement:
		kept.First, kept.Last, kept.Total = d.Period.First, d.Period.Last, account.Some(d.Closing.Balance)
	case document.Invoice:
		kept.First, kept.Last, kept.Total = d.Period.First, d.Period.Last, account.Some(d.Total)
	case document.CreditNote:
		kept.Of, kept.Total = d.Invoice.ID, account.Some(d.Total)
	case document.Daily:
		kept.First, kept.Last = d.Day, d.Day
	}
	return kept, err
}
