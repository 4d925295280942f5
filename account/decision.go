package account

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Request is one message that a client wants to send, with what the host knows of it.
type Request struct {
	Channel     Channel                   `json:"channel"`     // by which it was handed over
	Sender      string                    `json:"sender"`      // the name or number it comes from
	Destination string                    `json:"destination"` // the number it goes to, as E.164
	Parts       int                       `json:"parts"`       // 1 to MaxParts
	Price       Optional[decimal.Decimal] `json:"price"`       // of one part, in the account's currency; unset: that of the price lists
	MCC         string                    `json:"mcc"`         // of the destination's network, by which the price is found; empty: unknown
	MNC         string                    `json:"mnc"`
	Round       bool                      `json:"round"`       // the total may be rounded to MaxScale places
	Priority    Optional[int]             `json:"priority"`    // the one asked for; unset: the account's
	ValidUntil  time.Time                 `json:"valid_until"` // the last instant at which it may go; zero: no end

	Flagged     bool `json:"flagged"`     // the host's content check wants a person to look
	Reviewed    bool `json:"reviewed"`    // a person has looked, and lets it pass
	Blacklisted bool `json:"blacklisted"` // the destination is on the platform's blacklist
	OptedOut    bool `json:"opted_out"`   // the recipient wants nothing from this sender
	Barred      bool `json:"barred"`      // a legal list forbids it
}

// Client is what a decision must know about who sends. Build it with [NewClient];
// the zero Client may send nothing. A Client may be kept and shared between
// goroutines as long as nobody changes it.
type Client struct {
	Account  Account        `json:"account"`
	Above    []Account      `json:"above"`    // the accounts above it, the nearest first
	Settings Settings       `json:"settings"` // its effective ones
	Zone     *time.Location `json:"-"`        // its clock; nil: not known on this machine, and nothing goes
	// Available is what may be spent at the instant of the decision, by the money
	// rule and, of shared money, at most what is left of the cap.
	Available decimal.Decimal `json:"available"`
	// PriceAt finds what one part to a network costs at an instant, where a request names the
	// network and no price: unset where there is none. Nil: there are no price lists.
	PriceAt func(mcc, mnc string, at time.Time) Optional[decimal.Decimal] `json:"-"`
}

// NewClient gathers a Client; a nil product gives no settings. It loads the account's
// zone, which is worth keeping for the next message.
func NewClient(a Account, p *Product, above []Account, available decimal.Decimal) Client {
	zone, _ := a.Location() // Decide says that there is none
	return Client{
		Account: a, Above: above, Settings: EffectiveSettings(a, p), Zone: zone, Available: available,
	}
}

// Verdict is what is to be done with a message.
type Verdict string

// The verdicts, from the mildest to the last word. Of several rules that speak, the
// one with the last word counts: a person who must review a message may do so while
// the hours are closed, and a message that is refused needs neither.
const (
	VerdictAccept Verdict = "accept"
	VerdictDefer  Verdict = "defer"  // decide again at Decision.Until
	VerdictReview Verdict = "review" // a person looks; then decide again, as Reviewed
	VerdictRefuse Verdict = "refuse"
)

// VerdictSent is said of a message that was accepted, sent and paid for before: it is
// neither to be sent again nor is its client to be told that it was refused. A decision
// alone never says so, only Service.Admit, which knows what was paid for.
const VerdictSent Verdict = "sent"

var verdictOrder = []Verdict{VerdictAccept, VerdictDefer, VerdictReview, VerdictRefuse}

// Decision is the answer about one message. It is a plain value.
type Decision struct {
	Verdict  Verdict
	Until    time.Time // of VerdictDefer: the next opening, in UTC
	Priority int       // the one that counts: min(requested, the account's)
	Findings []Finding // every rule that spoke, in the order of the rules; nil when accepted

	price Optional[decimal.Decimal]
	parts int
	round bool
}

// Decide reports whether a message may go at an instant, and everything that stands in
// its way: status, channel, destination, network and parts, time, sender, moderation,
// blacklist, funds. It is accepted if and only if no rule speaks. Accepting
// allocates nothing. A request without a price has that of the price lists, by its MCC.
func (c *Client) Decide(r Request, now time.Time) Decision {
	d := Decision{
		Verdict: VerdictAccept, Priority: clampPriority(r.Priority, c.Settings.Priority.Value),
		price: c.priceOf(&r, now), parts: r.Parts, round: r.Round,
	}
	d.checkStatus(c, now)
	d.checkChannel(c, r.Channel)
	d.checkMessage(&r)
	d.checkTime(c, r.ValidUntil, now)
	d.checkSender(c, r.Sender)
	d.checkModeration(c, &r)
	d.checkLists(c, &r)
	d.checkFunds(c, &r)
	return d
}

// NeedsPrice reports whether the request's price is to be found in the price lists.
func (r *Request) NeedsPrice() bool { return r.Price.IsZero() && r.MCC != "" }

// priceOf returns the price of one part that counts.
func (c *Client) priceOf(r *Request, now time.Time) Optional[decimal.Decimal] {
	if c.PriceAt == nil || !r.NeedsPrice() || !r.hasNetwork() {
		return r.Price
	}
	return c.PriceAt(r.MCC, r.MNC, now)
}

// Has reports whether a rule spoke with this code.
func (d Decision) Has(code string) bool {
	return slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Code == code })
}

// Price returns what one part costs, as the request or a price list has it; false where neither
// has.
func (d Decision) Price() (decimal.Decimal, bool) { return d.price.Get() }

// Cost returns parts x price, as it is to be charged; false when there is none, because
// the price is unknown or a rule found fault with it.
func (d Decision) Cost() (decimal.Decimal, bool) {
	price, known := d.price.Get()
	if !known {
		return decimal.Zero, false
	}
	cost, err := Cost(price, d.parts, d.round)
	return cost, err == nil
}

// add notes that a rule spoke, and lets the last word count.
func (d *Decision) add(v Verdict, f Finding) {
	f.Verdict = v
	d.Findings = append(d.Findings, f)
	if slices.Index(verdictOrder, v) > slices.Index(verdictOrder, d.Verdict) {
		d.Verdict = v
	}
	d.Until = time.Time{}
	if d.Verdict == VerdictDefer {
		d.Until = f.Opens
	}
}

// clampPriority returns min(requested, ceiling); nothing is below 0.
func clampPriority(requested Optional[int], ceiling int) int {
	return max(0, min(requested.Or(ceiling), ceiling))
}

// MOGoesToSMPP says where an incoming message goes: to the client's SMPP session, or
// else to the URLs for incoming messages; never to both. A session needs Can Send via
// SMPP, the client's own and that of all accounts above.
func (c Client) MOGoesToSMPP() bool {
	off := func(above Account) bool { return !above.Sending.SMPP }
	return c.Account.MOGoesToSMPP() && !slices.ContainsFunc(c.Above, off)
}
