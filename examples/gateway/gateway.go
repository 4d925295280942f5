// Package gateway is the way of a message through a platform, as far as the client's
// account is concerned: may it go and who pays, what becomes of it, what the client is
// told, and when money is given back. It runs as a test.
package gateway

import (
	"context"
	"errors"
	"hash/maphash"
	"strconv"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// Gateway takes messages from clients, and reports from the network.
type Gateway struct {
	Accounts *clientaccount.Service
	Messages Table
	// Network sends. An error says that nothing went out; a network that cannot tell is
	// asked again under the same id until it can. That id makes a repeat harmless: a
	// network that was given it before sends nothing. One without such ids (SMPP has none)
	// may deliver twice what this process died over, between the network's yes and the
	// capture: no program can do both as one.
	Network func(ctx context.Context, id string, r account.Request) error

	busy [64]sync.Mutex // one goroutine at a time works on a message: see lock
}

// Message is what a platform keeps of a message, by its id.
type Message struct {
	Client   account.ID
	Request  account.Request
	Attempt  int   // how often the network failed to send it; each attempt has a hold of its own
	Paid     int64 // the number of the entry that took the money; 0 until it was sent
	Tracking account.Tracking
	Untold   []account.StateUpdate // what the client is to be told of it
	Refund   bool                  // the money is to be given back
}

// Table keeps messages: a table of yours. Get returns the zero Message for an unknown id.
type Table interface {
	Get(ctx context.Context, id string) (Message, error)
	Put(ctx context.Context, id string, m Message) error
}

// ErrUnpaid: a report came for a message that was not paid for yet, as the process died
// over it. Take it again first: it is sent once and paid for once.
var ErrUnpaid = errors.New("gateway: the message is not paid for yet")

// refunds are the ends for which clients get their money back.
var refunds = account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected), Timeout: true}

var system = account.Actor{ID: "gateway", Name: "Gateway"}

// holdsFor is for how long a message's price is set aside: longer than the platform is
// ever down, so that what was sent can still be paid for when it is up again.
const holdsFor = 24 * time.Hour

// Take decides about a message, holds its price, sends it, and takes the price once it
// is sent. It is safe to repeat, after an error, and after the process died at any point:
// the message goes out once and is paid for once. A platform that starts takes every
// message again that is not paid for.
//
// What it returns is for the caller to tell the client: accepted, which
// account.VerdictSent is as well; or not, and then the findings have a text each, and
// Until says when to ask again.
func (g *Gateway) Take(ctx context.Context, client account.ID, id string, r account.Request) (clientaccount.Admission, error) {
	defer g.lock(id)()
	m, err := g.Messages.Get(ctx, id)
	if err != nil {
		return clientaccount.Admission{}, err
	}
	if m.Client.IsZero() {
		m = Message{Client: client, Request: r}
	}
	if m.Client != client || m.Request.Sender != r.Sender || m.Request.Destination != r.Destination {
		return clientaccount.Admission{}, account.ErrReused
	}
	admitted, err := g.admit(ctx, id, &m, r)
	if err != nil {
		return admitted, err
	}
	ctx = context.WithoutCancel(ctx) // a client who hangs up stops nothing halfway
	switch {
	case admitted.Send():
		return admitted, g.send(ctx, id, m, admitted.Hold.At)
	case admitted.Verdict == account.VerdictSent && m.Paid == 0: // captured, and then it died
		return admitted, g.pay(ctx, id, m)
	default:
		return admitted, nil
	}
}

// admit asks under the reference of the present attempt. One whose hold was released, or
// timed out, is over: it asks for the next one.
func (g *Gateway) admit(ctx context.Context, id string, m *Message, r account.Request) (clientaccount.Admission, error) {
	for {
		hold := clientaccount.MessageHold{Reference: m.hold(id), Timeout: holdsFor, Actor: system}
		admitted, err := g.Accounts.Admit(ctx, m.Client, r, hold)
		if !errors.Is(err, account.ErrHold) {
			return admitted, err
		}
		m.Attempt++
	}
}

// hold returns the reference of the present attempt.
func (m Message) hold(id string) string { return id + "/" + strconv.Itoa(m.Attempt) }

