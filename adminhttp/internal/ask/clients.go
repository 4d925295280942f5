package ask

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Nobody stands in the place of an id for clients without a manager, product or parent.
const Nobody = "none"

// ClientFilter narrows and orders the list of clients, by the texts of a URL.
type ClientFilter struct {
	Search, Status, Country  string
	Manager, Product, Parent string // an id, or nobody
	Sort                     account.Sort
	Desc                     bool
}

// Query returns what the Service is asked, within the actor's scope; false where nothing can be
// found: by an id that is none, or by a field that the actor does not see.
func (f ClientFilter) Query(judge access.Judge) (account.Query, bool) {
	q := account.Query{Search: f.Search, Status: account.Status(f.Status), Country: account.Country(f.Country), Sort: f.Sort, Desc: f.Desc}
	for path, text := range map[string]string{"status": f.Status, "manager": f.Manager, "notes.product": f.Product, "contact.country": f.Country} {
		if text != "" && !judge.Shows(path) {
			return q, false
		}
	}
	for _, id := range []struct {
		text string
		into *account.Optional[account.ID]
	}{{f.Manager, &q.Manager}, {f.Product, &q.Product}, {f.Parent, &q.Parent}} {
		if !readID(id.text, id.into) {
			return q, false
		}
	}
	return judge.Narrow(q), true
}

// readID reads an id that may be left out, or nobody; false where it is none.
func readID(text string, into *account.Optional[account.ID]) bool {
	switch text {
	case "":
		return true
	case Nobody:
		*into = account.Some(account.ID{})
		return true
	}
	id, err := account.ParseID(text)
	*into = account.Some(id)
	return err == nil
}
