package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

type kept = message.Message

// Messages is a row of clientaccount_messages: what was admitted, and how far it has come.
var (
	Messages    = messageKey.And(admitted).And(Progress)
	MessageKeys = Codec[store.MessageKey]{
		key("account_id", func(k *store.MessageKey) *account.ID { return &k.Account }),
		text("id", func(k *store.MessageKey) *string { return &k.ID }),
	}

	messageKey = Codec[kept]{
		key("account_id", func(m *kept) *account.ID { return &m.Account }),
		text("id", func(m *kept) *string { return &m.ID }),
	}
	// admitted never changes.
	admitted = Codec[kept]{
		bigint("hold_entry", func(m *kept) *int64 { return &m.Entries.Hold }),
		textOrNull("client_ref", func(m *kept) *string { return &m.ClientRef }),
		text("channel", func(m *kept) *account.Channel { return &m.Channel }),
		text("sender", func(m *kept) *string { return &m.Sender }),
		text("destination", func(m *kept) *string { return &m.Destination }),
		integer("parts", func(m *kept) *int { return &m.Parts }),
		textOrNull("mcc", func(m *kept) *string { return &m.MCC }),
		textOrNull("mnc", func(m *kept) *string { return &m.MNC }),
		amount("price", func(m *kept) *decimal.Decimal { return &m.Price }),
		flag("round", func(m *kept) *bool { return &m.Round }),
		text("currency", func(m *kept) *account.Currency { return &m.Currency }),
		text("pricing", func(m *kept) *message.Pricing { return &m.Pricing }),
		stateSet("refund_states", func(m *kept) *account.StateSet { return &m.Refunds.States }),
		flag("refund_timeout", func(m *kept) *bool { return &m.Refunds.Timeout }),
		span("send_within_ns", time.Nanosecond, func(m *kept) *time.Duration { return &m.SendWithin }),
		span("wait_ns", time.Nanosecond, func(m *kept) *time.Duration { return &m.Wait }),
		day("day", func(m *kept) *account.Date { return &m.Day }),
		instant("admitted_at", func(m *kept) *time.Time { return &m.AdmittedAt }),
	}
	// Progress is the part of a row that a step changes. Stage and due_at follow from the
	// rest, and are what messages are found by.
	Progress = Codec[kept]{
		derived("stage", func(m *kept) string { return string(m.Stage()) }),
		integer("tracked_parts", func(m *kept) *int { return &m.Tracking.Parts }),
		state("state", func(m *kept) *account.MessageState { return &m.Tracking.State }),
		dueAt("due_at"),
		bigint("version", func(m *kept) *int64 { return &m.Version }),
		instantOrNull("sent_at", func(m *kept) *time.Time { return &m.SentAt }),
		instantOrNull("ended_at", func(m *kept) *time.Time { return &m.EndedAt }),
		textOrNull("err", func(m *kept) *string { return &m.Err }),
		instantOrNull("deadline", func(m *kept) *time.Time { return &m.Tracking.Deadline }),
		bigint("told", func(m *kept) *int64 { return &m.Tracking.Seq }),
		flag("reported", func(m *kept) *bool { return &m.Tracking.Reported }),
		flag("timed_out", func(m *kept) *bool { return &m.Tracking.TimedOut }),
		state("late", func(m *kept) *account.MessageState { return &m.Tracking.Late }),
		flag("refund_due", func(m *kept) *bool { return &m.Tracking.Refunded }),
		listOrNull("ended_parts", func(m *kept) *[]int { return &m.Tracking.Ended }, noTexts),
		integer("delivered", func(m *kept) *int { return &m.Tracking.Delivered }),
		state("worst", func(m *kept) *account.MessageState { return &m.Tracking.Worst.State }),
		textOrNull("worst_err", func(m *kept) *string { return &m.Tracking.Worst.Err }),
		instantOrNull("worst_at", func(m *kept) *time.Time { return &m.Tracking.Worst.DoneAt }),
		integer("worst_part", func(m *kept) *int { return &m.Tracking.Worst.Part }),
		flag("worst_final", func(m *kept) *bool { return &m.Tracking.Worst.AcceptedFinal }),
		text("money", func(m *kept) *message.Money { return &m.Money }),
		networkIDs,
		bigintOrNull("end_entry", func(m *kept) *int64 { return &m.Entries.End }),
		bigintOrNull("refund_entry", func(m *kept) *int64 { return &m.Entries.Refund }),
	}
)

