package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// origin is what a document was made of.
type origin struct {
	account account.ID
	text    string
}

func (r reader) Document(ctx context.Context, id, document account.ID) (store.Document, error) {
	return read(ctx, r, func(s *state) (store.Document, error) { return s.billing.document(id, document) })
}

func (r reader) DocumentOf(ctx context.Context, id account.ID, of string) (store.Document, error) {
	return read(ctx, r, func(s *state) (store.Document, error) {
		document, err := find(&s.billing.origins, origin{id, of})
		if err != nil {
			return store.Document{}, err
		}
		return s.billing.document(id, document)
	})
}

func (b *billing) document(id, document account.ID) (store.Document, error) {
	kept, ok := b.documents.get(document)
	if !ok || kept.Account != id {
		return store.Document{}, account.ErrNotFound
	}
	d := *kept
	d.Text, d.Mailed = slices.Clone(d.Text), b.mailed(document)
	return d, nil
}

// mailed is the state of the mails of a document.
func (b *billing) mailed(document account.ID) (state store.MailState) {
	mails, _ := b.mailsOf.get(document)
	for _, id := range mails {
		m, _ := b.mails.get(id)
		switch {
		case m.State == store.MailFailed:
			return store.MailFailed
		case state != store.MailWaiting:
			state = m.State
		}
	}
	return state
}

// Documents looks at every document, as Accounts does at every account.
func (r reader) Documents(ctx context.Context, q store.DocumentQuery) ([]store.Document, error) {
	return read(ctx, r, func(s *state) (page []store.Document, _ error) {
		for kept := range s.billing.documents.all() {
			d := *kept
			d.Text, d.Mailed = nil, s.billing.mailed(d.ID)
			if s.documentListed(&d, &q) {
				page = append(page, d)
			}
		}
		slices.SortFunc(page, func(a, b store.Document) int {
			return comparePositions(&q, store.PositionOf(a), store.PositionOf(b))
		})
		return page[:min(len(page), q.PageSize())], nil
	})
}

func (s *state) documentListed(d *store.Document, q *store.DocumentQuery) bool {
	return (q.Account.IsZero() || d.Account == q.Account) && s.managed(d.Account, q.Managers) &&
		(len(q.Kinds) == 0 || slices.Contains(q.Kinds, d.Kind)) && within(d.Issued, q.First, q.Last) &&
		strings.HasPrefix(textform.ForSort(d.Number), textform.ForSort(q.Number)) &&
		(q.Of.IsZero() || d.Of == q.Of) && (q.Mailed == "" || d.Mailed == q.Mailed) &&
		(q.After == nil || comparePositions(q, store.PositionOf(*d), *q.After) > 0)
}

// comparePositions orders the newest first, and where that is asked for those that failed before
// all others.
func comparePositions(q *store.DocumentQuery, a, b store.DocumentPosition) int {
	if q.FailedFirst && a.Failed != b.Failed {
		if a.Failed {
			return -1
		}
		return 1
	}
	return cmp.Or(b.At.Compare(a.At), b.ID.Compare(a.ID))
}

// managed reports whether an account is one of these managers' alone, or there are none.
func (s *state) managed(id account.ID, managers account.Optional[[]account.ID]) bool {
	of, limited := managers.Get()
	if !limited {
		return true
	}
	a, ok := s.accounts.get(id)
	return ok && !a.account.Core.Manager.IsZero() && slices.Contains(of, a.account.Core.Manager)
}

// PutDocument is [store.BillingTx]'s.
func (t *tx) PutDocument(ctx context.Context, d store.Document) (bool, error) {
	return read(ctx, t.reader, func(s *state) (bool, error) {
		b := &s.billing
		of := origin{d.Account, d.Origin}
		switch {
		case b.origins.has(of):
			return false, nil
		case b.documents.has(d.ID), b.numbered.has(d.Number), !s.accounts.has(d.Account):
			return false, account.ErrConflict
		}
		d.At, d.Text = instant(d.At), slices.Clone(d.Text)
		b.documents.put(d.ID, &d)
		b.origins.put(of, d.ID)
		if d.Number != "" {
			b.numbered.put(d.Number, d.ID)
		}
		return true, nil
	})
}
