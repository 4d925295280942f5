package message

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Envelope is what a client asked for: all of a message but its text, which is never
// kept. It does not change.
type Envelope struct {
	Account     account.ID       `json:"account"`
	ID          string           `json:"id"`         // unique within the account; its hold's reference
	ClientRef   string           `json:"client_ref"` // the client's own reference; may be empty
	Channel     account.Channel  `json:"channel"`
	Sender      string           `json:"sender"`
	Destination string           `json:"destination"`
	Parts       int              `json:"parts"` // 1 to account.MaxParts
	MCC         string           `json:"mcc"`   // text: 01 is not 1; empty: unknown
	MNC         string           `json:"mnc"`
	Price       decimal.Decimal  `json:"price"` // of one part; zero is a price
	Round       bool             `json:"round"` // the total may be rounded, see account.Cost
	Currency    account.Currency `json:"currency"`
}

// differs returns the JSON name of the first field in which two envelopes differ, empty for
// none. 1.5 and 1.50 are the same price.
func (e Envelope) differs(other Envelope) string {
	for _, field := range [...]struct {
		name string
		same bool
	}{
		{"account", e.Account == other.Account},
		{"id", e.ID == other.ID},
		{"client_ref", e.ClientRef == other.ClientRef},
		{"channel", e.Channel == other.Channel},
		{"sender", e.Sender == other.Sender},
		{"destination", e.Destination == other.Destination},
		{"parts", e.Parts == other.Parts},
		{"mcc", e.MCC == other.MCC},
		{"mnc", e.MNC == other.MNC},
		{"price", e.Price.Equal(other.Price)},
		{"round", e.Round == other.Round},
		{"currency", e.Currency == other.Currency},
	} {
		if !field.same {
			return field.name
		}
	}
	return ""
}

// Cost returns what the message costs: its parts times the price.
func (e Envelope) Cost() decimal.Decimal {
	cost, err := account.Cost(e.Price, e.Parts, e.Round)
	if err != nil { // Admitted takes no such message
		return decimal.Zero
	}
	return cost
}

// Terms are what was agreed of a message when it was admitted, by the account's settings
// and its product's as they were then. Later edits concern later messages.
type Terms struct {
	Pricing Pricing              `json:"pricing"`
	Refunds account.RefundPolicy `json:"refunds"` // of PricingSent: for which ends money is given back
	// SendWithin is the time to hand it to a network, up to MaxSendWithin: zero is
	// account.DefaultHoldTimeout.
	SendWithin time.Duration `json:"send_within"`
	Wait       time.Duration `json:"wait"` // for reports, from Sent on; up to MaxWait, never zero
	Day        account.Date  `json:"day"`  // the client's civil day, under which figures count it
}

// TermsOf returns the terms of an account for a message that is admitted now: pricing and
// refunds as its product has them, its days of waiting for reports, and the day on its clock.
// The time to send is the caller's to add.
func TermsOf(c account.Client, now time.Time) Terms {
	return Terms{
		Pricing: c.Settings.Pricing.Value, Refunds: c.Settings.Refunds.Value,
		Wait: c.Settings.DLRDeadline(now).Sub(now), Day: account.DateOf(now, c.Zone),
	}
}

// Bounds of the terms.
const (
	// MaxSendWithin is the longest time to hand a message to a network.
	MaxSendWithin = 30 * 24 * time.Hour
	// MaxWait is the longest wait for reports.
	MaxWait = 30 * 24 * time.Hour
)

// holdMargin is how much longer than needed a hold stands, so that what is decided at the
// last moment can still be captured.
const holdMargin = time.Minute

func (t Terms) sendWithin() time.Duration {
	if t.SendWithin == 0 {
		return account.DefaultHoldTimeout
	}
	return t.SendWithin
}

// HoldFor returns how long the hold of such a message has to stand.
func (t Terms) HoldFor() time.Duration {
	hold := t.sendWithin() + holdMargin
	if t.Pricing == PricingDelivered {
		hold += t.Wait
	}
	return hold
}

