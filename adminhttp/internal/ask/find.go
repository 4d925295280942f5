package ask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Bounds of what is looked for by its key: shorter texts begin too much, longer ones nothing.
const (
	minKey = 3
	maxKey = 255
)

// MaxFound is how much of a kind is found by its key at once, and of payments beside.
const MaxFound = 10

// Found is something of a client that was found by its key, as the actor may be told of it.
type Found struct {
	clientaccount.Sighting
	Client account.Account // with the fields blank that the actor does not see
}

// Key returns the reference of the entry, the id of the message, or the number of the document.
func (f Found) Key() string {
	switch {
	case f.Entry != nil:
		return referenceOf(f.Entry.Reference)
	case f.Message != nil:
		return f.Message.ID
	case f.Document != nil:
		return f.Document.Number
	default:
		return ""
	}
}

// Find looks for entries by the beginning of their reference, messages by their id or the
// network's, and documents by the beginning of their number, among the clients that the actor sees.
func (r *Request) Find(text string) (found []Found, err error) {
	text = strings.TrimSpace(text)
	seesSome := r.Judge.May(access.Money) || r.SeesMessages() || r.SeesDocuments()
	if n := utf8.RuneCountInString(text); !seesSome || n < minKey || n > maxKey {
		return nil, nil
	}
	all, err := r.findKeys(text)
	for _, s := range all {
		if err != nil {
			return nil, err
		}
		var one *Found
		if one, err = r.sighted(s); one != nil {
			found = append(found, *one)
		}
	}
	return found, err
}

// findKeys finds a text as a key, and as a payment, which is stored in one way of writing however it is
// typed. One without digits must be the whole reference: else names would find payments.
func (r *Request) findKeys(text string) ([]clientaccount.Sighting, error) {
	all, err := r.Service.Find(r.Context(), text, r.Judge.Managers(), MaxFound)
	payment, most := PaymentReference(text), 1
	if err != nil || payment == text {
		return all, err
	}
	if strings.ContainsAny(payment, "0123456789") {
		most = MaxFound
	}
	more, err := r.Service.Find(r.Context(), payment, r.Judge.Managers(), most)
	return append(all, slices.DeleteFunc(more, func(s clientaccount.Sighting) bool {
		return s.Entry == nil || slices.ContainsFunc(all, func(known clientaccount.Sighting) bool {
			return known.Entry != nil && known.Account == s.Account && known.Entry.Number == s.Entry.Number
		})
	})...), err
}

// sighted returns what was found as the actor may be told of it; nil where that is nothing.
func (r *Request) sighted(s clientaccount.Sighting) (*Found, error) {
	client, err := r.Seen(s.Account)
	if err != nil || client == nil {
		return nil, err
	}
	told := false
	switch {
	case s.Entry != nil && r.Judge.May(access.Money):
		var e account.Entry
		e, err = r.Judge.Entry(r.Context(), *s.Entry)
		told = err == nil && e.Reference == s.Entry.Reference
		s.Entry = &e
	case s.Message != nil:
		told = r.SeesMessages()
	case s.Document != nil:
		told, err = r.Judge.Document(r.Context(), *client, s.Document.Kind)
	}
	if err != nil || !told {
		return nil, err
	}
	return &Found{s, r.Judge.Visible(*client)}, nil
}
