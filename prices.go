package clientaccount

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// ErrNoPrices: the Service's store keeps no price lists.
var ErrNoPrices = store.ErrNoPrices

// PriceList returns the rows of the list of a product or client, by network, then instant;
// none for one that has no list.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PriceList(ctx context.Context, of store.PriceOwner) (*price.List, error) {
	return nil, ErrNoPrices
}

// PricesOf returns what a client pays by: rows of their own, and their product's.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PricesOf(ctx context.Context, id account.ID) (price.Prices, error) {
	return price.Prices{}, ErrNoPrices
}

// PriceDraft returns the draft of a list; one at revision 0, that changes nothing, where there is
// none.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PriceDraft(ctx context.Context, of store.PriceOwner) (store.PriceDraft, error) {
	return store.PriceDraft{}, ErrNoPrices
}

// SavePriceDraft keeps a draft: a new one at revision 0, else the one that the editor saw at its
// revision. It returns the draft as kept. What could not be announced now is not kept.
//
// Errors: [price.Faults], [account.ErrNotFound], [account.ErrStale], [account.ErrConflict],
// [ErrNoPrices], [ErrNested].
func (s *Service) SavePriceDraft(ctx context.Context, d store.PriceDraft) (store.PriceDraft, error) {
	return store.PriceDraft{}, ErrNoPrices
}

// DropPriceDraft forgets the draft of a list at a revision.
//
// Errors: [account.ErrStale], [account.ErrNotFound], [account.ErrConflict], [ErrNoPrices],
// [ErrNested].
func (s *Service) DropPriceDraft(ctx context.Context, of store.PriceOwner, revision int64) error {
	return ErrNoPrices
}

// PricePreview is what a draft comes to before it is announced.
type PricePreview struct {
	Draft   store.PriceDraft `json:"draft"`
	Changes []price.Change   `json:"changes"` // of the list itself
	Clients int              `json:"clients"` // that pay by the list
	// Affected are clients for whom prices change, at most MaxPage of them; the others pay by
	// rows of their own.
	Affected []PriceEffect `json:"affected"`
	Told     int           `json:"told"` // of the affected ones, those that get a price update
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
// client are those of [price.Draft].Changes over PricesOf.
//
// Errors: [price.Faults] for a draft that can no longer be announced, [account.ErrNotFound] where
// there is none, [ErrNoPrices].
func (s *Service) PreviewPrices(ctx context.Context, of store.PriceOwner) (PricePreview, error) {
	return PricePreview{}, ErrNoPrices
}

// AnnouncePrices has a draft, as it was seen at a revision, hold: each row from its instant on. The
// draft is gone then. Clients for whom prices change, and that have an address and a format for
// it, are each told by a price update, made by Tick.
//
// Errors: [price.Faults], [account.ErrNotFound], [account.ErrStale], [account.ErrConflict],
// [ErrNoPrices], [ErrNested].
func (s *Service) AnnouncePrices(ctx context.Context, of store.PriceOwner, revision int64, by account.Actor, reason string) (store.Announcement, error) {
	return store.Announcement{}, ErrNoPrices
}

// Announcements returns a page of what was announced of a list, the newest first: those before an
// id, the zero id for the first page, at most limit, or 50 for 0.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) Announcements(ctx context.Context, of store.PriceOwner, before account.ID, limit int) ([]store.Announcement, error) {
	return nil, ErrNoPrices
}

// PriceAt returns what holds for a client's message to a network at an instant, and whether that
// has a price: see [price.Prices.Find].
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PriceAt(ctx context.Context, id account.ID, n price.Network, at time.Time) (price.Found, bool, error) {
	return price.Found{}, false, ErrNoPrices
}
