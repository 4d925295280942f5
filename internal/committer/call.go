package committer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// Call is a call about a message that the store keeps. What becomes of the message, of its
// money, and what its client is told are written together. Its functions are pure, quick,
// and may be called more than once.
type Call struct {
	Account account.ID
	Message string // its id
	// New: the message is taken to be unknown, without looking. The store refuses one that
	// it has, as its hold's reference was used; then it is looked up, and Decide asked again.
	New bool
	// Look: one that is New is looked up all the same.
	Look bool
	// NetworkIDs are those whose owners, and early reports, Decide wants to know.
	NetworkIDs []store.NetworkKey
	// Decide returns what follows for the message. An error is the caller's.
	Decide func(Case) (message.Step, error)
	// Tell returns the deliveries of what the client is told by a step.
	Tell func(s message.Step, now time.Time) ([]store.Delivery, error)
}

// Case is what a call is decided by.
type Case struct {
	Message message.Message // as it is kept; zero for none
	// Hold is the entry under the message's id, of a call that is New; nil for none. Without
	// a Message it is of a hold that was made by itself.
	Hold  *account.Entry
	Owned []store.Owned   // of the call's network ids
	Early []message.Early // likewise
	Now   time.Time
}

// Kept is what came of a call.
type Kept struct {
	Step       message.Step // as it was written, where it Changed anything
	Deliveries []store.Delivery
	Hold       account.Entry // the entry of the message's hold, of a call that is New
}

// KeptResult is what became of one of many calls.
type KeptResult struct {
	Kept Kept
	Err  error
}

// call is a Call on its way.
type call struct {
	Call
	clashes bool // a reference of its was used: by what has to be looked up
	kept    Kept // of the last time that it was worked out
}

// concerns reports whether an entry is in the way of the call as it was worked out.
func (c *call) concerns(reference string) bool {
	return c.New && reference == c.Message || reference != "" && reference == c.kept.Step.Movement.Reference
}

// Keep makes a call about a message, and returns what was written.
//
// Errors: those of Call's functions, and of Move.
func (c *Committer) Keep(ctx context.Context, asked Call) (Kept, error) {
	if err := c.checkNested(ctx); err != nil {
		return Kept{}, err
	}
	if c.direct {
		return c.keepDirectly(ctx, asked)
	}
	p := newPendingCall(asked)
	c.enqueue([]*pending{p})
	return p.waitKept(ctx)
}

// KeepMany is Keep for many calls at once, each with its own result. Those about one message
// are made in their order.
func (c *Committer) KeepMany(ctx context.Context, asked []Call) []KeptResult {
	results := make([]KeptResult, len(asked))
	if err := c.checkNested(ctx); err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	if c.direct {
		for i := range asked {
			results[i].Kept, results[i].Err = c.keepDirectly(ctx, asked[i])
		}
		return results
	}
	calls := make([]*pending, len(asked))
	for i := range asked {
		calls[i] = newPendingCall(asked[i])
	}
	c.enqueue(calls)
	for i, p := range calls {
		results[i].Kept, results[i].Err = p.waitKept(ctx)
	}
	return results
}

func (c *Committer) keepDirectly(ctx context.Context, asked Call) (Kept, error) {
	on := &call{Call: asked}
	if _, err := c.directly(ctx, account.Movement{Account: asked.Account}, on); err != nil {
		return Kept{}, err
	}
	return on.kept, nil
}

// newPendingCall returns a call on its way. Of its movement only the account is known.
func newPendingCall(asked Call) *pending {
	return &pending{m: account.Movement{Account: asked.Account}, call: &call{Call: asked}, done: make(chan struct{})}
}

// waitKept is wait for a call.
func (p *pending) waitKept(ctx context.Context) (Kept, error) {
	if _, err := p.wait(ctx); err != nil {
		return Kept{}, err
	}
	return p.call.kept, nil
}

// money is where the movements of calls are applied.
type money interface {
	// apply applies the movement of a call's step, and returns its entry. On an error
	// nothing has changed.
	apply(c *call, m account.Movement) (*account.Entry, error)
	// expiry returns the entry by which the hold of a call's message timed out, nil for none.
	expiry(c *call) (*account.Entry, error)
}

