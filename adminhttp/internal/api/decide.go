package api

import (
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// decideRoutes are the operations that only say what would happen.
func decideRoutes() []operation {
	return []operation{{
		method: http.MethodPost, path: "clients/{id}/decide", need: access.TryMessage, id: "decide",
		summary: "Whether a message may go now, and everything that stands in its way; nothing is sent, held or charged",
		body:    "Message", status: http.StatusOK, answers: "Decision", do: decide,
	}}
}

// decisionJSON is the answer about one message. What does not apply, and what the
// actor may not know, is left out.
type decisionJSON struct {
	Verdict  account.Verdict `json:"verdict"`
	Until    any             `json:"until,omitempty"`
	Priority any             `json:"priority,omitempty"`
	Cost     string          `json:"cost,omitempty"`
	Findings []findingJSON   `json:"findings"`
}

type findingJSON struct {
	Code      string          `json:"code"`
	Verdict   account.Verdict `json:"verdict"`
	Text      string          `json:"text"`
	Account   any             `json:"account,omitempty"`
	Opens     any             `json:"opens,omitempty"`
	Needed    string          `json:"needed,omitempty"`
	Available string          `json:"available,omitempty"`
	Missing   string          `json:"missing,omitempty"`
}

func decide(w http.ResponseWriter, r *ask.Request) error {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	message, err := readMessage(body)
	if err != nil {
		return err
	}
	decision, err := r.Service.Decide(r.Context(), r.ID, message)
	if err != nil {
		return err
	}
	found, err := r.Findings(decision)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, decisionOf(r, decision, found))
}

// readMessage reads a body, and finds everything wrong with it at once.
func readMessage(body sent.Document) (account.Request, error) {
	var m account.Request
	faults := body.Faults
	for _, member := range body.Members {
		if fault := readMember(&m, member); fault != nil {
			faults = sent.AddFault(faults, *fault)
		}
	}
	return m, faults.Err()
}

// readMember takes one member of the body; null is as good as left out.
func readMember(m *account.Request, given sent.Member) *account.Fault {
	fields := ask.MessageFields()
	i := slices.IndexFunc(fields, func(f ask.MessageField) bool { return f.Name == given.Name })
	if fault, skip := misplaced(given, i >= 0, messageMembers[given.Name].kind); skip {
		return fault
	}
	return fields[i].Set(m, given.Value.Text)
}

func decisionOf(r *ask.Request, d account.Decision, found []ask.Finding) decisionJSON {
	j := decisionJSON{Verdict: d.Verdict, Until: instant(r.Until(d)), Findings: make([]findingJSON, len(found))}
	if r.Judge.Shows("routing.priority") {
		j.Priority = d.Priority
	}
	if cost, known := d.Cost(); known {
		j.Cost = cost.String()
	}
	for i, f := range found {
		told := findingJSON{Code: f.Code, Verdict: f.Verdict, Text: f.Words(), Account: idOrNull(f.Account), Opens: instant(f.Opens)}
		if f.Amounts {
			told.Needed, told.Available, told.Missing = f.Needed.String(), f.Available.String(), f.Missing().String()
		}
		j.Findings[i] = told
	}
	return j
}
