package api

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// StateName is the name of a message's state, as reports have it.
type StateName string

func stateName(s account.MessageState) StateName { return StateName(s.String()) }

func stateNames() (names []StateName) {
	for _, s := range account.MessageStates() {
		names = append(names, stateName(s))
	}
	return names
}

// MessageList is a page of a client's messages.
type MessageList struct {
	Messages []KeptMessage `json:"messages"`
	Next     *string       `json:"next" about:"The cursor of the next page."`
}

// KeptMessage is a message that the Service keeps. What is not the actor's to see is null.
type KeptMessage struct {
	_ struct{} `about:"A message without its text. What is not yours to see is null."`

	Account        account.ID        `json:"account" about:"Whose message it is."`
	ID             string            `json:"id"`
	ClientRef      *string           `json:"client_ref" about:"The client's own reference."`
	Channel        account.Channel   `json:"channel"`
	Sender         string            `json:"sender"`
	Destination    *string           `json:"destination"`
	Parts          int               `json:"parts" limits:"minimum=1"`
	MCC            *string           `json:"mcc"`
	MNC            *string           `json:"mnc"`
	AdmittedAt     time.Time         `json:"admitted_at"`
	SentAt         *time.Time        `json:"sent_at" about:"When a network took it; null: none did."`
	EndedAt        *time.Time        `json:"ended_at"`
	DueAt          *time.Time        `json:"due_at" about:"When the time to send it, or the wait for reports, is over; null for a message that ended."`
	Day            *account.Date     `json:"day" about:"Of the client's clock, under which it is counted."`
	Stage          message.Stage     `json:"stage" about:"How far it came: held, to be sent; sent, reports are waited for; or over, in one of three ways."`
	State          StateName         `json:"state" about:"What the client was told last, late reports apart; SCHEDULED before the first."`
	Err            *string           `json:"err" about:"The error code of the state."`
	Late           *StateName        `json:"late" about:"What was reported after the wait was over."`
	Updates        int64             `json:"updates" limits:"minimum=0" about:"How many states the client was told."`
	PartsEnded     int               `json:"parts_ended" limits:"minimum=0" about:"While others have not."`
	PartsDelivered int               `json:"parts_delivered" limits:"minimum=0"`
	NetworkIDs     []NetworkID       `json:"network_ids"`
	Currency       *account.Currency `json:"currency"`
	Price          *Amount           `json:"price" about:"Of one part."`
	Cost           *Amount           `json:"cost" about:"Parts times price."`
	Money          *message.Money    `json:"money" about:"Where the cost is: held, taken, released unpaid, or refunded."`
	Numbers        *EntryNumbers     `json:"entry_numbers"`
	Terms          *MessageTerms     `json:"terms" about:"As they were when it was admitted."`
}

// EntryNumbers are those of a message's money in its client's ledger.
type EntryNumbers struct {
	Hold   *int64 `json:"hold"`
	End    *int64 `json:"end" about:"Of its capture or release."`
	Refund *int64 `json:"refund"`
}

// MessageTerms are what a message is paid for, and when that is given back.
type MessageTerms struct {
	Pricing       message.Pricing `json:"pricing"`
	RefundStates  []StateName     `json:"refund_states" about:"Final states for which money is given back."`
	RefundTimeout bool            `json:"refund_timeout" about:"Likewise where no final report came in time."`
	WaitSeconds   *int64          `json:"wait_seconds" about:"For reports, after it is sent."`
}

// NetworkID is what a network calls a message, or a part of it.
type NetworkID struct {
	Network string `json:"network"`
	ID      string `json:"id"`
	Part    *int   `json:"part" about:"null: all of the message."`
}

func messageOf(judge access.Judge, m message.Message) KeptMessage {
	parts := judge.Parts()
	told := KeptMessage{
		Account: m.Account, ID: m.ID, ClientRef: orNull(m.ClientRef), Channel: m.Channel, Sender: m.Sender, Parts: m.Parts,
		MCC: orNull(m.MCC), MNC: orNull(m.MNC), AdmittedAt: m.AdmittedAt.UTC(), SentAt: instant(m.SentAt),
		Stage: m.Stage(), State: stateName(m.State()), Err: orNull(m.Err), Updates: m.Tracking.Seq,
		PartsEnded: len(m.Tracking.Ended), PartsDelivered: m.Tracking.Delivered, NetworkIDs: make([]NetworkID, len(m.NetworkIDs)),
	}
	for i, id := range m.NetworkIDs {
		told.NetworkIDs[i] = NetworkID{id.Network, id.ID, orNull(id.Part)}
	}
	if m.Tracking.TimedOut && m.Tracking.Reported {
		told.Late = new(stateName(m.Tracking.Late))
	}
	if parts.Destination {
		told.Destination = &m.Destination
	}
	if ask.TellsEnd(parts, m) {
		told.EndedAt = instant(m.EndedAt)
	}
	if parts.Wait || !m.IsSent() {
		told.DueAt = instant(m.Due())
	}
	if parts.Day {
		told.Day = &m.Day
	}
	if parts.Money {
		told.addMoney(judge, parts, m)
	}
	return told
}

