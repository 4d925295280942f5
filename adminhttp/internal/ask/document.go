package ask

import (
	"bytes"
	"mime"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Paper is a document of the path's client as the actor may see it.
type Paper struct {
	document.Document      // what is hidden is blank
	Whole             bool // nothing that the document may hold is hidden
}

// Paper returns the document of an id; account.ErrNotFound where there is none for the actor.
func (r *Request) Paper(text string) (Paper, error) {
	d, err := r.document(text)
	if err != nil {
		return Paper{}, err
	}
	return r.masked(d)
}

// document returns a document of the path's client as it is.
func (r *Request) document(text string) (document.Document, error) {
	id, err := account.ParseID(text)
	if err != nil || id.IsZero() {
		return nil, account.ErrNotFound
	}
	d, err := r.Service.Document(r.Context(), r.ID, id)
	if err != nil {
		return nil, err
	}
	seen, err := r.seesDocument(r.Client, d)
	if err == nil && !seen {
		err = account.ErrNotFound
	}
	return d, err
}

// seesDocument reports whether there is a document of a client for the actor.
func (r *Request) seesDocument(client account.Account, d document.Document) (bool, error) {
	if notice, is := d.(document.Notice); is {
		return r.Judge.Notice(r.Context(), client, notice)
	}
	return r.Judge.Document(r.Context(), client, d.Kind())
}

// masked returns a document of the path's client without what the actor does not see.
func (r *Request) masked(d document.Document) (Paper, error) {
	asks, err := r.asksManager(d.About().Manager)
	p := Paper{Whole: true}
	p.Document = document.Masked(d, func(path string) bool {
		seen := r.Judge.Shows(path) && (path != "manager" || asks)
		p.Whole = p.Whole && seen
		return seen
	})
	return p, err
}

// asksManager reports whether the actor may be told of the manager whom a document names: one
// within the scope, or nobody.
func (r *Request) asksManager(c document.Contact) (bool, error) {
	if r.Judge.All() || c == (document.Contact{}) {
		return true, nil
	}
	all, err := r.Managers()
	return slices.ContainsFunc(all, func(m account.Manager) bool { return m.Name == c.Name && m.Email == c.Email }), err
}

// DocumentMails returns the mails of a document of the path's client, the first first; none for
// who may not be told of them.
func (r *Request) DocumentMails(id account.ID) ([]store.Mail, error) {
	if !r.Judge.Mails() {
		return nil, nil
	}
	mails, err := r.Service.Mails(r.Context(), r.ID, id)
	for i, m := range mails {
		mails[i] = r.mail(m)
	}
	return mails, err
}

// MailPaths returns the settings that say where mails of a role go. One to a fixed address may
// name what any of them was.
func MailPaths(role store.MailRole) []string {
	switch role {
	case store.MailMain:
		return []string{"mail.email"}
	case store.MailBilling:
		return []string{"mail.billing", "mail.email"}
	case store.MailPrices:
		return []string{"mail.price_update", "mail.email"}
	default:
		return []string{"mail.email", "mail.billing", "mail.price_update"}
	}
}

// mail returns a mail as the actor may be told of it: of a hidden address neither that nor what
// the far end said, which may repeat it.
func (r *Request) mail(m store.Mail) store.Mail {
	if !r.Judge.Shows(MailPaths(m.Role)...) {
		m.To, m.Last.Said = "", ""
	}
	return m
}

// MailsTo reports whether the actor may mail a document of the path's client to an address of their
// own choice: who sees all of it, and all addresses of the client, so that none can be guessed.
func (r *Request) MailsTo(p Paper) bool {
	return p.Whole && r.Judge.Shows(MailPaths(store.MailFixed)...)
}

// MailAgain mails a document of the path's client once more: to an address, or for none to the
// client's own.
func (r *Request) MailAgain(p Paper, to string) (store.Mail, error) {
	if to != "" && !r.MailsTo(p) {
		return store.Mail{}, account.Faults{account.NewFault("to", "field.hidden")}
	}
	m, err := r.Service.MailDocument(r.Context(), r.ID, p.About().ID, to)
	return r.mail(m), err
}

// File is a document as a file.
type File struct {
	Name, Type string
	Content    []byte
}

// File returns a document of the path's client in a format, made in full. Errors:
// account.ErrNotFound, document.ErrNoFile.
func (r *Request) File(text string, format document.Format) (File, error) {
	p, err := r.Paper(text)
	if err != nil {
		return File{}, err
	}
	var out bytes.Buffer
	if err := r.Files.Write(&out, p.Document, format); err != nil {
		return File{}, err
	}
	return File{r.Files.Name(p.Document, format), r.Files.Type(format), out.Bytes()}, nil
}

// Download answers with the file, to be kept.
func (f File) Download(w http.ResponseWriter) {
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	f.write(w)
}

// Open answers with the file, to be looked at under a Content-Security-Policy.
func (f File) Open(w http.ResponseWriter, policy string) {
	w.Header().Set("Content-Security-Policy", policy)
	f.write(w)
}

// write answers; who hung up meanwhile is told nothing.
func (f File) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.Type)
	_, _ = w.Write(f.Content)
}

// MailsOf returns the mails of documents, by document; none for who may not be told of them.
func (r *Request) MailsOf(documents []Document) (map[account.ID][]store.Mail, error) {
	all, ids := map[account.ID][]store.Mail{}, map[account.ID][]account.ID{}
	if !r.Judge.Mails() {
		return all, nil
	}
	for _, d := range documents {
		if d.Mailed != "" {
			ids[d.Account] = append(ids[d.Account], d.ID)
		}
	}
	for client, of := range ids {
		mails, err := r.Service.Mails(r.Context(), client, of...)
		if err != nil {
			return nil, err
		}
		for _, m := range mails {
			all[m.Document] = append(all[m.Document], r.mail(m))
		}
	}
	return all, nil
}
