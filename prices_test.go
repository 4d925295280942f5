package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// tariff makes a product.
func (b *bench) tariff(name string) account.Product {
	b.Helper()
	p, err := b.svc.SaveProduct(b.Context(), account.Product{Name: name, Currency: "EUR"}, account.Actor{}, "")
	require.NoError(b, err)
	return p
}

// on returns what gives a client a product.
func on(p account.Product) func(*account.Account) {
	return func(a *account.Account) { a.Notes.Product = p.ID }
}

// row is a price of a network, MCC and MNC in one, in so many hours from now; "closed" and
// "withdrawn" are none.
func (b *bench) row(network, cost string, hours int) price.Row {
	r := price.Row{Network: price.Network{MCC: network[:3], MNC: network[3:]}, From: b.svc.Now().Add(time.Duration(hours) * time.Hour)}
	if cost == "closed" || cost == "withdrawn" {
		r.State = price.State(cost)
	} else {
		r.Price = money(cost)
	}
	return r
}

// announce announces a draft of an owner.
func (b *bench) announce(of store.PriceOwner, d price.Draft) store.Announcement {
	b.Helper()
	kept, err := b.svc.SavePriceDraft(b.Context(), store.PriceDraft{Owner: of, Draft: d, Actor: olena})
	require.NoError(b, err)
	a, err := b.svc.AnnouncePrices(b.Context(), of, kept.Revision, olena, "as agreed")
	require.NoError(b, err)
	return a
}

// rows announces rows of an owner.
func (b *bench) rows(of store.PriceOwner, rows ...price.Row) store.Announcement {
	b.Helper()
	return b.announce(of, price.Draft{Rows: rows})
}

func ofProduct(p account.Product) store.PriceOwner { return store.PriceOwner{Product: p.ID} }

func ofClient(a account.Account) store.PriceOwner { return store.PriceOwner{Account: a.ID} }

// unpriced is a message to a network, whose price is that of the lists.
func unpriced(mcc, mnc string) account.Request {
	r := message("1")
	r.Price, r.MCC, r.MNC = account.Optional[decimal.Decimal]{}, mcc, mnc
	return r
}

// cost decides about a message and returns what it costs, or the first finding.
func (b *bench) cost(svc *clientaccount.Service, id account.ID, mcc, mnc string) string {
	b.Helper()
	d, err := svc.Decide(b.Context(), id, unpriced(mcc, mnc))
	require.NoError(b, err)
	if cost, known := d.Cost(); known {
		return cost.String()
	}
	return d.Findings[0].Code
}

func TestDecideGoesByTheLists(t *testing.T) {
	b := newBench(t)
	p := b.tariff("Gold")
	a, other := b.create("acme", sender, on(p)), b.create("other", sender)
	cost := func(mnc string) string { return b.cost(b.svc, a.ID, "255", mnc) }
	assert.Equal(t, "price.unknown", cost("01"))
	b.rows(ofProduct(p), b.row("255", "0.02", 0), b.row("25501", "0.03", 0), b.row("25501", "0.04", 2))
	assert.Equal(t, "0.06", cost("01"), "seen at once")
	assert.Equal(t, "0.04", cost("02"))
	assert.Equal(t, "price.unknown", b.cost(b.svc, other.ID, "255", "01"))
	b.rows(ofClient(a), b.row("25502", "0.5", 1))
	b.clock.Advance(time.Hour)
	assert.Equal(t, "1", cost("02"))
	b.clock.Advance(time.Hour)
	assert.Equal(t, "0.08", cost("01"))
	b.rows(ofClient(a), b.row("255", "closed", 0))
	assert.Equal(t, "price.unknown", cost("01"), "closed")
	assert.Equal(t, "1", cost("02"))

	priced, err := b.svc.Decide(t.Context(), a.ID, message("7"))
	require.NoError(t, err)
	got, _ := priced.Price()
	assert.Equal(t, "7", got.String(), "the request's counts")
}

