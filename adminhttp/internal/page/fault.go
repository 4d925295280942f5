package page

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// FaultLink is a fault or warning as the summary tells it; Href is empty where the
// page has no such field.
type FaultLink struct {
	Label, Text words.Text
	Href        string
}

// FaultLinks are faults, each once, with the label and the link of what they are on, both empty
// for what has none.
func FaultLinks(faults []account.Fault, find func(path string) (label words.Text, href string)) (all []FaultLink) {
	for _, fault := range faults {
		said := FaultLink{Text: words.Fault(fault)}
		if said.Label, said.Href = find(fault.Path); !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}

// Summary tells faults or warnings of a client's fields.
func Summary(r *ask.Request, faults []account.Fault) []FaultLink {
	return FaultLinks(r.Judge.Faults(faults), func(path string) (label words.Text, href string) {
		f, known := account.FieldAt(path)
		switch {
		case known:
			return words.Text(f.Label), "#" + kind.ControlID(path)
		case path == NameReason:
			return "Why", "#" + NameReason
		default:
			return "", ""
		}
	})
}

// TextsOn returns the texts of the faults of a field, each once.
func TextsOn(faults []account.Fault, path string) (texts []words.Text) {
	for _, fault := range faults {
		if said := words.Fault(fault); fault.Path == path && !slices.Contains(texts, said) {
			texts = append(texts, said)
		}
	}
	return texts
}
