package billing

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var mailPromises = []promise{
	{Name: "every field of a mail comes back, also where it is zero", Test: mailFields},
	{Name: "texts of a mail come back byte for byte", Test: mailTexts},
	{Name: "instants of a mail are kept to the microsecond, in UTC", Test: mailInstants},
	{Name: "mails come by document, then in the order in which they were made", Test: mailOrder},
	{Name: "only mails of the documents asked for, and of the account, come", Test: mailsAsked},
	{Name: "a mail whose id is there is left as it is", Test: mailTwice},
	{Name: "mails of a document or account that is not there are ErrConflict", Test: mailsOfNobody},
	{Name: "a mail that is to wait again is due then, its tries counted anew", Test: mailAgain},
	{Name: "a mail that is not there, or another's, is ErrNotFound", Test: mailAgainOfNobody},
	{Name: "a mail that is to wait again is nobody's any more", Test: mailAgainWhileHeld},
}

// mail is the nth, of a document, to the client's first address, due now.
func (r rig) mail(id account.ID, of store.Document, n int) store.Mail {
	return store.Mail{
		ID: accounttest.ID(5000 + n), Account: id, Document: of.ID, Role: store.MailMain, To: "one@main.example",
		State: store.MailWaiting, MadeAt: r.after(time.Duration(n) * time.Microsecond), DueAt: r.now,
	}
}

func putMails(ms ...store.Mail) write {
	return func(ctx context.Context, tx store.BillingTx) error { return tx.PutMails(ctx, ms...) }
}

func again(m store.Mail, at time.Time) write {
	return func(ctx context.Context, tx store.BillingTx) error { return tx.MailAgain(ctx, m.Account, m.ID, at) }
}

func requireMailsIn(t support.TB, from store.MailReader, id account.ID, documents []account.ID, want ...store.Mail) {
	t.Helper()
	got, err := from.Mails(t.Context(), id, documents)
	require.NoError(t, err)
	support.RequireFacts(t, want, got, "the mails")
}

// requireMails expects mails of one document.
func (r rig) requireMails(t support.TB, of store.Document, want ...store.Mail) {
	t.Helper()
	requireMailsIn(t, r, of.Account, []account.ID{of.ID}, want...)
}

// kept keeps the nth document of the first account, and returns it.
func (r rig) kept(t support.TB, n int) store.Document {
	t.Helper()
	d := r.document(r.one, n)
	r.must(t, putting(d))
	return d
}

func mailFields(t *testing.T, r rig) {
	d := r.kept(t, 1)
	whole := store.Mail{
		ID: accounttest.ID(1), Account: r.one, Document: d.ID, Role: store.MailBilling, To: "Later@Billing.Example", State: store.MailFailed,
		MadeAt: r.after(time.Microsecond), DueAt: r.after(123456 * time.Microsecond), Tries: 8,
		Last: store.MailTry{At: r.after(minute), Code: "refused", Said: "550 5.1.1 späť '\"\\ ?"},
	}
	requireFilled(t, whole)
	requireFilled(t, whole.Last)
	bare := store.Mail{ID: accounttest.ID(2), Account: r.one, Document: d.ID, State: store.MailWaiting, MadeAt: r.after(minute), DueAt: r.now}
	all := []store.Mail{whole, bare}
	for n, role := range []store.MailRole{store.MailFixed, store.MailMain, store.MailBilling, store.MailPrices} {
		m := r.mail(r.one, d, n)
		m.Role, m.MadeAt, m.State = role, r.after(time.Duration(n+1)*time.Hour), store.MailSent
		all = append(all, m)
	}
	r.must(t, putMails(all...))
	r.requireMails(t, d, all...)
}

func mailTexts(t *testing.T, r rig) {
	n := 0
	for name, text := range support.Awkward() {
		n++
		d := r.kept(t, n)
		m := r.mail(r.one, d, n)
		m.Role, m.Last = store.MailFixed, store.MailTry{At: r.now, Code: support.Head(text, 40), Said: support.Head(text, 120)}
		r.must(t, putMails(m))
		r.requireMails(t, d, m)
		claimed := r.claim(t, owner, r.now)
		require.Len(t, claimed, 1)
		support.RequireFacts(t, []store.Mail{m}, []store.Mail{claimed[0].Mail}, "a claimed mail")
		m.State, m.Tries, m.Last.Said = store.MailSent, 1, support.Head("2 "+text, 120)
		r.record(t, owner, result(m))
		t.Run(name, func(t *testing.T) { r.requireMails(t, d, m) })
	}
}

func mailInstants(t *testing.T, r rig) {
	d := r.kept(t, 1)
	given := r.now.Add(999).In(time.FixedZone("elsewhere", 5*3600+1800))
	m := r.mail(r.one, d, 0)
	kept := m
	m.MadeAt, m.DueAt, m.Last = given, given, store.MailTry{At: given, Code: "later"}
	kept.Last = store.MailTry{At: r.now, Code: "later"}
	r.must(t, putMails(m))
	r.requireMails(t, d, kept)
	require.Len(t, r.claimSome(t, store.MailClaim{Owner: owner, Now: given, Until: r.after(minute).Add(999), Limit: 1, Each: 1}), 1)
	require.Empty(t, r.claim(t, other, r.after(minute-time.Microsecond)))
	require.Len(t, r.claim(t, owner, r.after(minute)), 1, "a lease ends to the microsecond")
	r.record(t, owner, store.MailResult{ID: m.ID, To: m.To, State: store.MailWaiting, DueAt: given, Tries: 1, Last: m.Last})
	kept.Tries = 1
	r.requireMails(t, d, kept)
	r.must(t, again(m, given))
	kept.Tries = 0
	r.requireMails(t, d, kept)
}

