package api

import (
	"encoding/json"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// Balance is how a client stands now. Amounts are the client's own but
// Available, which of shared money is what the payer and the caps leave.
type Balance struct {
	Account   account.ID        `json:"account"`
	Currency  *account.Currency `json:"currency"`
	Balance   Amount            `json:"balance" about:"May be negative."`
	Held      Amount            `json:"held" about:"Set aside by holds."`
	Available *Amount           `json:"available" about:"What may be spent now; of shared money, what the payer and the caps leave. null for who does not see all that it follows from."`
	Payer     *account.ID       `json:"payer" about:"Whose money is spent: the client itself, or an account above; null for one that is not seen."`
	Credit    *Credit           `json:"credit"`
	Overdraw  *Overdraw         `json:"overdraw"`
	Shared    *Shared           `json:"shared" about:"Of money that an account above has; null for money of one's own."`
	Price     *Amount           `json:"price" about:"Reference price of one message."`
	Messages  *json.Number      `json:"messages" about:"How many messages what is available pays for; null without a price."`
	Entries   int64             `json:"entries" limits:"minimum=0" about:"Number of the newest entry."`
	At        time.Time         `json:"at"`
}

// Credit is how much of its credit a balance draws on.
type Credit struct {
	Limit Amount `json:"limit"`
	Used  Amount `json:"used"`
}

// Overdraw is how much of its overdraw a balance draws on.
type Overdraw struct {
	Limit     Amount     `json:"limit" about:"Counts until it expires."`
	Used      Amount     `json:"used"`
	ExpiresAt *time.Time `json:"expires_at"`
}

// Shared is what was spent this month of money that the payer has.
type Shared struct {
	Spent Amount  `json:"spent" about:"This month, by the client's calendar, what is held included."`
	Cap   *Amount `json:"cap" about:"The most that may be spent in a month."`
	Left  *Amount `json:"left" about:"What the cap leaves."`
}

// balanceOf is a standing; what follows from a field or an account that the actor does
// not see is null.
func balanceOf(p access.Judge, sums access.Sums, s clientaccount.Standing, now time.Time) Balance {
	t := s.Terms
	credit, overdraw := s.Used()
	b := Balance{Account: s.Account, Balance: Amount(s.Amount), Held: Amount(s.Held), Entries: s.Entries, At: now.UTC()}
	if sums.Available {
		b.Available = amount(s.Available)
	}
	if sums.Payer {
		b.Payer = &s.Payer
	}
	if p.Shows("currency") {
		b.Currency = &t.Currency
	}
	if sums.Credit {
		b.Credit = &Credit{Amount(t.Credit), Amount(credit)}
	}
	if sums.Overdraw {
		b.Overdraw = &Overdraw{Amount(t.Overdraw), Amount(overdraw), instant(t.OverdrawEnds)}
	}
	if sums.Price {
		b.Price = amountOrNull(t.Price)
	}
	if left, known := s.Messages(); known && sums.Messages {
		b.Messages = new(json.Number(left.String()))
	}
	if !t.Shares.IsZero() && sums.Shared {
		b.Shared = sharedOf(sums, s, now)
	}
	return b
}

func sharedOf(sums access.Sums, s clientaccount.Standing, now time.Time) *Shared {
	shared := &Shared{Spent: Amount(s.SpentAt(now))}
	if left, capped := s.CapLeft(now); capped && sums.Cap {
		shared.Cap, shared.Left = amountOrNull(s.Terms.Cap), amount(left)
	}
	return shared
}

// EntryList is a page of the ledger.
type EntryList struct {
	Entries []Entry `json:"entries"`
	Next    *string `json:"next" about:"The cursor of the next page."`
}

// Entry is a line of the ledger. It is made of the entry alone, so that it is
// the same whenever it is asked for.
type Entry struct {
	Number     int64                `json:"number" limits:"minimum=1"`
	Kind       account.MovementKind `json:"kind"`
	Amount     Amount               `json:"amount" about:"Effect on the balance."`
	Balance    Amount               `json:"balance" about:"The balance after."`
	Held       Amount               `json:"held" about:"Effect on what is held."`
	HeldAfter  Amount               `json:"held_after"`
	Limit      *Amount              `json:"limit" about:"Credit and overdraw as they counted: the balance less what is held may go as far below zero."`
	Moved      Amount               `json:"moved" about:"The money that it is about, whoever paid."`
	Spent      Amount               `json:"spent" about:"Effect on what was spent of shared money this month."`
	SpentAfter Amount               `json:"spent_after"`
	Messages   int64                `json:"messages" limits:"minimum=0"`
	Reference  *string              `json:"reference" about:"The caller's own; one that begins with clientaccount: was made here; null for that of a client that is not seen."`
	Actor      account.Actor        `json:"actor"`
	Second     *account.Actor       `json:"second" about:"Who confirmed it, where a second person had to."`
	Reason     *string              `json:"reason"`
	Hold       *string              `json:"hold" about:"Of a capture, release or expiry: reference of the hold."`
	Until      *time.Time           `json:"until" about:"Of a hold: when it ends by itself."`
	Of         *int64               `json:"of" about:"Of a refund: number of the entry given back, in the ledger of who ordered it."`
	Other      *account.ID          `json:"other" about:"Of a transfer: the other client, if it is seen."`
	Chain      []*account.ID        `json:"chain" about:"Of shared money: the client that ordered it, and up to who pays; else empty. null stands for a client that is not seen."`
	At         time.Time            `json:"at"`
}

func entryOf(r *ask.Request, e account.Entry) (Entry, error) {
	e, err := r.Judge.Entry(r.Context(), e)
	told := Entry{
		Number: e.Number, Kind: e.Kind, Amount: Amount(e.Amount), Balance: Amount(e.After),
		Held: Amount(e.Held), HeldAfter: Amount(e.HeldAfter), Moved: Amount(e.Moved()),
		Spent: Amount(e.Spent), SpentAfter: Amount(e.SpentAfter), Messages: e.Messages, Reference: orNull(e.Reference),
		Actor: e.Actor, Second: orNull(e.Second), Reason: orNull(e.Reason), Hold: orNull(e.Hold), Of: orNull(e.Of),
		Until: instant(e.Until), Other: orNull(e.Other), Chain: chainOf(e.Chain), At: e.At.UTC(),
	}
	if r.Judge.Shows("credit.limit", "credit.overdraw.limit") {
		told.Limit = amount(e.Limit)
	}
	return told, err
}

// MovePreview is what a movement would come to.
type MovePreview struct {
	Moved    Amount  `json:"moved" about:"The money that it would be about, whoever pays."`
	Repeated bool    `json:"repeated" about:"It was written before, under its reference."`
	Second   bool    `json:"second" about:"A second person must confirm it."`
	Before   Balance `json:"before"`
	After    Balance `json:"after"`
	Alike    []Entry `json:"alike" about:"Entries of the same kind and amount in the last 24 hours: it may be the same."`
	Proposed []Task  `json:"proposed" about:"What waits for a second person, of the same kind and amount: it may be the same."`
}

func movePreviewOf(r *ask.Request, p ask.MoveLook) (MovePreview, error) {
	sums, err := r.Judge.Sums(r.Context(), p.Before.Terms)
	if err != nil {
		return MovePreview{}, err
	}
	now := r.Service.Now()
	told := MovePreview{
		Moved: Amount(p.Entry.Moved()), Repeated: p.Repeated, Second: p.Second,
		Before: balanceOf(r.Judge, sums, p.Before, now), After: balanceOf(r.Judge, sums, p.After, now),
	}
	told.Alike, told.Proposed, err = alikeOf(r, p.MovePreview)
	return told, err
}

// alikeOf are the entries, and what waits, that may be the same movement.
func alikeOf(r *ask.Request, p clientaccount.MovePreview) (entries []Entry, proposed []Task, err error) {
	entries, proposed = []Entry{}, []Task{}
	for _, e := range p.Alike {
		entry, err := entryOf(r, e)
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, entry)
	}
	told, err := r.Told(p.Proposed)
	for _, t := range told {
		proposed = append(proposed, taskOf(r, t))
	}
	return entries, proposed, err
}

