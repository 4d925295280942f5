package api

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// decideSchemas are the shapes of a message that is tried, and of the answer.
func decideSchemas() object {
	message := object{}
	for name, member := range messageMembers {
		message[name] = orNullForm(member.schema)
	}
	body := objectSchema(message)
	delete(body, "required")
	body["description"] = "What is left out is empty or off, and judged as that."
	return object{"Message": body, "Decision": decisionSchema(), "Finding": findingSchema()}
}

func decisionSchema() object {
	s := objectSchema(object{
		"verdict":  object{"enum": verdictWords(account.VerdictAccept), "description": "The last word of all findings; accept when there are none."},
		"until":    described(instantSchema(), "Of defer: decide again then."),
		"priority": object{"type": "integer", "description": "The one that counts."},
		"cost":     amountOf("Parts times price, as it would be charged, where both can be."),
		"findings": object{"type": "array", "items": schemaRef("Finding"), "description": "Every rule that spoke, in the order of the rules."},
	})
	s["required"] = []string{"verdict", "findings"}
	s["description"] = "What does not apply, or is not yours to see, is left out."
	return s
}

func findingSchema() object {
	s := objectSchema(object{
		"code":      object{"enum": append(findingCodes(), access.CodeHidden), "description": "Its first part names the rule; field.hidden is about a setting that is not yours to see."},
		"verdict":   object{"enum": verdictWords(), "description": "What this alone would come to."},
		"text":      object{"type": "string", "description": "For people; may change."},
		"account":   object{"type": "string", "format": "uuid", "description": "Whose setting, status or money spoke: the client's, or one above it."},
		"opens":     described(instantSchema(), "With time.closed and time.too_late: the next opening."),
		"needed":    amountOf("With credit.exhausted: the cost."),
		"available": amountOf("With credit.exhausted: what there is."),
		"missing":   amountOf("With credit.exhausted: how much more would have to be available."),
	})
	s["required"] = []string{"code", "text", "verdict"}
	return s
}

// verdictWords are the verdicts that a finding can have, after others.
func verdictWords(others ...account.Verdict) []account.Verdict {
	return append(others, account.VerdictDefer, account.VerdictReview, account.VerdictRefuse)
}

func findingCodes() (codes []string) {
	for _, c := range account.FindingCodes() {
		codes = append(codes, c.Code)
	}
	return codes
}
