package clientaccount

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// Message returns a message that the Service keeps.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) Message(ctx context.Context, id account.ID, messageID string) (message.Message, error) {
	return message.Message{}, ErrNoMessages
}

// MessageOf returns the message that has a network's id.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) MessageOf(ctx context.Context, of store.NetworkKey) (message.Message, error) {
	return message.Message{}, ErrNoMessages
}

// Messages returns a page of an account's messages, the newest first; the page after it is
// asked for with Before set to the last row's Entries.Hold. An unknown account has none.
//
// Errors: [account.Faults], [ErrNoMessages].
func (s *Service) Messages(ctx context.Context, q message.Query) ([]message.Message, error) {
	return nil, ErrNoMessages
}

// Figures returns what an account's messages come to, by day, network, channel and state, as
// far as they are counted: see [Service.Tick].
//
// Errors: [account.Faults], [ErrNoMessages].
func (s *Service) Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error) {
	return nil, ErrNoMessages
}
