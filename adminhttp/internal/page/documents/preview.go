package documents

import (
	"net/http"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// previewView shows what a kind of mail looks like.
type previewView struct {
	Head    page.Head
	List    string
	Action  string
	Kinds   []kind.Option
	Kind    string
	Role    words.Text
	Nobody  bool // the client has no address, else it is not the actor's to see
	Mail    ask.MailPreview
	Files   []words.Text
	Frame   string     // URL of the HTML; empty: there is none
	Problem words.Text // why there is nothing to show
}

// nameOf returns what a sample is called in URLs: the kind of its mail.
func nameOf(s ask.Sample) string {
	if n, is := s.Document.(document.Notice); is {
		return string(n.Event)
	}
	return string(s.Kind())
}

func showPreview(w http.ResponseWriter, r *ask.Request) error {
	if r.Preview == nil {
		return ask.ErrNoPreview
	}
	p, err := newClientPage(r)
	if err != nil {
		return err
	}
	samples, err := r.Samples()
	if err != nil {
		return err
	}
	v := previewView{Head: p.head, List: p.head.URL("documents"), Action: p.head.URL("mail"), Kind: r.URL.Query().Get("kind")}
	at := max(0, slices.IndexFunc(samples, func(s ask.Sample) bool { return nameOf(s) == v.Kind }))
	for _, s := range samples {
		n, _ := s.Document.(document.Notice)
		v.Kinds = append(v.Kinds, kind.Option{Value: nameOf(s), Label: title(s.Kind(), n.Event)})
	}
	v.Kind, v.Role = nameOf(samples[at]), roleWords[samples[at].Role]
	if v.Mail, err = r.MailOf(samples[at]); err != nil {
		r.LogFailure(err)
		v.Problem = "This mail cannot be written: its template, or the address, does not let it. It was noted."
	}
	v.Nobody = v.Mail.To == "" && r.Judge.Shows(ask.MailPaths(samples[at].Role)...)
	for _, file := range v.Mail.Files {
		v.Files = append(v.Files, words.Textf("%s, %s", file.Name, words.Bytes(file.Size)))
	}
	if v.Mail.HTML != "" {
		v.Frame = p.head.URL("mail") + "/" + v.Kind
	}
	w.Header().Set("Content-Security-Policy", w.Header().Get("Content-Security-Policy")+"; frame-src 'self'")
	return pages.Show(w, r, http.StatusOK, "preview", words.Textf("Mails · %s", v.Head.Name), v)
}

// framePolicy lets the HTML of a mail have its styles, and do nothing.
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// servePreview answers with the HTML of a mail, for the frame of its page.
func servePreview(w http.ResponseWriter, r *ask.Request) error {
	samples, err := r.Samples()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(samples, func(s ask.Sample) bool { return nameOf(s) == r.PathValue("mail") })
	if at < 0 {
		return account.ErrNotFound
	}
	m, err := r.MailOf(samples[at])
	if err != nil {
		return err
	}
	ask.File{Type: "text/html; charset=utf-8", Content: []byte(strings.TrimSpace(m.HTML))}.Open(w, framePolicy)
	return nil
}
