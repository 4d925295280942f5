// Package messagetest has the way of a message a second time, for tests to compare with.
package messagetest

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Twin is the way of one message, written slowly and plainly: every call is kept, and every
// question is answered by going through all of them from the beginning. Reports that come
// before their Sent are just calls like others. The zero Twin was told nothing.
type Twin struct{ calls history }

// Answer is what follows from a call.
type Answer struct {
	Told []account.StateUpdate
	Move account.MovementKind // what the money does; empty for nothing
	Code message.Code         // of a contradiction
	Err  error                // account.ErrNotFound
}

type history []call

// call is one of the calls; only one of its parts is given.
type call struct {
	at       time.Time
	admitted *admission
	sent     *message.Handover
	unsent   *message.Failure
	reported *message.NetworkReport
}

type admission struct {
	message.Envelope
	message.Terms
}

// Admitted is the call of that name.
func (w *Twin) Admitted(e message.Envelope, t message.Terms, now time.Time) Answer {
	first := w.calls.admission()
	switch after := w.calls.plus(call{at: now}); {
	case first == nil:
	case !sameEnvelope(first.Envelope, e):
		return Answer{Code: message.CodeAdmittedOther}
	case w.calls.unsent() != nil || after.timedOutUnsent():
		return Answer{Code: message.CodeAdmittedOver}
	}
	return w.take(call{at: now, admitted: &admission{e, t}})
}

// Sent is the call of that name.
func (w *Twin) Sent(h message.Handover, now time.Time) Answer {
	switch after := w.calls.plus(call{at: now}); {
	case w.calls.admission() == nil:
		return Answer{Err: account.ErrNotFound}
	case w.calls.unsent() != nil:
		return Answer{Code: message.CodeSentUnsent}
	case after.timedOutUnsent():
		return Answer{Code: message.CodeSentTimedOut}
	}
	parts := w.calls.admission().Parts
	for _, id := range idsOf(h, parts) {
		for _, was := range w.calls.ids() {
			sameID := was.Network == id.Network && was.ID == id.ID
			samePart := was.Part == 0 || id.Part == 0 || was.Part == id.Part
			if sameID != samePart || sameID && was.Part != id.Part {
				return Answer{Code: message.CodeSentOther}
			}
		}
	}
	return w.take(call{at: now, sent: &h})
}

// Unsent is the call of that name.
func (w *Twin) Unsent(f message.Failure, now time.Time) Answer {
	switch before := w.calls.unsent(); {
	case w.calls.admission() == nil:
		return Answer{Err: account.ErrNotFound}
	case w.calls.sent() != nil:
		return Answer{Code: message.CodeUnsentSent}
	case before != nil && *before.unsent != f:
		return Answer{Code: message.CodeUnsentOther}
	}
	return w.take(call{at: now, unsent: &f})
}

// Reported is the call of that name.
func (w *Twin) Reported(r message.NetworkReport, now time.Time) Answer {
	answer := w.take(call{at: now, reported: &r})
	known := func(id message.NetworkID) bool { return id.Network == r.Network && id.ID == r.ID }
	if !slices.ContainsFunc(w.calls.ids(), known) {
		answer.Err = account.ErrNotFound
	}
	return answer
}

// At is the call of that name.
func (w *Twin) At(now time.Time) Answer { return w.take(call{at: now}) }

// take keeps a call, and answers what it added to the story.
func (w *Twin) take(c call) Answer {
	before, after := w.calls, w.calls.plus(c)
	w.calls = after
	answer := Answer{Move: movement(before.money(), after.money(), after)}
	if told := after.told()[len(before.told()):]; len(told) > 0 {
		answer.Told = told
	}
	return answer
}

// Money returns where the price is.
func (w *Twin) Money() message.Money { return w.calls.money() }

// Told returns all that the client was told.
func (w *Twin) Told() []account.StateUpdate { return w.calls.told() }

// Waits returns how many parts have come to their end while others are waited for, and the
// worst of their ends; zero once all have.
func (w *Twin) Waits() (ended int, worst account.Report) {
	s := w.calls.story()
	if s.closed || len(s.ends) == 0 {
		return 0, account.Report{}
	}
	return len(s.ends), s.worst()
}

func (h history) plus(c call) history { return append(slices.Clone(h), c) }

// admission returns the first one, nil for none.
func (h history) admission() *admission {
	for _, c := range h {
		if c.admitted != nil {
			return c.admitted
		}
	}
	return nil
}

// first returns the first call that a question is true of, nil for none.
func (h history) first(is func(call) bool) *call {
	for i := range h {
		if is(h[i]) {
			return &h[i]
		}
	}
	return nil
}

func (h history) sent() *call   { return h.first(func(c call) bool { return c.sent != nil }) }
func (h history) unsent() *call { return h.first(func(c call) bool { return c.unsent != nil }) }

func (h history) admittedAt() time.Time {
	return h.first(func(c call) bool { return c.admitted != nil }).at
}

// ids returns all that networks gave.
func (h history) ids() (ids []message.NetworkID) {
	for _, c := range h {
		if c.sent != nil {
			ids = append(ids, idsOf(*c.sent, h.admission().Parts)...)
		}
	}
	return ids
}

// idsOf returns the ids of a handover, each with the part that it stands for.
func idsOf(h message.Handover, parts int) (ids []message.NetworkID) {
	whole := parts == 1 || len(h.IDs) == 1 && h.Part == 0
	for i, id := range h.IDs {
		n := message.NetworkID{Network: h.Network, ID: id}
		switch {
		case whole:
		case h.Part == 0:
			n.Part = 1 + i
		default:
			n.Part = h.Part + i
		}
		ids = append(ids, n)
	}
	return ids
}

func sameEnvelope(a, b message.Envelope) bool {
	same := a.Price.Equal(b.Price)
	a.Price = b.Price
	return same && a == b
}

// timedOutUnsent reports whether the client was told that it was not sent in time.
func (h history) timedOutUnsent() bool {
	return slices.ContainsFunc(h.told(), func(u account.StateUpdate) bool { return u.Synthetic && u.Err == message.SendTimeout })
}

// GivesNothingBack has the message give nothing back from now on, as nothing can be: the
// money is out of its reach.
func (w *Twin) GivesNothingBack() {
	w.calls = slices.Clone(w.calls)
	for i, c := range w.calls {
		if c.admitted != nil {
			a := *c.admitted
			a.Refunds = account.RefundPolicy{}
			w.calls[i].admitted = &a
		}
	}
}
