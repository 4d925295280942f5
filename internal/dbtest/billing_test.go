package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// billingRig makes documents of clients, as the Service does.
type billingRig struct {
	testing.TB
	s       *bunstore.Store
	clients []account.ID
	now     time.Time
}

func newBillingRig(t testing.TB, s *bunstore.Store, n int) *billingRig {
	t.Helper()
	r := &billingRig{TB: t, s: s, now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for k := range n {
			a := accounttest.Valid(fmt.Sprintf("billed-%05d", k))
			a.Mail.Email = fmt.Sprintf("client-%d@example.com", k)
			r.clients = append(r.clients, a.ID)
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
			if err := tx.(store.BillingTx).MakeDue(ctx, a.ID, r.now); err != nil {
				return err
			}
		}
		return nil
	}))
	return r
}

// update runs a function in a transaction.
func (r *billingRig) update(fn func(context.Context, store.BillingTx) error) error {
	r.Helper()
	return r.s.Update(r.Context(), func(ctx context.Context, tx store.Tx) error { return fn(ctx, tx.(store.BillingTx)) })
}

// month makes the documents of the kth client's month.
func (r *billingRig) month(ctx context.Context, k int, text []byte) error {
	return r.s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		id := r.clients[k]
		if _, err := tx.Account(ctx, id); err != nil {
			return err
		}
		b := tx.(store.BillingTx)
		book, err := b.Book(ctx, id)
		if err != nil {
			return err
		}
		usage, err := b.Usage(ctx, store.UsageQuery{Account: id, From: book.Opening.Entry})
		if err != nil {
			return err
		}
		for _, kind := range []document.Kind{document.KindStatement, document.KindInvoice} {
			number, err := b.NextNumber(ctx, string(kind), 2026)
			if err != nil {
				return err
			}
			d := store.Document{
				ID: newID(r.now), Account: id, Kind: kind, Origin: "cut:" + book.Cut.Day.String() + ":" + string(kind), Number: fmt.Sprintf("%s-2026-%06d", kind, number),
				At: r.now, Issued: account.DateOf(r.now, time.UTC), Total: account.Some(decimal.New(int64(len(usage)), -2)), Currency: "EUR", Text: text,
			}
			if kept, err := b.PutDocument(ctx, d); err != nil || !kept {
				return fmt.Errorf("kept: %v, %w", kept, err)
			}
			err = b.PutMails(ctx, store.Mail{ID: newID(r.now), Account: id, Document: d.ID, Role: store.MailBilling, State: store.MailWaiting, MadeAt: r.now, DueAt: r.now})
			if err != nil {
				return err
			}
		}
		was := book.Version
		book.Version++
		book.Cut = account.Cut{At: r.now, Day: account.DateOf(r.now, time.UTC)}
		book.DueAt = r.now.AddDate(0, 1, 0)
		return b.PutBook(ctx, book, was)
	})
}

func (r *billingRig) documents(q store.DocumentQuery) (ids []account.ID) {
	r.Helper()
	page, err := r.s.Documents(r.Context(), q)
	require.NoError(r, err)
	for _, d := range page {
		ids = append(ids, d.ID)
	}
	return ids
}

