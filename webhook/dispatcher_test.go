package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
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

func TestDispatcherDeliversBothFamilies(t *testing.T) {
	r := newRig(t)
	a := r.client("both")
	made := r.report(a, "m", account.StateDelivered)
	require.Len(t, made, 2)
	r.run()
	bodies := map[string]string{}
	for _, d := range made {
		got := r.awaitState(d, store.DeliveryDone)
		assert.Equal(t, webhook.CodeOK, got.Last.Code)
		assert.Equal(t, 204, got.Last.Status)
		assert.Equal(t, 1, got.Tries)
		bodies[d.ID.String()] = d.Body
	}
	calls := r.receiver.Calls()
	require.Len(t, calls, 2)
	for _, c := range calls {
		require.NoError(t, c.Unverified)
		sent := c.Body
		if c.Method == http.MethodGet {
			sent = strings.TrimPrefix(c.Query, "token=c4nary-t0ken&")
		}
		assert.Equal(t, bodies[c.ID], sent)
	}
	assert.Equal(t, webhook.Counts{Delivered: 2}, r.heard.Counts())
}

func TestDispatcherTriesAgainOnSchedule(t *testing.T) {
	r := newRig(t)
	r.receiver.AnswerAll(webhooktest.Status(500))
	made := r.report(r.restOnly("again"), "m", account.StateDelivered)
	r.run()
	for n := 1; n < webhook.MaxTries; n++ {
		got := r.awaitTries(made[0], n)
		require.Equal(t, store.DeliveryWaiting, got.State)
		wait := got.DueAt.Sub(got.Last.At.Add(got.Last.Took))
		require.GreaterOrEqual(t, wait, webhook.Schedule[n]*8/10)
		require.LessOrEqual(t, wait, webhook.Schedule[n]*12/10+time.Second)
		r.pass(time.Until(got.DueAt) - time.Duration(r.skip.Load()) + 11*time.Minute) // past a pause, too
	}
	got := r.awaitState(made[0], store.DeliveryDead)
	assert.Equal(t, webhook.MaxTries, got.Tries)
	calls := r.receiver.Await(webhook.MaxTries)
	for _, c := range calls {
		assert.Equal(t, made[0].ID.String(), c.ID)
		assert.Equal(t, calls[0].Body, c.Body)
		require.NoError(t, c.Unverified, "signed anew at each try")
	}
	r.eventually(func() bool { return len(r.heard.of(webhook.NoticeDead)) == 1 })
}

func TestDispatcherHonoursRetryAfter(t *testing.T) {
	r := newRig(t)
	r.receiver.Answer(webhooktest.RetryAfter(503, "3600"))
	made := r.report(r.restOnly("asked"), "m", account.StateDelivered)
	r.run()
	got := r.awaitTries(made[0], 1)
	assert.GreaterOrEqual(t, got.DueAt.Sub(got.Last.At), time.Hour)
	r.pass(time.Hour + time.Second)
	r.awaitState(made[0], store.DeliveryDone)
}

