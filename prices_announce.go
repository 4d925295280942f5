package clientaccount

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/internal/billing"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// PricePreview is what a draft comes to before it is announced.
type PricePreview struct {
	Draft   store.PriceDraft `json:"draft"`
	Changes []price.Change   `json:"changes"` // of the list itself
	Clients int              `json:"clients"` // that pay by the list
	// Affected are clients for whom prices change, by their ids, at most account.MaxPage of
	// them; the others pay by rows of their own.
	Affected []PriceEffect `json:"affected"`
	Touched  int           `json:"touched"` // how many are affected
	Told     int           `json:"told"`    // of the affected ones, those that get a price update
}

// PriceEffect is what a draft comes to for one client.
type PriceEffect struct {
	Account account.ID `json:"account"`
	Login   string     `json:"login"`
	Company string     `json:"company"`
	Up      int        `json:"up"`
	Down    int        `json:"down"`
	New     int        `json:"new"`
	Closed  int        `json:"closed"`
	Told    bool       `json:"told"` // they have an address and a format for price updates
}

// PreviewPrices returns what the draft of a list comes to, and changes nothing. Changes of one
// client are those of [price.Draft].Changes over PricesOf. Closed clients pay by no list.
//
// Errors: [price.Faults] for a draft that can no longer be announced, [account.ErrNotFound] where
// there is none, [ErrNoPrices].
func (s *Service) PreviewPrices(ctx context.Context, of store.PriceOwner) (PricePreview, error) {
	kept, err := s.pricesFor(ctx, of)
	if err != nil {
		return PricePreview{}, err
	}
	draft, err := kept.PriceDraft(ctx, of)
	if err != nil {
		return PricePreview{}, err
	}
	before, err := listOf(ctx, kept, of)
	if err != nil {
		return PricePreview{}, err
	}
	after, _, err := applied(before, draft.Draft, s.now())
	if err != nil {
		return PricePreview{}, err
	}
	change := billing.PriceChange{Of: of, Draft: draft.Draft, Before: before, After: after}
	preview := PricePreview{Draft: draft, Changes: change.Changes(nil)}
	ids, err := s.payers(ctx, of)
	if err != nil {
		return PricePreview{}, err
	}
	listed := change.Counts(nil)
	for _, id := range ids {
		if err := s.previewFor(ctx, &preview, change, listed, id); err != nil {
			return PricePreview{}, err
		}
	}
	return preview, nil
}

// previewFor adds what a change comes to for one client; listed is what it comes to for who
// pays by that list alone.
func (s *Service) previewFor(ctx context.Context, p *PricePreview, change billing.PriceChange, listed document.PriceCounts, id account.ID) error {
	a, err := found(s.stored().Account(ctx, id))
	if err != nil || a == nil || a.Status == account.StatusClosed {
		return err
	}
	p.Clients++
	other, err := s.otherList(ctx, change.Of, *a)
	if err != nil {
		return err
	}
	counts := listed
	if other.Len() > 0 {
		counts = change.Counts(other)
	}
	if counts == (document.PriceCounts{}) {
		return nil
	}
	p.Touched++
	_, _, told := a.Mail.PriceUpdates()
	if told {
		p.Told++
	}
	if len(p.Affected) < account.MaxPage {
		p.Affected = append(p.Affected, PriceEffect{
			Account: id, Login: a.Core.Login, Company: a.Contact.Company,
			Up: counts.Up, Down: counts.Down, New: counts.New, Closed: counts.Closed, Told: told,
		})
	}
	return nil
}

// otherList returns the other one of the two lists that a client pays by.
func (s *Service) otherList(ctx context.Context, of store.PriceOwner, a account.Account) (*price.List, error) {
	kept, err := s.prices()
	if err != nil {
		return nil, err
	}
	if of.Account.IsZero() {
		return listOf(ctx, kept, store.PriceOwner{Account: a.ID})
	}
	return listOf(ctx, kept, store.PriceOwner{Product: a.Notes.Product})
}

// payers returns who pays by a list, by their ids.
func (s *Service) payers(ctx context.Context, of store.PriceOwner) ([]account.ID, error) {
	if of.Product.IsZero() {
		return []account.ID{of.Account}, nil
	}
	return productUsers(ctx, s.stored(), of.Product)
}

// applied returns a list as a draft leaves it, and the rows that make room where it is full.
func applied(l *price.List, d price.Draft, now time.Time) (next *price.List, outdated []price.Start, err error) {
	next, err = d.Apply(l, now)
	if err != nil || next.Len() <= MaxPriceRows {
		return next, nil, err
	}
	outdated = followed(next.Rows(), now)
	over := next.Len() - MaxPriceRows
	if len(outdated) < over {
		return nil, nil, price.Faults{price.FaultOf("list.rows")}
	}
	return next, outdated[:over], nil
}

// followed returns rows that have ended, as others of their network began, those that ended first
// in front. The rows are in the order of a list.
func followed(rows []price.Row, now time.Time) []price.Start {
	type ended struct {
		price.Start
		at time.Time
	}
	var all []ended
	for i := 1; i < len(rows); i++ {
		if next := rows[i]; next.Network == rows[i-1].Network && !next.From.After(now) {
			all = append(all, ended{rows[i-1].Start(), next.From})
		}
	}
	slices.SortStableFunc(all, func(a, b ended) int { return a.at.Compare(b.at) })
	starts := make([]price.Start, len(all))
	for i, e := range all {
		starts[i] = e.Start
	}
	return starts
}

