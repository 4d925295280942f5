package committer

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// What a movement names beside its reference: a hold, or the entry that a refund gives back.
// Both are read together with the balance, and hold good as long as that is at the same
// version, since everything that is written to an account moves it on. So refunds of money of
// one's own are compared and appended like charges.

// askNamed asks for what a movement names, for each entry once.
func askNamed(l *store.Lookup, m *account.Movement) {
	if m.Hold != "" {
		l.Holds = append(l.Holds, m.Hold)
	}
	if m.Of > 0 && !slices.Contains(l.Numbers, m.Of) {
		l.Numbers = append(l.Numbers, m.Of)
	}
}

// refundOf returns what a refund is of, the entry of a number and its refunds so far: as
// they were found, and as they are about to be written.
func refundOf(number int64, found *store.Found, p *store.Posting) ledger.Against {
	on := checked
	for _, entries := range [][]account.Entry{found.Entries, p.Entries} {
		for i := range entries {
			if entries[i].Number == number {
				on.Entry = &entries[i]
			}
		}
	}
	for _, entries := range [][]account.Entry{found.Refunds, p.Entries} {
		for i := range entries {
			if e := &entries[i]; e.Of == number && e.Kind.Traits().Refunds {
				on.Refunds = append(on.Refunds, *e)
			}
		}
	}
	return on
}

// paidByOthers reports whether an entry, if there is one, is of money that the accounts above
// paid for this one.
func paidByOthers(e *account.Entry, id account.ID) bool {
	return e != nil && len(e.Chain) > 0 && e.Chain[0] == id
}
