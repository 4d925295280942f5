package adminpages_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// messageSite is a site whose client has sent messages for some weeks, which went all ways
// that there are.
type messageSite struct {
	hookSite
	at   time.Time // the Service's clock
	sent int
}

// newMessageSite makes one with at most so many messages a day: a page with many is slow to look at.
func newMessageSite(t *testing.T, most int) *messageSite {
	t.Helper()
	now := time.Now()
	s := &messageSite{at: now.AddDate(0, 0, -40)}
	s.store = memstore.New()
	s.svc = clientaccount.New(s.store, &clientaccount.Options{Hash: cheap, Clock: func() time.Time { return s.at }})
	s.fill(t)
	s.client = s.update(t, "Marko Lis", account.Change{}.
		Set("webhooks.rest_state", "https://hooks.acme-telecom.com/v2/states").Set("routing.dynamic_sender", "true").
		Set("dispatch", "Mon,Tue,Wed,Thu,Fri,Sat,Sun 00:00-24:00"))
	_, err := s.svc.TopUp(t.Context(), clientaccount.TopUp{Account: s.client.ID, Amount: decimal.NewFromInt(500), Reference: "opening"})
	require.NoError(t, err)
	for day := range 29 {
		for i := range min(most, 3+day*day%7) {
			s.at = now.AddDate(0, 0, day-29).Add(time.Duration(i) * time.Minute)
			s.send(t, day+i)
		}
		require.NoError(t, s.svc.Tick(t.Context()))
	}
	s.at = now.Add(-20 * time.Minute)
	s.admit(t, "..", 2)
	s.at = now.Add(-4 * time.Minute)
	s.admit(t, "an-id-that-is-as-long-as-some-platforms-make-them-0f3a41c6-8b1e-4c57-9d0a-6a7f3b2e1d00/with/slashes", 5)
	require.NoError(t, s.svc.Tick(t.Context()))
	s.at = now
	s.serve(t, nil)
	return s
}

// admit takes a message of so many parts.
func (s *messageSite) admit(t *testing.T, id string, parts int) {
	t.Helper()
	_, err := s.svc.Admit(t.Context(), s.client.ID, account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", MCC: "255", MNC: "01", Parts: parts, Price: account.Some(decimal.New(312, -4)),
	}, clientaccount.MessageHold{Reference: id, Keep: &clientaccount.Keep{
		ClientRef: "order-" + fmt.Sprint(s.sent), Pricing: message.PricingSent,
		Refunds: account.Some(account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected)}),
	}})
	require.NoError(t, err)
}

// send takes a message and goes with it one of the ways.
func (s *messageSite) send(t *testing.T, way int) {
	t.Helper()
	s.sent++
	id, parts := fmt.Sprintf("0f3a41c6-%04d", s.sent), 1+way%3
	s.admit(t, id, parts)
	if way%11 == 10 {
		_, err := s.svc.Unsent(t.Context(), s.client.ID, id, message.Failure{State: account.StateRejected, Err: "88"})
		require.NoError(t, err)
		return
	}
	s.at = s.at.Add(time.Second)
	h := message.Handover{Network: "kyivstar"}
	for i := range parts {
		h.IDs = append(h.IDs, fmt.Sprintf("%08X", s.sent*16+i))
	}
	_, err := s.svc.Sent(t.Context(), s.client.ID, id, h)
	require.NoError(t, err)
	for i, network := range h.IDs {
		s.report(t, network, account.StateEnroute, "000")
		switch {
		case way%13 == 12 || way%5 == 4 && i > 0: // nothing more is heard
		case way%7 == 6:
			s.report(t, network, account.StateUndeliverable, "27")
		default:
			s.report(t, network, account.StateDelivered, "000")
		}
	}
}

func (s *messageSite) report(t *testing.T, id string, state account.MessageState, code string) {
	t.Helper()
	s.at = s.at.Add(3 * time.Second)
	_, err := s.svc.Reported(t.Context(), message.NetworkReport{Network: "kyivstar", ID: id, Report: account.Report{
		State: state, Err: code, DoneAt: s.at.Add(-time.Second),
	}})
	require.NoError(t, err)
}
