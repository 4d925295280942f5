package billing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var pagePromises = []promise{
	{Name: "a page has documents without their texts, the newest first", Test: newestFirst},
	{Name: "documents of one instant come by id, the newest first", Test: oneInstant},
	{Name: "a page has as many documents as asked for, 50 or at most MaxPage", Test: pageSizes},
	{Name: "a page goes on behind a position, also one whose document is not there", Test: behind},
	{Name: "pages are of an account, or of all", Test: pagesOfAccounts},
	{Name: "documents are found by kind, by the day of issue and by their invoice", Test: foundBy},
	{Name: "documents are found by how their numbers begin, whatever the case", Test: foundByNumber},
	{Name: "documents are found by the manager that their client has by now", Test: foundByManager},
	{Name: "any page has what is asked for", Test: anyPage},
}

func textless(ds ...store.Document) (all []store.Document) {
	for _, d := range ds {
		d.Text = nil
		all = append(all, d)
	}
	return all
}

func (r rig) requirePage(t support.TB, q store.DocumentQuery, want ...store.Document) {
	t.Helper()
	got, err := r.Documents(t.Context(), q)
	require.NoError(t, err)
	support.RequireFacts(t, textless(want...), got, "a page")
	for _, d := range got {
		require.Nil(t, d.Text)
	}
}

// requirePages goes through all pages, of every size.
func (r rig) requirePages(t support.TB, q store.DocumentQuery, want ...store.Document) {
	t.Helper()
	for limit := 1; limit <= len(want)+1; limit++ {
		q.Limit, q.After = limit, nil
		rest := want
		for {
			n := min(limit, len(rest))
			r.requirePage(t, q, rest[:n]...)
			if n == 0 {
				break
			}
			position := store.PositionOf(rest[n-1])
			q.After, rest = &position, rest[n:]
		}
	}
}

// several keeps so many documents of an account, of a second each.
func (r rig) several(t support.TB, id account.ID, n, count int, change func(i int, d *store.Document)) (ds []store.Document) {
	t.Helper()
	for i := range count {
		d := r.document(id, n+i)
		change(i, &d)
		ds = append(ds, d)
	}
	r.must(t, putting(ds...))
	return ds
}

func backward(ds []store.Document) []store.Document {
	ds = slices.Clone(ds)
	slices.Reverse(ds)
	return ds
}

func newestFirst(t *testing.T, r rig) {
	r.requirePage(t, store.DocumentQuery{})
	ds := r.several(t, r.one, 1, 3, func(i int, d *store.Document) {
		whole := r.wholeDocument(r.one, 1+i)
		whole.Text = d.Text
		*d = whole
		d.At = r.after([]time.Duration{time.Microsecond, 0, 2 * time.Microsecond}[i])
	})
	r.requirePage(t, store.DocumentQuery{}, ds[2], ds[0], ds[1])
	r.requirePages(t, store.DocumentQuery{Account: r.one}, ds[2], ds[0], ds[1])
	requireDocument(t, r, ds[0])
}

func oneInstant(t *testing.T, r rig) {
	ds := r.several(t, r.one, 1, 5, func(i int, d *store.Document) {
		d.ID, d.At = accounttest.ID(2000+[]int{3, 1, 5, 2, 4}[i]), r.now
	})
	r.requirePages(t, store.DocumentQuery{}, ds[2], ds[4], ds[0], ds[3], ds[1])
}

func pageSizes(t *testing.T, r rig) {
	all := backward(r.several(t, r.one, 1, account.MaxPage+1, func(int, *store.Document) {}))
	r.requirePage(t, store.DocumentQuery{}, all[:50]...)
	r.requirePage(t, store.DocumentQuery{Limit: -1}, all[:50]...)
	r.requirePage(t, store.DocumentQuery{Limit: 3}, all[:3]...)
	r.requirePage(t, store.DocumentQuery{Limit: account.MaxPage + 1}, all[:account.MaxPage]...)
}

func behind(t *testing.T, r rig) {
	all := backward(r.several(t, r.one, 1, 4, func(int, *store.Document) {}))
	for n := range all {
		for _, failed := range []bool{false, true} { // without FailedFirst it says nothing
			p := store.PositionOf(all[n])
			p.Failed = failed
			r.requirePage(t, store.DocumentQuery{After: &p}, all[n+1:]...)
			p.At = p.At.Add(-time.Microsecond)
			r.requirePage(t, store.DocumentQuery{After: &p}, all[n+1:]...)
		}
	}
	r.requirePage(t, store.DocumentQuery{After: &store.DocumentPosition{At: r.after(time.Hour), ID: r.nobody}}, all...)
	r.requirePage(t, store.DocumentQuery{After: &store.DocumentPosition{Failed: true, At: r.now, ID: r.nobody}, FailedFirst: true}, all...)
	r.requirePage(t, store.DocumentQuery{After: &store.DocumentPosition{At: r.now, ID: r.nobody}, FailedFirst: true})
}

