package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// accepted is the answer to a message that was taken.
type accepted struct {
	ID    string `json:"id"`
	Ref   string `json:"ref,omitempty"`
	Parts int    `json:"parts"`
}

// view is a message as its client sees it.
type view struct {
	ID       string           `json:"id"`
	Ref      string           `json:"ref,omitempty"`
	To       string           `json:"to"`
	From     string           `json:"from"`
	Parts    int              `json:"parts"`
	State    string           `json:"state"`
	Err      string           `json:"err,omitempty"`
	Price    string           `json:"price"` // of one part
	Currency account.Currency `json:"currency"`
	Money    message.Money    `json:"money"`
	Admitted time.Time        `json:"admitted_at"`
	Sent     time.Time        `json:"sent_at,omitzero"`
	Ended    time.Time        `json:"ended_at,omitzero"`
}

func viewOf(m message.Message) view {
	return view{
		ID: m.ID, Ref: m.ClientRef, To: m.Destination, From: m.Sender, Parts: m.Parts, State: m.State().String(), Err: m.Err,
		Price: m.Price.String(), Currency: m.Currency, Money: m.Money, Admitted: m.AdmittedAt, Sent: m.SentAt, Ended: m.EndedAt,
	}
}

// problem is what stands in the way (RFC 9457). Code is for programs.
type problem struct {
	Status   int       `json:"status"`
	Title    string    `json:"title"`
	Code     string    `json:"code"`
	Detail   string    `json:"detail"`
	Findings []finding `json:"findings,omitempty"` // everything that stands in the way
}

type finding struct {
	Code string `json:"code"`
	Path string `json:"path,omitempty"`
	Text string `json:"text"`
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	write(w, status, body)
}

func answerProblem(w http.ResponseWriter, p problem) {
	p.Title = http.StatusText(p.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	write(w, p.Status, p)
}

func write(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who has gone gets no answer
}

// refuse says why a message may not go: every rule that spoke, with the status and code of the
// one that counts most.
func refuse(w http.ResponseWriter, d account.Decision, now time.Time) {
	first := weightiest(d)
	p := problem{Status: statusOfCode(first.Code), Code: first.Code, Detail: first.Text()}
	if d.Verdict == account.VerdictDefer {
		p.Status = http.StatusTooManyRequests
		retryAfter(w, d.Until.Sub(now))
	}
	for _, f := range d.Findings {
		p.Findings = append(p.Findings, finding{Code: f.Code, Text: f.Text()})
	}
	answerProblem(w, p)
}

// weightiest returns the finding that the verdict is for: of several, what only another
// setting would change before what another request would, and that before what money would.
func weightiest(d account.Decision) account.Finding {
	weights := []int{http.StatusPaymentRequired, http.StatusUnprocessableEntity, http.StatusForbidden}
	weight := func(f account.Finding) int {
		if f.Verdict != d.Verdict {
			return -1
		}
		return slices.Index(weights, statusOfCode(f.Code))
	}
	return slices.MaxFunc(d.Findings, func(a, b account.Finding) int { return cmp.Compare(weight(a), weight(b)) })
}

// statusOfCode goes by the rule that spoke, which is the first part of its code.
func statusOfCode(code string) int {
	switch rule, _, _ := strings.Cut(code, "."); rule {
	case "credit":
		return http.StatusPaymentRequired
	case "destination", "parts", "sender", "price", "time":
		return http.StatusUnprocessableEntity
	default: // status, channel, moderation, lists, and what there may be one day
		return http.StatusForbidden
	}
}

// fail says that a request came to nothing.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(w, err)
	if p.Status == http.StatusInternalServerError {
		a.logger.ErrorContext(r.Context(), "request failed", slog.Any("error", err))
	}
	answerProblem(w, p)
}

func problemOf(w http.ResponseWriter, err error) problem {
	bad, isBad := errors.AsType[*badRequest](err)
	throttled, isThrottled := errors.AsType[*clientaccount.ThrottledError](err)
	faults, isFaults := account.AsFaults(err)
	switch {
	case isBad:
		return problem{Status: bad.status, Code: bad.code, Detail: bad.detail}
	case errors.Is(err, clientaccount.ErrCredentials):
		w.Header().Set("WWW-Authenticate", `Basic realm="gateway", charset="UTF-8"`)
		return problem{Status: http.StatusUnauthorized, Code: "credentials", Detail: "The login or the password is wrong."}
	case isThrottled:
		retryAfter(w, throttled.RetryAfter)
		return problem{Status: http.StatusTooManyRequests, Code: "throttled", Detail: "Too many failed logins."}
	case errors.Is(err, clientaccount.ErrInactive), errors.Is(err, clientaccount.ErrChannel), errors.Is(err, account.ErrNotFound):
		return problem{Status: http.StatusForbidden, Code: "closed", Detail: "This account may not send here."}
	case errors.Is(err, account.ErrReused):
		return problem{Status: http.StatusConflict, Code: "reference.reused", Detail: "This Idempotency-Key or ref is that of another message."}
	case isFaults:
		p := problem{Status: http.StatusUnprocessableEntity, Code: faults[0].Code, Detail: faults[0].Text}
		for _, f := range faults {
			p.Findings = append(p.Findings, finding{Code: f.Code, Path: f.Path, Text: f.Text})
		}
		return p
	default:
		return problemOfOurs(w, err)
	}
}

// problemOfOurs is where it is not the client's. What may have been done is asked for again
// under the same key: nothing is sent or paid twice.
func problemOfOurs(w http.ResponseWriter, err error) problem {
	for _, passing := range []error{errBusy, clientaccount.ErrUnknown, clientaccount.ErrStopped, account.ErrConflict, account.ErrZone} {
		if errors.Is(err, passing) {
			retryAfter(w, time.Second)
			return problem{Status: http.StatusServiceUnavailable, Code: "busy", Detail: "Ask again, with the same Idempotency-Key or ref."}
		}
	}
	return problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "Something went wrong; ask again, with the same Idempotency-Key or ref."}
}

// retryAfter says in how many whole seconds to ask again.
func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}
