package main

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// outcome is what has to come of a message. It is worked out by what the documentation of the
// library says, and not by the library.
type outcome struct {
	state account.MessageState                   // told in time, or EXPIRED
	late  account.Optional[account.MessageState] // told after that
	sent  bool                                   // the network took it
	over  bool                                   // the wait for reports was, before the last of them came
}

// outcome returns what has to come of the fate.
func (f fate) outcome() outcome {
	if f.rejects != "" {
		return outcome{state: account.StateRejected}
	}
	if state, all := f.worst(f.reports); all {
		return outcome{state: state, sent: true}
	}
	o := outcome{state: account.StateExpired, sent: true, over: true}
	if state, all := f.worst(slices.Concat(f.reports, f.late)); all {
		o.late = account.Some(state)
	}
	return o
}

// badness orders final states, from the best.
var badness = []account.MessageState{
	account.StateDelivered, account.StateAccepted, account.StateExpired, account.StateDeleted,
	account.StateSkipped, account.StateUndeliverable, account.StateRejected,
}

// worst returns the worst of the first final states of each part, and whether all have one.
func (f fate) worst(reports []planned) (account.MessageState, bool) {
	type unit struct {
		id   string
		part int
	}
	first := map[unit]account.MessageState{}
	worst := 0
	for _, p := range reports {
		u := unit{p.id, p.report.Part}
		if _, heard := first[u]; p.report.Final() && !heard {
			first[u] = p.report.State
			worst = max(worst, slices.Index(badness, p.report.State))
		}
	}
	return badness[worst], len(first) == f.units
}

// pays reports whether the client has paid for it at last, and got nothing back.
func (o outcome) pays(product account.Product) bool {
	policy := product.Refunds
	late, isLate := o.late.Get()
	switch {
	case !o.sent:
		return false
	case product.Pricing == account.PricingDelivered:
		return !o.over && o.state == account.StateDelivered
	case o.over:
		return !policy.Timeout && !(isLate && policy.States.Has(late))
	default:
		return !policy.States.Has(o.state)
	}
}
