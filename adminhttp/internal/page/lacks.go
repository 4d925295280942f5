package page

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Lack is what a new client does not have yet, and where it gets it.
type Lack struct {
	Name say.Text
	Href string
}

// newFor is for how long a client counts as a new one.
const newFor = 30 * 24 * time.Hour

// lacks are what a client still lacks that was made a short while ago, each with the way there.
func lacks(r *ask.Request, a account.Account, d kind.Directory, h Head) ([]Lack, error) {
	if a.Status == account.StatusClosed || r.Service.Now().Sub(a.CreatedAt) > newFor {
		return nil, nil
	}
	seen := r.Judge.Visible(a)
	channels := seen.Sending
	gateway, err := neverSet(r, seen, account.PathGatewayPassword, (channels.SMPP || channels.API) && r.Judge.MakesGatewayPassword())
	if err != nil {
		return nil, err
	}
	password, err := neverSet(r, seen, "password", channels.Web || channels.REST)
	if err != nil {
		return nil, err
	}
	var all []Lack
	for _, l := range []struct {
		lacking bool
		name    say.Text
		path    string
	}{
		{seen.StatusAt(r.Service.Now()) != account.StatusActive, "active status", "status"},
		{!slices.ContainsFunc(account.Channels(), channels.Allows), "a channel", "sending.smpp"},
		{!seen.Routing.DynamicSender && len(seen.Routing.Senders) == 0, "a sender", "routing.senders"},
		{password, "a password", "password"},
		{gateway, "a gateway password", account.PathGatewayPassword},
		{seen.Notes.Product.IsZero(), "a product", "notes.product"},
		{seen.Core.Manager.IsZero(), "a manager", "manager"},
		{seen.Mail.Email == "", "an e-mail address", "mail.email"},
		{channels.API && seen.Webhooks.APIState == "", "a URL for states via API", "webhooks.api_state"},
		{channels.REST && seen.Webhooks.RESTState == "", "a URL for states via RestAPI", "webhooks.rest_state"},
	} {
		if l.lacking && r.Judge.Shows(l.path) {
			all = append(all, Lack{Name: l.name, Href: h.URL("edit") + "#" + kind.ControlID(l.path)})
		}
	}
	money, err := lacksMoney(r, a, d, h)
	return append(all, money...), err
}

// lacksMoney is what of that is about money: a price, and money itself.
func lacksMoney(r *ask.Request, a account.Account, d kind.Directory, h Head) (all []Lack, _ error) {
	unpriced, err := lacksPrice(r, a, d)
	switch {
	case err != nil:
		return nil, err
	case unpriced && r.SeesPrices():
		all = append(all, Lack{Name: "a price", Href: h.URL("prices")})
	case unpriced:
		all = append(all, Lack{Name: "a price", Href: h.URL("edit") + "#" + kind.ControlID("notes.product")})
	}
	if h.Sends != nil && h.Sends.poor && r.Judge.May(access.Money) {
		all = append(all, Lack{Name: "money", Href: h.URL("money")})
	}
	return all, nil
}

// neverSet reports whether a client that needs a secret was never given it.
func neverSet(r *ask.Request, seen account.Account, path string, needed bool) (bool, error) {
	if !needed {
		return false, nil
	}
	set, err := r.Service.Changes(r.Context(), account.ChangeQuery{Account: seen.ID, Path: path, Limit: 1})
	return len(set) == 0, err
}

// lacksPrice reports whether a client has a product that has no price of a message, and no price
// list holds for the client.
func lacksPrice(r *ask.Request, a account.Account, d kind.Directory) (bool, error) {
	i := slices.IndexFunc(d.Products, func(p account.Product) bool { return p.ID == a.Notes.Product })
	if i < 0 || !d.Products[i].Price.IsZero() || !r.Judge.Shows("notes.product") {
		return false, nil
	}
	if !r.Service.KeepsPrices() {
		return true, nil
	}
	if !r.SeesPrices() {
		return false, nil
	}
	prices, err := r.Service.PricesOf(r.Context(), a.ID)
	return prices.Own.Len()+prices.Product.Len() == 0, err
}
