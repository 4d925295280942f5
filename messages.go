package clientaccount

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// Keep has [Service.Admit] keep the message, so that the Service goes with it to its end: by
// [Service.Sent] or [Service.Unsent], [Service.Reported] and [Service.Tick]. The zero Keep is
// one without a reference of the client's, on the terms of the account's product.
type Keep struct {
	ClientRef string          `json:"client_ref"` // the client's own reference
	Pricing   message.Pricing `json:"pricing"`    // empty: the product's
	// Refunds are the ends for which money is given back; unset: the product's.
	Refunds account.Optional[account.RefundPolicy] `json:"refunds"`
}

// Progress is what came of a call about a message that the Service keeps.
type Progress struct {
	Message message.Message       `json:"message"` // as it is kept; zero where Early
	Changed bool                  `json:"changed"` // else the call was a repeat, or says nothing new
	Updates []account.StateUpdate `json:"updates"` // what the client is told by it: for an SMPP session, say
	Hooks   []account.HookKind    `json:"hooks"`   // the URLs that deliveries were accepted for
	Early   bool                  `json:"early"`   // no message has the network's id yet: the report is kept for a day
}

// Messages that the Service keeps. What becomes of a message, of its money, and what its
// client is told, are written together; calls of many callers are, too: while one batch is on
// its way to the store the next one gathers, and nobody waits for a batch to be full. Each
// call may be repeated: what only repeats changes nothing. A call that contradicts an earlier
// one changes nothing either, and is a *[message.ContradictionError]. What each does in each
// stage of a message is told by package message.
//
// The client is told by its state URLs, as they were within Options.SettingsFor, as
// [Service.SubmitState] does it. Over a store that keeps no deliveries, and to SMPP sessions,
// it is for the host to tell [Progress].Updates.

// Sent notes that a network took a message, or parts of it, under these ids: it is paid for,
// or by delivered still held, and the wait for reports begins. Reports of these ids that came
// before count now.
//
// An id is one message's: one that another message has which is still on its way is a
// contradiction, message.CodeSentTaken. Networks use their ids again: of a message that came
// to its end it goes over to this one. Money that cannot be captured, as the hold was ended
// by hand, is account.ErrHold, and nothing is noted.
//
// Within a transaction of the host's (see [Service.On]) reports that came for the ids
// since it began count with the next Tick.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrHold], [account.ErrReused],
// [message.ErrContradiction], [account.ErrClosed], [account.ErrConflict], [ErrNoMessages],
// [ErrUnknown], [ErrNested], [ErrStopped].
func (s *Service) Sent(ctx context.Context, id account.ID, messageID string, h message.Handover) (Progress, error) {
	h = handoverText(h)
	if faults := h.Faults(account.MaxParts); faults != nil { // of its message it may have more
		return Progress{}, faults
	}
	ids := networkKeys(h)
	p, err := s.call(ctx, messageCall{
		key: store.MessageKey{Account: id, ID: messageID}, ids: ids, quiet: true,
		decide: func(on committer.Case) (message.Step, error) {
			step, err := on.Message.Sent(h, message.ByArrival(on.Early), on.Now)
			if err == nil {
				err = taken(&on)
			}
			return step, err
		},
	})
	if err == nil {
		s.hearSent(ctx, &p, ids)
	}
	return p, err
}

// taken is the contradiction of an id that another message has, or nil.
func taken(on *committer.Case) error {
	m := &on.Message
	for _, o := range on.Owned {
		has := slices.ContainsFunc(m.NetworkIDs, func(n message.NetworkID) bool { return networkKey(n.Network, n.ID) == o.Of })
		if own := o.Message == (store.MessageKey{Account: m.Account, ID: m.ID}); own || o.Over || has {
			continue
		}
		return &message.ContradictionError{
			Message: m.ID, Code: message.CodeSentTaken, Was: message.NetworkID{Network: o.Of.Network, ID: o.Of.ID},
			Other: o.Message.ID, OtherAccount: o.Message.Account,
		}
	}
	return nil
}

// Unsent notes that no network took a message: its hold is released, and the client told
// REJECTD or UNDELIV, as the host says.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrReused],
// [message.ErrContradiction], [account.ErrConflict], [ErrNoMessages], [ErrUnknown],
// [ErrNested], [ErrStopped].
func (s *Service) Unsent(ctx context.Context, id account.ID, messageID string, f message.Failure) (Progress, error) {
	f.Err = validate.Text(f.Err)
	if faults := f.Faults(); faults != nil {
		return Progress{}, faults
	}
	return s.call(ctx, messageCall{
		key:    store.MessageKey{Account: id, ID: messageID},
		decide: func(on committer.Case) (message.Step, error) { return on.Message.Unsent(f, on.Now) },
	})
}

