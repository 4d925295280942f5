package api

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// balanceJSON is how a client stands now. Amounts are the client's own but
// Available, which of shared money is what the payer and the caps leave.
type balanceJSON struct {
	Account   string        `json:"account"`
	Currency  any           `json:"currency"`
	Balance   string        `json:"balance"`
	Held      string        `json:"held"`
	Available any           `json:"available"`
	Payer     any           `json:"payer"`
	Credit    *creditJSON   `json:"credit"`
	Overdraw  *overdrawJSON `json:"overdraw"`
	Shared    *sharedJSON   `json:"shared"`
	Price     any           `json:"price"`
	Messages  any           `json:"messages"`
	Entries   int64         `json:"entries"`
	At        any           `json:"at"`
}

type creditJSON struct {
	Limit string `json:"limit"`
	Used  string `json:"used"`
}

type overdrawJSON struct {
	Limit     string `json:"limit"`
	Used      string `json:"used"`
	ExpiresAt any    `json:"expires_at"`
}

// sharedJSON is what was spent this month of money that the payer has.
type sharedJSON struct {
	Spent string `json:"spent"`
	Cap   any    `json:"cap"`
	Left  any    `json:"left"`
}

// balanceOf is a standing; what follows from a field or an account that the actor does
// not see is null.
func balanceOf(p access.Judge, sums access.Sums, s clientaccount.Standing, now time.Time) balanceJSON {
	t := s.Terms
	credit, overdraw := s.Used()
	j := balanceJSON{
		Account: s.Account.String(), Balance: s.Amount.String(), Held: s.Held.String(), Entries: s.Entries, At: instant(now),
	}
	if sums.Available {
		j.Available = s.Available.String()
	}
	if sums.Payer {
		j.Payer = s.Payer.String()
	}
	if p.Shows("currency") {
		j.Currency = t.Currency
	}
	if sums.Credit {
		j.Credit = &creditJSON{t.Credit.String(), credit.String()}
	}
	if sums.Overdraw {
		j.Overdraw = &overdrawJSON{t.Overdraw.String(), overdraw.String(), instant(t.OverdrawEnds)}
	}
	if sums.Price {
		j.Price = amountOrNull(t.Price)
	}
	if left, known := s.Messages(); known && sums.Messages {
		j.Messages = json.Number(left.String())
	}
	if !t.Shares.IsZero() && sums.Shared {
		j.Shared = sharedOf(sums, s, now)
	}
	return j
}

func sharedOf(sums access.Sums, s clientaccount.Standing, now time.Time) *sharedJSON {
	j := &sharedJSON{Spent: s.SpentAt(now).String()}
	if left, capped := s.CapLeft(now); capped && sums.Cap {
		j.Cap, j.Left = amountOrNull(s.Terms.Cap), left.String()
	}
	return j
}

// amountOrNull is an amount of JSON that may be missing.
func amountOrNull(amount account.Optional[decimal.Decimal]) any {
	if d, ok := amount.Get(); ok {
		return d.String()
	}
	return nil
}

// entryJSON is a line of the ledger. It is made of the entry alone, so that it is
// the same whenever it is asked for.
type entryJSON struct {
	Number     int64                `json:"number"`
	Kind       account.MovementKind `json:"kind"`
	Amount     string               `json:"amount"`
	Balance    string               `json:"balance"`
	Held       string               `json:"held"`
	HeldAfter  string               `json:"held_after"`
	Limit      any                  `json:"limit"`
	Moved      string               `json:"moved"`
	Spent      string               `json:"spent"`
	SpentAfter string               `json:"spent_after"`
	Messages   int64                `json:"messages"`
	Reference  any                  `json:"reference"`
	Actor      actorJSON            `json:"actor"`
	Reason     any                  `json:"reason"`
	Hold       any                  `json:"hold"`
	Until      any                  `json:"until"`
	Of         any                  `json:"of"`
	Other      any                  `json:"other"`
	Chain      []any                `json:"chain"`
	At         any                  `json:"at"`
}

func entryOf(r *ask.Request, e account.Entry) (entryJSON, error) {
	e, err := r.Judge.Entry(r.Context(), e)
	j := entryJSON{
		Number: e.Number, Kind: e.Kind, Amount: e.Amount.String(), Balance: e.After.String(),
		Held: e.Held.String(), HeldAfter: e.HeldAfter.String(), Moved: e.Moved().String(),
		Spent: e.Spent.String(), SpentAfter: e.SpentAfter.String(), Messages: e.Messages, Reference: orNull(e.Reference),
		Actor: actorJSON{e.Actor.ID, e.Actor.Name}, Reason: orNull(e.Reason), Hold: orNull(e.Hold),
		Until: instant(e.Until), Other: idOrNull(e.Other), Chain: idTexts(e.Chain), At: instant(e.At),
	}
	if e.Of > 0 {
		j.Of = e.Of
	}
	if r.Judge.Shows("credit.limit", "credit.overdraw.limit") {
		j.Limit = e.Limit.String()
	}
	return j, err
}

func idTexts(ids []account.ID) []any {
	texts := make([]any, len(ids))
	for i, id := range ids {
		texts[i] = idOrNull(id)
	}
	return texts
}

// holdJSON is money set aside.
type holdJSON struct {
	Reference any    `json:"reference"`
	Amount    string `json:"amount"`
	Messages  int64  `json:"messages"`
	At        any    `json:"at"`
	Until     any    `json:"until"`
	Chain     []any  `json:"chain"`
}

func holdOf(r *ask.Request, h account.Hold) (holdJSON, error) {
	h, err := r.Judge.Hold(r.Context(), h)
	return holdJSON{
		Reference: orNull(h.Reference), Amount: h.Amount.String(), Messages: h.Messages,
		At: instant(h.At), Until: instant(h.Until), Chain: idTexts(h.Chain),
	}, err
}
