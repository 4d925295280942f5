package clientaccount

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// Bounds of one Tick's steps.
const (
	tickAccounts = 100  // whose holds are ended between two questions
	tickMessages = 500  // that are read, counted or removed at once
	tickSteps    = 1000 // of so many messages: the next Tick goes on

	monthsLookedAt = time.Hour // for a new one, by which shared money may be spent again
)

// Tick does what became due by now, by Options.Clock: it ends holds that have timed out,
// each by an entry, and records that overdraws ended. Of messages that the Service keeps it
// ends those whose time to be sent, or to be reported of, is over; looks for early reports
// that were left behind where a process died; adds to their figures what happened since;
// and removes those that ended Options.MessagesFor ago.
//
// It makes the documents that are due, each once, whatever the number of processes: of each cut
// of an account the statement and the invoice, of each civil day the statistics, notices of
// events and of overdraws that are about to end, and updates of prices that were announced. An account for which that fails, as it does where
// a function of Options.Documents does, is tried again later, and holds up no other. Within a
// transaction of the host's it looks after neither messages, tasks nor documents.
//
// It does tasks that are due, and goes on with batches that are judged or run, for some seconds;
// what nobody confirmed in time expires, and what ended Options.TasksFor ago is removed.
//
// It brings the Clients list up to date with money that moved: by that the list is sorted and
// narrowed, never what is booked or decided.
//
// What is available is right at every instant without it, and so is what any later call
// finds of a message; but a client is told by Tick that a message's time is over. A host
// calls it every minute or so, from one process or from many. It goes on after what
// failed, and returns the first error.
//
// Errors: [account.ErrConflict], [ErrUnknown], [ErrNested], [ErrStopped].
func (s *Service) Tick(ctx context.Context) error {
	now := s.now()
	var failed firstError
	s.tickHolds(ctx, now, &failed)
	if kept, ok := s.stored().(store.Messages); ok {
		s.tickDue(ctx, kept, now, &failed)
		s.tickEarly(ctx, kept, &failed)
		failed.note(steps(func() (int, error) { return kept.CountMessages(ctx, tickMessages) }))
		ended, early := now.Add(-s.opts.MessagesFor), now.Add(-message.EarlyFor)
		failed.note(steps(func() (int, error) { return kept.PurgeMessages(ctx, ended, early, tickMessages) }))
	}
	failed.note(s.tickTasks(ctx))
	s.tickDocuments(ctx, &failed)
	if kept, ok := s.stored().(store.Standings); ok && !s.hosted {
		failed.note(steps(func() (int, error) { return s.tickStandings(ctx, kept) }))
	}
	return failed.err
}

// tickStandings brings the Clients list up to date with money, and returns of how many accounts.
func (s *Service) tickStandings(ctx context.Context, kept store.Standings) (int, error) {
	behind, err := kept.StandingsBehind(ctx, s.now(), tickMessages)
	if err != nil || len(behind) == 0 {
		return 0, err
	}
	ids := make([]account.ID, len(behind))
	for i, b := range behind {
		ids[i] = b.Account
	}
	known := make(map[account.ID]account.Balance, len(ids))
	if err := s.settledBalances(ctx, reading{s.stored()}, ids, known); err != nil {
		return 0, err
	}
	chains, err := s.GetMany(ctx, slices.Collect(maps.Keys(known))...)
	if err != nil {
		return 0, err
	}
	standings := make([]store.Standing, len(behind))
	for i, b := range behind {
		standings[i] = keptStanding(known, chains, known[b.Account], s.now())
		standings[i].Account, standings[i].Marks = b.Account, b.Marks
	}
	return len(behind), kept.PutStandings(ctx, standings...)
}

// keptStanding is how a balance stands, for the Clients list. A closed account needs no attention.
func keptStanding(known map[account.ID]account.Balance, accounts map[account.ID]account.Account, b account.Balance, now time.Time) store.Standing {
	at := standingAmong(known, b, now)
	kept := store.Standing{Version: b.Version, Moved: b.At, Balance: b.Amount}
	left, told := toldLeft(known, accounts, b, at, now)
	kept.Available = left
	if b.Terms.Closed {
		return kept
	}
	kept.Exhausted, kept.NearLimit = told && ledger.Exhausted(b, left), told && ledger.NearLimit(b, left)
	payer := known[at.Payer].Terms
	if payer.OverdrawAt(now).IsPositive() {
		kept.ChangesAt = payer.OverdrawEnds
		if at.Payer == b.Account {
			kept.OverdrawEnds = payer.OverdrawEnds
		}
	}
	if soon := now.Add(monthsLookedAt); spendsShared(b) && (kept.ChangesAt.IsZero() || soon.Before(kept.ChangesAt)) {
		kept.ChangesAt = soon // what a cap leaves changes with the month
	}
	return kept
}

