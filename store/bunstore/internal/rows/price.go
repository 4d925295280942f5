package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// PriceOwners says whose a list is: the one of the two that it is not has the id of zeros.
var PriceOwners = Codec[store.PriceOwner]{
	key("account_id", func(o *store.PriceOwner) *account.ID { return &o.Account }),
	key("product", func(o *store.PriceOwner) *account.ID { return &o.Product }),
}

// PriceStarts is what tells a row of a list from the others.
var PriceStarts = Codec[price.Start]{
	text("mcc", func(s *price.Start) *string { return &s.MCC }),
	text("mnc", func(s *price.Start) *string { return &s.MNC }),
	instant("from_at", func(s *price.Start) *time.Time { return &s.From }),
}

// Prices is a row of clientaccount_prices, without whose it is.
var Prices = Codec[price.Row]{
	text("mcc", func(r *price.Row) *string { return &r.MCC }),
	text("mnc", func(r *price.Row) *string { return &r.MNC }),
	instant("from_at", func(r *price.Row) *time.Time { return &r.From }),
	amount("price", func(r *price.Row) *decimal.Decimal { return &r.Price }),
	text("state", func(r *price.Row) *price.State { return &r.State }),
}

type draft = store.PriceDraft

// PriceDrafts is a row of clientaccount_price_drafts.
var PriceDrafts = within(PriceOwners, func(d *draft) *store.PriceOwner { return &d.Owner }).And(Codec[draft]{
	bigint("revision", func(d *draft) *int64 { return &d.Revision }),
	listOrNull("undo", func(d *draft) *[]price.Start { return &d.Draft.Undo }, startTexts),
	listOrNull("added", func(d *draft) *[]price.Row { return &d.Draft.Rows }, priceTexts),
	text("actor_id", func(d *draft) *string { return &d.Actor.ID }),
	text("actor_name", func(d *draft) *string { return &d.Actor.Name }),
	instant("at", func(d *draft) *time.Time { return &d.At }),
})

type announcement = store.Announcement

// Announcements is a row of clientaccount_price_announcements.
var Announcements = Codec[announcement]{
	key("id", func(a *announcement) *account.ID { return &a.ID }),
}.And(within(PriceOwners, func(a *announcement) *store.PriceOwner { return &a.Owner })).And(Codec[announcement]{
	instant("at", func(a *announcement) *time.Time { return &a.At }),
	text("actor_id", func(a *announcement) *string { return &a.Actor.ID }),
	text("actor_name", func(a *announcement) *string { return &a.Actor.Name }),
	text("reason", func(a *announcement) *string { return &a.Reason }),
	listOrNull("added", func(a *announcement) *[]price.Row { return &a.Added }, priceTexts),
	listOrNull("undone", func(a *announcement) *[]price.Row { return &a.Undone }, priceTexts),
	key("told", func(a *announcement) *account.ID { return &a.Told }),
	flag("done", func(a *announcement) *bool { return &a.Done }),
})

func startTexts(starts []price.Start) (texts []string) {
	for _, s := range starts {
		texts = append(texts, s.MCC, s.MNC)
	}
	return texts
}

func priceTexts(list []price.Row) (texts []string) {
	for _, r := range list {
		texts = append(texts, r.MCC, r.MNC, string(r.State))
	}
	return texts
}
