package clientaccount

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// The verbs of money. Each takes what its kind of movement uses, checks it, and returns when
// it is written for good. The same reference with the same content returns the first result
// again, Repeated, whatever happened since: a repeated charge may have been refunded, and a
// repeated hold may have ended, as Receipt.Ended tells. Whether a message is to be sent is
// for [Service.Admit] to say.

// TopUp adds money to an account that has money of its own.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrShared],
// [account.ErrReused], [account.ErrConflict], [ErrUnknown], [ErrNested], [ErrStopped]; see
// [Service.Move].
func (s *Service) TopUp(ctx context.Context, t TopUp) (Receipt, error) {
	return s.Move(ctx, t.movement())
}

// Charge takes an amount, or a price for each message, if that is available. For an account
// that shares money, the nearest account above with money of its own pays.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed],
// [account.ErrExhausted], [account.ErrZone], [account.ErrReused], [account.ErrConflict],
// [ErrUnknown], [ErrNested], [ErrStopped]; see [Service.Move].
func (s *Service) Charge(ctx context.Context, c Charge) (Receipt, error) {
	return s.Move(ctx, c.movement())
}

// Hold sets an amount aside, if it is available, until it is captured, released, or its
// Timeout is over. Its Reference names it. Repeated, it makes no new one where the hold has
// ended: Receipt.Ended says how.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed],
// [account.ErrExhausted], [account.ErrZone], [account.ErrReused], [account.ErrConflict],
// [ErrUnknown], [ErrNested], [ErrStopped]; see [Service.Move].
func (s *Service) Hold(ctx context.Context, h Hold) (Receipt, error) {
	return s.Move(ctx, h.movement())
}

// Capture takes the amount of a hold, or a part of it, and ends the hold; with More also
// more than it, if the rest is available. A hold that stands can always be captured.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrHold],
// [account.ErrHoldAmount], [account.ErrExhausted], [account.ErrZone], [account.ErrReused],
// [account.ErrConflict], [ErrUnknown], [ErrNested], [ErrStopped]; see [Service.Move].
func (s *Service) Capture(ctx context.Context, c Capture) (Receipt, error) {
	return s.Move(ctx, c.movement())
}

// Release ends a hold and takes nothing.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrHold],
// [account.ErrReused], [account.ErrConflict], [ErrUnknown], [ErrNested], [ErrStopped]; see
// [Service.Move].
func (s *Service) Release(ctx context.Context, r Release) (Receipt, error) {
	return s.Move(ctx, r.movement())
}

// Adjust corrects the balance, up or down, for a Reason. Down it keeps within what is
// available, unless PassLimit is said.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrShared],
// [account.ErrExhausted], [account.ErrReused], [account.ErrConflict], [ErrUnknown],
// [ErrNested], [ErrStopped]; see [Service.Move].
func (s *Service) Adjust(ctx context.Context, a Adjustment) (Receipt, error) {
	return s.Move(ctx, a.movement())
}

// Refund gives back what a charge or capture took, or a part of it; all refunds of an entry
// together never more than it took. What was paid by an account above goes back there, along
// the chain of the entry.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrRefund],
// [account.ErrRefundAmount], [account.ErrReused], [account.ErrConflict], [ErrUnknown],
// [ErrNested], [ErrStopped]; see [Service.Move].
func (s *Service) Refund(ctx context.Context, r Refund) (Receipt, error) {
	if err := s.made(); err != nil {
		return Receipt{}, err
	}
	m, err := s.resolved(ctx, r)
	if err != nil {
		return Receipt{}, err
	}
	return s.Move(ctx, m)
}

// Transfer moves money to the account To, of the same currency, if it is available: both
// entries are written, or none. The receipt is that of the giving account.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrClosed], [account.ErrShared],
// [account.ErrExhausted], [account.ErrReused], [account.ErrConflict], [ErrUnknown],
// [ErrNested], [ErrStopped]; see [Service.Move].
func (s *Service) Transfer(ctx context.Context, t Transfer) (Receipt, error) {
	return s.Move(ctx, t.movement())
}

// Charged is what became of one of many charges.
type Charged struct {
	Receipt Receipt
	Err     error
}

