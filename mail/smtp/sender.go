package smtp

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/mail"
)

// Sender sends messages through one server. Make it with [New]; it is safe for concurrent
// use, and keeps a few connections until it is closed.
type Sender struct {
	config Config
	slots  chan struct{} // one taken by each Send, so that there are no more connections

	mu     sync.Mutex
	idle   []*connection // the last used at the end
	closed bool
}

var _ mail.Sender = (*Sender)(nil)

// New returns a Sender. It does not connect yet. All that is wrong with the configuration is
// in the error, which is ErrConfig.
func New(c Config) (*Sender, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	return &Sender{config: c, slots: make(chan struct{}, c.Connections)}, nil
}

// Send hands a message to the server, and returns nil once it answers for it. The error is a
// *mail.SendError; where the context ended, its error is in the chain.
func (s *Sender) Send(ctx context.Context, m mail.Message) error {
	raw, err := m.Bytes()
	if err != nil {
		return &mail.SendError{Step: mail.StepMessage, Permanent: true, Err: err}
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return failure(ctx, mail.StepConnect, ctx.Err(), nil)
	}
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer s.keep(c)
	return c.send(ctx, m, raw)
}

// connect returns a connection that works: one that was kept, or a new one.
func (s *Sender) connect(ctx context.Context) (*connection, error) {
	for ctx.Err() == nil {
		c, err := s.kept()
		switch {
		case err != nil:
			return nil, failure(ctx, mail.StepConnect, err, nil)
		case c == nil:
			return s.config.dial(ctx)
		case c.refresh(ctx):
			return c, nil
		}
		c.fit = false
		c.leave()
	}
	return nil, failure(ctx, mail.StepConnect, ctx.Err(), nil)
}

// kept takes the connection that was used last; nil when there is none.
func (s *Sender) kept() (*connection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	last := len(s.idle) - 1
	if last < 0 {
		return nil, nil
	}
	c := s.idle[last]
	s.idle = s.idle[:last]
	c.expiry.Stop()
	return c, nil
}

// keep puts a connection by for the next message, or ends it.
func (s *Sender) keep(c *connection) {
	if !s.put(c) {
		c.leave()
	}
}

func (s *Sender) put(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || !c.fit || c.sent >= s.config.Messages {
		return false
	}
	c.expiry = time.AfterFunc(s.config.Idle, func() { s.expire(c) })
	s.idle = append(s.idle, c)
	return true
}

// expire ends a connection that was not used for too long, unless it is just being used.
func (s *Sender) expire(c *connection) {
	s.mu.Lock()
	at := slices.Index(s.idle, c)
	if at >= 0 {
		s.idle = slices.Delete(s.idle, at, at+1)
	}
	s.mu.Unlock()
	if at >= 0 {
		c.leave()
	}
}

// Close ends the connections that are kept, and those in use when their message is done.
// Send fails from then on. It always returns nil, and may be called again.
func (s *Sender) Close() error {
	s.mu.Lock()
	s.closed = true
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	for _, c := range idle {
		c.expiry.Stop()
		c.leave()
	}
	return nil
}
