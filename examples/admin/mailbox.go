package main

import (
	"cmp"
	"context"
	_ "embed"
	"html/template"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/clientaccount/clientaccount/mail"
)

// Bounds of a mailbox: older mails make room.
const (
	mailboxMails = 300
	mailboxBytes = 32 << 20
)

// mailbox is a mail.Sender that keeps the latest mails of this run, and a page in which they are
// read. The zero value is empty.
type mailbox struct {
	mu    sync.Mutex
	last  int          // how many came
	mails []mailboxRow // oldest first
	bytes int
}

// mailboxRow is a mail, and which one it was.
type mailboxRow struct {
	Number int
	mail.Message
}

func (r mailboxRow) size() int {
	n := len(r.Text) + len(r.HTML)
	for _, file := range r.Attachments {
		n += len(file.Content)
	}
	return n
}

// Send keeps a mail.
func (b *mailbox) Send(_ context.Context, m mail.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	row := mailboxRow{b.last, m}
	b.mails, b.bytes = append(b.mails, row), b.bytes+row.size()
	for len(b.mails) > mailboxMails || b.bytes > mailboxBytes && len(b.mails) > 1 {
		b.bytes -= b.mails[0].size()
		b.mails = b.mails[1:]
	}
	return nil
}

// latest returns all mails, those of the latest documents first.
func (b *mailbox) latest() []mailboxRow {
	b.mu.Lock()
	defer b.mu.Unlock()
	rows := slices.Clone(b.mails)
	slices.SortFunc(rows, func(x, y mailboxRow) int {
		return cmp.Or(y.Date.Compare(x.Date), cmp.Compare(y.Number, x.Number))
	})
	return rows
}

// mail returns the mail of a request.
func (b *mailbox) mail(r *http.Request) (row mailboxRow, found bool) {
	n, err := strconv.Atoi(r.PathValue("mail"))
	if err != nil {
		return row, false
	}
	for _, row := range b.latest() {
		if row.Number == n {
			return row, true
		}
	}
	return row, false
}

//go:embed mailbox.html
var mailboxHTML string

var mailboxPages = template.Must(template.New("mailbox").Parse(mailboxHTML))

// ServeHTTP serves the list of mails, one mail, its HTML by itself, and its attachments.
func (b *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mailbox", func(w http.ResponseWriter, _ *http.Request) { writePage(w, "list", b.latest()) })
	mux.HandleFunc("GET /mailbox/{mail}", b.one(func(w http.ResponseWriter, _ *http.Request, row mailboxRow) { writePage(w, "mail", row) }))
	mux.HandleFunc("GET /mailbox/{mail}/html", b.one(writeMail))
	mux.HandleFunc("GET /mailbox/{mail}/files/{file}", b.one(writeFile))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	mux.ServeHTTP(w, r)
}

// handler returns the mailbox's pages; nil for none.
func (b *mailbox) handler() http.Handler {
	if b == nil {
		return nil
	}
	return b
}

func (b *mailbox) one(write func(http.ResponseWriter, *http.Request, mailboxRow)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		row, found := b.mail(r)
		if !found {
			http.Error(w, "This mail is not here any more: the mailbox keeps the latest ones of this run.", http.StatusNotFound)
			return
		}
		write(w, r, row)
	}
}

func writePage(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	_ = mailboxPages.ExecuteTemplate(w, name, data) // whoever asked is gone
}

// writeMail writes the HTML of a mail as a stranger's: no script, no request, no origin.
func writeMail(w http.ResponseWriter, _ *http.Request, row mailboxRow) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'")
	_, _ = w.Write([]byte(row.HTML))
}

// writeFile writes an attachment to be saved.
func writeFile(w http.ResponseWriter, r *http.Request, row mailboxRow) {
	n, err := strconv.Atoi(r.PathValue("file"))
	if err != nil || n < 0 || n >= len(row.Attachments) {
		http.NotFound(w, r)
		return
	}
	file := row.Attachments[n]
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": file.Name.String()})
	w.Header().Set("Content-Disposition", cmp.Or(disposition, "attachment"))
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", file.Type)
	_, _ = w.Write(file.Content)
}
