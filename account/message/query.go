package message

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Query asks for a page of an account's messages, the newest first. The zero value of each
// filter asks for everything.
type Query struct {
	Account     account.ID                             `json:"account"`
	ID          string                                 `json:"id"`
	ClientRef   string                                 `json:"client_ref"`
	NetworkID   string                                 `json:"network_id"` // of any network
	Destination string                                 `json:"destination"`
	State       account.Optional[account.MessageState] `json:"state"` // see [Message.State]
	Stage       Stage                                  `json:"stage"`
	From        time.Time                              `json:"from"`   // From <= AdmittedAt < To
	To          time.Time                              `json:"to"`     //
	Before      int64                                  `json:"before"` // Entries.Hold below; 0 for no bound
	Limit       int                                    `json:"limit"`  // rows, at most account.MaxPage; 0 is 50
}

// PageSize returns Limit within its bounds.
func (q Query) PageSize() int { return account.Query{Limit: q.Limit}.PageSize() }

// Faults returns everything wrong with the query by itself, nil for nothing.
func (q Query) Faults() account.Faults {
	faults := account.EntryQuery{Limit: q.Limit, From: q.From, To: q.To}.Faults()
	if state, asked := q.State.Get(); asked && !state.IsKnown() {
		faults = append(faults, account.NewFault("state", "state.unknown"))
	}
	if !q.Stage.isKnown() {
		faults = append(faults, account.NewFault("stage", "stage.unknown"))
	}
	return faults
}

// FiguresQuery asks for an account's figures of civil days, From and To included; the zero
// Date is no bound.
type FiguresQuery struct {
	Account account.ID   `json:"account"`
	From    account.Date `json:"from"`
	To      account.Date `json:"to"`
}
