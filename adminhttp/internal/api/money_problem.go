package api

import (
	"errors"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// moneyDetails are what a refusal says beside the usual.
type moneyDetails struct {
	Code      string `json:"code"`
	Available string `json:"available,omitempty"`
	Needed    string `json:"needed,omitempty"`
	Reference string `json:"reference,omitempty"`
}

// refusing is the problem of a refusal, and any other error as it is.
func refusing(r *ask.Request, err error) error {
	sums := r.SumsFor(err)
	why, ok := ask.RefusalOf(err, r.Judge.Visible(r.Client).Core.Currency, sums)
	if !ok {
		return err
	}
	told := r.Judge.Fault(account.Fault{Path: why.Field, Code: why.Fault, Text: why.Text})
	if told.Code == access.CodeHidden {
		why.Code = access.CodeHidden
	}
	p := newProblem(why.Status, told.Path, told.Code, told.Text)
	p.Type, p.moneyDetails = ProblemRefused, &moneyDetails{Code: why.Code}
	if exhausted, ok := errors.AsType[*account.ExhaustedError](err); ok {
		p.Needed = exhausted.Needed.String()
		if sums.Available {
			p.Available = exhausted.Available.String()
		}
	}
	if unknown, ok := errors.AsType[*clientaccount.UnknownError](err); ok {
		p.Reference = unknown.Reference
	}
	if why.Status == http.StatusServiceUnavailable {
		p.header.Set("Retry-After", "1")
	}
	return p
}
