// Package tmpkeep stands in for the Service's verbs until they are there.
package tmpkeep

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

type Store interface {
	store.Store
	store.Messages
}

type Host struct {
	*clientaccount.Service
	Store Store
}

func (h Host) Admit(ctx context.Context, id account.ID, r account.Request, mh clientaccount.MessageHold) (clientaccount.Admission, error) {
	a, err := h.Get(ctx, id)
	if err != nil {
		return clientaccount.Admission{}, err
	}
	price, _ := r.Price.Get()
	refunds, _ := mh.Keep.Refunds.Get()
	zone, err := a.Location()
	if err != nil {
		return clientaccount.Admission{}, err
	}
	t := message.Terms{Wait: 72 * time.Hour, Day: account.DateOf(h.Now(), zone)}
	t.Pricing, t.Refunds, t.SendWithin = mh.Keep.Pricing, refunds, mh.Timeout
	s, err := message.Message{}.Admitted(message.Envelope{
		Account: id, ID: mh.Reference, ClientRef: mh.Keep.ClientRef, Channel: r.Channel, Sender: r.Sender, Destination: r.Destination,
		Parts: r.Parts, MCC: mh.Keep.MCC, MNC: mh.Keep.MNC, Price: price, Round: r.Round, Currency: a.Core.Currency,
	}, t, h.Now())
	if err != nil {
		return clientaccount.Admission{}, err
	}
	return clientaccount.Admission{}, h.write(ctx, s, 0)
}

func (h Host) write(ctx context.Context, s message.Step, was int64) error {
	if !s.Changed {
		return nil
	}
	if s.Movement.Kind != "" {
		r, err := h.Move(ctx, s.Movement)
		if err != nil {
			return err
		}
		s.Message.Note(r.Entry)
	}
	found, err := h.Store.Ledger(ctx, []store.Lookup{{Account: s.Message.Account}})
	if err != nil {
		return err
	}
	b := found[0].Balance
	from := b.Version
	b.Version++
	kept := store.KeptMessage{Message: s.Message, Was: was}
	kept.NetworkIDs = s.Message.NetworkIDs
	out, err := h.Store.Append(ctx, []store.Posting{{From: from, Balance: b, Messages: []store.KeptMessage{kept}}})
	if err != nil {
		return err
	}
	if out[0].Kind != store.OutcomeWritten {
		panic(out[0].Kind)
	}
	m := s.Message
	for _, u := range s.Updates {
		_, err := h.SubmitState(ctx, m.Account, payload.Report{MessageID: m.ID, ClientRef: m.ClientRef, From: m.Sender, To: m.Destination, SubmittedAt: m.AdmittedAt, Parts: m.Parts, MCC: m.MCC, MNC: m.MNC, At: h.Now()}.Of(u))
		if err != nil {
			return err
		}
	}
	return nil
}

func (h Host) Sent(ctx context.Context, id account.ID, messageID string, ho message.Handover) (clientaccount.Progress, error) {
	m, err := h.Message(ctx, id, messageID)
	if err != nil {
		return clientaccount.Progress{}, err
	}
	s, err := m.Sent(ho, nil, h.Now())
	if err == nil {
		err = h.write(ctx, s, m.Version)
	}
	return clientaccount.Progress{}, err
}

func (h Host) Unsent(ctx context.Context, id account.ID, messageID string, f message.Failure) (clientaccount.Progress, error) {
	m, err := h.Message(ctx, id, messageID)
	if err != nil {
		return clientaccount.Progress{}, err
	}
	s, err := m.Unsent(f, h.Now())
	if err == nil {
		err = h.write(ctx, s, m.Version)
	}
	return clientaccount.Progress{}, err
}

func (h Host) Reported(ctx context.Context, r message.NetworkReport) (clientaccount.Progress, error) {
	m, err := h.MessageOf(ctx, store.NetworkKey{Network: r.Network, ID: r.ID})
	if err != nil {
		return clientaccount.Progress{}, err
	}
	s, err := m.Reported(r, h.Now())
	if err == nil {
		err = h.write(ctx, s, m.Version)
	}
	return clientaccount.Progress{}, err
}

func (h Host) Tick(ctx context.Context) error {
	due, err := h.Store.DueMessages(ctx, h.Now(), store.MessageKey{}, 1000)
	if err != nil {
		return err
	}
	for _, k := range due {
		m, err := h.Message(ctx, k.Account, k.ID)
		if err != nil {
			return err
		}
		if err := h.write(ctx, m.At(h.Now()), m.Version); err != nil {
			return err
		}
	}
	for {
		n, err := h.Store.CountMessages(ctx, 1000)
		if err != nil || n == 0 {
			return err
		}
	}
}
