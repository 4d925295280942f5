// Package clientaccount is the account of each client of an SMS platform: who the
// client is, how and when they may send, what they may spend, where their reports go,
// and who changed what. A platform embeds it, hands it a store, and asks it; an
// optional admin (package adminhttp) mounts in the platform's own server.
//
//	svc := clientaccount.New(memstore.New(), nil)
//	made, err := svc.Create(ctx, clientaccount.Edit{
//		Actor: account.Actor{ID: "u1", Name: "Olena Koval"},
//		Apply: func(a *account.Account) error {
//			a.Core.Login = "acme"
//			a.Core.Password = account.SetPassword(password, password)
//			a.Contact.Company = "Acme Telecom Ltd"
//			a.Status, a.Sending.REST = account.StatusActive, true
//			return nil
//		},
//	})
//	_, err = svc.TopUp(ctx, clientaccount.TopUp{Account: made.Account.ID, Amount: account.Amount("10"), Reference: "payment-17"})
//	admitted, err := svc.Admit(ctx, made.Account.ID, request, clientaccount.MessageHold{Reference: "message-4711"})
//	if err == nil && admitted.Send() {
//		// hand it to the network, then svc.Capture, or svc.Release
//	}
//	_, err = svc.SubmitState(ctx, made.Account.ID, report)
//
// # Packages
//
//   - account: the domain, pure: fields, changes, amounts, statuses; account/message the
//     way of a message, account/price what it costs.
//   - validate: what is acceptable, with a stable code for every fault.
//   - store: the contract of a backend; store/storetest its tests, store/memstore
//     the one in memory, store/bunstore PostgreSQL and SQLite.
//   - webhook: the dispatcher that calls clients' URLs; webhook/payload is what they
//     are told, webhook/target which URLs and addresses may be called.
//   - mail: what leaves by mail, and its templates.
//   - adminhttp: pages and JSON over a Service.
//
// The Service in this package joins them: it alone reads the clock, makes ids,
// hashes passwords and tries again after a lost race.
package clientaccount

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/internal/cache"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/cursor"
	"github.com/clientaccount/clientaccount/internal/hostcall"
	"github.com/clientaccount/clientaccount/internal/nostore"
	"github.com/clientaccount/clientaccount/internal/passhash"
	"github.com/clientaccount/clientaccount/internal/signin"
	"github.com/clientaccount/clientaccount/internal/tasks"
	"github.com/clientaccount/clientaccount/internal/throttle"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// Service is the one door to the accounts of a store. All methods are safe for
// concurrent use, from any number of processes on one database.
//
// Bad input is account.Faults, everything at once; for the rest each verb lists its errors,
// to be compared with errors.Is. Any verb may also fail with the store's own error or the
// context's.
//
// Errors: [ErrNoStore] of every verb, if the Service was not made by [New].
type Service struct {
	store       store.Transactor
	opts        Options
	rules       *validate.Validator
	hasher      *passhash.Hasher
	throttle    *throttle.Throttle
	signIns     *signin.Memory
	committer   *committer.Committer
	submissions *submissions
	hosted      bool         // within a transaction of the host's, whose commit alone counts
	comparisons *comparisons // nil where there is nothing to gain
	networkIDs  *networkIDs  // likewise
	clients     *cache.Cache[account.ID, cachedClient]
	lists       *productLists
	cursors     cursor.Sealer
	calls       *hostcall.Calls
	tasks       *tasks.Work
	races       again.Policy // of transactions that lose them
}

// New is a Service over a store; over none, nil, every verb is ErrNoStore. Nil options
// mean defaults. It does no I/O and starts no goroutine; the first movement of money, or
// delivery, starts one, which ends when nothing is left to write.
func New(st store.Store, opts *Options) *Service {
	if missing(st) {
		st = nostore.Store{}
	}
	o := opts.withDefaults()
	clock := func() time.Time { return o.Clock().UTC().Truncate(time.Microsecond) }
	cursors := cursor.New(o.CursorKey)
	o.CursorKey = nil // a Service that is printed does not show it
	return &Service{
		store:       st,
		opts:        o,
		rules:       validate.New(),
		hasher:      passhash.New(passhash.Cost(o.Hash), o.Hashes),
		throttle:    throttle.New(),
		signIns:     signin.New(o.SignIns, o.SignInsFor),
		committer:   committer.New(st, committer.Config{Clock: clock, Logger: o.Logger, Balances: o.Balances, MostEnded: mostEnded}),
		submissions: newSubmissions(st, o.Logger),
		comparisons: newComparisons(st),
		networkIDs:  newNetworkIDs(st),
		clients:     cache.New[account.ID, cachedClient](o.Balances),
		lists:       newProductLists(),
		cursors:     cursors,
		calls:       &hostcall.Calls{},
		tasks:       &tasks.Work{},
		races:       again.Policy{Tries: 10, Pause: 5 * time.Millisecond},
	}
}