// A state that is stuck holds up the later ones of its message, and of no other.
func TestDispatcherKeepsOrderPerMessage(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("order")
	first := r.report(a, "one", account.StateEnroute)
	last := r.report(a, "one", account.StateDelivered)
	var stuck atomic.Int32
	stuck.Store(3)
	r.receiver.AnswerAll(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Webhook-Id") == first[0].ID.String() && stuck.Add(-1) >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	r.run()
	for n := 1; n <= 3; n++ {
		r.awaitTries(first[0], n)
		other := r.report(a, fmt.Sprint("other-", n), account.StateDelivered)
		r.pass(5 * time.Minute)
		if n == 3 {
			r.awaitState(other[0], store.DeliveryDone)
		}
	}
	r.awaitState(last[0], store.DeliveryDone)
	var order []string
	for _, c := range r.receiver.Calls() {
		if strings.Contains(c.Body, `"messageId":"one"`) {
			order = append(order, c.ID)
		}
	}
	require.Contains(t, order, last[0].ID.String())
	for _, id := range order[slices.Index(order, last[0].ID.String()):] {
		assert.Equal(t, last[0].ID.String(), id, "ENROUTE came after DELIVRD")
	}
}

func TestDispatcherNeverSendsWhatWasOvertaken(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("overtaken")
	d := r.report(a, "m", account.StateDelivered)
	_, stop := r.run()
	r.awaitState(d[0], store.DeliveryDone)
	late := r.report(a, "m", account.StateEnroute)
	got := r.awaitState(late[0], store.DeliveryDead)
	assert.Equal(t, webhook.CodeOvertaken, got.Last.Code)
	stop()
	assert.Len(t, r.receiver.Calls(), 1)
}

func TestDispatcherKeepsEightCallsAtOnce(t *testing.T) {
	r := newRig(t)
	const alone = 28 // answers, and there may be eight calls at once
	var calls, now, most atomic.Int32
	eight := make(chan struct{})
	full := sync.OnceFunc(func() { close(eight) })
	r.receiver.AnswerAll(func(w http.ResponseWriter, req *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == 8 {
			full()
		}
		if calls.Add(1) > alone {
			<-eight
		}
		webhooktest.Delay(5*time.Millisecond, webhooktest.Status(200))(w, req) // for a ninth to come meanwhile
	})
	a := r.restOnly("eight")
	var all []store.Delivery
	for n := range 100 {
		all = append(all, r.report(a, fmt.Sprint("m", n), account.StateDelivered)...)
	}
	r.run()
	r.run() // a second host
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	assert.Equal(t, int32(8), most.Load())
	assert.Len(t, r.receiver.Calls(), len(all), "two dispatchers, each event once")
}

func TestTwoDispatchersSendEachEventOnce(t *testing.T) {
	r := newRig(t)
	var all []store.Delivery
	for n := range 40 {
		a := r.client(fmt.Sprint("client-", n))
		for m := range 5 {
			all = append(all, r.report(a, fmt.Sprint("m", m), account.StateDelivered)...)
		}
	}
	for range 3 {
		r.run()
	}
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	seen := map[string]int{}
	for _, c := range r.receiver.Calls() {
		seen[c.ID]++
	}
	assert.Len(t, seen, len(all))
	for id, n := range seen {
		assert.Equal(t, 1, n, id)
	}
}

func TestDispatcherOpensTheCircuit(t *testing.T) {
	r := newRig(t)
	r.receiver.AnswerAll(webhooktest.Status(500))
	a := r.restOnly("circuit")
	var all []store.Delivery
	for n := range 50 {
		all = append(all, r.report(a, fmt.Sprint("m", n), account.StateDelivered)...)
	}
	_, stop := r.run()
	r.eventually(func() bool { return len(r.heard.of(webhook.NoticePaused)) == 1 })
	r.eventually(func() bool { return !r.status(all[0].Hook).Health.PausedUntil.IsZero() })
	time.Sleep(50 * time.Millisecond) // ten polls
	assert.LessOrEqual(t, len(r.receiver.Calls()), 10+7, "ten failures in a row, and those under way")
	calls := len(r.receiver.Calls())
	r.pass(31 * time.Second)
	r.eventually(func() bool { return len(r.receiver.Calls()) > calls })
	r.eventually(func() bool { return len(r.heard.of(webhook.NoticePaused)) == 2 })
	assert.Len(t, r.receiver.Calls(), calls+1, "one call shows whether it works again")
	stop()

	r.receiver.AnswerAll(webhooktest.Status(200)) // another host, after a restart
	r.pass(2 * time.Minute)
	r.run()
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	assert.Len(t, r.heard.of(webhook.NoticeRecovered), 1)
}

func TestDispatcherSwitchesOffWhatIsGone(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("gone")
	r.receiver.Answer(webhooktest.Status(410))
	first := r.report(a, "m1", account.StateDelivered)
	d, _ := r.run()
	assert.Equal(t, webhook.CodeGone, r.awaitState(first[0], store.DeliveryDead).Last.Code)
	second := r.report(a, "m2", account.StateDelivered)
	assert.Equal(t, webhook.CodeOff, r.awaitState(second[0], store.DeliveryDead).Last.Code)
	assert.Len(t, r.receiver.Calls(), 1)
	require.Len(t, r.heard.of(webhook.NoticeOff), 1, "the operator is told")
	assert.Equal(t, webhook.CodeGone, r.status(first[0].Hook).Health.OffCode)

	require.Equal(t, []string{"hook.off rest_state gone"}, r.events(a))
	r.switchOn(first[0].Hook)
	n, err := r.st.Replay(t.Context(), store.Replay{Account: a.ID, Kind: account.HookRESTState, Now: r.config.Clock()})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	d.Wake()
	for _, d := range append(first, second...) {
		r.awaitState(d, store.DeliveryDone)
	}
	calls := r.receiver.Await(3)
	assert.ElementsMatch(t, []string{first[0].ID.String(), second[0].ID.String()}, []string{calls[1].ID, calls[2].ID}, "with the same id")
	assert.Equal(t, []string{"hook.off rest_state gone", "hook.on rest_state"}, r.events(a))
}

func TestDispatcherSwitchesOffWhatFailsFor120Hours(t *testing.T) {
	r := newRig(t)
	r.receiver.AnswerAll(webhooktest.Status(500))
	a := r.restOnly("failing")
	r.run()
	var last store.Delivery
	for n := range 11 {
		last = r.report(a, fmt.Sprint("m", n), account.StateDelivered)[0]
		r.eventually(func() bool { return r.status(last.Hook).Health.FailingHours >= n+1 })
		assert.Equal(t, n == 10, r.status(last.Hook).Health.IsOff(), "after %d hours", 12*n)
		r.pass(12 * time.Hour)
	}
	assert.Equal(t, webhook.CodeFailing, r.status(last.Hook).Health.OffCode)
	r.eventually(func() bool { return len(r.heard.of(webhook.NoticeOff)) == 1 })
	r.awaitState(last, store.DeliveryDead)
	assert.Equal(t, []string{"hook.off rest_state failing"}, r.events(a))

	r.receiver.AnswerAll(webhooktest.Status(200))
	a = r.edit(a, func(a *account.Account) { a.Webhooks.RESTState = r.receiver.URL("/another") })
	fresh := r.report(a, "fresh", account.StateDelivered)
	r.awaitState(fresh[0], store.DeliveryDone)
	assert.False(t, r.status(last.Hook).Health.IsOff(), "another URL begins anew")
	assert.Equal(t, []string{"hook.off rest_state failing", "hook.on rest_state"}, r.events(a))
}

// Nothing is tried while no dispatcher runs, and nothing is held against the URL for it.
func TestNoDispatcherForAWeekIsNoFailure(t *testing.T) {
	r := newRig(t)
	r.receiver.AnswerAll(webhooktest.Status(503))
	a := r.restOnly("asleep")
	_, stop := r.run()
	var last store.Delivery
	for n := range 12 { // half a day of an outage
		last = r.report(a, fmt.Sprint("m", n), account.StateDelivered)[0]
		r.eventually(func() bool { return r.status(last.Hook).Health.FailingHours >= n+1 })
		r.pass(time.Hour)
	}
	stop()
	tries := r.status(last.Hook).Health.Failures
	r.pass(7 * 24 * time.Hour)
	r.run()
	r.eventually(func() bool { return r.status(last.Hook).Health.Failures > tries })
	assert.False(t, r.status(last.Hook).Health.IsOff())
	assert.Empty(t, r.events(a))
}

// A test by a person is kept nowhere, whatever came of it.
func TestTestsCountForNothing(t *testing.T) {
	r := newRig(t)
	r.receiver.AnswerAll(webhooktest.Status(410))
	a := r.restOnly("tested")
	d, _ := r.run()
	try, err := d.Test(t.Context(), a.ID, account.HookRESTState)
	require.NoError(t, err)
	require.Equal(t, webhook.CodeGone, try.Code)
	statuses, err := r.st.HookStatuses(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Empty(t, statuses)
	assert.Empty(t, r.events(a))
}

func TestDispatcherWithoutAURL(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("nourl")
	d := r.report(a, "m", account.StateDelivered)
	r.edit(a, func(a *account.Account) { a.Webhooks.RESTState = "" })
	r.run()
	assert.Equal(t, webhook.CodeNoURL, r.awaitState(d[0], store.DeliveryDead).Last.Code)
	assert.Empty(t, r.receiver.Calls())
}

func TestDispatcherMakesTheFirstSecret(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("secretless")
	require.NoError(t, r.st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.(store.OutboxTx).SetHookSecrets(ctx, a.ID, nil)
	}))
	d := r.report(a, "m", account.StateDelivered)
	r.run()
	r.awaitState(d[0], store.DeliveryDone)
	secrets, err := r.st.HookSecrets(t.Context(), a.ID)
	require.NoError(t, err)
	require.Len(t, secrets, 1)
	call := r.receiver.Await(1)[0]
	require.Error(t, call.Unverified)
	require.NoError(t, verifies(t, secrets[0], call.Body, call.Header))
}