func (told *KeptMessage) addMoney(judge access.Judge, parts access.Parts, m message.Message) {
	told.Currency = orNull(judge.Currency(m.Currency))
	told.Price, told.Cost, told.Money = amount(m.Price), amount(m.Cost()), orNull(m.Money)
	told.Numbers = &EntryNumbers{orNull(m.Entries.Hold), orNull(m.Entries.End), orNull(m.Entries.Refund)}
	if !parts.Terms {
		return
	}
	terms := &MessageTerms{Pricing: m.Pricing, RefundStates: []StateName{}, RefundTimeout: m.Refunds.Timeout}
	for _, s := range account.MessageStates() {
		if m.Refunds.States.Has(s) {
			terms.RefundStates = append(terms.RefundStates, stateName(s))
		}
	}
	if parts.Wait {
		terms.WaitSeconds = new(int64(m.Wait / time.Second))
	}
	told.Terms = terms
}

// MessageStory is a message with what stands behind its steps.
type MessageStory struct {
	_ struct{} `about:"A message with the entries of its money, and the deliveries to its client's URLs, as far as they are yours to see."`

	KeptMessage
	Entries    []Entry           `json:"entries" about:"Of its money, in their order."`
	Deliveries []MessageDelivery `json:"deliveries" about:"The newest 50, in their order."`
}

// MessageDelivery is a delivery, and the state that it tells of.
type MessageDelivery struct {
	Delivery
	Tells *StateName `json:"tells" about:"The state that it tells of."`
}

func storyOf(r *ask.Request, s ask.Story) (MessageStory, error) {
	told := MessageStory{
		KeptMessage: messageOf(r.Judge, s.Message), Entries: make([]Entry, len(s.Entries)), Deliveries: make([]MessageDelivery, len(s.Told)),
	}
	for i, e := range s.Entries {
		var err error
		if told.Entries[i], err = entryOf(r, e); err != nil {
			return told, err
		}
	}
	for i, d := range s.Told {
		told.Deliveries[i] = MessageDelivery{Delivery: deliveryOf(d.Delivery)}
		if state, known := d.Of.Get(); known {
			told.Deliveries[i].Tells = new(stateName(state))
		}
	}
	return told, nil
}

// FiguresList is what a client's messages come to on some days.
type FiguresList struct {
	From    account.Date `json:"from"`
	To      account.Date `json:"to" about:"Included."`
	Figures []Figures    `json:"figures" about:"By day, network, channel and state."`
}

// Figures are what messages come to that have the day, network, channel and state in common.
type Figures struct {
	Day       account.Date    `json:"day" about:"Of the client's clock, on which they were admitted."`
	MCC       *string         `json:"mcc"`
	MNC       *string         `json:"mnc"`
	Channel   account.Channel `json:"channel"`
	State     *StateName      `json:"state" about:"The final one; null for those on the way."`
	Messages  int64           `json:"messages" limits:"minimum=0"`
	Parts     int64           `json:"parts" limits:"minimum=0"`
	Taken     *Amount         `json:"taken" about:"In the client's currency."`
	GivenBack *Amount         `json:"given_back" about:"Of what was taken."`
}

func figuresOf(parts access.Parts, r message.FiguresRow) Figures {
	told := Figures{
		Day: r.Key.Day, MCC: orNull(r.Key.MCC), MNC: orNull(r.Key.MNC), Channel: r.Key.Channel,
		Messages: r.Figures.Messages, Parts: r.Figures.Parts,
	}
	if state, ended := r.Key.State.Get(); ended {
		told.State = new(stateName(state))
	}
	if parts.Money {
		told.Taken, told.GivenBack = amount(r.Figures.Taken), amount(r.Figures.GivenBack)
	}
	return told
}
