package api

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// Bodies of requests that are not fields of a table. What may be written of clients and of
// lists follows from their fields.

// Nothing is the body of what needs none.
type Nothing struct{}

// Message is a message that is tried.
type Message struct {
	_ struct{} `about:"What is left out is empty or off, and judged as that."`

	Channel     *string      `json:"channel" about:"By which it is handed over: smpp, api, web or rest."`
	Sender      *string      `json:"sender" about:"The name or number it comes from."`
	Destination *string      `json:"destination" about:"The number it goes to, as E.164."`
	MCC         *string      `json:"mcc" about:"The mobile country code of its network, three digits: its price is found by it where none is given."`
	MNC         *string      `json:"mnc" about:"The mobile network code, two or three digits."`
	Parts       *json.Number `json:"parts" about:"How many parts it has, 1 to 255."`
	Price       *string      `json:"price" about:"Of one part, in the client's currency; that of the price lists unless given."`
	Round       *bool        `json:"round" about:"Round parts times price to 6 decimals, half away from zero; else more is refused."`
	Priority    *json.Number `json:"priority" limits:"minimum=0 maximum=3" about:"The one asked for; the client's unless given, which is also the highest that counts."`
	ValidUntil  *string      `json:"validUntil" about:"The last instant at which it may go; no end unless given."`
	At          *string      `json:"at" about:"As of when it is judged, by the settings and the balance of now; now unless given."`
	Flagged     *bool        `json:"flagged" about:"The content check wants a person to look."`
	Reviewed    *bool        `json:"reviewed" about:"A person has looked, and lets it pass."`
	Blacklisted *bool        `json:"blacklisted" about:"The destination is on the platform's blacklist."`
	OptedOut    *bool        `json:"optedOut" about:"The recipient wants nothing from this sender."`
	Barred      *bool        `json:"barred" about:"A legal list forbids it."`
}

func (Message) bounds() map[string]object {
	return map[string]object{"validUntil": {"format": "date-time"}, "at": {"format": "date-time"}}
}

// Movement has all names that bodies of movements have. Which of them one has follows from
// its kind.
type Movement struct {
	Reference *string      `json:"reference" limits:"minLength=1" about:"Your name for the movement, at most 255 bytes, unique per client and kept for good: the same again never moves money twice."`
	Reason    *string      `json:"reason" about:"Why, for people."`
	Currency  *string      `json:"currency" about:"If given, it must be the client's."`
	Amount    *string      `json:"amount" about:"In the client's currency, at most 6 decimals."`
	Price     *string      `json:"price" about:"Instead of amount: of one message. Messages times price is moved."`
	Round     *bool        `json:"round" about:"Round messages times price to 6 decimals, half away from zero; else more is refused."`
	Messages  *json.Number `json:"messages" limits:"minimum=0" about:"Message parts that are paid for."`
	Timeout   *json.Number `json:"timeout" limits:"minimum=1" about:"Seconds after which the hold ends by itself; 3,600 unless given, at most 366 days."`
	More      *bool        `json:"more" about:"May take more than the hold, if the rest is available."`
	PassLimit *bool        `json:"passLimit" about:"May take more than is available."`
	Of        *json.Number `json:"of" limits:"minimum=1" about:"Number of the entry that is given back."`
	Hold      *string      `json:"hold" limits:"minLength=1" about:"The hold's reference, as it is."`
	To        *string      `json:"to" about:"The client that gets the money."`
}

func (Movement) bounds() map[string]object {
	return map[string]object{
		"reason": {"maxLength": account.MaxReason}, "messages": {"maximum": account.MaxMessages}, "to": {"format": "uuid"},
	}
}

// movementBody is the schema of the body of one way of moving money.
func movementBody(mv ask.Move) schema {
	return schema{mv.Schema, func(all schemas) object {
		s, names := all.object(reflect.TypeFor[Movement](), true), mv.Names()
		maps.DeleteFunc(s["properties"].(object), func(name string, _ any) bool { return !slices.Contains(names, name) })
		s["required"] = slices.Sorted(slices.Values(mv.Required()))
		return s
	}}
}

// Replay is which deliveries are to be sent again.
type Replay struct {
	_ struct{} `about:"What is left out does not narrow it; one of ids, kind, from and to must."`

	IDs  deliveryIDs       `json:"ids" about:"These, at most 1,000."`
	Kind *account.HookKind `json:"kind" about:"Of this webhook."`
	From Instant           `json:"from" about:"Accepted then or later."`
	To   Instant           `json:"to" about:"Accepted before."`
	Done *bool             `json:"done" about:"Also those that were taken by the far end."`
}

// NewWebhookSecret is how a new secret takes the place of the one before.
type NewWebhookSecret struct {
	OverlapHours *json.Number `json:"overlapHours" limits:"minimum=0" about:"For how long the secret before stays valid; 24 unless given, with 0 it ends at once."`
}

func (NewWebhookSecret) bounds() map[string]object {
	return map[string]object{"overlapHours": {"maximum": int(clientaccount.MaxOverlap / time.Hour)}}
}

// MailAgain is where a document is mailed once more.
type MailAgain struct {
	To *string `json:"to" about:"An address, by who sees all of the document; the client's own unless given, as the same mail again."`
}

// NewCreditNote is what is taken back of an invoice.
type NewCreditNote struct {
	Reference *string     `json:"reference" limits:"minLength=1" about:"Your name for the credit note, at most 255 bytes, unique per client and kept for good: the same again makes no other."`
	Reason    *string     `json:"reason" about:"Why; the client is told."`
	Lines     creditTakes `json:"lines" about:"What is taken back; all that is left unless given."`
}

// CreditTake is a line that is taken back: so many messages of it, or an amount; with neither all
// that is left of it.
type CreditTake struct {
	Line     *json.Number `json:"line" limits:"minimum=1" about:"Of the invoice, 1 for the first."`
	Messages *json.Number `json:"messages,omitempty" limits:"minimum=1"`
	Amount   *string      `json:"amount,omitempty" about:"With the line's sign."`
}

type creditTakes []CreditTake

// Read reads the lines, all or none.
func (t *creditTakes) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindArray {
		return sent.Fault(path, "field.type")
	}
	for k, item := range v.Items {
		var take CreditTake
		if item.Kind != sent.KindObject {
			return sent.Fault(path, "field.type")
		}
		if faults := sent.Decode(sent.Document{Value: item}, &take); len(faults) > 0 {
			fault := faults[0]
			fault.Path = sent.Within(sent.Within(path, strconv.Itoa(k)), fault.Path)
			return &fault
		}
		*t = append(*t, take)
	}
	return nil
}

// Instant is a time of RFC 3339, zero where none was given.
type Instant time.Time

// Read reads the time.
func (i *Instant) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindString {
		return sent.Fault(path, "field.type")
	}
	at, fault := ask.InstantOf(path, v.Text)
	*i = Instant(at)
	return fault
}

// deliveryIDs are ids of deliveries.
type deliveryIDs []account.ID

// Read reads the ids, all or none.
func (ids *deliveryIDs) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindArray {
		return sent.Fault(path, "field.type")
	}
	for _, item := range v.Items {
		id, err := account.ParseID(item.Text)
		if item.Kind != sent.KindString || err != nil {
			return sent.Fault(path, "delivery.id")
		}
		*ids = append(*ids, id)
	}
	return nil
}

// given is a member of a body, zero where it was left out.
func given[T any](member *T) (value T) {
	if member != nil {
		value = *member
	}
	return value
}