func TestAMonthOfDocumentsIsMadeAndMailed(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		r := newBillingRig(t, s, 3)
		due, err := s.DueBooks(t.Context(), r.now, 10, r.clients[:1])
		require.NoError(t, err)
		assert.Len(t, due, 2)
		usage := []document.UsageRow{
			{UsageKey: document.UsageKey{Day: account.DateOf(r.now, time.UTC), Kind: account.KindCharge, Price: document.NewUnitPrice(decimal.New(77, -3), 1)}, UsageSums: document.UsageSums{Entries: 2, Messages: 2, Moved: decimal.New(-154, -3)}},
			{UsageKey: document.UsageKey{Day: account.DateOf(r.now, time.UTC), Kind: account.KindCharge, Price: document.Various()}, UsageSums: document.UsageSums{Entries: 1, Messages: 3, Moved: decimal.New(-1, -3)}},
		}
		for range 2 {
			require.NoError(t, r.update(func(ctx context.Context, tx store.BillingTx) error { return tx.PutUsage(ctx, r.clients[0], 0, usage) }))
		}
		kept, err := s.Usage(t.Context(), store.UsageQuery{Account: r.clients[0], First: usage[0].Day, Last: usage[0].Day})
		require.NoError(t, err)
		require.Len(t, kept, 2)
		assert.Equal(t, usage[1].UsageKey, kept[1].UsageKey)
		assert.True(t, kept[0].Moved.Equal(usage[0].Moved))
		text := []byte(`{"b":1, "a":[2]}`)
		for k := range r.clients {
			require.NoError(t, r.month(t.Context(), k, text))
		}
		all := r.documents(store.DocumentQuery{})
		assert.Len(t, all, 6)
		assert.Len(t, r.documents(store.DocumentQuery{Account: r.clients[1], Kinds: document.Kinds()}), 2)
		assert.Len(t, r.documents(store.DocumentQuery{Number: "INVOICE-2026-", Kinds: []document.Kind{document.KindInvoice}, Mailed: store.MailWaiting}), 3)
		assert.Len(t, r.documents(store.DocumentQuery{First: account.DateOf(r.now, time.UTC), Last: account.DateOf(r.now, time.UTC), FailedFirst: true, Limit: 4}), 4)
		d, err := s.Document(t.Context(), r.clients[0], r.documents(store.DocumentQuery{Account: r.clients[0]})[0])
		require.NoError(t, err)
		assert.Equal(t, text, d.Text)
		assert.Equal(t, store.MailWaiting, d.Mailed)
		require.NoError(t, r.update(func(ctx context.Context, tx store.BillingTx) error {
			kept, err := tx.PutDocument(ctx, d)
			assert.False(t, kept)
			return err
		}))
		d.Origin = "another"
		err = r.update(func(ctx context.Context, tx store.BillingTx) error { _, err := tx.PutDocument(ctx, d); return err })
		require.ErrorIs(t, err, account.ErrConflict)

		owner := newID(r.now)
		claim := store.MailClaim{Owner: owner, Now: r.now, Until: r.now.Add(time.Minute), Limit: 4, Each: 3}
		claimed, err := s.ClaimMails(t.Context(), claim)
		require.NoError(t, err)
		require.Len(t, claimed, 3)
		assert.Regexp(t, "^client-[0-2]@example.com$", claimed[0].Address)
		assert.Equal(t, text, claimed[0].Document.Text)
		failed := store.MailResult{ID: claimed[0].ID, To: claimed[0].Address, State: store.MailFailed, Tries: 1, Last: store.MailTry{At: r.now, Code: "refused", Said: "550 no"}}
		lost, err := s.RecordMails(t.Context(), owner, []store.MailResult{failed, {ID: owner}})
		require.NoError(t, err)
		assert.Equal(t, []account.ID{owner}, lost)
		assert.Equal(t, claimed[0].Mail.Document, r.documents(store.DocumentQuery{FailedFirst: true})[0])
		assert.Len(t, r.documents(store.DocumentQuery{Mailed: store.MailFailed}), 1)
		mails, err := s.Mails(t.Context(), claimed[0].Account, []account.ID{claimed[0].Mail.Document})
		require.NoError(t, err)
		require.Len(t, mails, 1)
		assert.Equal(t, failed.Last, mails[0].Last)
		require.NoError(t, r.update(func(ctx context.Context, tx store.BillingTx) error {
			return tx.MailAgain(ctx, claimed[0].Account, claimed[0].ID, r.now)
		}))
		assert.Empty(t, r.documents(store.DocumentQuery{Mailed: store.MailFailed}))
		claim.Skip = []string{"example.com"}
		claimed, err = s.ClaimMails(t.Context(), claim)
		require.NoError(t, err)
		assert.Empty(t, claimed)
	})
}

func newID(at time.Time) account.ID {
	var random [10]byte
	_, _ = rand.Read(random[:])
	return account.NewID(at, random)
}
