package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var messageModelPromises = []messagePromise{
	{"any postings, reports and sweeps leave what a plain map has of them", anyMessageSteps},
}

// machine is a store, what it must have of two accounts that nobody else writes to, and what
// their clients must be told.
type machine struct {
	*messages
	network string
	told    map[account.ID][]store.Delivery
}

func anyMessageSteps(t *testing.T, m *messages) {
	draws := 0
	rapid.Check(t, func(t *rapid.T) {
		draws++
		d := &machine{
			messages: openedMessages(t, m.MessageStore, fmt.Sprint("draw-", draws, "-")),
			network:  fmt.Sprint("network ", draws), told: map[account.ID][]store.Delivery{},
		}
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			switch one(t, "step", "append", "append", "append", "post", "undo", "early", "drop", "count", "purge") {
			case "append":
				d.append(t)
			case "post":
				d.post(t, nil)
			case "undo":
				d.post(t, errors.New("undo"))
			case "early":
				d.keepEarly(t, rapid.SliceOfN(rapid.Custom(d.anyEarly), 1, 4).Draw(t, "reports")...)
			case "drop":
				d.dropEarly(t, rapid.SliceOfN(rapid.Custom(d.anyID), 0, 2).Draw(t, "ids")...)
			case "count":
				answered(t, func() (int, error) { return d.CountMessages(t.Context(), rapid.IntRange(0, 4).Draw(t, "limit")) })
			case "purge":
				d.purgeAny(t)
			}
		}
		d.count(t, rapid.IntRange(1, 9).Draw(t, "limit"))
		d.requireAll(t)
	})
}

func (d *machine) anyTime(t *rapid.T) time.Time {
	return d.now.Add(time.Duration(rapid.IntRange(0, 150).Draw(t, "hours")) * time.Hour)
}

func (d *machine) anyID(t *rapid.T) store.NetworkKey {
	return store.NetworkKey{Network: d.network, ID: one(t, "network id", "1", "2", "3", "4", "5")}
}

func (d *machine) anyReport(t *rapid.T, id string) message.NetworkReport {
	return message.NetworkReport{Network: d.network, ID: id, Report: account.Report{State: anyState(t), DoneAt: anyInstant(t)}}
}

func (d *machine) anyEarly(t *rapid.T) message.Early {
	return message.Early{NetworkReport: d.anyReport(t, d.anyID(t).ID), At: d.anyTime(t)}
}

// anyStep draws a step of a message; it need not be one that changes anything.
func (d *machine) anyStep(t *rapid.T, kept message.Message) (message.Step, error) {
	now := d.anyTime(t)
	switch one(t, "call", "none", "none", "sent", "sent", "unsent", "reported", "at") {
	case "sent":
		ids := rapid.SliceOfNDistinct(rapid.Custom(d.anyID), 0, 3, rapid.ID).Draw(t, "ids")
		h := message.Handover{Network: d.network}
		for _, id := range ids {
			h.IDs = append(h.IDs, id.ID)
		}
		return kept.Sent(h, nil, now)
	case "unsent":
		return kept.Unsent(message.Failure{State: account.StateRejected}, now)
	case "reported":
		return kept.Reported(d.anyReport(t, d.anyID(t).ID), now)
	case "at":
		return kept.At(now), nil
	default:
		return message.Step{}, nil
	}
}

// any draws a posting, most of the time one that can be written.
func (d *machine) any(t *rapid.T, k *book) store.Posting {
	var steps []message.Step
	kept := d.page(k, all)
	for _, was := range kept {
		if s, err := d.anyStep(t, was); err == nil && s.Changed {
			steps = append(steps, s)
		}
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 0, 2, rapid.ID).Draw(t, "new") {
		name := fmt.Sprint("m-", id)
		if slices.ContainsFunc(kept, func(was message.Message) bool { return was.ID == name }) {
			continue
		}
		s, err := message.Message{}.Admitted(k.envelope(name), messageTerms(), d.anyTime(t))
		require.NoError(t, err)
		steps = append(steps, s)
	}
	p := d.posting(k, steps...)
	shift := one(t, "from", int64(0), 0, 0, 0, 0, 1)
	p.From, p.Balance.Version = p.From+shift, p.Balance.Version+shift
	out := outbox{d.MessageStore, k.balance.Account, d.now}
	for i := range p.Messages {
		for range rapid.IntRange(0, 2).Draw(t, "deliveries") {
			made := of(out.delivery(rapid.IntRange(1, 12).Draw(t, "delivery")), p.Messages[i].Message.ID, false)
			p.Messages[i].Deliveries = append(p.Messages[i].Deliveries, made)
		}
	}
	return p
}

