package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// texts are "path code" of each fault; no fault lacks a text of its own.
func faultTexts(t *testing.T, faults account.Faults) (texts []string) {
	t.Helper()
	for _, f := range faults {
		texts = append(texts, f.Path+" "+f.Code)
		assert.NotEqual(t, account.NewFault("", "no such code").Text, f.Text, f.Code)
		assert.NotContains(t, f.Text, "%!", f.Code)
	}
	return texts
}

func TestFaultsOfAnEnvelope(t *testing.T) {
	assert.Nil(t, envelope(1).Faults())
	longest := envelope(255)
	longest.ID, longest.ClientRef = strings.Repeat("i", message.MaxID), strings.Repeat("r", 255)
	longest.MCC, longest.MNC, longest.Price = "", "", decimal.Zero
	assert.Nil(t, longest.Faults())

	assert.Equal(t, []string{
		"account account.required", "id message.required", "channel channel.choice", "currency currency.unknown", "parts parts.range",
	}, faultTexts(t, message.Envelope{}.Faults()))
	for _, tt := range []struct {
		change func(*message.Envelope)
		fault  string
	}{
		{func(e *message.Envelope) { e.ID = longest.ID + "i" }, "id message.id_length"},
		{func(e *message.Envelope) { e.ID = "m\u202e1" }, "id message.chars"},
		{func(e *message.Envelope) { e.ID = "m\x001" }, "id message.chars"},
		{func(e *message.Envelope) { e.ID = "clientaccount:m" }, "id message.chars"},
		{func(e *message.Envelope) { e.ID = "m-1/capture" }, "id message.suffix"},
		{func(e *message.Envelope) { e.ID = "/refund" }, "id message.suffix"},
		{func(e *message.Envelope) { e.ClientRef = longest.ClientRef + "r" }, "client_ref text.length"},
		{func(e *message.Envelope) { e.ClientRef = "a\nb" }, "client_ref text.chars"},
		{func(e *message.Envelope) { e.Sender = "\xff" }, "sender text.chars"},
		{func(e *message.Envelope) { e.Destination = strings.Repeat("1", 256) }, "destination text.length"},
		{func(e *message.Envelope) { e.Channel = "fax" }, "channel channel.choice"},
		{func(e *message.Envelope) { e.Parts = 256 }, "parts parts.range"},
		{func(e *message.Envelope) { e.Parts = -1 }, "parts parts.range"},
		{func(e *message.Envelope) { e.MCC = "25" }, "mcc network.mcc"},
		{func(e *message.Envelope) { e.MNC = "0x" }, "mnc network.mnc"},
		{func(e *message.Envelope) { e.Currency = "EURO" }, "currency currency.unknown"},
		{func(e *message.Envelope) { e.Price = decimal.NewFromInt(-1) }, "price price.negative"},
		{func(e *message.Envelope) { e.Price = decimal.New(1, 15) }, "price price.range"},
		{func(e *message.Envelope) { e.Price = decimal.New(1, 1_000_000_000) }, "price price.range"},
		{func(e *message.Envelope) { e.Price = decimal.New(1, -7) }, "price price.scale"},
	} {
		e := envelope(1)
		tt.change(&e)
		assert.Equal(t, []string{tt.fault}, faultTexts(t, e.Faults()))
		_, err := message.Message{}.Admitted(e, bySent(), at(0))
		_, is := account.AsFaults(err)
		assert.True(t, is, tt.fault)
	}
	rounded := envelope(3)
	rounded.Price, rounded.Round = decimal.New(1, -7), true
	assert.Nil(t, rounded.Faults())
}

// No movement of one message has the reference of another's, so a message's id may not
// end as a movement's reference does.
func TestEveryMovementThatIsMadeEndsNoID(t *testing.T) {
	for _, kind := range account.MovementKinds() {
		traits := kind.Traits()
		if traits.Makes || !traits.Callers || !traits.Ends && !traits.Refunds {
			continue
		}
		e := envelope(1)
		e.ID = message.Message{Envelope: e}.Reference(kind)
		assert.Equal(t, []string{"id message.suffix"}, faultTexts(t, e.Faults()), kind)
		e.ID = strings.Repeat("i", message.MaxID)
		assert.LessOrEqual(t, len(message.Message{Envelope: e}.Reference(kind)), account.MaxReference, kind)
	}
}

