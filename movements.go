package clientaccount

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// What each verb of money takes: what its kind of movement uses, and nothing else. The
// fields that all of them have mean the same everywhere: Reference is the caller's own name
// for the movement, unique per account and kept for good; Currency, if given, must be the
// account's; Actor and Reason stand in the ledger.

// TopUp is money that an account gets.
type TopUp struct {
	Account   account.ID       `json:"account"`
	Amount    decimal.Decimal  `json:"amount"`
	Currency  account.Currency `json:"currency"`
	Reference string           `json:"reference"`
	Actor     account.Actor    `json:"actor"`
	Reason    string           `json:"reason"`
}

func (t TopUp) movement() account.Movement {
	return account.Movement{
		Kind: account.KindTopUp, Account: t.Account, Amount: t.Amount, Currency: t.Currency,
		Reference: t.Reference, Actor: t.Actor, Reason: t.Reason,
	}
}

// Charge is money that an account pays: an Amount, or a Price for each of its Messages.
type Charge struct {
	Account account.ID      `json:"account"`
	Amount  decimal.Decimal `json:"amount"`
	// Price, instead of Amount, is that of one message part, and may be zero: Messages times
	// Price is moved. A total of more than account.MaxScale places is a fault, or with Round
	// rounded once, half away from zero.
	Price     account.Optional[decimal.Decimal] `json:"price"`
	Round     bool                              `json:"round"`
	Messages  int64                             `json:"messages"` // message parts paid for
	Currency  account.Currency                  `json:"currency"`
	Reference string                            `json:"reference"`
	Actor     account.Actor                     `json:"actor"`
	Reason    string                            `json:"reason"`
}

func (c Charge) movement() account.Movement {
	return account.Movement{
		Kind: account.KindCharge, Account: c.Account, Amount: c.Amount, Price: c.Price, Messages: c.Messages, Round: c.Round,
		Currency: c.Currency, Reference: c.Reference, Actor: c.Actor, Reason: c.Reason,
	}
}

// Hold is money that an account sets aside, an Amount or a Price for each of its
// Messages. Its Reference names it to Capture and Release.
type Hold struct {
	Account   account.ID                        `json:"account"`
	Amount    decimal.Decimal                   `json:"amount"`
	Price     account.Optional[decimal.Decimal] `json:"price"`    // as that of a Charge
	Messages  int64                             `json:"messages"` // message parts to be paid for
	Round     bool                              `json:"round"`    // as that of a Charge
	Currency  account.Currency                  `json:"currency"`
	Reference string                            `json:"reference"`
	Actor     account.Actor                     `json:"actor"`
	Reason    string                            `json:"reason"`
	Timeout   time.Duration                     `json:"timeout"` // for how long it stands; zero is account.DefaultHoldTimeout
}

func (h Hold) movement() account.Movement {
	return account.Movement{
		Kind: account.KindHold, Account: h.Account, Amount: h.Amount, Price: h.Price, Messages: h.Messages, Round: h.Round,
		Currency: h.Currency, Reference: h.Reference, Actor: h.Actor, Reason: h.Reason, Timeout: h.Timeout,
	}
}

// Capture takes what a hold set aside.
type Capture struct {
	Account   account.ID                        `json:"account"`
	Hold      string                            `json:"hold"`   // reference of the hold
	Amount    decimal.Decimal                   `json:"amount"` // zero, without a Price, is the whole hold
	More      bool                              `json:"more"`   // may exceed the hold, if the rest is available
	Price     account.Optional[decimal.Decimal] `json:"price"`  // as that of a Charge
	Messages  int64                             `json:"messages"`
	Round     bool                              `json:"round"` // as that of a Charge
	Currency  account.Currency                  `json:"currency"`
	Reference string                            `json:"reference"` // of the capture, another than the hold's
	Actor     account.Actor                     `json:"actor"`
	Reason    string                            `json:"reason"`
}

func (c Capture) movement() account.Movement {
	return account.Movement{
		Kind: account.KindCapture, Account: c.Account, Hold: c.Hold, Amount: c.Amount, More: c.More, Price: c.Price,
		Messages: c.Messages, Round: c.Round, Currency: c.Currency, Reference: c.Reference, Actor: c.Actor, Reason: c.Reason,
	}
}

// Release ends a hold, and nothing is taken.
type Release struct {
	Account   account.ID    `json:"account"`
	Hold      string        `json:"hold"`      // reference of the hold
	Reference string        `json:"reference"` // of the release, another than the hold's
	Actor     account.Actor `json:"actor"`
	Reason    string        `json:"reason"`
}

