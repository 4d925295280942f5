package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// Types of the problems (RFC 9457) that say more than their status, as adminhttp documents
// them. All others are about:blank.
const (
	ProblemFaults   = "https://pkg.go.dev/github.com/clientaccount/clientaccount/adminhttp#ProblemFaults"
	ProblemConflict = "https://pkg.go.dev/github.com/clientaccount/clientaccount/adminhttp#ProblemConflict"
	ProblemRefused  = "https://pkg.go.dev/github.com/clientaccount/clientaccount/adminhttp#ProblemRefused"
)

const blankProblem = "about:blank"

// Problem is what every refusal says (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Errors account.Faults `json:"errors"`
}

func (Problem) bounds() map[string]object { return map[string]object{"type": {"format": "uri"}} }

// failure is the error that leads to a problem.
type failure struct {
	*Problem
	body   any // the Problem, or the Conflict or Refusal that it is part of
	header http.Header
}

// Error is the title and the first code.
func (f *failure) Error() string { return "adminhttp: " + f.Title + ": " + f.Errors[0].Code }

// newProblem is a problem with one error, which says it all.
func newProblem(status int, field, code, text string) *failure {
	p := Problem{
		Type: blankProblem, Title: http.StatusText(status), Status: status, Detail: text,
		Errors: account.Faults{{Path: field, Code: code, Text: text}},
	}
	return &failure{Problem: &p, body: &p, header: http.Header{}}
}

// notFound is the same for what is missing and for what is outside the scope.
func notFound() *failure {
	return newProblem(http.StatusNotFound, "id", "not_found", "There is nothing here.")
}

// Fail answers with the problem of an error.
func Fail(w http.ResponseWriter, r *ask.Request, err error) {
	p := asProblem(r, err)
	if p.Status == http.StatusInternalServerError {
		r.LogFailure(err)
	}
	for name, values := range p.header {
		w.Header()[name] = values
	}
	writeJSON(w, r, p.Status, "application/problem+json", p.body)
}

func asProblem(r *ask.Request, err error) *failure {
	if p, ok := errors.AsType[*failure](err); ok {
		return p
	}
	if bad, ok := errors.AsType[sent.Unreadable](err); ok {
		return newProblem(http.StatusBadRequest, "body", bad.Code, bad.Text)
	}
	if faults, ok := account.AsFaults(err); ok {
		return faultsProblem(r.Judge, faults)
	}
	if faults, ok := price.AsFaults(err); ok {
		return faultsProblem(r.Judge, sent.AddFault(nil, ask.RowFaults(faults)...))
	}
	if c, ok := errors.AsType[conflicting](err); ok {
		return conflictOf(r, c)
	}
	switch status, _ := errors.AsType[ask.StatusError](err); {
	case errors.Is(err, account.ErrNotFound):
		return notFound()
	case errors.Is(err, ask.ErrNoActor):
		return newProblem(http.StatusUnauthorized, "actor", "unauthorized", "Sign in first.")
	case status == http.StatusForbidden:
		return newProblem(http.StatusForbidden, "actor", "forbidden", "You may not do this.")
	case status != 0:
		return newProblem(int(status), "request", "refused", status.Error()+".")
	case errors.Is(err, clientaccount.ErrInUse):
		return newProblem(http.StatusConflict, "id", "reference.in_use", "Clients still use this; give them another one first.")
	case errors.Is(err, ask.ErrNoTests):
		return newProblem(http.StatusNotImplemented, "kind", "test.unavailable", "Tests cannot be sent from here.")
	case errors.Is(err, clientaccount.ErrNoOutbox):
		return newProblem(http.StatusNotImplemented, "id", "outbox.missing", "No webhook deliveries are kept here.")
	case errors.Is(err, clientaccount.ErrNoMessages):
		return newProblem(http.StatusNotImplemented, "id", "messages.missing", "No messages are kept here.")
	case errors.Is(err, clientaccount.ErrNoPrices):
		return newProblem(http.StatusNotImplemented, "id", "prices.missing", "No price lists are kept here.")
	case errors.Is(err, clientaccount.ErrNoBilling):
		return newProblem(http.StatusNotImplemented, "id", "documents.missing", "No documents are kept here.")
	case errors.Is(err, clientaccount.ErrNoTasks):
		return newProblem(http.StatusNotImplemented, "id", "tasks.missing", "Nothing is kept here that waits to be done.")
	case errors.Is(err, account.ErrConflict), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		p := newProblem(http.StatusServiceUnavailable, "request", "busy", "Nothing was written; try again.")
		p.header.Set("Retry-After", "1")
		return p
	default:
		return newProblem(http.StatusInternalServerError, "request", "failed", "Something went wrong here; it was logged.")
	}
}

