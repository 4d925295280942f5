package page

import (
	"cmp"
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
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
		Text: words.Textf("%s of %s, entry %s%s", title, words.Money(e.Moved().Abs(), seen.Core.Currency), strconv.FormatInt(e.Number, 10), byWords(e)),
		When: words.MomentOf(e.At, r.Service.Now(), words.Zone(seen)),
	}
}

func byWords(e account.Entry) string {
	if e.Actor.Name == "" {
		return ""
	}
	return ", by " + e.Actor.Name
}