func pagesOfAccounts(t *testing.T, r rig) {
	ones := r.several(t, r.one, 1, 2, func(int, *store.Document) {})
	twos := r.several(t, r.two, 3, 2, func(int, *store.Document) {})
	r.requirePages(t, store.DocumentQuery{Account: r.one}, backward(ones)...)
	r.requirePages(t, store.DocumentQuery{Account: r.two}, backward(twos)...)
	r.requirePages(t, store.DocumentQuery{}, backward(slices.Concat(ones, twos))...)
	r.requirePage(t, store.DocumentQuery{Account: r.nobody})
}

// issuedAt is the first instant of a day where days begin first, or the last where they end last.
func issuedAt(d account.Date, first bool) time.Time {
	if first {
		return d.In(time.FixedZone("first", 14*3600)).From
	}
	return d.In(time.FixedZone("last", -12*3600)).To.Add(-time.Microsecond)
}

func foundBy(t *testing.T, r rig) {
	ds := r.several(t, r.one, 1, 6, func(i int, d *store.Document) {
		d.Kind, d.Issued = document.Kinds()[i], day(10+i)
		d.At = issuedAt(d.Issued, i < 3)
		d.Of = account.ID{}
		if i%2 == 1 {
			d.Of = accounttest.ID(1 + i)
		}
	})
	ds[0].Mailed = ""
	all := backward(ds)
	r.requirePage(t, store.DocumentQuery{}, all...)
	for i, d := range ds {
		r.requirePage(t, store.DocumentQuery{Kinds: []document.Kind{d.Kind}}, d)
		r.requirePage(t, store.DocumentQuery{First: d.Issued}, all[:6-i]...)
		r.requirePage(t, store.DocumentQuery{Last: d.Issued}, all[5-i:]...)
		r.requirePage(t, store.DocumentQuery{First: d.Issued, Last: d.Issued}, d)
		if !d.Of.IsZero() {
			r.requirePage(t, store.DocumentQuery{Of: d.Of}, d)
		}
	}
	r.requirePage(t, store.DocumentQuery{Kinds: []document.Kind{ds[4].Kind, ds[1].Kind, ds[4].Kind, "unknown"}}, ds[4], ds[1])
	r.requirePage(t, store.DocumentQuery{Kinds: []document.Kind{"unknown"}})
	r.requirePage(t, store.DocumentQuery{Of: r.nobody})
	r.requirePage(t, store.DocumentQuery{First: day(12), Last: day(11)})
	r.requirePage(t, store.DocumentQuery{First: day(11), Last: day(13), Of: ds[1].Of, Kinds: document.Kinds()}, ds[1])
}