// faultsProblem lists every fault once; of a hidden field only that there is one.
func faultsProblem(judge access.Judge, faults account.Faults) *failure {
	p := newProblem(http.StatusUnprocessableEntity, "", "", "Nothing was written. See errors.")
	p.Type, p.Title, p.Errors = ProblemFaults, "What was sent is not acceptable", judge.Faults(faults)
	return p
}

// writeJSON answers with a whole document, or with 500 and nothing of it.
func writeJSON(w http.ResponseWriter, r *ask.Request, status int, contentType string, document any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		r.LogFailure(err)
		http.Error(w, "{}", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	if _, err := w.Write(body.Bytes()); err != nil {
		r.Logger.DebugContext(r.Context(), "answer not delivered", slog.Any("error", err))
	}
}

// answer writes what was asked for.
func answer(w http.ResponseWriter, r *ask.Request, status int, document any) error {
	writeJSON(w, r, status, "application/json", document)
	return nil
}

// Refusal is the problem of a movement that was not made, or is not known to be.
type Refusal struct {
	_ struct{} `about:"Its type is ProblemRefused. Service Unavailable comes with Retry-After."`

	Problem
	Code      string  `json:"code" about:"Why."`
	Available *Amount `json:"available,omitempty" about:"With credit.exhausted: what could be spent."`
	Needed    *Amount `json:"needed,omitempty" about:"With credit.exhausted: what this would have taken."`
	Reference string  `json:"reference,omitempty" about:"With outcome.unknown: ask again with it."`
}

func (r Refusal) bounds() map[string]object {
	codes := []string{"credit.exhausted", access.CodeHidden} // the second in the place of one that would tell of a hidden field
	for _, known := range ask.Refusals {
		codes = append(codes, known.Code)
	}
	limits := r.Problem.bounds()
	limits["code"] = enum(codes...)
	return limits
}

// refusing is the problem of a refusal, and any other error as it is.
func refusing(r *ask.Request, err error) error {
	sums := r.SumsFor(err)
	why, ok := ask.RefusalOf(err, r.Judge.Visible(r.Client).Core.Currency, sums)
	if !ok {
		return err
	}
	told := r.Judge.Fault(account.Fault{Path: why.Field, Code: why.Fault, Text: why.Text.String()})
	if told.Code == access.CodeHidden {
		why.Code = access.CodeHidden
	}
	p := newProblem(why.Status, told.Path, told.Code, told.Text)
	p.Type = ProblemRefused
	refusal := &Refusal{Problem: *p.Problem, Code: why.Code}
	p.body = refusal
	if exhausted, ok := errors.AsType[*account.ExhaustedError](err); ok {
		refusal.Needed = amount(exhausted.Needed)
		if sums.Available {
			refusal.Available = amount(exhausted.Available)
		}
	}
	if unknown, ok := errors.AsType[*clientaccount.UnknownError](err); ok {
		refusal.Reference = unknown.Reference
	}
	if why.Status == http.StatusServiceUnavailable {
		p.header.Set("Retry-After", "1")
	}
	return p
}
