package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// StandingStore is a store that keeps what the Clients list is sorted and narrowed by.
type StandingStore interface {
	store.Store
	store.Standings
}

// standingPromise is one thing that such a store promises, and the test that it keeps it.
type standingPromise struct {
	name string
	test func(t *testing.T, s StandingStore)
}

var standingPromises = []standingPromise{
	{"an account is behind until its standing is put: new, moved, edited, or changed by time", standingBehind},
	{"an account that is said to be behind meanwhile stays behind", standingMarkedMeanwhile},
	{"who spends an account's money is behind once its standing is put", standingOfPayer},
	{"at most so many are behind as are asked for, and all of them in the end", standingsInSteps},
	{"rows have their standings, and are in their order, both ways and page by page", standingOrders},
	{"each reason that follows from a standing finds its clients", standingAttention},
	{"what is closed, or beneath it, needs no attention", standingClosed},
	{"a webhook needs attention while it fails, or is off", hookAttention},
	{"a client needs attention while something of it waits for a second person", taskAttention},
	{"a client needs attention while the last mail to one of its addresses failed", mailAttention},
	{"messages are found by their ids and those of networks, within the scope, whole or by the beginning", findMessages},
	{"entries are found by their references, within the scope, whole or by the beginning", findEntries},
}

// RunStandings tests what [store.Standings] promises, and what the list makes of it, as [Run] does
// for the rest of the contract.
func RunStandings(t *testing.T, newStore func(t *testing.T) StandingStore) {
	t.Helper()
	w := newWatch()
	for _, p := range standingPromises {
		t.Run(p.name, func(t *testing.T) { on(w, t, newStore, p.test) })
	}
}

// behind returns the accounts that are behind, ascending.
func behind(t *testing.T, s StandingStore, now time.Time) []account.ID {
	t.Helper()
	found, err := s.StandingsBehind(t.Context(), now, 1000)
	require.NoError(t, err)
	var ids []account.ID
	for _, b := range found {
		ids = append(ids, b.Account)
	}
	return store.Ascending(ids)
}

// put puts standings with the marks that the accounts have.
func put(t *testing.T, s StandingStore, now time.Time, ss ...store.Standing) {
	t.Helper()
	found, err := s.StandingsBehind(t.Context(), now, 1000)
	require.NoError(t, err)
	for i := range ss {
		for _, b := range found {
			if b.Account == ss[i].Account {
				ss[i].Marks = b.Marks
			}
		}
	}
	require.NoError(t, settled(func() error { return s.PutStandings(t.Context(), ss...) }))
}

// standingOf is that of a book, of which little is known.
func standingOf(k *book) store.Standing {
	return store.Standing{Account: k.balance.Account, Version: k.balance.Version, Moved: k.balance.At, Balance: k.balance.Amount, Available: k.balance.Amount}
}

func standingBehind(t *testing.T, s StandingStore) {
	now := accounttest.Now()
	k, other := opened(t, s, "behind", funds()), opened(t, s, "other", funds())
	require.Equal(t, store.Ascending([]account.ID{k.balance.Account, other.balance.Account}), behind(t, s, now))
	one := func() []account.ID { return []account.ID{k.balance.Account} }
	put(t, s, now, standingOf(k), standingOf(other))
	require.Empty(t, behind(t, s, now))

	k.move(t, s, topUp("t-1", "5"))
	require.Equal(t, one(), behind(t, s, now), "money moved")
	put(t, s, now, standingOf(k))
	require.Empty(t, behind(t, s, now))

	terms := funds()
	terms.Credit = money("7")
	k.post(t, s, k.terms(terms))
	require.Equal(t, one(), behind(t, s, now), "the terms changed")
	put(t, s, now, standingOf(k))
	require.Empty(t, behind(t, s, now))

	update(t, s, replacing(next(get(t, s, k.balance.Account))))
	require.Equal(t, one(), behind(t, s, now), "the account was edited")
	changes := standingOf(k)
	changes.ChangesAt = now.Add(time.Hour)
	put(t, s, now, changes)
	require.Empty(t, behind(t, s, now.Add(time.Hour-time.Microsecond)))
	require.Equal(t, one(), behind(t, s, now.Add(time.Hour)), "time changed it")
	require.NoError(t, s.PutStandings(t.Context(), store.Standing{Account: accounttest.ID(99)}), "who is not there is passed over")
}

