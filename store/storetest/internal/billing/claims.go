package billing

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var claimPromises = []promise{
	{Name: "a claim gives all that is needed to send", Test: claimValues},
	{Name: "nothing is given before it is due, nor what does not wait", Test: claimDue},
	{Name: "those due longest come first, at most as many as asked for", Test: claimOrder},
	{Name: "a mail that is held is nobody else's until its lease ends", Test: claimExclusive},
	{Name: "a mail of a role goes to the address that the client has for it by now", Test: claimRoles},
	{Name: "a mail of a client without an address is given without one", Test: claimWithoutAddress},
	{Name: "a mail to an address goes there, whatever the client's are", Test: claimFixed},
	{Name: "mails to domains to be skipped are left, whatever the case", Test: claimSkip},
	{Name: "a domain is skipped by where mails would go now", Test: claimSkipMoved},
	{Name: "of one domain there are so many mails in a claim at most", Test: claimEach},
	{Name: "what a claim leaves is for the next", Test: claimRest},
	{Name: "many owners at once never hold one mail", Test: claimRace},
	{Name: "a canceled context ends a claim", Test: claimCanceled},
}

// claim leases up to 100 mails, as of an instant.
func (r rig) claim(t support.TB, who account.ID, at time.Time) []store.ClaimedMail {
	t.Helper()
	return r.claimSome(t, store.MailClaim{Owner: who, Now: at, Until: at.Add(minute), Limit: 100, Each: 100})
}

func (r rig) claimSome(t support.TB, c store.MailClaim) []store.ClaimedMail {
	t.Helper()
	claimed, err := r.tryClaim(t.Context(), c)
	require.NoError(t, err)
	return claimed
}

// tryClaim claims until it lost no race.
func (r rig) tryClaim(ctx context.Context, c store.MailClaim) ([]store.ClaimedMail, error) {
	for {
		claimed, err := r.ClaimMails(ctx, c)
		if !support.Lost(err) {
			return claimed, err
		}
	}
}

// mails keeps a document with so many mails, of ids that ascend from that of the nth.
func (r rig) mails(t support.TB, of store.Document, n, count int, change func(i int, m *store.Mail)) (ms []store.Mail) {
	t.Helper()
	for i := range count {
		m := r.mail(of.Account, of, n+i)
		change(i, &m)
		ms = append(ms, m)
	}
	r.must(t, putMails(ms...))
	return ms
}

func to(addresses ...string) func(int, *store.Mail) {
	return func(i int, m *store.Mail) { m.Role, m.To = store.MailFixed, addresses[i] }
}

func asMade(int, *store.Mail) {}

func claimValues(t *testing.T, r rig) {
	d := r.wholeDocument(r.one, 1)
	d.Text = []byte(`{"text":"ґ ' \" \\ ? $1"}`)
	r.must(t, putting(d))
	m := r.mail(r.one, d, 1)
	m.Role, m.To, m.Tries, m.Last = store.MailBilling, "old@billing.example", 2, store.MailTry{At: r.now, Code: "later", Said: "450"}
	r.must(t, putMails(m))
	got := r.claim(t, owner, r.now)
	require.Len(t, got, 1)
	d.Mailed = store.MailWaiting
	support.RequireFacts(t, []store.Mail{m}, []store.Mail{got[0].Mail}, "the mail")
	support.RequireFacts(t, []store.Document{d}, []store.Document{got[0].Document}, "its document")
	require.Equal(t, "one@billing.example", got[0].Address)
	r.requireMails(t, d, m)
}

func claimDue(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 3, func(i int, m *store.Mail) {
		m.DueAt, m.State = r.after(time.Second), []store.MailState{store.MailSent, store.MailFailed, store.MailWaiting}[i]
	})
	require.Empty(t, r.claim(t, owner, r.now))
	require.Empty(t, r.claim(t, owner, r.after(time.Second-time.Microsecond)))
	require.Equal(t, idsOf(ms[2]), claimedIDs(r.claim(t, owner, r.after(time.Second))))
}

func claimOrder(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 5, func(i int, m *store.Mail) {
		m.DueAt = r.after(time.Duration([]int{3, 0, 4, 1, 2}[i]) * time.Microsecond)
	})
	got := r.claimSome(t, store.MailClaim{Owner: owner, Now: r.after(minute), Until: r.after(2 * minute), Limit: 3, Each: 10})
	require.Equal(t, idsOf(ms[1], ms[3], ms[4]), claimedIDs(got))
	require.Empty(t, r.claimSome(t, store.MailClaim{Owner: owner, Now: r.after(minute), Until: r.after(2 * minute), Each: 10}), "none is asked for")
	require.Equal(t, idsOf(ms[0], ms[2]), claimedIDs(r.claim(t, owner, r.after(minute))))
}