// work works out a call, and reports whether anything is to be written.
func (p *pending) work(on Case, with money) (writes bool, err error) {
	c, k := p.call, Kept{}
	if on.Hold != nil {
		k.Hold = *on.Hold
	}
	if k.Step, err = c.Decide(on); err != nil {
		return false, err
	}
	if !k.Step.Changed {
		if !p.wasWritten(&on.Message) {
			c.kept = k
		}
		return false, nil
	}
	if k.Deliveries, err = c.Tell(k.Step, on.Now); err != nil {
		return false, err
	}
	switch err = k.move(c, with); {
	case err == nil:
		c.kept = k
		return true, nil
	case nothingToGiveBack(&k.Step.Movement, err) && on.Message.Refunds != (account.RefundPolicy{}):
		on.Message.Refunds = account.RefundPolicy{}
		return p.work(on, with)
	default:
		return false, err
	}
}

// move has the money follow the message, and notes the entries.
func (k *Kept) move(c *call, with money) error {
	m := &k.Step.Message
	if move := k.Step.Movement; move.Kind != "" {
		entry, err := with.apply(c, move)
		switch {
		case err == nil:
			if m.Note(*entry); move.Kind.Traits().Makes {
				k.Hold = *entry
			}
		case endedByItself(&move, err):
			k.Step.Movement = account.Movement{}
		default:
			return err
		}
	}
	if m.Money != message.MoneyReleased || m.Entries.End > 0 {
		return nil
	}
	entry, err := with.expiry(c)
	if entry != nil {
		m.Note(*entry)
	}
	return err
}

// wasWritten reports whether a try of which nobody could tell made the message what it is:
// then what came of the call is what came of that try. Where the try was lost, another process
// may have made another message of the same version.
func (p *pending) wasWritten(m *message.Message) bool {
	tried := &p.call.kept.Step.Message
	return p.uncertain && p.call.kept.Step.Changed && tried.Version == m.Version && tried.Stage() == m.Stage() && tried.Err == m.Err &&
		tried.Money == m.Money && tried.Entries == m.Entries && slices.Equal(tried.NetworkIDs, m.NetworkIDs) && sameTold(&tried.Tracking, &m.Tracking)
}

// sameTold reports whether the same was reported and told of a message.
func sameTold(a, b *account.Tracking) bool {
	return a.Seq == b.Seq && a.State == b.State && a.Late == b.Late && a.Delivered == b.Delivered && slices.Equal(a.Ended, b.Ended)
}

// endedByItself reports whether a hold could not be released, as it stands no longer: what
// has timed out is released. A closed account holds nothing.
func endedByItself(m *account.Movement, err error) bool {
	row := m.Kind.Traits()
	return row.Ends && row.Balance == 0 && (errors.Is(err, account.ErrHold) || errors.Is(err, account.ErrClosed))
}

// nothingToGiveBack reports whether a refund could not be made and never will be: the account
// is closed, or somebody gave the money back by hand. The message goes its way without.
func nothingToGiveBack(m *account.Movement, err error) bool {
	return m.Kind.Traits().Refunds &&
		(errors.Is(err, account.ErrClosed) || errors.Is(err, account.ErrRefund) || errors.Is(err, account.ErrRefundAmount))
}

// messages are those of an account while a batch is worked out: as they were read, and as
// the batch makes them.
type messages struct {
	read map[string]*message.Message
	made map[string]int // index in the posting's
}

// begin forgets what was made.
func (ms *messages) begin() { clear(ms.made) }

// took begins with what was read.
func (ms *messages) took(found *store.Found) {
	clear(ms.read)
	if found == nil {
		return
	}
	if ms.read == nil && len(found.Messages) > 0 {
		ms.read = make(map[string]*message.Message, len(found.Messages))
	}
	for i := range found.Messages {
		ms.read[found.Messages[i].ID] = &found.Messages[i]
	}
}

// get returns a message as it is by now, the zero Message for none.
func (ms *messages) get(id string, p *store.Posting) message.Message {
	if i, made := ms.made[id]; made {
		return p.Messages[i].Message
	}
	if m := ms.read[id]; m != nil {
		return *m
	}
	return message.Message{}
}

