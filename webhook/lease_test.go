package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// outboxed is a store of which a test has some of the answers changed. Nil funcs change nothing.
type outboxed struct {
	*memstore.Store
	claimed  func([]store.Claimed) error
	extended func([]store.Hook) []store.Hook
	read     func(account.Account)
}

func (o *outboxed) Claim(ctx context.Context, c store.Claim) ([]store.Claimed, error) {
	found, err := o.Store.Claim(ctx, c)
	if err == nil && o.claimed != nil {
		err = o.claimed(found)
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

func (o *outboxed) Extend(ctx context.Context, owner account.ID, hooks []store.Hook, until time.Time) ([]store.Hook, error) {
	held, err := o.Store.Extend(ctx, owner, hooks, until)
	if o.extended != nil {
		held = o.extended(held)
	}
	return held, err
}

func (o *outboxed) Account(ctx context.Context, id account.ID) (account.Account, error) {
	a, err := o.Store.Account(ctx, id)
	if err == nil && o.read != nil {
		o.read(a)
	}
	return a, err
}

// runOn is run for another store than the rig's, and gives what Run returns.
func (r *rig) runOn(ctx context.Context, st store.Store) (ended chan error, stop func()) {
	r.t.Helper()
	d, err := webhook.NewDispatcher(st, &r.config)
	require.NoError(r.t, err)
	ctx, stop = context.WithCancel(ctx)
	ended = make(chan error, 1)
	stopped := make(chan struct{})
	go func() { defer close(stopped); ended <- d.Run(ctx) }()
	r.t.Cleanup(func() { stop(); <-stopped })
	return ended, stop
}

// Hooks that were leased by a claim whose answer was lost are worked by nobody. Their leases
// end all the same, though others of the dispatcher go on.
func TestHooksOfALostAnswerAreClaimedAgain(t *testing.T) {
	r := newRig(t)
	r.config.Try, r.config.Lease = 2*time.Second, 4*time.Second
	d := r.report(r.restOnly("lost"), "m", account.StateDelivered)
	var claims atomic.Int64
	extended := make(chan struct{})
	tell := sync.OnceFunc(func() { close(extended) })
	r.runOn(t.Context(), &outboxed{Store: r.st, claimed: func(found []store.Claimed) error {
		if len(found) > 0 && claims.Add(1) == 1 {
			return errors.New("the connection broke")
		}
		return nil
	}, extended: func(held []store.Hook) []store.Hook { tell(); return held }})
	<-extended // leases that are held last for longer
	r.pass(r.config.Lease)
	r.awaitState(d[0], store.DeliveryDone)
	assert.GreaterOrEqual(t, claims.Load(), int64(2))
}

// A call of a hook that passed on meanwhile is waited for, too: nothing of a Run goes on after it.
func TestRunWaitsForCallsOfLostHooks(t *testing.T) {
	r := newRig(t)
	answer := make(chan struct{})
	r.receiver.Answer(func(w http.ResponseWriter, _ *http.Request) { <-answer; w.WriteHeader(http.StatusNoContent) })
	d := r.report(r.restOnly("lost"), "m", account.StateDelivered)
	ended, stop := r.runOn(t.Context(), r.st)
	r.receiver.Await(1)
	r.pass(r.config.Lease) // its lease ends: it is claimed again, and called
	r.awaitState(d[0], store.DeliveryDone)
	stop()
	select {
	case <-ended:
		close(answer)
		require.Fail(t, "ended while a call was under way")
	case <-time.After(100 * time.Millisecond):
	}
	close(answer)
	require.NoError(t, <-ended)
}

// A call of a hook that somebody else holds by now is waited for as well.
func TestRunWaitsForCallsOfHooksOfOthers(t *testing.T) {
	r := newRig(t)
	r.config.Try, r.config.Lease = 2*time.Second, 4*time.Second
	answer := make(chan struct{})
	r.receiver.AnswerAll(func(w http.ResponseWriter, _ *http.Request) { <-answer; w.WriteHeader(http.StatusNoContent) })
	r.report(r.restOnly("lost"), "m", account.StateDelivered)
	lost := make(chan struct{})
	tell := sync.OnceFunc(func() { close(lost) })
	ended, stop := r.runOn(t.Context(), &outboxed{Store: r.st, extended: func([]store.Hook) []store.Hook { tell(); return nil }})
	r.receiver.Await(1)
	<-lost
	stop()
	select {
	case <-ended:
		close(answer)
		require.Fail(t, "ended while a call was under way")
	case <-time.After(100 * time.Millisecond):
	}
	close(answer)
	require.NoError(t, <-ended)
}

// With each poll some of the hooks make room, not all of them at once.
func TestSomeHooksMakeRoomAtATime(t *testing.T) {
	d, err := webhook.NewDispatcher(memstore.New(), &webhook.Config{Hooks: 64})
	require.NoError(t, err)
	assert.Equal(t, 8, webhook.LetGo(d, 100, 1))
	assert.Equal(t, 64, webhook.LetGo(d, 0, 8))
}

// runReading starts a dispatcher, and tells when it reads an account whose URL ends so.
func (r *rig) runReading(end string) <-chan struct{} {
	reads := make(chan struct{}, 1)
	r.runOn(r.t.Context(), &outboxed{Store: r.st, read: func(a account.Account) {
		if strings.HasSuffix(a.Webhooks.RESTState, end) {
			select {
			case reads <- struct{}{}:
			default:
			}
		}
	}})
	return reads
}

// reroute has the URLs of hooks that are held read anew.
func (r *rig) reroute(reads <-chan struct{}) {
	for range 2 { // when it is read again, what was read first is known
		r.pass(11 * time.Second)
		<-reads
	}
}

// move has a client call another URL while a call of the one before is under way, which is then
// answered.
func (r *rig) move(answer webhooktest.Answer, then func(account.Account)) {
	const before = 12 // enough to have several calls at once
	began, goOn := make(chan struct{}), make(chan struct{})
	var calls atomic.Int64
	r.receiver.AnswerAll(func(w http.ResponseWriter, q *http.Request) {
		if calls.Add(1) != before {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		close(began)
		<-goOn
		answer(w, q)
	})
	a := r.restOnly("moving")
	for n := range before {
		r.report(a, fmt.Sprint("m", n), account.StateDelivered)
	}
	reads := r.runReading("/new")
	<-began
	a = r.edit(a, func(a *account.Account) { a.Webhooks.RESTState = r.receiver.URL("/new") })
	r.reroute(reads)
	then(a)
	close(goOn)
}

// That the URL before is gone does not switch off the one that is called now.
func TestAnOldURLDoesNotSwitchOffTheNew(t *testing.T) {
	r := newRig(t)
	var d []store.Delivery
	r.move(webhooktest.Status(http.StatusGone), func(a account.Account) {
		d = r.report(a, "new", account.StateDelivered)
	})
	r.awaitState(d[0], store.DeliveryDone)
}

// A new URL begins with one call, however well the one before did.
func TestANewURLBeginsWithOneCall(t *testing.T) {
	r := newRig(t)
	r.stopClock()
	var underWay, most atomic.Int64
	all := []store.Delivery{}
	r.move(webhooktest.Status(http.StatusNoContent), func(a account.Account) {
		r.receiver.AnswerAll(func(w http.ResponseWriter, _ *http.Request) {
			if n := underWay.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(20 * time.Millisecond) // for others to come meanwhile
			underWay.Add(-1)
			w.WriteHeader(http.StatusNoContent)
		})
		for n := range 4 {
			all = append(all, r.report(a, fmt.Sprint("new-", n), account.StateDelivered)...)
		}
		time.Sleep(10 * r.config.Poll) // the call of the old URL is one of the hook's: none begins beside it
	})
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	assert.EqualValues(t, 1, most.Load())
}

// Connections that are renewed are not closed in the moment in which net/http takes them for
// idle, and has not handed over their answers yet.
func TestConnectionsEndAfterTheirAnswers(t *testing.T) {
	r := newRig(t)
	idle, goOn := make(chan struct{}), make(chan struct{})
	var calls atomic.Int64
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{PutIdleConn: func(error) {
		if calls.Add(1) == 1 {
			close(idle)
			<-goOn
		}
	}})
	r.runOn(ctx, r.st)
	first := r.report(r.restOnly("first"), "m", account.StateDelivered)
	<-idle
	r.pass(11 * time.Second)
	second := r.report(r.restOnly("second"), "m", account.StateDelivered)
	r.receiver.Await(2) // through new connections
	close(goOn)
	r.awaitState(second[0], store.DeliveryDone)
	assert.Equal(t, 1, r.await(first[0], func(d store.Delivery) bool { return d.Tries > 0 }).Tries)
	assert.Equal(t, webhook.CodeOK, r.stored(first[0]).Last.Code)
}
