package billing

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var resultPromises = []promise{
	{Name: "what came of a try is written, and its lease ended", Test: resultWritten},
	{Name: "a mail that waits for its next try is due then, and free", Test: resultWaiting},
	{Name: "a mail that is not held is left alone, and lost", Test: resultLost},
	{Name: "a lease that ran out stands until another claims the mail", Test: resultLate},
	{Name: "results of many mails are written at once", Test: resultsOfMany},
}

// result is what leads to a mail as it is given.
func result(m store.Mail) store.MailResult {
	return store.MailResult{ID: m.ID, To: m.To, State: m.State, DueAt: m.DueAt, Tries: m.Tries, Last: m.Last}
}

// record writes results of mails that an owner must hold.
func (r rig) record(t support.TB, who account.ID, rs ...store.MailResult) {
	t.Helper()
	require.Empty(t, r.lost(t, who, rs...))
}

func (r rig) lost(t support.TB, who account.ID, rs ...store.MailResult) []account.ID {
	t.Helper()
	lost, err := r.tryRecord(t.Context(), who, rs...)
	require.NoError(t, err)
	return lost
}

// tryRecord records until it lost no race.
func (r rig) tryRecord(ctx context.Context, who account.ID, rs ...store.MailResult) ([]account.ID, error) {
	for {
		lost, err := r.RecordMails(ctx, who, rs)
		if !support.Lost(err) {
			return lost, err
		}
	}
}

func resultWritten(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 2, asMade)
	require.Len(t, r.claim(t, owner, r.now), 2)
	for i, state := range []store.MailState{store.MailSent, store.MailFailed} {
		m := &ms[i]
		m.To, m.State, m.Tries, m.Last = "tried@now.example", state, 3, store.MailTry{At: r.after(minute), Code: "sent", Said: "250 ok"}
		r.record(t, owner, result(*m))
		require.Equal(t, idsOf(*m), r.lost(t, owner, result(*m)), "the lease is ended")
	}
	r.requireMails(t, d, ms...)
	require.Empty(t, r.claim(t, other, r.after(time.Hour)))
}

func resultWaiting(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 2, asMade)
	require.Len(t, r.claim(t, owner, r.now), 2)
	ms[0].DueAt, ms[0].Tries, ms[0].Last = r.after(time.Second), 1, store.MailTry{At: r.now, Code: "later", Said: "451"}
	r.record(t, owner, result(ms[0]))
	r.requireMails(t, d, ms...)
	require.Empty(t, r.claim(t, other, r.after(time.Second-time.Microsecond)))
	require.Equal(t, idsOf(ms[0]), claimedIDs(r.claim(t, other, r.after(time.Second))), "the lease of the second one stands")
}

func resultLost(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 3, asMade)
	require.Len(t, r.claimSome(t, store.MailClaim{Owner: owner, Now: r.now, Until: r.after(minute), Limit: 2, Each: 2}), 2)
	failed := func(m store.Mail) store.MailResult {
		m.State, m.To = store.MailFailed, "x@x.example"
		return result(m)
	}
	unknown := r.mail(r.one, d, 50)
	require.ElementsMatch(t, idsOf(ms[0], ms[1], ms[2], unknown), r.lost(t, other, failed(ms[0]), failed(ms[1]), failed(ms[2]), failed(unknown)))
	require.ElementsMatch(t, idsOf(ms[2]), r.lost(t, account.ID{}, failed(ms[2])), "nobody holds what is not held")
	r.requireMails(t, d, ms...)
	require.ElementsMatch(t, idsOf(ms[2], unknown), r.lost(t, owner, failed(ms[2]), failed(ms[1]), failed(unknown)), "the others are written")
	ms[1].State, ms[1].To = store.MailFailed, "x@x.example"
	r.requireMails(t, d, ms...)
	require.Empty(t, r.lost(t, owner))
}

func resultLate(t *testing.T, r rig) {
	d := r.kept(t, 1)
	m := r.mails(t, d, 1, 1, asMade)[0]
	require.Len(t, r.claimSome(t, store.MailClaim{Owner: owner, Now: r.now, Until: r.now, Limit: 1, Each: 1}), 1)
	m.State, m.Tries = store.MailSent, 1
	r.record(t, owner, result(m))
	r.requireMails(t, d, m)
}

func resultsOfMany(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 500, asMade)
	claimed := r.claimSome(t, store.MailClaim{Owner: owner, Now: r.now, Until: r.after(minute), Limit: 500, Each: 500})
	require.Equal(t, idsOf(ms...), claimedIDs(claimed))
	var rs []store.MailResult
	for i := range ms {
		ms[i].State, ms[i].Tries, ms[i].To = []store.MailState{store.MailSent, store.MailFailed, store.MailWaiting}[i%3], i, accounttest.ID(i).String()+"@many.example"
		ms[i].DueAt = r.after(time.Hour)
		if ms[i].State != store.MailWaiting {
			ms[i].DueAt = r.now
		}
		rs = append(rs, result(ms[i]))
	}
	r.record(t, owner, rs...)
	r.requireMails(t, d, ms...)
}