func TestDispatcherTellsOfBlockedAddresses(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("blocked")
	r.config.Lookup = names{webhooktest.Host: {addrs("169.254.169.254"), addrs("127.0.0.1")}}.lookup
	d := r.report(a, "m", account.StateDelivered)
	r.run()
	got := r.awaitTries(d[0], 1)
	assert.Equal(t, webhook.CodeBlockedAddress, got.Last.Code)
	assert.Equal(t, store.DeliveryWaiting, got.State)
	recorded, err := json.Marshal(got)
	require.NoError(t, err)
	assert.NotContains(t, string(recorded), "169.254", "the client is never shown the address")
	r.eventually(func() bool { return len(r.heard.of(webhook.NoticeBlocked)) == 1 })
	assert.Contains(t, r.heard.of(webhook.NoticeBlocked)[0].Address, "169.254.169.254")
	assert.Empty(t, r.receiver.Calls())
	r.pass(time.Minute) // the name was mended
	r.awaitState(d[0], store.DeliveryDone)
}

// told is a context that ends when a test says so, which goes on when that was heard.
type told struct {
	context.Context
	end chan struct{}
}

func (c told) Done() <-chan struct{} { return c.end }

func TestDispatcherFinishesWhatIsUnderWay(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("drain")
	goOn := make(chan struct{})
	r.receiver.Answer(func(http.ResponseWriter, *http.Request) { r.pass(time.Second) }) // one that takes long: more may be called at once
	r.receiver.AnswerAll(func(http.ResponseWriter, *http.Request) { <-goOn })
	var all []store.Delivery
	for n := range 20 {
		all = append(all, r.report(a, fmt.Sprint("m", n), account.StateDelivered)...)
	}
	d, err := webhook.NewDispatcher(r.st, &r.config)
	require.NoError(t, err)
	ctx, ended := told{t.Context(), make(chan struct{})}, make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	r.receiver.Await(9)
	ctx.end <- struct{}{}
	close(goOn)
	require.NoError(t, <-ended)
	done := 0
	for _, d := range all {
		if r.stored(d).State == store.DeliveryDone {
			done++
		}
	}
	assert.Equal(t, 9, done, "the first, and what was under way then, is noted, the rest waits")
	assert.Len(t, r.receiver.Calls(), 9)
	_, stop := r.run()
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	stop()
	assert.Len(t, r.receiver.Calls(), 20, "its leases were given back, and nothing was sent twice")
}

