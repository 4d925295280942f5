package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var messageValuePromises = []messagePromise{
	{"every field of a message comes back, also where it is zero", messageFields},
	{"any message comes back as it was given", anyMessage},
	{"instants of a message are kept to the microsecond, in UTC", messageInstants},
	{"ids of messages are kept and found byte for byte", messageIDs},
	{"texts of a message come back byte for byte", messageTexts},
	{"changing what was kept or read changes nothing stored", messageAliases},
}

// keep keeps messages as they are, as new ones.
func (m *messages) keep(t tb, k *book, ms ...message.Message) {
	t.Helper()
	m.rewrite(t, k, 0, ms...)
}

// rewrite keeps messages as they are, in place of what was read at a version.
func (m *messages) rewrite(t tb, k *book, was int64, ms ...message.Message) {
	t.Helper()
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	p.Balance.Version++
	for _, kept := range ms {
		p.Messages = append(p.Messages, store.KeptMessage{Message: kept, Was: was, NetworkIDs: kept.NetworkIDs})
	}
	m.appendPosting(t, k, p)
}

// whole is a message with something in every field.
func (m *messages) whole(k *book, id string) message.Message {
	e := k.envelope(id)
	e.Round, e.Price = true, money("123456789012.345678")
	at := func(hours int) time.Time { return m.now.Add(time.Duration(hours)*time.Hour + 123456*time.Microsecond) }
	terms := messageTerms()
	terms.Pricing, terms.SendWithin, terms.Wait = message.PricingDelivered, time.Hour+1, 72*time.Hour+7
	return message.Message{
		Envelope: e, Terms: terms, Version: 7, AdmittedAt: at(0), SentAt: at(1), EndedAt: at(2), Err: "späť '\"\\ ?",
		Tracking: account.Tracking{
			Deadline: at(72), Parts: 3, State: account.StateEnroute, Seq: 3, Reported: true, TimedOut: true, Late: account.StateDelivered, Refunded: true,
			Ended: []int{3, 1}, Delivered: 1,
			Worst: account.Report{State: account.StateUndeliverable, Err: "9 \"їж\"", DoneAt: at(3), Part: 2, AcceptedFinal: true},
		},
		Money: message.MoneyRefunded, Entries: message.Entries{Hold: 1, End: 2, Refund: 3},
		NetworkIDs: message.NetworkIDs{{Network: "acme", ID: id + "/z", Part: 2}, {Network: "βeta", ID: id + "/a", Part: 1}},
	}
}

// messageFields fills and empties what may change of a message.
func messageFields(t *testing.T, m *messages) {
	whole, bare := m.whole(m.one, "whole"), m.whole(m.one, "bare")
	bare = message.Message{
		Envelope: message.Envelope{Account: bare.Account, ID: "bare", Channel: account.ChannelWeb, Parts: 1, Currency: "EUR"},
		Terms:    message.Terms{Pricing: message.PricingSent, Wait: time.Hour, Day: account.Date{Year: 2026, Month: 1, Day: 1}},
		Version:  1, AdmittedAt: m.now, Money: message.MoneyHeld, Entries: message.Entries{Hold: 2},
	}
	bare.Tracking.Deadline = m.now
	m.keep(t, m.one, whole, bare)
	m.requireKept(t)
	emptied := message.Message{
		Envelope: whole.Envelope, Terms: whole.Terms, Version: 8, AdmittedAt: whole.AdmittedAt, Money: message.MoneyHeld,
		Entries: message.Entries{Hold: 1},
	}
	emptied.Tracking.Deadline = m.now
	m.rewrite(t, m.one, 7, emptied)
	m.requireKept(t)
	filled := m.whole(m.one, "bare")
	filled.Envelope, filled.Terms, filled.AdmittedAt, filled.Entries.Hold, filled.Version = bare.Envelope, bare.Terms, bare.AdmittedAt, 2, 2
	m.rewrite(t, m.one, 1, filled)
	m.requireKept(t)
}

