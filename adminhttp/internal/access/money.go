package access

import (
	"context"
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// Sums says which figures of a client's money may be told. Each follows from settings,
// of the client and of accounts above it, and is told to who sees all of them. The zero
// Sums tells none.
type Sums struct {
	Balance   bool // what there is and is held, and the ledger
	Credit    bool // the credit limit, and what of it is used
	Overdraw  bool // the temporary one, its end, and what of it is used
	Available bool // what may be spent, and what follows: what is missing, whether it is low
	Cap       bool // the monthly cap, and what is left of it
	Price     bool // of a message
	Messages  bool // how many can be paid for
	Limit     bool // whether the notification limit is reached
	Shared    bool // whether it is the money of an account above
	Payer     bool // whose money is spent
}

// Sums returns the figures that may be told of money with these terms.
func (j Judge) Sums(ctx context.Context, t account.Terms) (Sums, error) {
	if !j.May(Money) {
		return Sums{}, nil
	}
	payer, err := j.SeesPayers(ctx, t.Shares)
	if err != nil {
		return Sums{}, err
	}
	s := Sums{
		Balance: true, Credit: j.Shows("credit.limit"), Overdraw: j.Shows("credit.overdraw.limit", "credit.overdraw.expires_at"),
		Cap: j.Shows("credit.cap"), Price: j.Shows("notes.product"), Shared: j.Shows("credit.shared"),
	}
	s.Payer = payer && s.Shared
	s.Available = s.Credit && s.Overdraw && payer && (s.Cap || t.Shares.IsZero())
	s.Messages = s.Available && s.Price
	s.Limit = s.Available && j.Shows("notification_limit") && s.tells(t.Limit)
	return s, nil
}

// tells reports whether a limit may be compared with what is available: one of messages
// tells of their price.
func (s Sums) tells(limit account.NotificationLimit) bool {
	return s.Price || limit.Unit != account.UnitMessages
}

// SeesPayers reports whether the actor sees the account of an id and all further ones
// whose money is spent there: up to the first that has money of its own. So it is for
// no account.
func (j Judge) SeesPayers(ctx context.Context, id account.ID) (bool, error) {
	for range account.MaxDepth {
		if id.IsZero() {
			return true, nil
		}
		a, err := j.Client(ctx, id)
		if errors.Is(err, account.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if id = a.Parent; !a.SharesMoney() {
			return true, nil
		}
	}
	return false, nil
}

// Entry returns a line of a ledger as the actor may be told of it: of an account outside the
// scope neither the id nor what was said there.
func (j Judge) Entry(ctx context.Context, e account.Entry) (account.Entry, error) {
	var errs [2]error
	other := e.Other
	e.Other, errs[0] = j.Named(ctx, e.Other)
	e.Chain, errs[1] = j.chain(ctx, e.Chain)
	strange := e.Other != other || len(e.Chain) > 0 && e.Chain[0].IsZero()
	if _, others := account.CallerReference(e.Reference); others && strange {
		e.Reference, e.Reason, e.Hold, e.Actor, e.Second = "", "", "", account.Actor{}, account.Actor{}
	}
	return e, errors.Join(errs[:]...)
}

// Hold is money set aside as the actor may be told of it.
func (j Judge) Hold(ctx context.Context, h account.Hold) (account.Hold, error) {
	chain, err := j.chain(ctx, h.Chain)
	if h.Chain = chain; len(chain) > 0 && chain[0].IsZero() {
		h.Reference = ""
	}
	return h, err
}

// chain has zero ids in the place of accounts that the actor does not see.
func (j Judge) chain(ctx context.Context, ids []account.ID) ([]account.ID, error) {
	var told []account.ID
	for _, id := range ids {
		named, err := j.Named(ctx, id)
		if err != nil {
			return nil, err
		}
		told = append(told, named)
	}
	return told, nil
}

// Refunds reports whether the actor may give back what an entry took: of shared money
// only where they see all of its chain, since it is the last one's that grows.
func (j Judge) Refunds(ctx context.Context, e account.Entry) (bool, error) {
	if !j.MayMove(Refund) {
		return false, nil
	}
	for _, id := range e.Chain {
		if seen, err := j.SeesID(ctx, id); !seen || err != nil {
			return false, err
		}
	}
	return true, nil
}

// Event reports whether the actor may be told of an event of an account of which they may
// be told these figures. One that is not named here is told to nobody.
func (j Judge) Event(e account.Event, s Sums) bool {
	switch e.Kind {
	case account.EventLimitReached, account.EventLimitCleared:
		return s.Limit && s.tells(e.Limit)
	case account.EventOverdrawEnded:
		return s.Overdraw
	case account.EventExhausted: // does not pay for a message
		return s.Messages
	case account.EventHookOff, account.EventHookOn:
		return j.May(Webhooks) && slices.Contains(j.Hooks(), e.Hook)
	default:
		return false
	}
}
