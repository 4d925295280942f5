package api

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// moneyRoutes are the operations on money.
func moneyRoutes() []operation {
	routes := []operation{
		{
			method: http.MethodGet, path: "clients/{id}/balance", need: access.SeeMoney, id: "getBalance", summary: "What a client has, and may spend now",
			status: http.StatusOK, answers: of[Balance](), refuses: []int{http.StatusForbidden}, do: getBalance,
		},
		{
			method: http.MethodGet, path: "clients/{id}/entries", need: access.SeeMoney, id: "listEntries", summary: "The ledger, the newest entry first",
			params: entryParams, status: http.StatusOK, answers: of[EntryList](), refuses: []int{http.StatusForbidden}, do: listEntries,
		},
		{
			method: http.MethodGet, path: "clients/{id}/holds", need: access.SeeMoney, id: "listHolds", summary: "The holds that stand, the first to time out first",
			params: []param{cursorParam, limitParam}, status: http.StatusOK, answers: of[HoldList](), refuses: []int{http.StatusForbidden}, do: listHolds,
		},
		{
			method: http.MethodGet, path: "clients/{id}/usage", need: access.SeeUsage, id: "getUsage", summary: "What a client used, by day, and for how long what there is lasts at that rate",
			params: usageParams, status: http.StatusOK, answers: of[Usage](), refuses: []int{http.StatusForbidden, http.StatusNotImplemented}, do: getUsage,
		},
	}
	for _, mv := range ask.Moves() {
		routes = append(routes, operation{
			method: http.MethodPost, path: "clients/{id}/" + mv.Path, need: access.MoveMoney(mv.Action), id: mv.ID, summary: mv.Summary,
			params: []param{previewParam}, body: movementBody(mv), status: http.StatusCreated, answers: of[Entry](), moves: true, proposes: true, do: moveMoney(mv),
		})
	}
	return routes
}

// moveMoney moves money once for each reference: 201 the first time, 200 with the
// same body when the same is sent again, 202 where it waits for a second person. With preview it
// tells what would come of it.
func moveMoney(mv ask.Move) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		body, err := readObject(r, jsonMedia)
		if err != nil {
			return err
		}
		m, err := readMovement(r, mv, body)
		if err != nil {
			return err
		}
		if previews(r) {
			return previewMove(w, r, m)
		}
		moved, err := r.Move(m)
		switch {
		case err != nil:
			return refusing(r, err)
		case moved.Task != nil:
			return answerLater(w, r, *moved.Task, nil)
		}
		status := http.StatusCreated
		if moved.Repeated {
			status = http.StatusOK
		}
		entry, err := entryOf(r, moved.Entry)
		if err != nil {
			return err
		}
		return answer(w, r, status, entry)
	}
}

// previewMove tells what a movement would come to, and writes nothing.
func previewMove(w http.ResponseWriter, r *ask.Request, m account.Movement) error {
	seen, err := r.LookAtMove(m)
	if err != nil {
		return refusing(r, err)
	}
	preview, err := movePreviewOf(r, seen)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, preview)
}

// readMovement reads a body, and finds everything wrong with it at once.
func readMovement(r *ask.Request, mv ask.Move, d sent.Document) (account.Movement, error) {
	var body Movement
	faults := sent.Decode(d, &body, mv.NamesFor(r.Judge)...)
	b := r.Draft(mv)
	b.Hold = r.PathValue("ref")
	for name, text := range sent.Texts(body) {
		if name == "to" {
			continue
		}
		if name == "reference" && r.IsPayment(mv) {
			text = ask.PaymentReference(text)
		}
		if fault := b.Set(name, text); fault != nil {
			faults = sent.AddFault(faults, *fault)
		}
	}
	found, err := account.Faults(nil), error(nil)
	if to := given(body.To); to != "" {
		found, err = b.ToID(r, to)
	}
	if err == nil {
		err = r.Refundable(b.Movement)
	}
	if err != nil {
		return b.Movement, err
	}
	for _, fault := range append(found, b.Wrong(r)...) {
		if !faults.On(fault.Path) { // what could not be read was not set
			faults = sent.AddFault(faults, fault)
		}
	}
	return b.Movement, faults.Err()
}