func TestDispatcherLivesThroughLostRaces(t *testing.T) {
	r := newRig(t)
	a := r.client("races")
	r.run()
	var all []store.Delivery
	for n := range 30 {
		all = append(all, r.report(a, fmt.Sprint("m", n), account.StateDelivered)...)
		r.st.LoseRaces(3)
		time.Sleep(2 * time.Millisecond)
		r.st.LoseRaces(0)
	}
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	assert.Len(t, r.receiver.Calls(), len(all))
}

// A hanging URL costs the others nothing.
func TestDispatcherIsNotHeldUpByAHangingURL(t *testing.T) {
	r := newRig(t)
	hanging := webhooktest.New(t)
	hanging.Reach(&r.config)
	goOn := make(chan struct{})
	hanging.AnswerAll(func(http.ResponseWriter, *http.Request) { <-goOn })
	stuck := r.restOnly("stuck")
	stuck = r.edit(stuck, func(a *account.Account) { a.Webhooks.RESTState = hanging.URL("/") })
	for n := range 30 {
		r.report(stuck, fmt.Sprint("m", n), account.StateDelivered)
	}
	r.config.Try = time.Minute
	r.run()
	t.Cleanup(func() { close(goOn) })
	hanging.Await(1)
	var all []store.Delivery
	well := r.restOnly("well")
	for n := range 50 {
		all = append(all, r.report(well, fmt.Sprint("m", n), account.StateDelivered)...)
	}
	for _, d := range all {
		r.awaitState(d, store.DeliveryDone)
	}
	assert.Len(t, hanging.Calls(), 1, "the first call shows that there is no use in more")
}

