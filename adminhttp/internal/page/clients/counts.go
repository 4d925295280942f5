package clients

import (
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

// addCounts tells how many clients need work, of all within the scope or of the manager chosen:
// each leads to these. What else narrows the list is left out, since the numbers are the day's work.
func (v *clientsView) addCounts(r *ask.Request, d kind.Directory) error {
	s := v.State
	counts, err := r.Counts(s.Manager)
	if err != nil {
		return err
	}
	for _, a := range r.Judge.Attentions() {
		to := page.ListState{ClientFilter: ask.ClientFilter{Manager: s.Manager, Attention: string(a), Sort: s.Sort, Desc: s.Desc}, Columns: s.Columns}
		v.addCount(r, countTexts[a], counts[a], to, s.Attention == string(a))
	}
	own := r.Judge.OwnManager()
	if own.IsZero() {
		return nil
	}
	to := page.ListState{ClientFilter: ask.ClientFilter{Manager: own.String(), Sort: s.Sort, Desc: s.Desc}, Columns: s.Columns}
	mine, err := r.Count(to.ClientFilter)
	v.addCount(r, "%s mine", mine, to, s.Manager == own.String())
	return err
}

// addCount leaves out what no client needs, unless it is what the list shows.
func (v *clientsView) addCount(r *ask.Request, text say.Text, n ask.Count, to page.ListState, current bool) {
	if n.Clients > 0 || current {
		v.Counts = append(v.Counts, countLink{Text: say.Textf(text, page.CountWords(n)), Href: to.URL(r.Root, ""), Current: current})
	}
}
