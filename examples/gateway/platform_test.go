package main

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// platform is what stays when its process dies: the store, the network, and a client with 1.00.
type platform struct {
	*testing.T
	store   *memstore.Store
	network *scripted
	clock   *clock
	client  account.Account
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{T: t, store: memstore.New(), network: &scripted{taken: map[string][]string{}, times: map[string]int{}}, clock: &clock{}}
	svc := p.service(p.store)
	product, err := svc.SaveProduct(t.Context(), bySent, account.Actor{}, "")
	require.NoError(t, err)
	made, err := svc.Create(t.Context(), clientaccount.Edit{Actor: system, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "acme", "Acme Telecom Ltd"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Webhooks.RESTState, a.Notes.Product = "https://client.io/states", product.ID
		return nil
	}})
	require.NoError(t, err)
	p.client = made.Account
	_, err = svc.TopUp(t.Context(), clientaccount.TopUp{Account: p.client.ID, Amount: account.Amount("1"), Reference: "payment 1", Actor: system})
	require.NoError(t, err)
	return p
}

func (p *platform) service(st store.Store) *clientaccount.Service {
	return clientaccount.New(st, &clientaccount.Options{Clock: p.clock.Now, Hash: cheap})
}

// start returns a gateway in a process of its own, which hands nothing over by itself.
func (p *platform) start() *Gateway {
	return newGateway(p.service(p.store), p.network, func() {}, slog.New(slog.DiscardHandler))
}

// message is one of two parts at 0.4.
func (p *platform) message(id string) outgoing {
	o := outgoing{client: p.client.ID, id: id, text: "Hello"}
	o.request = account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 2, Price: account.Some(account.Amount("0.4")),
	}
	return o
}

// take returns the verdict on a message that must give one.
func (p *platform) take(g *Gateway, id string) account.Verdict {
	p.Helper()
	got, err := g.Take(p.Context(), p.message(id))
	require.NoError(p, err)
	return got.Verdict
}

// drain hands over what is queued.
func (p *platform) drain(g *Gateway) {
	for len(g.queue) > 0 {
		g.handOver(p.Context(), <-g.queue)
	}
}

// requireMoney is what the client has, and what is held of it.
func (p *platform) requireMoney(balance, held string) {
	p.Helper()
	b, err := p.service(p.store).Balance(p.Context(), p.client.ID)
	require.NoError(p, err)
	require.Equal(p, balance+" "+held, b.Amount.String()+" "+b.Held.String())
}

// told returns the states that the client is told, in their order.
func (p *platform) told() (states []string) {
	p.Helper()
	svc := p.service(p.store)
	ds, err := svc.Deliveries(p.Context(), clientaccount.DeliveryQuery{Account: p.client.ID})
	require.NoError(p, err)
	for _, row := range slices.Backward(ds) {
		d, err := p.store.Delivery(p.Context(), p.client.ID, row.ID)
		require.NoError(p, err)
		states = append(states, stateIn(d.Body))
	}
	return states
}

var errDown = errors.New("the network is down")

// scripted is a network that does as it is told.
type scripted struct {
	mu      sync.Mutex
	fails   int    // so often before it takes anything
	rejects string // the error code with which it takes nothing
	calls   int
	taken   map[string][]string // the ids of what it took, by key
	times   map[string]int      // how often each was sent
	next    int
}

func (n *scripted) Name() string { return "scripted" }

func (n *scripted) Send(_ context.Context, s Submission) ([]string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls++
	switch {
	case n.fails > 0:
		n.fails--
		return nil, errDown
	case n.rejects != "":
		return nil, &RejectedError{n.rejects}
	}
	n.times[s.Key]++
	if n.taken[s.Key] == nil {
		n.next++
		n.taken[s.Key] = []string{"net-" + string(rune('a'+n.next))}
	}
	return n.taken[s.Key], nil
}

func (n *scripted) Find(_ context.Context, key string) ([]string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.taken[key], nil
}

const day = 24 * time.Hour

// stateIn returns the state that a delivery's body tells.
func stateIn(body string) string {
	return regexp.MustCompile(`"state":"([A-Z]+)"`).FindStringSubmatch(body)[1]
}