func chainOf(ids []account.ID) []*account.ID {
	chain := make([]*account.ID, len(ids))
	for i, id := range ids {
		chain[i] = orNull(id)
	}
	return chain
}

// HoldList is a page of the holds that stand.
type HoldList struct {
	Holds []Hold  `json:"holds"`
	Next  *string `json:"next" about:"The cursor of the next page."`
}

// Hold is money set aside.
type Hold struct {
	Reference *string       `json:"reference" about:"null for that of a client that is not seen."`
	Amount    Amount        `json:"amount"`
	Messages  int64         `json:"messages" limits:"minimum=0"`
	At        time.Time     `json:"at"`
	Until     time.Time     `json:"until"`
	Chain     []*account.ID `json:"chain" about:"Of shared money: the client that ordered it, and up to who pays; else empty. null stands for a client that is not seen."`
}

func holdOf(r *ask.Request, h account.Hold) (Hold, error) {
	h, err := r.Judge.Hold(r.Context(), h)
	return Hold{
		Reference: orNull(h.Reference), Amount: Amount(h.Amount), Messages: h.Messages,
		At: h.At.UTC(), Until: h.Until.UTC(), Chain: chainOf(h.Chain),
	}, err
}

// Usage is what a client used, by the days of their clock.
type Usage struct {
	First    account.Date      `json:"first"`
	Last     account.Date      `json:"last"`
	Currency *account.Currency `json:"currency"`
	Days     []UsageDay        `json:"days" about:"On which something was used, ascending."`
	Through  int64             `json:"through" limits:"minimum=0" about:"Number of the last entry that is in it."`
	Complete bool              `json:"complete" about:"That is the newest one."`
	PerDay   Amount            `json:"per_day" about:"What the last seven whole days came to, by day."`
	RunsOut  *time.Time        `json:"runs_out" about:"When what is available now is used up at that rate; null where it is not, and for who does not see what is available."`
}

// UsageDay is what was used on a day.
type UsageDay struct {
	Day       account.Date `json:"day"`
	Messages  int64        `json:"messages" limits:"minimum=0" about:"Message parts."`
	Used      Amount       `json:"used"`
	GivenBack Amount       `json:"given_back"`
}

func usageOf(c account.Currency, sums access.Sums, first, last account.Date, u clientaccount.Usage) Usage {
	told := Usage{First: first, Last: last, Currency: orNull(c), Days: make([]UsageDay, len(u.Days)), Through: u.Through, Complete: u.Complete, PerDay: Amount(u.PerDay)}
	for i, day := range u.Days {
		told.Days[i] = UsageDay{day.Day, day.Messages, Amount(day.Used), Amount(day.GivenBack)}
	}
	if sums.Available {
		told.RunsOut = instant(u.RunsOut)
	}
	return told
}