// Pricing is what a client pays for.
type Pricing = account.Pricing

// The ways of pricing, as account has them. The zero Pricing counts as PricingSent.
const (
	PricingSent      = account.PricingSent
	PricingDelivered = account.PricingDelivered
)

// Message is what is kept of a message. The zero Message is one that is not known yet.
// A Message is a value: calls return the next one and leave it as it was.
type Message struct {
	Envelope
	Terms
	Version    int64            `json:"version"` // moves on with every step that changes anything
	AdmittedAt time.Time        `json:"admitted_at"`
	SentAt     time.Time        `json:"sent_at"`  // when Sent was first said; zero: it was not
	EndedAt    time.Time        `json:"ended_at"` // when it came to its end, or its time did; zero: it has not
	Err        string           `json:"err"`      // the error code of State
	Tracking   account.Tracking `json:"tracking"` // until it is sent, its deadline is that of sending
	Money      Money            `json:"money"`
	NetworkIDs NetworkIDs       `json:"network_ids"`
	Entries    Entries          `json:"entries"`
}

// Entries are the numbers of a message's entries in its account's ledger, 0 for none.
type Entries struct {
	Hold   int64 `json:"hold"`
	End    int64 `json:"end"` // of the hold: its capture or release
	Refund int64 `json:"refund"`
}

// Note keeps the number of an entry that a step's movement, or the hold's time-out, became.
func (m *Message) Note(e account.Entry) {
	switch traits := e.Kind.Traits(); {
	case traits.Makes:
		m.Entries.Hold = e.Number
	case traits.Ends:
		m.Entries.End = e.Number
	case traits.Refunds:
		m.Entries.Refund = e.Number
	}
}

// Stage is how far a message has come. The stage of the zero Message is empty.
type Stage string

// The stages. A message leaves StageHeld in one of three ways, and StageSent in one.
const (
	StageHeld     Stage = "held"      // admitted, and to be handed to a network
	StageSent     Stage = "sent"      // handed over; reports are waited for
	StageEnded    Stage = "ended"     // its last report has come, or the deadline
	StageUnsent   Stage = "unsent"    // it could not be handed over
	StageTimedOut Stage = "timed_out" // it was not handed over in time
)

// isKnown reports whether there is such a stage, or it is empty.
func (s Stage) isKnown() bool {
	switch s {
	case "", StageHeld, StageSent, StageEnded, StageUnsent, StageTimedOut:
		return true
	}
	return false
}

// Stage returns how far the message has come by the calls that were made: time that has passed
// since counts with the next one.
func (m Message) Stage() Stage {
	switch over, sent := m.over(), !m.SentAt.IsZero(); {
	case m.ID == "":
		return ""
	case sent && over:
		return StageEnded
	case sent:
		return StageSent
	case m.Tracking.Reported:
		return StageUnsent
	case over:
		return StageTimedOut
	default:
		return StageHeld
	}
}

// over reports whether a final state was told.
func (m *Message) over() bool { return m.Tracking.Reported || m.Tracking.TimedOut }

// State returns what the client was told last, late reports apart; SCHEDULED before the first.
func (m Message) State() account.MessageState { return m.Tracking.State }

// IsSent reports whether it was handed to a network: it is not to be sent again.
func (m Message) IsSent() bool { return !m.SentAt.IsZero() }

// Due returns when At next does something, zero for never.
func (m Message) Due() time.Time {
	if m.over() {
		return time.Time{}
	}
	return m.Tracking.Deadline
}

// KeepFor is for how long a message that has ended is kept by default.
const KeepFor = 30 * 24 * time.Hour

// Purgeable reports whether a message that is kept for so long after its end may go.
func (m Message) Purgeable(now time.Time, keep time.Duration) bool {
	return !m.EndedAt.IsZero() && !now.Before(m.EndedAt.Add(keep))
}