// ChargeMany is [Service.Charge] for many charges at once, each with its own outcome: one
// that is refused holds up no other. They are tried in their order.
//
// Errors: of each, those of Charge.
func (s *Service) ChargeMany(ctx context.Context, charges []Charge) []Charged {
	results := make([]Charged, len(charges))
	if err := s.made(); err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	sound := make([]committer.Checked, 0, len(charges))
	at := make([]int, 0, len(charges))
	for i, c := range charges {
		m, err := committer.Check(plainText(c.movement()))
		if results[i].Err = err; err == nil {
			sound, at = append(sound, m), append(at, i)
		}
	}
	for i, r := range s.moveMany(ctx, sound) {
		results[at[i]].Receipt, results[at[i]].Err = receipt(sound[i].Movement().Reference, &r.Written, r.Err)
	}
	return results
}

// moveMany hands movements to the committer, and waits.
func (s *Service) moveMany(ctx context.Context, ms []committer.Checked) []committer.Result {
	if err := s.calls.Check(s.store); err != nil {
		return slices.Repeat([]committer.Result{{Err: err}}, len(ms))
	}
	return s.committer.MoveMany(ctx, ms)
}

// Move writes a movement of any kind that callers may ask for: it is the verb for who
// decides the kind as the program runs, and for what was kept as a movement. What the kind
// does not use is a fault.
//
// Errors, of which each verb of money lists those that it has:
//
//   - [account.Faults]: the movement makes no sense by itself; nothing was asked.
//   - [account.ErrNotFound]: there is no such account.
//   - [account.ErrClosed]: the account is closed.
//   - [account.ErrExhausted], as *[account.ExhaustedError]: more than is available.
//   - [account.ErrShared]: the account has no money of its own.
//   - [account.ErrZone]: the month of a cap is not known, as the time zone is not.
//   - [account.ErrHold], [account.ErrHoldAmount]: the hold does not stand, or holds less.
//   - [account.ErrRefund], [account.ErrRefundAmount]: there is nothing to refund, or less.
//   - [account.ErrReused]: the reference was used before, for something else.
//   - [ErrUnknown], as *[UnknownError]: ask again with the same reference.
//   - [account.ErrConflict]: the race for the account was lost again and again, and nothing
//     was written; in a host's transaction, at once.
//   - [ErrNested]: it was called from where no verb may write.
//   - [ErrStopped]: after Close.
//   - the context's error: the caller gave up before anything was sent.
func (s *Service) Move(ctx context.Context, m account.Movement) (Receipt, error) {
	if err := s.made(); err != nil {
		return Receipt{}, err
	}
	checked, err := committer.Check(plainText(m))
	if err != nil {
		return Receipt{}, err
	}
	return s.move(ctx, checked)
}

// move hands a movement to the committer, and waits.
func (s *Service) move(ctx context.Context, m committer.Checked) (Receipt, error) {
	if err := s.calls.Check(s.store); err != nil {
		return Receipt{}, err
	}
	written, err := s.committer.Move(ctx, m)
	made, err := receipt(m.Movement().Reference, &written, err)
	if err == nil && made.Repeated && made.Kind.Traits().Makes {
		made.Ended, err = s.holdEnd(ctx, made.Entry)
	}
	return made, err
}

// holdEnd is how the hold of an entry has ended, or empty while it stands. One that has
// timed out is ended by an entry first, so that no capture can come after the answer.
func (s *Service) holdEnd(ctx context.Context, made account.Entry) (account.MovementKind, error) {
	now := s.now()
	found, err := s.stored().Ledger(ctx, []store.Lookup{{Account: made.Account, Holds: []string{made.Reference}}})
	if err != nil {
		return "", err
	}
	if held := found[0].Holds; len(held) > 0 {
		if held[0].Stands(now) {
			return "", nil
		}
		if err := s.settleDue(ctx, now, made.Account); err != nil {
			return "", err
		}
	}
	ends, err := s.stored().Entries(ctx, account.EntryQuery{
		Account: made.Account, Hold: made.Reference, After: made.Number, Oldest: true, Limit: 1,
	})
	if err != nil || len(ends) == 0 { // more had timed out than are ended at once
		return account.KindExpire, err
	}
	return ends[0].Kind, nil
}

// plainText makes one reference of the ways to write it, so that none of them moves
// money a second time.
func plainText(m account.Movement) account.Movement {
	m.Reference, m.Hold = validate.Text(m.Reference), validate.Text(m.Hold)
	m.Reason, m.Actor, m.Second = validate.Text(m.Reason), actorText(m.Actor), actorText(m.Second)
	return m
}
