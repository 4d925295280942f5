package clients

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/internal/say"
)

// manyBar leads from the list to a change of many clients at once.
type manyBar struct {
	Action string
	List   string   // the list's filter, as its URL has it
	All    say.Text // the button for all that the list finds
}

func newManyBar(r *ask.Request, s page.ListState) *manyBar {
	return &manyBar{Action: r.Root + "clients/many", List: s.Narrowing().Values().Encode()}
}

// count says how many all are. Where a search may find more than the actor is shown, it is not said.
func (b *manyBar) count(r *ask.Request, s page.ListState, shown int, more bool) error {
	n := ask.Count{Clients: shown}
	hides := slices.ContainsFunc(account.Fields(), func(f account.Field) bool { return f.Searched && !r.Judge.Shows(f.Path) })
	switch {
	case !more && s.Cursor == "":
	case s.Search != "" && hides:
		b.All = "All that match: change…"
		return nil
	default:
		var err error
		if n, err = r.Count(s.ClientFilter); err != nil {
			return err
		}
	}
	b.All = say.Textf("All %s that match: change…", countWords(n))
	return nil
}
