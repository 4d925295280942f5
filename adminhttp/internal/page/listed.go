package page

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/internal/say"
)

// ListTitle says in words what the list is narrowed to, so that a bookmark has a name.
func ListTitle(r *ask.Request, s ListState, d kind.Directory) (say.Text, error) {
	parts, err := filterWords(r, s, d)
	if s.Search != "" {
		parts = append(parts, say.Textf("“%s”", s.Search))
	}
	if len(parts) == 0 {
		return "Clients", err
	}
	return say.Textf("Clients: %s", say.Join(parts, ", ")), err
}

// Filters are what the list is narrowed to, but for what is searched; empty for nothing.
func (s ListState) Filters(r *ask.Request, d kind.Directory) (say.Text, error) {
	parts, err := filterWords(r, s, d)
	return say.Join(parts, ", "), err
}

func filterWords(r *ask.Request, s ListState, d kind.Directory) (parts []say.Text, err error) {
	if a := account.Attention(s.Attention); r.Judge.Attention(a) {
		parts = append(parts, attentionTitles[a])
	}
	if status := account.Status(s.Status); status != "" && KnownStatus(status) && r.Judge.Shows("status") {
		parts = append(parts, PillOf(status).Word)
	}
	add := func(shown bool, text string, name func(account.ID) say.Text, nobody say.Text) {
		switch id, err := account.ParseID(text); {
		case !shown:
		case text == ask.Nobody:
			parts = append(parts, nobody)
		case err == nil && !id.IsZero():
			parts = append(parts, name(id))
		}
	}
	add(r.Judge.Shows("manager"), s.Manager, d.ManagerName, "No manager")
	add(r.Judge.Shows("notes.product"), s.Product, d.ProductName, "No product")
	add(true, s.Parent, func(id account.ID) say.Text {
		var parent NameLink
		parent, err = NameOf(r, id)
		return say.Textf("subaccounts of %s", parent.Name)
	}, "No parent")
	if f, _ := account.FieldAt("contact.country"); s.Country != "" && r.Judge.Shows(f.Path) {
		parts = append(parts, kind.Words(kind.Wording{Directory: d}, f, s.Country))
	}
	return parts, err
}

// attentionTitles say why clients need work.
var attentionTitles = map[account.Attention]say.Text{
	account.AttentionExhausted:      "exhausted",
	account.AttentionNearLimit:      "near their limit",
	account.AttentionOverdrawEnding: "with an overdraw about to end",
	account.AttentionExpiring:       "about to expire",
	account.AttentionWebhookFailing: "with a failing webhook",
	account.AttentionMailFailing:    "with failing mail",
	account.AttentionSilent:         "silent for 30 days",
	account.AttentionUnconfirmed:    "waiting for confirmation",
}

// CountWords are a number of clients in words.
func CountWords(n ask.Count) say.Text {
	switch {
	case n.More:
		return say.Textf("%s+", say.Digits("1,000"))
	case n.Clients == ask.CountMost:
		return say.Number("1,000")
	default:
		return say.Textf("%d", n.Clients)
	}
}

// CountOf says how many clients a filter finds; nothing where that is not told.
func CountOf(r *ask.Request, f ask.ClientFilter) (say.Text, error) {
	if !TellsCount(r, f) {
		return "", nil
	}
	n, err := r.Count(f)
	return CountWords(n), err
}

// TellsCount reports whether the actor is told how many clients a filter finds: a search may find more
// than they are shown.
func TellsCount(r *ask.Request, f ask.ClientFilter) bool {
	return f.Search == "" || !slices.ContainsFunc(account.Fields(), func(f account.Field) bool { return f.Searched && !r.Judge.Shows(f.Path) })
}
