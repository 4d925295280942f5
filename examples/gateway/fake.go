package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/account/message"
)

// fakeNetwork is a network as they are: it takes its time, fails, forgets to answer, rejects,
// gives an id to each part or to all, and reports late, twice, in a contradiction, before it
// has answered, or never. What it does with a message is its fate. Start it with a function
// that takes its reports, and Stop it; it is safe for concurrent use.
type fakeNetwork struct {
	seed  uint64
	now   func() time.Time
	binds chan struct{} // reports that are made at once

	report  func(context.Context, message.NetworkReport) error
	ctx     context.Context // ends with Stop
	stop    context.CancelFunc
	group   sync.WaitGroup
	pending atomic.Int64 // messages of which more is to be reported

	mu    sync.Mutex
	taken map[string]*takenMessage // by key
}

// takenMessage is what the network keeps of one that it was asked to take; its fate is worked
// out each time.
type takenMessage struct {
	parts int
	tries int
	taken bool
}

var errNetwork = errors.New("the network does not answer")

func newFake(seed uint64, now func() time.Time) *fakeNetwork {
	ctx, stop := context.WithCancel(context.Background())
	return &fakeNetwork{
		seed: seed, now: now, binds: make(chan struct{}, 256), ctx: ctx, stop: stop, taken: map[string]*takenMessage{},
	}
}

// Name is that of the network.
func (n *fakeNetwork) Name() string { return "fake" }

// Stop ends all reports, and returns when none is under way.
func (n *fakeNetwork) Stop() {
	n.stop()
	n.group.Wait()
}

// Send takes a message, or not.
func (n *fakeNetwork) Send(ctx context.Context, s Submission) ([]string, error) {
	select {
	case <-time.After(2 * time.Millisecond): // there and back
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	f, first, err := n.take(s)
	if !first || err != nil {
		return f.ids, err
	}
	for _, p := range f.reports[:f.early] {
		n.say(p)
	}
	n.pending.Add(1)
	n.group.Go(func() {
		defer n.pending.Add(-1)
		for _, p := range f.reports[f.early:] {
			n.say(p)
		}
	})
	if f.forgets {
		return nil, errNetwork
	}
	return f.ids, nil
}

// take notes a message, and reports whether it was taken for the first time.
func (n *fakeNetwork) take(s Submission) (f fate, first bool, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.taken[s.Key]
	if m == nil {
		m = &takenMessage{parts: s.Parts}
		n.taken[s.Key] = m
	}
	f = n.fate(s.Key, m)
	switch m.tries++; {
	case m.tries <= f.fails:
		return fate{}, false, errNetwork
	case f.rejects != "":
		return fate{}, false, &RejectedError{f.rejects}
	default:
		first, m.taken = !m.taken, true
		return f, first, nil
	}
}

func (n *fakeNetwork) fate(key string, m *takenMessage) fate {
	_, id, _ := strings.Cut(key, "/")
	return fateOf(n.seed, id, m.parts)
}

// Find returns the ids of what was taken under a key.
func (n *fakeNetwork) Find(_ context.Context, key string) ([]string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if m := n.taken[key]; m != nil && m.taken {
		return n.fate(key, m).ids, nil
	}
	return nil, nil
}

// say reports something, again until it is taken.
func (n *fakeNetwork) say(p planned) {
	if !n.sleep(p.pause) {
		return
	}
	p.report.DoneAt = n.now().UTC().Truncate(time.Second)
	r := message.NetworkReport{Network: n.Name(), ID: p.id, Report: p.report}
	_ = patiently(n.ctx, func(error) bool { return false }, func() error {
		select {
		case n.binds <- struct{}{}:
			defer func() { <-n.binds }()
			return n.report(n.ctx, r)
		case <-n.ctx.Done():
			return n.ctx.Err()
		}
	})
}

// sleep reports whether it slept to the end.
func (n *fakeNetwork) sleep(d time.Duration) bool {
	select {
	case <-time.After(d):
		return n.ctx.Err() == nil
	case <-n.ctx.Done():
		return false
	}
}

// sayLate makes the reports that come when the wait for them is over.
func (n *fakeNetwork) sayLate() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for key, m := range n.taken {
		if reports := n.fate(key, m).late; m.taken && len(reports) > 0 {
			n.pending.Add(1)
			n.group.Go(func() {
				defer n.pending.Add(-1)
				for _, p := range reports {
					n.say(p)
				}
			})
		}
	}
}
