package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var modelPromises = []promise{
	{Name: "mails that are put, claimed, recorded and put again in any order are as they should be", Test: mailModel},
}

// heldMail is a mail as it should be, and who holds it until when.
type heldMail struct {
	store.Mail
	owner account.ID
	until time.Time
}

// post is a store and the mails that it should have, of one document, kept as plainly as can be.
type post struct {
	rig
	now   time.Time
	count int // of instants and ids given out
	to    account.Mail
	of    store.Document
	mails map[account.ID]*heldMail
}

func mailModel(t *testing.T, r rig) {
	p := &post{rig: r, now: r.now}
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		a := client(fmt.Sprint("round-", round))
		support.Insert(t, r, a)
		p.of, p.to, p.mails = r.document(a.ID, round), a.Mail, map[account.ID]*heldMail{}
		r.must(t, putting(p.of))
		t.Repeat(map[string]func(*rapid.T){
			"put": p.put, "claim": p.claimAny, "record": p.recordAny, "again": p.again, "move": p.moveAddress,
			"wait": func(t *rapid.T) {
				p.now = p.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds")) * time.Second)
			},
			"": p.check,
		})
		p.finish(t)
	})
}

// due is an instant about now, that no other mail has.
func (p *post) due(t *rapid.T) time.Time {
	p.count++
	return p.now.Add(time.Duration(rapid.IntRange(-60, 60).Draw(t, "due"))*time.Second + time.Duration(p.count)*time.Microsecond)
}

func (p *post) put(t *rapid.T) {
	due := p.due(t)
	m := store.Mail{
		ID: accounttest.ID(10_000 + p.count), Account: p.of.Account, Document: p.of.ID, State: store.MailWaiting,
		MadeAt: p.rig.now.Add(time.Duration(p.count) * time.Microsecond), DueAt: due,
		Role: rapid.SampledFrom([]store.MailRole{store.MailFixed, store.MailMain, store.MailBilling, store.MailPrices}).Draw(t, "role"),
		To:   rapid.SampledFrom([]string{"a@A.example", "a@b.example", "a@c.example"}).Draw(t, "to"),
	}
	p.must(t, putMails(m))
	p.mails[m.ID] = &heldMail{Mail: m}
}

// address is where a mail goes now.
func (p *post) address(m store.Mail) string {
	first := func(address string) string {
		if address == "" {
			return p.to.Email
		}
		return address
	}
	switch m.Role {
	case store.MailMain:
		return p.to.Email
	case store.MailBilling:
		return first(p.to.Billing)
	case store.MailPrices:
		return first(p.to.PriceUpdate)
	case store.MailFixed:
		return m.To
	default:
		return ""
	}
}

func domainOf(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	return domain
}

// free are the mails that may be claimed, in their order.
func (p *post) free() []*heldMail {
	due := func(m *heldMail) bool {
		return m.State == store.MailWaiting && !m.DueAt.After(p.now) && !m.until.After(p.now)
	}
	return slices.SortedFunc(func(yield func(*heldMail) bool) {
		for m := range maps.Values(p.mails) {
			if due(m) && !yield(m) {
				return
			}
		}
	}, func(a, b *heldMail) int { return a.DueAt.Compare(b.DueAt) })
}

func (p *post) claimAny(t *rapid.T) {
	c := store.MailClaim{
		Owner: rapid.SampledFrom([]account.ID{owner, other}).Draw(t, "owner"), Now: p.now,
		Until: p.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "lease")) * time.Second),
		Limit: rapid.IntRange(0, 5).Draw(t, "limit"), Each: rapid.IntRange(1, 3).Draw(t, "each"),
		Skip: rapid.SliceOfN(rapid.SampledFrom([]string{"a.example", "b.example", "c.example", "main.example"}), 0, 2).Draw(t, "skip"),
	}
	var want []account.ID
	each := map[string]int{}
	for _, m := range p.free() {
		domain := domainOf(p.address(m.Mail))
		if len(want) == c.Limit || slices.Contains(c.Skip, domain) || each[domain] == c.Each {
			continue
		}
		each[domain]++
		m.owner, m.until = c.Owner, c.Until
		want = append(want, m.ID)
	}
	got := p.claimSome(t, c)
	require.Equal(t, want, claimedIDs(got))
	for _, claimed := range got {
		require.Equal(t, p.address(p.mails[claimed.Mail.ID].Mail), claimed.Address)
	}
}

func (p *post) recordAny(t *rapid.T) {
	who := rapid.SampledFrom([]account.ID{owner, other}).Draw(t, "owner")
	var rs []store.MailResult
	lost := []account.ID{}
	for _, id := range slices.SortedFunc(maps.Keys(p.mails), account.ID.Compare) {
		m := p.mails[id]
		if rapid.Bool().Draw(t, "left") {
			continue
		}
		r := store.MailResult{
			ID: id, To: "tried@b.example", State: rapid.SampledFrom([]store.MailState{store.MailWaiting, store.MailSent, store.MailFailed}).Draw(t, "state"),
			Tries: m.Tries + 1, Last: store.MailTry{At: p.now, Code: "code", Said: "said"}, DueAt: p.due(t),
		}
		if r.State != store.MailWaiting {
			r.DueAt = m.DueAt
		}
		rs = append(rs, r)
		if m.owner != who {
			lost = append(lost, id)
			continue
		}
		m.owner, m.until = account.ID{}, time.Time{}
		m.To, m.State, m.Tries, m.Last, m.DueAt = r.To, r.State, r.Tries, r.Last, r.DueAt
	}
	require.ElementsMatch(t, lost, p.lost(t, who, rs...))
}

func (p *post) again(t *rapid.T) {
	if len(p.mails) == 0 {
		return
	}
	id := rapid.SampledFrom(slices.SortedFunc(maps.Keys(p.mails), account.ID.Compare)).Draw(t, "which")
	m := &heldMail{Mail: p.mails[id].Mail}
	m.State, m.Tries, m.DueAt = store.MailWaiting, 0, p.due(t)
	p.mails[id] = m
	p.must(t, again(m.Mail, m.DueAt))
}

func (p *post) moveAddress(t *rapid.T) {
	address := rapid.SampledFrom([]string{"", "x@a.example", "y@B.example", "z@main.example"})
	p.to = account.Mail{Email: address.Draw(t, "main"), Billing: address.Draw(t, "billing"), PriceUpdate: address.Draw(t, "prices")}
	p.changeClient(t, p.of.Account, func(a *account.Account) { a.Mail = p.to })
}

func (p *post) check(t *rapid.T) {
	var want []store.Mail
	states := map[store.MailState]bool{}
	for _, id := range slices.SortedFunc(maps.Keys(p.mails), account.ID.Compare) {
		want = append(want, p.mails[id].Mail)
		states[p.mails[id].State] = true
	}
	p.requireMails(t, p.of, want...)
	p.of.Mailed = ""
	for _, state := range []store.MailState{store.MailSent, store.MailWaiting, store.MailFailed} {
		if states[state] {
			p.of.Mailed = state
		}
	}
	requireDocument(t, p, p.of)
}

// finish sends all that waits, so that the next round has its own alone.
func (p *post) finish(t *rapid.T) {
	p.now = p.now.Add(time.Hour)
	for {
		claimed := p.claim(t, owner, p.now)
		if len(claimed) == 0 {
			return
		}
		var rs []store.MailResult
		for _, c := range claimed {
			c.Mail.State = store.MailSent
			rs = append(rs, result(c.Mail))
		}
		p.record(t, owner, rs...)
	}
}
