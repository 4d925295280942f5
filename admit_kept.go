package clientaccount

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/validate"
)

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
