package messagetest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/message/messagetest"
)

// ended returns a message that was refunded, with what was moved and told of it.
func ended(t *testing.T) (m message.Message, moved []account.MovementKind, told []account.StateUpdate) {
	t.Helper()
	keep := func(s message.Step, err error) {
		require.NoError(t, err)
		m, moved, told = s.Message, append(moved, s.Movement.Kind), append(told, s.Updates...)
	}
	now := accounttest.Now()
	keep(m.Admitted(
		message.Envelope{Account: accounttest.ID(1), ID: "m-1", Channel: account.ChannelAPI, Parts: 1, Price: decimal.New(312, -4), Currency: "EUR"},
		message.Terms{Refunds: account.RefundPolicy{Timeout: true}, Wait: time.Hour, Day: account.Date{Year: 2026, Month: 11, Day: 23}},
		now,
	))
	keep(m.Sent(message.Handover{Network: "acme", IDs: []string{"17"}}, nil, now))
	keep(m.Reported(message.NetworkReport{Network: "acme", ID: "17", Report: account.Report{State: account.StateDelivered}}, now.Add(time.Hour)))
	return m, moved, told
}

func TestAgreeSeesWhatDoesNotAgree(t *testing.T) {
	m, moved, told := ended(t)
	require.Len(t, told, 2)
	require.Equal(t, []account.MovementKind{account.KindHold, account.KindCapture, account.KindRefund}, moved)
	require.NoError(t, messagetest.Agree(m, moved, told))
	for name, lie := range map[string]func(*message.Message, *[]account.MovementKind, *[]account.StateUpdate){
		"a movement is missing": func(_ *message.Message, moved *[]account.MovementKind, _ *[]account.StateUpdate) {
			*moved = (*moved)[:2]
		},
		"a movement too many": func(_ *message.Message, moved *[]account.MovementKind, _ *[]account.StateUpdate) {
			*moved = append(*moved, account.KindRefund)
		},
		"money of another stage": func(m *message.Message, moved *[]account.MovementKind, _ *[]account.StateUpdate) {
			m.Money, *moved = message.MoneyHeld, (*moved)[:1]
		},
		"an end is not told": func(_ *message.Message, _ *[]account.MovementKind, told *[]account.StateUpdate) { *told = nil },
		"told in another order": func(_ *message.Message, _ *[]account.MovementKind, told *[]account.StateUpdate) {
			slices.Reverse(*told)
		},
		"the late one comes late": func(_ *message.Message, _ *[]account.MovementKind, told *[]account.StateUpdate) {
			(*told)[1].Late = false
		},
		"another state": func(m *message.Message, _ *[]account.MovementKind, _ *[]account.StateUpdate) {
			m.Tracking.State = account.StateDeleted
		},
		"another error": func(m *message.Message, _ *[]account.MovementKind, _ *[]account.StateUpdate) { m.Err = "000" },
		"no end":        func(m *message.Message, _ *[]account.MovementKind, _ *[]account.StateUpdate) { m.EndedAt = time.Time{} },
		"late without a time-out": func(m *message.Message, _ *[]account.MovementKind, _ *[]account.StateUpdate) {
			m.Tracking.TimedOut = false
		},
		"paid when delivered": func(m *message.Message, _ *[]account.MovementKind, _ *[]account.StateUpdate) {
			m.Pricing = message.PricingDelivered
		},
		"told after the end": func(_ *message.Message, _ *[]account.MovementKind, told *[]account.StateUpdate) {
			*told = append(*told, account.StateUpdate{Seq: 3, Report: account.Report{State: account.StateEnroute}})
		},
	} {
		m, moved, told := ended(t)
		lie(&m, &moved, &told)
		assert.Error(t, messagetest.Agree(m, moved, told), name)
	}
}
