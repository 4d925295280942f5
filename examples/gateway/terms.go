package main

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// terms are what clients pay for, by their products.
type terms map[account.ID]clientaccount.Keep

// of returns the terms of a client's messages: what is said of the product, else bySent.
func (t terms) of(client account.Account) clientaccount.Keep {
	if of, said := t[client.Notes.Product]; said {
		return of
	}
	return bySent
}

var (
	// bySent: it is paid for when the network takes it, and given back for some ends.
	bySent = clientaccount.Keep{
		Pricing: message.PricingSent,
		Refunds: account.Some(account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected), Timeout: true}),
	}
	// byDelivered: it is paid for when it is delivered in time.
	byDelivered = clientaccount.Keep{Pricing: message.PricingDelivered}
)