// What another process announced is seen within Options.SettingsFor, and its list is read once.
func TestListsAreReadOnce(t *testing.T) {
	b := newBench(t)
	p := b.tariff("Gold")
	clients := []account.Account{b.create("one", sender, on(p)), b.create("two", sender, on(p)), b.create("three", sender, on(p))}
	counting := &readsOfLists{Store: b.store, reads: map[store.PriceOwner]int{}}
	svc := clientaccount.New(counting, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	for _, want := range []string{"0.02", "0.04"} {
		b.rows(ofProduct(p), b.row("255", want, 0))
		b.clock.Advance(time.Second)
		for range 2 {
			for _, c := range clients {
				assert.Equal(t, money(want).Mul(money("2")).String(), b.cost(svc, c.ID, "255", "01"))
			}
		}
		assert.Equal(t, 1, counting.reads[ofProduct(p)])
		assert.Equal(t, 1, counting.reads[ofClient(clients[0])])
		clear(counting.reads)
	}
	_, err := svc.Decide(t.Context(), clients[0].ID, message("1"))
	require.NoError(t, err)
	svc.ForgetAll()
	_, err = svc.Decide(t.Context(), clients[0].ID, message("1"))
	require.NoError(t, err)
	assert.Empty(t, counting.reads, "nothing is read where the request has a price")
}

// A message is held at the price found, and stays at it.
func TestAdmitHoldsAtThePriceFound(t *testing.T) {
	for name, keep := range map[string]*clientaccount.Keep{"kept by the host": nil, "kept": {}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			p := b.tariff("Gold")
			a := b.create("acme", sender, on(p))
			b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "10", "first")))
			b.rows(ofProduct(p), b.row("255", "0.03", 0), b.row("255", "0.05", 1), b.row("255", "closed", 2), b.row("255", "9", 3))
			admit := func(reference string, r account.Request) (clientaccount.Admission, error) {
				return b.svc.Admit(t.Context(), a.ID, r, clientaccount.MessageHold{Reference: reference, Keep: keep, Timeout: 24 * time.Hour})
			}
			first, err := admit("m", unpriced("255", "01"))
			require.NoError(t, err)
			require.True(t, first.Send())
			assert.Equal(t, "0.06", first.Hold.Held.String())
			for range 3 {
				b.clock.Advance(time.Hour)
				again, err := admit("m", unpriced("255", "01"))
				require.NoError(t, err)
				assert.True(t, again.Send() && again.Hold.Repeated)
				assert.Equal(t, first.Hold.Number, again.Hold.Number)
			}
			same := unpriced("255", "01")
			same.Price = account.Some(money("0.03"))
			again, err := admit("m", same)
			require.NoError(t, err)
			assert.True(t, again.Hold.Repeated)
			longer := unpriced("255", "01")
			longer.Parts++
			_, err = admit("m", longer)
			require.ErrorIs(t, err, account.ErrReused)
			refused, err := admit("n", unpriced("255", "01"))
			require.NoError(t, err)
			assert.True(t, refused.Has("credit.exhausted"), "9 a part by now")
			b.do(b.svc.Hold(t.Context(), clientaccount.Hold{Account: a.ID, Amount: money("0.06"), Messages: 2, Reference: "amount"}))
			_, err = b.svc.Admit(t.Context(), a.ID, unpriced("255", "01"), clientaccount.MessageHold{Reference: "amount", Timeout: 24 * time.Hour})
			require.ErrorIs(t, err, account.ErrReused, "that was another kind of hold")
		})
	}
}

func TestSharedMoneyIsHeldAtThePriceFound(t *testing.T) {
	b := newBench(t)
	p := b.tariff("Gold")
	above := b.create("above", sender, func(a *account.Account) { a.Sending.Subaccounts = true })
	below := b.create("below", sender, on(p), func(a *account.Account) { a.Parent, a.Credit.Shared = above.ID, true })
	b.do(b.svc.TopUp(t.Context(), topUpOf(above.ID, "10", "first")))
	b.rows(ofProduct(p), b.row("255", "0.03", 0), b.row("255", "0.05", 1))
	for range 2 {
		got, err := b.svc.Admit(t.Context(), below.ID, unpriced("255", "01"), clientaccount.MessageHold{Reference: "m", Timeout: 24 * time.Hour})
		require.NoError(t, err)
		assert.Equal(t, "0.06", got.Hold.Spent.String())
		b.clock.Advance(time.Hour)
	}
}

