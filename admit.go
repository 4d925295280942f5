package clientaccount

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// Admission says what to do with a message. Its verdict is one of three things:
//
//   - account.VerdictAccept: send it. Hold stands, made now or, Repeated, before.
//   - account.VerdictSent: it was sent before, and paid for; Hold is what it was held
//     by. Send nothing, and answer the client as they were answered then.
//   - any other: do not send it. The findings say why, and Until when to ask again.
//
// The zero Admission says not to send.
type Admission struct {
	account.Decision
	Hold Receipt // the hold of an accepted message, or of one that was sent; else zero
	// Message is the message of an accepted request, or of one that was sent, where it is
	// kept; else zero.
	Message message.Message
}

// admissionJSON is an admission with the parts of its decision on their own.
type admissionJSON struct {
	Decision account.Decision `json:"decision"`
	Hold     Receipt          `json:"hold"`
	Message  message.Message  `json:"message"`
}

// MarshalJSON returns the decision and the hold.
func (a Admission) MarshalJSON() ([]byte, error) {
	return json.Marshal(admissionJSON{a.Decision, a.Hold, a.Message})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Admission) UnmarshalJSON(text []byte) error {
	var read admissionJSON
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*a = Admission{read.Decision, read.Hold, read.Message}
	return nil
}

// MessageHold is what a caller says of the hold that [Service.Admit] takes for a message. The
// price is that of the request, or found by it.
type MessageHold struct {
	Reference string           `json:"reference"` // the caller's own name for the message, unique per account, kept for good
	Timeout   time.Duration    `json:"timeout"`   // for how long the hold stands; zero is account.DefaultHoldTimeout
	Currency  account.Currency `json:"currency"`  // if given, it must be the account's
	Actor     account.Actor    `json:"actor"`
	Reason    string           `json:"reason"`
	// Keep has the message kept, under its reference as its id; nil: the host keeps it.
	// Timeout is then the time to hand it to a network.
	Keep *Keep `json:"keep"`
}

// Send reports whether the message is to be sent now.
func (a Admission) Send() bool { return a.Verdict == account.VerdictAccept }

// Admit decides, and takes the hold for an accepted message in the same step: what it
// says to send is paid for. The price is that of the request, else of the price lists. When the
// money went meanwhile, the decision says so.
//
// Asked again with the same reference it says what became of the hold, whatever would be
// decided now: to send while the hold stands, and that the message was sent once it was
// captured, refunded or not. It is account.ErrHold where the hold was released or timed
// out: nothing is held, so nothing is to be sent, and another attempt needs a reference of
// its own. It is account.ErrReused where the reference is that of another price or number
// of parts, or of no hold at all. A request without a price is on the terms of the first time,
// whatever the price lists say by now: Hold has what is held.
//
// Callers that ask at once with one reference share one hold, and are all told to send:
// which of them does is for the host to say, see examples/gateway.
//
// With MessageHold.Keep the message is kept, in the same step, and goes on by Sent or Unsent.
// The reference, its id, is then that of this message alone: another content is a
// *[message.ContradictionError], and so is, as account.ErrHold, a message that ended without
// being sent. Asked again it is on the terms of the first time, and needs no price; once the
// message was removed, it is account.ErrReused. A hold
// of the reference that was made without Keep stands for itself: it is told as above, and
// no message is kept.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrHold], [account.ErrReused],
// [message.ErrContradiction], [account.ErrZone], [account.ErrConflict], [ErrNoMessages],
// [ErrUnknown], [ErrNested], [ErrStopped].
func (s *Service) Admit(ctx context.Context, id account.ID, r account.Request, h MessageHold) (Admission, error) {
	if h.Keep != nil {
		return s.admitKept(ctx, id, r, h)
	}
	asked := plainHold(id, r, h)
	hold := asked
	checked, unsound := committer.Check(hold)
	if faults := holdFaults(unsound); len(faults) > 0 {
		return Admission{}, faults
	}
	_, decision, err := s.decideToHold(ctx, id, r, s.now())
	if err != nil {
		return Admission{}, err
	}
	if decision.Verdict != account.VerdictAccept {
		return s.admittedBefore(ctx, decision, asked)
	}
	if price, found := decision.Price(); found && r.NeedsPrice() {
		hold.Price = account.Some(price)
		checked, unsound = committer.Check(hold)
	}
	if unsound != nil {
		return Admission{}, unsound
	}
	receipt, err := s.move(ctx, checked)
	exhausted, short := errors.AsType[*account.ExhaustedError](err)
	switch {
	case err == nil:
		return admission(decision, receipt)
	case errors.Is(err, account.ErrReused) && r.NeedsPrice(): // maybe at the price of then
		return s.admittedBefore(ctx, decision, asked)
	case short:
		return s.decideWith(ctx, id, r, exhausted.Available)
	case errors.Is(err, account.ErrClosed): // a moment ago, elsewhere
		return s.decideAnew(ctx, id, r)
	default:
		return Admission{}, err
	}
}

