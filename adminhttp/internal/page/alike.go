package page

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// Alike is an entry that may be the same movement as one that is looked at.
type Alike struct {
	Text words.Text
	When words.Moment
}

// AllAlike tells of entries of a client, seen as the actor may be told of it, that may be the same
// movement.
func AllAlike(r *ask.Request, seen account.Account, entries []account.Entry) (all []Alike, err error) {
	for _, e := range entries {
		if e, err = r.Judge.Entry(r.Context(), e); err != nil {
			return nil, err
		}
		all = append(all, AlikeOf(r, seen, e))
	}
	return all, nil
}

// AllProposed tells of movements of a client that wait for a second person, as the actor may be told of
// it, and that may be the same movement.
func AllProposed(r *ask.Request, seen account.Account, proposed []store.Task) (all []Alike, err error) {
	told, err := r.Told(proposed)
	for _, t := range told {
		all = append(all, Alike{
			Text: words.Textf("%s%s", moveTitle(*t.Move, seen.Core.Currency), byWords(t.Actor)),
			When: words.MomentOf(t.MadeAt, r.Service.Now(), words.Zone(seen)),
		})
	}
	return all, err
}

// moveTitle is what a movement is called, with its amount.
func moveTitle(m account.Movement, c account.Currency) words.Text {
	title := words.Text(cmp.Or(m.Kind.Traits().Title, string(m.Kind)))
	if total, err := m.Total(); err == nil && !total.IsZero() {
		return words.Textf("%s of %s", title, words.Money(total, c))
	}
	return title
}

// SeenAlike says which entries and proposals alike are shown, for a form to send it back.
func SeenAlike(p clientaccount.MovePreview) string {
	seen := strconv.FormatInt(NewestAlike(p), 10)
	if len(p.Proposed) > 0 {
		seen += " " + p.Proposed[0].ID.String()
	}
	return seen
}

// HasNewAlike reports whether there is an entry or a proposal alike that was not shown.
func HasNewAlike(p clientaccount.MovePreview, seen string) bool {
	entry, proposal, _ := strings.Cut(seen, " ")
	number, err := strconv.ParseInt(entry, 10, 64)
	if err != nil || NewestAlike(p) > number {
		return true
	}
	shown, _ := account.ParseID(proposal) // else none was
	return len(p.Proposed) > 0 && p.Proposed[0].ID.Compare(shown) > 0
}

// NewestAlike is the number of the newest entry that may be the same movement; 0 for none.
func NewestAlike(p clientaccount.MovePreview) int64 {
	if len(p.Alike) == 0 {
		return 0
	}
	return p.Alike[0].Number
}

// AlikeOf tells of one, as the actor may be told of it.
func AlikeOf(r *ask.Request, seen account.Account, e account.Entry) Alike {
	title := words.Text(cmp.Or(e.Kind.Traits().Title, string(e.Kind)))
	return Alike{
		Text: words.Textf("%s of %s, entry %s%s", title, words.Money(e.Moved().Abs(), seen.Core.Currency), strconv.FormatInt(e.Number, 10), byWords(e.Actor)),
		When: words.MomentOf(e.At, r.Service.Now(), words.Zone(seen)),
	}
}

func byWords(who account.Actor) words.Text {
	if who.Name == "" {
		return ""
	}
	return words.Textf(", by %s", who.Name)
}
