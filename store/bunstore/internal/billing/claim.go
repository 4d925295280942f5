package billing

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Outbox is a [store.MailOutbox].
type Outbox struct {
	s session.Session
	// work runs a function in a transaction of its own.
	work func(context.Context, func(context.Context, Tx) error) error
}

var _ store.MailOutbox = Outbox{}

// NewOutbox returns the outbox of a session that is no transaction, and of what begins one.
func NewOutbox(s session.Session, work func(context.Context, func(context.Context, Tx) error) error) Outbox {
	return Outbox{s, work}
}

// ClaimMails is [store.MailOutbox]'s. It looks through what is due without a lock, some at a
// time, until it has enough; whether these are still free is seen when they are leased. Where
// nothing is due it is one question, and no transaction.
func (o Outbox) ClaimMails(ctx context.Context, c store.MailClaim) ([]store.ClaimedMail, error) {
	var claimed []store.ClaimedMail
	atOnce := min(looked*min(c.Limit, mostLooked), mostLooked)
	for last := (rows.DueMail{}); len(claimed) < c.Limit && c.Each > 0; {
		due, err := o.due(ctx, c.Now, last, atOnce)
		if err != nil {
			return claimed, unlessAny(claimed, err)
		}
		picked, passed := pick(due, c, claimed)
		leased, err := o.lease(ctx, c, picked)
		if err != nil {
			return claimed, unlessAny(claimed, err)
		}
		claimed = append(claimed, leased...)
		if passed == len(due) && passed < atOnce {
			break
		}
		last = due[passed-1]
	}
	return claimed, ctx.Err()
}

// unlessAny drops an error that comes when some mails are leased already: they are sent, and what
// failed is tried again.
func unlessAny(claimed []store.ClaimedMail, err error) error {
	if len(claimed) > 0 {
		return nil
	}
	return err
}

// How many mails that are due are looked at at once for each one that is wanted, and at most: some
// are to be left for later, or held by others by now.
const looked, mostLooked = 4, 500

const isFree = `m.state = 'waiting' AND m.due_at <= $1 AND (m.leased_until IS NULL OR m.leased_until <= $1)`

// due returns the next mails that are due behind one, those due longest first.
func (o Outbox) due(ctx context.Context, now time.Time, last rows.DueMail, limit int) ([]rows.DueMail, error) {
	return session.Asked(ctx, o.s, `WITH r AS MATERIALIZED (
			SELECT m.id, m.account_id, m.due_at, m.role, m.to_address FROM clientaccount_mails m
			WHERE `+isFree+` AND (m.due_at, m.id) > ($2, $3) ORDER BY m.due_at, m.id LIMIT $4)
		SELECT r.id, r.due_at, r.role, r.to_address, t.mail_email, t.mail_billing, t.mail_price_update FROM `+
		o.s.Dialect.Each("r", "clientaccount_accounts", "t.id = r.account_id", false)+` ORDER BY r.due_at, r.id`,
		rows.DueMails, rows.InstantText(now), rows.InstantText(last.DueAt), rows.IDText(last.ID), limit)
}

// pick returns those of due mails that a claim takes beside what it has, and how many it looked at.
func pick(due []rows.DueMail, c store.MailClaim, claimed []store.ClaimedMail) (picked []rows.DueMail, passed int) {
	of := map[string]int{}
	for _, m := range claimed {
		of[domainOf(m.Address)]++
	}
	for passed < len(due) && len(claimed)+len(picked) < c.Limit {
		m := due[passed]
		passed++
		if domain := domainOf(m.Address()); of[domain] < c.Each && !slices.Contains(c.Skip, domain) {
			of[domain]++
			picked = append(picked, m)
		}
	}
	return picked, passed
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// lease takes those of mails that are still free, with their documents.
func (o Outbox) lease(ctx context.Context, c store.MailClaim, picked []rows.DueMail) (claimed []store.ClaimedMail, err error) {
	if len(picked) == 0 {
		return nil, nil
	}
	err = o.work(ctx, func(ctx context.Context, t Tx) error {
		leased, err := t.leaseMails(ctx, c, picked)
		if err != nil {
			return err
		}
		claimed, err = t.withDocuments(ctx, leased)
		return err
	})
	if err != nil {
		return nil, err
	}
	address := make(map[account.ID]string, len(picked))
	for _, m := range picked {
		address[m.ID] = m.Address()
	}
	for i := range claimed {
		claimed[i].Address = address[claimed[i].ID]
	}
	return claimed, nil
}

// leaseMails passes over those that somebody has locked.
func (t Tx) leaseMails(ctx context.Context, c store.MailClaim, picked []rows.DueMail) ([]store.Mail, error) {
	ids := make([]account.ID, len(picked))
	for i, m := range picked {
		ids[i] = m.ID
	}
	given, err := session.Packed(rows.MailKeys, ids)
	if err != nil {
		return nil, err
	}
	return session.Asked(ctx, t.s, `WITH r AS MATERIALIZED (`+t.s.Dialect.Unpack("$4", rows.MailKeys.Columns())+`), free AS (
			SELECT m.id AS free_mail FROM r JOIN clientaccount_mails m ON m.id = r.mail WHERE `+isFree+`
			ORDER BY m.id `+t.s.Dialect.SkipLocked("m")+`)
		UPDATE clientaccount_mails AS m SET owner = $2, leased_until = $3 FROM free WHERE m.id = free.free_mail
		RETURNING `+mailColumns.List(""), rows.Mails,
		rows.InstantText(c.Now), rows.IDText(c.Owner), rows.InstantText(c.Until), given)
}

// withDocuments adds their documents to mails, those due longest first.
func (t Tx) withDocuments(ctx context.Context, leased []store.Mail) ([]store.ClaimedMail, error) {
	var ids []account.ID
	for _, m := range leased {
		ids = append(ids, m.Document)
	}
	given, err := session.Packed(rows.DocumentKeys, store.Ascending(ids))
	if err != nil || len(leased) == 0 {
		return nil, err
	}
	found, err := session.Asked(ctx, t.s, t.s.Unpacked(rows.DocumentKeys.Columns())+`SELECT `+rows.Documents.Columns().List("t.")+` FROM `+
		t.s.Dialect.Each("r", "clientaccount_documents", "t.id = r.document", false), rows.Documents, given)
	if err != nil {
		return nil, err
	}
	documents := make(map[account.ID]store.Document, len(found))
	for _, d := range found {
		documents[d.ID] = d
	}
	slices.SortFunc(leased, func(a, b store.Mail) int { return cmp.Or(a.DueAt.Compare(b.DueAt), a.ID.Compare(b.ID)) })
	claimed := make([]store.ClaimedMail, len(leased))
	for i, m := range leased {
		d := documents[m.Document]
		d.Text = slices.Clone(d.Text)
		claimed[i] = store.ClaimedMail{Mail: m, Document: d}
	}
	return claimed, nil
}
