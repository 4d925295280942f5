package adminhttp

import (
	"context"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// move is one way of moving money: what the actor needs, what the body may have,
// and the verb of the Service that does it. The routes, the bodies' schemas and the
// forms of the Money page come from it.
type move struct {
	path    string // below the client's
	id      string
	summary string
	schema  string // of the body
	kind    account.MovementKind
	action  Action
	fields  []string // of the body, beside reference, reason and currency
	verb    func(*clientaccount.Service, context.Context, account.Movement) (clientaccount.Receipt, error)
}

// moves are all of them.
func moves() []move {
	return []move{
		{
			path: "top-ups", id: "topUp", summary: "Add money", schema: "TopUp",
			kind: account.TopUp, action: ActionTopUp, fields: []string{"amount"}, verb: (*clientaccount.Service).TopUp,
		},
		{
			path: "adjustments", id: "adjust", summary: "Correct the balance, up or down, for a reason", schema: "Adjustment",
			kind: account.Adjust, action: ActionAdjust, fields: []string{"amount", "passLimit"}, verb: (*clientaccount.Service).Adjust,
		},
		{
			path: "charges", id: "charge", summary: "Take an amount, or a price for each message, if it is available", schema: "Charge",
			kind: account.Charge, action: ActionCharge, fields: pricedFields(), verb: (*clientaccount.Service).Charge,
		},
		{
			path: "holds", id: "hold", summary: "Set an amount aside, if it is available; the reference names the hold", schema: "NewHold",
			kind: account.HoldFunds, action: ActionCharge, fields: pricedFields("timeout"), verb: (*clientaccount.Service).Hold,
		},
		{
			path: "holds/{ref}/capture", id: "captureHold", summary: "Take the amount of a hold, or a part of it, and end the hold", schema: "Capture",
			kind: account.Capture, action: ActionCharge, fields: pricedFields("more"), verb: (*clientaccount.Service).Capture,
		},
		{
			path: "holds/{ref}/release", id: "releaseHold", summary: "End a hold and take nothing", schema: "Release",
			kind: account.Release, action: ActionCharge, verb: (*clientaccount.Service).Release,
		},
		{
			path: "refunds", id: "refund", summary: "Give back what a charge or capture took, or a part of it", schema: "Refund",
			kind: account.Refund, action: ActionRefund, fields: []string{"of", "amount"}, verb: (*clientaccount.Service).Refund,
		},
		{
			path: "transfers", id: "transfer", summary: "Move money to another client of the same currency", schema: "Transfer",
			kind: account.TransferOut, action: ActionTransfer, fields: []string{"amount", "to"}, verb: (*clientaccount.Service).Transfer,
		},
	}
}

// pricedFields are those of movements that pay for messages.
func pricedFields(more ...string) []string {
	return append([]string{"amount", "price", "round", "messages"}, more...)
}

// required are the names that a body must have, as far as one name alone says it.
func (mv move) required() []string {
	names := map[account.MovementKind][]string{
		account.TopUp: {"amount"}, account.Adjust: {"amount", "reason"},
		account.Refund: {"of"}, account.TransferOut: {"amount", "to"},
	}[mv.kind]
	return append([]string{"reference"}, names...)
}

// moneyRoutes are the operations on money.
func (h *handler) moneyRoutes() []route {
	routes := []route{
		{
			method: http.MethodGet, path: "clients/{id}/balance", need: access.SeeMoney, id: "getBalance", summary: "What a client has, and may spend now",
			status: http.StatusOK, answers: "Balance", refuses: []int{http.StatusForbidden}, do: h.apiBalance,
		},
		{
			method: http.MethodGet, path: "clients/{id}/entries", need: access.SeeMoney, id: "listEntries", summary: "The ledger, the newest entry first",
			params: entryParams, status: http.StatusOK, answers: "EntryList", refuses: []int{http.StatusForbidden}, do: h.apiEntries,
		},
		{
			method: http.MethodGet, path: "clients/{id}/holds", need: access.SeeMoney, id: "listHolds", summary: "The holds that stand, the first to time out first",
			params: []param{cursorParam, limitParam}, status: http.StatusOK, answers: "HoldList", refuses: []int{http.StatusForbidden}, do: h.apiHolds,
		},
	}
	for _, mv := range moves() {
		routes = append(routes, route{
			method: http.MethodPost, path: "clients/{id}/" + mv.path, need: access.MoveMoney(mv.action), id: mv.id, summary: mv.summary,
			body: mv.schema, status: http.StatusCreated, answers: "Entry", moves: true, do: h.apiMove(mv),
		})
	}
	return routes
}

// apiMove moves money once for each reference: 201 the first time, 200 with the
// same body when the same is sent again.
func (h *handler) apiMove(mv move) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		body, err := readObject(r, jsonMedia)
		if err != nil {
			return err
		}
		m, err := h.movement(r, mv, body)
		if err != nil {
			return err
		}
		receipt, err := mv.verb(h.svc, r.Context(), m)
		if err != nil {
			return h.refusing(r, err)
		}
		status := http.StatusCreated
		if receipt.Repeated {
			status = http.StatusOK
		}
		entry, err := r.entryJSON(receipt.Entry)
		if err != nil {
			return err
		}
		return h.answer(w, r, status, entry)
	}
}
