// Package mailtest is a mail server for tests and demonstrations: a [mail.Sender] that keeps
// what it is given, and fails on demand.
//
//	var sent mailtest.Recorder
//	sent.Fail(mailtest.Busy(), nil) // the first try fails, the second is taken
//	...
//	messages, err := sent.Wait(ctx, 1)
package mailtest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/clientaccount/clientaccount/mail"
)

// Recorder takes messages and keeps them. The zero value is ready, and safe for concurrent
// use.
type Recorder struct {
	mu      sync.Mutex
	tries   []Try
	taken   []mail.Message
	next    []error
	answer  func(context.Context, mail.Message) error
	changed chan struct{} // closed when a message is taken
}

var _ mail.Sender = (*Recorder)(nil)

// Try is one call of Send, and what it returned.
type Try struct {
	Message mail.Message
	Err     error
}

// Send keeps a message, or fails as it was told to. An error that says that the outcome is
// unknown ([Lost]) is returned though the message is kept. A message that is not whole fails
// for good.
func (r *Recorder) Send(ctx context.Context, m mail.Message) error {
	err := m.Check()
	if err != nil {
		err = &mail.SendError{Step: mail.StepMessage, Permanent: true, Err: err}
	} else {
		err = r.verdict()(ctx, m)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries = append(r.tries, Try{copyOf(m), err})
	if err == nil || isUnknown(err) {
		r.taken = append(r.taken, copyOf(m))
		close(r.change())
		r.changed = nil
	}
	return err
}

// verdict returns how the next try is answered.
func (r *Recorder) verdict() func(context.Context, mail.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case len(r.next) > 0:
		err := r.next[0]
		r.next = r.next[1:]
		return func(context.Context, mail.Message) error { return err }
	case r.answer != nil:
		return r.answer
	default:
		return func(ctx context.Context, _ mail.Message) error { return ctx.Err() }
	}
}

// change returns the channel that the next taken message closes. r.mu is held.
func (r *Recorder) change() chan struct{} {
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	return r.changed
}

// Fail says what the next tries return, one after the other; nil takes the message. Those
// behind them are taken, or answered as AnswerAll says.
func (r *Recorder) Fail(next ...error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = append(r.next, next...)
}

// AnswerAll says how tries are answered for which Fail said nothing; nil takes them. The
// function may block, and may be called concurrently.
func (r *Recorder) AnswerAll(answer func(ctx context.Context, m mail.Message) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// Messages returns what was taken, in its order. A message that was sent again is there
// again.
func (r *Recorder) Messages() []mail.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.taken)
}

// To returns what was taken for one address, name@example.com.
func (r *Recorder) To(spec string) []mail.Message {
	return slices.DeleteFunc(r.Messages(), func(m mail.Message) bool { return m.To.Spec() != spec })
}

// Tries returns all calls of Send, in the order in which they ended.
func (r *Recorder) Tries() []Try {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.tries)
}

// Wait waits until n messages were taken in all, and returns what was taken. The error is
// the context's.
func (r *Recorder) Wait(ctx context.Context, n int) ([]mail.Message, error) {
	for {
		r.mu.Lock()
		taken, changed := slices.Clone(r.taken), r.change()
		r.mu.Unlock()
		if len(taken) >= n {
			return taken, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return taken, fmt.Errorf("mailtest: %d messages came, want %d: %w", len(taken), n, ctx.Err())
		}
	}
}

// copyOf shares nothing with a message that its sender may change.
func copyOf(m mail.Message) mail.Message {
	m.Attachments = slices.Clone(m.Attachments)
	for i := range m.Attachments {
		m.Attachments[i].Content = slices.Clone(m.Attachments[i].Content)
	}
	return m
}