// holdFirst reports some states for an account, and has the first call of them wait, and with it
// the others, until it may go on.
func (r *rig) holdFirst(a account.Account) (goOn func()) {
	wait := make(chan struct{})
	r.receiver.Answer(func(http.ResponseWriter, *http.Request) { <-wait })
	for n := range 20 {
		r.report(a, fmt.Sprint("m", n), account.StateDelivered)
	}
	return func() { close(wait) }
}

// What was changed while a URL is worked for long is used soon: the URL, and where its
// name leads.
func TestDispatcherGoesWithTheURL(t *testing.T) {
	r := newRig(t)
	other := webhooktest.New(t)
	other.Reach(&r.config)
	a := r.restOnly("moving")
	goOn := r.holdFirst(a)
	reads := r.runReading("/new")
	r.receiver.Await(1)
	r.edit(a, func(a *account.Account) { a.Webhooks.RESTState = other.URL("/new") })
	r.reroute(reads)
	goOn()
	other.Await(19)
	assert.Len(t, r.receiver.Calls(), 1)
}

// A connection that is kept alive does not outlive what its name says for long.
func TestDispatcherLooksNamesUpAgain(t *testing.T) {
	r := newRig(t)
	var address atomic.Value
	address.Store("127.0.0.1")
	r.config.Lookup = func(context.Context, string) ([]netip.Addr, error) {
		return addrs(address.Load().(string)), nil //nolint:forcetypeassert // a string above
	}
	goOn := r.holdFirst(r.restOnly("moved"))
	r.run()
	r.receiver.Await(1)
	address.Store("10.0.0.1")
	r.pass(11 * time.Second)
	goOn()
	r.eventually(func() bool { return len(r.heard.of(webhook.NoticePaused)) == 1 })
	assert.NotEmpty(t, r.heard.of(webhook.NoticeBlocked))
	assert.Len(t, r.receiver.Calls(), 1)
}

func TestDispatcherPurges(t *testing.T) {
	r := newRig(t)
	a := r.restOnly("purged")
	done := r.report(a, "done", account.StateDelivered)
	r.run()
	r.awaitState(done[0], store.DeliveryDone)
	r.receiver.AnswerAll(webhooktest.Status(410))
	dead := r.report(a, "dead", account.StateDelivered)
	r.awaitState(dead[0], store.DeliveryDead)
	gone := func(d store.Delivery) func() bool {
		return func() bool {
			_, err := r.st.Delivery(t.Context(), a.ID, d.ID)
			return errors.Is(err, account.ErrNotFound)
		}
	}
	r.pass(73 * time.Hour)
	r.eventually(gone(done[0]))
	assert.Equal(t, store.DeliveryDead, r.stored(dead[0]).State, "dead letters stay for 30 days")
	r.pass(28 * 24 * time.Hour)
	r.eventually(gone(dead[0]))
}