func standingMarkedMeanwhile(t *testing.T, s StandingStore) {
	now := accounttest.Now()
	k := opened(t, s, "meanwhile", funds())
	found, err := s.StandingsBehind(t.Context(), now, 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	update(t, s, replacing(next(get(t, s, k.balance.Account))))
	late := standingOf(k)
	late.Marks = found[0].Marks
	require.NoError(t, settled(func() error { return s.PutStandings(t.Context(), late) }))
	require.Len(t, behind(t, s, now), 1)
	put(t, s, now, standingOf(k))
	require.Empty(t, behind(t, s, now))
}

func standingOfPayer(t *testing.T, s StandingStore) {
	now := accounttest.Now()
	payer := opened(t, s, "payer", funds())
	terms := funds()
	terms.Shares = payer.balance.Account
	child, both := opened(t, s, "child", terms), opened(t, s, "both", terms)
	put(t, s, now, standingOf(payer), standingOf(child), standingOf(both))
	require.Empty(t, behind(t, s, now), "they were put together")
	payer.move(t, s, topUp("t-1", "5"))
	require.Equal(t, []account.ID{payer.balance.Account}, behind(t, s, now))
	put(t, s, now, standingOf(payer), standingOf(both))
	require.Equal(t, []account.ID{child.balance.Account}, behind(t, s, now))
	put(t, s, now, standingOf(child))
	require.Empty(t, behind(t, s, now))
}

func standingsInSteps(t *testing.T, s StandingStore) {
	now := accounttest.Now()
	books := map[account.ID]*book{}
	for i := range 5 {
		k := opened(t, s, fmt.Sprint("step-", i), funds())
		books[k.balance.Account] = k
	}
	for _, want := range []int{2, 2, 1, 0} {
		found, err := s.StandingsBehind(t.Context(), now, 2)
		require.NoError(t, err)
		require.Len(t, found, want)
		for _, b := range found {
			put(t, s, now, standingOf(books[b.Account]))
		}
	}
	for _, limit := range []int{0, -1} {
		found, err := s.StandingsBehind(t.Context(), now, limit)
		require.NoError(t, err)
		require.Empty(t, found)
	}
}

func standingOrders(t *testing.T, s StandingStore) {
	now := accounttest.Now()
	var want []account.Summary
	for i, amount := range []string{"-999999999999999.999999", "-1000000", "-0.000001", "0", "0", "0.000001", "2", "10", "999999999999999.999999"} {
		a := client(fmt.Sprint("order-", i))
		insert(t, s, a)
		row := a.Summary()
		row.Balance, row.Available = money(amount), money(amount).Neg()
		if i > 2 {
			row.Moved = now.Truncate(time.Microsecond).Add(time.Duration(i%4) * time.Microsecond)
		}
		put(t, s, now, store.Standing{Account: a.ID, Moved: row.Moved, Balance: row.Balance, Available: row.Available})
		want = append(want, row)
	}
	for _, by := range []account.Sort{account.SortMoved, account.SortBalance, account.SortAvailable} {
		for _, desc := range []bool{false, true} {
			q := account.Query{Sort: by, Desc: desc, Limit: 2}
			sorted := slices.SortedFunc(slices.Values(want), func(a, b account.Summary) int { return compareRows(a, b, q) })
			var rows []account.Summary
			for range want {
				page, err := s.Accounts(t.Context(), q)
				require.NoError(t, err)
				rows = append(rows, page...)
				if len(page) < q.Limit {
					break
				}
				last := page[len(page)-1]
				q.After = &account.Position{Value: last.SortKey(by), ID: last.ID}
			}
			requireRows(t, sorted, rows)
		}
	}
}

func standingAttention(t *testing.T, s StandingStore) {
	now := accounttest.Now().Truncate(time.Microsecond)
	ago, ahead := now.Add(-account.SilentFor), now.Add(account.OverdrawEndingWithin)
	for login, c := range map[string]store.Standing{
		"a-exhausted": {Exhausted: true, NearLimit: true, Moved: now},
		"b-near":      {NearLimit: true, Moved: now},
		"c-ends-now":  {OverdrawEnds: now, Moved: now},
		"d-ends-soon": {OverdrawEnds: ahead, Moved: now},
		"e-ends-late": {OverdrawEnds: ahead.Add(time.Microsecond), Moved: now},
		"f-silent":    {Moved: ago},
		"g-not":       {Moved: ago.Add(time.Microsecond)},
		"h-never":     {},
		"i-young":     {},
		"j-pending":   {Moved: ago, Exhausted: true, NearLimit: true, OverdrawEnds: ahead},
		"k-expired":   {Moved: ago, Exhausted: true, NearLimit: true, OverdrawEnds: ahead},
	} {
		a := client(login)
		if a.Status, a.CreatedAt = account.StatusActive, ago; login == "i-young" {
			a.CreatedAt = now
		}
		switch login {
		case "j-pending":
			a.Status = account.StatusPending
		case "k-expired":
			a.Expires = now
		}
		insert(t, s, a)
		c.Account = a.ID
		put(t, s, now, c)
	}
	for reason, want := range map[account.Attention][]string{
		account.AttentionExhausted:      {"a-exhausted"},
		account.AttentionNearLimit:      {"a-exhausted", "b-near"},
		account.AttentionOverdrawEnding: {"d-ends-soon"},
		account.AttentionSilent:         {"f-silent", "h-never"},
		account.AttentionExpiring:       nil,
		account.AttentionWebhookFailing: nil,
		account.AttentionMailFailing:    nil,
		account.AttentionUnconfirmed:    nil,
		"other":                         nil,
	} {
		t.Run(string(reason), func(t *testing.T) {
			q := account.Query{Attention: reason, Now: now}
			requireLogins(t, s, q, want...)
			n, err := s.CountAccounts(t.Context(), 10, q)
			require.NoError(t, err)
			require.Equal(t, []int{len(want)}, n)
		})
	}
}

func standingClosed(t *testing.T, s StandingStore) {
	now := accounttest.Now()
	parent, child := client("parent"), client("child")
	parent.Status, child.Status, child.Parent = account.StatusActive, account.StatusActive, parent.ID
	insert(t, s, parent, child)
	standing := func(a account.Account) store.Standing { return store.Standing{Account: a.ID, Exhausted: true} }
	put(t, s, now, standing(parent), standing(child))
	q := account.Query{Attention: account.AttentionExhausted, Now: now}
	requireLogins(t, s, q, "child", "parent")
	parent = next(parent)
	parent.Status = account.StatusClosed
	update(t, s, replacing(parent))
	requireLogins(t, s, q)
}

func hookAttention(t *testing.T, s StandingStore) {
	hooked, ok := s.(OutboxStore)
	if !ok {
		t.Skip("it keeps no webhook deliveries")
	}
	a := client("hooked")
	a.Webhooks.RESTState = "https://client.io/rest?token=t0ken"
	insert(t, s, a, client("other"))
	o := outbox{hooked, a.ID, accounttest.Now().Truncate(time.Microsecond)}
	q := account.Query{Attention: account.AttentionWebhookFailing, Now: o.now}
	o.enqueue(t, o.delivery(1))
	o.claimOne(t, o.now)
	put(t, s, o.now, store.Standing{Account: a.ID}, store.Standing{Account: client("other").ID})
	requireLogins(t, s, q)
	for _, c := range []struct {
		health store.Health
		want   []string
	}{
		{store.Health{Target: "t", Failures: 1, FailingSince: o.now}, []string{"hooked"}},
		{store.Health{Target: "t"}, nil},
		{store.Health{Target: "t", OffAt: o.now, OffCode: "gone"}, []string{"hooked"}},
	} {
		o.record(t, store.HookUpdate{Health: c.health})
		require.Equal(t, []account.ID{a.ID}, behind(t, s, o.now))
		put(t, s, o.now, store.Standing{Account: a.ID})
		require.Empty(t, behind(t, s, o.now))
		requireLogins(t, s, q, c.want...)
	}
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).SwitchOn(ctx, o.hook(), o.now)
	})
	put(t, s, o.now, store.Standing{Account: a.ID})
	requireLogins(t, s, q)
}