// plainHold returns the movement that holds the price of a message that the host keeps.
func plainHold(id account.ID, r account.Request, h MessageHold) account.Movement {
	return plainText(account.Movement{
		Kind: account.KindHold, Account: id, Price: r.Price, Messages: int64(r.Parts), Round: r.Round,
		Currency: h.Currency, Reference: h.Reference, Actor: h.Actor, Reason: h.Reason, Timeout: h.Timeout,
	})
}

// holdFaults returns those of what the caller says of the hold; the decision checks the rest.
func holdFaults(unsound error) account.Faults {
	faults, _ := account.AsFaults(unsound)
	return slices.DeleteFunc(slices.Clone(faults), func(f account.Fault) bool {
		return f.Path == "amount" || f.Path == "price" || f.Path == "messages"
	})
}

// admission returns what a hold means that was made for a message, now or before.
func admission(d account.Decision, receipt Receipt) (Admission, error) {
	d.Findings, d.Until = nil, time.Time{}
	switch ended := receipt.Ended; {
	case ended == "":
		d.Verdict = account.VerdictAccept
	case ended.Traits().Balance < 0: // it was captured
		d.Verdict = account.VerdictSent
	default:
		return Admission{}, account.ErrHold
	}
	return Admission{Decision: d, Hold: receipt}, nil
}

// refusal returns a decision without a hold. One that accepts after all, since something
// changed again, lost a race.
func refusal(d account.Decision, err error) (Admission, error) {
	if err == nil && d.Verdict == account.VerdictAccept {
		err = account.ErrConflict
	}
	if err != nil {
		return Admission{}, err
	}
	return Admission{Decision: d}, nil
}

// admittedBefore looks whether the hold of a message that would not be accepted now was
// made before.
func (s *Service) admittedBefore(ctx context.Context, d account.Decision, hold account.Movement) (Admission, error) {
	found, err := s.stored().Ledger(ctx, []store.Lookup{{Account: hold.Account, References: []string{hold.Reference}}})
	switch {
	case err != nil:
		return Admission{}, err
	case len(found[0].Used) == 0:
		return refusal(d, nil)
	default:
		return s.heldBefore(ctx, d, hold, found[0].Used[0])
	}
}

// heldBefore returns what an earlier entry under the reference of a hold means. A hold without a
// price is asked for at that of the entry.
func (s *Service) heldBefore(ctx context.Context, d account.Decision, hold account.Movement, made account.Entry) (Admission, error) {
	if hold.Price.IsZero() && made.Messages > 0 {
		hold.Price = account.Some(priceOf(made))
	}
	if made.Fingerprint != ledger.Fingerprint(hold) {
		return Admission{}, account.ErrReused
	}
	ended, err := s.holdEnd(ctx, made)
	if err != nil {
		return Admission{}, err
	}
	return admission(d, Receipt{Entry: made, Repeated: true, Ended: ended})
}

// priceOf returns what one part cost by the entry of a hold, exactly: it has no more places than
// a row of a price list, or is not the price.
func priceOf(made account.Entry) decimal.Decimal {
	cost := made.Held
	if made.IsShared() {
		cost = made.Spent
	}
	return cost.DivRound(decimal.NewFromInt(made.Messages), account.MaxScale)
}

// Admit of a message that is to be kept.

// keptRequest is what Admit was asked for.
type keptRequest struct {
	request  account.Request
	hold     MessageHold
	envelope message.Envelope
	terms    message.Terms
}

// notAdmittedError says that no message is kept: held is the entry under its id, if there is
// one.
type notAdmittedError struct{ held *account.Entry }

func (*notAdmittedError) Error() string { return "clientaccount: the message is not kept" }

// admitKept is Admit of a message that is to be kept.
func (s *Service) admitKept(ctx context.Context, id account.ID, r account.Request, h MessageHold) (Admission, error) {
	if _, err := s.messages(); err != nil {
		return Admission{}, err
	}
	if err := s.calls.Check(s.store); err != nil {
		return Admission{}, err
	}
	k := newKeptRequest(id, r, h)
	unsound := k.faults()
	if faults := callersFaults(unsound); len(faults) > 0 {
		return Admission{}, faults
	}
	now := s.now()
	client, decision, err := s.decideToHold(ctx, id, r, now)
	if err != nil {
		return Admission{}, err
	}
	k.of(client, now)
	if price, found := decision.Price(); found {
		k.envelope.Price = price
	}
	if decision.Verdict == account.VerdictAccept && len(unsound) > 0 {
		return Admission{}, unsound
	}
	kept, err := s.keepAdmitted(ctx, k, client, decision.Verdict == account.VerdictAccept)
	none, absent := errors.AsType[*notAdmittedError](err)
	exhausted, short := errors.AsType[*account.ExhaustedError](err)
	switch {
	case err == nil:
		return keptAdmission(decision, &kept), nil
	case absent && none.held != nil:
		return s.heldBefore(ctx, decision, plainHold(id, r, h), *none.held)
	case absent:
		return refusal(decision, nil)
	case short:
		return s.decideWith(ctx, id, r, exhausted.Available)
	case errors.Is(err, account.ErrClosed): // a moment ago, elsewhere
		return s.decideAnew(ctx, id, r)
	default:
		return Admission{}, err
	}
}

