package clientaccount

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// The verbs of money. Each takes a movement of its own kind, which need not be said,
// checks it, and returns when it is written for good. They share these errors:
//
//   - account.Faults: the movement makes no sense by itself, or names a field that the
//     verb does not use; nothing was asked.
//   - account.ErrNotFound: there is no such account.
//   - *account.ExhaustedError, which is account.ErrExhausted: more than is available.
//   - account.ErrClosed, and the other refusals of package account.
//   - account.ErrReused: the reference was used before, for something else.
//   - *UnknownError, which is ErrUnknown: ask again with the same reference.
//   - the context's error: the caller gave up before anything was sent.
//   - account.ErrConflict: the race for the account was lost again and again, and
//     nothing was written; in a host's transaction, at once.
//   - ErrStopped: after Close.
//
// The same reference with the same content gives the first result again, Repeated,
// whatever happened since: a repeated charge may have been refunded, and a repeated hold
// may have ended, as Receipt.Ended tells. Whether a message is to be sent is for
// [Service.Admit] to say.

// TopUp adds money to an account.
func (s *Service) TopUp(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindTopUp, m)
}

// Charge takes an amount, or a price for each message, if that is available. For an
// account that shares money, the nearest account above with money of its own pays.
func (s *Service) Charge(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindCharge, m)
}

// Hold sets an amount aside, if it is available, until it is captured, released, or
// its Timeout is over. The movement's Reference names the hold. Repeated, it makes no new
// one where the hold has ended: Ended says how.
func (s *Service) Hold(ctx context.Context, m account.Movement) (Receipt, error) {
	receipt, err := s.move(ctx, account.KindHold, m)
	if err != nil || !receipt.Repeated {
		return receipt, err
	}
	receipt.Ended, err = s.holdEnd(ctx, receipt.Entry)
	return receipt, err
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

// Capture takes the amount of a hold, or a part of it, and ends the hold; with More
// also more than it, if the rest is available. A hold that stands can always be
// captured. The error is account.ErrHold for one that does not, and
// account.ErrHoldAmount for more than the hold without More.
func (s *Service) Capture(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindCapture, m)
}

// Release ends a hold and takes nothing. The error is account.ErrHold for one that
// does not stand.
func (s *Service) Release(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindRelease, m)
}

// Adjust corrects the balance, up or down, for a Reason. Down it keeps within what is
// available, unless PassLimit is said.
func (s *Service) Adjust(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindAdjust, m)
}

// Refund gives back what the charge or capture numbered Of took, or a part of it; all
// refunds of an entry together never more than it took. What was paid by an account
// above goes back there, along the chain of the entry. The error is
// account.ErrRefund where there is nothing to refund, and account.ErrRefundAmount
// for more than is left.
func (s *Service) Refund(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindRefund, m)
}

// Transfer moves money to the account Other, of the same currency, if it is available:
// both entries are written, or none. The receipt is that of the giving account.
func (s *Service) Transfer(ctx context.Context, m account.Movement) (Receipt, error) {
	return s.move(ctx, account.KindTransferOut, m)
}

// Charged is what became of one of many charges.
type Charged struct {
	Receipt Receipt
	Err     error
}

// ChargeMany is Charge for many movements at once, each with its own outcome: one
// that is refused holds up no other. They are tried in their order.
func (s *Service) ChargeMany(ctx context.Context, ms []account.Movement) []Charged {
	results := make([]Charged, len(ms))
	sound := make([]account.Movement, 0, len(ms))
	at := make([]int, 0, len(ms))
	for i, m := range ms {
		if m, results[i].Err = asked(account.KindCharge, m); results[i].Err == nil {
			sound, at = append(sound, m), append(at, i)
		}
	}
	if err := s.made(); err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	for i, r := range s.moveMany(ctx, sound) {
		results[at[i]].Receipt, results[at[i]].Err = receipt(sound[i].Reference, &r.Written, r.Err)
	}
	return results
}

// moveMany hands movements to the committer, and waits.
func (s *Service) moveMany(ctx context.Context, ms []account.Movement) []committer.Result {
	if err := s.calls.refuse(s.store); err != nil {
		return slices.Repeat([]committer.Result{{Err: err}}, len(ms))
	}
	return s.committer.MoveMany(ctx, ms)
}

// Tick does what became due by an instant: it ends holds that have timed out, each by
// an entry, and tells of overdraws that ended. Nothing depends on it being called:
// what is available is right at every instant without it. A host calls it every
// minute or so, from one process or from many. It goes on after an account that
// failed, and returns the first error.
func (s *Service) Tick(ctx context.Context, now time.Time) error {
	if !bounds.Instant(now) {
		return account.Faults{account.NewFault("now", "instant.range")}
	}
	const page = 100
	now = now.UTC().Truncate(time.Microsecond)
	var after account.ID
	var first error
	for {
		ids, err := s.stored().Due(ctx, now, after, page)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.settleDue(ctx, now, id); err != nil && first == nil {
				first = err
			}
			after = id
		}
		if len(ids) < page {
			return first
		}
	}
}

// settleDue ends the due holds of an account and tells what time brought.
func (s *Service) settleDue(ctx context.Context, now time.Time, id account.ID) error {
	if err := s.calls.refuse(s.store); err != nil {
		return err
	}
	return s.committer.Settle(ctx, now, id)
}

// Close refuses new movements and returns when those under way are answered, or with
// the context's error. A Service that is not closed leaves nothing running either,
// once its last movement is answered.
func (s *Service) Close(ctx context.Context) error {
	if s.made() != nil {
		return nil
	}
	return s.committer.Close(ctx)
}

// move checks a movement, hands it to the committer, and waits.
func (s *Service) move(ctx context.Context, kind account.MovementKind, m account.Movement) (Receipt, error) {
	if err := s.made(); err != nil {
		return Receipt{}, err
	}
	m, err := asked(kind, m)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.calls.refuse(s.store); err != nil {
		return Receipt{}, err
	}
	written, err := s.committer.Move(ctx, m)
	return receipt(m.Reference, &written, err)
}

// asked is a movement as a verb of this kind is asked for it. It need not say the kind,
// and cannot say another.
func asked(kind account.MovementKind, m account.Movement) (account.Movement, error) {
	other := m.Kind != "" && m.Kind != kind
	m = movementText(m)
	m.Kind = kind
	faults := m.Faults()
	if other {
		faults = append(account.Faults{account.NewFault("kind", "kind.other")}, faults...)
	}
	return m, faults.Err()
}

// movementText makes one reference of the ways to write it, so that none of them moves
// money a second time.
func movementText(m account.Movement) account.Movement {
	m.Reference, m.Hold = validate.Text(m.Reference), validate.Text(m.Hold)
	m.Reason, m.Actor = validate.Text(m.Reason), actorText(m.Actor)
	return m
}