func anyMessage(t *testing.T, m *messages) {
	draws := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		draws++
		first := m.any(t, m.one, fmt.Sprint("m-", draws))
		first.Entries.Hold = draws
		second := m.any(t, m.one, first.ID)
		second.Envelope, second.Terms, second.AdmittedAt, second.Entries.Hold = first.Envelope, first.Terms, first.AdmittedAt, draws
		m.keep(t, m.one, first)
		clear(m.owners) // of an id in two messages the last one has it
		m.take(store.Posting{Messages: []store.KeptMessage{{Message: first, NetworkIDs: first.NetworkIDs}}})
		m.requireMessage(t, first)
		m.requireOwners(t, m)
		second.NetworkIDs = append(slices.Clone(first.NetworkIDs), second.NetworkIDs...)
		m.rewrite(t, m.one, first.Version, second)
		m.requireMessage(t, second)
		m.requireOwners(t, m)
	})
}

// requireMessage reads a message in every way.
func (m *messages) requireMessage(t tb, want message.Message) {
	t.Helper()
	got, err := m.Message(t.Context(), keyOf(want))
	require.NoError(t, err)
	page, err := m.MessagePage(t.Context(), message.Query{Account: want.Account, ID: want.ID})
	require.NoError(t, err)
	found := lookUp(t, m, store.Lookup{Account: want.Account, Messages: []string{want.ID}})
	for _, got := range [][]message.Message{{got}, page, found.Messages} {
		requireMessages(t, []message.Message{want}, got, "the message "+want.ID)
	}
}

// any draws a message. One that is over has ended.
func (m *messages) any(t *rapid.T, k *book, id string) message.Message {
	text := func(name string) string { return accounttest.Text(60).Draw(t, name) }
	e := k.envelope(id)
	e.ClientRef, e.Sender, e.Destination = text("client ref"), text("sender"), text("destination")
	e.Channel = one(t, "channel", account.ChannelSMPP, account.ChannelAPI, account.ChannelWeb, account.ChannelREST)
	e.Parts = rapid.IntRange(1, account.MaxParts).Draw(t, "parts")
	e.MCC, e.MNC = one(t, "mcc", "", "001", "255"), one(t, "mnc", "", "01", "001")
	e.Price, e.Round = anyAmount(t).Abs(), rapid.Bool().Draw(t, "round")
	tracking := account.Tracking{
		Deadline: anyInstant(t), Parts: e.Parts, State: anyState(t), Seq: rapid.Int64Range(0, 9).Draw(t, "seq"),
		Reported: rapid.Bool().Draw(t, "reported"), TimedOut: rapid.Bool().Draw(t, "timed out"), Late: anyState(t),
		Refunded: rapid.Bool().Draw(t, "refunded"), Delivered: rapid.IntRange(0, 9).Draw(t, "delivered"), Worst: account.Report{
			State: anyState(t), Err: text("worst"), DoneAt: anyInstant(t), Part: rapid.IntRange(0, 9).Draw(t, "part"), AcceptedFinal: rapid.Bool().Draw(t, "final"),
		},
		Ended: rapid.SliceOfNDistinct(rapid.IntRange(1, account.MaxParts), 0, 5, rapid.ID).Draw(t, "parts that ended"),
	}
	got := message.Message{
		Envelope: e, Terms: anyMessageTerms(t), Version: rapid.Int64Range(1, 99).Draw(t, "version"), Tracking: tracking,
		AdmittedAt: anyInstant(t), SentAt: one(t, "sent", time.Time{}, anyInstant(t)), Err: text("err"),
		Money:   one(t, "money", message.MoneyHeld, message.MoneyTaken, message.MoneyReleased, message.MoneyRefunded),
		Entries: message.Entries{End: rapid.Int64Range(0, 9).Draw(t, "end"), Refund: rapid.Int64Range(0, 9).Draw(t, "refund")},
		NetworkIDs: rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) message.NetworkID {
			return message.NetworkID{Network: text("network"), ID: text("network id"), Part: rapid.IntRange(0, e.Parts).Draw(t, "part")}
		}), 0, 4, networkKey).Draw(t, "network ids"),
	}
	if tracking.Reported || tracking.TimedOut {
		got.EndedAt = anyInstant(t)
	}
	return got
}

func anyState(t *rapid.T) account.MessageState {
	return one(t, "state", account.StateScheduled, account.StateEnroute, account.StateDelivered, account.StateExpired, account.StateUndeliverable, account.StateAccepted, account.StateRejected)
}

