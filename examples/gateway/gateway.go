// Package gateway is the way of a message through a platform, as far as the client's
// account is concerned: may it go and who pays, what becomes of it, what the client is
// told, and when money is given back. It runs as a test.
package gateway

import (
	"context"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// Gateway takes messages from clients, and reports from the network.
type Gateway struct {
	Accounts *clientaccount.Service
	Network  func(ctx context.Context, id string, r account.Request) error // sends

	mu       sync.Mutex
	messages map[string]message // here: a table of yours
}

// message is what a platform keeps of one that was sent.
type message struct {
	client   account.ID
	request  account.Request
	paid     int64 // the number of the entry that took the money
	delivery account.Delivery
}

// refunds are the ends for which clients get their money back.
var refunds = account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected), Timeout: true}

var system = account.Actor{ID: "gateway", Name: "Gateway"}

// Take decides about a message, holds its price, sends it, and takes the price once it
// is sent. Its id is the reference of all that: taking the same message again charges
// nothing twice. What is not accepted is for the caller to tell: the findings have a
// text each, and Until when to ask again.
func (g *Gateway) Take(ctx context.Context, client account.ID, id string, r account.Request) (account.Decision, error) {
	admitted, err := g.Accounts.Admit(ctx, client, r, account.Movement{Reference: id, Timeout: time.Hour, Actor: system})
	if err != nil || admitted.Verdict != account.VerdictAccept {
		return admitted.Decision, err
	}
	if err := g.Network(ctx, id, r); err != nil {
		_, release := g.Accounts.Release(ctx, account.Movement{Account: client, Hold: id, Reference: id + "/unsent", Actor: system})
		if release != nil {
			return admitted.Decision, release // the hold ends by itself in an hour
		}
		return admitted.Decision, err
	}
	paid, err := g.Accounts.Capture(ctx, account.Movement{Account: client, Hold: id, Reference: id + "/sent", Actor: system})
	if err != nil {
		return admitted.Decision, err
	}
	a, err := g.Accounts.Get(ctx, client)
	if err != nil {
		return admitted.Decision, err
	}
	settings, err := g.Accounts.Settings(ctx, a)
	if err != nil {
		return admitted.Decision, err
	}
	g.keep(id, message{client: client, request: r, paid: paid.Number, delivery: account.NewDelivery(settings.DLRDeadline(paid.At))})
	return admitted.Decision, nil
}

// Report takes what the network says of a message: in any order, repeated, or late.
func (g *Gateway) Report(ctx context.Context, id string, r account.Report, now time.Time) error {
	return g.step(ctx, id, now, func(d account.Delivery) account.DeliveryStep { return d.Report(r, now, refunds) })
}

// Tick is for a timer: a message whose last report never came has expired.
func (g *Gateway) Tick(ctx context.Context, id string, now time.Time) error {
	return g.step(ctx, id, now, func(d account.Delivery) account.DeliveryStep { return d.At(now, refunds) })
}

// step tells the client, gives money back, and keeps how far the message is by then. In
// a platform with a database all of that is one transaction: see package hosttx. If it
// fails it is done again, which tells and pays nothing twice.
func (g *Gateway) step(ctx context.Context, id string, now time.Time, next func(account.Delivery) account.DeliveryStep) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, known := g.messages[id]
	if !known {
		return account.ErrNotFound
	}
	step := next(m.delivery)
	for _, update := range step.Updates {
		report := payload.Report{MessageID: id, From: m.request.Sender, To: m.request.Destination, Parts: m.request.Parts, At: now}
		if _, err := g.Accounts.SubmitState(ctx, m.client, report.Of(update)); err != nil {
			return err
		}
	}
	if step.Refund {
		back := account.Movement{Account: m.client, Of: m.paid, Reference: id + "/refund", Actor: system}
		if _, err := g.Accounts.Refund(ctx, back); err != nil {
			return err
		}
	}
	m.delivery = step.Delivery
	g.messages[id] = m
	return nil
}

func (g *Gateway) keep(id string, m message) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.messages == nil {
		g.messages = map[string]message{}
	}
	g.messages[id] = m
}
