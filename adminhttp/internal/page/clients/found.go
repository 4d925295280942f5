package clients

import (
	"net/url"

	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// foundRow is something of a client that has what was searched for as its key.
type foundRow struct {
	What   say.Text
	Href   string
	Key    string
	Client string
	When   *words.Moment
}

// findByKey looks for what was searched for as a reference, the id of a message, or a number of a
// document.
func findByKey(r *ask.Request, text string) (rows []foundRow, err error) {
	found, err := r.Find(text)
	for _, f := range found {
		rows = append(rows, newFoundRow(r, f))
	}
	return rows, err
}

func newFoundRow(r *ask.Request, f ask.Found) foundRow {
	one := r.Root + "clients/" + f.Account.String()
	row := foundRow{Client: f.Client.Core.Login, Key: f.Key()}
	if name := f.Client.Name(); row.Client == "" || name != "" && name != row.Client {
		row.Client = joined(row.Client, name)
	}
	now := r.Service.Now()
	switch {
	case f.Entry != nil:
		at := words.MomentOf(f.Entry.At, now, now.Location())
		row.What, row.When = say.Textf("Entry %d", f.Entry.Number), &at
		row.Href = page.EntryURL(one+"/money", f.Entry.Number)
	case f.Message != nil:
		row.What = "Message"
		row.Href = one + "/message?" + url.Values{"id": {f.Message.ID}}.Encode()
	case f.Document != nil:
		at := words.MomentOf(f.Document.At, now, now.Location())
		row.What, row.When = "Document", &at
		row.Href = one + "/documents/" + f.Document.ID.String()
	}
	return row
}

func joined(login, name string) string {
	if login == "" || name == "" {
		return login + name
	}
	return login + ", " + name
}
