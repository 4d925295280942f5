package access

// PriceNeeds are what the routes of price lists ask for, those of a product or of a client.
type PriceNeeds struct {
	See      Need // the list, its draft and what was announced of it
	Look     Need // at what the draft comes to for clients
	Draft    Need // to change the draft
	Announce Need
}

// Of the price list of a product: what it comes to is told of all its clients, and changed for
// them.
var ProductPrices = PriceNeeds{
	See:      Need{Of: Product, May: []Action{Prices}},
	Look:     Need{Of: Product, May: []Action{Prices}, Sees: "notes.product", All: true},
	Draft:    Need{Of: Product, May: []Action{Prices, PriceDraft}, All: true},
	Announce: Need{Of: Product, May: []Action{Prices, PriceAnnounce}, Sees: "notes.product", All: true},
}

// Of a client's: whatever they pay follows from their product, too.
var ClientPrices = PriceNeeds{
	See:      Need{Of: Client, May: []Action{Prices}, Sees: "notes.product"},
	Look:     Need{Of: Client, May: []Action{Prices}, Sees: "notes.product"},
	Draft:    Need{Of: Client, May: []Action{Prices, PriceDraft}, Sees: "notes.product"},
	Announce: Need{Of: Client, May: []Action{Prices, PriceAnnounce}, Sees: "notes.product"},
}

// SeesPrices reports whether the actor may be told what clients pay by their price lists.
func (j Judge) SeesPrices() bool { return j.Meets(ClientPrices.See) }

// SeesTold reports whether the actor may be told which clients get price updates.
func (j Judge) SeesTold() bool {
	return j.Shows("mail.email", "mail.price_update", "mail.price_format")
}
