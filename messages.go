package clientaccount

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Keep has [Service.Admit] keep the message, so that the Service goes with it to its end: by
// [Service.Sent] or [Service.Unsent], [Service.Reported] and [Service.Tick]. The zero Keep is
// one without a reference of the client's, on the terms of the account's product.
type Keep struct {
	ClientRef string          `json:"client_ref"` // the client's own reference
	MCC       string          `json:"mcc"`        // of the destination's network; empty: unknown
	MNC       string          `json:"mnc"`
	Pricing   message.Pricing `json:"pricing"` // empty: the product's
	// Refunds are the ends for which money is given back; unset: the product's.
	Refunds account.Optional[account.RefundPolicy] `json:"refunds"`
}

// Progress is what came of a call about a message that the Service keeps.
type Progress struct {
	Message message.Message       `json:"message"` // as it is kept; zero where Early
	Changed bool                  `json:"changed"` // else the call was a repeat, or says nothing new
	Updates []account.StateUpdate `json:"updates"` // what the client is told by it: for an SMPP session, say
	Hooks   []account.HookKind    `json:"hooks"`   // the URLs that deliveries were accepted for
	Early   bool                  `json:"early"`   // no message has the network's id yet: the report is kept for a day
}

// Sent notes that a network took a message, or parts of it: it is paid for, and the wait for
// reports begins.
func (s *Service) Sent(ctx context.Context, id account.ID, messageID string, h message.Handover) (Progress, error) {
	return Progress{}, ErrNoMessages
}

// Unsent notes that no network took a message: its hold is released, and the client told.
func (s *Service) Unsent(ctx context.Context, id account.ID, messageID string, f message.Failure) (Progress, error) {
	return Progress{}, ErrNoMessages
}

// Reported takes what a network says of one of its ids.
func (s *Service) Reported(ctx context.Context, r message.NetworkReport) (Progress, error) {
	return Progress{}, ErrNoMessages
}
