package clientaccount

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Find looks for what has a text as its key, across clients: an entry by its reference, a message by
// its id or a network's, a document by its number; by the beginning where most is more than 1.
func (s *Service) Find(ctx context.Context, text string, managers account.Optional[[]account.ID], most int) ([]Sighting, error) {
	return nil, nil
}

// Sighting is something of a client that was found by its key: one of the three is set.
type Sighting struct {
	Account  account.ID
	Entry    *account.Entry
	Message  *store.MessageKey
	Document *store.Document
}
