package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

type hold = account.Hold

// Holds is a row of clientaccount_holds.
var Holds = Codec[hold]{
	key("account_id", func(h *hold) *account.ID { return &h.Account }),
	text("reference", func(h *hold) *string { return &h.Reference }),
	amount("amount", func(h *hold) *decimal.Decimal { return &h.Amount }),
	integer("messages", func(h *hold) *int64 { return &h.Messages }),
	instant("at", func(h *hold) *time.Time { return &h.At }),
	instant("until_at", func(h *hold) *time.Time { return &h.Until }),
	idsOrNull("chain", func(h *hold) *[]account.ID { return &h.Chain }),
}

// DueSum is due holds that are alike for a sum: one of them, as far as it counts, and how
// many there are.
type DueSum struct {
	Hold  account.Hold
	Holds int64
}

// DueSums is a row of them.
var DueSums = Codec[DueSum]{
	amount("amount", func(s *DueSum) *decimal.Decimal { return &s.Hold.Amount }),
	instantOrNull("at", func(s *DueSum) *time.Time { return &s.Hold.At }),
	bigint("messages", func(s *DueSum) *int64 { return &s.Holds }),
	idsOrNull("chain", func(s *DueSum) *[]account.ID { return &s.Hold.Chain }),
}

// Extra gathers what few postings bring: holds, references of those that ended, and events.
type Extra struct{ Holds, Ended, Events *Params }

// Write adds what a posting brings.
func (x Extra) Write(p *store.Posting) {
	for i := range p.Holds {
		Holds.Write(x.Holds, &p.Holds[i])
	}
	for _, reference := range p.Ended {
		x.Ended.Key(p.Balance.Account)
		x.Ended.Text(reference)
	}
	for i := range p.Events {
		Events.Write(x.Events, &p.Events[i])
	}
}
