package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// runLoad makes clients, sends their messages, lets the wait for reports pass, and checks.
func (p *program) runLoad(ctx context.Context) error {
	l := &load{program: p}
	fmt.Fprintf(p.out, "%d messages of %d clients, %d callers %s, kept in %s, seed %d.\n", p.load, p.settings.clients, p.callers, l.over(), p.db.name, p.seed)
	var err error
	if l.clients, err = p.makeClients(ctx, p.settings.clients); err != nil {
		return err
	}
	closes, err := l.connect(ctx)
	if err != nil {
		return err
	}
	if err := l.rounds(ctx); err != nil {
		return errors.Join(err, closes())
	}
	if err := closes(); err != nil {
		return err
	}
	if err := l.passTime(ctx); err != nil {
		return err
	}
	return l.check(ctx)
}

func (l *load) over() string {
	if l.socket {
		return "over a loopback socket"
	}
	return "straight to the handler"
}

// round is some messages that go one way.
type round struct {
	naive    bool
	from, to int // numbers of messages
	took     time.Duration
}

func (r round) perSecond() float64 { return float64(r.to-r.from) / r.took.Seconds() }

// plan shares the messages out to the rounds: with -naive, of each ten that go together one
// more goes with a transaction for each step.
func (l *load) plan() (rounds []round) {
	if !l.naive {
		return []round{{from: 0, to: l.load}}
	}
	at := 0
	for i := range l.settings.rounds {
		share := l.load*(i+1)/l.settings.rounds - l.load*i/l.settings.rounds
		for _, r := range []round{{naive: true, to: share / 10}, {to: share}} {
			rounds = append(rounds, round{naive: r.naive, from: at, to: at + r.to})
			at += r.to
		}
	}
	return rounds
}

// rounds sends the messages and prints how fast.
func (l *load) rounds(ctx context.Context) error {
	rounds := l.plan()
	l.replies = make([]reply, rounds[len(rounds)-1].to)
	for i := range rounds {
		if err := l.round(ctx, &rounds[i]); err != nil {
			return err
		}
	}
	l.printRounds(rounds)
	return nil
}

// round sends its messages, and is over when the network has said all there is to say of them
// and what clients are to be told of it is accepted. Before the next one, they are told.
func (l *load) round(ctx context.Context, r *round) error {
	l.way.ask(l.accounts)
	if r.naive {
		l.way.ask(newNaive(l.accounts, l.db))
	}
	began, quiet := time.Now(), l.watch(ctx)
	err := each(ctx, r.to-r.from, l.callers, func(ctx context.Context, n int) error { return l.send(ctx, r.from+n) })
	if err == nil {
		err = l.await(ctx, func() bool { return len(l.gateway.slots) == 0 && l.network.pending.Load() == 0 })
	}
	r.took = time.Since(began)
	if err == nil {
		err = l.await(ctx, func() bool { return l.receiver.finals.Load() >= l.gateway.counts.ended.Load() })
	}
	quiet()
	return err
}

var errStalled = errors.New("nothing moves any more")

// await waits until something is so. Where nothing moves for a minute it is an error.
func (l *load) await(ctx context.Context, so func() bool) error {
	was, since := l.moved(), time.Now()
	for !so() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
		switch now := l.moved(); {
		case now != was:
			was, since = now, time.Now()
		case time.Since(since) > time.Minute:
			return errStalled
		}
	}
	return nil
}

// moved changes while anything moves.
func (l *load) moved() [5]int64 {
	c := l.gateway.counts
	return [5]int64{c.sent.Load(), c.ended.Load(), l.network.pending.Load(), l.receiver.finals.Load(), l.receiver.lates.Load()}
}

// passTime lets the wait for reports pass, after which what was lost has expired, and then has
// the network say what it says too late.
func (l *load) passTime(ctx context.Context) error {
	if err := l.accounts.Tick(ctx); err != nil {
		return err
	}
	l.clock.forward((account.DefaultDLRDays + 1) * 24 * time.Hour)
	if err := l.accounts.Tick(ctx); err != nil {
		return err
	}
	var finals, lates int64
	for n, r := range l.replies {
		if !r.refused {
			finals++
			if _, late := l.outcome(n).late.Get(); late {
				lates++
			}
		}
	}
	if err := l.await(ctx, func() bool { return l.receiver.finals.Load() >= finals }); err != nil {
		return fmt.Errorf("of %d messages that were taken, %d clients were told the end: %w", finals, l.receiver.finals.Load(), err)
	}
	l.network.sayLate()
	if err := l.await(ctx, func() bool { return l.network.pending.Load() == 0 && l.receiver.lates.Load() >= lates }); err != nil {
		return fmt.Errorf("of %d late reports, %d were told: %w", lates, l.receiver.lates.Load(), err)
	}
	return nil
}

// outcome returns what has to come of the message of a number.
func (l *load) outcome(n int) outcome {
	return fateOf(l.seed, l.replies[n].id, l.wanted(n).parts()).outcome()
}

// median returns the middle one of the rounds of a way.
func median(rounds []round, naive bool) float64 {
	var speeds []float64
	for _, r := range rounds {
		if r.naive == naive {
			speeds = append(speeds, r.perSecond())
		}
	}
	slices.Sort(speeds)
	return speeds[len(speeds)/2]
}
