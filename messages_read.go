package clientaccount

import (
	"context"
	"iter"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// messages is where messages can be asked for.
func (s *Service) messages() (store.MessageReader, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	kept, can := s.stored().(store.MessageReader)
	if !can {
		return nil, ErrNoMessages
	}
	return kept, nil
}

// KeepsMessages reports whether the store keeps messages, see [store.Messages]: where it does
// not, what is asked of them is ErrNoMessages.
func (s *Service) KeepsMessages() bool {
	_, err := s.messages()
	return err == nil
}

// Message returns a message that the Service keeps.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) Message(ctx context.Context, id account.ID, messageID string) (message.Message, error) {
	kept, err := s.messages()
	if err != nil {
		return message.Message{}, err
	}
	if messageID = validate.Text(messageID); !storable(messageID) {
		return message.Message{}, account.ErrNotFound
	}
	return kept.Message(ctx, store.MessageKey{Account: id, ID: messageID})
}

// MessageOf returns the message that has a network's id: of those that had it, the last.
//
// Errors: [account.ErrNotFound], [ErrNoMessages].
func (s *Service) MessageOf(ctx context.Context, of store.NetworkKey) (message.Message, error) {
	of.Network, of.ID = validate.Text(of.Network), validate.Text(of.ID)
	kept, err := s.messages()
	if err != nil {
		return message.Message{}, err
	}
	if !storable(of.Network) || !storable(of.ID) {
		return message.Message{}, account.ErrNotFound
	}
	owner, err := s.ownerOf(ctx, of)
	if err != nil {
		return message.Message{}, err
	}
	if owner.ID == "" {
		return message.Message{}, account.ErrNotFound
	}
	return kept.Message(ctx, owner)
}

// Messages returns a page of an account's messages, the newest first; the page after it is
// asked for with Before set to the last row's Entries.Hold. An unknown account has none.
//
// Errors: [account.Faults], [ErrNoMessages].
func (s *Service) Messages(ctx context.Context, q message.Query) ([]message.Message, error) {
	kept, err := s.messages()
	if err != nil {
		return nil, err
	}
	for _, text := range []*string{&q.ID, &q.ClientRef, &q.NetworkID, &q.Destination} {
		*text = validate.Text(*text)
	}
	if err := q.Faults().Err(); err != nil || !storable(q.ID+q.ClientRef) || !storable(q.NetworkID+q.Destination) {
		return nil, err
	}
	return kept.MessagePage(ctx, q)
}

// AllMessages iterates over every message that a query asks for, the newest first. It ends
// after the first error.
//
// Errors: those of [Service.Messages].
func (s *Service) AllMessages(ctx context.Context, q message.Query) iter.Seq2[message.Message, error] {
	q.Limit = account.MaxPage
	return pages(func() ([]message.Message, error) { return s.Messages(ctx, q) },
		func(last message.Message) { q.Before = last.Entries.Hold })
}

// Figures returns what an account's messages come to, by day, network, channel and state, as
// far as they are counted: see [Service.Tick]. They stay when the messages are removed.
//
// Errors: [ErrNoMessages].
func (s *Service) Figures(ctx context.Context, q message.FiguresQuery) ([]message.FiguresRow, error) {
	kept, err := s.messages()
	if err != nil {
		return nil, err
	}
	return kept.Figures(ctx, q)
}
