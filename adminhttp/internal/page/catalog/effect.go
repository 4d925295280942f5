package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// nameWarned says which effect was shown before saving.
const nameWarned = "_warned"

// effectView is what saving comes to for clients.
type effectView struct {
	Said   words.Text
	Rows   []effectRow
	More   bool       // clients are touched than are shown
	Unread words.Text // of clients that were not looked at; empty: there are none
	Warned string     // sent back with the form
}

// effectRow is what it comes to for one client.
type effectRow struct {
	Login, Company, Href string
	Changes              []page.Change
}

// seenEffect is an effect as one text, the same for the same one.
func seenEffect(e *ask.ListEffect) string {
	told, err := json.Marshal(e)
	if err != nil { // there is nothing that cannot be
		return ""
	}
	sum := sha256.Sum256(told)
	return hex.EncodeToString(sum[:12])
}

// showEffect shows the form with what was typed, and what saving it would come to.
func showEffect(w http.ResponseWriter, r *ask.Request, l ask.List, typed ask.ListRow, e *ask.ListEffect) error {
	view, err := newRowForm(r, l, typed, nil)
	if err != nil {
		return err
	}
	effect := &effectView{Warned: seenEffect(e), More: len(e.Effects) < e.Touched && !e.Hidden}
	switch {
	case e.Hidden:
		effect.Said = "Clients that have this product, and no value of their own, get the new values at once."
	case e.Touched == 1:
		effect.Said = "One client gets other values at once."
	default:
		effect.Said = words.Textf("%d clients get other values at once.", e.Touched)
	}
	if e.Unread > 0 {
		effect.Unread = words.Textf("%d more clients have this product, and were not looked at: they may get other values, too.", e.Unread)
	}
	for _, of := range e.Effects {
		effect.Rows = append(effect.Rows, effectRow{
			Login: of.Login, Company: of.Company, Href: r.Root + "clients/" + of.Account.String() + "/edit", Changes: differences(l, typed, of.Changes),
		})
	}
	view.Effect = effect
	return pages.Show(w, r, http.StatusOK, "row", words.Plain(view.Heading), view)
}

// differences are in the words of the list's fields.
func differences(l ask.List, row ask.ListRow, all []clientaccount.ProductDifference) (views []page.Change) {
	fields := l.Fields()
	row.Currency = account.Currency(row.Texts["currency"])
	for _, d := range all {
		i := slices.IndexFunc(fields, func(f account.Field) bool { return f.Path == d.Path })
		if i < 0 {
			continue
		}
		said := func(text string) words.Text { return kind.Words(wordingOf(row), fields[i], text) }
		views = append(views, page.Change{Path: d.Path, Label: words.Text(fields[i].Label), Old: said(d.Before), New: said(d.After)})
	}
	return views
}