func TestDraftsAreKeptAsTheyCouldBeAnnounced(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p := b.tariff("Gold")
	of := ofProduct(p)
	none, err := b.svc.PriceDraft(ctx, of)
	require.NoError(t, err)
	assert.Equal(t, store.PriceDraft{Owner: of}, none)
	draft := store.PriceDraft{Owner: of, Actor: olena, Draft: price.Draft{Rows: []price.Row{b.row("25501", "0.03", 1), b.row("255", "0.02", 1)}}}
	kept, err := b.svc.SavePriceDraft(ctx, draft)
	require.NoError(t, err)
	assert.Equal(t, int64(1), kept.Revision)
	assert.Equal(t, b.svc.Now(), kept.At)
	assert.Empty(t, kept.Draft.Rows[0].MNC, "in order")
	seen, err := b.svc.PriceDraft(ctx, of)
	require.NoError(t, err)
	assert.Equal(t, kept, seen)
	_, err = b.svc.SavePriceDraft(ctx, draft)
	require.ErrorIs(t, err, account.ErrStale, "somebody made one")
	draft.Revision = 2
	_, err = b.svc.SavePriceDraft(ctx, draft)
	require.ErrorIs(t, err, account.ErrStale)
	kept.Draft.Rows = append(kept.Draft.Rows, b.row("25501", "0.04", 2), b.row("2550", "0.04", 2), b.row("25503", "0.04", -1))
	_, err = b.svc.SavePriceDraft(ctx, kept)
	wrong, _ := price.AsFaults(err)
	assert.True(t, wrong.Has("mnc.format") && wrong.Has("from.past"), err)
	kept.Draft.Rows = kept.Draft.Rows[:2]
	kept.Actor.Name = "\x00"
	_, err = b.svc.SavePriceDraft(ctx, kept)
	assert.Equal(t, []string{"actor text.chars"}, faults(err))
	kept.Actor = olena
	kept.Draft.Rows[1].Price = decimal.New(0, -1_000_000_000)
	kept, err = b.svc.SavePriceDraft(ctx, kept)
	require.NoError(t, err)
	assert.Equal(t, "0", kept.Draft.Rows[1].Price.String())
	kept.Draft.Rows = make([]price.Row, clientaccount.MaxPriceRows+1)
	_, err = b.svc.SavePriceDraft(ctx, kept)
	wrong, _ = price.AsFaults(err)
	assert.True(t, wrong.Has("draft.rows"), err)

	b.clock.Advance(2 * time.Hour)
	_, err = b.svc.AnnouncePrices(ctx, of, kept.Revision, olena, "")
	wrong, _ = price.AsFaults(err)
	assert.True(t, wrong.Has("from.past"), "nothing is cheaper or dearer before its instant: %v", err)
	_, err = b.svc.PreviewPrices(ctx, of)
	_, is := price.AsFaults(err)
	assert.True(t, is, err)
	require.ErrorIs(t, b.svc.DropPriceDraft(ctx, of, 1), account.ErrStale)
	require.NoError(t, b.svc.DropPriceDraft(ctx, of, kept.Revision))
	require.ErrorIs(t, b.svc.DropPriceDraft(ctx, of, kept.Revision), account.ErrNotFound)
	_, err = b.svc.PreviewPrices(ctx, of)
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = b.svc.AnnouncePrices(ctx, of, kept.Revision, olena, "")
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestAnnouncedPrices(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p := b.tariff("Gold")
	a := b.create("acme", sender, on(p))
	first := b.rows(ofProduct(p), b.row("255", "0.02", 0), b.row("255", "0.03", 5))
	assert.Equal(t, olena, first.Actor)
	assert.Equal(t, "as agreed", first.Reason)
	now, err := b.svc.Product(ctx, p.ID)
	require.NoError(t, err)
	assert.Equal(t, p.Revision+1, now.Revision)
	_, err = b.svc.AnnouncePrices(ctx, ofProduct(p), 1, olena, "")
	require.ErrorIs(t, err, account.ErrNotFound, "the draft is gone")
	b.clock.Advance(time.Millisecond)
	second := b.announce(ofProduct(p), price.Draft{Undo: []price.Start{first.Added[1].Start()}, Rows: []price.Row{b.row("255", "0.01", 6)}})
	assert.Equal(t, first.Added[1:], second.Undone)
	list, err := b.svc.PriceList(ctx, ofProduct(p))
	require.NoError(t, err)
	assert.Equal(t, []price.Row{first.Added[0], second.Added[0]}, list.Rows())
	all, err := b.svc.Announcements(ctx, ofProduct(p), account.ID{}, 0)
	require.NoError(t, err)
	assert.Equal(t, []store.Announcement{second, first}, all)
	all, err = b.svc.Announcements(ctx, ofProduct(p), second.ID, 1)
	require.NoError(t, err)
	assert.Equal(t, []store.Announcement{first}, all)
	_, err = b.svc.Announcements(ctx, ofProduct(p), account.ID{}, 1001)
	assert.NotEmpty(t, faults(err))

	b.rows(ofClient(a), b.row("25501", "0.5", 0))
	record := b.history(a.ID)[0]
	assert.Equal(t, a.Revision+1, record.Revision)
	assert.Equal(t, account.Change{{Path: account.PathPrices, Secret: true}}, record.Change)
	assert.Equal(t, []any{olena, "as agreed"}, []any{record.Actor, record.Reason})
	_, err = b.svc.Undo(ctx, a.ID, record.Revision, record.Revision, edit(nil))
	assert.Equal(t, []string{"change change.final"}, faults(err))
	found, sold, err := b.svc.PriceAt(ctx, a.ID, price.Network{MCC: "255", MNC: "01"}, b.svc.Now())
	require.NoError(t, err)
	assert.True(t, sold)
	assert.Equal(t, account.OriginOwn, found.Origin)
	_, err = b.svc.Update(ctx, a.ID, record.Revision, set("currency", "USD", "notes.product", ""))
	assert.Equal(t, []string{"currency currency.prices"}, faults(err))
	now, err = b.svc.Product(ctx, p.ID)
	require.NoError(t, err)
	b.update(b.get(a.ID), "notes.product", "")
	now.Currency = "USD"
	_, err = b.svc.SaveProduct(ctx, now, account.Actor{}, "")
	require.ErrorIs(t, err, clientaccount.ErrInUse)
}

func TestPricesOfNobody(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p, a := b.tariff("Gold"), b.create("acme")
	for _, of := range []store.PriceOwner{{}, {Product: p.ID, Account: a.ID}, {Product: a.ID}, {Account: p.ID}} {
		_, err := b.svc.PriceList(ctx, of)
		require.ErrorIs(t, err, account.ErrNotFound)
		_, err = b.svc.SavePriceDraft(ctx, store.PriceDraft{Owner: of})
		require.ErrorIs(t, err, account.ErrNotFound)
		_, err = b.svc.AnnouncePrices(ctx, of, 1, olena, "")
		require.ErrorIs(t, err, account.ErrNotFound)
		_, err = b.svc.Announcements(ctx, of, account.ID{}, 0)
		require.ErrorIs(t, err, account.ErrNotFound)
	}
	_, err := b.svc.PricesOf(ctx, p.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
	svc := clientaccount.New(struct{ store.Store }{b.store}, nil)
	_, err = svc.PriceList(ctx, ofProduct(p))
	require.ErrorIs(t, err, clientaccount.ErrNoPrices)
	_, err = (&clientaccount.Service{}).PriceList(ctx, ofProduct(p))
	require.ErrorIs(t, err, clientaccount.ErrNoStore)
	free, err := b.svc.SaveProduct(ctx, account.Product{Name: "No currency"}, account.Actor{}, "")
	require.NoError(t, err)
	_, err = b.svc.SavePriceDraft(ctx, store.PriceDraft{Owner: ofProduct(free)})
	found, _ := price.AsFaults(err)
	assert.True(t, found.Has("currency.required"), err)
}

// A list that is full drops what ended long ago.
func TestFullListsMakeRoom(t *testing.T) {
	b := newBench(t)
	of := ofProduct(b.tariff("Gold"))
	rows := make([]price.Row, clientaccount.MaxPriceRows)
	for i := range rows {
		rows[i] = b.row("255", "0.01", 0)
		rows[i].From = rows[i].From.Add(time.Duration(i) * time.Second)
	}
	b.rows(of, rows...)
	draft := store.PriceDraft{Owner: of, Draft: price.Draft{Rows: []price.Row{b.row("256", "1", 1000), b.row("257", "1", 1000)}}}
	_, err := b.svc.SavePriceDraft(t.Context(), draft)
	found, _ := price.AsFaults(err)
	assert.True(t, found.Has("list.rows"), err)
	b.clock.Advance(2 * time.Second)
	b.rows(of, draft.Draft.Rows...)
	list, err := b.svc.PriceList(t.Context(), of)
	require.NoError(t, err)
	assert.Equal(t, clientaccount.MaxPriceRows, list.Len())
	assert.Equal(t, rows[2], list.Rows()[0])
}

func TestPreviewSaysWhoIsAffected(t *testing.T) {
	b := newBench(t)
	p := b.tariff("Gold")
	one := b.create("one", on(p), wantsPrices)
	b.clock.Advance(time.Millisecond) // in the order of their ids
	own := b.create("own", on(p), wantsPrices)
	shut := b.create("shut", on(p), wantsPrices)
	b.create("quiet", on(p))
	b.create("elsewhere", wantsPrices)
	b.update(shut, "status", "closed")
	b.rows(ofProduct(p), b.row("255", "0.02", 0), b.row("256", "0.02", 0), b.row("257", "0.02", 0))
	b.rows(ofClient(own), b.row("255", "0.01", 0), b.row("256", "0.01", 0), b.row("257", "0.01", 0), b.row("258", "0.01", 0))
	kept, err := b.svc.SavePriceDraft(t.Context(), store.PriceDraft{Owner: ofProduct(p), Draft: price.Draft{Rows: []price.Row{
		b.row("255", "0.03", 1), b.row("256", "0.01", 1), b.row("257", "closed", 1), b.row("258", "0.01", 1),
	}}})
	require.NoError(t, err)
	preview, err := b.svc.PreviewPrices(t.Context(), ofProduct(p))
	require.NoError(t, err)
	assert.Equal(t, kept, preview.Draft)
	assert.Len(t, preview.Changes, 4)
	assert.Equal(t, []int{3, 2, 1}, []int{preview.Clients, preview.Touched, preview.Told})
	assert.Equal(t, clientaccount.PriceEffect{
		Account: one.ID, Login: "one", Company: "Company of one", Up: 1, Down: 1, New: 1, Closed: 1, Told: true,
	}, preview.Affected[0])

	_, err = b.svc.SavePriceDraft(t.Context(), store.PriceDraft{Owner: ofClient(own), Draft: price.Draft{Rows: []price.Row{b.row("257", "withdrawn", 1)}}})
	require.NoError(t, err)
	preview, err = b.svc.PreviewPrices(t.Context(), ofClient(own))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 1, 1}, []int{preview.Clients, preview.Touched, preview.Told, preview.Affected[0].Up})
	assert.Equal(t, price.ChangeClosed, preview.Changes[0].Kind(), "of the list itself")
}

