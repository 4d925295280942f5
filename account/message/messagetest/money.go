package messagetest

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// money returns where the price is by a history.
func (h history) money() message.Money {
	a := h.admission()
	switch {
	case a == nil:
		return ""
	case h.sent() == nil && len(h.told()) > 0:
		return message.MoneyReleased
	case h.sent() == nil:
		return message.MoneyHeld
	case a.Pricing == message.PricingDelivered:
		return h.moneyByDelivered()
	case !h.givesBack():
		return message.MoneyTaken
	}
	sending := slices.IndexFunc(h, func(c call) bool { return c.sent != nil })
	if h[:sending+1].givesBack() {
		return message.MoneyReleased
	}
	return message.MoneyRefunded
}

func (h history) moneyByDelivered() message.Money {
	for _, u := range h.told() {
		switch {
		case u.State == account.StateDelivered && !u.Late:
			return message.MoneyTaken
		case u.Final():
			return message.MoneyReleased
		}
	}
	return message.MoneyHeld
}

// givesBack reports whether the policy names what a message came to that was sent.
func (h history) givesBack() bool {
	a := h.admission()
	if a.Price.IsZero() {
		return false
	}
	return slices.ContainsFunc(h.told(), func(u account.StateUpdate) bool {
		if u.Synthetic {
			return a.Refunds.Timeout
		}
		return u.Final() && a.Refunds.States.Has(u.State)
	})
}

// movement returns what moves the price from one place to another with the last call of a
// history.
func movement(from, to message.Money, h history) account.MovementKind {
	switch {
	case from == to:
		return ""
	case from == "":
		return account.KindHold
	case to == message.MoneyTaken:
		return account.KindCapture
	case to == message.MoneyRefunded:
		return account.KindRefund
	case h.holdStands():
		return account.KindRelease
	default:
		return ""
	}
}

// holdStands reports whether the hold has not timed out at the last call.
func (h history) holdStands() bool {
	terms := h.admission().Terms
	stands := sendWithin(terms) + time.Minute
	if terms.Pricing == message.PricingDelivered {
		stands += terms.Wait
	}
	return h[len(h)-1].at.Before(h.admittedAt().Add(stands))
}
