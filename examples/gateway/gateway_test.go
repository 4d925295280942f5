package gateway_test

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/examples/gateway"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// table keeps messages as JSON would: nothing of it is shared with the gateway.
type table struct {
	mu   sync.Mutex
	rows map[string]gateway.Message
}

func (t *table) Get(_ context.Context, id string) (gateway.Message, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows[id], nil
}

func (t *table) Put(_ context.Context, id string, m gateway.Message) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[id] = m
	return nil
}

// network takes messages, each id once, as one does that is told what to do.
type network struct {
	mu    sync.Mutex
	calls int
	taken map[string]int
	fails int // so many of the next calls
}

var errDown = errors.New("the network is down")

func (n *network) send(_ context.Context, id string, _ account.Request) error {
	time.Sleep(time.Millisecond) // whoever else may send it comes meanwhile
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls++
	if n.fails > 0 {
		n.fails--
		return errDown
	}
	n.taken[id]++
	return nil
}

// platform is what stays when its process dies, and a client with 1.00.
type platform struct {
	*testing.T
	store    *memstore.Store
	messages *table
	network  *network
	clock    *clock
	client   account.ID
}

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// newPlatform returns one of eight days ago, so that today the reports of what it takes are overdue.
func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{
		T: t, store: memstore.New(), messages: &table{rows: map[string]gateway.Message{}},
		network: &network{taken: map[string]int{}}, clock: &clock{time.Now().AddDate(0, 0, -8)},
	}
	svc := p.start().Accounts
	actor := account.Actor{ID: "u1", Name: "Olena Koval"}
	made, err := svc.Create(t.Context(), clientaccount.Edit{Actor: actor, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "acme", "Acme Telecom Ltd"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Webhooks.RESTState = "https://client.io/states"
		return nil
	}})
	require.NoError(t, err)
	p.client = made.Account.ID
	_, err = svc.TopUp(t.Context(), clientaccount.TopUp{Account: p.client, Amount: account.Amount("1"), Reference: "payment 1", Actor: actor})
	require.NoError(t, err)
	return p
}

// start returns a gateway in a process of its own.
func (p *platform) start() *gateway.Gateway {
	return &gateway.Gateway{
		Accounts: clientaccount.New(p.store, &clientaccount.Options{Clock: p.clock.Now, Hash: cheap}),
		Messages: p.messages, Network: p.network.send,
	}
}

var cheap = clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}

var request = account.Request{
	Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 2, Price: account.Some(account.Amount("0.4")),
}

// take returns the verdict on a message that must give one.
func (p *platform) take(g *gateway.Gateway, id string) account.Verdict {
	p.Helper()
	got, err := g.Take(p.Context(), p.client, id, request)
	require.NoError(p, err)
	return got.Verdict
}

// requireMoney is what the client has, and what is held of it.
func (p *platform) requireMoney(balance, held string) {
	p.Helper()
	b, err := p.start().Accounts.Balance(p.Context(), p.client)
	require.NoError(p, err)
	require.Equal(p, balance+" "+held, b.Amount.String()+" "+b.Held.String())
}

// told returns the states that the client is told, in their order.
func (p *platform) told() (states []string) {
	p.Helper()
	ds, err := p.start().Accounts.Deliveries(p.Context(), clientaccount.DeliveryQuery{Account: p.client})
	require.NoError(p, err)
	for i := range ds {
		d, err := p.store.Delivery(p.Context(), p.client, ds[len(ds)-1-i].ID)
		require.NoError(p, err)
		states = append(states, regexp.MustCompile(`"state":"([A-Z]+)"`).FindStringSubmatch(d.Body)[1])
	}
	return states
}

func TestDeliveredMessageIsPaidAndTold(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	receiver := p.dispatch()
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-1"))
	p.requireMoney("0.2", "0")
	assert.Equal(t, account.VerdictRefuse, p.take(g, "m-2"), "no money for another one")

	for range 2 { // networks repeat themselves
		require.NoError(t, g.Report(t.Context(), "m-1", account.Report{State: account.StateDelivered, DoneAt: p.clock.now}, p.clock.now))
	}
	call := receiver.Await(1)[0]
	require.NoError(t, call.Unverified)
	assert.Contains(t, call.Body, `"messageId":"m-1"`)
	assert.Contains(t, call.Body, `"state":"DELIVRD"`)
	p.requireMoney("0.2", "0")
}

