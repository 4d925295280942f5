package billing

import (
	"context"
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// PriceChange is a draft of an owner's list, and the list before and after it.
type PriceChange struct {
	Of            store.PriceOwner
	Draft         price.Draft
	Before, After *price.List
}

// prices returns what a client pays by, before and after, who pays by another list beside, nil
// for none: a product's list for a client's own, and the other way round.
func (c PriceChange) prices(other *price.List) (before, after price.Prices) {
	if c.Of.Account.IsZero() {
		return price.Prices{Own: other, Product: c.Before}, price.Prices{Own: other, Product: c.After}
	}
	return price.Prices{Own: c.Before, Product: other}, price.Prices{Own: c.After, Product: other}
}

// Changes returns what the change comes to for a client who pays by another list beside.
func (c PriceChange) Changes(other *price.List) []price.Change {
	return c.Draft.Changes(c.prices(other))
}

// Counts counts those of Changes that would not have been without it.
func (c PriceChange) Counts(other *price.List) (counts document.PriceCounts) {
	before, after := c.prices(other)
	for _, change := range c.Draft.Changes(before, after) {
		planned, was := before.Price(change.Network, change.From).Get()
		if now, is := change.After.Get(); was == is && planned.Equal(now) {
			continue
		}
		switch change.Kind() {
		case price.ChangeUp:
			counts.Up++
		case price.ChangeDown:
			counts.Down++
		case price.ChangeNew:
			counts.New++
		case price.ChangeClosed:
			counts.Closed++
		case price.ChangeNone:
		}
	}
	return counts
}

// Prices is where price lists are, and who pays by them.
type Prices struct {
	store.Prices
	Payers func(ctx context.Context, of store.PriceOwner) ([]account.ID, error) // by their ids
	Of     func(ctx context.Context, a account.Account) (price.Prices, error)
}

// Bounds of telling.
const (
	toldAnnouncements = 10   // are asked for at once
	toldClients       = 1000 // get a document in one Tick; the next one goes on
	toldAtOnce        = 100  // clients between two notes of how far it went
)

// TellPrices makes price updates for clients whose prices were announced and who were not told
// yet, the oldest announcement first. It goes on after what failed, and returns the first
// error. Any number of processes may do it at once: a client's document has one origin.
func (e *Engine) TellPrices(ctx context.Context, from Prices) (failed error) {
	left := toldClients
	for after := (account.ID{}); ; {
		untold, err := from.UntoldPrices(ctx, after, toldAnnouncements)
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, a := range untold {
			t := &telling{Engine: e, from: from, of: a, left: &left}
			if err := t.tell(ctx); failed == nil {
				failed = err
			}
			if left == 0 || ctx.Err() != nil {
				return failed
			}
			after = a.ID
		}
		if len(untold) < toldAnnouncements {
			return failed
		}
	}
}

// telling is one announcement that is told.
type telling struct {
	*Engine
	from Prices
	of   store.Announcement
	left *int // documents that may still be made
	// change is what was announced of a list, as the list is now, and listed what it comes to for who
	// pays by nothing else: most clients.
	change PriceChange
	listed *body
}

// body is what a price update says, whomever it is for.
type body struct {
	affects  bool
	schedule []price.Change
}

// tell goes on telling. Where a client cannot be told the others are, and the next Tick begins
// with that client again.
func (t *telling) tell(ctx context.Context) error {
	ids, err := t.from.Payers(ctx, t.of.Owner)
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id account.ID) bool { return id.Compare(t.of.Told) <= 0 })
	var failed error
	for i, id := range ids {
		if *t.left == 0 || ctx.Err() != nil {
			return errors.Join(failed, t.note(ctx, false))
		}
		if err := t.client(ctx, id); failed == nil {
			failed = err
		}
		if failed != nil {
			continue
		}
		t.of.Told = id
		if (i+1)%toldAtOnce == 0 {
			failed = t.note(ctx, false)
		}
	}
	return errors.Join(failed, t.note(ctx, failed == nil))
}