// mailOrder has ids in the order in which mails were made, as ids are made; but not documents.
func mailOrder(t *testing.T, r rig) {
	three, one, two := r.kept(t, 3), r.kept(t, 1), r.kept(t, 2)
	ms := []store.Mail{r.mail(r.one, three, 1), r.mail(r.one, one, 2), r.mail(r.one, two, 3), r.mail(r.one, one, 4), r.mail(r.one, three, 5)}
	for _, m := range ms {
		r.must(t, putMails(m))
	}
	r.must(t, again(ms[1], r.after(time.Hour)))
	ms[1].DueAt = r.after(time.Hour)
	requireMailsIn(t, r, r.one, []account.ID{two.ID, three.ID, one.ID}, ms[1], ms[3], ms[2], ms[0], ms[4])
}

func mailsAsked(t *testing.T, r rig) {
	one, two, others := r.kept(t, 1), r.kept(t, 2), r.document(r.two, 3)
	r.must(t, putting(others))
	first, second, theirs := r.mail(r.one, one, 1), r.mail(r.one, two, 2), r.mail(r.two, others, 3)
	r.must(t, putMails(first, second, theirs))
	all := []account.ID{one.ID, two.ID, others.ID}
	requireMailsIn(t, r, r.one, all, first, second)
	requireMailsIn(t, r, r.two, all, theirs)
	requireMailsIn(t, r, r.one, []account.ID{two.ID, two.ID, r.nobody}, second)
	requireMailsIn(t, r, r.one, nil)
	requireMailsIn(t, r, r.nobody, all)
	var many []account.ID
	for n := range 1500 {
		many = append(many, accounttest.ID(100_000+n))
	}
	requireMailsIn(t, r, r.one, append(many, one.ID), first)
}

func mailTwice(t *testing.T, r rig) {
	d, another := r.kept(t, 1), r.kept(t, 2)
	m := r.mail(r.one, d, 1)
	m.State = store.MailSent
	r.must(t, putMails(m))
	changed := r.mail(r.one, another, 1)
	changed.To, changed.Role, changed.Tries = "else@where.example", store.MailFixed, 3
	fresh := r.mail(r.one, another, 2)
	twice := r.mail(r.one, another, 3)
	later := twice
	later.To = "later@where.example"
	r.must(t, putMails(changed, fresh, twice, later))
	r.requireMails(t, d, m)
	r.requireMails(t, another, fresh, twice)
}

func mailsOfNobody(t *testing.T, r rig) {
	d := r.kept(t, 1)
	for name, change := range map[string]func(*store.Mail){
		"no document":        func(m *store.Mail) { m.Document = r.nobody },
		"no account":         func(m *store.Mail) { m.Account = r.nobody },
		"another's document": func(m *store.Mail) { m.Account = r.two },
		"none":               func(m *store.Mail) { m.Account, m.Document = account.ID{}, account.ID{} },
	} {
		m := r.mail(r.one, d, 1)
		change(&m)
		r.refused(t, account.ErrConflict, putMails(r.mail(r.one, d, 2), m), name)
		r.requireMails(t, d)
	}
}

func mailAgain(t *testing.T, r rig) {
	d := r.kept(t, 1)
	for n, state := range []store.MailState{store.MailWaiting, store.MailSent, store.MailFailed} {
		m := r.mail(r.one, d, n)
		m.State, m.Tries, m.Last = state, 7, store.MailTry{At: r.now, Code: "refused", Said: "no"}
		r.must(t, putMails(m))
		r.must(t, again(m, r.after(minute)))
		m.State, m.Tries, m.DueAt = store.MailWaiting, 0, r.after(minute)
		got, err := r.Mails(t.Context(), r.one, []account.ID{d.ID})
		require.NoError(t, err)
		support.RequireFacts(t, []store.Mail{m}, got[n:], "the mail that waits again")
		require.Empty(t, r.claim(t, owner, r.after(minute-time.Microsecond)))
		require.Equal(t, []account.ID{m.ID}, claimedIDs(r.claim(t, owner, r.after(minute))))
		m.State = store.MailSent
		r.record(t, owner, result(m))
	}
}

func mailAgainOfNobody(t *testing.T, r rig) {
	d := r.kept(t, 1)
	m := r.mail(r.one, d, 1)
	r.must(t, putMails(m))
	another, unknown := m, m
	another.Account, unknown.ID = r.two, r.nobody
	for _, absent := range []store.Mail{another, unknown, {}} {
		r.refused(t, account.ErrNotFound, again(absent, r.after(minute)))
	}
	r.requireMails(t, d, m)
}

func mailAgainWhileHeld(t *testing.T, r rig) {
	d := r.kept(t, 1)
	m := r.mail(r.one, d, 1)
	r.must(t, putMails(m))
	require.Len(t, r.claim(t, owner, r.now), 1)
	r.must(t, again(m, r.now))
	failed := m
	failed.State = store.MailFailed
	require.Equal(t, []account.ID{m.ID}, r.lost(t, owner, result(failed)))
	r.requireMails(t, d, m)
	require.Equal(t, []account.ID{m.ID}, claimedIDs(r.claim(t, other, r.now)))
}

func claimedIDs(ms []store.ClaimedMail) (ids []account.ID) {
	for i := range ms {
		ids = append(ids, ms[i].Mail.ID)
	}
	return ids
}

func idsOf(ms ...store.Mail) (ids []account.ID) {
	for i := range ms {
		ids = append(ids, ms[i].ID)
	}
	return slices.Clip(ids)
}
