package api

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// listParams are those of the Clients list.
var listParams = []param{
	{
		name: "q", about: "Words or parts of words, in any order, of login, company, names, e-mail, phone, contract, credential, Telegram or Skype; of those the actor may see.", schema: object{"type": "string", "maxLength": 200},
		valid: textUpTo(200, isPasted, "q", "q.length"),
	},
	{name: "status", path: "status", about: "The status as of now.", schema: object{"enum": statusWords()}, valid: validStatus},
	{name: "manager", path: "manager", about: "Id of a manager, or none.", schema: object{"type": "string"}, valid: validReference("manager")},
	{name: "product", path: "notes.product", about: "Id of a product, or none.", schema: object{"type": "string"}, valid: validReference("product")},
	{name: parentName, about: "Id of the account directly above, or none.", schema: object{"type": "string"}, valid: validReference(parentName)},
	{name: "country", path: "contact.country", about: "ISO 3166-1 alpha-2.", schema: object{"type": "string", "minLength": 2, "maxLength": 2}, valid: validCountry},
	{
		name: "sort", about: "The order; a hyphen before it: descending.", valid: validSort,
		schema: object{"enum": []string{"login", "-login", "company", "-company", "activity", "-activity", "created", "-created"}, "default": "login"},
	},
	cursorParam, limitParam,
}

func statusWords() []string {
	words := []string{string(account.StatusExpired)}
	for _, s := range account.Statuses() {
		words = append(words, string(s))
	}
	return words
}

func validStatus(value string, p access.Judge) *account.Fault {
	return oneOf(account.NewFault("status", "status.choice"), statusWords()...)(value, p)
}

func validReference(name string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		_, err := account.ParseID(value)
		return sent.Unless(err == nil || value == ask.Nobody, account.NewFault(name, name+".unknown"))
	}
}

func validCountry(value string, _ access.Judge) *account.Fault {
	_, ok := account.ParseCountry(value)
	return sent.Unless(ok, account.NewFault("country", "country.unknown"))
}

func validSort(value string, p access.Judge) *account.Fault {
	return sent.Unless(p.Sorts(account.Sort(strings.TrimPrefix(value, "-"))), account.NewFault("sort", "sort.choice"))
}

func pageSize(r *ask.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	return cmp.Or(n, 50)
}

func listClients(w http.ResponseWriter, r *ask.Request) error {
	var page clientaccount.Page
	q, possible := ask.FilterOf(r.URL.Query()).Query(r.Judge)
	if q.Limit = pageSize(r); possible {
		var err error
		if page, err = r.Service.ListSeen(r.Context(), q, r.URL.Query().Get("cursor"), r.Judge.ShowsField); err != nil {
			return err
		}
	}
	rows := make([]ClientRow, len(page.Rows))
	for i, s := range page.Rows {
		row, err := clientRowOf(r, s)
		if err != nil {
			return err
		}
		rows[i] = row
	}
	return answer(w, r, http.StatusOK, ClientList{rows, orNull(page.Next)})
}
