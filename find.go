package clientaccount

import (
	"context"
	"errors"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Sighting is something of a client that was found by its key: one of the three is set.
type Sighting struct {
	Account  account.ID
	Entry    *account.Entry
	Message  *store.MessageKey
	Document *store.Document
}

// Find looks for what has a text as its key, across clients: an entry by its reference, a message by
// its id or a network's, a document by its number. It returns at most most of each, and at most
// [account.MaxPage]; where that is more than 1, also what has a longer key that begins so. With
// managers only the clients of these count.
//
// Entries that people made (top-ups, adjustments, refunds, transfers) are found among all clients;
// other entries, and messages by their own ids, where managers have no more than [store.MostProbed]
// clients. What a store cannot look for is not found.
//
// Errors: the store's.
func (s *Service) Find(ctx context.Context, text string, managers account.Optional[[]account.ID], most int) ([]Sighting, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	if text == "" || most < 1 || !storable(text) {
		return nil, nil
	}
	q := store.KeyQuery{Key: text, Prefix: most > 1, Managers: managers, Limit: min(most, account.MaxPage)}
	found, err := s.findKeyed(ctx, q)
	if err != nil {
		return nil, err
	}
	documents, err := s.Documents(ctx, store.DocumentQuery{Number: text, Managers: managers, Limit: q.Limit})
	if err != nil && !errors.Is(err, ErrNoBilling) {
		return nil, err
	}
	for i := range documents {
		if q.Prefix || strings.EqualFold(documents[i].Number, text) {
			found = append(found, Sighting{Account: documents[i].Account, Document: &documents[i]})
		}
	}
	return found, nil
}

// findKeyed finds entries and messages.
func (s *Service) findKeyed(ctx context.Context, q store.KeyQuery) (found []Sighting, _ error) {
	finder, ok := s.stored().(store.Finder)
	if !ok {
		return nil, nil
	}
	entries, err := finder.FindEntries(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		found = append(found, Sighting{Account: entries[i].Account, Entry: &entries[i]})
	}
	messages, err := finder.FindMessages(ctx, q)
	seen := make(map[store.MessageKey]bool, len(messages))
	for i := range messages {
		if key := &messages[i]; !seen[*key] {
			seen[*key] = true
			found = append(found, Sighting{Account: key.Account, Message: key})
		}
	}
	return found, err
}
