package documents

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// documentPage is what the page of a document is made from, and what was sent and refused, if
// anything was.
type documentPage struct {
	*clientPage
	paper  ask.Paper
	url    string
	values url.Values // of the form that was sent
	faults account.Faults
}

func newDocumentPage(r *ask.Request) (*documentPage, error) {
	paper, err := r.Paper(r.PathValue("document"))
	if err != nil {
		return nil, err
	}
	p, err := newClientPage(r)
	return &documentPage{clientPage: p, paper: paper, url: documentURL(r, r.ID, paper.About().ID)}, err
}

// documentView is the page of a document.
type documentView struct {
	Head   page.Head
	Done   words.Text // what was done
	Faults []page.FaultLink
	Paper  document.Layout
	Made   words.Moment
	Files  []page.Link
	Mails  []mailLine
	Mailed bool // the actor may be told of mails
	Again  string
	Form   []kind.Control
	Credit string
	Others []other
	List   string
}

// other is a document that belongs to this one: the invoice of a credit note, or the other way
// round.
type other struct {
	Title words.Text
	Href  string
	Note  words.Text
}

func showDocument(w http.ResponseWriter, r *ask.Request) error {
	p, err := newDocumentPage(r)
	if err != nil {
		return err
	}
	return p.show(w, http.StatusOK)
}

func (p *documentPage) show(w http.ResponseWriter, status int) error {
	d := p.paper.Document
	v := documentView{
		Head: p.head, Paper: document.NewLayout(d, p.r.Files.WordsOf(d)), Made: p.moment(d.About().At), List: p.head.URL("documents"),
		Mailed: p.r.Judge.Mails(),
	}
	for _, format := range p.r.Files.Formats(d.Kind()) {
		v.Files = append(v.Files, page.Link{Name: formatWords(format), Href: p.url + "/files/" + string(format)})
	}
	if p.r.Judge.Meets(access.MailAgain) {
		v.Again, v.Form = p.url+"/mails", p.againForm()
	}
	v.Faults = page.FaultLinks(p.faults, func(path string) (label words.Text, href string) {
		if path != "to" || len(v.Form) == 0 {
			return "", ""
		}
		return "To", "#f-to"
	})
	for _, part := range []func(*documentView) error{p.addMails, p.addOthers} {
		if err := part(&v); err != nil {
			return err
		}
	}
	title := words.Textf("%s · %s", v.Paper.Name, v.Head.Name)
	if len(v.Faults) > 0 {
		title = words.Textf("Errors · %s", title)
	}
	return pages.Show(w, p.r, status, "document", title, v)
}

// addMails adds the mails, and says which was made before this page was asked for.
func (p *documentPage) addMails(v *documentView) error {
	query := p.r.URL.Query()
	switch {
	case query.Has("again"):
		v.Done = "It was made before, once."
	case query.Has("made"):
		v.Done = "The credit note is made."
	}
	mails, err := p.r.DocumentMails(p.paper.About().ID)
	for _, m := range mails {
		line := p.mailLine(m)
		v.Mails = append(v.Mails, line)
		if m.ID.String() == query.Get("mailed") && len(p.faults) == 0 {
			v.Done = "It is mailed again."
			if line.To != "" {
				v.Done = words.Textf("It is mailed again to %s.", line.To)
			}
		}
	}
	return err
}

// addOthers adds what belongs to an invoice or a credit note.
func (p *documentPage) addOthers(v *documentView) error {
	switch d := p.paper.Document.(type) {
	case document.Invoice:
		if p.r.Judge.Meets(access.CreditInvoice) {
			v.Credit = p.url + "/credit"
		}
		notes, err := p.r.Documents(p.r.ID, ask.DocumentFilter{Kind: string(document.KindCreditNote), Of: d.ID.String()}, "", account.MaxPage)
		for _, n := range notes.Rows {
			of := other{Title: words.Textf("Credit note %s", n.Number), Href: documentURL(p.r, p.r.ID, n.ID), Note: dayWords(n.Issued)}
			if total, set := n.Total.Get(); set {
				of.Note = words.Textf("%s, %s", of.Note, words.Money(total, n.Currency))
			}
			v.Others = append(v.Others, of)
		}
		return err
	case document.CreditNote:
		v.Others = []other{{words.Textf("Invoice %s", d.Invoice.Number.Text), documentURL(p.r, p.r.ID, d.Invoice.ID), dayWords(d.Invoice.Issued)}}
	}
	return nil
}

// serveFile answers with a document as a file. A page is opened, and can do nothing; everything
// else is downloaded.
func serveFile(w http.ResponseWriter, r *ask.Request) error {
	file, err := r.File(r.PathValue("document"), document.Format(r.PathValue("format")))
	if errors.Is(err, document.ErrNoFile) {
		err = account.ErrNotFound
	}
	if err != nil {
		return err
	}
	if r.PathValue("format") == string(document.FormatHTML) {
		file.Open(w, document.HTMLPolicy()+"; frame-ancestors 'none'; sandbox allow-modals") // to print
		return nil
	}
	file.Download(w)
	return nil
}