// note keeps how far the clients were told.
func (t *telling) note(ctx context.Context, done bool) error {
	t.of.Done = done
	return t.Transact(ctx, func(ctx context.Context, tx store.Tx) error {
		kept, can := tx.(store.PricesTx)
		if !can {
			return store.ErrNoPrices
		}
		return kept.PutAnnouncement(ctx, t.of)
	})
}

// client tells one, if it is affected, and wants to be told.
func (t *telling) client(ctx context.Context, id account.ID) error {
	a, is, err := found(t.Store.Account(ctx, id))
	if err != nil || !is || a.Status == account.StatusClosed {
		return err
	}
	_, format, wants := a.Mail.PriceUpdates()
	if !wants {
		return nil
	}
	origin := "prices:" + t.of.ID.String()
	if _, is, err := found(t.Store.DocumentOf(ctx, id, origin)); err != nil || is {
		return err
	}
	prices, err := t.from.Of(ctx, a)
	if err != nil {
		return err
	}
	b, err := t.bodyFor(prices)
	if err != nil || !b.affects {
		return err
	}
	zone, err := a.Location()
	if err != nil {
		return err
	}
	return t.Engine.update(ctx, func(ctx context.Context, tx Tx) error {
		head, err := t.head(ctx, tx, a, zone)
		if err != nil {
			return err
		}
		u, err := t.update(head, format, b)
		if err != nil {
			return err
		}
		fresh, err := t.keep(ctx, tx, u, origin, toRole(a, store.MailPrices))
		if fresh {
			*t.left--
		}
		return err
	})
}

// bodyFor returns what is told to a client with these prices.
func (t *telling) bodyFor(p price.Prices) (*body, error) {
	list, other := p.Product, p.Own
	if t.of.Owner.Product.IsZero() {
		list, other = p.Own, p.Product
	}
	if t.change.After != list || t.change.Of.IsZero() {
		before, err := rewound(list, t.of)
		if err != nil {
			return nil, err
		}
		t.change, t.listed = PriceChange{t.of.Owner, draftOf(t.of), before, list}, nil
	}
	if other.Len() > 0 {
		return t.body(p, other), nil
	}
	if t.listed == nil {
		t.listed = t.body(p, nil)
	}
	return t.listed, nil
}

// body works out what is told.
func (t *telling) body(p price.Prices, other *price.List) *body {
	if t.change.Counts(other) == (document.PriceCounts{}) {
		return &body{}
	}
	return &body{affects: true, schedule: p.Schedule(t.of.At)}
}

// update returns the document, with networks called what the host does.
func (t *telling) update(h document.Head, format account.PriceFormat, b *body) (u document.PriceUpdate, err error) {
	names := price.Names{}
	if t.Host.Network != nil {
		names.Network = func(n price.Network) string { return t.Host.Network(n.MCC, n.MNC) }
	}
	err = t.ask(func() (err error) {
		u, err = document.NewPriceUpdate(h, format, b.schedule, names)
		return err
	})
	return u, err
}

// draftOf returns what was announced.
func draftOf(a store.Announcement) price.Draft {
	d := price.Draft{Rows: a.Added}
	for _, r := range a.Undone {
		d.Undo = append(d.Undo, r.Start())
	}
	return d
}

// StartOf returns a start in the one form in which equal ones are the same.
func StartOf(s price.Start) price.Start {
	s.From = s.From.UTC().Round(0)
	return s
}

// rewound returns a list as it was before an announcement, but for what was announced later.
func rewound(l *price.List, a store.Announcement) (*price.List, error) {
	added := make(map[price.Start]bool, len(a.Added))
	for _, r := range a.Added {
		added[StartOf(r.Start())] = true
	}
	rows := slices.DeleteFunc(l.Rows(), func(r price.Row) bool { return added[StartOf(r.Start())] })
	for _, r := range a.Undone {
		if added[StartOf(r.Start())] || !l.Has(r.Start()) {
			rows = append(rows, r)
		}
	}
	return price.NewList(rows)
}
