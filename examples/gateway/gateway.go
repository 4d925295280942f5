package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// way is what the gateway asks a Service on a message's way. It is the Service; the load
// measures another beside it (load_naive.go).
type way interface {
	Admit(ctx context.Context, id account.ID, r account.Request, h clientaccount.MessageHold) (clientaccount.Admission, error)
	Sent(ctx context.Context, id account.ID, messageID string, h message.Handover) (clientaccount.Progress, error)
	Unsent(ctx context.Context, id account.ID, messageID string, f message.Failure) (clientaccount.Progress, error)
	Reported(ctx context.Context, r message.NetworkReport) (clientaccount.Progress, error)
}

// Gateway takes messages from clients, hands them to a network, and takes its reports. Make
// it with newGateway; it hands nothing over until Run. Its methods are safe for concurrent
// use.
type Gateway struct {
	accounts *clientaccount.Service
	way      way
	network  Network
	wake     func() // a client is to be told something: the dispatcher need not wait for its next look
	logger   *slog.Logger
	counts   *counts

	slots chan struct{} // one for each message from before it is admitted until it was handed over
	queue chan outgoing // admitted; never full, as it has a place for each slot
	mine  sync.Map      // keys of messages in the queue, or being handed over
}

// outgoing is a message on its way to the network. The text is nowhere else.
type outgoing struct {
	client  account.ID
	id      string
	request account.Request
	keep    clientaccount.Keep
	text    string
}

// Sizes of the way from the API to the network.
const (
	mostUnsent = 4096 // messages that are admitted and not handed over; more are told to come again
	senders    = 256  // messages that are handed over at once
	sendWithin = 10 * time.Minute
)

var (
	errBusy = errors.New("too many messages wait for the network")
	system  = account.Actor{ID: "gateway", Name: "Gateway"}
)

func newGateway(accounts *clientaccount.Service, network Network, wake func(), logger *slog.Logger) *Gateway {
	return &Gateway{
		accounts: accounts, way: accounts, network: network, wake: wake, logger: logger, counts: &counts{},
		slots: make(chan struct{}, mostUnsent), queue: make(chan outgoing, mostUnsent),
	}
}

// Take decides about a message, holds its price, and queues it. Asked again for the same id it
// queues nothing twice, and the answer says what the first one said. It is account.ErrHold of
// one that ended without being sent.
//
// A client who hangs up stops nothing halfway: what was admitted is queued.
func (g *Gateway) Take(ctx context.Context, o outgoing) (clientaccount.Admission, error) {
	select {
	case g.slots <- struct{}{}:
	default:
		return clientaccount.Admission{}, errBusy
	}
	ctx = context.WithoutCancel(ctx)
	admitted, err := g.way.Admit(ctx, o.client, o.request, clientaccount.MessageHold{
		Reference: o.id, Timeout: sendWithin, Actor: system, Keep: &o.keep,
	})
	if err == nil && admitted.Send() && g.claim(ctx, o, admitted) {
		g.counts.admitted.Add(1)
		g.queue <- o // and its slot is given back once it was handed over
		return admitted, nil
	}
	<-g.slots
	return admitted, err
}

// claim reports whether a message is this request's to queue. One that was admitted before may
// be in the queue, or may have been sent meanwhile. One that is neither was left over: its
// client asks again after an answer got lost.
func (g *Gateway) claim(ctx context.Context, o outgoing, admitted clientaccount.Admission) bool {
	key := keyOf(o.client, o.id)
	if _, taken := g.mine.LoadOrStore(key, true); taken {
		return false
	}
	if !admitted.Hold.Repeated {
		return true
	}
	m, err := g.accounts.Message(ctx, o.client, o.id)
	if err != nil || m.Stage() != message.StageHeld {
		g.mine.Delete(key)
		return false
	}
	return true
}

// Report takes what the network says of one of its ids: in any order, repeated, late, or
// before Send has answered. On an error the network is to say it again.
func (g *Gateway) Report(ctx context.Context, r message.NetworkReport) error {
	progress, err := g.way.Reported(ctx, r)
	if isFinal(err) {
		g.logger.WarnContext(ctx, "report of no use", slog.String("id", r.ID), slog.Any("error", err))
		return nil // said again it would be of no more use
	}
	g.heed(progress)
	return err
}

// heed counts what came of a call, and has clients told.
func (g *Gateway) heed(p clientaccount.Progress) {
	for _, u := range p.Updates {
		if u.Final() && !u.Late {
			g.counts.ended.Add(1)
		}
	}
	if len(p.Hooks) > 0 {
		g.wake()
	}
}

// isFinal reports whether an error says that the call will never do: it is wrong in itself, or
// it contradicts what was said before.
func isFinal(err error) bool {
	_, faults := account.AsFaults(err)
	for _, final := range []error{
		message.ErrContradiction, account.ErrNotFound, account.ErrReused, account.ErrHold, account.ErrClosed, clientaccount.ErrNoMessages,
	} {
		if errors.Is(err, final) {
			return true
		}
	}
	return faults
}