func foundByNumber(t *testing.T, r rig) {
	numbers := []string{"INV-2026-000001", "inv-2026-000002", "INV-2025-000003", "", "РФ-2026-1", "100%", "1000", "a_b", "axb", `c\d`, "ÄÖ-1", "2026-INV"}
	ds := r.several(t, r.one, 1, len(numbers), func(i int, d *store.Document) { d.Number = numbers[i] })
	for begin, want := range map[string][]int{
		"INV-2026": {0, 1}, "inv": {0, 1, 2}, "Inv-2026-000002": {1}, "INV-2026-0000010": {}, "рф": {4}, "РФ-2026": {4},
		"100%": {5}, "100": {5, 6}, "a_": {7}, "A_B": {7}, "%": {}, "_": {}, `c\`: {9}, `C\D`: {9}, "äö": {10}, "2026": {11}, " INV": {}, "'": {},
	} {
		var found []store.Document
		for _, n := range slices.Backward(want) {
			found = append(found, ds[n])
		}
		t.Run(begin, func(t *testing.T) { r.requirePage(t, store.DocumentQuery{Number: begin}, found...) })
	}
}

func foundByManager(t *testing.T, r rig) {
	support.Update(t, r, func(ctx context.Context, tx store.Tx) error {
		for n := 1; n <= 2; n++ {
			if err := tx.PutItem(ctx, accounttest.Manager(n), 0); err != nil {
				return err
			}
		}
		return nil
	})
	one, two := accounttest.Manager(1).ID, accounttest.Manager(2).ID
	ones, twos := r.several(t, r.one, 1, 2, func(int, *store.Document) {}), r.several(t, r.two, 3, 1, func(int, *store.Document) {})
	of := func(ids ...account.ID) store.DocumentQuery {
		return store.DocumentQuery{Managers: account.Some(ids)}
	}
	r.requirePage(t, of(one, two))
	r.requirePage(t, of())
	r.requirePage(t, of(account.ID{}))
	r.changeClient(t, r.one, func(a *account.Account) { a.Core.Manager = one })
	r.requirePage(t, of(one), backward(ones)...)
	r.changeClient(t, r.two, func(a *account.Account) { a.Core.Manager = two })
	r.requirePage(t, of(one), backward(ones)...)
	r.requirePage(t, of(two, r.nobody), twos...)
	r.requirePages(t, of(one, two), twos[0], ones[1], ones[0])
	q := of(one, two)
	q.Account = r.one
	r.requirePage(t, q, backward(ones)...)
	r.changeClient(t, r.one, func(a *account.Account) { a.Core.Manager = two })
	r.requirePage(t, of(one))
	r.requirePage(t, of(two), twos[0], ones[1], ones[0])
	r.requirePage(t, of())
}

// anyPage holds pages against all documents, filtered and sorted plainly.
func anyPage(t *testing.T, r rig) {
	kinds, states := document.Kinds(), []store.MailState{"", store.MailWaiting, store.MailSent, store.MailFailed}
	var all []store.Document
	for n := range 40 {
		d := r.document([]account.ID{r.one, r.two}[n%2], n)
		d.Kind, d.Issued, d.At = kinds[n%len(kinds)], day(1+n%5), issuedAt(day(1+n%5), true).Add(time.Duration(n*n%11)*time.Microsecond)
		d.Number = fmt.Sprintf("%s-%02d", []string{"INV", "CN"}[n%2], n)
		r.must(t, putting(d))
		if d.Mailed = states[n*7%4]; d.Mailed != "" {
			r.mails(t, d, n, 1, func(_ int, m *store.Mail) { m.State = d.Mailed })
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b store.Document) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return b.ID.Compare(a.ID)
	})
	rapid.Check(t, func(t *rapid.T) {
		q := r.anyQuery(t, states)
		want := slices.DeleteFunc(slices.Clone(all), func(d store.Document) bool { return !asked(q, d) })
		if q.FailedFirst {
			slices.SortStableFunc(want, func(a, b store.Document) int { return afterFailed(a) - afterFailed(b) })
		}
		if len(want) > 0 && rapid.Bool().Draw(t, "behind") {
			n := rapid.IntRange(0, len(want)-1).Draw(t, "position")
			position := store.PositionOf(want[n])
			q.After, want = &position, want[n+1:]
		}
		q.Limit = rapid.IntRange(1, 50).Draw(t, "limit")
		r.requirePage(t, q, want[:min(q.Limit, len(want))]...)
	})
}

func afterFailed(d store.Document) int {
	if d.Mailed == store.MailFailed {
		return 0
	}
	return 1
}

// anyQuery draws filters, most of them off most of the time.
func (r rig) anyQuery(t *rapid.T, states []store.MailState) (q store.DocumentQuery) {
	on := func(filter string) bool { return rapid.IntRange(0, 3).Draw(t, filter) == 0 }
	if on("account") {
		q.Account = rapid.SampledFrom([]account.ID{r.one, r.two}).Draw(t, "whose")
	}
	if on("kinds") {
		q.Kinds = rapid.SliceOfN(rapid.SampledFrom(document.Kinds()), 1, 3).Draw(t, "which")
	}
	if on("first") {
		q.First = day(rapid.IntRange(1, 5).Draw(t, "from"))
	}
	if on("last") {
		q.Last = day(rapid.IntRange(1, 5).Draw(t, "to"))
	}
	if on("number") {
		q.Number = rapid.SampledFrom([]string{"i", "inv", "CN-1", "cn-0", "x"}).Draw(t, "begin")
	}
	if on("mailed") {
		q.Mailed = rapid.SampledFrom(states).Draw(t, "state")
	}
	q.FailedFirst = on("failed first")
	return q
}

func asked(q store.DocumentQuery, d store.Document) bool {
	return (q.Account.IsZero() || q.Account == d.Account) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, d.Kind)) &&
		(q.First.IsZero() || d.Issued.Day >= q.First.Day) && (q.Last.IsZero() || d.Issued.Day <= q.Last.Day) &&
		strings.HasPrefix(strings.ToLower(d.Number), strings.ToLower(q.Number)) && (q.Mailed == "" || q.Mailed == d.Mailed)
}