// toldLeft returns what of a standing's Available the list goes by, and whether that tells of the
// account. Who sees the clients of its manager only must not learn from it how an account of another
// one stands: where such money is spent, it is what the caps before it leave; zero without a cap.
func toldLeft(known map[account.ID]account.Balance, accounts map[account.ID]account.Account, b account.Balance, at Standing, now time.Time) (left decimal.Decimal, told bool) {
	manager := accounts[b.Account].Core.Manager
	for link, there := b, true; there && accounts[link.Account].Core.Manager == manager; link, there = known[link.Terms.Shares] {
		if link.Account == at.Payer {
			return at.Available, true
		}
		if room, capped := ledger.CapLeft(link, now); capped && (!told || room.LessThan(left)) {
			left, told = room, true
		}
	}
	return left, told
}

func spendsShared(b account.Balance) bool { return !b.Terms.Shares.IsZero() }

// tickDocuments makes the documents that are due, by figures that were counted before.
func (s *Service) tickDocuments(ctx context.Context, failed *firstError) {
	kept, ok := s.stored().(store.Billing)
	if !ok || s.hosted {
		return
	}
	if feed, ok := kept.(store.EventFeed); ok {
		failed.note(s.documenter().TellEvents(ctx, feed))
	}
	if lists, ok := kept.(store.Prices); ok {
		failed.note(s.tickPrices(ctx, lists))
	}
	failed.note(s.documenter().Tick(ctx, kept))
}

// firstError is the first of many.
type firstError struct{ err error }

func (f *firstError) note(err error) {
	if f.err == nil {
		f.err = err
	}
}

// steps goes on while there is as much to do as fits into one step, for a bounded time.
func steps(step func() (int, error)) error {
	for range tickSteps {
		if n, err := step(); err != nil || n < tickMessages {
			return err
		}
	}
	return nil
}

// tickHolds settles accounts that are due.
func (s *Service) tickHolds(ctx context.Context, now time.Time, failed *firstError) {
	var after account.ID
	for {
		ids, err := s.stored().Due(ctx, now, after, tickAccounts)
		failed.note(err)
		for _, id := range ids {
			failed.note(s.settleDue(ctx, now, id))
			after = id
		}
		if len(ids) < tickAccounts {
			return
		}
	}
}

// settleDue ends the due holds of an account and records the events that time brought.
func (s *Service) settleDue(ctx context.Context, now time.Time, id account.ID) error {
	if err := s.calls.Check(s.store); err != nil {
		return err
	}
	return s.committer.Settle(ctx, now, id)
}

// tickDue lets time pass for messages that are due.
func (s *Service) tickDue(ctx context.Context, kept store.Messages, now time.Time, failed *firstError) {
	passed := func(on committer.Case) (message.Step, error) { return on.Message.At(on.Now), nil }
	var after store.MessageKey
	for {
		keys, err := kept.DueMessages(ctx, now, after, tickMessages)
		failed.note(err)
		calls := make([]messageCall, len(keys))
		for i, key := range keys {
			calls[i] = messageCall{key: key, decide: passed}
			after = key
		}
		for _, result := range s.callEach(ctx, calls) {
			failed.note(result.Err)
		}
		if len(keys) < tickMessages {
			return
		}
	}
}

// tickEarly hears early reports whose messages have the ids by now.
func (s *Service) tickEarly(ctx context.Context, kept store.Messages, failed *firstError) {
	failed.note(steps(func() (int, error) {
		es, err := kept.OverdueEarly(ctx, tickMessages)
		if err != nil || len(es) == 0 {
			return 0, err
		}
		es = message.ByArrival(es)
		owners, err := kept.MessagesOf(ctx, networkKeysOf(es))
		if err != nil {
			return 0, err
		}
		_, heard, err := s.hear(ctx, es, owners)
		return len(es), errors.Join(err, s.dropEarly(ctx, heard))
	}))
}

// tickFor is for how long one Tick works on tasks that are due, and again on batches.
const tickFor = 10 * time.Second

// tickTasks does what is due of tasks and batches.
func (s *Service) tickTasks(ctx context.Context) error {
	due, can := s.stored().(store.Tasks)
	if !can || s.hosted {
		return nil
	}
	engine, err := s.tasker()
	if err != nil {
		return err
	}
	return engine.Tick(ctx, due, tickFor, s.opts.TasksFor)
}
