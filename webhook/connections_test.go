package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// countDials returns the number of connections that were begun. Its clock stands still.
func (r *rig) countDials() *atomic.Int64 {
	var dials atomic.Int64
	lookup := r.config.Lookup
	r.config.Lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
		dials.Add(1)
		return lookup(ctx, host)
	}
	r.stopClock()
	return &dials
}

func TestFewDeliveriesTakeOneConnection(t *testing.T) {
	r := newRig(t)
	dials := r.countDials()
	a := r.restOnly("few")
	var all []store.Delivery
	for n := range 4 {
		all = append(all, r.report(a, fmt.Sprint("m", n), account.StateDelivered)...)
	}
	r.run()
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	assert.EqualValues(t, 1, dials.Load())
}

// What a URL's lease ends does not end its connection, which serves all of its host, for
// ten seconds.
func TestURLsOfOneHostShareConnections(t *testing.T) {
	r := newRig(t)
	dials := r.countDials()
	r.run()
	deliver := func(login string) {
		d := r.report(r.restOnly(login), "m", account.StateDelivered)
		r.awaitState(d[0], store.DeliveryDone)
	}
	for n := range 5 {
		deliver(fmt.Sprint("one-", n))
	}
	assert.EqualValues(t, 1, dials.Load())
	r.pass(11 * time.Second)
	deliver("later")
	assert.EqualValues(t, 2, dials.Load(), "its name may lead elsewhere by now")
}

// Calls of one host never wait for each other: a client's URL that hangs is not another's
// trouble, though it be at the same host.
func TestURLsOfOneHostDoNotWaitForEachOther(t *testing.T) {
	r := newRig(t)
	const hanging = 20
	r.receiver.AnswerAll(webhooktest.Hang())
	r.config.Try = 3 * time.Second // which the end waits for
	for n := range hanging {
		r.report(r.restOnly(fmt.Sprint("stuck-", n)), "m", account.StateDelivered)
	}
	r.run()
	r.receiver.Await(hanging)
	r.receiver.AnswerAll(webhooktest.Status(204))
	d := r.report(r.restOnly("well"), "m", account.StateDelivered)
	r.awaitState(d[0], store.DeliveryDone)
}

// More URLs than there is room for are all worked, also where those that have the room
// have enough to do for ever.
func TestURLsTakeTurns(t *testing.T) {
	r := newRig(t)
	r.config.Hooks, r.config.Batch = 3, 2
	busy := map[string]account.Account{}
	for n := range 3 {
		path := fmt.Sprint("/long-", n)
		busy[path] = r.edit(r.restOnly(path[1:]), func(a *account.Account) { a.Webhooks.RESTState = r.receiver.URL(path) })
	}
	var messages atomic.Int64
	more := func(a account.Account) { r.report(a, fmt.Sprint("m", messages.Add(1)), account.StateDelivered) }
	r.receiver.AnswerAll(func(w http.ResponseWriter, q *http.Request) {
		if a, is := busy[q.URL.Path]; is {
			more(a) // one is done, and one comes
		}
		webhooktest.Delay(4*time.Millisecond, webhooktest.Status(204))(w, q)
	})
	for _, a := range busy {
		for range 100 {
			more(a)
		}
	}
	_, stop := r.run()
	r.receiver.Await(30)
	d := r.report(r.restOnly("short"), "m", account.StateDelivered)
	r.pass(11 * time.Second)
	r.awaitState(d[0], store.DeliveryDone)
	stop()
}