func TestFaultsOfTerms(t *testing.T) {
	assert.Nil(t, byDelivered().Faults())
	assert.Equal(t, []string{"wait wait.range", "day day.required"}, faultTexts(t, message.Terms{}.Faults()))
	bad := message.Terms{Pricing: "weekly", SendWithin: message.MaxSendWithin + 1, Wait: message.MaxWait + 1, Day: bySent().Day}
	assert.Equal(t, []string{"pricing pricing.choice", "send_within send_within.range", "wait wait.range"}, faultTexts(t, bad.Faults()))
	bad = message.Terms{SendWithin: -1, Wait: -time.Hour, Day: bySent().Day}
	assert.Equal(t, []string{"send_within send_within.range", "wait wait.range"}, faultTexts(t, bad.Faults()))
}

func TestFaultsOfAHandover(t *testing.T) {
	many := make([]string, 255)
	for i := range many {
		many[i] = fmt.Sprint(strings.Repeat("i", 250), i)
	}
	assert.Nil(t, message.Handover{Network: strings.Repeat("n", message.MaxNetwork), IDs: many}.Faults(255))
	assert.Nil(t, message.Handover{Network: "acme"}.Faults(1))
	for _, tt := range []struct {
		handover message.Handover
		faults   []string
	}{
		{message.Handover{IDs: []string{""}}, []string{"network network.required", "ids network_id.required"}},
		{message.Handover{Network: strings.Repeat("n", 65), IDs: []string{strings.Repeat("i", 256)}}, []string{"network text.length", "ids text.length"}},
		{message.Handover{Network: "ac\u200bme", IDs: []string{"a\x00"}}, []string{"network text.chars", "ids text.chars"}},
		{message.Handover{Network: "acme", IDs: []string{"a", "b", "c", "d"}}, []string{"ids network_ids.count"}},
		{message.Handover{Network: "acme", IDs: []string{"a", "b", "a"}}, []string{"ids network_ids.twice"}},
		{message.Handover{Network: "acme", IDs: []string{"a"}, Part: 4}, []string{"part part.range"}},
		{message.Handover{Network: "acme", IDs: []string{"a", "b"}, Part: 3}, []string{"part part.range"}},
		{message.Handover{Network: "acme", IDs: []string{"a"}, Part: -1}, []string{"part part.range"}},
	} {
		assert.Equal(t, tt.faults, faultTexts(t, tt.handover.Faults(3)))
	}
}

func TestFaultsOfFailuresAndReports(t *testing.T) {
	for _, state := range account.MessageStates() {
		ok := state == account.StateRejected || state == account.StateUndeliverable
		assert.Equal(t, ok, message.Failure{State: state}.Faults() == nil, state)
	}
	assert.Equal(t, []string{"err text.chars"}, faultTexts(t, message.Failure{State: rejected, Err: "\x00"}.Faults()))

	bad := message.NetworkReport{Report: account.Report{State: 10, Err: strings.Repeat("e", 256), Part: 256, DoneAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}
	assert.Equal(t, []string{
		"network network.required", "id network_id.required", "state state.unknown", "err text.length", "part part.range", "done_at instant.range",
	}, faultTexts(t, bad.Faults()))
	m := message.Message{}
	for _, call := range []func() error{
		func() error { _, err := m.Reported(bad, at(0)); return err },
		func() error { m.ID = "m-1"; _, err := m.Unsent(message.Failure{}, at(0)); return err },
		func() error { _, err := m.Sent(message.Handover{}, nil, at(0)); return err },
	} {
		_, is := account.AsFaults(call())
		require.True(t, is)
	}
}
