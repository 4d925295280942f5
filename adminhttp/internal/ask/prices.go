package ask

import (
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// What is kept of price lists, for pages and JSON.
type (
	PriceDraft   = store.PriceDraft
	Announcement = store.Announcement
)

// Prices is the price list that the path names: a product's or a client's.
type Prices struct {
	price.Prices // what is paid by it; of a product its rows alone

	Of       store.PriceOwner
	Name     string           // of a product
	Currency account.Currency // empty for who does not see it
	Zone     *time.Location   // of the clock by which instants are typed and told: the client's; of a product UTC
	Names    price.Names
}

// List returns the rows of the owner.
func (p Prices) List() *price.List {
	if p.Of.Account.IsZero() {
		return p.Product
	}
	return p.Own
}

// Country returns the name of a network's country.
func (p Prices) Country(n price.Network) string {
	country, _ := price.CountryOf(n.MCC)
	return country.Name()
}

// Network returns what the host calls a network; empty for one without a name, and for all of a
// country.
func (p Prices) Network(n price.Network) string {
	if n.MNC == "" || p.Names.Network == nil {
		return ""
	}
	return p.Names.Network(n)
}

// Matching returns the networks of the list that what was typed may mean: those whose codes
// begin so, or whose country or name has it in it.
func (p Prices) Matching(typed string) []price.Network {
	all, code := p.Networks(), strings.NewReplacer(" ", "", "-", "", "/", "").Replace(typed)
	if code == "" {
		return all
	}
	if strings.Trim(code, "0123456789") == "" {
		return slices.DeleteFunc(all, func(n price.Network) bool { return !strings.HasPrefix(n.Code(), code) })
	}
	sought := textform.ForSearch(strings.TrimSpace(typed))
	has := func(name string) bool { return strings.Contains(textform.ForSearch(name), sought) }
	return slices.DeleteFunc(all, func(n price.Network) bool { return !has(p.Country(n)) && !has(p.Network(n)) })
}

// only returns the rows of some countries.
func only(l *price.List, mccs map[string]bool) *price.List {
	rows := slices.DeleteFunc(l.Rows(), func(r price.Row) bool { return !mccs[r.MCC] })
	part, _ := price.NewList(rows) // of a list that is one
	return part
}

// Schedules returns what networks cost and will cost, from an instant on.
func (p Prices) Schedules(networks []price.Network, since time.Time) map[price.Network][]price.Change {
	mccs, of := map[string]bool{}, map[price.Network][]price.Change{}
	for _, n := range networks {
		mccs[n.MCC] = true
	}
	part := price.Prices{Own: only(p.Own, mccs), Product: only(p.Product, mccs)}
	for _, c := range part.Schedule(since) {
		of[c.Network] = append(of[c.Network], c)
	}
	return of
}

// SeesPrices reports whether the actor may see what clients pay, and the Service keeps price lists
// at all.
func (r *Request) SeesPrices() bool { return r.Judge.SeesPrices() && r.Service.KeepsPrices() }

// PriceOwner returns whose price list the path names.
func (r *Request) PriceOwner() store.PriceOwner {
	if r.Client.ID.IsZero() {
		return store.PriceOwner{Product: r.ID}
	}
	return store.PriceOwner{Account: r.ID}
}

// Prices returns the price list that the path names.
func (r *Request) Prices() (Prices, error) {
	p := Prices{Of: r.PriceOwner(), Zone: time.UTC, Names: price.Names{Network: func(n price.Network) string { return r.Service.Network(n.MCC, n.MNC) }}}
	var err error
	if p.Of.Product.IsZero() {
		seen := r.Judge.Visible(r.Client)
		p.Currency, p.Zone = seen.Core.Currency, words.Zone(seen)
		p.Prices, err = r.Service.PricesOf(r.Context(), r.ID)
		return p, err
	}
	product, err := r.Service.Product(r.Context(), r.ID)
	if err != nil {
		return p, err
	}
	p.Name, p.Currency = product.Name, product.Currency
	p.Product, err = r.Service.PriceList(r.Context(), p.Of)
	return p, err
}

// PriceDraft returns the draft of the path's list; one at revision 0 where there is none.
func (r *Request) PriceDraft() (PriceDraft, error) {
	return r.Service.PriceDraft(r.Context(), r.PriceOwner())
}

// SavePriceDraft keeps what the draft of the path's list is to be, instead of the one at a
// revision.
func (r *Request) SavePriceDraft(revision int64, d price.Draft) (PriceDraft, error) {
	return r.Service.SavePriceDraft(r.Context(), PriceDraft{Owner: r.PriceOwner(), Revision: revision, Draft: d, Actor: r.Actor})
}

// PreviewPrices returns what the draft of the path's list comes to, as far as the actor may be
// told: of whom it concerns those within the scope, and whether they are told only to who sees
// by what that goes. Changes of a client's list are of what they pay, beside their product.
func (r *Request) PreviewPrices() (clientaccount.PricePreview, error) {
	p, err := r.Service.PreviewPrices(r.Context(), r.PriceOwner())
	if err != nil {
		return p, err
	}
	if p.Changes, err = r.changesFor(p); err != nil {
		return p, err
	}
	affected := p.Affected[:0:0]
	for _, e := range p.Affected {
		a, err := r.Seen(e.Account)
		if err != nil {
			return p, err
		}
		if a == nil {
			continue
		}
		seen := r.Judge.Visible(*a)
		e.Login, e.Company, e.Told = seen.Core.Login, seen.Contact.Company, e.Told && r.Judge.SeesTold()
		affected = append(affected, e)
	}
	p.Affected = affected
	if !r.Judge.SeesTold() {
		p.Told = 0
	}
	return p, nil
}

// changesFor returns the changes of a draft: of a client's list over what they pay.
func (r *Request) changesFor(p clientaccount.PricePreview) ([]price.Change, error) {
	if r.PriceOwner().Account.IsZero() {
		return p.Changes, nil
	}
	before, err := r.Service.PricesOf(r.Context(), r.ID)
	if err != nil {
		return nil, err
	}
	own, err := p.Draft.Draft.Apply(before.Own, r.Service.Now())
	if err != nil {
		return nil, err
	}
	return p.Draft.Draft.Changes(before, price.Prices{Own: own, Product: before.Product}), nil
}

// DropPriceDraft forgets the draft of the path's list at a revision.
func (r *Request) DropPriceDraft(revision int64) error {
	return r.Service.DropPriceDraft(r.Context(), r.PriceOwner(), revision)
}

// Announcements returns a page of what was announced of the path's list, the newest first: those
// before an id, the zero id for the first page; and whether there are older ones. Of announcements
// with many rows a page has fewer than size.
func (r *Request) Announcements(before account.ID, size int) (page []Announcement, older bool, err error) {
	of := r.PriceOwner()
	page, err = r.Service.Announcements(r.Context(), of, before, size)
	if err != nil || len(page) == 0 {
		return page, false, err
	}
	next, err := r.Service.Announcements(r.Context(), of, page[len(page)-1].ID, 1)
	return page, len(next) > 0, err
}

// AnnouncementOf returns an announcement of the path's list; account.ErrNotFound where it has no
// such one.
func (r *Request) AnnouncementOf(id account.ID) (Announcement, error) {
	found, err := r.Service.Announcements(r.Context(), r.PriceOwner(), after(id), 1)
	if err == nil && (len(found) == 0 || found[0].ID != id) {
		err = account.ErrNotFound
	}
	if err != nil {
		return Announcement{}, err
	}
	return found[0], nil
}

// after returns the id next to one.
func after(id account.ID) account.ID {
	for i := len(id) - 1; i >= 0; i-- {
		if id[i]++; id[i] != 0 {
			break
		}
	}
	return id
}
