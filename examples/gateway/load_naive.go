package main

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// naive does each step in a transaction of its own, as a host does that has its rows to write
// with it. It is here to be measured against.
type naive struct {
	accounts *clientaccount.Service
	db       *database
	writers  chan struct{} // as many at once as the database takes
}

func newNaive(accounts *clientaccount.Service, db *database) naive {
	return naive{accounts, db, make(chan struct{}, db.writers)}
}

// Admit is the Service's.
func (n naive) Admit(ctx context.Context, id account.ID, r account.Request, h clientaccount.MessageHold) (clientaccount.Admission, error) {
	return inTx(ctx, n, func(s *clientaccount.Service) (clientaccount.Admission, error) { return s.Admit(ctx, id, r, h) })
}

// Sent is the Service's.
func (n naive) Sent(ctx context.Context, id account.ID, messageID string, h message.Handover) (clientaccount.Progress, error) {
	return inTx(ctx, n, func(s *clientaccount.Service) (clientaccount.Progress, error) { return s.Sent(ctx, id, messageID, h) })
}

// Unsent is the Service's.
func (n naive) Unsent(ctx context.Context, id account.ID, messageID string, f message.Failure) (clientaccount.Progress, error) {
	return inTx(ctx, n, func(s *clientaccount.Service) (clientaccount.Progress, error) { return s.Unsent(ctx, id, messageID, f) })
}

// Reported is the Service's. A report that comes before its Sent is kept outside of the
// transaction, as Reported says.
func (n naive) Reported(ctx context.Context, r message.NetworkReport) (clientaccount.Progress, error) {
	p, err := inTx(ctx, n, func(s *clientaccount.Service) (clientaccount.Progress, error) { return s.Reported(ctx, r) })
	if errors.Is(err, account.ErrNotFound) {
		return n.accounts.Reported(ctx, r)
	}
	return p, err
}

// inTx does something in a transaction, again while it loses the race for it.
func inTx[T any](ctx context.Context, n naive, do func(*clientaccount.Service) (T, error)) (done T, err error) {
	n.writers <- struct{}{}
	defer func() { <-n.writers }()
	final := func(err error) bool { return !errors.Is(err, account.ErrConflict) }
	err = patiently(ctx, final, func() error {
		tx, err := n.db.pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after the commit
		if done, err = do(n.accounts.On(n.db.bound.OnTx(tx))); err != nil {
			return err
		}
		return tx.Commit()
	})
	return done, err
}

// switched is a way that can be exchanged, between messages.
type switched struct{ way atomic.Pointer[way] }

func (s *switched) ask(w way) { s.way.Store(&w) }
func (s *switched) now() way  { return *s.way.Load() }

// Admit asks the present way.
func (s *switched) Admit(ctx context.Context, id account.ID, r account.Request, h clientaccount.MessageHold) (clientaccount.Admission, error) {
	return s.now().Admit(ctx, id, r, h)
}

// Sent asks the present way.
func (s *switched) Sent(ctx context.Context, id account.ID, messageID string, h message.Handover) (clientaccount.Progress, error) {
	return s.now().Sent(ctx, id, messageID, h)
}

// Unsent asks the present way.
func (s *switched) Unsent(ctx context.Context, id account.ID, messageID string, f message.Failure) (clientaccount.Progress, error) {
	return s.now().Unsent(ctx, id, messageID, f)
}

// Reported asks the present way.
func (s *switched) Reported(ctx context.Context, r message.NetworkReport) (clientaccount.Progress, error) {
	return s.now().Reported(ctx, r)
}
