package moneytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
)

// seen is what a Service says of a message.
type seen struct {
	messages.Message
	entries []account.Entry // of its money
	told    []account.StateUpdate
}

// look asks a Service for all that it has of a message; of one that it does not keep, the
// Message is zero.
func look(ctx context.Context, svc *clientaccount.Service, of account.ID, id string) (s seen, err error) {
	s.Message, err = svc.Message(ctx, of, id)
	if err != nil && !errors.Is(err, account.ErrNotFound) {
		return s, err
	}
	for e, err := range svc.AllEntries(ctx, account.EntryQuery{Account: of, Oldest: true}) {
		if err != nil {
			return s, err
		}
		refunds := e.Of > 0 && slices.ContainsFunc(s.entries, func(taken account.Entry) bool { return taken.Number == e.Of })
		if e.Reference == id || e.Hold == id || refunds {
			s.entries = append(s.entries, e)
		}
	}
	s.told, err = toldOf(ctx, svc, of, id)
	return s, err
}

// toldOf is what a client's URL is told of a message.
func toldOf(ctx context.Context, svc *clientaccount.Service, of account.ID, id string) (all []account.StateUpdate, _ error) {
	ds, err := svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: of, Message: id})
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Backward(ds) {
		var body struct {
			Data struct {
				StateCode      account.MessageState
				Err            string
				Seq            int64
				Late           bool
				PartsDelivered int
			}
		}
		if err := json.Unmarshal([]byte(d.Body), &body); err != nil {
			return nil, err
		}
		all = append(all, account.StateUpdate{
			Report: account.Report{State: body.Data.StateCode, Err: body.Data.Err}, Seq: body.Data.Seq, Late: body.Data.Late,
			Delivered: body.Data.PartsDelivered,
		})
	}
	return all, nil
}

// agrees says in what a message is another than the book has it, nil for nothing.
func (b *book) agrees(i int, s *seen) error {
	l := &b.letters[i]
	state, code := l.state()
	told := l.twin.Told()
	var wrong []string
	need := func(what string, want, got any) {
		if w, g := fmt.Sprint(want), fmt.Sprint(got); w != g {
			wrong = append(wrong, fmt.Sprintf("%s: the book has %s, the Service %s", what, w, g))
		}
	}
	if need("gone", l.gone, s.ID == ""); !l.gone {
		need("content", contentOf(l.Envelope, l.Terms), contentOf(s.Envelope, s.Terms))
		need("admitted", l.at.UTC(), s.AdmittedAt.UTC())
		need("sent", l.sent.UTC(), s.SentAt.UTC())
		need("ended", l.over.UTC(), s.EndedAt.UTC())
		need("state", state, s.State())
		need("error", code, s.Err)
		need("money", l.twin.Money(), s.Money)
		need("told", len(told), s.Tracking.Seq)
		need("ids", l.ids, keysOf(s.NetworkIDs))
		if ended, worst := l.twin.Waits(); ended > 0 {
			got := s.Tracking.Worst
			need("ended parts", ended, len(s.Tracking.Ended))
			need("worst", fmt.Sprint(worst.State, worst.Err, worst.DoneAt.UTC()), fmt.Sprint(got.State, got.Err, got.DoneAt.UTC()))
		}
		wrong = append(wrong, b.namesEntries(l, s)...)
	}
	if moved := b.moved(l); !slices.Contains(moved, s.moved()) {
		need("entries", moved, s.moved())
	}
	if b.clients[l.client].told {
		need("told", words(told), words(s.told))
	} else {
		need("told", 0, len(s.told))
	}
	if wrong == nil {
		return nil
	}
	return fmt.Errorf("message %s: %s", l.ID, strings.Join(wrong, "\n\t"))
}

func contentOf(e messages.Envelope, t messages.Terms) string {
	price := e.Price.String()
	e.Price = e.Price.Sub(e.Price)
	return fmt.Sprintf("%s %+v %+v", price, e.ClientRef+e.MCC+e.MNC+e.Destination+e.Sender+string(e.Currency)+fmt.Sprint(e.Parts, e.Channel, e.Round), t)
}

func keysOf(ids messages.NetworkIDs) (keys []string) {
	for _, n := range ids {
		keys = append(keys, fmt.Sprint(struct{ Network, ID string }{n.Network, n.ID}))
	}
	return keys
}

// words are updates as they are compared.
func words(told []account.StateUpdate) (all []string) {
	for _, u := range told {
		all = append(all, fmt.Sprintf("%d:%s:%s:late=%v:%d", u.Seq, u.State, u.Err, u.Late, u.Delivered))
	}
	return all
}

// moved are the kinds of a message's entries, in their order.
func (s *seen) moved() string {
	var kinds []string
	for _, e := range s.entries {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// moved are the entries that a letter may have. That a hold ended by itself may not have been
// written yet.
func (b *book) moved(l *letter) []string {
	switch money := l.twin.Money(); {
	case l.byHand == account.KindRelease || money == messages.MoneyReleased && l.released:
		return []string{"hold release"}
	case money == messages.MoneyTaken && l.byHand == "":
		return []string{"hold capture"}
	case money == messages.MoneyTaken || money == messages.MoneyRefunded:
		return []string{"hold capture refund"}
	case b.now.Before(l.holdUntil()):
		return []string{"hold"}
	default:
		return []string{"hold", "hold expire"}
	}
}

// namesEntries says which of a message's entries it names wrongly.
func (b *book) namesEntries(l *letter, s *seen) (wrong []string) {
	var want messages.Message
	for _, e := range s.entries {
		if byHand := e.Kind == l.byHand; !byHand {
			want.Note(e)
		}
	}
	got := s.Entries
	if l.twin.Money() == messages.MoneyHeld || got.End == 0 && l.twin.Money() == messages.MoneyReleased && !l.released {
		want.Entries.End = 0 // it does not know yet
	}
	if got != want.Entries {
		wrong = append(wrong, fmt.Sprintf("its entries are %+v, and it names %+v", want.Entries, got))
	}
	return wrong
}
