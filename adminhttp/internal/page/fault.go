package page

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// FaultLink is a fault or warning as the summary tells it; Href is empty where the
// page has no such field.
type FaultLink struct{ Label, Text, Href string }

// FaultLinks are faults, each once, with the label and the link of what they are on, both empty
// for what has none.
func FaultLinks(faults []account.Fault, find func(path string) (label, href string)) (all []FaultLink) {
	for _, fault := range faults {
		said := FaultLink{Text: fault.Text}
		if said.Label, said.Href = find(fault.Path); !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}

// Summary tells faults or warnings of a client's fields.
func Summary(r *ask.Request, faults []account.Fault) []FaultLink {
	return FaultLinks(r.Judge.Faults(faults), func(path string) (label, href string) {
		f, known := account.FieldAt(path)
		switch {
		case known:
			return f.Label, "#" + kind.ControlID(path)
		case path == NameReason:
			return "Why", "#" + NameReason
		case path == "at":
			return "To be made at", "#at"
		default:
			return "", ""
		}
	})
}

// TextsOn returns the texts of the faults of a field, each once.
func TextsOn(faults []account.Fault, path string) (texts []string) {
	for _, fault := range faults {
		if fault.Path == path && !slices.Contains(texts, fault.Text) {
			texts = append(texts, fault.Text)
		}
	}
	return texts
}
