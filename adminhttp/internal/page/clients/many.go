package clients

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/internal/say"
)

// manyBar leads from the list to a change of many clients at once.
type manyBar struct {
	Action string
	List   string   // the list's filter, as its URL has it
	All    say.Text // the button for all that the list finds
	Paged  bool     // there are other pages of it
}

func newManyBar(r *ask.Request, s page.ListState) *manyBar {
	return &manyBar{Action: r.Root + "clients/many", List: s.Narrowing().Values().Encode()}
}

// tell says how many all are, where that may be said: as counted, where the list has other pages.
func (b *manyBar) tell(s page.ListState, shown clientaccount.Page, all say.Text) {
	if b.Paged = shown.Next != "" || s.Cursor != ""; !b.Paged {
		all = page.CountWords(ask.Count{Clients: len(shown.Rows)})
	}
	if b.All = "All that match: change…"; all != "" {
		b.All = say.Textf("All %s that match: change…", all)
	}
}
