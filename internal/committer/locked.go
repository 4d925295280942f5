package committer

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// lockedBatch is movements that one transaction writes, and all accounts that it locks.
type lockedBatch struct {
	now       time.Time
	given     []*pending
	movements []*pending   // those of given that are not left out
	ids       []account.ID // locked, ascending
	first     []account.ID // those locked at first
	// queue, if not nil, is where the batch is from: it waits for the lock of that account
	// alone, leaves out what it cannot lock, and has further movements for the same locks.
	queue     *lockQueue
	committer *Committer
	// assuming: references are taken for unused without looking. The store refuses those
	// that are not; then the movements are tried again, by looking.
	assuming bool

	leftOut   []leftOut
	accounts  map[account.ID]*lockedAccount
	done      []decision
	unsettled bool // more holds are due than are ended at once
	ends      int  // how many more may be ended
	wanted    needsAccounts
	complete  bool // everything was written; only the commit is left
	claims    claims
}

// decision is a movement that was written, or refused.
type decision struct {
	pending  *pending
	written  account.Entry
	refusal  error
	repeated bool
}

// lockedAccount is an account under lock: what was found, and what is to be written.
type lockedAccount struct {
	balance  account.Balance
	found    store.Found
	posting  store.Posting
	holds    batchHolds
	used     map[string]account.Entry
	messages messages
	// overdue is what is still held by holds that have timed out. They are ended so many
	// at a time; what they have is nobody's from the first moment on.
	overdue store.Overdue
}

// leftOut is a movement that a batch does not write.
type leftOut struct {
	pending *pending
	busy    account.ID    // an account that is locked, or zero
	needs   needsAccounts // further ones that it needs
}

func (c *Committer) newLockedBatch(now time.Time, movements []*pending, ids []account.ID) *lockedBatch {
	return &lockedBatch{
		now: now, given: movements, movements: movements, ids: ids, first: slices.Clone(ids),
		committer: c,
	}
}

func (c *Committer) newQueuedBatch(q *lockQueue, movements []*pending) *lockedBatch {
	l := c.newLockedBatch(c.clock(), slices.Clip(movements), nil) // latecomers are appended
	l.queue = q
	return l
}

// isMixed reports whether movements of several accounts are written, who do not wait for
// what only one of them makes necessary.
func (l *lockedBatch) isMixed() bool {
	return l.queue != nil && l.queue.id.IsZero() && len(l.given) > 1
}

// run is the transaction: lock, decide, write. What balances do not tell is looked up
// in a statement of its own, once the locks are had; also before anything is refused,
// since a repeated movement is answered as it was the first time.
func (l *lockedBatch) run(ctx context.Context, tx store.Tx) error {
	locked, err := l.lock(ctx, tx)
	if err != nil || l.queue != nil && len(l.movements) == 0 {
		return err
	}
	l.assuming = l.assuming && l.simple(locked)
	if l.assuming {
		l.open(locked)
		err = l.decide()
	}
	if !l.assuming || l.refuses() {
		if err = l.lookUp(ctx, tx, locked); err == nil {
			err = l.decide()
		}
	}
	if err != nil {
		return err
	}
	return l.write(ctx, tx)
}

// lock locks the accounts of the movements. Those from a queue wait for its account alone.
func (l *lockedBatch) lock(ctx context.Context, tx store.Tx) (locked []account.Balance, err error) {
	if l.queue == nil {
		return tx.Lock(ctx, l.ids...)
	}
	ids := l.committer.accountsOf(l.given...)
	if awaited := l.queue.id; !awaited.IsZero() {
		if locked, err = tx.Lock(ctx, awaited); err != nil {
			return nil, err
		}
		ids = slices.DeleteFunc(ids, func(id account.ID) bool { return id == awaited })
	}
	if len(ids) > 0 {
		free, err := tx.TryLock(ctx, ids...)
		if err != nil {
			return nil, err
		}
		locked = append(locked, free...)
	}
	l.leaveOut(locked)
	return locked, nil
}

// leaveOut parts the movements whose accounts are locked from the others, and asks for more
// of the first kind.
func (l *lockedBatch) leaveOut(locked []account.Balance) {
	l.movements, l.ids, l.leftOut = nil, nil, nil
	if !l.queue.id.IsZero() { // also where there is no such account
		l.ids = append(l.ids, l.queue.id)
	}
	for i := range locked {
		l.ids = append(l.ids, locked[i].Account)
	}
	l.ids = store.Ascending(l.ids)
	for _, p := range l.given {
		if missing := firstMissing(l.committer.accountsOf(p), l.ids); missing != nil {
			l.leftOut = append(l.leftOut, leftOut{pending: p, busy: *missing})
		} else {
			l.movements = append(l.movements, p)
		}
	}
	late := l.committer.latecomers(l.queue, maxBatch-len(l.given), l.ids)
	l.given, l.movements = append(l.given, late...), append(l.movements, late...)
}