func TestDispatcherMisuse(t *testing.T) {
	_, err := webhook.NewDispatcher(struct{ store.Store }{}, nil)
	require.ErrorIs(t, err, webhook.ErrNoOutbox)
	var absent *memstore.Store
	for _, st := range []store.Store{nil, absent} {
		_, err = webhook.NewDispatcher(st, nil)
		require.ErrorIs(t, err, webhook.ErrNoOutbox, "%T", st)
	}
	r := newRig(t)
	made := r.report(r.restOnly("running"), "m", account.StateDelivered)
	d, _ := r.run()
	r.awaitState(made[0], store.DeliveryDone)
	require.ErrorIs(t, d.Run(t.Context()), webhook.ErrRunning)
}

func TestDispatcherTest(t *testing.T) {
	r := newRig(t)
	a := r.client("tested")
	d, err := webhook.NewDispatcher(r.st, &r.config)
	require.NoError(t, err)
	for _, kind := range []account.HookKind{account.HookAPIState, account.HookRESTState} {
		got, err := d.Test(t.Context(), a.ID, kind)
		require.NoError(t, err)
		assert.Equal(t, webhook.CodeOK, got.Code)
	}
	for _, c := range r.receiver.Calls() {
		require.NoError(t, c.Unverified)
		assert.Contains(t, c.Body+c.Query, "test-")
	}
	got, err := d.Test(t.Context(), a.ID, account.HookRESTIncoming)
	require.NoError(t, err)
	assert.Equal(t, webhook.CodeNoURL, got.Code)
	ds, err := r.st.Deliveries(t.Context(), store.DeliveryQuery{Account: a.ID})
	require.NoError(t, err)
	assert.Empty(t, ds, "a test is kept nowhere")
	_, err = d.Test(t.Context(), account.ID{1}, account.HookRESTState)
	require.ErrorIs(t, err, account.ErrNotFound)
}

// Canaries: a secret, a token of the URL and a password, sent back by a far end that
// fails, are in no log line, record or notice.
func TestDispatcherShowsNoSecret(t *testing.T) {
	r := newRig(t)
	a := r.client("canary")
	r.receiver.Answer(webhooktest.Echo(500), webhooktest.Echo(500), webhooktest.Echo(410), webhooktest.Garbage("c4nary-t0ken\r\n\r\n"))
	r.receiver.AnswerAll(webhooktest.Text(500, "c4nary-t0ken "+r.secret.Reveal()+" "+r.secret.Reveal()[6:]))
	var all []store.Delivery
	for n := range 4 {
		all = append(all, r.report(a, fmt.Sprint("m", n), account.StateDelivered)...)
	}
	d, stop := r.run()
	for _, d := range all {
		r.await(d, func(d store.Delivery) bool { return d.Tries > 0 || d.State == store.DeliveryDead })
	}
	tested, err := d.Test(t.Context(), a.ID, account.HookRESTState)
	require.NoError(t, err)
	stop()
	var shown strings.Builder
	shown.WriteString(r.log.String())
	for _, d := range all {
		got := r.stored(d)
		text, err := json.Marshal(got)
		require.NoError(t, err)
		fmt.Fprintf(&shown, "%s %+v %#v\n", text, got, got)
	}
	fmt.Fprintf(&shown, "%+v %+v %+v", tested, r.heard.notices, r.status(all[0].Hook))
	assert.Contains(t, shown.String(), "tried")
	for _, canary := range []string{"c4nary-t0ken", r.secret.Reveal(), r.secret.Reveal()[6:], webhooktest.Host, "127.0.0.1"} {
		assert.NotContains(t, shown.String(), canary)
	}
}
