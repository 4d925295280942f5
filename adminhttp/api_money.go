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
	// named: the body names the hold, which else stands in the path. A name like ".."
	// cannot stand there, since clients, proxies and servers all make paths shorter.
	named bool
	verb  func(*clientaccount.Service, context.Context, account.Movement) (clientaccount.Receipt, error)
}

// moves are all of them.
func moves() []move {
	return []move{
		{
			path: "top-ups", id: "topUp", summary: "Add money", schema: "TopUp",
			kind: account.KindTopUp, action: ActionTopUp, verb: (*clientaccount.Service).TopUp,
		},
		{
			path: "adjustments", id: "adjust", summary: "Correct the balance, up or down, for a reason", schema: "Adjustment",
			kind: account.KindAdjust, action: ActionAdjust, verb: (*clientaccount.Service).Adjust,
		},
		{
			path: "charges", id: "charge", summary: "Take an amount, or a price for each message, if it is available", schema: "Charge",
			kind: account.KindCharge, action: ActionCharge, verb: (*clientaccount.Service).Charge,
		},
		{
			path: "holds", id: "hold", schema: "NewHold",
			summary: "Set an amount aside, if it is available; the reference names the hold. A repeat answers what was made, also where the hold has ended since",
			kind:    account.KindHold, action: ActionCharge, verb: (*clientaccount.Service).Hold,
		},
		{
			path: "holds/{ref}/capture", id: "captureHold", summary: "Take the amount of a hold, or a part of it, and end the hold", schema: "Capture",
			kind: account.KindCapture, action: ActionCharge, verb: (*clientaccount.Service).Capture,
		},
		{
			path: "holds/capture", id: "captureNamedHold", schema: "NamedCapture", named: true,
			summary: "The same for a hold of any reference, which the body names", kind: account.KindCapture, action: ActionCharge,
			verb: (*clientaccount.Service).Capture,
		},
		{
			path: "holds/{ref}/release", id: "releaseHold", summary: "End a hold and take nothing", schema: "Release",
			kind: account.KindRelease, action: ActionCharge, verb: (*clientaccount.Service).Release,
		},
		{
			path: "holds/release", id: "releaseNamedHold", schema: "NamedRelease", named: true,
			summary: "The same for a hold of any reference, which the body names", kind: account.KindRelease, action: ActionCharge,
			verb: (*clientaccount.Service).Release,
		},
		{
			path: "refunds", id: "refund", summary: "Give back what a charge or capture took, or a part of it", schema: "Refund",
			kind: account.KindRefund, action: ActionRefund, verb: (*clientaccount.Service).Refund,
		},
		{
			path: "transfers", id: "transfer", summary: "Move money to another client of the same currency", schema: "Transfer",
			kind: account.KindTransferOut, action: ActionTransfer, verb: (*clientaccount.Service).Transfer,
		},
	}
}

// required are the names that a body must have, as far as one name alone says it.
func (mv move) required() []string {
	row, names := mv.kind.Traits(), []string{"reference"}
	for name, must := range map[string]bool{
		"amount": row.Amount == account.AmountRequired && !row.Uses("price"),
		"reason": row.Reason, "of": row.Refunds, "to": row.Transfers, "hold": mv.named,
	} {
		if must {
			names = append(names, name)
		}
	}
	return names
}

// moneyRoutes are the operations on money.
func moneyRoutes() []route {
	routes := []route{
		{
			method: http.MethodGet, path: "clients/{id}/balance", need: access.SeeMoney, id: "getBalance", summary: "What a client has, and may spend now",
			status: http.StatusOK, answers: "Balance", refuses: []int{http.StatusForbidden}, do: apiBalance,
		},
		{
			method: http.MethodGet, path: "clients/{id}/entries", need: access.SeeMoney, id: "listEntries", summary: "The ledger, the newest entry first",
			params: entryParams, status: http.StatusOK, answers: "EntryList", refuses: []int{http.StatusForbidden}, do: apiEntries,
		},
		{
			method: http.MethodGet, path: "clients/{id}/holds", need: access.SeeMoney, id: "listHolds", summary: "The holds that stand, the first to time out first",
			params: []param{cursorParam, limitParam}, status: http.StatusOK, answers: "HoldList", refuses: []int{http.StatusForbidden}, do: apiHolds,
		},
	}
	for _, mv := range moves() {
		routes = append(routes, route{
			method: http.MethodPost, path: "clients/{id}/" + mv.path, need: access.MoveMoney(mv.action), id: mv.id, summary: mv.summary,
			body: mv.schema, status: http.StatusCreated, answers: "Entry", moves: true, do: apiMove(mv),
		})
	}
	return routes
}

// apiMove moves money once for each reference: 201 the first time, 200 with the
// same body when the same is sent again.
func apiMove(mv move) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		body, err := readObject(r, jsonMedia)
		if err != nil {
			return err
		}
		m, err := readMovement(r, mv, body)
		if err != nil {
			return err
		}
		receipt, err := mv.verb(r.service, r.Context(), m)
		if err != nil {
			return refusing(r, err)
		}
		status := http.StatusCreated
		if receipt.Repeated {
			status = http.StatusOK
		}
		entry, err := r.entryOf(receipt.Entry)
		if err != nil {
			return err
		}
		return answer(w, r, status, entry)
	}
}
