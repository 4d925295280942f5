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

// grace is for how long messages are handed over that were queued when the program was asked
// to end.
const grace = 10 * time.Second

// tickEvery is how late clients may be told that a message's time is over. Figures are counted
// as often: the seldomer, the more of its states a message is counted for at once.
const tickEvery = 10 * time.Second

// Run hands over what is queued, and lets time pass, until ctx ends and the queue is empty, or
// grace is over. What is left then is found by the next process: see leftover.go.
func (g *Gateway) Run(ctx context.Context) {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-hard.Done():
		}
	})()
	var group sync.WaitGroup
	for range senders {
		group.Go(func() { g.work(ctx, hard) })
	}
	group.Go(func() { g.tick(ctx) })
	group.Wait()
}

// work hands over one message after the other.
func (g *Gateway) work(ctx, hard context.Context) {
	for {
		select {
		case o := <-g.queue:
			g.handOver(hard, o)
		case <-ctx.Done():
			select {
			case o := <-g.queue:
				g.handOver(hard, o)
			default:
				return
			}
		}
	}
}

// tick writes down what time has done: waits for reports that are over, holds that timed out,
// figures, and what is old enough to go.
func (g *Gateway) tick(ctx context.Context) {
	every := time.NewTicker(tickEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			if err := g.accounts.Tick(ctx); err != nil && ctx.Err() == nil {
				g.logger.WarnContext(ctx, "tick", slog.Any("error", err))
			}
		}
	}
}

// handOver gives a message to the network and notes its answer. If that cannot be noted in
// time the message stays held, is not paid for, and its client is told EXPIRED.
func (g *Gateway) handOver(ctx context.Context, o outgoing) {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	defer func() { g.mine.Delete(keyOf(o.client, o.id)); <-g.slots }()
	var ids []string
	err := patiently(ctx, isRejected, func() (err error) {
		ids, err = g.network.Send(ctx, Submission{
			Key: keyOf(o.client, o.id), From: o.request.Sender, To: o.request.Destination, Text: o.text, Parts: o.request.Parts,
		})
		return err
	})
	rejected, no := errors.AsType[*RejectedError](err)
	switch {
	case no:
		err = g.unsent(ctx, o.client, o.id, message.Failure{State: account.StateRejected, Err: rejected.Code})
	case err == nil:
		err = g.sent(ctx, o.client, o.id, ids)
	}
	if err != nil {
		g.logger.WarnContext(ctx, "message not handed over", slog.String("message", o.id), slog.Any("error", err))
	}
}

// sent notes that the network took a message: it is paid for.
func (g *Gateway) sent(ctx context.Context, client account.ID, id string, ids []string) error {
	err := g.note(ctx, func() (clientaccount.Progress, error) {
		return g.way.Sent(ctx, client, id, message.Handover{Network: g.network.Name(), IDs: ids})
	})
	if err == nil {
		g.counts.sent.Add(1)
	}
	return err
}

// unsent notes that no network took a message: what was held is free again, and the client told.
func (g *Gateway) unsent(ctx context.Context, client account.ID, id string, f message.Failure) error {
	return g.note(ctx, func() (clientaccount.Progress, error) { return g.way.Unsent(ctx, client, id, f) })
}

// note makes a call until it is answered: a repeat is harmless.
func (g *Gateway) note(ctx context.Context, call func() (clientaccount.Progress, error)) error {
	return patiently(ctx, isFinal, func() error {
		progress, err := call()
		if err == nil {
			g.heed(progress)
		}
		return err
	})
}

func isRejected(err error) bool {
	_, is := errors.AsType[*RejectedError](err)
	return is
}

// patiently does a thing again, after longer and longer pauses, until it succeeds, its error
// is final, or ctx ends.
func patiently(ctx context.Context, final func(error) bool, do func() error) error {
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		err := do()
		if err == nil || final(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-time.After(pause):
		}
	}
}
