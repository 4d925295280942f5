package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// leftover is the error code of messages that died with the process which had them.
const leftover = "restart"

// Recover settles what an earlier process admitted and did not note as sent. It is called
// before the API is open, so that every message that is held is such a one.
//
// Nobody has their texts any more: they were in that process's memory, as the Service never
// keeps a text. So what was not sent is not sent now: its client is told REJECTD, pays
// nothing, and sends it again if they like. A gateway that must not lose it has a queue that
// outlives it, and hands over from that what is held.
//
// What the process died over, between the network's yes and Sent, is known to nobody but the
// network, and this one is asked. Of a network that cannot be asked (SMPP's submit_sm has no
// such key) it is the host's choice: Unsent, as here, and the message goes out at most once,
// perhaps unpaid; or hand it over again, and it goes out at least once, perhaps twice.
//
// Where several processes share the accounts, their messages' ids begin with a name of the
// process, and each looks after its own.
func (g *Gateway) Recover(ctx context.Context) error {
	var sent, lost int
	for m, err := range g.held(ctx) {
		if err != nil {
			return err
		}
		was, err := g.settle(ctx, m)
		switch {
		case err != nil:
			return err
		case was:
			sent++
		default:
			lost++
		}
	}
	if sent+lost > 0 {
		g.logger.WarnContext(ctx, "left over by an earlier process", slog.Int("sent", sent), slog.Int("lost", lost))
	}
	return nil
}

// held are all messages that were admitted and not handed over.
func (g *Gateway) held(ctx context.Context) iter.Seq2[message.Message, error] {
	return func(yield func(message.Message, error) bool) {
		for client, err := range g.accounts.All(ctx, account.Query{Sort: account.SortCreated}) {
			if err != nil {
				yield(message.Message{}, err)
				return
			}
			for m, err := range messages(ctx, g.accounts, message.Query{Account: client.ID, Stage: message.StageHeld}) {
				if !yield(m, err) {
					return
				}
			}
		}
	}
}

// settle asks the network what became of a message, notes that, and reports whether it was
// sent.
func (g *Gateway) settle(ctx context.Context, m message.Message) (bool, error) {
	ids, err := g.network.Find(ctx, keyOf(m.Account, m.ID))
	switch {
	case err != nil:
		return false, err
	case len(ids) > 0:
		err = g.sent(ctx, m.Account, m.ID, ids)
	default:
		err = g.unsent(ctx, m.Account, m.ID, message.Failure{State: account.StateRejected, Err: leftover})
	}
	if errors.Is(err, message.ErrContradiction) { // the time to send it was over
		return false, nil
	}
	return len(ids) > 0, err
}
