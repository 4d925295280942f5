package bunstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Append is [store.Store]'s: one statement on PostgreSQL (two side by side for many postings
// of messages), one transaction on SQLite, and one look at those that were not written. Of
// several reasons not to write a posting, used references are told first.
//
// A posting that the database does not take (text that is no UTF-8, an amount of too
// many digits, a number that is there already) does no harm to the others: they are
// written, and it is OutcomeBusy, so that it is tried in a transaction, where the error
// is its own. Alone, it is the error of Append.
//
// Within a function that Update runs, with its context, it is [store.ErrNested].
func (s *Store) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	if err := s.begins(ctx); err != nil {
		return nil, err
	}
	outcomes := make([]store.Outcome, len(ps))
	if len(ps) == 0 {
		return outcomes, nil
	}
	write := s.append
	if s.parts(ps) {
		write = s.appendSideBySide
	}
	if err := write(ctx, ps, outcomes); err != nil {
		return nil, err
	}
	return outcomes, nil
}

// fewestParted is how many postings are worth two statements.
const fewestParted = 64

// parts reports whether a batch is written by two statements side by side: where the server has
// a core for each, and messages to write, whose steps take three to five times as long as a charge.
func (s *Store) parts(ps []store.Posting) bool {
	return s.Dialect.SideBySide() && len(ps) >= fewestParted && s.pool.DB.Stats().MaxOpenConnections != 1 &&
		slices.ContainsFunc(ps, func(p store.Posting) bool { return len(p.Messages) > 0 })
}

// appendSideBySide writes each half of a batch by a statement of its own, both at once.
func (s *Store) appendSideBySide(ctx context.Context, ps []store.Posting, outcomes []store.Outcome) error {
	half := len(ps) / 2
	behind := make(chan error, 1)
	go func() { behind <- s.append(ctx, ps[half:], outcomes[half:]) }()
	first := s.append(ctx, ps[:half], outcomes[:half])
	second := <-behind
	switch {
	case first != nil && second != nil:
		return cmp.Or(uncertain(first), uncertain(second), first)
	case first != nil:
		return left(first, outcomes[:half])
	default:
		return left(second, outcomes[half:])
	}
}

// uncertain returns an error after which postings may have been written, nil for others.
func uncertain(err error) error {
	if errors.Is(err, store.ErrNothing) {
		return nil
	}
	return err
}

// left says of postings that were not written for an error, while others were, that they are to
// be tried in a transaction. It returns an error that leaves it open.
func left(err error, outcomes []store.Outcome) error {
	if err == nil || uncertain(err) != nil {
		return err
	}
	for i := range outcomes {
		outcomes[i] = store.Outcome{Kind: store.OutcomeBusy}
	}
	return nil
}

// begins returns why nothing can be written with a context in transactions of the store's own.
func (s *Store) begins(ctx context.Context) error {
	switch err := ctx.Err(); {
	case err != nil:
		return nothing(err)
	case s.DB == nil:
		return nothing(session.ErrUnmade)
	case store.IsInside(ctx, s.DB.DB):
		return nothing(store.ErrNested)
	default:
		return nil
	}
}

func (s *Store) append(ctx context.Context, ps []store.Posting, outcomes []store.Outcome) error {
	err := s.Dialect.Append(ctx, s.pool, ps, outcomes)
	switch {
	case err == nil:
		s.settle(ctx, ps, outcomes)
		return nil
	case !rows.Refused(err) && !s.Dialect.Blames(err):
		return s.failedAppend(ctx, err)
	case len(ps) > 1:
		return s.appendHalves(ctx, ps, outcomes)
	}
	clear(outcomes)
	if s.settle(ctx, ps, outcomes); outcomes[0].Kind == store.OutcomeBusy {
		return s.failedAppend(ctx, err)
	}
	return nil // it would not have been written anyway
}

// appendHalves writes each half of a batch by itself, since something in it made all
// of it fail; and so on, until what is to blame is alone.
func (s *Store) appendHalves(ctx context.Context, ps []store.Posting, outcomes []store.Outcome) error {
	half := len(ps) / 2
	for _, bounds := range [][2]int{{0, half}, {half, len(ps)}} {
		from, to := bounds[0], bounds[1]
		if err := left(s.append(ctx, ps[from:to], outcomes[from:to]), outcomes[from:to]); err != nil {
			return err
		}
	}
	return nil
}

// settle finds out what became of the postings that were not written. One that
// could be written by now is busy: whoever has it locked, or had, was faster. So is one
// of which nothing can be found out, since the others may be written.
func (s *Store) settle(ctx context.Context, ps []store.Posting, outcomes []store.Outcome) {
	var others []int
	var lookups []store.Lookup
	for i := range outcomes {
		if outcomes[i].Kind == 0 {
			outcomes[i].Kind = store.OutcomeBusy
			others, lookups = append(others, i), append(lookups, lookupOf(&ps[i]))
		}
	}
	found, err := s.Ledger(ctx, lookups)
	if err != nil {
		return
	}
	for i, n := range others {
		outcomes[n] = outcomeOf(&ps[n], &found[i])
	}
}

func outcomeOf(p *store.Posting, f *store.Found) store.Outcome {
	switch {
	case f.Balance.Version == 0:
		return store.Outcome{Kind: store.OutcomeMissing}
	case f.Used != nil:
		return store.Outcome{Kind: store.OutcomeUsed, Used: f.Used}
	case f.Balance.Version != p.From:
		return store.Outcome{Kind: store.OutcomeMoved, Balance: &f.Balance}
	default:
		return store.Outcome{Kind: store.OutcomeBusy}
	}
}

// lookupOf asks for what decides whether a posting can be written.
func lookupOf(p *store.Posting) store.Lookup {
	return store.Lookup{Account: p.Balance.Account, References: dialect.References(p)}
}

// failedAppend is failed for what ended a write, and reports whether it is certain that
// nothing was written.
func (s *Store) failedAppend(ctx context.Context, err error) error {
	certain := errors.Is(err, prepared.ErrUnwritten) || rows.Refused(err) || s.Dialect.Certain(err)
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		certain = true
	}
	err = s.Failed(ctx, err)
	if certain {
		return nothing(err)
	}
	return err
}

// nothing says of an error that nothing was written before it.
func nothing(err error) error { return fmt.Errorf("%w: %w", store.ErrNothing, err) }
