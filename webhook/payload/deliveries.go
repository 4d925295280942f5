package payload

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Body is what a URL of a kind is sent: a query for the API family, JSON for REST, and
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

// Deliveries are what a state of a message means for an account: a delivery for each
// of its state URLs that is set. Enqueue them with [store.OutboxTx] in the transaction
// that notes the state. id gives the id of each: give those that follow from the report
// to make accepting the same report twice harmless. The error is account.Faults.
func (r Report) Deliveries(a account.Account, id func(account.HookKind) account.ID) ([]store.Delivery, error) {
	if faults := r.Faults(); faults != nil {
		return nil, faults
	}
	base := store.Delivery{Message: r.MessageID, Final: r.State.Final(), CreatedAt: r.At, DueAt: r.At}
	return deliveries(a, base, id, r.Body)
}

// Deliveries is Report's for a message that came in, of an account whose incoming
// messages do not go to its SMPP session.
func (in Incoming) Deliveries(a account.Account, id func(account.HookKind) account.ID) ([]store.Delivery, error) {
	if faults := in.Faults(); faults != nil {
		return nil, faults
	}
	base := store.Delivery{Message: in.MessageID, Final: true, CreatedAt: in.At, DueAt: in.At}
	return deliveries(a, base, id, in.Body)
}

func deliveries(
	a account.Account, base store.Delivery, id func(account.HookKind) account.ID, body func(account.HookKind) (string, error),
) ([]store.Delivery, error) {
	var made []store.Delivery
	for _, kind := range account.HookKinds() {
		text, err := body(kind)
		if err != nil {
			return nil, err
		}
		if text == "" || a.Webhooks.URL(kind) == "" {
			continue
		}
		d := base
		d.ID, d.Hook, d.Body = id(kind), store.Hook{Account: a.ID, Kind: kind}, text
		made = append(made, d)
	}
	return made, nil
}