func taskAttention(t *testing.T, s StandingStore) {
	if _, ok := s.(store.Tasks); !ok {
		t.Skip("it keeps no tasks")
	}
	a := client("unconfirmed")
	insert(t, s, a, client("other"))
	task := store.Task{ID: accounttest.ID(70), Kind: store.TaskChange, Account: a.ID, State: store.TaskUnconfirmed, MadeAt: accounttest.Now()}
	for state, want := range map[store.TaskState][]string{store.TaskUnconfirmed: {a.Core.Login}, store.TaskWaiting: nil} {
		task.State = state
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.(store.TaskTx).PutTasks(ctx, task) })
		requireLogins(t, s, account.Query{Attention: account.AttentionUnconfirmed, Now: accounttest.Now()}, want...)
	}
}

func mailAttention(t *testing.T, s StandingStore) {
	if _, ok := s.(store.Billing); !ok {
		t.Skip("it keeps no mails")
	}
	a, now := client("mailed"), accounttest.Now().Truncate(time.Microsecond)
	a.Mail.Email = "one@client.example"
	insert(t, s, a, client("other"))
	q := account.Query{Attention: account.AttentionMailFailing, Now: now}
	d := store.Document{ID: accounttest.ID(80), Account: a.ID, Kind: document.KindInvoice, Origin: "o", At: now, Issued: account.DateOf(now, time.UTC), Text: []byte(`{"kind":"invoice"}`)}
	for n, c := range []struct {
		to    string
		state store.MailState
		want  []string
	}{
		{"old@client.example", store.MailFailed, nil},
		{a.Mail.Email, store.MailFailed, []string{"mailed"}},
		{a.Mail.Email, store.MailWaiting, []string{"mailed"}},
		{a.Mail.Email, store.MailSent, nil},
	} {
		at := now.Add(time.Duration(n) * time.Minute)
		m := store.Mail{ID: accounttest.ID(90 + n), Account: a.ID, Document: d.ID, Role: store.MailMain, To: c.to, State: c.state, MadeAt: at, DueAt: at, Last: store.MailTry{At: at}}
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.(store.BillingTx).PutDocument(ctx, d); err != nil {
				return err
			}
			return tx.(store.BillingTx).PutMails(ctx, m)
		})
		put(t, s, now, store.Standing{Account: a.ID}, store.Standing{Account: client("other").ID})
		requireLogins(t, s, q, c.want...)
	}
}

