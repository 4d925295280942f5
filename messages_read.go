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
	reader, err := s.messages()
	if err != nil {
		return message.Message{}, err
	}
	if !storable(messageID) {
		return message.Message{}, account.ErrNotFound
	}
	return reader.Message(ctx, store.MessageKey{Account: id, ID: messageID})
}

func (s *Service) messages() (store.MessageReader, error) {
	reader, ok := s.stored().(store.MessageReader)
	if !ok {
		return nil, ErrNoMessages
	}
	return reader, nil
}

// MessageOf returns the message that has a network's id.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) MessageOf(ctx context.Context, of store.NetworkKey) (message.Message, error) {
	reader, err := s.messages()
	if err != nil {
		return message.Message{}, err
	}
	if !storable(of.Network) || !storable(of.ID) {
		return message.Message{}, account.ErrNotFound
	}
	keys, err := reader.MessagesOf(ctx, []store.NetworkKey{of})
	if err != nil || len(keys) == 0 || keys[0].ID == "" {
		return message.Message{}, account.ErrNotFound
	}
	return reader.Message(ctx, keys[0])
}

// Messages returns a page of an account's messages, the newest first; the page after it is
// asked for with Before set to the last row's Entries.Hold. An unknown account has none.
//
// Errors: [account.Faults], [ErrNoMessages].
func (s *Service) Messages(ctx context.Context, q message.Query) ([]message.Message, error) {
	reader, err := s.messages()
	if err == nil {
		err = q.Faults().Err()
	}
	if err != nil || !storable(q.ID+q.ClientRef+q.NetworkID+q.Destination) {
		return nil, err
	}
	return reader.MessagePage(ctx, q)
}

// Figures returns what an account's messages come to, by day, network, channel and state, as
// far as they are counted: see [Service.Tick].
//
// Errors: [account.Faults], [ErrNoMessages].
func (s *Service) Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error) {
	reader, err := s.messages()
	if err != nil {
		return nil, err
	}
	return reader.Figures(ctx, q)
}
