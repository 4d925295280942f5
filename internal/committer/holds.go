package committer

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// known are the holds of an account while a batch is answer out: those kept, and
// what the batch makes of them.
type batchHolds struct {
	kept  map[string]account.Hold
	made  map[string]account.Hold
	ended map[string]bool
}

func (k *batchHolds) get(reference string) *account.Hold {
	if reference == "" || k.ended[reference] {
		return nil
	}
	hold, ok := k.made[reference]
	if !ok {
		hold, ok = k.kept[reference]
	}
	if !ok {
		return nil
	}
	return &hold
}

func (k *batchHolds) note(s ledger.Step) {
	if s.Ended != "" {
		if k.ended == nil {
			k.ended = map[string]bool{}
		}
		k.ended[s.Ended] = true
	}
	if s.Hold != nil {
		if k.made == nil {
			k.made = map[string]account.Hold{}
		}
		k.made[s.Hold.Reference] = *s.Hold
	}
}
