package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

type delivery = store.Delivery

// Deliveries is a row of clientaccount_deliveries: what is accepted, and what came of it.
var (
	Deliveries = NewDeliveries.And(Codec[delivery]{
		bigint("seq", func(d *delivery) *int64 { return &d.Seq }),
	}).And(Outcomes)

	// NewDeliveries is a delivery as it is accepted.
	NewDeliveries = deliveryKey.And(Codec[delivery]{
		text("message", func(d *delivery) *string { return &d.Message }),
		flag("final", func(d *delivery) *bool { return &d.Final }),
		text("body", func(d *delivery) *string { return &d.Body }),
		key("fingerprint", func(d *delivery) *account.Fingerprint { return &d.Fingerprint }),
		instant("created_at", func(d *delivery) *time.Time { return &d.CreatedAt }),
		instant("due_at", func(d *delivery) *time.Time { return &d.DueAt }),
	})

	// Verdicts is what came of a delivery: without an instant where it is not due again.
	Verdicts = deliveryKey.And(Codec[delivery]{
		instantOrNull("due_at", func(d *delivery) *time.Time { return &d.DueAt }),
	}).And(Outcomes)

	deliveryKey = Codec[delivery]{
		key("account_id", func(d *delivery) *account.ID { return &d.Hook.Account }),
		text("kind", func(d *delivery) *account.HookKind { return &d.Hook.Kind }),
		key("id", func(d *delivery) *account.ID { return &d.ID }),
	}
	// Outcomes is the part of a row that tells what came of a delivery.
	Outcomes = Codec[delivery]{
		text("state", func(d *delivery) *store.DeliveryState { return &d.State }),
		integer("tries", func(d *delivery) *int { return &d.Tries }),
		instantOrNull("ended_at", func(d *delivery) *time.Time { return &d.EndedAt }),
		instantOrNull("try_at", func(d *delivery) *time.Time { return &d.Last.At }),
		span("try_ms", time.Millisecond, func(d *delivery) *time.Duration { return &d.Last.Took }),
		text("try_code", func(d *delivery) *string { return &d.Last.Code }),
		integer("try_status", func(d *delivery) *int { return &d.Last.Status }),
		text("try_reply", func(d *delivery) *string { return &d.Last.Reply }),
	}
)

// DueDeliveries is a delivery that is due, and whether it was overtaken.
var DueDeliveries = Deliveries.And(Codec[delivery]{
	flag("overtaken", func(d *delivery) *bool { return &d.Overtaken }),
})

// PlacedDelivery is a delivery as it is accepted, its place among those that are accepted
// with it, and the call that it is of.
type PlacedDelivery struct {
	Position int
	Call     int
	Delivery store.Delivery
}

// PlacedDeliveries is a row of them.
var PlacedDeliveries = append(Codec[PlacedDelivery]{
	integer("position", func(p *PlacedDelivery) *int { return &p.Position }),
	integer("call", func(p *PlacedDelivery) *int { return &p.Call }),
}, within(NewDeliveries, func(p *PlacedDelivery) *store.Delivery { return &p.Delivery })...)