// mostEnded is how many holds of an account one transaction ends at most. Tests make it
// small, so that what is overdue outlasts many movements.
var mostEnded = store.MaxDue

// On is the same Service over another store, usually one bound to a host's own
// transaction (bunstore's OnTx): what it does is committed, or not, by the host.
// A transaction that lost a race is not run again there, since only the host can repeat its whole
// transaction: the error is account.ErrConflict.
func (s *Service) On(st store.Transactor) *Service {
	if s.made() != nil {
		return New(nil, nil)
	}
	if missing(st) {
		st = nostore.Store{}
	}
	bound := *s
	bound.store, bound.races, bound.committer = st, again.Policy{}, s.committer.Within(st)
	bound.hosted, bound.submissions = true, newSubmissions(st, s.opts.Logger)
	bound.comparisons, bound.networkIDs = nil, nil
	bound.clients = cache.New[account.ID, cachedClient](account.MaxDepth) // what it sees may never be committed
	bound.signIns = signin.New(0, 0)                                      // so with what it finds to be right
	return &bound
}

// Now is the present instant by the Service's clock, in UTC, as stores keep it.
func (s *Service) Now() time.Time { return s.now() }

// now is the present instant as stores keep it.
func (s *Service) now() time.Time {
	if s.made() != nil {
		return time.Time{}
	}
	return s.opts.Clock().UTC().Truncate(time.Microsecond)
}

// newID makes the id of something made now.
func (s *Service) newID() (account.ID, error) {
	if err := s.made(); err != nil {
		return account.ID{}, err
	}
	var random [10]byte
	if _, err := io.ReadFull(s.opts.Random, random[:]); err != nil {
		return account.ID{}, fmt.Errorf("clientaccount: no randomness for an id: %w", err)
	}
	return account.NewID(s.now(), random), nil
}

// transact runs fn in a transaction, again while the race for it is lost.
func (s *Service) transact(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return s.again(ctx, func() error { return s.stored().Update(ctx, fn) })
}

// again runs do, once more each time it lost a race, as often as the Service's races
// allow.
func (s *Service) again(ctx context.Context, do func() error) error {
	if err := s.made(); err != nil {
		return err
	}
	if err := s.calls.Check(s.store); err != nil {
		return err
	}
	return s.races.Do(ctx, func(try int) (bool, error) {
		if try > 1 {
			s.opts.Logger.DebugContext(ctx, "lost a race, trying again", slog.Int("try", try-1))
		}
		err := do()
		return errors.Is(err, account.ErrConflict), err
	})
}

// Close refuses new movements and deliveries and returns when those under way are answered. A
// Service that is not closed leaves nothing running either, once its last one is answered.
//
// Errors: the cause of the context's end.
func (s *Service) Close(ctx context.Context) error {
	if s.made() != nil {
		return nil
	}
	if s.comparisons != nil {
		defer func() { _ = s.comparisons.Close(ctx) }()
	}
	return errors.Join(s.committer.Close(ctx), s.submissions.Close(ctx), s.networkIDs.Close(ctx))
}

// KeepsTasks reports whether the store keeps tasks, see [store.Tasks]: where it does not, what is
// asked of them is ErrNoTasks.
func (s *Service) KeepsTasks() bool {
	if s.made() != nil {
		return false
	}
	_, can := s.stored().(store.Tasks)
	return can
}

// stored returns the Service's store.
func (s *Service) stored() store.Transactor {
	if s == nil || s.store == nil {
		return nostore.Store{}
	}
	return s.store
}

// made is ErrNoStore for a Service that New did not make.
func (s *Service) made() error {
	if s == nil || s.committer == nil {
		return ErrNoStore
	}
	return nil
}

// missing reports whether there is no store: nil, or a nil pointer.
func missing(st store.Transactor) bool {
	v := reflect.ValueOf(st)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