var networkIDs = listOrNull("network_ids", func(m *kept) *message.NetworkIDs { return &m.NetworkIDs }, idTextsOf)

// MovedMessages is what is written of a message that is there; PurgedMessages what is asked of
// one that is removed.
var (
	MovedMessages  = messageKey.And(Progress)
	PurgedMessages = messageKey.And(Codec[kept]{networkIDs})
)

func state[T any](name string, at func(*T) *account.MessageState) field[T] {
	return field[T]{
		Column{name, "smallint"},
		func(p *Params, v *T) { p.Integer(int64(*at(v))) },
		func(r *Row, v *T) { *at(v) = account.MessageState(r.Integer()) },
	}
}

func stateSet[T any](name string, at func(*T) *account.StateSet) field[T] {
	return field[T]{
		Column{name, "integer"},
		func(p *Params, v *T) { p.Integer(int64(*at(v))) },
		func(r *Row, v *T) { *at(v) = account.StateSet(r.Integer()) },
	}
}

// day is a date as text, the zero one as empty text.
func day[T any](name string, at func(*T) *account.Date) field[T] {
	return field[T]{
		Column{name, "text"},
		func(p *Params, v *T) { p.Text(at(v).String()) },
		func(r *Row, v *T) {
			date, err := parsed(r.Text(), account.ParseDate)
			r.failed(err)
			*at(v) = date.Or(account.Date{})
		},
	}
}

// dueAt follows from the rest, and is only written.
func dueAt(name string) field[kept] {
	return field[kept]{
		Column{name, "timestamptz"},
		func(p *Params, m *kept) { p.instant(m.Due()) },
		func(r *Row, _ *kept) { r.Text() },
	}
}

// listOrNull is a list as JSON, an empty one as NULL. texts are those in it: JSON would change
// what no database takes.
func listOrNull[T any, L ~[]E, E any](name string, at func(*T) *L, texts func(L) []string) field[T] {
	return jsonOrNull(name, at, func(list L) bool { return len(list) == 0 }, texts)
}

func noTexts([]int) []string { return nil }

func idTextsOf(ids message.NetworkIDs) (texts []string) {
	for _, id := range ids {
		texts = append(texts, id.Network, id.ID)
	}
	return texts
}

// OwnedID is a network id, and whose it is.
type OwnedID struct {
	Position int  // among those that are written together
	New      bool // the message is written with it
	Of       store.NetworkKey
	Message  store.MessageKey
}

// OwnedIDs is a row of clientaccount_network_ids, with what counts when it is written before it.
var OwnedIDs = Codec[OwnedID]{
	integer("position", func(o *OwnedID) *int { return &o.Position }),
	flag("new", func(o *OwnedID) *bool { return &o.New }),
	key("account_id", func(o *OwnedID) *account.ID { return &o.Message.Account }),
	text("message", func(o *OwnedID) *string { return &o.Message.ID }),
	text("network", func(o *OwnedID) *string { return &o.Of.Network }),
	text("id", func(o *OwnedID) *string { return &o.Of.ID }),
}

// Owners is what is told of a network id.
var Owners = Codec[store.Owned]{
	text("network", func(o *store.Owned) *string { return &o.Of.Network }),
	text("id", func(o *store.Owned) *string { return &o.Of.ID }),
	key("account_id", func(o *store.Owned) *account.ID { return &o.Message.Account }),
	text("message", func(o *store.Owned) *string { return &o.Message.ID }),
	flag("ended", func(o *store.Owned) *bool { return &o.Over }),
}
