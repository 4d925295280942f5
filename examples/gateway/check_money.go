package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// movedBy reads a client's ledger, checks that the balance is its sum, and returns the entries of
// each message.
func (c *checked) movedBy(ctx context.Context, who client) (map[string][]account.Entry, error) {
	moved, sum := map[string][]account.Entry{}, decimal.Zero
	of := map[int64]string{} // messages, by the numbers of their entries
	for e, err := range c.accounts.AllEntries(ctx, account.EntryQuery{Account: who.id, Oldest: true, Limit: account.MaxPage}) {
		if err != nil {
			return nil, err
		}
		sum = sum.Add(e.Amount)
		switch traits := e.Kind.Traits(); {
		case traits.Makes:
			of[e.Number] = e.Reference
		case traits.Ends:
			of[e.Number] = e.Hold
		case traits.Refunds:
			of[e.Number] = of[e.Of]
		default: // what was paid in
			continue
		}
		moved[of[e.Number]] = append(moved[of[e.Number]], e)
	}
	has, err := c.accounts.Balance(ctx, who.id)
	if err == nil && (!has.Amount.Equal(sum) || !has.Held.IsZero()) {
		c.disagree("balance", "%s has %s and %s held, and the entries come to %s", who.login, has.Amount, has.Held, sum)
	}
	return moved, err
}

// paid returns what was paid at last by entries.
func paid(moved []account.Entry) decimal.Decimal {
	sum := decimal.Zero
	for _, e := range moved {
		sum = sum.Sub(e.Amount)
	}
	return sum
}

// entriesDiffer says what is wrong with a message's entries, in their order: a hold, one end of
// it, and a refund of what was captured if that is where its money is.
func entriesDiffer(m message.Message, moved []account.Entry) string {
	var kinds []account.MovementKind
	var numbers []int64
	for _, e := range moved {
		kinds, numbers = append(kinds, e.Kind), append(numbers, e.Number)
	}
	noted := slices.DeleteFunc([]int64{m.Entries.Hold, m.Entries.End, m.Entries.Refund}, func(n int64) bool { return n == 0 })
	switch {
	case !slices.ContainsFunc(ledgers[m.Money], func(l []account.MovementKind) bool { return slices.Equal(l, kinds) }):
		return fmt.Sprintf("money is %s, and the entries are %v", m.Money, kinds)
	case !slices.Equal(numbers, noted):
		return fmt.Sprintf("entries %v, and it has noted %v", numbers, noted)
	}
	return ""
}

// ledgers are the entries that a message may have, by where its money is at last. A hold that
// nobody released in time has ended by itself.
var ledgers = map[message.Money][][]account.MovementKind{
	message.MoneyTaken:    {{account.KindHold, account.KindCapture}},
	message.MoneyRefunded: {{account.KindHold, account.KindCapture, account.KindRefund}},
	message.MoneyReleased: {{account.KindHold, account.KindRelease}, {account.KindHold, account.KindExpire}},
}
