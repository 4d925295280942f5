package message

import (
	"errors"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// Bounds, in bytes.
const (
	// MaxID is the most of a message's id: with the kind of a movement behind it, it is
	// that movement's reference.
	MaxID = account.MaxReference - len("/capture")
	// MaxNetwork is the most of a network's name.
	MaxNetwork = 64
	// MaxNetworkID is the most of a network's id; SMPP has 65.
	MaxNetworkID = account.MaxReference
	// maxText is the most of the other texts.
	maxText = account.MaxReference
)

// checker gathers faults.
type checker struct{ faults account.Faults }

func (c *checker) need(ok bool, path, code string, args ...any) {
	if !ok {
		c.faults = append(c.faults, account.NewFault(path, code, args...))
	}
}

// line checks a text that may be empty.
func (c *checker) line(path, text string, most int) {
	c.need(len(text) <= most, path, "text.length", most)
	c.need(textform.IsLine(text), path, "text.chars")
}

// Faults returns everything wrong with the envelope by itself, nil for nothing. Paths are the
// names of its JSON. Whether its sender and destination will do is for the decision.
func (e Envelope) Faults() account.Faults {
	var c checker
	c.need(!e.Account.IsZero(), "account", "account.required")
	c.id(e.ID)
	c.line("client_ref", e.ClientRef, maxText)
	c.need(isChannel(e.Channel), "channel", "channel.choice")
	c.line("sender", e.Sender, maxText)
	c.line("destination", e.Destination, maxText)
	c.need(e.MCC == "" || len(e.MCC) == 3 && digits(e.MCC), "mcc", "network.mcc")
	c.need(e.MNC == "" || (len(e.MNC) == 2 || len(e.MNC) == 3) && digits(e.MNC), "mnc", "network.mnc")
	c.need(e.Currency.Name() != "", "currency", "currency.unknown")
	c.cost(e)
	return c.faults
}

// id checks a message's id: its hold's reference, and no other message's movement's.
func (c *checker) id(id string) {
	c.need(id != "", "id", "message.required")
	c.need(len(id) <= MaxID, "id", "message.id_length", MaxID)
	hold := account.Movement{Kind: account.KindRelease, Hold: id, Reference: "any", Account: account.ID{1}}
	c.need(id == "" || len(id) > MaxID || hold.Faults() == nil, "id", "message.chars")
	for _, kind := range made {
		c.need(!strings.HasSuffix(id, "/"+string(kind)), "id", "message.suffix", kind)
	}
}

func (c *checker) cost(e Envelope) {
	if e.Parts < 1 || e.Parts > account.MaxParts {
		c.need(false, "parts", "parts.range")
		return
	}
	_, err := account.Cost(e.Price, e.Parts, e.Round)
	rule, broken := errors.AsType[account.Rule](err)
	switch {
	case !broken:
	case rule == "scale":
		c.need(false, "price", "price.scale", account.MaxScale)
	default:
		c.need(false, "price", "price."+string(rule))
	}
}

func isChannel(c account.Channel) bool {
	all := account.Sending{SMPP: true, API: true, Web: true, REST: true}
	return all.Allows(c)
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// Faults returns everything wrong with the terms by themselves, nil for nothing.
func (t Terms) Faults() account.Faults {
	var c checker
	c.need(t.Pricing == "" || t.Pricing == PricingSent || t.Pricing == PricingDelivered, "pricing", "pricing.choice")
	c.need(t.SendWithin >= 0 && t.SendWithin <= MaxSendWithin, "send_within", "send_within.range", days(MaxSendWithin))
	c.need(t.Wait > 0 && t.Wait <= MaxWait, "wait", "wait.range", days(MaxWait))
	c.need(!t.Day.IsZero(), "day", "day.required")
	return c.faults
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// Faults returns everything wrong with the handover of a message of so many parts, nil for
// nothing.
func (h Handover) Faults(parts int) account.Faults {
	var c checker
	c.network(h.Network)
	c.need(len(h.IDs) <= parts, "ids", "network_ids.count", parts)
	if len(h.IDs) > parts {
		return c.faults
	}
	seen := make(map[string]bool, len(h.IDs))
	for _, id := range h.IDs {
		c.networkID("ids", id)
		c.need(!seen[id], "ids", "network_ids.twice")
		seen[id] = true
	}
	c.need(h.Part >= 0 && max(h.Part, 1)+len(h.IDs) <= parts+1, "part", "part.range")
	return c.faults
}

func (c *checker) network(name string) {
	c.need(name != "", "network", "network.required")
	c.line("network", name, MaxNetwork)
}

func (c *checker) networkID(path, id string) {
	c.need(id != "", path, "network_id.required")
	c.line(path, id, MaxNetworkID)
}

// Faults returns everything wrong with the failure, nil for nothing.
func (f Failure) Faults() account.Faults {
	var c checker
	c.need(f.State == account.StateRejected || f.State == account.StateUndeliverable, "state", "unsent.state")
	c.line("err", f.Err, maxText)
	return c.faults
}

// Faults returns everything wrong with the report, nil for nothing.
func (r NetworkReport) Faults() account.Faults {
	var c checker
	c.network(r.Network)
	c.networkID("id", r.ID)
	c.need(r.Report.State.IsKnown(), "state", "state.unknown")
	c.line("err", r.Report.Err, maxText)
	c.need(r.Report.Part >= 0 && r.Report.Part <= account.MaxParts, "part", "part.range")
	c.need(bounds.Instant(r.Report.DoneAt), "done_at", "instant.range")
	return c.faults
}
