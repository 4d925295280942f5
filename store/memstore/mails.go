package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// mail is a mail, and who holds it until when.
type mail struct {
	store.Mail
	owner account.ID
	until time.Time
}

// dueMail is where a mail stands among those that wait: those due longest first.
type dueMail struct {
	at time.Time
	id account.ID
}

func (d dueMail) due() time.Time { return d.at }
func (d dueMail) compare(other dueMail) int {
	return cmp.Or(d.at.Compare(other.at), d.id.Compare(other.id))
}

// putMail puts a changed mail in place of the one that there was.
func (b *billing) putMail(m mail) {
	for _, t := range []*time.Time{&m.MadeAt, &m.DueAt, &m.Last.At, &m.until} {
		*t = instant(*t)
	}
	if before, ok := b.mails.get(m.ID); ok {
		b.waiting.delete(dueMail{before.DueAt, m.ID})
	}
	if m.State == store.MailWaiting {
		b.waiting.put(dueMail{m.DueAt, m.ID})
	}
	b.mails.put(m.ID, &m)
}

func (r reader) Mails(ctx context.Context, id account.ID, documents []account.ID) ([]store.Mail, error) {
	return read(ctx, r, func(s *state) (found []store.Mail, _ error) {
		documents = slices.Clone(documents)
		slices.SortFunc(documents, account.ID.Compare)
		for _, document := range slices.Compact(documents) {
			mails, _ := s.billing.mailsOf.get(document)
			for _, mail := range mails {
				if m, _ := s.billing.mails.get(mail); m.Account == id {
					found = append(found, m.Mail)
				}
			}
		}
		return found, nil
	})
}

// PutMails is [store.BillingTx]'s.
func (t *tx) PutMails(ctx context.Context, ms ...store.Mail) error {
	return t.write(ctx, func(s *state) error {
		b := &s.billing
		for i := range ms {
			m := ms[i]
			if b.mails.has(m.ID) {
				continue
			}
			if d, ok := b.documents.get(m.Document); !ok || d.Account != m.Account {
				return account.ErrConflict
			}
			b.putMail(mail{Mail: m})
			earlier, _ := b.mailsOf.get(m.Document)
			b.mailsOf.put(m.Document, append(slices.Clip(earlier), m.ID))
		}
		return nil
	})
}

// MailAgain is [store.BillingTx]'s.
func (t *tx) MailAgain(ctx context.Context, id, of account.ID, at time.Time) error {
	return t.write(ctx, func(s *state) error {
		m, ok := s.billing.mails.get(of)
		if !ok || m.Account != id {
			return account.ErrNotFound
		}
		next := mail{Mail: m.Mail}
		next.State, next.Tries, next.DueAt = store.MailWaiting, 0, at
		s.billing.putMail(next)
		return nil
	})
}

// ClaimMails is [store.MailOutbox]'s.
func (s *Store) ClaimMails(ctx context.Context, c store.MailClaim) ([]store.ClaimedMail, error) {
	return act(ctx, s, func(s *state) (claimed []store.ClaimedMail) {
		c.Now = instant(c.Now)
		of := map[string]int{}
		for d := range s.billing.waiting.dueBehind(dueMail{}, c.Now) {
			if len(claimed) >= c.Limit {
				break
			}
			m, _ := s.billing.mails.get(d.id)
			if m.until.After(c.Now) {
				continue
			}
			address := s.addressOf(&m.Mail)
			domain := domainOf(address)
			if slices.Contains(c.Skip, domain) || of[domain] >= c.Each {
				continue
			}
			of[domain]++
			claimed = append(claimed, s.claimMail(*m, c, address))
		}
		return claimed
	})
}

// claimMail leases a mail. Who walks through those that wait still sees them as they were.
func (s *state) claimMail(m mail, c store.MailClaim, address string) store.ClaimedMail {
	m.owner, m.until = c.Owner, c.Until
	s.billing.putMail(m)
	d, _ := s.billing.document(m.Account, m.Mail.Document)
	return store.ClaimedMail{Mail: m.Mail, Address: address, Document: d}
}

// addressOf is where a mail goes now.
func (s *state) addressOf(m *store.Mail) string {
	if m.Role == store.MailFixed {
		return m.To
	}
	a, _ := s.accounts.get(m.Account)
	return m.Role.Address(a.account.Mail)
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// RecordMails is [store.MailOutbox]'s.
func (s *Store) RecordMails(ctx context.Context, owner account.ID, rs []store.MailResult) ([]account.ID, error) {
	return act(ctx, s, func(s *state) (lost []account.ID) {
		for i := range rs {
			r := &rs[i]
			m, ok := s.billing.mails.get(r.ID)
			if !ok || owner.IsZero() || m.owner != owner {
				lost = append(lost, r.ID)
				continue
			}
			next := mail{Mail: m.Mail}
			next.To, next.State, next.Tries, next.Last = r.To, r.State, r.Tries, r.Last
			if r.State == store.MailWaiting {
				next.DueAt = r.DueAt
			}
			s.billing.putMail(next)
		}
		return lost
	})
}
