package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// decideRoutes are the operations that only say what would happen.
func decideRoutes() []operation {
	return []operation{{
		method: http.MethodPost, path: "clients/{id}/decide", need: access.TryMessage, id: "decide",
		summary: "Whether a message may go, now or at another time, and everything that stands in its way; nothing is sent, held or charged",
		body:    sentAs[Message](), status: http.StatusOK, answers: of[Decision](), do: decide,
	}}
}

// Decision is the answer about one message.
type Decision struct {
	_ struct{} `about:"What does not apply, or is not yours to see, is left out."`

	Verdict  account.Verdict `json:"verdict" about:"The last word of all findings; accept when there are none."`
	Until    *time.Time      `json:"until,omitempty" about:"Of defer: decide again then."`
	Priority *int            `json:"priority,omitempty" about:"The one that counts."`
	Price    *Amount         `json:"price,omitempty" about:"What one part costs, as the message or a price list has it."`
	PricedBy *PriceRow       `json:"priced_by,omitempty" about:"The row of a price list which that is of, also one by which nothing is sent there."`
	Cost     *Amount         `json:"cost,omitempty" about:"Parts times price, as it would be charged, where both can be."`
	Findings []Finding       `json:"findings" about:"Every rule that spoke, in the order of the rules."`
}

// Finding is what one rule said.
type Finding struct {
	Code      string          `json:"code" about:"Its first part names the rule; field.hidden is about a setting that is not yours to see."`
	Verdict   account.Verdict `json:"verdict" about:"What this alone would come to."`
	Text      string          `json:"text" about:"For people; may change."`
	Account   *account.ID     `json:"account,omitempty" about:"Whose setting, status or money spoke: the client's, or one above it."`
	Opens     *time.Time      `json:"opens,omitempty" about:"With time.closed and time.too_late: the next opening."`
	Needed    *Amount         `json:"needed,omitempty" about:"With credit.exhausted: the cost."`
	Available *Amount         `json:"available,omitempty" about:"With credit.exhausted: what there is."`
	Missing   *Amount         `json:"missing,omitempty" about:"With credit.exhausted: how much more would have to be available."`
}

func (Finding) bounds() map[string]object {
	codes := []string{access.CodeHidden}
	for _, c := range account.FindingCodes() {
		codes = append(codes, c.Code)
	}
	return map[string]object{"code": enum(codes...), "verdict": enum(account.VerdictDefer, account.VerdictReview, account.VerdictRefuse)}
}

func decide(w http.ResponseWriter, r *ask.Request) error {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	message, err := readMessage(r, body)
	if err != nil {
		return err
	}
	decision, err := r.Decide(message)
	if err != nil {
		return err
	}
	found, err := r.Findings(decision)
	if err != nil {
		return err
	}
	told := decisionOf(r, decision, found)
	by, listed, err := r.PricedBy(message)
	if err != nil {
		return err
	}
	if listed {
		row := priceRowOf(by.Row)
		row.Origin, told.PricedBy = &by.Origin, &row
	}
	return answer(w, r, http.StatusOK, told)
}

// readMessage reads a body, and finds everything wrong with it at once.
func readMessage(r *ask.Request, d sent.Document) (ask.Trial, error) {
	var body Message
	var m ask.Trial
	fields, names := r.MessageFields(), []string{}
	for _, f := range fields {
		names = append(names, f.Name)
	}
	faults := sent.Decode(d, &body, names...)
	for name, text := range sent.Texts(body) {
		i := slices.IndexFunc(fields, func(f ask.MessageField) bool { return f.Name == name })
		if fault := fields[i].Set(&m, text); fault != nil {
			faults = sent.AddFault(faults, *fault)
		}
	}
	return m, faults.Err()
}

func decisionOf(r *ask.Request, d account.Decision, found []ask.Finding) Decision {
	told := Decision{Verdict: d.Verdict, Until: instant(r.Until(d)), Findings: make([]Finding, len(found))}
	if r.Judge.Shows("routing.priority") {
		told.Priority = &d.Priority
	}
	if price, known := d.Price(); known {
		told.Price = amount(price)
	}
	if cost, known := d.Cost(); known {
		told.Cost = amount(cost)
	}
	for i, f := range found {
		finding := Finding{Code: f.Code, Verdict: f.Verdict, Text: f.Words().String(), Account: orNull(f.Account), Opens: instant(f.Opens)}
		if f.Amounts {
			finding.Needed, finding.Available, finding.Missing = amount(f.Needed), amount(f.Available), amount(f.Missing())
		}
		told.Findings[i] = finding
	}
	return told
}