// Reported takes what a network says of one of its ids: the client is told, and what was paid
// is given back, taken or released, as the message's terms have it. What only repeats an
// earlier report, or was overtaken, changes nothing.
//
// A report of an id that no message has is kept for message.EarlyFor: Progress is Early, and
// the report counts when Sent comes. Within a transaction of the host's (see [Service.On])
// it is account.ErrNotFound: it is to be reported outside. Where a network uses an id again, a
// report that comes before the next message's Sent is one of the message that still has the id.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrHold], [account.ErrClosed],
// [account.ErrConflict], [ErrNoMessages], [ErrUnknown], [ErrNested], [ErrStopped].
func (s *Service) Reported(ctx context.Context, r message.NetworkReport) (Progress, error) {
	r.Network, r.ID, r.Report.Err = validate.Text(r.Network), validate.Text(r.ID), validate.Text(r.Report.Err)
	if faults := r.Faults(); faults != nil {
		return Progress{}, faults
	}
	key, err := s.ownerOf(ctx, networkKey(r.Network, r.ID))
	if err != nil {
		return Progress{}, err
	}
	if key.ID != "" {
		p, err := s.call(ctx, reportOf(key, r))
		if !errors.Is(err, account.ErrNotFound) { // else it was removed a moment ago
			return p, err
		}
	}
	return s.reportedEarly(ctx, r)
}

// reportOf returns the call of a report. One that came before it may be kept as an early one,
// and not be heard yet, as whoever sent the message has still to look.
func reportOf(key store.MessageKey, r message.NetworkReport) messageCall {
	return messageCall{
		key: key, ids: []store.NetworkKey{networkKey(r.Network, r.ID)},
		decide: func(on committer.Case) (message.Step, error) { return on.Message.ReportedAfter(on.Early, r, on.Now) },
	}
}

func keyOf(e *message.Envelope) store.MessageKey {
	return store.MessageKey{Account: e.Account, ID: e.ID}
}

// messageCall is a call about a message that is kept.
type messageCall struct {
	key    store.MessageKey
	ids    []store.NetworkKey // that it is decided by
	decide func(committer.Case) (message.Step, error)
	// quiet: the client is told of it so seldom that its URLs are looked up only then.
	quiet bool
}

// errTells ends a quiet call of which the client is told.
var errTells = errors.New("clientaccount: the client is told of it")

// call makes one call, with those of others.
func (s *Service) call(ctx context.Context, c messageCall) (Progress, error) {
	if _, err := s.messages(); err != nil {
		return Progress{}, err
	}
	if err := s.calls.Check(s.store); err != nil {
		return Progress{}, err
	}
	asked, err := s.asking(ctx, c)
	if err != nil {
		return Progress{}, err
	}
	kept, err := s.committer.Keep(ctx, asked)
	if c.quiet && errors.Is(err, errTells) {
		c.quiet = false
		return s.call(ctx, c)
	}
	if err != nil {
		return Progress{}, callError(c.key, err)
	}
	return progress(&kept), nil
}

// callEach makes many calls at once.
func (s *Service) callEach(ctx context.Context, cs []messageCall) []committer.KeptResult {
	results := make([]committer.KeptResult, len(cs))
	var asked []committer.Call
	var at []int
	nested := s.calls.Check(s.store)
	for i, c := range cs {
		call, err := s.asking(ctx, c)
		if nested != nil {
			err = nested
		}
		if results[i].Err = err; err == nil {
			asked, at = append(asked, call), append(at, i)
		}
	}
	for i, result := range s.committer.KeepMany(ctx, asked) {
		results[at[i]] = result
		results[at[i]].Err = callError(cs[at[i]].key, result.Err)
	}
	return results
}

// asking returns a call as the committer takes it.
func (s *Service) asking(ctx context.Context, c messageCall) (committer.Call, error) {
	id := validate.Text(c.key.ID)
	if !storable(id) {
		return committer.Call{}, account.ErrNotFound
	}
	asked := committer.Call{Account: c.key.Account, Message: id, NetworkIDs: c.ids, Decide: c.decide, Tell: toldSeldom}
	if !c.quiet {
		client, err := s.settings(ctx, c.key.Account, s.now())
		if err != nil {
			return committer.Call{}, err
		}
		asked.Tell = s.telling(client.Account)
	}
	return asked, nil
}

// toldSeldom is telling of a quiet call.
func toldSeldom(step message.Step, _ time.Time) ([]store.Delivery, error) {
	if len(step.Updates) > 0 {
		return nil, errTells
	}
	return nil, nil
}

// callError returns the committer's error in the words of this package.
func callError(key store.MessageKey, err error) error {
	if uncertain, ok := errors.AsType[*committer.UncertainError](err); ok {
		return &UnknownError{Reference: key.ID, Err: uncertain.Err}
	}
	return err
}