// newKeptRequest returns a request with its texts in their one form, without what only the
// account tells.
func newKeptRequest(id account.ID, r account.Request, h MessageHold) *keptRequest {
	k := &keptRequest{request: r, hold: h}
	k.hold.Actor, k.hold.Reason = actorText(h.Actor), validate.Text(h.Reason)
	k.envelope = message.Envelope{
		Account: id, ID: validate.Text(h.Reference), ClientRef: validate.Text(h.Keep.ClientRef), Channel: r.Channel,
		Sender: validate.Text(r.Sender), Destination: validate.Text(r.Destination), Parts: r.Parts,
		MCC: r.MCC, MNC: r.MNC, Price: r.Price.Or(decimal.Zero), Round: r.Round, Currency: h.Currency,
	}
	k.terms = message.Terms{Pricing: h.Keep.Pricing, SendWithin: h.Timeout}
	return k
}

// of adds what the account and its product say.
func (k *keptRequest) of(c account.Client, now time.Time) {
	if k.envelope.Currency == "" {
		k.envelope.Currency = c.Account.Core.Currency
	}
	terms := message.TermsOf(c, now)
	terms.SendWithin = k.terms.SendWithin
	terms.Pricing = cmp.Or(k.terms.Pricing, terms.Pricing)
	terms.Refunds = k.hold.Keep.Refunds.Or(terms.Refunds)
	k.terms = terms
}

// admitted returns what follows for the message as it is kept. One that is kept already is a
// repeat on its own terms, and at its own price where the request has none.
func (k *keptRequest) admitted(on committer.Case) (message.Step, error) {
	e, terms := k.envelope, k.terms
	switch kept := on.Message.ID != ""; {
	case kept:
		terms, e.Price = on.Message.Terms, k.request.Price.Or(on.Message.Price)
	case on.Hold != nil:
		return message.Step{}, &notAdmittedError{on.Hold}
	}
	step, err := on.Message.Admitted(e, terms, on.Now)
	if step.Movement.Kind.Traits().Makes {
		step.Movement.Actor, step.Movement.Reason = k.hold.Actor, k.hold.Reason
	}
	return step, err
}

// keepAdmitted makes the message where it is accepted; else it is only looked for.
func (s *Service) keepAdmitted(ctx context.Context, k *keptRequest, c account.Client, accepted bool) (committer.Kept, error) {
	kept, err := s.committer.Keep(ctx, committer.Call{
		Account: k.envelope.Account, Message: k.envelope.ID, New: true, Look: !accepted,
		Decide: func(on committer.Case) (message.Step, error) {
			if on.Message.ID == "" && !accepted {
				return message.Step{}, &notAdmittedError{on.Hold}
			}
			return k.admitted(on)
		},
		Tell: s.telling(c.Account),
	})
	return kept, callError(keyOf(&k.envelope), err)
}

// keptAdmission returns what a kept message means for who asked to admit it.
func keptAdmission(d account.Decision, k *committer.Kept) Admission {
	m := k.Step.Message
	d.Findings, d.Until, d.Verdict = nil, time.Time{}, account.VerdictAccept
	if m.IsSent() {
		d.Verdict = account.VerdictSent
	}
	receipt := Receipt{Entry: k.Hold, Repeated: !k.Step.Changed || m.Version > 1}
	switch m.Money {
	case message.MoneyTaken, message.MoneyRefunded:
		receipt.Ended = account.KindCapture
	case message.MoneyReleased:
		receipt.Ended = account.KindRelease
	}
	return Admission{Decision: d, Hold: receipt, Message: m}
}

// faults returns everything wrong with what was asked for, in the words of the caller's.
func (k *keptRequest) faults() account.Faults {
	terms := k.terms
	terms.Wait, terms.Day = time.Hour, account.Date{Year: 2026, Month: 1, Day: 1} // the account's
	faults := append(k.envelope.Faults(), terms.Faults()...)
	hold := account.Movement{
		Kind: account.KindRelease, Hold: "any", Reference: "other", Account: account.ID{1}, Actor: k.hold.Actor, Reason: k.hold.Reason,
	}
	faults = append(faults, hold.Faults()...)
	faults = slices.DeleteFunc(faults, func(f account.Fault) bool { return f.Path == "currency" && k.hold.Currency == "" })
	for i, f := range faults {
		if path, other := keptPaths[f.Path]; other {
			faults[i].Path = path
		}
	}
	return faults
}

// keptPaths are the paths in a MessageHold of what a message calls otherwise.
var keptPaths = map[string]string{
	"id": "reference", "client_ref": "keep.client_ref", "pricing": "keep.pricing", "send_within": "timeout",
}

// callersFaults are those that the decision does not find.
func callersFaults(faults account.Faults) account.Faults {
	return slices.DeleteFunc(slices.Clone(faults), func(f account.Fault) bool {
		return slices.Contains([]string{"channel", "sender", "destination", "mcc", "mnc", "parts", "price"}, f.Path)
	})
}
