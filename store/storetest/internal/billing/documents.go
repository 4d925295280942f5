package billing

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var documentPromises = []promise{
	{Name: "every field of a document comes back, also where it is zero", Test: documentFields},
	{Name: "the text of a document comes back byte for byte", Test: documentTexts},
	{Name: "the total of a document comes back exactly, one of zero as set", Test: totals},
	{Name: "changing what was kept or read changes nothing stored", Test: documentAliases},
	{Name: "a document that is not there, or another's, is ErrNotFound", Test: noDocument},
	{Name: "a document of an origin is kept once", Test: onceOfOrigin},
	{Name: "origins are told apart byte for byte, and may be long", Test: origins},
	{Name: "an id that is there is ErrConflict", Test: idTaken},
	{Name: "a printed number that another document has is ErrConflict", Test: numberTaken},
	{Name: "documents of an account that is not there are ErrConflict", Test: documentsOfNobody},
	{Name: "of several who make one document at once, one does", Test: documentRace},
	{Name: "of a document made by several at once there is one number, and one mail", Test: madeOnce},
}

// document is the nth of an account, of an origin of its own.
func (r rig) document(id account.ID, n int) store.Document {
	at := r.after(time.Duration(n) * time.Second)
	return store.Document{
		ID: accounttest.ID(1000 + n), Account: id, Kind: document.KindInvoice, Origin: "cut:" + day(n%28+1).String() + ":" + accounttest.ID(n).String(),
		At: at, Issued: account.DateOf(at, time.UTC), Text: []byte(`{"kind":"invoice"}`),
	}
}

// putting keeps documents, each of which must be new.
func putting(ds ...store.Document) write {
	return func(ctx context.Context, tx store.BillingTx) error {
		for _, d := range ds {
			kept, err := tx.PutDocument(ctx, d)
			if err != nil {
				return err
			}
			if !kept {
				return errors.New("the document is not kept")
			}
		}
		return nil
	}
}

func requireDocument(t support.TB, from store.BillingReader, want store.Document) {
	t.Helper()
	one, err := from.Document(t.Context(), want.Account, want.ID)
	require.NoError(t, err)
	byOrigin, err := from.DocumentOf(t.Context(), want.Account, want.Origin)
	require.NoError(t, err)
	for _, got := range []store.Document{one, byOrigin} {
		support.RequireFacts(t, []store.Document{want}, []store.Document{got}, "the document")
		require.Equal(t, string(want.Text), string(got.Text))
	}
}

