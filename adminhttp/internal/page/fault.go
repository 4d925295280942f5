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

// Summary tells faults or warnings of a client's fields. What the actor may not change is told of
// once, by the labels: it was on the page when they opened it.
func Summary(r *ask.Request, faults []account.Fault) []FaultLink {
	var lost []words.Text
	for _, fault := range faults {
		if f, known := account.FieldAt(fault.Path); known && fault.Code == "field.forbidden" && !slices.Contains(lost, words.Text(f.Label)) {
			lost = append(lost, words.Text(f.Label))
		}
	}
	if len(lost) == 0 {
		return summary(r, faults)
	}
	rest := slices.DeleteFunc(slices.Clone(faults), func(fault account.Fault) bool { return fault.Code == "field.forbidden" })
	told := FaultLink{Text: words.Textf("You may no longer change these: %s. The rest is kept as you typed it.", words.Join(lost, ", "))}
	return append([]FaultLink{told}, summary(r, rest)...)
}

func summary(r *ask.Request, faults []account.Fault) []FaultLink {
	return FaultLinks(r.Judge.Faults(faults), func(path string) (label words.Text, href string) {
		f, known := account.FieldAt(path)
		switch {
		case known:
			return words.Text(f.Label), "#" + kind.ControlID(path)
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
func TextsOn(faults []account.Fault, path string) (texts []words.Text) {
	for _, fault := range faults {
		if said := words.Fault(fault); fault.Path == path && !slices.Contains(texts, said) {
			texts = append(texts, said)
		}
	}
	return texts
}
