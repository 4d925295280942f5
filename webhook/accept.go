package webhook

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// StateDeliveries are what a state of a message means for an account: a delivery for
// each of its state URLs that is set. Enqueue them with [store.OutboxTx] in the
// transaction that notes the state. id gives a new id at each call; give those that
// follow from the report to make accepting the same report twice harmless. The errors
// are ErrIncomplete, ErrState and ErrTooLarge.
func StateDeliveries(a account.Account, r Report, id func() account.ID) ([]store.Delivery, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	base := store.Delivery{Message: r.MessageID, Final: r.State.Final(), CreatedAt: r.At, DueAt: r.At}
	return deliveries(a, base, id, map[account.HookKind]func() (string, error){
		account.HookAPIState: r.apiQuery, account.HookRESTState: r.restBody,
	})
}

// IncomingDeliveries is StateDeliveries for a message that came in. There are none
// where those of the account go to its SMPP session.
func IncomingDeliveries(a account.Account, in Incoming, id func() account.ID) ([]store.Delivery, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if a.MOGoesToSMPP() {
		return nil, nil
	}
	base := store.Delivery{Message: in.MessageID, Final: true, CreatedAt: in.At, DueAt: in.At}
	return deliveries(a, base, id, map[account.HookKind]func() (string, error){
		account.HookAPIIncoming: in.apiQuery, account.HookRESTIncoming: in.restBody,
	})
}

func deliveries(
	a account.Account, base store.Delivery, id func() account.ID, bodies map[account.HookKind]func() (string, error),
) ([]store.Delivery, error) {
	var made []store.Delivery
	for _, kind := range account.HookKinds() {
		body, ours := bodies[kind]
		if !ours || a.Webhooks.URL(kind) == "" {
			continue
		}
		text, err := body()
		if err != nil {
			return nil, err
		}
		d := base
		d.ID, d.Hook, d.Body = id(), store.Hook{Account: a.ID, Kind: kind}, text
		made = append(made, d)
	}
	return made, nil
}