// wantsPrices has a client told of prices.
func wantsPrices(a *account.Account) {
	a.Mail.Email, a.Mail.PriceFormat = a.Core.Login+"@example.com", account.PriceCSV
}

// updates returns the price updates of a client, the oldest first.
func (b *bench) updates(id account.ID) (all []document.PriceUpdate) {
	b.Helper()
	for _, d := range b.documents(id, document.KindPriceUpdate) {
		all = append(all, d.(document.PriceUpdate))
	}
	return all
}

func TestTickTellsOfPricesOnce(t *testing.T) {
	b := newBench(t)
	p := b.tariff("Gold")
	one := b.create("one", on(p), wantsPrices, func(a *account.Account) { a.Mail.PriceUpdate = "prices@example.com" })
	own := b.create("own", on(p), wantsPrices)
	quiet := b.create("quiet", on(p))
	b.rows(ofProduct(p), b.row("255", "0.02", 0), b.row("25501", "0.03", 0))
	b.rows(ofClient(own), b.row("255", "0.01", 0))
	require.NoError(t, b.svc.Tick(t.Context()))
	require.Len(t, b.updates(one.ID), 1)
	require.Len(t, b.updates(own.ID), 1, "own rows go before all of the product's")
	b.clock.Advance(time.Minute)
	second := b.rows(ofProduct(p), b.row("255", "0.04", 1), b.row("25501", "closed", 2))
	for range 2 {
		for _, svc := range []*clientaccount.Service{b.svc, b.service(cheap)} {
			require.NoError(t, svc.Tick(t.Context()))
		}
	}
	all := b.updates(one.ID)
	require.Len(t, all, 2)
	u := all[1]
	assert.Equal(t, []int{1, 0, 0, 1}, []int{u.Up, u.Down, u.New, u.Closed})
	assert.Equal(t, second.Added[0].From, u.Begins)
	assert.Equal(t, account.PriceCSV, u.Format)
	assert.Equal(t, "Company of one", u.Customer.Name)
	require.Len(t, u.Prices, 4)
	assert.Equal(t, document.PriceOfPart{
		MCC: "255", Country: "Ukraine", From: second.Added[0].From, Before: account.Some(money("0.02")), Price: account.Some(money("0.04")), Change: "up",
	}, u.Prices[1])
	mails := b.mails(u)
	require.Len(t, mails, 1)
	assert.Equal(t, []any{store.MailPrices, "prices@example.com", store.MailWaiting}, []any{mails[0].Role, mails[0].To, mails[0].State})
	assert.Len(t, b.updates(own.ID), 1, "they pay by their own rows")
	assert.Empty(t, b.updates(quiet.ID))
	untold, err := b.store.UntoldPrices(t.Context(), account.ID{}, 10)
	require.NoError(t, err)
	assert.Empty(t, untold)
}

