package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

type mail = store.Mail

// Mails is a row of clientaccount_mails, without who holds it.
var Mails = Codec[mail]{
	key("id", func(m *mail) *account.ID { return &m.ID }),
	key("account_id", func(m *mail) *account.ID { return &m.Account }),
	key("document", func(m *mail) *account.ID { return &m.Document }),
	text("role", func(m *mail) *store.MailRole { return &m.Role }),
	text("to_address", func(m *mail) *string { return &m.To }),
	text("state", func(m *mail) *store.MailState { return &m.State }),
	instant("made_at", func(m *mail) *time.Time { return &m.MadeAt }),
	instant("due_at", func(m *mail) *time.Time { return &m.DueAt }),
	integer("tries", func(m *mail) *int { return &m.Tries }),
}.And(within(mailTries, func(m *mail) *store.MailTry { return &m.Last }))

var mailTries = Codec[store.MailTry]{
	instantOrNull("try_at", func(t *store.MailTry) *time.Time { return &t.At }),
	text("try_code", func(t *store.MailTry) *string { return &t.Code }),
	text("try_said", func(t *store.MailTry) *string { return &t.Said }),
}

// PlacedMail is a mail that is accepted, and its place among those that are accepted with it.
type PlacedMail struct {
	Position int
	Mail     store.Mail
}

// PlacedMails are they as a parameter.
var PlacedMails = append(Codec[PlacedMail]{
	integer("position", func(p *PlacedMail) *int { return &p.Position }),
}, within(Mails, func(p *PlacedMail) *store.Mail { return &p.Mail })...)

// MailKeys is a mail in a parameter. Its name is no column's of the mails: what is returned of
// these must mean one thing.
var MailKeys = Codec[account.ID]{key("mail", func(id *account.ID) *account.ID { return id })}

// MailResults is what came of a try, as a parameter.
var (
	MailResults = Codec[store.MailResult]{
		key("mail", func(r *store.MailResult) *account.ID { return &r.ID }),
		instant("next_at", func(r *store.MailResult) *time.Time { return &r.DueAt }),
	}.And(MailOutcomes)
	// MailOutcomes is the part of it that is written as it is.
	MailOutcomes = Codec[store.MailResult]{
		text("to_address", func(r *store.MailResult) *string { return &r.To }),
		text("state", func(r *store.MailResult) *store.MailState { return &r.State }),
		integer("tries", func(r *store.MailResult) *int { return &r.Tries }),
	}.And(within(mailTries, func(r *store.MailResult) *store.MailTry { return &r.Last }))
)

// DueMail is a mail that is due, and the addresses that it may go to.
type DueMail struct {
	ID     account.ID
	DueAt  time.Time
	Role   store.MailRole
	To     string
	Client account.Mail
}

// Address returns where the mail goes now; empty where the client has no such address.
func (d DueMail) Address() string {
	if d.Role == store.MailFixed {
		return d.To
	}
	return d.Role.Address(d.Client)
}

// DueMails reads them, of mails and accounts.
var DueMails = Codec[DueMail]{
	key("id", func(d *DueMail) *account.ID { return &d.ID }),
	instant("due_at", func(d *DueMail) *time.Time { return &d.DueAt }),
	text("role", func(d *DueMail) *store.MailRole { return &d.Role }),
	text("to_address", func(d *DueMail) *string { return &d.To }),
	text("mail_email", func(d *DueMail) *string { return &d.Client.Email }),
	text("mail_billing", func(d *DueMail) *string { return &d.Client.Billing }),
	text("mail_price_update", func(d *DueMail) *string { return &d.Client.PriceUpdate }),
}
