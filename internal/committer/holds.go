package committer

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// batchHolds are the holds of an account while a batch is worked out: those kept, and
// what the batch makes of them.
type batchHolds struct {
	kept  map[string]account.Hold
	made  map[string]account.Hold
	ended map[string]bool
}

func (h *batchHolds) get(reference string) *account.Hold {
	if reference == "" || h.ended[reference] {
		return nil
	}
	hold, ok := h.made[reference]
	if !ok {
		hold, ok = h.kept[reference]
	}
	if !ok {
		return nil
	}
	return &hold
}

func (h *batchHolds) note(s ledger.Step) {
	if s.Ended != "" {
		if h.ended == nil {
			h.ended = map[string]bool{}
		}
		h.ended[s.Ended] = true
	}
	if s.Hold != nil {
		if h.made == nil {
			h.made = map[string]account.Hold{}
		}
		h.made[s.Hold.Reference] = *s.Hold
	}
}
