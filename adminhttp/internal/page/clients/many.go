package clients

import (
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

// count says how many all are, where that may be said.
func (b *manyBar) count(r *ask.Request, s page.ListState, shown int, more bool) (err error) {
	b.Paged = more || s.Cursor != ""
	n := page.CountWords(ask.Count{Clients: shown})
	if b.Paged {
		n, err = page.CountOf(r, s.ClientFilter)
	}
	if b.All = "All that match: change…"; n != "" {
		b.All = say.Textf("All %s that match: change…", n)
	}
	return err
}
