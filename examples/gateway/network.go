package main

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
)

// Network is what the gateway needs of a network; it is fakeNetwork here, and would be an SMPP
// session or another platform's API. What the network reports it hands to [Gateway.Report].
type Network interface {
	// Name is the host's name for the network, under which its ids are unique.
	Name() string
	// Send hands a message over, and returns the network's ids: one for all of it, or one
	// for each part. A *RejectedError says that it did not take it and will not. Any other
	// error says nothing: it is asked again under the same key, which makes a repeat
	// harmless.
	Send(ctx context.Context, s Submission) ([]string, error)
	// Find returns the ids of what the network took under a key; none: it took nothing.
	Find(ctx context.Context, key string) ([]string, error)
}

// Submission is a message as a network gets it.
type Submission struct {
	Key   string // the gateway's name for it
	From  string
	To    string
	Text  string
	Parts int
}

// RejectedError is a network's no.
type RejectedError struct{ Code string } // the network's error code

// Error names the code.
func (e *RejectedError) Error() string { return "the network rejected the message: " + e.Code }

// keyOf is under which name the network knows a message: ids are unique within an account.
func keyOf(client account.ID, messageID string) string { return client.String() + "/" + messageID }
