package payload

import (
	"crypto/sha256"
	"encoding/json"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Body returns what a URL of a kind is sent: a query for the API family, JSON for REST, and
// nothing for kinds that are not told of states. The error is account.Faults.
func (r Report) Body(kind account.HookKind) (string, error) {
	switch kind {
	case account.HookAPIState:
		return r.apiQuery()
	case account.HookRESTState:
		return r.restBody()
	default:
		return "", nil
	}
}

// Body is Report's for a message that came in.
func (in Incoming) Body(kind account.HookKind) (string, error) {
	switch kind {
	case account.HookAPIIncoming:
		return in.apiQuery()
	case account.HookRESTIncoming:
		return in.restBody()
	default:
		return "", nil
	}
}

// Fingerprint returns the same for reports of the same content: all that clients are told, in
// whatever form, but not At, which a host that asks again fills anew. Prices of 1.5 and
// 1.50 are the same, and so are instants of one millisecond.
func (r Report) Fingerprint() account.Fingerprint { return fingerprint("sms.state", r.restData()) }

// Fingerprint is Report's for a message that came in.
func (in Incoming) Fingerprint() account.Fingerprint {
	return fingerprint("sms.incoming", in.restData())
}

// fingerprint is of the JSON: it has every field that any form has.
func fingerprint(what string, data any) account.Fingerprint {
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(envelope{Type: what, Data: data}) // texts, numbers and flags always are JSON
	return account.Fingerprint(sum.Sum(nil)[:16])
}

// Deliveries returns what a state of a message means for an account: a delivery for each
// of its state URLs that is set. Enqueue them with [store.OutboxTx] in the transaction
// that notes the state. id returns the id of each: return those that follow from the report
// to make accepting the same report twice harmless. What is too long for one form is no
// fault where nobody gets it. The error is account.Faults.
func (r Report) Deliveries(a account.Account, id func(account.HookKind) account.ID) ([]store.Delivery, error) {
	if faults := r.Faults(); faults != nil {
		return nil, faults
	}
	base := store.Delivery{
		Message: r.MessageID, Final: r.Final(), Fingerprint: r.Fingerprint(), CreatedAt: r.At, DueAt: r.At,
	}
	return deliveries(a, base, id, r.Body)
}

// Deliveries is Report's for a message that came in, of an account whose incoming
// messages do not go to its SMPP session.
func (in Incoming) Deliveries(a account.Account, id func(account.HookKind) account.ID) ([]store.Delivery, error) {
	if faults := in.Faults(); faults != nil {
		return nil, faults
	}
	base := store.Delivery{
		Message: in.MessageID, Final: true, Fingerprint: in.Fingerprint(), CreatedAt: in.At, DueAt: in.At,
	}
	return deliveries(a, base, id, in.Body)
}

func deliveries(
	a account.Account, base store.Delivery, id func(account.HookKind) account.ID, body func(account.HookKind) (string, error),
) ([]store.Delivery, error) {
	var made []store.Delivery
	for _, kind := range account.HookKinds() {
		if a.Webhooks.URL(kind) == "" {
			continue
		}
		text, err := body(kind)
		if err != nil {
			return nil, err
		}
		if text == "" { // a kind that is told of other things
			continue
		}
		d := base
		d.ID, d.Hook, d.Body = id(kind), store.Hook{Account: a.ID, Kind: kind}, text
		made = append(made, d)
	}
	return made, nil
}
