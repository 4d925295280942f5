package adminhttp

import (
	"errors"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// ProblemRefused is the type of the problems of a movement of money that was
// refused for how the client stands, or whose outcome nobody knows yet. Its code
// says why; credit.exhausted tells available and needed, outcome.unknown the
// reference to ask again with.
const ProblemRefused = "https://pkg.go.dev/github.com/clientaccount/clientaccount/adminhttp#ProblemRefused"

// refusal is why a movement was not made, or is not known to be.
type refusal struct {
	is          error
	status      int
	code        string // of the problem
	field       string
	fault, text string // code and text of the one fault
}

// refusals are those that say all by themselves.
var refusals = []refusal{
	{account.ErrClosed, http.StatusConflict, "account.closed", "account", "account.closed", "A closed account takes and gives no money."},
	{account.ErrHold, http.StatusConflict, "hold.unknown", "hold", "hold.unknown", "There is no such hold, or it has ended."},
	{account.ErrHoldAmount, http.StatusConflict, "hold.amount", "amount", "hold.amount", "This is more than the hold."},
	{account.ErrRefund, http.StatusConflict, "refund.unknown", "of", "refund.unknown", "There is no such entry, or it took no money of this client."},
	{account.ErrRefundAmount, http.StatusConflict, "refund.amount", "amount", "refund.amount", "This is more than is left of the entry to give back."},
	{account.ErrShared, http.StatusConflict, "account.shared", "account", "account.shared", "An account that spends its parent's money has none of its own to move."},
	{account.ErrZone, http.StatusServiceUnavailable, "time.zone_unknown", "account", "time.zone_unknown", "The client's time zone is not known on this server, and so not the month in which the money would be spent."},
	{account.ErrReused, http.StatusConflict, "reference.reused", "reference", "idempotency.mismatch", account.NewFault("", "idempotency.mismatch").Text},
	{clientaccount.ErrUnknown, http.StatusServiceUnavailable, "outcome.unknown", "reference", "outcome.unknown", "It is not known yet whether the money moved. Send the same again, with the same reference: it never moves twice."},
	{clientaccount.ErrStopped, http.StatusServiceUnavailable, "stopped", "request", "busy", "Nothing was written; try again."},
}

// refusalOf finds why a movement was not made; false for errors that are no
// refusal. Amounts are told in the client's currency, to who may be told them.
func refusalOf(err error, c account.Currency, sums access.Sums) (refusal, bool) {
	if exhausted, ok := errors.AsType[*account.ExhaustedError](err); ok {
		return refusal{
			exhausted, http.StatusPaymentRequired, "credit.exhausted", "amount", "credit.exhausted", exhaustedText(exhausted, c, sums),
		}, true
	}
	for _, known := range refusals {
		if errors.Is(err, known.is) {
			return known, true
		}
	}
	return refusal{}, false
}

// sumsFor are the figures that may be told of a refusal; none where that is not known.
func (r *request) sumsFor(err error) access.Sums {
	if _, ok := errors.AsType[*account.ExhaustedError](err); !ok {
		return access.Sums{}
	}
	sums, unknown := r.sumsOf(r.id)
	if unknown != nil {
		r.logFailure(unknown)
	}
	return sums
}

func exhaustedText(e *account.ExhaustedError, c account.Currency, sums access.Sums) string {
	left, needed := words.Money(e.Available, c), words.Money(e.Needed, c)
	switch {
	case !sums.Available:
		return "Not enough is available: this needs " + needed + "."
	case e.Cap:
		return "The monthly cap leaves " + left + "; this needs " + needed + "."
	default:
		return "Only " + left + " is available; this needs " + needed + "."
	}
}

// moneyDetails are what a refusal says beside the usual.
type moneyDetails struct {
	Code      string `json:"code"`
	Available string `json:"available,omitempty"`
	Needed    string `json:"needed,omitempty"`
	Reference string `json:"reference,omitempty"`
}

// refusing is the problem of a refusal, and any other error as it is.
func refusing(r *request, err error) error {
	sums := r.sumsFor(err)
	why, ok := refusalOf(err, r.judge.Visible(r.client).Core.Currency, sums)
	if !ok {
		return err
	}
	told := r.judge.Fault(account.Fault{Path: why.field, Code: why.fault, Text: why.text})
	if told.Code == access.CodeHidden {
		why.code = access.CodeHidden
	}
	p := newProblem(why.status, told.Path, told.Code, told.Text)
	p.Type, p.moneyDetails = ProblemRefused, &moneyDetails{Code: why.code}
	if exhausted, ok := errors.AsType[*account.ExhaustedError](err); ok {
		p.Needed = exhausted.Needed.String()
		if sums.Available {
			p.Available = exhausted.Available.String()
		}
	}
	if unknown, ok := errors.AsType[*clientaccount.UnknownError](err); ok {
		p.Reference = unknown.Reference
	}
	if why.status == http.StatusServiceUnavailable {
		p.header.Set("Retry-After", "1")
	}
	return p
}