// decide works out all movements. An error is for the whole transaction.
func (l *lockedBatch) decide() error {
	l.done, l.unsettled, l.claims = nil, false, claims{}
	l.leftOut = slices.DeleteFunc(l.leftOut, func(out leftOut) bool { return out.busy.IsZero() })
	if err := l.expire(); err != nil {
		return err
	}
	l.notice()
	for _, p := range l.movements {
		if err := l.decideOne(p); err != nil {
			return err
		}
	}
	return nil
}

// refuses reports whether a movement is refused.
func (l *lockedBatch) refuses() bool {
	return slices.ContainsFunc(l.done, func(one decision) bool { return one.refusal != nil })
}

// write posts what moved.
func (l *lockedBatch) write(ctx context.Context, tx store.Tx) error {
	postings := make([]store.Posting, 0, len(l.ids))
	for _, id := range l.ids {
		s := l.accounts[id]
		s.posting.Balance = s.balance
		if s.balance.Version != s.found.Balance.Version {
			postings = append(postings, s.posting)
		}
	}
	if len(postings) > 0 {
		if err := tx.Post(ctx, postings...); err != nil {
			return err
		}
	}
	l.complete = true
	return nil
}

// open begins with balances alone.
func (l *lockedBatch) open(locked []account.Balance) {
	l.accounts = make(map[account.ID]*lockedAccount, len(l.ids))
	for _, id := range l.ids {
		l.accounts[id] = newLockedAccount(store.Found{})
	}
	for _, b := range locked {
		l.accounts[b.Account] = newLockedAccount(store.Found{Balance: b})
	}
}

// simple reports whether the movements can be decided by balances alone.
func (l *lockedBatch) simple(locked []account.Balance) bool {
	return !slices.ContainsFunc(locked, func(b account.Balance) bool { return ledger.Due(b, l.now) }) &&
		!slices.ContainsFunc(l.movements, func(p *pending) bool {
			return p.m.Hold != "" || p.m.Of > 0 || p.call != nil && p.call.reads()
		})
}

// lookUp reads what the movements name, of the accounts that are locked. What their overdue
// holds come to is added up once, as long as nobody else writes in between.
func (l *lockedBatch) lookUp(ctx context.Context, tx store.Tx, locked []account.Balance) error {
	kept := make(map[account.ID]overdue, len(locked))
	for _, b := range locked {
		kept[b.Account] = l.committer.snapshots.overdueOf(b.Account, b.Version, l.now)
	}
	lookups := make([]store.Lookup, len(l.ids))
	at := make(map[account.ID]*store.Lookup, len(l.ids))
	for i, id := range l.ids {
		lookups[i].Account = id
		at[id] = &lookups[i]
	}
	for _, b := range locked {
		if ask := at[b.Account]; ledger.Due(b, l.now) {
			ask.Due, ask.Sum, ask.Since = l.now, true, kept[b.Account].at
		}
	}
	for _, p := range l.movements {
		p.askFor(at[p.m.Account], true)
	}
	found, err := tx.Ledger(ctx, lookups)
	if err != nil {
		return err
	}
	l.accounts = make(map[account.ID]*lockedAccount, len(found))
	for i, id := range l.ids {
		found[i].Overdue = kept[id].sum.Plus(found[i].Overdue)
		l.accounts[id] = newLockedAccount(found[i])
	}
	if err := l.lookUpPaid(ctx, tx); err != nil {
		return err
	}
	return l.lookUpCaptured(ctx, tx)
}

// lookUpCaptured reads how the holds were made whose captures of shared money are to be
// given back.
func (l *lockedBatch) lookUpCaptured(ctx context.Context, tx store.Tx) error {
	var lookups []store.Lookup
	for _, id := range l.ids {
		ask := store.Lookup{Account: id}
		for _, e := range l.accounts[id].found.Entries {
			if e.Hold != "" && len(e.Chain) > 0 {
				ask.References = append(ask.References, e.Hold)
			}
		}
		if ask.References != nil {
			lookups = append(lookups, ask)
		}
	}
	if lookups == nil {
		return nil
	}
	found, err := tx.Ledger(ctx, lookups)
	for i := range found {
		for _, e := range found[i].Used {
			l.accounts[lookups[i].Account].used[e.Reference] = e
		}
	}
	return err
}

func newLockedAccount(found store.Found) *lockedAccount {
	s := &lockedAccount{
		balance: found.Balance, found: found, posting: store.Posting{From: found.Balance.Version},
		holds: batchHolds{kept: map[string]account.Hold{}}, used: map[string]account.Entry{}, overdue: found.Overdue,
	}
	for _, hold := range slices.Concat(found.Holds, found.Due) {
		s.holds.kept[hold.Reference] = hold
	}
	for _, e := range found.Used {
		s.used[e.Reference] = e
	}
	s.messages.took(&s.found)
	return s
}

// keep takes over what a step does to the account.
func (s *lockedAccount) keep(step ledger.Step) {
	s.balance = step.Balance
	step.AddTo(&s.posting)
	s.holds.note(step)
	s.used[step.Entry.Reference] = step.Entry
}
