package documents

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// listView is a page of documents.
type listView struct {
	page.Pager
	State    listState
	Kinds    []kind.Option
	States   []kind.Option // of mails; empty for who may not be told of them
	Rows     []row
	Clients  bool // of several
	Actions  bool // a row has some
	Fault    words.Text
	First    string // URL of the first page
	Previews string // URL; empty where there are none
}

// row is a document, as lists show it.
type row struct {
	URL       string
	Title     words.Text
	Number    string
	Client    page.NameLink
	Issued    words.Text
	Made      words.Moment
	Period    words.Text
	Total     words.Text
	TotalNote words.Text // what it is
	Mailed    *page.Pill
	Mails     []mailLine
	Files     []page.Link
	Again     string // URL that the button is sent to; empty: it has none
	Credit    string // URL
}

// listState is what the URL says of the documents shown.
type listState struct{ Kind, From, To, Number, Mailed, Cursor string }

// listPage is how many documents a page shows.
const listPage = 25

func readListState(r *ask.Request) listState {
	q := r.URL.Query()
	s := listState{Kind: q.Get("kind"), From: q.Get("from"), To: q.Get("to"), Number: q.Get("number"), Mailed: q.Get("mailed"), Cursor: q.Get("cursor")}
	if !slices.Contains(r.Judge.DocumentKinds(), document.Kind(s.Kind)) {
		s.Kind = ""
	}
	if _, ok := words.DayOf(s.From); !ok {
		s.From = ""
	}
	if _, ok := words.DayOf(s.To); !ok {
		s.To = ""
	}
	if !r.Judge.Mails() || !slices.Contains(ask.MailStates(), store.MailState(s.Mailed)) {
		s.Mailed = ""
	}
	return s
}

// URL returns the page in this state, from its first row or behind a cursor.
func (s listState) URL(shown, cursor string) string {
	values := url.Values{}
	for name, value := range map[string]string{"kind": s.Kind, "from": s.From, "to": s.To, "number": s.Number, "mailed": s.Mailed, "cursor": cursor} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return page.StateURL(shown, "list", values)
}

// newList returns a page of documents of a client, or for the zero id of all; shown is its URL.
// A fault of its URL is in the view, whose status is then another than OK.
func newList(r *ask.Request, client account.ID, shown string) (v *listView, status int, err error) {
	s := readListState(r)
	v = &listView{State: s, Clients: client.IsZero(), Pager: page.Pager{
		One: "document", Many: "documents", None: "No document was made yet.",
		Clear: shown + "#list", Filtered: s != listState{Cursor: s.Cursor},
	}}
	for _, of := range r.Judge.DocumentKinds() {
		v.Kinds = append(v.Kinds, kind.Option{Value: string(of), Label: kindTitles[of]})
	}
	if r.Judge.Mails() {
		for _, state := range ask.MailStates() {
			v.States = append(v.States, kind.Option{Value: string(state), Label: mailPills[state].Word})
		}
	}
	found, err := r.Documents(client, s.filter(v.Clients), s.Cursor, listPage)
	if faults, bad := account.AsFaults(err); bad {
		v.Fault, v.First = words.Fault(faults[0]), s.URL(shown, "")
		return v, http.StatusUnprocessableEntity, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if found.Next != "" {
		v.Older = s.URL(shown, found.Next)
	}
	if s.Cursor != "" {
		v.Newest = s.URL(shown, "")
	}
	err = v.addRows(r, found.Rows)
	return v, http.StatusOK, err
}

// filter returns the state as documents are asked for: those whose mails failed come first in the
// list of all clients.
func (s listState) filter(failedFirst bool) ask.DocumentFilter {
	return ask.DocumentFilter{Kind: s.Kind, From: s.From, To: s.To, Number: s.Number, Mailed: s.Mailed, FailedFirst: failedFirst}
}

func (v *listView) addRows(r *ask.Request, documents []ask.Document) error {
	mails, err := r.MailsOf(documents)
	if err != nil {
		return err
	}
	var column []decimal.Decimal
	for _, d := range documents {
		column = append(column, d.Total.Or(decimal.Zero))
	}
	for _, d := range documents {
		row := newRow(r, d, mails[d.ID])
		if total, set := d.Total.Get(); set {
			row.Total = words.Money(total, d.Currency)
			if d.Kind == document.KindStatement {
				row.TotalNote = "the balance at its end"
			}
			if !v.Clients {
				row.Total = words.Aligned(total, d.Currency, words.Places(d.Currency, column...))
			}
		}
		v.Rows = append(v.Rows, row)
		v.Actions = v.Actions || row.Again != "" || row.Credit != ""
	}
	v.Shown = len(v.Rows)
	return nil
}

func newRow(r *ask.Request, d ask.Document, mails []store.Mail) row {
	seen := r.Judge.Visible(d.Client)
	clock := clientPage{r: r, seen: seen, now: r.Service.Now(), zone: words.Zone(seen)}
	of := row{
		URL: documentURL(r, d.Account, d.ID), Title: title(d.Kind, d.Event), Number: d.Number, Issued: dayWords(d.Issued), Made: clock.moment(d.At),
		Period: periodWords(d.First, d.Last),
		Client: page.NameLink{Name: clientName(seen), Href: r.Root + "clients/" + d.Account.String() + "/documents"},
	}
	for _, format := range r.Files.Formats(d.Kind) {
		of.Files = append(of.Files, page.Link{Name: formatWords(format), Href: of.URL + "/files/" + string(format)})
	}
	if pill, known := mailPills[d.Mailed]; known {
		of.Mailed = &pill
	}
	for _, m := range mails {
		of.Mails = append(of.Mails, clock.mailLine(m))
	}
	if d.Mailed == store.MailFailed && r.Judge.Meets(access.MailAgain) {
		of.Again = of.URL + "/mails"
	}
	if d.Kind == document.KindInvoice && r.Judge.Meets(access.CreditInvoice) {
		of.Credit = of.URL + "/credit"
	}
	return of
}

// documentsView is the page of documents, of one client or of all.
type documentsView struct {
	Head *page.Head // nil: of all clients
	Note words.Text // why there is nothing to show
	List *listView
}

func showDocuments(w http.ResponseWriter, r *ask.Request) error {
	p, err := newClientPage(r)
	if err != nil {
		return err
	}
	v := documentsView{Head: &p.head}
	list, status, err := newList(r, r.ID, p.head.URL("documents"))
	switch {
	case errors.Is(err, clientaccount.ErrNoBilling):
		v.Note, status = noDocuments, http.StatusOK
	case err != nil:
		return err
	default:
		if v.List = list; r.Preview != nil {
			list.Previews = p.head.URL("mail")
		}
	}
	return pages.Show(w, r, status, "documents", words.Textf("Documents · %s", v.Head.Name), v)
}

func showAll(w http.ResponseWriter, r *ask.Request) error {
	v := documentsView{}
	list, status, err := newList(r, account.ID{}, r.Root+"documents")
	switch {
	case errors.Is(err, clientaccount.ErrNoBilling):
		v.Note, status = noDocuments, http.StatusOK
	case err != nil:
		return err
	default:
		v.List = list
	}
	return pages.Show(w, r, status, "documents", "Documents", v)
}

func clientName(a account.Account) words.Text {
	if name := cmp.Or(a.Name(), a.Core.Login); name != "" {
		return words.Plain(name)
	}
	return "a client"
}
