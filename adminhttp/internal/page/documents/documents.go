// Package documents is the pages of documents and their mails: those of a client, those of all
// clients within the scope, one of them, a credit note that is being made, and what mails look
// like.
package documents

import (
	"embed"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the pages of documents, and what their forms are sent to.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	const one = "clients/{id}/documents/{document}"
	return []page.Route{
		page.Get("documents", access.ListDocuments, showAll),
		page.Get("clients/{id}/documents", access.SeeDocuments, showDocuments),
		page.Get(one, access.SeeDocuments, showDocument),
		page.Get(one+"/files/{format}", access.SeeDocuments, serveFile),
		page.Post(one+"/mails", access.MailAgain, mailAgain),
		page.Get(one+"/credit", access.CreditInvoice, showCredit),
		page.Post(one+"/credit", access.CreditInvoice, doCredit),
		page.Get("clients/{id}/mail", access.SeeDocuments, showPreview),
		page.Get("clients/{id}/mail/{mail}", access.SeeDocuments, servePreview),
	}
}

// clientPage is what the pages of one client are made from: who asks, the account as the actor
// sees it, and its clock.
type clientPage struct {
	r    *ask.Request
	seen account.Account
	head page.Head
	now  time.Time
	zone *time.Location
}

func newClientPage(r *ask.Request) (*clientPage, error) {
	head, err := page.ReadHead(r, r.Client, "documents")
	p := &clientPage{r: r, seen: r.Judge.Visible(r.Client), head: head, now: r.Service.Now()}
	p.zone = words.Zone(p.seen)
	return p, err
}

// moment returns an instant by the client's clock.
func (p *clientPage) moment(t time.Time) words.Moment { return words.MomentOf(t, p.now, p.zone) }

// documentURL returns the page of a document of a client.
func documentURL(r *ask.Request, client, document account.ID) string {
	return r.Root + "clients/" + client.String() + "/documents/" + document.String()
}

// noDocuments is what is said where the Service keeps none.
const noDocuments = "This platform keeps no documents here: it has no place for them."
