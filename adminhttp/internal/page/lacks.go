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
func lacks(r *ask.Request, a account.Account, h Head) ([]Lack, error) {
	if a.Status == account.StatusClosed || r.Service.Now().Sub(a.CreatedAt) > newFor {
		return nil, nil
	}
	seen := r.Judge.Visible(a)
	gateway, err := lacksGatewayPassword(r, seen)
	if err != nil {
		return nil, err
	}
	channels := seen.Sending
	var all []Lack
	for _, l := range []struct {
		lacking bool
		name    say.Text
		path    string
	}{
		{seen.StatusAt(r.Service.Now()) != account.StatusActive, "active status", "status"},
		{!slices.ContainsFunc(account.Channels(), channels.Allows), "a channel", "sending.smpp"},
		{!seen.Routing.DynamicSender && len(seen.Routing.Senders) == 0, "a sender", "routing.senders"},
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
	if h.Sends != nil && h.Sends.poor && r.Judge.May(access.Money) {
		all = append(all, Lack{Name: "money", Href: h.URL("money")})
	}
	return all, nil
}

// lacksGatewayPassword reports whether a client that sends by SMPP or API was never given a
// password for it.
func lacksGatewayPassword(r *ask.Request, seen account.Account) (bool, error) {
	if !seen.Sending.SMPP && !seen.Sending.API || !r.Judge.MakesGatewayPassword() {
		return false, nil
	}
	made, err := r.Service.Changes(r.Context(), account.ChangeQuery{Of: seen.ID, Path: account.PathGatewayPassword, Limit: 1})
	return len(made) == 0, err
}