// send keeps the message before it goes out, so that a report finds it, hands it over,
// and pays. If the network fails the money is free again, and the next attempt is another.
func (g *Gateway) send(ctx context.Context, id string, m Message, at time.Time) error {
	deadline, err := g.deadline(ctx, m.Client, at)
	if err != nil {
		return err
	}
	m.Tracking = account.NewTracking(deadline, m.Request.Parts)
	if err := g.Messages.Put(ctx, id, m); err != nil {
		return err
	}
	unsent := g.Network(ctx, id, m.Request)
	if unsent == nil {
		return g.pay(ctx, id, m)
	}
	release := clientaccount.Release{Account: m.Client, Hold: m.hold(id), Reference: m.hold(id) + "/unsent", Actor: system}
	if _, err := g.Accounts.Release(ctx, release); err != nil {
		return errors.Join(unsent, err)
	}
	m.Attempt++
	return errors.Join(unsent, g.Messages.Put(ctx, id, m))
}

// pay takes what is held, and keeps which entry did. Repeated, it finds the first one.
func (g *Gateway) pay(ctx context.Context, id string, m Message) error {
	paid, err := g.Accounts.Capture(ctx, clientaccount.Capture{Account: m.Client, Hold: m.hold(id), Reference: m.hold(id) + "/sent", Actor: system})
	if err != nil {
		return err
	}
	m.Paid = paid.Number
	return g.Messages.Put(ctx, id, m)
}

// deadline returns when the wait for reports of a message is over that is sent at an instant.
func (g *Gateway) deadline(ctx context.Context, client account.ID, at time.Time) (time.Time, error) {
	a, err := g.Accounts.Get(ctx, client)
	if err != nil {
		return time.Time{}, err
	}
	settings, err := g.Accounts.Settings(ctx, a)
	return settings.DLRDeadline(at), err
}

// Report takes what the network says of a message: in any order, repeated, or late. Of a
// message of several parts it says which one; a network that means ACCEPTD as its last word
// has AcceptedFinal on every report.
func (g *Gateway) Report(ctx context.Context, id string, r account.Report, now time.Time) error {
	return g.step(ctx, id, now, func(d account.Tracking) account.TrackingStep { return d.Report(r, now, refunds) })
}

// Tick is for a timer: a message whose last report never came has expired.
func (g *Gateway) Tick(ctx context.Context, id string, now time.Time) error {
	return g.step(ctx, id, now, func(d account.Tracking) account.TrackingStep { return d.At(now, refunds) })
}

// step keeps how far the message is by then, and what follows from it, before anything of
// that is done: should the process die, the next report or Tick does the rest. In a
// platform whose messages are in the store's database all of it is one transaction, and
// Untold and Refund need not be kept: see package hosttx.
func (g *Gateway) step(ctx context.Context, id string, now time.Time, next func(account.Tracking) account.TrackingStep) error {
	defer g.lock(id)()
	m, err := g.Messages.Get(ctx, id)
	switch {
	case err != nil:
		return err
	case m.Client.IsZero():
		return account.ErrNotFound
	case m.Paid == 0:
		return ErrUnpaid
	}
	step := next(m.Tracking)
	m.Tracking, m.Untold, m.Refund = step.Tracking, append(m.Untold, step.Updates...), m.Refund || step.Refund
	if err := g.Messages.Put(ctx, id, m); err != nil {
		return err
	}
	return g.settle(ctx, id, m, now)
}

// settle tells the client, and gives money back. Repeated, it tells and pays nothing twice.
func (g *Gateway) settle(ctx context.Context, id string, m Message, now time.Time) error {
	for _, update := range m.Untold {
		report := payload.Report{MessageID: id, From: m.Request.Sender, To: m.Request.Destination, Parts: m.Request.Parts, At: now}
		if _, err := g.Accounts.SubmitState(ctx, m.Client, report.Of(update)); err != nil {
			return err
		}
	}
	if m.Refund {
		back := clientaccount.Refund{Account: m.Client, Of: m.Paid, Reference: id + "/refund", Actor: system}
		if _, err := g.Accounts.Refund(ctx, back); err != nil {
			return err
		}
	}
	m.Untold, m.Refund = nil, false
	return g.Messages.Put(ctx, id, m)
}

var seed = maphash.MakeSeed()

// lock lets one goroutine at a time work on a message, and returns what ends that: of two
// who send it at once one could fail and release what the other pays with. With several
// processes it is a lock or a lease on the message's row.
func (g *Gateway) lock(id string) (unlock func()) {
	mu := &g.busy[maphash.String(seed, id)%uint64(len(g.busy))]
	mu.Lock()
	return mu.Unlock
}
