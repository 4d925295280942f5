package clients

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/internal/say"
)

// countLink is how many clients there are of something.
type countLink struct {
	Text    say.Text
	Href    string
	Current bool
}

// countTexts say how many clients need work, by why.
var countTexts = map[account.Attention]say.Text{
	account.AttentionExhausted:      "%s exhausted",
	account.AttentionNearLimit:      "%s near their limit",
	account.AttentionOverdrawEnding: "%s with an overdraw about to end",
	account.AttentionExpiring:       "%s about to expire",
	account.AttentionWebhookFailing: "%s with a failing webhook",
	account.AttentionMailFailing:    "%s with failing mail",
	account.AttentionSilent:         "%s silent for 30 days",
	account.AttentionUnconfirmed:    "%s waiting for confirmation",
}

// counting are numbers of clients that are counted while the rows of the list are read.
type counting struct {
	links   []countOf
	all     bool // that the list finds, too: the last
	counted func() ([]ask.Count, error)
}

// countOf is a number that leads to the clients it counts.
type countOf struct {
	text say.Text
	to   page.ListState
}

// count begins, after another thing, to count the clients that need work, of all within the scope or of
// the manager chosen, the actor's own, and all that the list finds. What else narrows the list is left out
// of the first, since these numbers are the day's work.
func (v *clientsView) count(r *ask.Request, after func() (kind.Directory, error)) (c counting) {
	s := v.State
	add := func(text say.Text, f ask.ClientFilter) {
		f.Sort, f.Desc = s.Sort, s.Desc
		c.links = append(c.links, countOf{text, page.ListState{ClientFilter: f, Columns: s.Columns}})
	}
	for _, a := range r.Judge.Attentions() {
		add(countTexts[a], ask.ClientFilter{Manager: s.Manager, Attention: string(a)})
	}
	if own := r.Judge.OwnManager(); !own.IsZero() {
		add("%s mine", ask.ClientFilter{Manager: own.String()})
	}
	var filters []ask.ClientFilter
	for _, link := range c.links {
		filters = append(filters, link.to.ClientFilter)
	}
	if c.all = v.Many != nil && page.TellsCount(r, s.ClientFilter); c.all {
		filters = append(filters, s.ClientFilter)
	}
	counted := r.Counted(filters...)
	c.counted = ask.Beside(func() ([]ask.Count, error) {
		_, _ = after() // whose error is the page's
		return counted()
	})
	return c
}

// addCounts tells what was counted. What no client needs is left out, unless it is what the list shows.
func (v *clientsView) addCounts(r *ask.Request, c counting, shown clientaccount.Page) error {
	counts, err := c.counted()
	if err != nil {
		return err
	}
	for i, link := range c.links {
		current := link.leadsTo(v.State)
		if counts[i].Clients > 0 || current {
			text := say.Textf(link.text, page.CountWords(counts[i]))
			v.Counts = append(v.Counts, countLink{Text: text, Href: link.to.URL(r.Root, ""), Current: current})
		}
	}
	if v.Many != nil {
		all := say.Text("")
		if c.all {
			all = page.CountWords(counts[len(c.links)])
		}
		v.Many.tell(v.State, shown, all)
	}
	return nil
}

// leadsTo reports whether a list is the one that the number leads to, whatever else narrows it.
func (c countOf) leadsTo(s page.ListState) bool {
	if c.to.Attention != "" {
		return s.Attention == c.to.Attention
	}
	return s.Manager == c.to.Manager
}
