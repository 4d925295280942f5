package billing

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// MailAgain mails a document once more, to an address or, for none, to that which the client has for
// it. What went there before goes again; else it is a new mail. The error is account.ErrNotFound
// for no such document, and a fault where the client has no address.
func (e *Engine) MailAgain(ctx context.Context, id, document account.ID, address string) (m store.Mail, err error) {
	err = e.update(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.Account(ctx, id)
		if err != nil {
			return err
		}
		d, err := tx.Document(ctx, id, document)
		if err != nil {
			return err
		}
		whom := to{store.MailFixed, address}
		if address == "" {
			if whom = toRole(a, RoleOf(d.Kind)); whom.address == "" {
				return account.Faults{account.NewFault("to", "document.address")}
			}
		}
		m, err = e.mailAgain(ctx, tx, a, d, whom)
		return err
	})
	return m, err
}

func (e *Engine) mailAgain(ctx context.Context, tx Tx, a account.Account, d store.Document, whom to) (store.Mail, error) {
	ms, err := tx.Mails(ctx, a.ID, []account.ID{d.ID})
	if err != nil {
		return store.Mail{}, err
	}
	at := slices.IndexFunc(ms, func(m store.Mail) bool { return goesTo(m, a) == whom.address })
	if at < 0 {
		m, err := e.mail(d, whom)
		if err == nil {
			err = tx.PutMails(ctx, m)
		}
		return m, err
	}
	if err := tx.MailAgain(ctx, a.ID, ms[at].ID, e.Clock()); err != nil {
		return store.Mail{}, err
	}
	ms, err = tx.Mails(ctx, a.ID, []account.ID{d.ID})
	if err != nil {
		return store.Mail{}, err
	}
	return ms[at], nil
}

// goesTo returns where a mail goes now.
func goesTo(m store.Mail, a account.Account) string {
	if m.Role == store.MailFixed {
		return m.To
	}
	return m.Role.Address(a.Mail)
}