// AnnouncePrices has a draft, as it was seen at a revision, hold: each row from its instant on. A
// row whose instant has passed meanwhile is a fault: nothing is cheaper or dearer before its
// instant. The draft is gone then. Clients for whom prices change, and that have an address and a
// format for it, are each told by a price update, made by Tick.
//
// The product or client is at its next revision, and of a client the history says that prices were
// announced, at account.PathPrices.
//
// Errors: [price.Faults], [account.Faults], [account.ErrNotFound], [account.ErrStale],
// [account.ErrConflict], [ErrNoPrices], [ErrNested].
func (s *Service) AnnouncePrices(ctx context.Context, of store.PriceOwner, revision int64, by account.Actor, reason string) (store.Announcement, error) {
	if _, err := s.pricesFor(ctx, of); err != nil {
		return store.Announcement{}, err
	}
	if err := (Edit{Actor: by, Reason: reason}).faults().Err(); err != nil {
		return store.Announcement{}, err
	}
	a := store.Announcement{Owner: of, Actor: actorText(by), Reason: validate.Text(reason)}
	err := s.changePrices(ctx, func(ctx context.Context, tx pricesTx) error {
		return s.announce(ctx, tx, &a, revision)
	})
	s.clients.Clear() // also where it is not known what became of it
	if err != nil {
		return store.Announcement{}, err
	}
	return a, nil
}

// announce makes an announcement of a draft, and fills in what it is.
func (s *Service) announce(ctx context.Context, tx pricesTx, a *store.Announcement, revision int64) (err error) {
	draft, err := tx.PriceDraft(ctx, a.Owner)
	switch {
	case err != nil:
		return err
	case draft.Revision != revision:
		return account.ErrStale
	}
	if a.ID, err = s.newID(); err != nil {
		return err
	}
	a.At = s.now()
	if err := s.nextRevision(ctx, tx, *a); err != nil {
		return err
	}
	list, err := listOf(ctx, tx, a.Owner)
	if err != nil {
		return err
	}
	_, outdated, err := applied(list, draft.Draft, a.At)
	if err != nil {
		return err
	}
	a.Added, a.Undone = draft.Draft.Rows, rowsAt(list, draft.Draft.Undo)
	if err := tx.ChangePrices(ctx, a.Owner, slices.Concat(draft.Draft.Undo, outdated), a.Added); err != nil {
		return err
	}
	if err := tx.PutAnnouncement(ctx, *a); err != nil {
		return err
	}
	return tx.DropPriceDraft(ctx, a.Owner, revision)
}

// nextRevision puts whose prices are announced at the next revision, so that all who keep the
// list see that it is another one.
func (s *Service) nextRevision(ctx context.Context, tx pricesTx, of store.Announcement) error {
	if of.Owner.Account.IsZero() {
		if err := inCurrency(ctx, tx, of.Owner); err != nil {
			return err
		}
		p, err := store.ItemOf[account.Product](ctx, tx, of.Owner.Product)
		if err != nil {
			return err
		}
		p.Revision++
		if err := tx.PutItem(ctx, p, p.Revision-1); err != nil {
			return err
		}
		return tx.AddItemChange(ctx, store.ListProducts, announced(of, p.ID, p.Revision))
	}
	a, err := tx.Account(ctx, of.Owner.Account)
	if err != nil {
		return err
	}
	a.Revision, a.UpdatedAt = a.Revision+1, of.At
	if err := tx.PutAccount(ctx, a, a.Revision-1); err != nil {
		return err
	}
	return tx.AddChange(ctx, announced(of, a.ID, a.Revision))
}

// announced is the record of an announcement in the history of whose prices they are.
func announced(of store.Announcement, id account.ID, revision int64) account.Record {
	return account.Record{
		Of: id, Revision: revision, At: of.At, Kind: account.RecordUpdated, Actor: of.Actor, Reason: of.Reason,
		Change: account.Change{{Path: account.PathPrices, Secret: true}},
	}
}

// rowsAt returns the rows of a list that begin at starts.
func rowsAt(l *price.List, starts []price.Start) []price.Row {
	if len(starts) == 0 {
		return nil
	}
	wanted := make(map[price.Start]bool, len(starts))
	for _, s := range starts {
		wanted[billing.StartOf(s)] = true
	}
	return slices.DeleteFunc(l.Rows(), func(r price.Row) bool { return !wanted[billing.StartOf(r.Start())] })
}

// Announcements returns a page of what was announced of a list, the newest first: those before an
// id, the zero id for the first page, at most limit, or 50 for 0. Of announcements with many
// rows a page has fewer, so the list ends where a page is empty.
//
// Errors: [account.Faults], [account.ErrNotFound], [ErrNoPrices].
func (s *Service) Announcements(ctx context.Context, of store.PriceOwner, before account.ID, limit int) ([]store.Announcement, error) {
	query := account.Query{Limit: limit}
	if err := query.Faults().Err(); err != nil {
		return nil, err
	}
	kept, err := s.pricesFor(ctx, of)
	if err != nil {
		return nil, err
	}
	var page []store.Announcement
	for rows := 0; len(page) < query.PageSize() && rows < MaxPriceRows; {
		next, err := kept.Announcements(ctx, of, before, 1)
		if err != nil || len(next) == 0 {
			return page, err
		}
		page, before = append(page, next[0]), next[0].ID
		rows += len(next[0].Added) + len(next[0].Undone)
	}
	return page, nil
}

// tickPrices has clients told of prices that were announced.
func (s *Service) tickPrices(ctx context.Context, kept store.Prices) error {
	return s.documenter().TellPrices(ctx, billing.Prices{
		Prices: kept, Payers: s.payers,
		Of: func(ctx context.Context, a account.Account) (price.Prices, error) { return s.pricesOf(ctx, kept, a) },
	})
}
