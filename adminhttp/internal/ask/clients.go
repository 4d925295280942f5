package ask

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// Nobody stands in the place of an id for clients without a manager, product or parent.
const Nobody = "none"

// ClientFilter narrows and orders the list of clients, by the texts of a URL.
type ClientFilter struct {
	Search, Status, Country  string
	Manager, Product, Parent string // an id, or nobody
	Attention                string
	Sort                     account.Sort
	Desc                     bool
}

// filterNames are the names that a URL has for the texts of a filter, the order aside.
var filterNames = []string{"q", "status", "attention", "country", "manager", "product", "parent"}

// texts are where they stand, in that order.
func (f *ClientFilter) texts() []*string {
	return []*string{&f.Search, &f.Status, &f.Attention, &f.Country, &f.Manager, &f.Product, &f.Parent}
}

// FilterOf reads a filter of clients, as the URL of the list says it.
func FilterOf(values url.Values) (f ClientFilter) {
	order, descending := strings.CutPrefix(values.Get("sort"), "-")
	f.Sort, f.Desc = account.Sort(order), descending
	for i, text := range f.texts() {
		*text = values.Get(filterNames[i])
	}
	return f
}

// ReadFilter is FilterOf of what must be a filter and nothing else: a name that narrows nothing
// here, or is there twice, would reach more clients than were meant. Errors: account.Faults.
func ReadFilter(values url.Values) (ClientFilter, error) {
	var faults account.Faults
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case name != "sort" && !slices.Contains(filterNames, name):
			faults = sent.AddFault(faults, account.NewFault("query", "query.unknown", sent.Within("", name)))
		case len(values[name]) > 1:
			faults = sent.AddFault(faults, account.NewFault("query", "query.duplicate", name))
		}
	}
	return FilterOf(values), faults.Err()
}

// Narrowing is the filter without its order.
func (f ClientFilter) Narrowing() ClientFilter {
	f.Sort, f.Desc = "", false
	return f
}

// Values are what the URL of the list says of a filter.
func (f ClientFilter) Values() url.Values {
	values := url.Values{}
	order := string(f.Sort)
	if f.Desc {
		order = "-" + order
	}
	if order != "" && order != string(account.SortLogin) {
		values.Set("sort", order)
	}
	for i, text := range f.texts() {
		if *text != "" {
			values.Set(filterNames[i], *text)
		}
	}
	return values
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
	if q.Attention = account.Attention(f.Attention); f.Attention != "" && !judge.Attention(q.Attention) {
		return q, false
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

// CountMost is up to which number clients are counted.
const CountMost = 1000

// Count is how many clients there are of something, at most CountMost; More than that with More.
type Count struct {
	Clients int
	More    bool
}

// Count returns how many clients a filter finds within the actor's scope.
func (r *Request) Count(f ClientFilter) (Count, error) {
	counts, err := r.Counted(f)()
	return counts[0], err
}

// Beside begins to do something while other things are done for the answer. The function that it returns
// waits for what came of it. What is done asks the Judge for no more than whom the actor sees: the rest is
// of one goroutine. One thing at a time is done so for an answer, and what follows waits for it: a pool that
// nobody set up keeps two connections, and each time opens others anew.
func Beside[T any](do func() (T, error)) (done func() (T, error)) {
	done = sync.OnceValues(do)
	go func() {
		defer func() { _ = recover() }() // who waits panics with the same
		_, _ = done()
	}()
	return done
}

// Counted counts what each filter finds within the actor's scope, when it is called first.
func (r *Request) Counted(filters ...ClientFilter) func() ([]Count, error) {
	counts := make([]Count, len(filters))
	var queries []account.Query
	var asked []*Count
	for i, f := range filters {
		if q, possible := f.Query(r.Judge); possible {
			queries, asked = append(queries, q), append(asked, &counts[i])
		}
	}
	return sync.OnceValues(func() ([]Count, error) {
		found, err := r.Service.CountEach(r.Context(), CountMost+1, queries...)
		for i, n := range found {
			*asked[i] = Count{min(n, CountMost), n > CountMost}
		}
		return counts, err
	})
}

// Counts returns how many clients of a manager, an id, nobody or of all where it is empty, need
// work, by the reasons that the actor may be told.
func (r *Request) Counts(manager string) (map[account.Attention]Count, error) {
	reasons := r.Judge.Attentions()
	filters := make([]ClientFilter, len(reasons))
	for i, a := range reasons {
		filters[i] = ClientFilter{Manager: manager, Attention: string(a)}
	}
	found, err := r.Counted(filters...)()
	counts := map[account.Attention]Count{}
	for i, a := range reasons {
		counts[a] = found[i]
	}
	return counts, err
}

// PartOf returns the part of an account that its row of the list has.
func PartOf(s account.Summary) account.Account {
	return account.Account{
		ID: s.ID, Core: account.Core{Login: s.Login, Manager: s.Manager, Currency: s.Currency},
		Contact: account.Contact{Company: s.Company, FirstName: s.FirstName, LastName: s.LastName, Country: s.Country},
		Notes:   account.Notes{Product: s.Product}, Parent: s.Parent, Status: s.Status, Expires: s.Expires,
		CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
}