func claimExclusive(t *testing.T, r rig) {
	d := r.kept(t, 1)
	m := r.mails(t, d, 1, 1, asMade)[0]
	require.Len(t, r.claim(t, owner, r.now), 1)
	require.Empty(t, r.claim(t, other, r.after(minute-time.Microsecond)))
	require.Empty(t, r.claim(t, owner, r.now), "not even its owner's")
	require.Len(t, r.claim(t, other, r.after(minute)), 1)
	sent := m
	sent.State, sent.Tries = store.MailSent, 1
	require.Equal(t, idsOf(m), r.lost(t, owner, result(sent)), "the former owner must learn that the mail is another's")
	r.requireMails(t, d, m)
	require.Empty(t, r.claim(t, owner, r.after(minute)), "the other's lease stands")
	r.record(t, other, result(sent))
	r.requireMails(t, d, sent)
}

var roles = []store.MailRole{store.MailMain, store.MailBilling, store.MailPrices}

// addresses claims a mail of each role, and returns where they go.
func (r rig) addresses(t *testing.T, d store.Document, at time.Time) (all []string) {
	t.Helper()
	for _, claimed := range r.claim(t, owner, at) {
		require.Equal(t, d.ID, claimed.Mail.Document)
		all = append(all, claimed.Address)
	}
	return all
}

func (r rig) mailsOfRoles(t *testing.T, d store.Document) {
	t.Helper()
	r.mails(t, d, 1, 3, func(i int, m *store.Mail) {
		m.Role, m.To, m.DueAt = roles[i], "first@tried.example", r.after(time.Duration(i)*time.Microsecond)
	})
}

func claimRoles(t *testing.T, r rig) {
	d := r.kept(t, 1)
	r.mailsOfRoles(t, d)
	r.changeClient(t, r.two, func(a *account.Account) { a.Mail = account.Mail{} })
	for n, c := range []struct {
		mail account.Mail
		want []string
	}{
		{account.Mail{Email: "a@a.example", Billing: "b@b.example", PriceUpdate: "c@c.example"}, []string{"a@a.example", "b@b.example", "c@c.example"}},
		{account.Mail{Email: "A@a.example", PriceUpdate: "C@c.example"}, []string{"A@a.example", "A@a.example", "C@c.example"}},
		{account.Mail{Email: "a@a.example", Billing: "b@b.example"}, []string{"a@a.example", "b@b.example", "a@a.example"}},
		{account.Mail{Email: "x@x.example"}, []string{"x@x.example", "x@x.example", "x@x.example"}},
	} {
		r.changeClient(t, r.one, func(a *account.Account) { a.Mail = c.mail })
		require.Equal(t, c.want, r.addresses(t, d, r.after(time.Duration(n+1)*minute)))
	}
}

func claimWithoutAddress(t *testing.T, r rig) {
	d := r.kept(t, 1)
	r.mailsOfRoles(t, d)
	r.changeClient(t, r.one, func(a *account.Account) { a.Mail = account.Mail{} })
	require.Equal(t, []string{"", "", ""}, r.addresses(t, d, r.after(minute)))
	r.changeClient(t, r.one, func(a *account.Account) { a.Mail = account.Mail{Billing: "b@b.example"} })
	require.Equal(t, []string{"", "b@b.example", ""}, r.addresses(t, d, r.after(2*minute)))
}

func claimFixed(t *testing.T, r rig) {
	d := r.kept(t, 1)
	r.mails(t, d, 1, 1, to("Old@Main.Example"))
	require.Equal(t, []string{"Old@Main.Example"}, r.addresses(t, d, r.now))
	r.changeClient(t, r.one, func(a *account.Account) { a.Mail = account.Mail{} })
	require.Equal(t, []string{"Old@Main.Example"}, r.addresses(t, d, r.after(minute)))
}

func (r rig) claimSkipping(t *testing.T, skip ...string) []account.ID {
	t.Helper()
	return claimedIDs(r.claimSome(t, store.MailClaim{Owner: owner, Now: r.now, Until: r.now, Limit: 10, Each: 10, Skip: skip}))
}

// claimSkip claims for no time, so that all are free again.
func claimSkip(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 4, to("a@Acme.Example", "b@sub.acme.example", "acme.example@xn--bcher-kva.example", "c@ACME.EXAMPLE"))
	require.Equal(t, idsOf(ms...), r.claimSkipping(t))
	require.Equal(t, idsOf(ms[1], ms[2]), r.claimSkipping(t, "acme.example"))
	require.Equal(t, idsOf(ms[0], ms[2], ms[3]), r.claimSkipping(t, "other.example", "sub.acme.example"))
	require.Equal(t, idsOf(ms...), r.claimSkipping(t, "cme.example", "example", "_cme.example", "%"))
	require.Empty(t, r.claimSkipping(t, "xn--bcher-kva.example", "sub.acme.example", "acme.example"))
	require.Equal(t, idsOf(ms[1]), claimedIDs(r.claimSome(t, store.MailClaim{
		Owner: owner, Now: r.now, Until: r.now, Limit: 1, Each: 10, Skip: []string{"acme.example"},
	})), "what is skipped does not count")
}

