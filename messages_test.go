package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// gathered is a store, not an immediate one, so that calls go in batches.
type gathered struct {
	store.Store
	store.Messages
	store.Outbox
}

func gatheredStore() gathered {
	mem := memstore.New()
	return gathered{mem, mem, mem}
}

func TestMessages(t *testing.T) {
	for name, open := range map[string]func() store.Store{
		"each by itself": func() store.Store { return memstore.New() },
		"gathered":       func() store.Store { return gatheredStore() },
	} {
		t.Run(name, func(t *testing.T) {
			moneytest.Messages(t, func(*testing.T) moneytest.Host {
				clock := moneytest.NewClock(began)
				svc := clientaccount.New(open(), &clientaccount.Options{Clock: clock.Now, Hash: cheap})
				return moneytest.Host{Service: svc, Clock: clock}
			})
		})
	}
}

// without are stores that lack an ability.
type (
	withoutMessages struct {
		store.Store
		store.Outbox
	}
	withoutOutbox struct {
		store.Store
		store.Messages
	}
)

func TestAStoreWithoutMessagesSaysSo(t *testing.T) {
	ctx, mem := t.Context(), memstore.New()
	svc := clientaccount.New(withoutMessages{mem, mem}, &clientaccount.Options{Hash: cheap})
	made, err := svc.Create(ctx, client("acme", sender))
	require.NoError(t, err)
	id := made.Account.ID
	keep := clientaccount.MessageHold{Reference: "m", Keep: &clientaccount.Keep{}}
	errs := map[string]error{}
	_, errs["Admit"] = svc.Admit(ctx, id, message("1"), keep)
	_, errs["Sent"] = svc.Sent(ctx, id, "m", messages.Handover{Network: "net", IDs: []string{"a"}})
	_, errs["Unsent"] = svc.Unsent(ctx, id, "m", messages.Failure{State: account.StateRejected})
	_, errs["Reported"] = svc.Reported(ctx, messages.NetworkReport{Network: "net", ID: "a"})
	_, errs["Message"] = svc.Message(ctx, id, "m")
	_, errs["MessageOf"] = svc.MessageOf(ctx, store.NetworkKey{Network: "net", ID: "a"})
	_, errs["Messages"] = svc.Messages(ctx, messages.Query{Account: id})
	_, errs["Figures"] = svc.Figures(ctx, messages.FiguresQuery{Account: id})
	for verb, err := range errs {
		assert.ErrorIs(t, err, clientaccount.ErrNoMessages, verb)
	}
	keep.Keep = nil
	_, err = svc.Admit(ctx, id, message("1"), keep)
	require.NoError(t, err, "the host keeps them")
	require.NoError(t, svc.Tick(ctx))
}

func TestAStoreWithoutAnOutboxKeepsMessages(t *testing.T) {
	ctx, mem := t.Context(), memstore.New()
	svc := clientaccount.New(withoutOutbox{mem, mem}, &clientaccount.Options{Hash: cheap})
	made, err := svc.Create(ctx, client("acme", sender, func(a *account.Account) { a.Webhooks.RESTState = "https://client.io/3" }))
	require.NoError(t, err)
	id := made.Account.ID
	_, err = svc.TopUp(ctx, topUpOf(id, "10", "first"))
	require.NoError(t, err)
	_, err = svc.Admit(ctx, id, message("1"), clientaccount.MessageHold{Reference: "m", Keep: &clientaccount.Keep{}})
	require.NoError(t, err)
	p, err := svc.Unsent(ctx, id, "m", messages.Failure{State: account.StateRejected})
	require.NoError(t, err)
	assert.Len(t, p.Updates, 1, "for the host to tell")
	assert.Empty(t, p.Hooks)
}

// What is told of a message that is kept is another delivery than what a host submits.
func TestDeliveriesOfKeptMessagesAreTheirOwn(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme", sender)
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "10", "first")))
	_, err := b.svc.Admit(t.Context(), a.ID, message("1"), clientaccount.MessageHold{Reference: "m-1", Keep: &clientaccount.Keep{ClientRef: "order-17"}})
	require.NoError(t, err)
	p, err := b.svc.Unsent(t.Context(), a.ID, "m-1", messages.Failure{State: account.StateRejected, Err: "7"})
	require.NoError(t, err)
	assert.Equal(t, []account.HookKind{account.HookAPIState, account.HookRESTState}, p.Hooks)
	assert.JSONEq(t, `{"type":"sms.state","timestamp":"2026-11-24T09:30:00.123Z","data":{
		"messageId":"m-1","clientRef":"order-17","from":"ACME","to":"380501112233","state":"REJECTD","stateCode":8,"final":true,
		"err":"7","late":false,"submittedAt":"2026-11-24T09:30:00.123Z","doneAt":"2026-11-24T09:30:00.123Z","parts":2,
		"partsDelivered":0,"mcc":"255","mnc":"01","price":{"amount":"2","currency":"EUR"},"seq":1}}`, b.deliveries(a.ID)[0].Body)
	_, err = b.svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateRejected))
	require.NoError(t, err)
	assert.Len(t, b.deliveries(a.ID), 4)
}