func findMessages(t *testing.T, s StandingStore) {
	finder, ok := s.(store.Finder)
	keeper, keeps := s.(MessageStore)
	if !ok || !keeps {
		t.Skip("it looks for no messages across clients")
	}
	putReferences(t, s)
	m := openedMessages(t, keeper, "found")
	managed := next(get(t, s, m.two.balance.Account))
	managed.Core.Manager = accounttest.Manager(1).ID
	update(t, s, replacing(managed))
	m.keep(t, m.one, m.whole(m.one, "m-1"), m.whole(m.one, "m-12"))
	m.keep(t, m.two, m.whole(m.two, "m-2"))
	one, two := m.one.key, m.two.key
	scope := account.Some([]account.ID{accounttest.Manager(1).ID})
	for name, c := range map[string]struct {
		q    store.KeyQuery
		want []store.MessageKey
	}{
		"by its id":         {store.KeyQuery{Key: "m-1", Limit: 9}, []store.MessageKey{one("m-1")}},
		"by its beginning":  {store.KeyQuery{Key: "m-1", Prefix: true, Limit: 9}, []store.MessageKey{one("m-1"), one("m-12")}},
		"by a network's id": {store.KeyQuery{Key: "m-12/z", Limit: 9}, []store.MessageKey{one("m-12")}},
		"of a manager":      {store.KeyQuery{Key: "m-", Prefix: true, Limit: 9, Managers: scope}, []store.MessageKey{two("m-2")}},
		"of another":        {store.KeyQuery{Key: "m-1", Limit: 9, Managers: scope}, nil},
		"what is not":       {store.KeyQuery{Key: "m-3", Prefix: true, Limit: 9}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := finder.FindMessages(t.Context(), c.q)
			require.NoError(t, err)
			slices.SortFunc(found, func(a, b store.MessageKey) int { return strings.Compare(a.ID, b.ID) })
			require.Equal(t, c.want, slices.Compact(found)) // one may come by its own id and by a network's
		})
	}
}

