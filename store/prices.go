package store

import (
	"context"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
)

// ErrNoPrices: the store keeps no price lists: it is no [Prices].
var ErrNoPrices = errors.New("store: it keeps no price lists")

// Prices is the ability of a store to keep the price lists of products and clients. Its
// transactions are each a [PricesTx]. The promises are tested by storetest.RunPrices.
//
// A list has no revision of its own: whoever changes it puts its owner, the product or account,
// at its next revision in the same transaction. So what was read of a list is still so while its
// owner's revision is. Instants are kept to the microsecond. With a product that is removed go its
// list, draft and announcements.
type Prices interface {
	PricesReader

	// UntoldPrices returns a page of announcements whose clients were not all told yet, by id, the
	// oldest first: those after an id, the zero id for all, at most limit.
	UntoldPrices(ctx context.Context, after account.ID, limit int) ([]Announcement, error)
}

// PricesReader is what can be asked of price lists. A [PricesTx] is one, too.
type PricesReader interface {
	// PriceRows returns the rows of an owner's list, by network, then instant.
	PriceRows(ctx context.Context, of PriceOwner) ([]price.Row, error)
	// PriceDraft returns the draft of an owner's list, or ErrNotFound.
	PriceDraft(ctx context.Context, of PriceOwner) (PriceDraft, error)
	// Announcements returns a page of what was announced of an owner's list, by id, the newest
	// first: those before an id, the zero id for all, at most limit.
	Announcements(ctx context.Context, of PriceOwner, before account.ID, limit int) ([]Announcement, error)
	// Announcement returns the announcement of an id, or ErrNotFound.
	Announcement(ctx context.Context, id account.ID) (Announcement, error)
}

// PricesTx is what a [Tx] of a store with [Prices] can do beside.
type PricesTx interface {
	PricesReader

	// ChangePrices removes rows of an owner's list, and then adds some. A row to be removed that
	// is not there, or one to be added that is, is ErrConflict; an owner that is not there, too.
	ChangePrices(ctx context.Context, of PriceOwner, remove []price.Start, add []price.Row) error
	// PutPriceDraft inserts a draft (was 0) or replaces the one at revision was: ErrStale when
	// that moved on, ErrNotFound when there is none, ErrConflict for an owner that has one already
	// or is not there.
	PutPriceDraft(ctx context.Context, d PriceDraft, was int64) error
	// DropPriceDraft removes the draft of an owner at a revision: ErrStale, ErrNotFound.
	DropPriceDraft(ctx context.Context, of PriceOwner, was int64) error
	// PutAnnouncement keeps an announcement; of one that is there only Told and Done change. An
	// owner that is not there is ErrConflict.
	PutAnnouncement(ctx context.Context, a Announcement) error
}

// PriceOwner is whose a price list is: a product's or a client's, one of the two. None, and both,
// is an owner that is not there.
type PriceOwner struct {
	Product account.ID `json:"product"`
	Account account.ID `json:"account"`
}

// IsZero reports whether it is nobody.
func (o PriceOwner) IsZero() bool { return o == PriceOwner{} }

// ID returns the id of the product or account.
func (o PriceOwner) ID() account.ID {
	if o.Product.IsZero() {
		return o.Account
	}
	return o.Product
}

// PriceDraft is a draft of an owner's list, that is gathered until it is announced.
type PriceDraft struct {
	Owner    PriceOwner    `json:"owner"`
	Revision int64         `json:"revision"`
	Draft    price.Draft   `json:"draft"`
	Actor    account.Actor `json:"actor"` // who put it last
	At       time.Time     `json:"at"`
}

// Announcement is a draft that was announced: a change of a list, made and told.
type Announcement struct {
	ID     account.ID    `json:"id"`
	Owner  PriceOwner    `json:"owner"`
	At     time.Time     `json:"at"`
	Actor  account.Actor `json:"actor"`
	Reason string        `json:"reason"`
	Added  []price.Row   `json:"added"`
	Undone []price.Row   `json:"undone"` // that had not begun
	Told   account.ID    `json:"told"`   // clients up to this id were told, in ascending order
	Done   bool          `json:"done"`   // all were
}
