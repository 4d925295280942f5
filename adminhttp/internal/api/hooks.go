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

// hookRoutes are the operations on webhooks and their deliveries.
func hookRoutes() []operation {
	none := []int{http.StatusForbidden, http.StatusNotImplemented} // the second where no deliveries are kept
	return []operation{
		{
			method: http.MethodGet, path: "clients/{id}/webhooks", need: access.SeeHooks, id: "getWebhooks", summary: "How the four webhooks fare, and when their secrets were made",
			status: http.StatusOK, answers: of[Webhooks](), refuses: none, do: getHooks,
		},
		{
			method: http.MethodPost, path: "clients/{id}/webhooks/{kind}/test", need: access.TryHook, id: "testWebhook",
			summary: "Call the URL once with a made-up delivery, which is kept nowhere",
			body:    sentAs[Nothing](), status: http.StatusOK, answers: of[Try](), refuses: none, do: testHook,
		},
		{
			method: http.MethodPost, path: "clients/{id}/webhooks/{kind}/on", need: access.ReplayHook, id: "switchOnWebhook",
			summary: "Forget a webhook's failures, so that it is tried again at once",
			body:    sentAs[Nothing](), status: http.StatusOK, answers: of[Webhook](), refuses: none, do: switchOn,
		},
		{
			method: http.MethodPost, path: "clients/{id}/webhooks/secret", need: access.NewHookSecret, id: "newWebhookSecret",
			summary: "A new secret that webhooks are signed with from now on, made here and shown this once",
			body:    sentAs[NewWebhookSecret](), status: http.StatusOK, answers: of[WebhookSecret](), versioned: true, refuses: none, do: newHookSecret,
		},
		{
			method: http.MethodGet, path: "clients/{id}/deliveries", need: access.SeeHooks, id: "listDeliveries", summary: "What webhooks were and will be called with, the newest first; without the content",
			params: deliveryParams, status: http.StatusOK, answers: of[DeliveryList](), refuses: none, do: listDeliveries,
		},
		{
			method: http.MethodPost, path: "clients/{id}/deliveries/replay", need: access.ReplayHook, id: "replayDeliveries",
			summary: "Send deliveries again that were given up, with the same ids",
			body:    sentAs[Replay](), status: http.StatusOK, answers: of[Replayed](), refuses: none, do: replay,
		},
	}
}

func getHooks(w http.ResponseWriter, r *ask.Request) error {
	statuses, err := r.HookStatuses(r.ID)
	if err != nil {
		return err
	}
	secrets, err := r.HookSecrets()
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, webhooksOf(r.Client, statuses, secrets, r.Service.Now()))
}

// orderedHook is the webhook of the path, about which something is ordered with an
// empty body.
func orderedHook(r *ask.Request) (clientaccount.Hook, error) {
	hook, err := r.Hook(r.PathValue("kind"))
	if err == nil {
		err = readNothing(r)
	}
	return hook, err
}

func testHook(w http.ResponseWriter, r *ask.Request) error {
	hook, err := orderedHook(r)
	if err != nil {
		return err
	}
	try, err := r.Test(hook)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, tryOf(try))
}

func switchOn(w http.ResponseWriter, r *ask.Request) error {
	hook, err := orderedHook(r)
	if err != nil {
		return err
	}
	if err := r.Service.SwitchOn(r.Context(), hook); err != nil {
		return err
	}
	statuses, err := r.HookStatuses(r.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(statuses, func(s clientaccount.HookStatus) bool { return s.Hook == hook })
	return answer(w, r, http.StatusOK, webhookOf(r.Client, statuses[i], r.Service.Now()))
}

func newHookSecret(w http.ResponseWriter, r *ask.Request) error {
	revision, err := version(r, r.Client.Revision)
	if err != nil {
		return err
	}
	body, err := readOptional(r)
	if err != nil {
		return err
	}
	overlap, err := readOverlap(body)
	if err != nil {
		return err
	}
	secret, result, err := r.NewHookSecret(revision, overlap)
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	return answer(w, r, http.StatusOK, WebhookSecret{secret, result.Account.Revision})
}

// readOverlap reads a body of overlapHours, and finds everything wrong with it.
func readOverlap(d sent.Document) (time.Duration, error) {
	var body NewWebhookSecret
	overlap, faults := ask.DefaultOverlap, sent.Decode(d, &body)
	if hours := body.OverlapHours; hours != nil {
		var fault *account.Fault
		if overlap, fault = ask.OverlapOf(hours.String()); fault != nil {
			faults = sent.AddFault(faults, *fault)
		}
	}
	return overlap, faults.Err()
}

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
