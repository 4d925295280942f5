package api

import (
	"net/http"

	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// moneyRoutes are the operations on money.
func moneyRoutes() []operation {
	routes := []operation{
		{
			method: http.MethodGet, path: "clients/{id}/balance", need: access.SeeMoney, id: "getBalance", summary: "What a client has, and may spend now",
			status: http.StatusOK, answers: "Balance", refuses: []int{http.StatusForbidden}, do: getBalance,
		},
		{
			method: http.MethodGet, path: "clients/{id}/entries", need: access.SeeMoney, id: "listEntries", summary: "The ledger, the newest entry first",
			params: entryParams, status: http.StatusOK, answers: "EntryList", refuses: []int{http.StatusForbidden}, do: listEntries,
		},
		{
			method: http.MethodGet, path: "clients/{id}/holds", need: access.SeeMoney, id: "listHolds", summary: "The holds that stand, the first to time out first",
			params: []param{cursorParam, limitParam}, status: http.StatusOK, answers: "HoldList", refuses: []int{http.StatusForbidden}, do: listHolds,
		},
	}
	for _, mv := range ask.Moves() {
		routes = append(routes, operation{
			method: http.MethodPost, path: "clients/{id}/" + mv.Path, need: access.MoveMoney(mv.Action), id: mv.ID, summary: mv.Summary,
			body: mv.Schema, status: http.StatusCreated, answers: "Entry", moves: true, do: moveMoney(mv),
		})
	}
	return routes
}

// moveMoney moves money once for each reference: 201 the first time, 200 with the
// same body when the same is sent again.
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
		receipt, err := mv.Verb(r.Service, r.Context(), m)
		if err != nil {
			return refusing(r, err)
		}
		status := http.StatusCreated
		if receipt.Repeated {
			status = http.StatusOK
		}
		entry, err := entryOf(r, receipt.Entry)
		if err != nil {
			return err
		}
		return answer(w, r, status, entry)
	}
}
