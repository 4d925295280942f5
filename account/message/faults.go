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

// judge gathers faults.
type judge struct{ faults account.Faults }

func (j *judge) need(ok bool, path, code string, args ...any) {
	if !ok {
		j.faults = append(j.faults, account.NewFault(path, code, args...))
	}
}

// line judges a text that may be empty.
func (j *judge) line(path, text string, most int) {
	j.need(len(text) <= most, path, "text.length", most)
	j.need(textform.IsLine(text), path, "text.chars")
}

// Faults is everything wrong with the envelope by itself, nil for nothing. Paths are the
// names of its JSON. Whether its sender and destination will do is for the decision.
func (e Envelope) Faults() account.Faults {
	var j judge
	j.need(!e.Account.IsZero(), "account", "account.required")
	j.id(e.ID)
	j.line("client_ref", e.ClientRef, maxText)
	j.need(isChannel(e.Channel), "channel", "channel.choice")
	j.line("sender", e.Sender, maxText)
	j.line("destination", e.Destination, maxText)
	j.need(e.MCC == "" || len(e.MCC) == 3 && digits(e.MCC), "mcc", "network.mcc")
	j.need(e.MNC == "" || (len(e.MNC) == 2 || len(e.MNC) == 3) && digits(e.MNC), "mnc", "network.mnc")
	j.need(e.Currency.Name() != "", "currency", "currency.unknown")
	j.cost(e)
	return j.faults
}

// id judges a message's id: its hold's reference, and no other message's movement's.
func (j *judge) id(id string) {
	j.need(id != "", "id", "message.required")
	j.need(len(id) <= MaxID, "id", "message.id_length", MaxID)
	hold := account.Movement{Kind: account.KindRelease, Hold: id, Reference: "any", Account: account.ID{1}}
	j.need(id == "" || len(id) > MaxID || hold.Faults() == nil, "id", "message.chars")
	for _, kind := range made {
		j.need(!strings.HasSuffix(id, "/"+string(kind)), "id", "message.suffix", kind)
	}
}

func (j *judge) cost(e Envelope) {
	if e.Parts < 1 || e.Parts > account.MaxParts {
		j.need(false, "parts", "parts.range")
		return
	}
	_, err := account.Cost(e.Price, e.Parts, e.Round)
	rule, broken := errors.AsType[account.Rule](err)
	switch {
	case !broken:
	case rule == "scale":
		j.need(false, "price", "price.scale", account.MaxScale)
	default:
		j.need(false, "price", "price."+string(rule))
	}
}

func isChannel(c account.Channel) bool {
	all := account.Sending{SMPP: true, API: true, Web: true, REST: true}
	return all.Allows(c)
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// Faults is everything wrong with the terms by themselves, nil for nothing.
func (t Terms) Faults() account.Faults {
	var j judge
	j.need(t.Pricing == "" || t.Pricing == PricingSent || t.Pricing == PricingDelivered, "pricing", "pricing.choice")
	j.need(t.SendWithin >= 0 && t.SendWithin <= MaxSendWithin, "send_within", "send_within.range", days(MaxSendWithin))
	j.need(t.Wait > 0 && t.Wait <= MaxWait, "wait", "wait.range", days(MaxWait))
	j.need(!t.Day.IsZero(), "day", "day.required")
	return j.faults
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// Faults is everything wrong with the handover of a message of so many parts, nil for
// nothing.
func (h Handover) Faults(parts int) account.Faults {
	var j judge
	j.network(h.Network)
	j.need(len(h.IDs) <= parts, "ids", "network_ids.count", parts)
	if len(h.IDs) > parts {
		return j.faults
	}
	seen := make(map[string]bool, len(h.IDs))
	for _, id := range h.IDs {
		j.networkID("ids", id)
		j.need(!seen[id], "ids", "network_ids.twice")
		seen[id] = true
	}
	j.need(h.Part >= 0 && max(h.Part, 1)+len(h.IDs) <= parts+1, "part", "part.range")
	return j.faults
}

func (j *judge) network(name string) {
	j.need(name != "", "network", "network.required")
	j.line("network", name, MaxNetwork)
}

func (j *judge) networkID(path, id string) {
	j.need(id != "", path, "network_id.required")
	j.line(path, id, MaxNetworkID)
}

// Faults is everything wrong with the failure, nil for nothing.
func (f Failure) Faults() account.Faults {
	var j judge
	j.need(f.State == account.StateRejected || f.State == account.StateUndeliverable, "state", "unsent.state")
	j.line("err", f.Err, maxText)
	return j.faults
}

// Faults is everything wrong with the report, nil for nothing.
func (r NetworkReport) Faults() account.Faults {
	var j judge
	j.network(r.Network)
	j.networkID("id", r.ID)
	j.need(r.Report.State.IsKnown(), "state", "state.unknown")
	j.line("err", r.Report.Err, maxText)
	j.need(r.Report.Part >= 0 && r.Report.Part <= account.MaxParts, "part", "part.range")
	j.need(bounds.Instant(r.Report.DoneAt), "done_at", "instant.range")
	return j.faults
}