func anyMessageTerms(t *rapid.T) message.Terms {
	return message.Terms{
		Pricing:    one(t, "pricing", message.PricingSent, message.PricingDelivered),
		Refunds:    account.RefundPolicy{States: account.States(anyState(t), anyState(t)), Timeout: rapid.Bool().Draw(t, "timeout")},
		SendWithin: time.Duration(rapid.Int64Range(0, int64(message.MaxSendWithin)).Draw(t, "send within")),
		Wait:       time.Duration(rapid.Int64Range(1, int64(message.MaxWait)).Draw(t, "wait")),
		Day:        one(t, "day", account.Date{Year: 1999, Month: 12, Day: 31}, account.Date{Year: 2024, Month: 2, Day: 29}, account.Date{Year: 9999, Month: 1, Day: 1}),
	}
}

func messageInstants(t *testing.T, m *messages) {
	for i, at := range []time.Time{
		time.UnixMicro(0).UTC(), time.UnixMicro(1).UTC(), accounttest.Now(), time.Date(2024, 2, 29, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), accounttest.Now().In(time.FixedZone("EEST", 3*60*60)),
		accounttest.Now().Add(999),
	} {
		whole := m.whole(m.one, fmt.Sprint("m-", i))
		whole.Entries.Hold = int64(i) + 1
		set := func(at time.Time) message.Message {
			whole.AdmittedAt, whole.SentAt, whole.EndedAt = at, at, at
			whole.Tracking.Deadline, whole.Tracking.Worst.DoneAt = at, at
			return whole
		}
		m.keep(t, m.one, set(at))
		m.kept[keyOf(whole)] = set(at.UTC().Truncate(time.Microsecond))
		m.requireKept(t)
	}
}

func messageIDs(t *testing.T, m *messages) {
	long := strings.Repeat("ї", message.MaxID/2)
	ids := []string{
		long, long[:len(long)-2] + "й", "a", "A", "a b", "é", "e\u0301", "ß", "ss", "%", "_", "\\", "'", "?", "1", "01", "1.0", "NULL", "😀", "a/b", "$1", "{a}",
	}
	for i, id := range ids {
		whole := m.whole(m.one, id)
		whole.Entries.Hold, whole.NetworkIDs = int64(i)+1, nil
		m.keep(t, m.one, whole)
	}
	m.requireKept(t)
	for _, id := range ids {
		m.requireMessage(t, m.kept[m.one.key(id)])
	}
}

func messageTexts(t *testing.T, m *messages) {
	hold := int64(0)
	for name, text := range awkward() {
		hold++
		text = head(text, account.MaxReference/4)
		whole := m.whole(m.one, name)
		whole.ClientRef, whole.Sender, whole.Destination, whole.Err, whole.Tracking.Worst.Err = text, text, text, text, text
		whole.NetworkIDs[0].Network, whole.NetworkIDs[1].ID, whole.Entries.Hold = head(text, message.MaxNetwork/4), text, hold
		m.keep(t, m.one, whole)
		for _, q := range []message.Query{{ClientRef: text}, {Destination: text}, {NetworkID: text}} {
			q.Account = whole.Account
			page, err := m.MessagePage(t.Context(), q)
			require.NoError(t, err)
			requireMessages(t, []message.Message{whole}, page, name)
		}
	}
	m.requireKept(t)
}

// messageAliases spoils all that was handed in, and all that was handed out.
func messageAliases(t *testing.T, m *messages) {
	spoil := func(ms ...message.Message) {
		require.NotEmpty(t, ms)
		for _, got := range ms {
			got.NetworkIDs[0], got.Tracking.Ended[0] = message.NetworkID{Network: "SPOILT"}, 99
		}
	}
	whole := m.whole(m.one, "m-1")
	m.keep(t, m.one, whole)
	m.kept[keyOf(whole)] = m.whole(m.one, "m-1")
	spoil(whole)
	m.requireKept(t)
	got, err := m.Message(t.Context(), keyOf(whole))
	require.NoError(t, err)
	page, err := m.MessagePage(t.Context(), message.Query{Account: whole.Account})
	require.NoError(t, err)
	spoil(append(append(page, got), lookUp(t, m, store.Lookup{Account: whole.Account, Messages: []string{"m-1"}}).Messages...)...)
	m.requireKept(t)
	m.keepEarly(t, m.report("a", 1), m.report("a", 2))
	m.earlyReports(t, acme("a")...)[0].ID = "SPOILT"
	m.requireKept(t)
}