// telling returns what makes the deliveries of a step, to the account's URLs.
func (s *Service) telling(a account.Account) func(message.Step, time.Time) ([]store.Delivery, error) {
	_, delivers := s.stored().(store.OutboxReader)
	return func(step message.Step, now time.Time) (all []store.Delivery, _ error) {
		if !delivers || len(step.Updates) == 0 {
			return nil, nil
		}
		same := payload.ReportOf(step.Message)
		same.At = now
		for _, u := range step.Updates {
			ds, err := same.Of(u).Deliveries(a, deliveryID(a.ID, "message", same.MessageID, u.Seq, int(u.State)))
			if err != nil {
				return nil, err
			}
			all = append(all, ds...)
		}
		return all, nil
	}
}

// progress returns what the committer kept in the words of this package.
func progress(k *committer.Kept) Progress {
	p := Progress{Message: k.Step.Message, Changed: k.Step.Changed, Updates: k.Step.Updates}
	p.add(k.Deliveries)
	return p
}

// add notes the URLs of deliveries.
func (p *Progress) add(ds []store.Delivery) {
	for _, d := range ds {
		if !slices.Contains(p.Hooks, d.Hook.Kind) {
			p.Hooks = append(p.Hooks, d.Hook.Kind)
		}
	}
}

// then adds what came of a later call about the same message.
func (p *Progress) then(next Progress) {
	p.Message, p.Changed, p.Updates = next.Message, p.Changed || next.Changed, append(p.Updates, next.Updates...)
	for _, kind := range next.Hooks {
		if !slices.Contains(p.Hooks, kind) {
			p.Hooks = append(p.Hooks, kind)
		}
	}
}

// handoverText returns a handover with its texts in their one form.
func handoverText(h message.Handover) message.Handover {
	h.Network, h.IDs = validate.Text(h.Network), slices.Clone(h.IDs)
	for i := range h.IDs {
		h.IDs[i] = validate.Text(h.IDs[i])
	}
	return h
}

// messages is where messages can be asked for.
func (s *Service) messages() (store.MessageReader, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	kept, can := s.stored().(store.MessageReader)
	if !can {
		return nil, ErrNoMessages
	}
	return kept, nil
}

// KeepsMessages reports whether the store keeps messages, see [store.Messages]: where it does
// not, what is asked of them is ErrNoMessages.
func (s *Service) KeepsMessages() bool {
	_, err := s.messages()
	return err == nil
}

// Message returns a message that the Service keeps.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) Message(ctx context.Context, id account.ID, messageID string) (message.Message, error) {
	kept, err := s.messages()
	if err != nil {
		return message.Message{}, err
	}
	if messageID = validate.Text(messageID); !storable(messageID) {
		return message.Message{}, account.ErrNotFound
	}
	return kept.Message(ctx, store.MessageKey{Account: id, ID: messageID})
}

// MessageOf returns the message that has a network's id: of those that had it, the last.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) MessageOf(ctx context.Context, of store.NetworkKey) (message.Message, error) {
	of.Network, of.ID = validate.Text(of.Network), validate.Text(of.ID)
	kept, err := s.messages()
	if err != nil {
		return message.Message{}, err
	}
	if !storable(of.Network) || !storable(of.ID) {
		return message.Message{}, account.ErrNotFound
	}
	owner, err := s.ownerOf(ctx, of)
	if err != nil {
		return message.Message{}, err
	}
	if owner.ID == "" {
		return message.Message{}, account.ErrNotFound
	}
	return kept.Message(ctx, owner)
}

// Messages returns a page of an account's messages, the newest first; the page after it is
// asked for with Before set to the last row's Entries.Hold. An unknown account has none.
//
// Errors: [account.Faults], [ErrNoMessages].
func (s *Service) Messages(ctx context.Context, q message.Query) ([]message.Message, error) {
	kept, err := s.messages()
	if err != nil {
		return nil, err
	}
	for _, text := range []*string{&q.ID, &q.ClientRef, &q.NetworkID, &q.Destination} {
		*text = validate.Text(*text)
	}
	if err := q.Faults().Err(); err != nil || !storable(q.ID+q.ClientRef) || !storable(q.NetworkID+q.Destination) {
		return nil, err
	}
	return kept.MessagePage(ctx, q)
}

// AllMessages iterates over every message that a query asks for, the newest first. It ends
// after the first error.
//
// Errors: those of [Service.Messages].
func (s *Service) AllMessages(ctx context.Context, q message.Query) iter.Seq2[message.Message, error] {
	q.Limit = account.MaxPage
	return pages(func() ([]message.Message, error) { return s.Messages(ctx, q) },
		func(last message.Message) { q.Before = last.Entries.Hold })
}

// Figures returns what an account's messages come to, by day, network, channel and state, as
// far as they are counted: see [Service.Tick]. They stay when the messages are removed.
//
// Errors: [ErrNoMessages].
func (s *Service) Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error) {
	kept, err := s.messages()
	if err != nil {
		return nil, err
	}
	return kept.Figures(ctx, q)
}
