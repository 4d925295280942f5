package clientaccount_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
)

// overtaken is a store in which something happens while a message is being sent: before it is
// written, and before its early reports are asked for again.
type overtaken struct {
	gathered
	writes, asks func()
	fails        error // of the next write, which then writes nothing
}

func (s *overtaken) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	s.once(&s.writes)
	if err := s.fails; err != nil {
		s.fails = nil
		return nil, err
	}
	return s.gathered.Store.Append(ctx, ps)
}

func (s *overtaken) EarlyReports(ctx context.Context, ids []store.NetworkKey) ([]messages.Early, error) {
	s.once(&s.asks)
	return s.gathered.Messages.EarlyReports(ctx, ids)
}

func (s *overtaken) once(do *func()) {
	if now := *do; now != nil {
		*do = nil
		now()
	}
}

// admittedOnce returns a Service over a store, with one message.
func admittedOnce(t *testing.T, st store.Store) (svc *clientaccount.Service, id account.ID) {
	t.Helper()
	svc = clientaccount.New(st, &clientaccount.Options{Clock: moneytest.NewClock(began).Now, Hash: cheap})
	made, err := svc.Create(t.Context(), clientaccount.Edit{Actor: olena, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company, a.Core.Password = "acme", "Acme Ltd", account.SetPassword(password, password)
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		return nil
	}})
	require.NoError(t, err)
	id = made.Account.ID
	_, err = svc.TopUp(t.Context(), clientaccount.TopUp{Account: id, Amount: account.Amount("1"), Reference: "payment 1"})
	require.NoError(t, err)
	_, err = svc.Admit(t.Context(), id, account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 1, Price: account.Some(account.Amount("0.1")),
	}, clientaccount.MessageHold{Reference: "m-1", Timeout: time.Minute, Keep: &clientaccount.Keep{}})
	require.NoError(t, err)
	return svc, id
}

// reportsOf returns what reports a state of the message's only id.
func reportsOf(t *testing.T, svc *clientaccount.Service) func(account.MessageState) clientaccount.Progress {
	return func(s account.MessageState) clientaccount.Progress {
		t.Helper()
		p, err := svc.Reported(t.Context(), messages.NetworkReport{Network: "acme", ID: "7f01", Report: account.Report{State: s}})
		require.NoError(t, err)
		return p
	}
}

// Of two reports the first one counts, also if it was kept as an early one and the second one
// finds its message sent.
func TestReportKeptEarlyCountsBeforeALaterOne(t *testing.T) {
	st := &overtaken{gathered: gatheredStore()}
	svc, id := admittedOnce(t, st)
	report := reportsOf(t, svc)
	st.writes = func() { require.True(t, report(account.StateDelivered).Early) }
	st.asks = func() { report(account.StateUndeliverable) }
	_, err := svc.Sent(t.Context(), id, "m-1", messages.Handover{Network: "acme", IDs: []string{"7f01"}})
	require.NoError(t, err)
	m, err := svc.Message(t.Context(), id, "m-1")
	require.NoError(t, err)
	require.Equal(t, account.StateDelivered, m.State())
}

// A report whose write was lost while another process was faster is answered as what it is by
// then: one that was overtaken. Of it nothing was told.
func TestALostWriteIsNotTakenForTheOneThatOvertookIt(t *testing.T) {
	st := &overtaken{gathered: gatheredStore()}
	svc, id := admittedOnce(t, st)
	_, err := svc.Sent(t.Context(), id, "m-1", messages.Handover{Network: "acme", IDs: []string{"7f01"}})
	require.NoError(t, err)
	other := clientaccount.New(st.gathered, &clientaccount.Options{Clock: moneytest.NewClock(began).Now, Hash: cheap})
	st.writes, st.fails = func() { require.True(t, reportsOf(t, other)(account.StateDelivered).Changed) }, errGone
	p := reportsOf(t, svc)(account.StateEnroute)
	require.Equal(t, account.StateDelivered, p.Message.State())
	require.False(t, p.Changed)
	require.Empty(t, p.Updates)
}

// undropped is a store that drops no early report, and in which something happens before one is
// kept.
type undropped struct {
	gathered
	keeps func()
}

func (s *undropped) KeepEarly(ctx context.Context, es []messages.Early) ([]store.MessageKey, error) {
	s.keeps()
	return s.gathered.Messages.KeepEarly(ctx, es)
}

func (s *undropped) DropEarly(context.Context, []store.NetworkKey) error {
	return errors.New("the connection was cut")
}

// What was heard is no error because it could not be forgotten.
func TestReportIsHeardThoughItIsNotForgotten(t *testing.T) {
	ctx, st := t.Context(), &undropped{gathered: gatheredStore()}
	svc := clientaccount.New(st, &clientaccount.Options{Hash: cheap})
	made, err := svc.Create(ctx, client("acme", sender))
	require.NoError(t, err)
	_, err = svc.TopUp(ctx, topUpOf(made.Account.ID, "10", "first"))
	require.NoError(t, err)
	_, err = svc.Admit(ctx, made.Account.ID, message("1"), clientaccount.MessageHold{Reference: "m", Keep: &clientaccount.Keep{}})
	require.NoError(t, err)
	st.keeps = func() {
		_, err := svc.Sent(ctx, made.Account.ID, "m", messages.Handover{Network: "net", IDs: []string{"a"}})
		assert.NoError(t, err)
	}
	p, err := svc.Reported(ctx, messages.NetworkReport{Network: "net", ID: "a", Report: account.Report{State: account.StateDelivered}})
	require.NoError(t, err)
	assert.False(t, p.Early)
	assert.Equal(t, messages.StageEnded, p.Message.Stage())
	require.Error(t, svc.Tick(ctx), "it is still to be forgotten")
}

// A caller who leaves before its report is looked at leaves no trace, and knows it.
func TestWhoLeavesBeforeAReportIsKeptKnowsIt(t *testing.T) {
	began, goOn := make(chan struct{}), make(chan struct{})
	st := &undropped{gathered: gatheredStore(), keeps: func() { close(began); <-goOn }}
	svc := clientaccount.New(st, &clientaccount.Options{Hash: cheap})
	var group sync.WaitGroup
	group.Go(func() {
		p, err := svc.Reported(t.Context(), messages.NetworkReport{Network: "net", ID: "a", Report: account.Report{State: account.StateDelivered}})
		assert.NoError(t, err)
		assert.True(t, p.Early)
	})
	<-began
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := svc.Reported(ctx, messages.NetworkReport{Network: "net", ID: "b", Report: account.Report{State: account.StateDelivered}})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotErrorIs(t, err, clientaccount.ErrUnknown)
	close(goOn)
	group.Wait()
	require.NoError(t, svc.Close(t.Context()))
}
