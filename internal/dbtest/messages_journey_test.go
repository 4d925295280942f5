package dbtest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// journey is the way that a message goes, which its number says: the same in every process.
type journey struct {
	n       int
	account account.ID
	parts   int
	apart   bool // its parts go to two networks
	pricing message.Pricing
	end     account.MessageState // that it comes to
	torn    bool                 // its networks report another end besides: the first counts
	money   []message.Money      // where its price may be then
	unsent  bool                 // no network takes it
	left    bool                 // nobody hands it to a network
	lost    bool                 // its last report never comes
}

// givenBack is where money is that is given back: an early report does it before it was taken.
var givenBack = []message.Money{message.MoneyRefunded, message.MoneyReleased}

func newJourney(n int, accounts []account.ID) journey {
	j := journey{
		n: n, account: accounts[n%len(accounts)], parts: 1 + n/8%2, apart: n/16%2 == 1, pricing: message.PricingSent,
		end: account.StateDelivered, money: []message.Money{message.MoneyTaken},
	}
	switch n % 8 {
	case 0:
		j.torn = true
	case 2:
		j.end, j.money = account.StateUndeliverable, givenBack
	case 3:
		j.pricing = message.PricingDelivered
	case 4:
		j.pricing, j.end, j.money = message.PricingDelivered, account.StateUndeliverable, []message.Money{message.MoneyReleased}
	case 5:
		j.unsent, j.end, j.money = true, account.StateRejected, []message.Money{message.MoneyReleased}
	case 6:
		j.lost, j.end, j.money = true, account.StateExpired, []message.Money{message.MoneyRefunded}
	case 7:
		j.left, j.end, j.money = true, account.StateExpired, []message.Money{message.MoneyReleased}
	}
	return j
}

func (j journey) id() string { return fmt.Sprint("m-", j.n) }

// networkID is what the part's network calls it.
func (j journey) networkID(part int) (network, id string) {
	network = "acme"
	if j.apart && part == 2 {
		network = "beta"
	}
	return network, fmt.Sprintf("%d-%d", j.n, part)
}

// timeout is the time to hand it to a network, soon over for those that nobody does.
func (j journey) timeout() time.Duration {
	if j.left {
		return 20 * time.Millisecond
	}
	return time.Hour
}

// stage is one call of a journey.
type stage struct {
	name  string
	waits bool // for the message to be admitted
	do    func(context.Context, *clientaccount.Service) (clientaccount.Progress, error)
}

func (j journey) admit() stage {
	return stage{name: "admit", do: func(ctx context.Context, svc *clientaccount.Service) (clientaccount.Progress, error) {
		a, err := svc.Admit(ctx, j.account, account.Request{
			Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233",
			MCC: "255", MNC: fmt.Sprintf("%02d", j.n%3), Parts: j.parts, Price: account.Some(account.Amount("0.0042")),
		}, clientaccount.MessageHold{Reference: j.id(), Timeout: j.timeout(), Keep: &clientaccount.Keep{
			ClientRef: "ref-" + j.id(), Pricing: j.pricing,
			Refunds: account.Some(account.RefundPolicy{States: account.States(account.StateUndeliverable), Timeout: true}),
		}})
		contradiction, _ := errors.AsType[*message.ContradictionError](err)
		switch {
		case (j.unsent || j.left) && contradiction != nil && contradiction.Code == message.CodeAdmittedOver: // it was over before this was asked again
			err = nil
		case err == nil && a.Message.ID == "":
			err = fmt.Errorf("%w: %s", errRefused, a.Verdict)
		}
		return clientaccount.Progress{Message: a.Message}, err
	}}
}

var errRefused = errors.New("refused")

// handovers are the calls that end a message's being held.
func (j journey) handovers() []stage {
	if j.left {
		return nil
	}
	if j.unsent {
		return []stage{{name: "unsent", waits: true, do: func(ctx context.Context, svc *clientaccount.Service) (clientaccount.Progress, error) {
			return svc.Unsent(ctx, j.account, j.id(), message.Failure{State: account.StateRejected, Err: "7"})
		}}}
	}
	sent := func(part int, ids ...string) stage {
		network, _ := j.networkID(part)
		return stage{name: fmt.Sprint("sent ", part), waits: true, do: func(ctx context.Context, svc *clientaccount.Service) (clientaccount.Progress, error) {
			return svc.Sent(ctx, j.account, j.id(), message.Handover{Network: network, IDs: ids, Part: part})
		}}
	}
	_, first := j.networkID(1)
	_, second := j.networkID(2)
	switch {
	case j.parts == 1:
		return []stage{sent(1, first)}
	case j.apart:
		return []stage{sent(1, first), sent(2, second)}
	default:
		return []stage{sent(1, first, second)}
	}
}