// keep adds what came of a call to a posting, in which each message is once.
func (ms *messages) keep(was *message.Message, k *Kept, p *store.Posting) {
	next := k.Step.Message
	i, again := ms.made[next.ID]
	if !again {
		if ms.made == nil {
			ms.made = map[string]int{}
		}
		i = len(p.Messages)
		ms.made[next.ID] = i
		p.Messages = append(p.Messages, store.KeptMessage{Was: was.Version, Message: *was})
	}
	kept := &p.Messages[i]
	before := len(kept.Message.NetworkIDs) - len(kept.NetworkIDs) // when it was read
	kept.Message, kept.NetworkIDs = next, next.NetworkIDs[before:]
	kept.Deliveries = append(kept.Deliveries, k.Deliveries...)
}

// caseOf returns what a call is decided by, of what was found and is about to be written.
func (ms *messages) caseOf(c *call, found *store.Found, p *store.Posting, now time.Time) Case {
	on := Case{Message: ms.get(c.Message, p), Now: now}
	if hold := entryUnder(c.Message, found, p); c.New && hold != nil {
		own := *hold // the posting's serve again in the next round
		on.Hold = &own
	}
	if found == nil || len(c.NetworkIDs) == 0 {
		return on
	}
	for _, o := range found.Owned {
		if c.asks(o.Of) {
			on.Owned = append(on.Owned, o)
		}
	}
	for _, e := range found.Early {
		if c.asks(store.NetworkKey{Network: e.Network, ID: e.ID}) {
			on.Early = append(on.Early, e)
		}
	}
	return on
}

// asks reports whether a network id is one of the call's.
func (c *call) asks(of store.NetworkKey) bool {
	for i := range c.NetworkIDs {
		if c.NetworkIDs[i] == of {
			return true
		}
	}
	return false
}

// entryUnder returns the entry of a reference, nil for none that is known.
func entryUnder(reference string, found *store.Found, p *store.Posting) *account.Entry {
	for i := range p.Entries {
		if p.Entries[i].Reference == reference {
			return &p.Entries[i]
		}
	}
	if found == nil {
		return nil
	}
	for i := range found.Used {
		if found.Used[i].Reference == reference {
			return &found.Used[i]
		}
	}
	return nil
}

// askFor asks for what a call is decided by. all: also for whatever may have been written
// under its references.
func (c *call) askFor(l *store.Lookup, all bool) {
	if c.New || all {
		l.References = append(l.References, c.Message)
	}
	if all {
		l.References = append(l.References, c.holdExpiry())
		for _, kind := range [...]account.MovementKind{account.KindCapture, account.KindRelease, account.KindRefund} {
			l.References = append(l.References, message.Message{Envelope: message.Envelope{ID: c.Message}}.Reference(kind))
		}
	}
	l.NetworkIDs = append(l.NetworkIDs, c.NetworkIDs...)
	l.Messages, l.Holds = append(l.Messages, c.Message), append(l.Holds, c.Message)
}

// claims are the network ids that messages of a batch got.
type claims map[store.NetworkKey]store.MessageKey

// of returns who else of the batch got one of the ids that the call gives its message.
func (cs claims) of(c *call) *store.Owned {
	for _, id := range c.NetworkIDs {
		if by, claimed := cs[id]; claimed && by != c.key() {
			return &store.Owned{Of: id, Message: by}
		}
	}
	return nil
}

// add notes the ids that a call gave its message.
func (cs claims) add(c *call, was *message.Message) {
	for _, n := range c.kept.Step.Message.NetworkIDs[len(was.NetworkIDs):] {
		cs[store.NetworkKey{Network: n.Network, ID: n.ID}] = c.key()
	}
}

func (c *call) key() store.MessageKey { return store.MessageKey{Account: c.Account, ID: c.Message} }

// holdExpiry is the reference of the entry by which a message's hold ended by itself.
func (c *call) holdExpiry() string {
	return ledger.Expiry(account.Hold{Account: c.Account, Reference: c.Message}).Reference
}
