package clients

import (
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// listState is what the URL says: all of the list's state.
type listState struct {
	Search, Status, Manager, Product, Country string
	Sort                                      account.Sort
	Desc                                      bool
	Cursor                                    string
}

type column struct {
	Title        words.Text
	Href, Sorted string // Sorted: ascending, descending or empty
}

func readListState(r *ask.Request) listState {
	q := r.URL.Query()
	s := listState{
		Search: q.Get("q"), Status: q.Get("status"), Manager: q.Get("manager"),
		Product: q.Get("product"), Country: q.Get("country"), Cursor: q.Get("cursor"),
	}
	key, desc := strings.CutPrefix(q.Get("sort"), "-")
	s.Sort, s.Desc = account.Sort(key), desc
	if !r.Judge.Sorts(s.Sort) {
		s.Sort, s.Desc = r.Judge.FirstSort(), false
	}
	return s
}

// URL returns the list in this state, from its first page or after a cursor.
func (s listState) URL(root, cursor string) string {
	values := s.values(cursor)
	if len(values) == 0 {
		return root + "clients"
	}
	return root + "clients?" + values.Encode()
}

// values are what the URL says of the state, and the cursor.
func (s listState) values(cursor string) url.Values {
	values := url.Values{}
	sort := string(s.Sort)
	if s.Desc {
		sort = "-" + sort
	}
	if sort == string(account.SortLogin) {
		sort = ""
	}
	for name, value := range map[string]string{
		"q": s.Search, "status": s.Status, "manager": s.Manager, "product": s.Product,
		"country": s.Country, "sort": sort, "cursor": cursor,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// SortParam returns the order as the URL has it.
func (s listState) SortParam() string {
	if s.Desc {
		return "-" + string(s.Sort)
	}
	return string(s.Sort)
}

// filter returns the state as the list is asked for.
func (s listState) filter() ask.ClientFilter {
	return ask.ClientFilter{
		Search: s.Search, Status: s.Status, Country: s.Country, Manager: s.Manager, Product: s.Product, Sort: s.Sort, Desc: s.Desc,
	}
}

// columns returns the sortable ones with where their titles lead.
func (s listState) columns(r *ask.Request) []column {
	var columns []column
	for _, c := range []struct {
		title words.Text
		sort  account.Sort
	}{{"Login", account.SortLogin}, {"Company", account.SortCompany}, {"Last activity", account.SortActivity}} {
		to := s
		to.Sort, to.Desc = c.sort, c.sort == account.SortActivity // the newest first
		sorted := ""
		if s.Sort == c.sort {
			to.Desc = !s.Desc
			sorted = "ascending"
			if s.Desc {
				sorted = "descending"
			}
		}
		columns = append(columns, column{c.title, to.URL(r.Root, ""), sorted})
	}
	return columns
}
