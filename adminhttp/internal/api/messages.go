package api

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// messageRoutes are the operations on messages that the Service keeps.
func messageRoutes() []operation {
	none := []int{http.StatusForbidden, http.StatusNotImplemented} // the second where no messages are kept
	return []operation{
		{
			method: http.MethodGet, path: "clients/{id}/messages", need: access.SeeMessages, id: "listMessages", summary: "A client's messages, the newest first; without their texts",
			params: messageParams, status: http.StatusOK, answers: of[MessageList](), refuses: none, do: listMessages,
		},
		{
			method: http.MethodGet, path: "clients/{id}/messages/{message}", need: access.SeeMessages, id: "getMessage", summary: "A message, its entries, and what its client was told",
			status: http.StatusOK, answers: of[MessageStory](), refuses: none, do: func(w http.ResponseWriter, r *ask.Request) error { return getMessage(w, r, r.PathValue("message")) },
		},
		{
			method: http.MethodGet, path: "clients/{id}/message", need: access.SeeMessages, id: "getNamedMessage", summary: "The same for a message of any id, which the query names",
			params: []param{{name: "id", about: "The message's id.", schema: object{"type": "string"}}}, status: http.StatusOK, answers: of[MessageStory](), refuses: none,
			do: func(w http.ResponseWriter, r *ask.Request) error { return getMessage(w, r, r.URL.Query().Get("id")) },
		},
		{
			method: http.MethodGet, path: "messages", need: access.FindMessage, id: "findMessage", summary: "The message that has a network's id, of a client within one's scope",
			params: []param{
				{name: "network", about: "The network's name.", schema: object{"type": "string"}},
				{name: "id", about: "What it calls the message, or a part of it.", schema: object{"type": "string"}},
			},
			status: http.StatusOK, answers: of[KeptMessage](), refuses: append(slices.Clone(none), http.StatusNotFound), do: findMessage,
		},
		{
			method: http.MethodGet, path: "clients/{id}/figures", need: access.SeeFigures, id: "listFigures", summary: "What a client's messages come to, by day; counted shortly after they move on",
			params: figuresParams, status: http.StatusOK, answers: of[FiguresList](), refuses: none, do: listFigures,
		},
	}
}

// messageParams are those of a client's messages.
var messageParams = []param{
	{name: "id", about: "The message of this id.", schema: object{"type": "string"}},
	{name: "client_ref", about: "Of this reference of the client's.", schema: object{"type": "string"}},
	{name: "network_id", about: "Which some network calls so.", schema: object{"type": "string"}},
	{name: "destination", path: access.Destination, about: "To this number.", schema: object{"type": "string"}},
	{name: "state", about: "In this state.", schema: enum(stateNames()...), valid: oneOf(account.NewFault("state", "state.unknown"), plain(stateNames())...)},
	{name: "stage", about: "As far as this.", schema: enum(ask.MessageStages()...), valid: oneOf(account.NewFault("stage", "stage.unknown"), plain(ask.MessageStages())...)},
	{name: "from", about: "Admitted at this instant and later.", schema: instantSchema(), valid: validInstant("from")},
	{name: "to", about: "Admitted before this instant.", schema: instantSchema(), valid: validInstant("to")},
	cursorParam, limitParam,
}

// plain are words as strings.
func plain[T ~string](words []T) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = string(word)
	}
	return all
}

// messageQuery is the query of checked parameters.
func messageQuery(id account.ID, values url.Values) message.Query {
	q := message.Query{
		Account: id, ID: values.Get("id"), ClientRef: values.Get("client_ref"), NetworkID: values.Get("network_id"),
		Destination: values.Get("destination"), Stage: message.Stage(values.Get("stage")),
	}
	if state, err := account.ParseMessageState(values.Get("state")); err == nil {
		q.State = account.Some(state)
	}
	q.From, _ = time.Parse(time.RFC3339, values.Get("from"))
	q.To, _ = time.Parse(time.RFC3339, values.Get("to"))
	return q
}

func listMessages(w http.ResponseWriter, r *ask.Request) error {
	values, size := r.URL.Query(), pageSize(r)
	q := messageQuery(r.ID, values)
	over := messageScope(r.ID, values)
	var err error
	if q.Before, err = openMark(r, values.Get("cursor"), over); err != nil {
		return err
	}
	q.Limit = size + 1
	found, err := r.Service.Messages(r.Context(), q)
	if err != nil {
		return err
	}
	next, more := "", false
	if found, more = ask.Cut(found, size); more {
		next = sealMark(r, found[size-1].Entries.Hold, over)
	}
	page := make([]KeptMessage, len(found))
	for i, m := range found {
		page[i] = messageOf(r.Judge, m)
	}
	return answer(w, r, http.StatusOK, MessageList{page, orNull(next)})
}

// messageScope is what a cursor of the messages belongs to.
func messageScope(id account.ID, values url.Values) string {
	filters := url.Values{}
	for _, p := range messageParams {
		if p.name != cursorParam.name && p.name != limitParam.name {
			filters.Set(p.name, values.Get(p.name))
		}
	}
	return "messages " + id.String() + filters.Encode()
}

func getMessage(w http.ResponseWriter, r *ask.Request, id string) error {
	story, err := r.Story(id)
	if err != nil {
		return err
	}
	told, err := storyOf(r, story)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, told)
}

func findMessage(w http.ResponseWriter, r *ask.Request) error {
	values := r.URL.Query()
	m, err := r.MessageOf(values.Get("network"), values.Get("id"))
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, messageOf(r.Judge, m))
}

// Bounds of the days of figures.
const (
	maxFigureDays = 366
	figureDays    = 30 // if nobody says
)

// figuresParams are those of a client's figures.
var figuresParams = []param{
	{name: "from", about: "The first day; 29 before the last unless given.", schema: dateSchema(), valid: validDay("from")},
	{name: "to", about: "The last day, included; today on the client's clock unless given.", schema: dateSchema(), valid: validDay("to")},
}

func dateSchema() object { return object{"type": "string", "format": "date"} }

func validDay(name string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		_, ok := words.DayOf(value)
		return sent.Unless(ok, account.NewFault(name, "date.format"))
	}
}

func listFigures(w http.ResponseWriter, r *ask.Request) error {
	q, err := figuresQuery(r)
	if err != nil {
		return err
	}
	rows, err := r.Service.Figures(r.Context(), q)
	if err != nil {
		return err
	}
	list, parts := FiguresList{q.From, q.To, make([]Figures, len(rows))}, r.Judge.Parts()
	for i, row := range rows {
		list.Figures[i] = figuresOf(parts, row)
	}
	return answer(w, r, http.StatusOK, list)
}

// figuresQuery is the query of checked parameters.
func figuresQuery(r *ask.Request) (q message.FiguresQuery, err error) {
	q.Account = r.ID
	q.From, q.To, err = daysOf(r, "from", "to")
	return q, err
}

// daysOf are the days that checked parameters name: up to today on the client's clock, and so
// many, unless given.
func daysOf(r *ask.Request, from, to string) (first, last account.Date, err error) {
	values := r.URL.Query()
	var given bool
	if last, given = words.DayOf(values.Get(to)); !given {
		last = account.DateOf(r.Service.Now(), words.Zone(r.Client))
	}
	if first, given = words.DayOf(values.Get(from)); !given {
		first = words.DaysBefore(last, figureDays-1)
	}
	if n := words.DaysBetween(first, last); n < 0 || n >= maxFigureDays {
		err = account.Faults{account.NewFault(from, "dates.range", maxFigureDays)}
	}
	return first, last, err
}
