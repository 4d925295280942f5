package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// any draws a posting, most of the time one that can be written.
func (k *book) any(t *rapid.T) store.Posting {
	b := k.balance
	p := store.Posting{From: b.Version + one(t, "from", int64(0), 0, 0, 0, 0, -1, 1), Balance: b}
	references := rapid.SliceOfNDistinct(rapid.IntRange(0, 40), 1, 4, rapid.ID).Draw(t, "references")
	for _, n := range references {
		p.Entries = append(p.Entries, k.anyEntry(t, int64(len(p.Entries)), fmt.Sprintf("r-%d", n)))
	}
	standing := k.holds
	for _, h := range k.holds {
		if rapid.Bool().Draw(t, "ended") {
			p.Ended = append(p.Ended, h.Reference)
		}
	}
	if rapid.Bool().Draw(t, "holds") {
		e := p.Entries[0]
		p.Holds = []account.Hold{{Account: e.Account, Reference: e.Reference, Amount: anyAmount(t), Messages: e.Messages, At: e.At, Until: e.Until, Chain: e.Chain}}
		standing = append(slices.Clone(standing), p.Holds...)
	}
	p.Balance.Version = max(p.From, b.Version) + int64(len(p.Entries))
	p.Balance.Entries += int64(len(p.Entries))
	p.Balance.Amount, p.Balance.Held, p.Balance.Spent = anyAmount(t), anyAmount(t), anyAmount(t)
	p.Balance.Low, p.Balance.Exhausted = rapid.Bool().Draw(t, "low"), rapid.Bool().Draw(t, "exhausted")
	p.Balance.Expires = earliest(standing)
	if rapid.Bool().Draw(t, "events") {
		p.Balance.Events++
		p.Events = []account.Event{{
			Account: b.Account, Number: p.Balance.Events, Kind: one(t, "event", account.EventExhausted, account.EventLimitReached),
			At: anyInstant(t), Balance: anyAmount(t), Held: anyAmount(t), Available: anyAmount(t), Limit: anyTerms(t).Limit,
		}}
	}
	return p
}

func (k *book) anyEntry(t *rapid.T, i int64, reference string) account.Entry {
	return account.Entry{
		Account: k.balance.Account, Number: k.balance.Entries + i + 1, Kind: one(t, "kind", account.MovementKinds()...),
		Amount: anyAmount(t), Held: anyAmount(t), After: anyAmount(t), HeldAfter: anyAmount(t), Spent: anyAmount(t),
		Messages: rapid.Int64Range(0, account.MaxMessages).Draw(t, "messages"), Reference: reference,
		Actor:  account.Actor{ID: accounttest.Text(50).Draw(t, "actor"), Name: accounttest.Text(50).Draw(t, "name")},
		Reason: accounttest.Text(account.MaxReason).Draw(t, "reason"), Hold: one(t, "hold", "", "r-1", "r-2"),
		Until: anyInstant(t), Of: rapid.Int64Range(0, 5).Draw(t, "of"), At: anyInstant(t),
		Chain: one(t, "chain", nil, []account.ID{client("fill-1").ID, k.balance.Account}),
	}
}

func anyInstant(t *rapid.T) time.Time { return at(rapid.IntRange(1, 9).Draw(t, "microseconds")) }

// anyAmount is of up to 15 digits and 6 places, either sign.
func anyAmount(t *rapid.T) decimal.Decimal {
	const most = 999_999_999_999_999
	whole := rapid.Int64Range(-most, most).Draw(t, "whole")
	return decimal.New(whole, -rapid.Int32Range(0, account.MaxScale).Draw(t, "places"))
}

func anyTerms(t *rapid.T) account.Terms {
	return account.Terms{
		Currency: "EUR", Credit: anyAmount(t).Abs(), Overdraw: anyAmount(t).Abs(), OverdrawEnds: one(t, "ends", time.Time{}, at(5)),
		Closed: rapid.Bool().Draw(t, "closed"), Zone: one(t, "zone", "", "UTC", "Europe/Kyiv"),
		Cap:   one(t, "cap", account.Optional[decimal.Decimal]{}, account.Some(anyAmount(t).Abs())),
		Limit: one(t, "limit", account.NotificationLimit{}, account.MessagesLimit(7), account.MoneyLimit(anyAmount(t))),
		Price: one(t, "price", account.Optional[decimal.Decimal]{}, account.Some(decimal.Zero)),
	}
}

// earliest returns when the first of holds times out; zero without any.
func earliest(holds []account.Hold) (first time.Time) {
	for _, h := range holds {
		if first.IsZero() || h.Until.Before(first) {
			first = h.Until
		}
	}
	return first
}
