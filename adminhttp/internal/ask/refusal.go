package ask

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// refusal is why a movement was not made, or is not known to be.
type refusal struct {
	is     error
	Status int
	Code   string // of the problem
	Field  string
	Fault  string
	Text   words.Text // code and text of the one fault
}

// Refusals are those that say all by themselves.
var Refusals = []refusal{
	{account.ErrClosed, http.StatusConflict, "account.closed", "account", "account.closed", "A closed account takes and gives no money."},
	{account.ErrHold, http.StatusConflict, "hold.unknown", "hold", "hold.unknown", "There is no such hold, or it has ended."},
	{account.ErrHoldAmount, http.StatusConflict, "hold.amount", "amount", "hold.amount", "This is more than the hold."},
	{account.ErrRefund, http.StatusConflict, "refund.unknown", "of", "refund.unknown", "There is no such entry, or it took no money of this client."},
	{account.ErrRefundAmount, http.StatusConflict, "refund.amount", "amount", "refund.amount", "This is more than is left of the entry to give back."},
	{account.ErrShared, http.StatusConflict, "account.shared", "account", "account.shared", "An account that spends its parent's money has none of its own to move."},
	{account.ErrZone, http.StatusServiceUnavailable, "time.zone_unknown", "account", "time.zone_unknown", "The client's time zone is not known on this server, and so not the month in which the money would be spent."},
	{account.ErrReused, http.StatusConflict, "reference.reused", "reference", "idempotency.mismatch", words.Fault(account.NewFault("", "idempotency.mismatch"))},
	{clientaccount.ErrUnknown, http.StatusServiceUnavailable, "outcome.unknown", "reference", "outcome.unknown", "It is not known yet whether the money moved. Send the same again, with the same reference: it never moves twice."},
	{clientaccount.ErrStopped, http.StatusServiceUnavailable, "stopped", "request", "busy", "Nothing was written; try again."},
}

// RefusalOf finds why a movement was not made; false for errors that are no
// refusal. Amounts are told in the client's currency, to who may be told them.
func RefusalOf(err error, c account.Currency, sums access.Sums) (refusal, bool) {
	if exhausted, ok := errors.AsType[*account.ExhaustedError](err); ok {
		return refusal{
			exhausted, http.StatusPaymentRequired, "credit.exhausted", "amount", "credit.exhausted", exhaustedText(exhausted, c, sums),
		}, true
	}
	for _, known := range Refusals {
		if errors.Is(err, known.is) {
			return known, true
		}
	}
	return refusal{}, false
}

// RefusedMove is why a movement of a client would not be made now, as the actor may be told; false
// where the error is another one.
func (r *Request) RefusedMove(client account.Account, err error) (account.Faults, bool) {
	if faults, bad := account.AsFaults(err); bad {
		return r.Judge.Faults(faults), true
	}
	why, refused := RefusalOf(err, r.Judge.Visible(client).Core.Currency, access.Sums{})
	if !refused {
		return nil, false
	}
	return account.Faults{r.Judge.Fault(account.Fault{Path: why.Field, Code: why.Fault, Text: why.Text.String()})}, true
}

// SumsFor returns the figures that may be told of a refusal; none where that is not known.
func (r *Request) SumsFor(err error) access.Sums {
	if _, ok := errors.AsType[*account.ExhaustedError](err); !ok {
		return access.Sums{}
	}
	_, sums, unknown := r.MoneyOf(r.ID)
	if unknown != nil {
		r.LogFailure(unknown)
	}
	return sums
}

func exhaustedText(e *account.ExhaustedError, c account.Currency, sums access.Sums) words.Text {
	left, needed := words.Money(e.Available, c), words.Money(e.Needed, c)
	switch {
	case !sums.Available:
		return words.Textf(words.ExhaustedAsked, needed)
	case e.Cap:
		return words.Textf(words.ExhaustedCap, left, needed)
	default:
		return words.Textf(words.Exhausted, left, needed)
	}
}

// Finding is a finding as the actor may be told of it, and whether of its amounts.
type Finding struct {
	account.Finding
	Amounts bool
}

// Findings returns those of a decision about the client of the path as far as the actor may
// be told of them: of a hidden field only that there is one, and no account outside of
// the scope.
func (r *Request) Findings(d account.Decision) ([]Finding, error) {
	_, sums, err := r.MoneyOf(r.ID)
	if err != nil {
		return nil, err
	}
	var told []Finding
	for _, f := range d.Findings {
		f := Finding{Finding: r.Judge.Finding(f)}
		f.Amounts = f.Code == "credit.exhausted" && sums.Available
		if f.Account != r.ID {
			if f.Account, err = r.Judge.Named(r.Context(), f.Account); err != nil {
				return nil, err
			}
		}
		if f.Code != access.CodeHidden || !slices.ContainsFunc(told, func(t Finding) bool { return t.Code == f.Code && t.Verdict == f.Verdict }) {
			told = append(told, f)
		}
	}
	return told, nil
}

// Until returns when a message that waits is decided again; zero for who may not know.
func (r *Request) Until(d account.Decision) time.Time {
	if !r.Judge.Shows("dispatch", "time_zone") {
		return time.Time{}
	}
	return d.Until
}

// Words returns a finding as people read it.
func (f Finding) Words() words.Text {
	switch {
	case f.Code == access.CodeHidden:
		return access.HiddenText
	case f.Code == "credit.exhausted" && !f.Amounts:
		return "What is available does not pay for this message."
	default:
		return words.Coded(f.Code, f.Text())
	}
}
