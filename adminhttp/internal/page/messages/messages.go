// Package messages is the pages of a client's messages: all of them, in figures too, and one
// with its whole story.
package messages

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the pages of a client's messages. The one of a single message is told its id
// by the query: an id like ".." cannot stand in a path.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("clients/{id}/messages", access.SeeMessages, showMessages),
		page.Get("clients/{id}/messages/export", access.ExportMessages, exportMessages),
		page.Get("clients/{id}/message", access.SeeMessages, showStory),
	}
}

// messagesView is the page of a client's messages.
type messagesView struct {
	Head    page.Head
	Note    words.Text // why there is nothing to show
	Figures *figuresView
	List    *listView
}

// messagesPage is what the pages are made from: who asks, the account, and what the actor may
// be told.
type messagesPage struct {
	r     *ask.Request
	seen  account.Account // hidden fields blanked
	head  page.Head
	parts access.Parts
	now   time.Time
	zone  *time.Location
	// places are the decimals of the column of amounts that is made.
	places int
}

func newMessagesPage(r *ask.Request) (*messagesPage, error) {
	head, err := page.ReadHead(r, r.Client, "messages")
	p := &messagesPage{r: r, seen: r.Judge.Visible(r.Client), head: head, parts: r.Judge.Parts(), now: r.Service.Now()}
	p.zone = words.Zone(p.seen)
	return p, err
}

// moment returns an instant by the client's clock.
func (p *messagesPage) moment(t time.Time) words.Moment { return words.MomentOf(t, p.now, p.zone) }

// storyURL returns the page of a message.
func (p *messagesPage) storyURL(id string) string {
	return p.head.URL("message") + "?" + url.Values{"id": {id}}.Encode()
}

// listURL returns the messages in some state of the list.
func (p *messagesPage) listURL(s listState) string { return s.URL(p.head.URL("messages"), 0) }

// noMessages is what is said where the Service keeps none.
const noMessages = "This platform keeps no messages here: it has no place for them."

func showMessages(w http.ResponseWriter, r *ask.Request) error {
	p, err := newMessagesPage(r)
	if err != nil {
		return err
	}
	v := messagesView{Head: p.head}
	if v.List, err = newList(p); err == nil {
		v.Figures, err = newFigures(p)
	}
	switch {
	case errors.Is(err, clientaccount.ErrNoMessages):
		v.Note = noMessages
	case err != nil:
		return err
	}
	return pages.Show(w, r, http.StatusOK, "messages", words.Textf("Messages · %s", v.Head.Name), v)
}