func findEntries(t *testing.T, s StandingStore) {
	finder, ok := s.(store.Finder)
	if !ok {
		t.Skip("it looks for nothing across clients")
	}
	putReferences(t, s)
	k, other := opened(t, s, "found", funds()), opened(t, s, "other", funds())
	managed := next(get(t, s, other.balance.Account))
	managed.Core.Manager = accounttest.Manager(1).ID
	update(t, s, replacing(managed))
	k.move(t, s, topUp("pay-7", "1"), charge("sms-1", "1"))
	other.move(t, s, topUp("pay-77", "1"), topUp("PAY-7", "1"))
	scope := func(ids ...account.ID) account.Optional[[]account.ID] { return account.Some(ids) }
	for name, c := range map[string]struct {
		q    store.KeyQuery
		want []string
	}{
		"whole":            {store.KeyQuery{Key: "pay-7", Limit: 9}, []string{"pay-7"}},
		"the beginning":    {store.KeyQuery{Key: "pay-7", Prefix: true, Limit: 9}, []string{"pay-7", "pay-77"}},
		"of a manager":     {store.KeyQuery{Key: "pay-7", Prefix: true, Limit: 9, Managers: scope(accounttest.Manager(1).ID)}, []string{"pay-77"}},
		"of nobody":        {store.KeyQuery{Key: "pay-7", Limit: 9, Managers: scope()}, nil},
		"a charge":         {store.KeyQuery{Key: "sms-1", Limit: 9}, []string{"sms-1"}},
		"what is not":      {store.KeyQuery{Key: "pay-8", Prefix: true, Limit: 9}, nil},
		"without a key":    {store.KeyQuery{Prefix: true, Limit: 9}, nil},
		"none asked for":   {store.KeyQuery{Key: "pay-7"}, nil},
		"nothing possible": {store.KeyQuery{Key: "\x00", Limit: 9}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := finder.FindEntries(t.Context(), c.q)
			require.NoError(t, err)
			var references []string
			for _, e := range found {
				references = append(references, e.Reference)
			}
			slices.Sort(references)
			require.Equal(t, c.want, references)
			messages, err := finder.FindMessages(t.Context(), c.q)
			require.NoError(t, err)
			require.Empty(t, messages)
		})
	}
	found, err := finder.FindEntries(t.Context(), store.KeyQuery{Key: "pay-", Prefix: true, Limit: 1})
	require.NoError(t, err)
	require.Len(t, found, 1)
}