func (d *machine) append(t *rapid.T) {
	books := []*book{d.one, d.two}[rapid.IntRange(0, 1).Draw(t, "first book"):]
	ps := make([]store.Posting, len(books))
	for i, k := range books {
		ps[i] = d.any(t, k)
	}
	for i, o := range appending(t, d, ps...) {
		k, p := books[i], ps[i]
		moved, used := p.From != k.balance.Version, k.used(p)
		switch {
		case len(used) > 0 && (!moved || o.Kind == store.OutcomeUsed):
			requireUsed(t, o, used...)
		case moved:
			requireMoved(t, k, o)
		default:
			requireWritten(t, o)
			d.takeAll(k, p)
		}
	}
}

func (d *machine) takeAll(k *book, p store.Posting) {
	k.take(p)
	d.take(p)
	for _, kept := range p.Messages {
		for _, made := range kept.Deliveries {
			there := func(told store.Delivery) bool { return told.ID == made.ID }
			if told := d.told[k.balance.Account]; !slices.ContainsFunc(told, there) {
				d.told[k.balance.Account] = append(told, made)
			}
		}
	}
}

// post posts to both accounts in one transaction, of which a conflict or the error in the end
// undoes all.
func (d *machine) post(t *rapid.T, end error) {
	first, second := d.any(t, d.one), d.any(t, d.two)
	conflict := false
	for i, p := range []store.Posting{first, second} {
		k := []*book{d.one, d.two}[i]
		conflict = conflict || p.From != k.balance.Version || len(k.used(p)) > 0
	}
	err := d.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := posting(first, second)(ctx, tx); err != nil {
			return err
		}
		return end
	})
	switch {
	case conflict:
		require.ErrorIs(t, err, account.ErrConflict)
	case end != nil:
		require.ErrorIs(t, err, end)
	default:
		require.NoError(t, err)
		d.takeAll(d.one, first)
		d.takeAll(d.two, second)
	}
}

// purgeAny removes messages once all of them are counted.
func (d *machine) purgeAny(t *rapid.T) {
	d.count(t, 5)
	ended, limit := d.anyTime(t), rapid.IntRange(1, 5).Draw(t, "limit")
	for n := 1; n > 0; {
		n = answered(t, func() (int, error) { return d.PurgeMessages(t.Context(), ended, time.Time{}, limit) })
		require.LessOrEqual(t, n, limit)
	}
	for key, kept := range d.kept {
		if !kept.EndedAt.IsZero() && kept.EndedAt.Before(ended) {
			d.remove(key)
		}
	}
}

// requireAll reads everything.
func (d *machine) requireAll(t *rapid.T) {
	d.requireKept(t)
	d.requireFigures(t)
	now := d.anyTime(t)
	ours := slices.DeleteFunc(d.due(t, now, 50), func(key store.MessageKey) bool {
		return key.Account != d.one.balance.Account && key.Account != d.two.balance.Account
	})
	want := []store.MessageKey{}
	for key, kept := range d.kept {
		if due := kept.Due(); !due.IsZero() && !due.After(now) {
			want = append(want, key)
		}
	}
	require.ElementsMatch(t, want, ours, "what is due")
	for _, k := range []*book{d.one, d.two} {
		requireBook(t, d, k)
		d.requireFound(t, k)
		told, err := d.Deliveries(t.Context(), store.DeliveryQuery{Account: k.balance.Account})
		require.NoError(t, err)
		require.Equal(t, ids(backward(d.told[k.balance.Account])), ids(told), "what the client is told")
	}
}

// requireFound looks up everything about the messages of an account, and whoever has ids.
func (d *machine) requireFound(t *rapid.T, k *book) {
	ask := store.Lookup{Account: k.balance.Account}
	for _, kept := range d.page(k, all) {
		ask.Messages = append(ask.Messages, kept.ID)
	}
	var owned []store.Owned
	var early []message.Early
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		of := store.NetworkKey{Network: d.network, ID: id}
		ask.NetworkIDs = append(ask.NetworkIDs, of)
		early = append(early, d.early[of]...)
		if key, ok := d.owners[of]; ok {
			owned = append(owned, store.Owned{Of: of, Message: key, Over: !d.kept[key].EndedAt.IsZero()})
		}
	}
	found := lookUp(t, d, ask)
	requireAny(t, d.page(k, all), found.Messages, "messages")
	require.ElementsMatch(t, owned, found.Owned)
	requireAny(t, early, found.Early, "early reports")
}