// severed is a store whose answers are lost.
type severed struct {
	gathered
	lost atomic.Bool
}

func (s *severed) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	if s.lost.Load() && len(ps) > 0 {
		return nil, errors.New("the connection was cut")
	}
	return s.gathered.Append(ctx, ps)
}

func TestAnUnknownOutcomeOfACallIsAskedAgain(t *testing.T) {
	ctx, st := t.Context(), &severed{gathered: gatheredStore()}
	svc := clientaccount.New(st, &clientaccount.Options{Hash: cheap})
	made, err := svc.Create(ctx, client("acme", sender))
	require.NoError(t, err)
	_, err = svc.TopUp(ctx, topUpOf(made.Account.ID, "10", "first"))
	require.NoError(t, err)
	admit := func() error {
		_, err := svc.Admit(ctx, made.Account.ID, message("1"), clientaccount.MessageHold{Reference: "m", Keep: &clientaccount.Keep{}})
		return err
	}
	st.lost.Store(true)
	unknown, is := errors.AsType[*clientaccount.UnknownError](admit())
	require.True(t, is)
	assert.Equal(t, "m", unknown.Reference)
	st.lost.Store(false)
	require.NoError(t, admit())
	st.lost.Store(true)
	_, err = svc.Sent(ctx, made.Account.ID, "m", messages.Handover{Network: "net", IDs: []string{"a"}})
	require.ErrorIs(t, err, clientaccount.ErrUnknown)
	st.lost.Store(false)
	sent, err := svc.Sent(ctx, made.Account.ID, "m", messages.Handover{Network: "net", IDs: []string{"a"}})
	require.NoError(t, err)
	assert.Equal(t, messages.MoneyTaken, sent.Message.Money)
}

// Two Services are as two processes: whoever of them hears what, each message comes to one
// end, and its client is told once.
func TestReportsThroughTwoServicesAtOnce(t *testing.T) {
	ctx, st := t.Context(), gatheredStore()
	one, two := clientaccount.New(st, &clientaccount.Options{Hash: cheap}), clientaccount.New(st, &clientaccount.Options{Hash: cheap})
	made, err := one.Create(ctx, client("acme", sender, func(a *account.Account) { a.Webhooks.RESTState = "https://client.io/3" }))
	require.NoError(t, err)
	id := made.Account.ID
	_, err = one.TopUp(ctx, topUpOf(id, "1000", "first"))
	require.NoError(t, err)
	var group sync.WaitGroup
	for n := range 40 {
		m := fmt.Sprint("m-", n)
		refunds := account.Some(account.RefundPolicy{States: account.States(account.StateUndeliverable)})
		_, err := one.Admit(ctx, id, message("1"), clientaccount.MessageHold{Reference: m, Keep: &clientaccount.Keep{Refunds: refunds}})
		require.NoError(t, err)
		group.Go(func() {
			_, err := one.Sent(ctx, id, m, messages.Handover{Network: "net", IDs: []string{m}})
			assert.NoError(t, err)
		})
		for _, svc := range []*clientaccount.Service{one, two} {
			for _, state := range []account.MessageState{account.StateEnroute, account.StateUndeliverable} {
				group.Go(func() {
					_, err := svc.Reported(ctx, messages.NetworkReport{Network: "net", ID: m, Report: account.Report{State: state}})
					assert.NoError(t, err)
				})
			}
		}
	}
	group.Wait()
	require.NoError(t, two.Tick(ctx))
	for m, err := range one.AllMessages(ctx, messages.Query{Account: id}) {
		require.NoError(t, err)
		assert.Equal(t, messages.StageEnded, m.Stage(), m.ID)
		assert.Contains(t, []messages.Money{messages.MoneyRefunded, messages.MoneyReleased}, m.Money)
		ds, err := one.Deliveries(ctx, clientaccount.DeliveryQuery{Account: id, Message: m.ID})
		require.NoError(t, err)
		assert.EqualValues(t, m.Tracking.Seq, len(ds))
		assert.True(t, ds[0].Final)
	}
	at, err := one.Balance(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, "1000 0", at.Amount.String()+" "+at.Held.String())
	early, err := st.OverdueEarly(ctx, 100)
	require.NoError(t, err)
	assert.Empty(t, early)
	require.NoError(t, errors.Join(one.Close(ctx), two.Close(ctx)))
}
