package api

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// deliveryParams are those of a client's deliveries.
var deliveryParams = []param{
	{name: "kind", about: "Of this webhook.", schema: object{"enum": account.HookKinds()}, valid: validHook},
	{name: "state", about: "In this state.", schema: object{"enum": ask.DeliveryStates()}, valid: validState},
	{name: "message", about: "Of the message of this id.", schema: object{"type": "string"}},
	cursorParam, limitParam,
}

func validHook(value string, p access.Judge) *account.Fault {
	return sent.Unless(slices.Contains(p.Hooks(), account.HookKind(value)), account.NewFault("kind", "hook.unknown"))
}

func validState(value string, _ access.Judge) *account.Fault {
	return sent.Unless(slices.Contains(ask.DeliveryStates(), clientaccount.DeliveryState(value)),
		account.NewFault("state", "delivery.state"))
}

func listDeliveries(w http.ResponseWriter, r *ask.Request) error {
	values, size := r.URL.Query(), pageSize(r)
	q := clientaccount.DeliveryQuery{
		Account: r.ID, Kind: account.HookKind(values.Get("kind")), State: clientaccount.DeliveryState(values.Get("state")),
		Message: values.Get("message"), Limit: size + 1,
	}
	over := deliveryScope(q)
	var err error
	if q.Before, err = openMark(r, values.Get("cursor"), over); err != nil {
		return err
	}
	deliveries, err := r.Deliveries(q)
	if err != nil {
		return err
	}
	next, more := "", false
	if deliveries, more = ask.Cut(deliveries, size); more {
		next = sealMark(r, deliveries[size-1].Seq, over)
	}
	page := make([]Delivery, len(deliveries))
	for i, d := range deliveries {
		page[i] = deliveryOf(d)
	}
	return answer(w, r, http.StatusOK, DeliveryList{page, orNull(next)})
}

// deliveryScope is what a cursor of the deliveries belongs to.
func deliveryScope(q clientaccount.DeliveryQuery) string {
	return "deliveries " + q.Account.String() + url.Values{"kind": {string(q.Kind)}, "state": {string(q.State)}, "message": {q.Message}}.Encode()
}

// replay has deliveries sent again.
func replay(w http.ResponseWriter, r *ask.Request) error {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	what, err := readReplay(body, r.ID, r.Judge)
	if err != nil {
		return err
	}
	n, err := r.Replay(what)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, Replayed{n})
}

// readReplay reads a body, and finds everything wrong with it at once.
func readReplay(d sent.Document, id account.ID, p access.Judge) (clientaccount.Replay, error) {
	var body Replay
	faults := sent.Decode(d, &body)
	what := clientaccount.Replay{
		Account: id, IDs: body.IDs, Kind: given(body.Kind), From: time.Time(body.From), To: time.Time(body.To), Done: given(body.Done),
	}
	found := what.Faults()
	if what.Kind.IsKnown() && len(p.HooksFor(what.Kind)) == 0 {
		found = append(found, account.NewFault("kind", "hook.unknown")) // nor can it be asked for
	}
	for _, fault := range found {
		if !faults.On(fault.Path) && (fault.Path != "" || len(faults) == 0) { // what could not be read was not set
			faults = sent.AddFault(faults, fault)
		}
	}
	return what, faults.Err()
}