// A client who cannot be told of any number of announcements holds up none of those that concern
// others.
func TestWhoCannotBeToldHoldsUpNobodyElse(t *testing.T) {
	b := newBench(t)
	gold, silver := b.tariff("Gold"), b.tariff("Silver")
	failing, other := b.create("failing", on(gold), wantsPrices), b.create("other", on(silver), wantsPrices)
	for n := range 25 {
		b.rows(ofProduct(gold), b.row("255", fmt.Sprint(n+1), n+1))
		b.clock.Advance(time.Millisecond)
	}
	b.rows(ofProduct(silver), b.row("255", "0.02", 0))
	b.svc = clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Issuer: func(_ context.Context, a account.Account) (issuer document.Issuer, err error) {
			if a.ID == failing.ID {
				err = errors.New("no answer")
			}
			return issuer, err
		},
	}})
	require.ErrorContains(t, b.svc.Tick(t.Context()), "no answer")
	assert.Empty(t, b.updates(failing.ID))
	assert.Len(t, b.updates(other.ID), 1)
	b.svc = b.service(cheap)
	require.NoError(t, b.svc.Tick(t.Context()))
	assert.Len(t, b.updates(failing.ID), 25, "and is told when that can be")
	assert.Len(t, b.updates(other.ID), 1)
}