// reports are what networks say.
func (j journey) reports() (all []stage) {
	if j.unsent || j.left {
		return nil
	}
	for part := 1; part <= j.parts; part++ {
		network, id := j.networkID(part)
		states := []account.MessageState{account.StateEnroute, j.end}
		if j.lost && part == j.parts {
			states = states[:1]
		} else if j.lost {
			states[1] = account.StateDelivered
		} else if j.torn {
			states = append(states, account.StateUndeliverable)
		}
		for _, state := range states {
			r := message.NetworkReport{Network: network, ID: id, Report: account.Report{State: state, Err: "000"}}
			all = append(all, stage{
				name: fmt.Sprint("reported ", part, " ", state),
				do: func(ctx context.Context, svc *clientaccount.Service) (clientaccount.Progress, error) {
					return svc.Reported(ctx, r)
				},
			})
		}
	}
	return all
}

// stages are all calls of a journey.
func (j journey) stages() []stage {
	return slices.Concat([]stage{j.admit()}, j.handovers(), j.reports())
}

// stage returns the one of a name.
func (j journey) stage(name string) (stage, bool) {
	all := j.stages()
	i := slices.IndexFunc(all, func(s stage) bool { return s.name == name })
	if i < 0 {
		return stage{}, false
	}
	return all[i], true
}

// chance is a number that a stage of a journey has in every process.
func (j journey) chance(s stage) uint32 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, j.n, s.name)
	return h.Sum32() >> 4
}

// acknowledged is what a call was answered.
type acknowledged struct {
	N       int
	Stage   string
	Version int64
	Updates []account.StateUpdate
	// Began is when it was asked first, Ended when it was answered.
	Began, Ended time.Time
}

// courier takes messages on their journeys.
type courier struct {
	svc      *clientaccount.Service
	accounts []account.ID
	heard    func(acknowledged)
	failed   func(error) // of what can never go well
}

// take has a message go its whole way, but for the stages that were done: some in a fixed
// order, some all at once, some reports doubled. It reports whether it came to the end.
func (c *courier) take(ctx context.Context, n int, done ...string) bool {
	j := newJourney(n, c.accounts)
	first, handovers, reports := j.admit(), j.handovers(), j.reports()
	rand.Shuffle(len(handovers), func(a, b int) { handovers[a], handovers[b] = handovers[b], handovers[a] })
	rand.Shuffle(len(reports), func(a, b int) { reports[a], reports[b] = reports[b], reports[a] })
	early := 0
	if len(reports) > 0 {
		early = rand.IntN(len(reports) + 1)
	}
	stages := slices.Concat(reports[:early], []stage{first}, handovers, reports[early:])
	stages = slices.DeleteFunc(stages, func(s stage) bool { return slices.Contains(done, s.name) })
	atOnce := n%3 == 0
	var group sync.WaitGroup
	for _, s := range stages {
		if j.chance(s)%4 == 0 {
			group.Go(func() { c.ask(ctx, j, s) })
		}
		if atOnce {
			group.Go(func() { c.ask(ctx, j, s) })
		} else {
			c.ask(ctx, j, s)
		}
	}
	group.Wait()
	return ctx.Err() == nil
}

// ask asks until there is an answer.
func (c *courier) ask(ctx context.Context, j journey, s stage) {
	for began := time.Now(); ctx.Err() == nil; {
		p, err := s.do(ctx, c.svc)
		_, faults := account.AsFaults(err)
		switch {
		case err == nil:
			c.heard(acknowledged{N: j.n, Stage: s.name, Version: p.Message.Version, Updates: p.Updates, Began: began, Ended: time.Now()})
			return
		case errors.Is(err, account.ErrNotFound) && s.waits: // its admission is on its way
		case faults || errors.Is(err, account.ErrNotFound) || errors.Is(err, account.ErrReused) || errors.Is(err, account.ErrHold) ||
			errors.Is(err, message.ErrContradiction) || errors.Is(err, errRefused) || errors.Is(err, account.ErrRefund):
			c.failed(fmt.Errorf("%s, %s: %w", j.id(), s.name, err))
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// tick lets time pass until the context ends.
func (c *courier) tick(ctx context.Context) {
	for ctx.Err() == nil {
		_ = c.svc.Tick(ctx) // what failed, the next one does
		time.Sleep(20 * time.Millisecond)
	}
}
