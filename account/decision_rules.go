package account

import (
	"errors"
	"time"
)

// Each function below is one rule of the decision. It adds a finding for everything
// that it has against the message, and nothing when it is content.

// checkStatus: only active accounts send, beneath active ones. Every cause speaks.
func (d *Decision) checkStatus(c *Client, now time.Time) {
	d.addCauses(&c.Account, false, now)
	for i := range c.Above {
		d.addCauses(&c.Above[i], true, now)
	}
}

func (d *Decision) addCauses(a *Account, above bool, now time.Time) {
	for _, cause := range a.appendCauses(nil, now) {
		code, path := "status.unknown", "status"
		switch cause.Status {
		case StatusPending, StatusSuspended, StatusBlocked, StatusClosed:
			code = "status." + string(cause.Status)
		case StatusExpired:
			code, path = "status.expired", "expires_at"
		}
		d.add(VerdictRefuse, Finding{Code: code, Path: path, Account: a.ID, Above: above})
	}
}

// checkChannel: the channel must be open to the client and to everyone above.
func (d *Decision) checkChannel(c *Client, channel Channel) {
	if !channel.known() {
		d.add(VerdictRefuse, Finding{Code: "channel.unknown", Account: c.Account.ID})
		return
	}
	if !c.Account.Sending.Allows(channel) {
		d.add(VerdictRefuse, Finding{Code: "channel.off", Path: channel.field(), Account: c.Account.ID})
	}
	for i := range c.Above {
		if above := &c.Above[i]; !above.Sending.Allows(channel) {
			d.add(VerdictRefuse, Finding{Code: "channel.parent_off", Path: channel.field(), Account: above.ID, Above: true})
		}
	}
}

// checkMessage: a message has somewhere to go, and parts. Its network, where it is named, has
// codes that there can be: a mistaken one would cost what another network does.
func (d *Decision) checkMessage(r *Request) {
	if !validDestination(r.Destination) {
		d.add(VerdictRefuse, Finding{Code: "destination.invalid"})
	}
	if !r.hasNetwork() {
		d.add(VerdictRefuse, Finding{Code: "network.invalid"})
	}
	if !r.hasParts() {
		d.add(VerdictRefuse, Finding{Code: "parts.range"})
	}
}

// hasNetwork reports whether MCC and MNC are of a network, of a country, or both empty.
func (r *Request) hasNetwork() bool {
	if r.MCC == "" {
		return r.MNC == ""
	}
	mnc := r.MNC == "" || (len(r.MNC) == 2 || len(r.MNC) == 3) && allDigits(r.MNC)
	return len(r.MCC) == 3 && allDigits(r.MCC) && mnc
}

func (r *Request) hasParts() bool { return r.Parts >= 1 && r.Parts <= MaxParts }

// checkTime: outside of the time of dispatch a message waits for the next opening,
// if it is still valid then. Without the client's clock nobody knows the hours, and
// nothing goes, also where they are always open.
func (d *Decision) checkTime(c *Client, validUntil, now time.Time) {
	expired := !validUntil.IsZero() && now.After(validUntil)
	if expired {
		d.add(VerdictRefuse, Finding{Code: "time.expired"})
	}
	if c.Zone == nil {
		d.add(VerdictRefuse, Finding{Code: "time.zone_unknown", Path: "time_zone", Account: c.Account.ID})
	}
	if expired || c.Zone == nil {
		return
	}
	finding := Finding{Path: "dispatch", Account: c.Account.ID}
	opens, ever := c.Account.Core.Dispatch.NextOpen(now, c.Zone)
	finding.Opens = opens
	switch {
	case !ever:
		finding.Code = "time.never"
		d.add(VerdictRefuse, finding)
	case opens.Equal(now):
	case !validUntil.IsZero() && opens.After(validUntil):
		finding.Code = "time.too_late"
		d.add(VerdictRefuse, finding)
	default:
		finding.Code = "time.closed"
		d.add(VerdictDefer, finding)
	}
}

// checkSender: the sender must be valid, and approved unless any may be used.
func (d *Decision) checkSender(c *Client, sender string) {
	switch routing := &c.Account.Routing; {
	case !ValidSender(sender):
		d.add(VerdictRefuse, Finding{Code: "sender.invalid"})
	case !routing.DynamicSender && !routing.Senders.Has(sender):
		d.add(VerdictRefuse, Finding{Code: "sender.not_approved", Path: "routing.senders", Account: c.Account.ID})
	}
}

// checkModeration: a person reviews every message, or those that the content check
// flags. A setting that is not known is taken for the stricter one.
func (d *Decision) checkModeration(c *Client, r *Request) {
	finding := Finding{Path: "moderation", Account: c.Account.ID}
	switch mode := c.Settings.Moderation.Value; {
	case r.Reviewed, mode == ModerationNone, mode == ModerationAutomatic && !r.Flagged:
		return
	case mode == ModerationAutomatic:
		finding.Code = "moderation.flagged"
	default:
		finding.Code = "moderation.manual"
	}
	d.add(VerdictReview, finding)
}

// checkLists: the client may be free of the platform's blacklist, but nobody is free
// of what recipients and the law say.
func (d *Decision) checkLists(c *Client, r *Request) {
	if r.Blacklisted && !c.Account.Routing.BypassBlacklist {
		d.add(VerdictRefuse, Finding{Code: "blacklist.hit", Path: "routing.bypass_blacklist", Account: c.Account.ID})
	}
	if r.OptedOut {
		d.add(VerdictRefuse, Finding{Code: "optout.hit"})
	}
	if r.Barred {
		d.add(VerdictRefuse, Finding{Code: "legal.hit"})
	}
}

// checkFunds: the price must be known, and what it comes to available. What is
// wrong with the parts has been said, and then only the price is checked.
func (d *Decision) checkFunds(c *Client, r *Request) {
	price, known := d.price.Get()
	switch {
	case !known:
		d.add(VerdictRefuse, Finding{Code: "price.unknown"})
		return
	case r.hasParts() && surelyCovers(c.Available, price, r.Parts):
		return
	}
	parts := r.Parts
	if !r.hasParts() {
		parts = 1
	}
	cost, err := Cost(price, parts, r.Round)
	if rule, broken := errors.AsType[Rule](err); broken {
		d.add(VerdictRefuse, Finding{Code: "price." + string(rule)})
		return
	}
	if r.hasParts() && cost.GreaterThan(c.Available) {
		d.add(VerdictRefuse, Finding{Code: "credit.exhausted", Account: c.Account.ID, Needed: cost, Available: c.Available})
	}
}
