package billing

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var transactionPromises = []promise{
	{Name: "a transaction reads its own writes, and nobody else does before its end", Test: ownWrites},
	{Name: "what was rolled back is not there", Test: rolledBack},
	{Name: "a canceled context ends a call", Test: canceled},
	{Name: "a transaction is of no use after its end", Test: ended},
}

// existing is what everything writes over.
func (r rig) existing(ctx context.Context, tx store.BillingTx) error {
	_, err := tx.NextNumber(ctx, "INV", 2026)
	sent := r.mail(r.one, r.document(r.one, 1), 1)
	sent.State = store.MailSent
	return errors.Join(err,
		tx.PutBook(ctx, store.Book{Account: r.one, Version: 1, DueAt: r.after(minute)}, 0),
		tx.PutUsage(ctx, r.one, 0, []document.UsageRow{used(1, 1), used(2, 2)}),
		putting(r.document(r.one, 1))(ctx, tx),
		tx.PutMails(ctx, sent),
	)
}

// everything writes through each method.
func (r rig) everything(ctx context.Context, tx store.BillingTx) error {
	number, err := tx.NextNumber(ctx, "INV", 2026)
	if number != 2 {
		err = errors.Join(err, errors.New("the second number is another"))
	}
	d := r.document(r.one, 2)
	sent := r.mail(r.one, r.document(r.one, 1), 1)
	return errors.Join(err,
		tx.PutBook(ctx, store.Book{Account: r.one, Version: 2, DueAt: r.after(minute)}, 1),
		tx.MakeDue(ctx, r.one, r.now),
		tx.MakeDue(ctx, r.two, r.now),
		tx.PutUsage(ctx, r.one, 0, []document.UsageRow{used(2, 3)}),
		putting(d)(ctx, tx),
		tx.PutMails(ctx, r.mail(r.one, d, 2)),
		tx.MailAgain(ctx, r.one, sent.ID, r.now),
	)
}

// requireExisting expects that all is as existing left it.
func (r rig) requireExisting(t *testing.T) {
	t.Helper()
	r.requireBook(t, store.Book{Account: r.one, Version: 1, DueAt: r.after(minute)})
	r.requireNoBook(t, r.two)
	r.requireDue(t, r.now)
	r.requireUsage(t, store.UsageQuery{Account: r.one}, of(0, used(1, 1), used(2, 2))...)
	d := r.document(r.one, 1)
	d.Mailed = store.MailSent
	requireDocument(t, r, d)
	r.requireNoDocument(t, r.document(r.one, 2))
	r.requirePage(t, store.DocumentQuery{}, d)
	sent := r.mail(r.one, d, 1)
	sent.State = store.MailSent
	r.requireMails(t, d, sent)
	r.requireMails(t, r.document(r.one, 2))
}

// requireEverything expects that all is as everything left it.
func (r rig) requireEverything(t *testing.T, from store.BillingReader) {
	t.Helper()
	requireBookIn(t, from, store.Book{Account: r.one, Version: 2, DueAt: r.now})
	requireBookIn(t, from, store.Book{Account: r.two, Version: 1, DueAt: r.now})
	usage, err := from.Usage(t.Context(), store.UsageQuery{Account: r.one})
	require.NoError(t, err)
	support.RequireFacts(t, of(0, used(1, 1), used(2, 3)), usage, "usage")
	one, two := r.document(r.one, 1), r.document(r.one, 2)
	one.Mailed, two.Mailed = store.MailWaiting, store.MailWaiting
	requireDocument(t, from, one)
	requireDocument(t, from, two)
	page, err := from.Documents(t.Context(), store.DocumentQuery{})
	require.NoError(t, err)
	support.RequireFacts(t, textless(two, one), page, "the page")
	requireMailsIn(t, from, r.one, []account.ID{one.ID, two.ID}, r.mail(r.one, one, 1), r.mail(r.one, two, 2))
}

func ownWrites(t *testing.T, r rig) {
	r.must(t, r.existing)
	r.must(t, func(ctx context.Context, tx store.BillingTx) error {
		if err := r.everything(ctx, tx); err != nil {
			return err
		}
		r.requireEverything(t, tx)
		r.requireExisting(t)
		return nil
	})
	r.requireEverything(t, r)
	require.Len(t, r.claim(t, owner, r.now), 2)
}

func rolledBack(t *testing.T, r rig) {
	r.must(t, r.existing)
	boom := errors.New("boom")
	require.ErrorIs(t, r.Update(t.Context(), write(func(ctx context.Context, tx store.BillingTx) error {
		require.NoError(t, r.everything(ctx, tx))
		return boom
	}).in), boom)
	r.requireExisting(t)
	require.Empty(t, r.claim(t, owner, r.after(time.Hour)))
	r.must(t, r.everything)
	r.requireEverything(t, r)
}

// questions are all that can be asked.
func (r rig) questions(ctx context.Context, of store.BillingReader) map[string]error {
	d := r.document(r.one, 1)
	errs := map[string]error{}
	_, errs["Book"] = of.Book(ctx, r.one)
	_, errs["Usage"] = of.Usage(ctx, store.UsageQuery{Account: r.one})
	_, errs["Document"] = of.Document(ctx, r.one, d.ID)
	_, errs["DocumentOf"] = of.DocumentOf(ctx, r.one, d.Origin)
	_, errs["Documents"] = of.Documents(ctx, store.DocumentQuery{})
	_, errs["Mails"] = of.Mails(ctx, r.one, []account.ID{d.ID})
	return errs
}

func canceled(t *testing.T, r rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for what, err := range r.questions(ctx, r) {
		require.ErrorIs(t, err, context.Canceled, what)
	}
	_, err := r.DueBooks(ctx, r.now, 1, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, r.Update(ctx, write(r.existing).in), context.Canceled)
	r.requireNoDocument(t, r.document(r.one, 1))
}

func ended(t *testing.T, r rig) {
	var kept store.BillingTx
	r.must(t, func(_ context.Context, tx store.BillingTx) error {
		kept = tx
		return nil
	})
	ctx, d := t.Context(), r.document(r.one, 1)
	require.NotPanics(t, func() {
		errs := r.questions(ctx, kept)
		_, errs["NextNumber"] = kept.NextNumber(ctx, "INV", 2026)
		_, errs["PutDocument"] = kept.PutDocument(ctx, d)
		errs["PutBook"] = kept.PutBook(ctx, store.Book{Account: r.one, Version: 1}, 0)
		errs["MakeDue"] = kept.MakeDue(ctx, r.one, r.now)
		errs["PutUsage"] = kept.PutUsage(ctx, r.one, 0, []document.UsageRow{used(1, 1)})
		errs["PutMails"] = kept.PutMails(ctx, r.mail(r.one, d, 1))
		errs["MailAgain"] = kept.MailAgain(ctx, r.one, r.mail(r.one, d, 1).ID, r.now)
		for what, err := range errs {
			assert.Error(t, err, what)
			if what != "MailAgain" {
				assert.NotErrorIs(t, err, account.ErrNotFound, what)
			}
		}
	})
	r.requireNoBook(t, r.one)
	r.requireNoDocument(t, d)
}
