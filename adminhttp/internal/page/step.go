package page

import (
	"maps"
	"net/url"
	"slices"

	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Step is what cannot be taken back, or bites at once, and is told before it is done: with the form
// that does it then.
type Step struct {
	Title  words.Text
	Texts  []words.Text
	Action string
	Inputs []Input
	Warned string // what is told, as one text: sent back with the form
	Button words.Text
	Back   string // URL of the page without it
}

// Input is a hidden one of a form.
type Input struct{ Name, Value string }

// IsSeen reports whether a form was sent by who was shown the step, or there is nothing to tell.
func (s *Step) IsSeen(values url.Values) bool {
	return s.Warned == "" || values.Get(NameWarned) == s.Warned
}

// SentAgain are the inputs of a form that was sent, to be sent once more.
func SentAgain(values url.Values) (all []Input) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != NameWarned {
			all = append(all, Input{name, values.Get(name)})
		}
	}
	return all
}