// readsOfLists counts how often lists are read.
type readsOfLists struct {
	*memstore.Store
	reads map[store.PriceOwner]int
}

func (r *readsOfLists) PriceRows(ctx context.Context, of store.PriceOwner) ([]price.Row, error) {
	r.reads[of]++
	return r.Store.PriceRows(ctx, of)
}

// Of two hosts that announce one draft at once, one does, and the other learns that it is gone.
func TestTwoHostsAnnounceOnce(t *testing.T) {
	b := newBench(t)
	for _, of := range []store.PriceOwner{ofProduct(b.tariff("Gold")), ofClient(b.create("acme"))} {
		kept, err := b.svc.SavePriceDraft(t.Context(), store.PriceDraft{Owner: of, Draft: price.Draft{Rows: []price.Row{b.row("255", "1", 0)}}})
		require.NoError(t, err)
		errs := make(chan error)
		for range 4 {
			svc := b.service(cheap)
			go func() {
				_, err := svc.AnnouncePrices(t.Context(), of, kept.Revision, olena, "")
				errs <- err
			}()
		}
		done := 0
		for range 4 {
			err := <-errs
			if err == nil {
				done++
				continue
			}
			stale := errors.Is(err, account.ErrStale) || errors.Is(err, account.ErrConflict) || errors.Is(err, account.ErrNotFound)
			assert.True(t, stale, err)
		}
		assert.Equal(t, 1, done)
		all, err := b.svc.Announcements(t.Context(), of, account.ID{}, 0)
		require.NoError(t, err)
		assert.Len(t, all, 1)
		list, err := b.svc.PriceList(t.Context(), of)
		require.NoError(t, err)
		assert.Equal(t, 1, list.Len())
	}
}