// dispatch has the client's URL called at a receiver until the test ends.
func (p *platform) dispatch() *webhooktest.Receiver {
	p.Helper()
	receiver, svc := webhooktest.New(p), p.start().Accounts
	actor := account.Actor{ID: "u1", Name: "Olena Koval"}
	edit := account.Change{}.Set("webhooks.rest_state", receiver.URL("/states"))
	done, err := svc.Update(p.Context(), p.client, 1, clientaccount.Edit{Actor: actor, Apply: edit.Apply})
	require.NoError(p, err)
	secret, _, err := svc.NewHookSecret(p.Context(), p.client, done.Account.Revision, actor, 0)
	require.NoError(p, err)
	receiver.Trust(secret)
	var config webhook.Config
	receiver.Reach(&config)
	dispatcher, err := webhook.NewDispatcher(p.store, &config)
	require.NoError(p, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- dispatcher.Run(ctx) }()
	p.Cleanup(func() {
		stop()
		assert.NoError(p, <-ended)
	})
	return receiver
}

func TestLostMessageIsPaidBack(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	for range 2 {
		require.NoError(t, g.Tick(t.Context(), "m-1", time.Now()))
	}
	assert.Equal(t, []string{"EXPIRED"}, p.told())
	p.requireMoney("1", "0")
}

func TestUnsentMessageCostsNothingAndGoesOutOnceWhenTriedAgain(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.network.fails = 2
	for range 2 {
		_, err := g.Take(t.Context(), p.client, "m-1", request)
		require.ErrorIs(t, err, errDown)
		p.requireMoney("1", "0")
	}
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-1"))
	p.requireMoney("0.2", "0")
	assert.Equal(t, account.VerdictSent, p.take(g, "m-1"))
	assert.Equal(t, map[string]int{"m-1": 1}, p.network.taken)
	p.requireMoney("0.2", "0")
}

func TestRepeatedMessageIsSentOnce(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	assert.Equal(t, account.VerdictAccept, p.take(g, "m-1"))
	for range 3 {
		assert.Equal(t, account.VerdictSent, p.take(g, "m-1"))
		assert.Equal(t, account.VerdictSent, p.take(p.start(), "m-1"), "by another process")
	}
	require.NoError(t, g.Report(t.Context(), "m-1", account.Report{State: account.StateUndeliverable}, p.clock.now))
	assert.Equal(t, account.VerdictSent, p.take(g, "m-1"), "paid back, and still sent")
	assert.Equal(t, 1, p.network.calls)
	p.requireMoney("1", "0")
}

func TestOtherContentUnderAnIDIsRefused(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	dearer, other := request, request
	dearer.Price, other.Destination = account.Some(account.Amount("0.5")), "380501112234"
	for _, r := range []account.Request{dearer, other} {
		_, err := g.Take(t.Context(), p.client, "m-1", r)
		require.ErrorIs(t, err, account.ErrReused)
	}
	_, err := g.Take(t.Context(), account.ID{9}, "m-1", request)
	require.ErrorIs(t, err, account.ErrReused)
	assert.Equal(t, 1, p.network.calls)
}

func TestMessageRepeatedAtOnceIsSentOnce(t *testing.T) {
	for fails := range 3 {
		p := newPlatform(t)
		p.network.fails = fails
		g := p.start()
		var group sync.WaitGroup
		var mu sync.Mutex
		verdicts := map[account.Verdict]int{}
		for range 8 {
			group.Go(func() {
				got, err := g.Take(context.Background(), p.client, "m-1", request)
				if err != nil {
					assert.ErrorIs(t, err, errDown)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				verdicts[got.Verdict]++
			})
		}
		group.Wait()
		assert.Equal(t, map[account.Verdict]int{account.VerdictAccept: 1, account.VerdictSent: 7 - fails}, verdicts)
		assert.Equal(t, 1+fails, p.network.calls)
		p.requireMoney("0.2", "0")
	}
}

func TestReportBeforeTheMessageIsPaidForWaits(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	require.ErrorIs(t, g.Report(t.Context(), "m-1", account.Report{State: account.StateEnroute}, p.clock.now), account.ErrNotFound)
	p.network.fails = 1
	_, err := g.Take(t.Context(), p.client, "m-1", request)
	require.ErrorIs(t, err, errDown)
	require.ErrorIs(t, g.Report(t.Context(), "m-1", account.Report{State: account.StateEnroute}, p.clock.now), gateway.ErrUnpaid)
}

func TestReportsOfPartsAreToldAsOne(t *testing.T) {
	p := newPlatform(t)
	g := p.start()
	p.take(g, "m-1")
	for _, r := range []account.Report{
		{State: account.StateAccepted, Part: 1},
		{State: account.StateDelivered, Part: 1},
		{State: account.StateAccepted, Part: 2},
		{State: account.StateDelivered, Part: 1}, // a repeat
		{State: account.StateDelivered, Part: 2},
	} {
		require.NoError(t, g.Report(t.Context(), "m-1", r, p.clock.now))
	}
	assert.Equal(t, []string{"ACCEPTD", "DELIVRD"}, p.told())
}
