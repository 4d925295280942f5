package bunstore

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// How the values of package account are written to the tables of money, and read
// from them, in the order of their columns.

// writeMoving writes what a movement changes.
func writeMoving(s *sheet, b *account.Balance) {
	s.integer(b.Version)
	s.integer(b.Entries)
	s.integer(b.Events)
	s.amount(b.Amount)
	s.amount(b.Held)
	s.instant(b.Expires)
	s.amount(b.Spent)
	s.integer(int64(b.Month))
	s.flag(b.Low)
	s.flag(b.Exhausted)
	s.flag(b.OverdrawOver)
	s.instant(b.At)
}

// writeChange writes the balance after a posting, and the version that it is written over.
func writeChange(s *sheet, p *store.Posting, terms bool) {
	s.key(p.Balance.Account)
	s.integer(p.From)
	writeMoving(s, &p.Balance)
	if terms {
		writeTerms(s, &p.Balance.Terms)
	}
}

func writeTerms(s *sheet, t *account.Terms) {
	s.text(string(t.Currency))
	s.amount(t.Credit)
	s.amount(t.Overdraw)
	s.instant(t.OverdrawEnds)
	s.flag(t.Closed)
	s.id(t.Shares)
	s.optional(t.Cap)
	s.text(t.Zone)
	s.limit(t.Limit)
	s.optional(t.Price)
}

func balanceRow(r *row) account.Balance {
	return account.Balance{
		Account: r.id(), Version: r.integer(), Entries: r.integer(), Events: r.integer(), Amount: r.money(), Held: r.money(),
		Expires: r.instant(), Spent: r.money(), Month: int(r.integer()), Low: r.flag(), Exhausted: r.flag(), OverdrawOver: r.flag(),
		At: r.instant(),
		Terms: account.Terms{
			Currency: account.Currency(r.text()), Credit: r.money(), Overdraw: r.money(), OverdrawEnds: r.instant(), Closed: r.flag(),
			Shares: r.id(), Cap: r.amount(), Zone: r.text(), Limit: r.limit(), Price: r.amount(),
		},
	}
}

// writePlain writes the part of an entry that a plain charge has.
func writePlain(s *sheet, e *account.Entry) {
	s.key(e.Account)
	s.integer(e.Number)
	s.at(e.At)
	s.key(account.ID(e.Fingerprint))
	s.integer(e.Messages)
	s.movementKind(e.Kind)
	s.text(e.Reference)
	s.amount(e.Amount)
	s.amount(e.After)
	s.sumOrNull(e.Limit)
	s.textOrNull(e.Actor.ID)
	s.textOrNull(e.Actor.Name)
}

func writeOther(s *sheet, e *account.Entry) {
	s.amountOrNull(e.Held)
	s.amountOrNull(e.HeldAfter)
	s.amountOrNull(e.Shared)
	s.amountOrNull(e.Spent)
	s.amountOrNull(e.SpentAfter)
	s.textOrNull(e.Reason)
	s.textOrNull(e.Hold)
	s.instant(e.Until)
	s.integerOrNull(e.Of)
	s.id(e.Other)
	s.ids(e.Chain)
}

// isPlain says whether an entry has nothing beyond what writePlain writes.
func isPlain(e *account.Entry) bool {
	return e.Held.IsZero() && e.HeldAfter.IsZero() && e.Shared.IsZero() && e.Spent.IsZero() && e.SpentAfter.IsZero() &&
		e.Reason == "" && e.Hold == "" && e.Until.IsZero() && e.Of == 0 && e.Other.IsZero() && len(e.Chain) == 0
}

func entryRow(r *row) account.Entry {
	return account.Entry{
		Account: r.id(), Number: r.integer(), At: r.instant(), Fingerprint: account.Fingerprint(r.id()), Messages: r.integer(),
		Kind: account.MovementKind(r.text()), Reference: r.text(), Amount: r.money(), After: r.money(), Limit: r.sum(),
		Actor: account.Actor{ID: r.text(), Name: r.text()},
		Held:  r.money(), HeldAfter: r.money(), Shared: r.money(), Spent: r.money(), SpentAfter: r.money(),
		Reason: r.text(), Hold: r.text(), Until: r.instant(), Of: r.integerOrNone(), Other: r.id(), Chain: r.ids(),
	}
}

// writeExtra writes what few postings bring.
func writeExtra(holds, ended, events *sheet, p *store.Posting) {
	for i := range p.Holds {
		writeHold(holds, &p.Holds[i])
	}
	for _, reference := range p.Ended {
		ended.key(p.Balance.Account)
		ended.text(reference)
	}
	for i := range p.Events {
		writeEvent(events, &p.Events[i])
	}
}

func writeHold(s *sheet, h *account.Hold) {
	s.key(h.Account)
	s.text(h.Reference)
	s.amount(h.Amount)
	s.integer(h.Messages)
	s.at(h.At)
	s.at(h.Until)
	s.ids(h.Chain)
}

func holdRow(r *row) account.Hold {
	return account.Hold{
		Account: r.id(), Reference: r.text(), Amount: r.money(), Messages: r.integer(), At: r.instant(), Until: r.instant(),
		Chain: r.ids(),
	}
}

// sumRow is a due hold of an account, as far as it counts for a sum, and how many there
// are of its like.
func sumRow(r *row, id account.ID) (hold account.Hold, holds int64) {
	hold.Account, hold.Amount, hold.At, holds = id, r.money(), r.instant(), r.integer()
	hold.Chain = r.ids()
	return hold, holds
}

func writeEvent(s *sheet, e *account.Event) {
	s.key(e.Account)
	s.integer(e.Number)
	s.text(string(e.Kind))
	s.at(e.At)
	s.amount(e.Balance)
	s.amount(e.Held)
	s.sum(e.Available)
	s.limit(e.Limit)
	s.textOrNull(string(e.Hook))
	s.textOrNull(e.Code)
}

func eventRow(r *row) account.Event {
	return account.Event{
		Account: r.id(), Number: r.integer(), Kind: account.EventKind(r.text()), At: r.instant(),
		Balance: r.money(), Held: r.money(), Available: r.sum(), Limit: r.limit(),
		Hook: account.HookKind(r.text()), Code: r.text(),
	}
}

// money is an amount that is 0 for NULL.
func (r *row) money() decimal.Decimal { return r.amount().Or(decimal.Zero) }

// sum is a sum of amounts, zero for NULL.
func (r *row) sum() decimal.Decimal {
	text := r.text()
	if text == "" {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(text)
	r.failed(err)
	return d
}

// isNull says whether the next column is NULL, or empty.
func (r *row) isNull() bool { return r.cells[r.next] == "" }

// integerOrNone is 0 for NULL.
func (r *row) integerOrNone() int64 {
	if r.isNull() {
		r.next++
		return 0
	}
	return r.integer()
}

func (r *row) limit() account.NotificationLimit {
	var l account.NotificationLimit
	r.failed(l.UnmarshalText([]byte(r.text())))
	return l
}

// ids is nil for NULL.
func (r *row) ids() []account.ID {
	text := r.text()
	if text == "" {
		return nil
	}
	var ids []account.ID
	for part := range strings.SplitSeq(text, ",") {
		id, err := account.ParseID(part)
		r.failed(err)
		ids = append(ids, id)
	}
	return ids
}