func (r Release) movement() account.Movement {
	return account.Movement{
		Kind: account.KindRelease, Account: r.Account, Hold: r.Hold, Reference: r.Reference, Actor: r.Actor, Reason: r.Reason,
	}
}

// Adjustment corrects a balance by hand.
type Adjustment struct {
	Account   account.ID       `json:"account"`
	Amount    decimal.Decimal  `json:"amount"`     // below zero takes money away
	PassLimit bool             `json:"pass_limit"` // may take more than is available
	Currency  account.Currency `json:"currency"`
	Reference string           `json:"reference"`
	Actor     account.Actor    `json:"actor"`
	Reason    string           `json:"reason"` // required
}

func (a Adjustment) movement() account.Movement {
	return account.Movement{
		Kind: account.KindAdjust, Account: a.Account, Amount: a.Amount, PassLimit: a.PassLimit, Currency: a.Currency,
		Reference: a.Reference, Actor: a.Actor, Reason: a.Reason,
	}
}

// Refund gives back what a charge or capture took. The charge is named by the number of
// its entry, or by its reference.
type Refund struct {
	Account     account.ID       `json:"account"`
	Of          int64            `json:"of"`           // number of the entry given back, or
	OfReference string           `json:"of_reference"` // the reference of that charge or capture
	Amount      decimal.Decimal  `json:"amount"`       // zero is all that is left of it
	Currency    account.Currency `json:"currency"`
	Reference   string           `json:"reference"` // of the refund, another than the charge's
	Actor       account.Actor    `json:"actor"`
	Reason      string           `json:"reason"`
}

func (r Refund) movement() account.Movement {
	return account.Movement{
		Kind: account.KindRefund, Account: r.Account, Of: r.Of, Amount: r.Amount, Currency: r.Currency,
		Reference: r.Reference, Actor: r.Actor, Reason: r.Reason,
	}
}

// resolved returns the movement with the number of the entry that OfReference names.
func (s *Service) resolved(ctx context.Context, r Refund) (account.Movement, error) {
	m, reference := plainText(r.movement()), validate.Text(r.OfReference)
	if reference == "" {
		return m, nil
	}
	var faults account.Faults
	if m.Of != 0 {
		faults = account.Faults{account.NewFault("ofReference", "of.both")}
	}
	m.Of = 1 // until it is known
	if faults = append(faults, m.Faults()...); len(faults) > 0 {
		return m, faults
	}
	if err := s.calls.Check(s.store); err != nil {
		return m, err
	}
	if !storable(reference) {
		return m, account.ErrRefund
	}
	found, err := s.stored().Ledger(ctx, []store.Lookup{{Account: m.Account, References: []string{reference}}})
	switch {
	case err != nil:
		return m, err
	case found[0].Balance.Version == 0:
		return m, account.ErrNotFound
	case len(found[0].Used) == 0:
		return m, account.ErrRefund
	}
	m.Of = found[0].Used[0].Number
	return m, nil
}

// Transfer moves money from an account to another of the same currency.
type Transfer struct {
	Account   account.ID       `json:"account"` // who gives it
	To        account.ID       `json:"to"`      // who gets it
	Amount    decimal.Decimal  `json:"amount"`
	Currency  account.Currency `json:"currency"`
	Reference string           `json:"reference"`
	Actor     account.Actor    `json:"actor"`
	Reason    string           `json:"reason"`
}

func (t Transfer) movement() account.Movement {
	return account.Movement{
		Kind: account.KindTransferOut, Account: t.Account, Other: t.To, Amount: t.Amount, Currency: t.Currency,
		Reference: t.Reference, Actor: t.Actor, Reason: t.Reason,
	}
}

// Receipt is a movement that was written.
type Receipt struct {
	account.Entry      // in the ledger of the account that it was asked of
	Repeated      bool `json:"repeated"` // the reference was used before, with the same content: nothing new was written
	// Ended says how the hold of a repeated [Service.Hold] ended since: by account.KindCapture,
	// account.KindRelease or account.KindExpire. It is empty while the hold stands.
	Ended account.MovementKind `json:"ended"`
}

// receipt returns what the committer made of a movement in the words of this package.
func receipt(reference string, w *committer.Written, err error) (Receipt, error) {
	if err == nil {
		return Receipt{Entry: w.Entry, Repeated: w.Repeated}, nil
	}
	if uncertain, ok := errors.AsType[*committer.UncertainError](err); ok {
		err = &UnknownError{Reference: reference, Err: uncertain.Err}
	}
	return Receipt{}, err
}