func claimSkipMoved(t *testing.T, r rig) {
	d := r.kept(t, 1)
	m := r.mails(t, d, 1, 1, func(_ int, m *store.Mail) { m.Role, m.To = store.MailBilling, "x@tried.example" })[0]
	require.Equal(t, idsOf(m), r.claimSkipping(t, "tried.example", "main.example", "prices.example"))
	require.Empty(t, r.claimSkipping(t, "billing.example"))
	r.changeClient(t, r.one, func(a *account.Account) { a.Mail.Billing = "one@New.Example" })
	require.Equal(t, idsOf(m), r.claimSkipping(t, "billing.example"))
	require.Empty(t, r.claimSkipping(t, "new.example"))
	r.changeClient(t, r.one, func(a *account.Account) { a.Mail.Billing = "" })
	require.Empty(t, r.claimSkipping(t, "main.example"))
	r.changeClient(t, r.one, func(a *account.Account) { a.Mail = account.Mail{} })
	require.Equal(t, idsOf(m), r.claimSkipping(t, "main.example", "new.example", "billing.example"))
}

func claimEach(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 7, to("a@acme.example", "b@Acme.Example", "c@acme.example", "d@other.example", "e@acme.example", "f@other.example", "g@third.example"))
	claim := func(limit, each int) []account.ID {
		return claimedIDs(r.claimSome(t, store.MailClaim{Owner: owner, Now: r.now, Until: r.after(minute), Limit: limit, Each: each}))
	}
	require.Equal(t, idsOf(ms[0], ms[1], ms[3]), claim(3, 2), "what is too many of a domain does not count")
	require.Equal(t, idsOf(ms[2], ms[5], ms[6]), claim(10, 1))
	require.Equal(t, idsOf(ms[4]), claim(10, 1))
	require.Empty(t, claim(10, 1))
}

func claimRest(t *testing.T, r rig) {
	d := r.kept(t, 1)
	ms := r.mails(t, d, 1, 30, asMade)
	var got []account.ID
	for n := range 6 {
		claimed := r.claimSome(t, store.MailClaim{Owner: owner, Now: r.now, Until: r.after(minute), Limit: 5, Each: 5})
		require.Len(t, claimed, 5, n)
		got = append(got, claimedIDs(claimed)...)
	}
	require.Equal(t, idsOf(ms...), got)
	require.Empty(t, r.claim(t, owner, r.now))
	late := r.mails(t, d, 100, 1, asMade)
	require.Equal(t, idsOf(late...), claimedIDs(r.claim(t, owner, r.now)))
}

// claimRace has several owners claim and record until nothing waits.
func claimRace(t *testing.T, r rig) {
	const owners, mails = 6, 120
	d := r.kept(t, 1)
	r.mails(t, d, 1, mails, func(i int, m *store.Mail) { m.Role, m.To = store.MailFixed, fmt.Sprintf("a@d%d.example", i%7) })
	var mu sync.Mutex
	times := map[account.ID]int{}
	var wg sync.WaitGroup
	for n := range owners {
		wg.Go(func() {
			who := owner
			who[15] = byte(n)
			for {
				claimed, err := r.tryClaim(t.Context(), store.MailClaim{Owner: who, Now: r.now, Until: r.after(minute), Limit: 7, Each: 3})
				if !assert.NoError(t, err) || len(claimed) == 0 {
					return
				}
				var rs []store.MailResult
				for _, c := range claimed {
					assert.True(t, strings.HasSuffix(c.Address, ".example"))
					m := c.Mail
					m.State, m.Tries = store.MailSent, 1
					rs = append(rs, result(m))
				}
				mu.Lock()
				for _, id := range claimedIDs(claimed) {
					times[id]++
				}
				mu.Unlock()
				lost, err := r.tryRecord(t.Context(), who, rs...)
				assert.NoError(t, err)
				assert.Empty(t, lost)
			}
		})
	}
	wg.Wait()
	for id, n := range times {
		require.Equal(t, 1, n, "%s was held by more than one", id)
	}
	// A claim may have found what others had locked, and ended with less.
	for _, c := range r.claim(t, other, r.now) {
		times[c.Mail.ID]++
	}
	require.Len(t, times, mails)
}

func claimCanceled(t *testing.T, r rig) {
	d := r.kept(t, 1)
	m := r.mails(t, d, 1, 1, asMade)[0]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.ClaimMails(ctx, store.MailClaim{Owner: owner, Now: r.now, Until: r.after(minute), Limit: 1, Each: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = r.RecordMails(ctx, owner, []store.MailResult{result(m)})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, r.claim(t, owner, r.now), 1)
}