func (r rig) requireNoDocument(t support.TB, d store.Document) {
	t.Helper()
	_, err := r.Document(t.Context(), d.Account, d.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = r.DocumentOf(t.Context(), d.Account, d.Origin)
	require.ErrorIs(t, err, account.ErrNotFound)
}

func (r rig) wholeDocument(id account.ID, n int) store.Document {
	d := r.document(id, n)
	d.Kind, d.Number, d.Of, d.At = document.KindCreditNote, "CN-2026-"+accounttest.ID(n).String(), accounttest.ID(1), d.At.Add(123456*time.Microsecond)
	d.First, d.Last, d.Total, d.Currency = account.Date{Year: 1999, Month: 12, Day: 31}, account.Date{Year: 9999, Month: 12, Day: 31}, account.Some(money("-123456789012.340001")), "UAH"
	return d
}

func documentFields(t *testing.T, r rig) {
	whole, bare := r.wholeDocument(r.one, 1), store.Document{ID: accounttest.ID(2), Account: r.two, Kind: document.KindNotice, Origin: "event:1", At: r.now, Issued: day(1)}
	requireFilled(t, whole, "Mailed")
	r.must(t, putting(whole, bare))
	requireDocument(t, r, whole)
	requireDocument(t, r, bare)
	for n, kind := range document.Kinds() {
		d := r.document(r.one, 10+n)
		d.Kind, d.At = kind, r.now.Add(999).In(time.FixedZone("elsewhere", 3600))
		r.must(t, putting(d))
		d.At = r.now
		requireDocument(t, r, d)
	}
}

func documentTexts(t *testing.T, r rig) {
	n := 0
	for name, text := range support.Awkward() {
		n++
		d := r.document(r.one, n)
		made := document.Notice{Head: document.Head{ID: d.ID, Account: d.Account, Issued: d.Issued, At: d.At, Customer: document.Customer{Name: support.Head(text, 2000)}}, New: name}
		d.Text, _ = document.Encode(made)
		if len(d.Text) == 0 { // it has what no document shows
			d.Text = []byte("{\"text\": \"" + name + "\",   \"b\": 1.50, \"a\": 1e2,\"a\":null}\n")
		}
		r.must(t, putting(d))
		t.Run(name, func(t *testing.T) { requireDocument(t, r, d) })
	}
	long := r.document(r.two, n+1)
	long.Text = []byte(`{"text":"` + strings.Repeat("їß漢😀 ", 200_000) + `"}`)
	r.must(t, putting(long))
	requireDocument(t, r, long)
}

func totals(t *testing.T, r rig) {
	for n, amount := range []string{"0", "0.000001", "-0.1", "100", "999999999999999.999999", "-900719925474099.3", "1000000"} {
		d := r.document(r.one, n)
		d.Total, d.Currency = account.Some(money(amount)), "EUR"
		r.must(t, putting(d))
		requireDocument(t, r, d)
	}
}

func documentAliases(t *testing.T, r rig) {
	d := r.document(r.one, 1)
	given := d
	given.Text = []byte(string(d.Text))
	r.must(t, putting(given))
	given.Text[0] = 'x'
	r.must(t, putMails(r.mail(r.one, d, 1)))
	for range 2 {
		one, err := r.Document(t.Context(), r.one, d.ID)
		require.NoError(t, err)
		byOrigin, err := r.DocumentOf(t.Context(), r.one, d.Origin)
		require.NoError(t, err)
		for _, got := range []store.Document{one, byOrigin} {
			require.Equal(t, string(d.Text), string(got.Text))
			got.Text[0] = 'x'
		}
	}
	claimed := r.claim(t, owner, r.now)
	require.Len(t, claimed, 1)
	require.Equal(t, string(d.Text), string(claimed[0].Document.Text))
	claimed[0].Document.Text[0] = 'x'
	again := r.claim(t, owner, r.after(minute))
	require.Len(t, again, 1)
	require.Equal(t, string(d.Text), string(again[0].Document.Text))
}

func noDocument(t *testing.T, r rig) {
	d := r.document(r.one, 1)
	r.requireNoDocument(t, d)
	r.must(t, putting(d))
	elsewhere := d
	elsewhere.Account = r.two
	r.requireNoDocument(t, elsewhere)
	elsewhere.Account = account.ID{}
	r.requireNoDocument(t, elsewhere)
	_, err := r.DocumentOf(t.Context(), r.one, "")
	require.ErrorIs(t, err, account.ErrNotFound)
}

// unkept puts a document that must not be kept, for it is there.
func (r rig) unkept(t support.TB, d store.Document) {
	t.Helper()
	r.must(t, func(ctx context.Context, tx store.BillingTx) error {
		kept, err := tx.PutDocument(ctx, d)
		assert.NoError(t, err)
		assert.False(t, kept)
		requireDocument(t, tx, r.document(r.one, 1))
		return err
	})
}

func onceOfOrigin(t *testing.T, r rig) {
	first := r.document(r.one, 1)
	r.must(t, putting(first))
	r.unkept(t, first)
	another := r.wholeDocument(r.one, 2)
	another.Origin = first.Origin
	r.unkept(t, another)
	requireDocument(t, r, first)
	_, err := r.Document(t.Context(), r.one, another.ID)
	require.ErrorIs(t, err, account.ErrNotFound)

	others := r.document(r.two, 3)
	others.Origin = first.Origin
	r.must(t, putting(others))
	requireDocument(t, r, first)
	requireDocument(t, r, others)

	free := r.wholeDocument(r.one, 2) // its id and number are free
	r.must(t, putting(free))
	requireDocument(t, r, free)
}

func origins(t *testing.T, r rig) {
	n := 0
	put := func(origin string) {
		t.Helper()
		n++
		d := r.document(r.one, n)
		d.Origin = origin
		r.must(t, putting(d))
		requireDocument(t, r, d)
	}
	for _, text := range support.Awkward() {
		put("credit:" + support.Head(text, 40))
	}
	for _, text := range []string{"credit:aabb", "credit:a", "credit:100% axb", strings.Repeat("a", 255), strings.Repeat("a", 254) + "b"} {
		put(text)
	}
}

func idTaken(t *testing.T, r rig) {
	first := r.document(r.one, 1)
	r.must(t, putting(first))
	for _, id := range []account.ID{r.one, r.two} {
		second := r.document(id, 2)
		second.ID = first.ID
		r.refused(t, account.ErrConflict, putting(second))
		_, err := r.DocumentOf(t.Context(), id, second.Origin)
		require.ErrorIs(t, err, account.ErrNotFound)
	}
	requireDocument(t, r, first)
}

func numberTaken(t *testing.T, r rig) {
	first := r.document(r.one, 1)
	first.Number = "INV-2026-000001"
	r.must(t, putting(first))
	for i, id := range []account.ID{r.one, r.two} {
		second := r.document(id, 2+i)
		second.Number = first.Number
		r.refused(t, account.ErrConflict, putting(second))
		r.requireNoDocument(t, second)
		second.Number = ""
		r.must(t, putting(second))
		third := r.document(id, 12+i)
		third.Number = []string{"inv-2026-000001", "INV-2026-000001 "}[i]
		r.must(t, putting(third))
		requireDocument(t, r, third)
	}
	requireDocument(t, r, first)
}

func documentsOfNobody(t *testing.T, r rig) {
	for _, id := range []account.ID{r.nobody, {}} {
		r.refused(t, account.ErrConflict, putting(r.document(id, 1)))
		r.requireNoDocument(t, r.document(id, 1))
	}
}

// atOnce runs several tries at once, each until it lost no race.
func (r rig) atOnce(t *testing.T, try func(n int) write) {
	t.Helper()
	var wg sync.WaitGroup
	for n := range 6 {
		wg.Go(func() { assert.NoError(t, support.Retry(t.Context(), r, try(n).in)) })
	}
	wg.Wait()
}

func documentRace(t *testing.T, r rig) {
	for round := range 5 {
		var reported [6]bool // by each's last try, which was not taken back
		first := r.document(r.one, 10*round)
		r.atOnce(t, func(n int) write {
			return func(ctx context.Context, tx store.BillingTx) (err error) {
				d := r.document(r.one, 10*round+n)
				d.Origin = first.Origin
				reported[n], err = tx.PutDocument(ctx, d)
				return err
			}
		})
		kept := 0
		for _, did := range reported {
			if did {
				kept++
			}
		}
		require.Equal(t, 1, kept)
		page, err := r.Documents(t.Context(), store.DocumentQuery{Account: r.one})
		require.NoError(t, err)
		require.Len(t, page, round+1)
	}
}

// madeOnce makes a document as an engine does: who finds it made makes nothing.
func madeOnce(t *testing.T, r rig) {
	r.must(t, keeping(store.Book{Account: r.one, Version: 1}, 0))
	r.atOnce(t, func(n int) write {
		return func(ctx context.Context, tx store.BillingTx) error {
			b, err := tx.Book(ctx, r.one)
			if err != nil {
				return err
			}
			d := r.document(r.one, n)
			d.Origin = "cut:2026-11-01:invoice"
			if _, err := tx.DocumentOf(ctx, r.one, d.Origin); !errors.Is(err, account.ErrNotFound) {
				return err
			}
			number, err := tx.NextNumber(ctx, "INV", 2026)
			d.Number = document.FormatNumber(document.Number{Series: "INV", Year: 2026, Number: number})
			b.Version++
			return errors.Join(err, putting(d)(ctx, tx), tx.PutMails(ctx, r.mail(r.one, d, n)), tx.PutBook(ctx, b, b.Version-1))
		}
	})
	page, err := r.Documents(t.Context(), store.DocumentQuery{})
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Equal(t, "INV-2026-000001", page[0].Number)
	require.Equal(t, int64(2), r.next(t, "INV", 2026))
	mails, err := r.Mails(t.Context(), r.one, []account.ID{page[0].ID})
	require.NoError(t, err)
	require.Len(t, mails, 1)
	r.requireBook(t, store.Book{Account: r.one, Version: 2})
}
