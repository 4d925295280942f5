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
		name: "q", about: "Words or parts of words, in any order, of login, company, names, e-mail, phone, contract, credential, Telegram or Skype; of those the actor may see. A word without three letters or digits in a row is found where another begins with it.", schema: object{"type": "string", "maxLength": 200},
		valid: textUpTo(200, isPasted, "q", "q.length"),
	},
	{name: "status", path: "status", about: "The status as of now.", schema: object{"enum": statusWords()}, valid: validStatus},
	{
		name: "attention", about: "Why the clients need work; those that one may not be told of are none.", schema: enum(account.Attentions()...),
		valid: func(value string, j access.Judge) *account.Fault {
			return sent.Unless(j.Attention(account.Attention(value)), account.NewFault("attention", "attention.unknown"))
		},
	},
	{name: "manager", path: "manager", about: "Id of a manager, or none.", schema: object{"type": "string"}, valid: validReference("manager")},
	{name: "product", path: "notes.product", about: "Id of a product, or none.", schema: object{"type": "string"}, valid: validReference("product")},
	{name: parentName, about: "Id of the account directly above, or none.", schema: object{"type": "string"}, valid: validReference(parentName)},
	{name: "country", path: "contact.country", about: "ISO 3166-1 alpha-2.", schema: object{"type": "string", "minLength": 2, "maxLength": 2}, valid: validCountry},
	{
		name: "sort", about: "The order; a hyphen before it: descending. moved, balance and available follow the money within a minute or so, and need what one sees of it.", valid: validSort,
		schema: object{"enum": []string{"login", "-login", "company", "-company", "activity", "-activity", "created", "-created", "moved", "-moved", "balance", "-balance", "available", "-available"}, "default": "login"},
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

// countParams are those of counts.
var countParams = []param{
	{name: "manager", path: "manager", about: "Id of a manager, or none.", schema: object{"type": "string"}, valid: validReference("manager")},
}

// AttentionCount is how many clients need work for a reason.
type AttentionCount struct {
	Attention account.Attention `json:"attention"`
	Clients   int               `json:"clients" limits:"minimum=0;maximum=1000"`
	More      bool              `json:"more" about:"There are more than that."`
}

// AttentionCounts are those of all reasons that the actor may be told.
type AttentionCounts struct {
	Counts []AttentionCount `json:"counts"`
}

func countClients(w http.ResponseWriter, r *ask.Request) error {
	found, err := r.Counts(r.URL.Query().Get("manager"))
	if err != nil {
		return err
	}
	counts := []AttentionCount{}
	for _, a := range r.Judge.Attentions() {
		counts = append(counts, AttentionCount{a, found[a].Clients, found[a].More})
	}
	return answer(w, r, http.StatusOK, AttentionCounts{counts})
}

// findParams are those of what is looked for by its key.
var findParams = []param{{
	name: "q", about: "The beginning of an entry's reference, or of a document's number; or a message's id, or the network's: at least three characters.",
	schema: object{"type": "string", "maxLength": 255}, valid: textUpTo(255, isPasted, "q", "q.length"),
}}

// Sighting is something of a client that has what was looked for as its key: one of the three.
type Sighting struct {
	Client   account.ID  `json:"client"`
	Entry    *int64      `json:"entry" about:"Number of the entry of the ledger."`
	Message  *string     `json:"message" about:"Id of the message."`
	Document *account.ID `json:"document" about:"Id of the document."`
	Key      string      `json:"key" about:"The reference, the id of the message, or the number of the document."`
}

// Sightings are what was found.
type Sightings struct {
	Found []Sighting `json:"found"`
}

func findByKey(w http.ResponseWriter, r *ask.Request) error {
	all, err := r.Find(r.URL.Query().Get("q"))
	if err != nil {
		return err
	}
	found := []Sighting{}
	for _, f := range all {
		s := Sighting{Client: f.Account, Key: f.Key()}
		switch {
		case f.Entry != nil:
			s.Entry = &f.Entry.Number
		case f.Message != nil:
			s.Message = &f.Message.ID
		case f.Document != nil:
			s.Document = &f.Document.ID
		}
		found = append(found, s)
	}
	return answer(w, r, http.StatusOK, Sightings{found})
}
