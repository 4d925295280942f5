package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var moneyValuePromises = []promise{
	{"every field of a new balance and its terms comes back", postedBalance},
	{"every field of a balance, entry, hold and event comes back from Append", appendedFields},
	{"every field of a balance, entry, hold and event comes back from Post", postedFields},
	{"changing what was posted or read changes nothing stored", moneyAliases},
}

// filled returns a posting in which every field has a value of its own.
func (k *book) filled(seed int) store.Posting {
	p := store.Posting{From: k.balance.Version, Entries: make([]account.Entry, 2), Holds: make([]account.Hold, 2), Events: make([]account.Event, 2)}
	fill(&p.Balance, seed)
	id := k.balance.Account
	p.Balance.Account, p.Balance.Version = id, k.balance.Version+2
	p.Balance.Entries, p.Balance.Events = k.balance.Entries+2, k.balance.Events+2
	for i := range 2 {
		seed += 100
		e, h, v := &p.Entries[i], &p.Holds[i], &p.Events[i]
		fill(e, seed)
		fill(h, seed)
		fill(v, seed)
		e.Account, e.Number, e.Kind = id, k.balance.Entries+int64(i)+1, account.KindCapture
		h.Account, h.Reference, h.Until = id, e.Reference, at(seed)
		v.Account, v.Number = id, k.balance.Events+int64(i)+1
	}
	return p
}

func postedBalance(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	a := client("posted")
	insert(t, s, a)
	var b account.Balance
	fill(&b, 1)
	b.Account, b.Version, b.Entries, b.Events = a.ID, 1, 0, 0
	k := &book{}
	k.post(t, s, store.Posting{Balance: b})
	requireBook(t, s, k)
	empty := store.Posting{From: 1, Balance: account.Balance{Account: a.ID, Version: 2}}
	empty.Balance.Terms.Currency = "EUR"
	k.post(t, s, empty)
	requireBook(t, s, k)
}

func appendedFields(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "appended", funds())
	k.append(t, s, k.filled(1))
	requireBook(t, s, k)
	k.append(t, s, k.filled(1000))
	requireBook(t, s, k)
	k.append(t, s, k.bare())
	requireBook(t, s, k)
}

func postedFields(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "posted", funds())
	k.post(t, s, k.filled(1))
	requireBook(t, s, k)
	k.post(t, s, k.bare())
	requireBook(t, s, k)
}

// bare returns a posting of as many zero values as there can be.
func (k *book) bare() store.Posting {
	id, b := k.balance.Account, k.balance
	p := store.Posting{From: b.Version, Balance: account.Balance{Account: id, Version: b.Version + 1, Entries: b.Entries + 1, Events: b.Events + 1}}
	p.Balance.Terms.Currency = "EUR"
	p.Entries = []account.Entry{{Account: id, Number: b.Entries + 1, Kind: account.KindRelease, Reference: "bare", At: at(0)}}
	p.Events = []account.Event{{Account: id, Number: b.Events + 1, Kind: account.EventExhausted, At: at(0)}}
	p.Holds = []account.Hold{{Account: id, Reference: "bare", At: at(0), Until: at(1)}}
	return p
}

func moneyAliases(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "alias", funds())
	p := k.filled(2000)
	kept := k.filled(2000)
	appending(t, s, p)
	k.take(kept)
	spoilPosting(&p)
	requireBook(t, s, k)

	q, kept := k.filled(3000), k.filled(3000)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		err := tx.Post(ctx, q)
		spoilPosting(&q)
		return err
	})
	k.take(kept)
	k.balance.Terms = kept.Balance.Terms
	requireBook(t, s, k)

	found := lookUp(t, s, store.Lookup{
		Account: k.balance.Account, References: []string{k.entries[0].Reference}, Holds: []string{k.holds[0].Reference}, Numbers: []int64{1}, Due: at(1e9),
	})
	for _, chain := range [][]account.ID{found.Used[0].Chain, found.Holds[0].Chain, found.Entries[0].Chain, found.Due[0].Chain} {
		require.NotEmpty(t, chain)
		chain[0] = account.ID{}
	}
	requireBook(t, s, k)
}

// spoilPosting changes all that was handed in.
func spoilPosting(p *store.Posting) {
	for i := range p.Entries {
		p.Entries[i].Chain[0], p.Holds[i].Chain[1] = account.ID{}, account.ID{}
		p.Entries[i].Reason, p.Holds[i].Reference, p.Events[i].Kind = "SPOILT", "SPOILT", "spoilt"
	}
}
