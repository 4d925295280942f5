package billing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var mailedPromises = []promise{
	{Name: "a document without mails has no state of them, whatever it was given", Test: unmailed},
	{Name: "a document is failed where any mail failed, else waiting where any waits, else sent", Test: mailedStates},
	{Name: "the state of a document follows what is recorded of its mails", Test: mailedFollows},
	{Name: "pages find documents by the state of their mails", Test: mailedPages},
}

// requireMailed reads a document's state in every way.
func (r rig) requireMailed(t *testing.T, d store.Document, want store.MailState) {
	t.Helper()
	d.Mailed = want
	requireDocument(t, r, d)
	page, err := r.Documents(t.Context(), store.DocumentQuery{Account: d.Account})
	require.NoError(t, err)
	for _, got := range page {
		if got.ID == d.ID {
			require.Equal(t, want, got.Mailed)
			return
		}
	}
	require.Fail(t, "the document is in no page")
}

func unmailed(t *testing.T, r rig) {
	for n, state := range []store.MailState{"", store.MailWaiting, store.MailSent, store.MailFailed} {
		d := r.document(r.one, n)
		d.Mailed = state
		r.must(t, putting(d))
		r.requireMailed(t, d, "")
	}
}

func mailedStates(t *testing.T, r rig) {
	const waiting, sent, failed = store.MailWaiting, store.MailSent, store.MailFailed
	for n, c := range []struct {
		mails []store.MailState
		want  store.MailState
	}{
		{[]store.MailState{waiting}, waiting},
		{[]store.MailState{sent}, sent},
		{[]store.MailState{failed}, failed},
		{[]store.MailState{sent, waiting}, waiting},
		{[]store.MailState{waiting, sent}, waiting},
		{[]store.MailState{waiting, sent, sent}, waiting},
		{[]store.MailState{failed, sent, waiting}, failed},
		{[]store.MailState{waiting, failed}, failed},
		{[]store.MailState{sent, failed}, failed},
		{[]store.MailState{sent, sent}, sent},
	} {
		d, plain := r.kept(t, 100+n), r.kept(t, 200+n)
		for i, state := range c.mails {
			m := r.mail(r.one, d, 10*n+i)
			m.State = state
			r.must(t, putMails(m)) // one by one: the last of them may not hide the others
		}
		r.requireMailed(t, d, c.want)
		r.requireMailed(t, plain, "")
	}
}

func mailedFollows(t *testing.T, r rig) {
	d, plain := r.kept(t, 1), r.kept(t, 2)
	ms := r.mails(t, d, 1, 2, asMade)
	r.requireMailed(t, d, store.MailWaiting)
	require.Len(t, r.claim(t, owner, r.now), 2)
	r.requireMailed(t, d, store.MailWaiting)
	record := func(n int, state store.MailState) {
		t.Helper()
		m := ms[n]
		m.State, m.DueAt = state, r.after(time.Hour)
		r.record(t, owner, result(m))
	}
	record(0, store.MailFailed)
	r.requireMailed(t, d, store.MailFailed)
	record(1, store.MailSent)
	r.requireMailed(t, d, store.MailFailed)
	r.must(t, again(ms[0], r.now))
	r.requireMailed(t, d, store.MailWaiting)
	require.Len(t, r.claim(t, owner, r.now), 1)
	record(0, store.MailSent)
	r.requireMailed(t, d, store.MailSent)
	r.must(t, putMails(ms[0]))
	r.requireMailed(t, d, store.MailSent)
	r.mails(t, d, 3, 1, asMade)
	r.requireMailed(t, d, store.MailWaiting)
	r.requireMailed(t, plain, "")
}

func mailedPages(t *testing.T, r rig) {
	states := []store.MailState{store.MailSent, store.MailFailed, store.MailWaiting, store.MailFailed, ""}
	var all []store.Document
	for n, state := range states {
		d := r.kept(t, n)
		if state != "" {
			r.mails(t, d, n, 1, func(_ int, m *store.Mail) { m.State = state })
		}
		d.Mailed, d.Text = state, nil
		all = append(all, d)
	}
	r.requirePage(t, store.DocumentQuery{Account: r.one}, all[4], all[3], all[2], all[1], all[0])
	r.requirePage(t, store.DocumentQuery{Mailed: store.MailFailed}, all[3], all[1])
	r.requirePage(t, store.DocumentQuery{Mailed: store.MailWaiting}, all[2])
	r.requirePage(t, store.DocumentQuery{Mailed: store.MailSent}, all[0])
	failedFirst := []store.Document{all[3], all[1], all[4], all[2], all[0]}
	r.requirePage(t, store.DocumentQuery{FailedFirst: true}, failedFirst...)
	r.requirePage(t, store.DocumentQuery{FailedFirst: true, Limit: 2, Managers: account.Optional[[]account.ID]{}}, failedFirst[:2]...)
	r.requirePages(t, store.DocumentQuery{FailedFirst: true}, failedFirst...)
	r.requirePages(t, store.DocumentQuery{FailedFirst: true, Mailed: store.MailFailed}, all[3], all[1])
	r.requirePages(t, store.DocumentQuery{}, all[4], all[3], all[2], all[1], all[0])
}
