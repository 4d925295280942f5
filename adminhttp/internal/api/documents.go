package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/store"
)

// documentRoutes are the operations on documents and their mails.
func documentRoutes() []operation {
	none := []int{http.StatusForbidden, http.StatusNotImplemented} // the second where no documents are kept
	const one = "clients/{id}/documents/{document}"
	return []operation{
		{
			method: http.MethodGet, path: "documents", need: access.ListDocuments, id: "listAllDocuments", summary: "Documents of all clients within one's scope, the newest first",
			params: documentParams, status: http.StatusOK, answers: of[DocumentList](), refuses: none,
			do: func(w http.ResponseWriter, r *ask.Request) error { return listDocuments(w, r, account.ID{}) },
		},
		{
			method: http.MethodGet, path: "clients/{id}/documents", need: access.SeeDocuments, id: "listDocuments", summary: "A client's documents, the newest first",
			params: documentParams, status: http.StatusOK, answers: of[DocumentList](), refuses: none,
			do: func(w http.ResponseWriter, r *ask.Request) error { return listDocuments(w, r, r.ID) },
		},
		{
			method: http.MethodGet, path: one, need: access.SeeDocuments, id: "getDocument", summary: "A document as data",
			status: http.StatusOK, answers: of[KeptDocument](), refuses: none, do: getKept,
		},
		{
			method: http.MethodGet, path: one + "/files/{format}", need: access.SeeDocuments, id: "getDocumentFile", summary: "A document as a file",
			status: http.StatusOK, files: "*/*", refuses: none, do: getFile,
		},
		{
			method: http.MethodGet, path: one + "/mails", need: access.SeeMails, id: "listMails", summary: "The mails of a document, and what came of them",
			status: http.StatusOK, answers: of[MailList](), refuses: none, do: listMails,
		},
		{
			method: http.MethodPost, path: one + "/mails", need: access.MailAgain, id: "mailDocument", summary: "Mail a document once more: to the client's address, or another one",
			body: sentAs[MailAgain](), status: http.StatusOK, answers: of[DocumentMail](), refuses: none, do: mailAgain,
		},
		{
			method: http.MethodPost, path: one + "/credit-notes", need: access.CreditInvoice, id: "creditInvoice", summary: "Take an invoice back, or lines of it; no money moves",
			params: []param{previewParam}, body: sentAs[NewCreditNote](), status: http.StatusCreated, answers: of[KeptDocument](), repeats: true,
			refuses: append(slices.Clone(none), http.StatusConflict), do: creditInvoice,
		},
	}
}

// documentParams are those of lists of documents.
var documentParams = []param{
	{name: "kind", about: "Of this kind.", schema: enum(document.Kinds()...), valid: oneOf(account.NewFault("kind", "document.kind"), plain(document.Kinds())...)},
	{name: "from", about: "Issued on this day or later.", schema: dateSchema(), valid: validDay("from")},
	{name: "to", about: "Issued on this day or earlier.", schema: dateSchema(), valid: validDay("to")},
	{name: "number", about: "Whose number begins so, whatever the case.", schema: object{"type": "string", "maxLength": 200}, valid: textUpTo(200, isPasted, "number", "q.length")},
	{name: "of", about: "Credit notes of this invoice.", schema: object{"type": "string", "format": "uuid"}, valid: validDocumentID},
	{name: "mailed", path: access.ToEmail, about: "Whose mails are so.", schema: enum(ask.MailStates()...), valid: oneOf(account.NewFault("mailed", "document.mailed"), plain(ask.MailStates())...)},
	{name: "failed_first", path: access.ToEmail, about: "true: those whose mails failed before all others.", schema: object{"type": "boolean"}, valid: oneOf(account.NewFault("failed_first", "preview.flag"), "true", "false")},
	cursorParam, limitParam,
}

func validDocumentID(value string, _ access.Judge) *account.Fault {
	_, err := account.ParseID(value)
	return sent.Unless(err == nil, account.NewFault("of", "document.id"))
}

func documentFilter(values url.Values) ask.DocumentFilter {
	return ask.DocumentFilter{
		Kind: values.Get("kind"), From: values.Get("from"), To: values.Get("to"), Number: values.Get("number"), Of: values.Get("of"),
		Mailed: values.Get("mailed"), FailedFirst: values.Get("failed_first") == "true",
	}
}

func listDocuments(w http.ResponseWriter, r *ask.Request, client account.ID) error {
	values := r.URL.Query()
	page, err := r.Documents(client, documentFilter(values), values.Get("cursor"), pageSize(r))
	if err != nil {
		return err
	}
	rows := make([]ListedDocument, len(page.Rows))
	for i, row := range page.Rows {
		rows[i] = listedOf(row)
	}
	return answer(w, r, http.StatusOK, DocumentList{rows, orNull(page.Next)})
}

func getKept(w http.ResponseWriter, r *ask.Request) error {
	p, err := r.Paper(r.PathValue("document"))
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, keptOf(p))
}

// getFile answers with a file.
func getFile(w http.ResponseWriter, r *ask.Request) error {
	file, err := r.File(r.PathValue("document"), document.Format(r.PathValue("format")))
	if errors.Is(err, document.ErrNoFile) {
		err = account.ErrNotFound
	}
	if err == nil {
		file.Download(w)
	}
	return err
}

func listMails(w http.ResponseWriter, r *ask.Request) error {
	p, err := r.Paper(r.PathValue("document"))
	if err != nil {
		return err
	}
	mails, err := r.DocumentMails(p.About().ID)
	if err != nil {
		return err
	}
	all := make([]DocumentMail, len(mails))
	for i, m := range mails {
		all[i] = mailOf(m)
	}
	return answer(w, r, http.StatusOK, MailList{all})
}

func mailAgain(w http.ResponseWriter, r *ask.Request) error {
	d, err := readOptional(r)
	if err != nil {
		return err
	}
	var body MailAgain
	if faults := sent.Decode(d, &body); len(faults) > 0 {
		return faults
	}
	p, err := r.Paper(r.PathValue("document"))
	if err != nil {
		return err
	}
	m, err := r.MailAgain(p, given(body.To))
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, mailOf(m))
}

// creditInvoice makes a credit note once for each reference: 201 the first time, 200 with the
// same body when the same is sent again.
func creditInvoice(w http.ResponseWriter, r *ask.Request) error {
	d, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	c, err := readCreditNote(d)
	if err != nil {
		return err
	}
	invoice, err := r.Invoice(r.PathValue("document"))
	if err != nil {
		return err
	}
	if r.URL.Query().Get(previewParam.name) == "true" {
		p, err := r.CreditPreview(invoice, c.Reason, c.Takes)
		if err != nil {
			return creditRefused(err)
		}
		return answer(w, r, http.StatusOK, keptOf(p))
	}
	p, repeated, err := r.Credit(invoice, c)
	if err != nil {
		return creditRefused(err)
	}
	status := http.StatusCreated
	if repeated {
		status = http.StatusOK
	}
	return answer(w, r, status, keptOf(p))
}

// creditRefused is the problem of a credit note that was not made, and any other error as it is.
func creditRefused(err error) error {
	switch {
	case errors.Is(err, document.ErrCredited):
		return newProblem(http.StatusConflict, "lines", "credit_note.left", account.NewFault("", "credit_note.left").Text)
	case errors.Is(err, account.ErrReused):
		return newProblem(http.StatusConflict, "reference", "idempotency.mismatch", account.NewFault("", "idempotency.mismatch").Text)
	default:
		return err
	}
}

// readCreditNote reads a body, and finds everything wrong with it at once.
func readCreditNote(d sent.Document) (clientaccount.CreditNote, error) {
	var body NewCreditNote
	faults := sent.Decode(d, &body)
	c := clientaccount.CreditNote{Reason: given(body.Reason), Reference: given(body.Reference)}
	for k, line := range body.Lines {
		take, wrong := line.take("lines." + strconv.Itoa(k) + ".")
		faults = sent.AddFault(faults, wrong...)
		c.Takes = append(c.Takes, take)
	}
	return c, faults.Err()
}

// take reads a line of a body.
func (t CreditTake) take(path string) (take document.Take, faults account.Faults) {
	line, err := strconv.Atoi(string(given(t.Line)))
	if take.Line = line; err != nil {
		faults = append(faults, account.NewFault(path+"line", "field.type"))
	}
	if t.Messages != nil {
		if take.Messages, err = strconv.ParseInt(string(*t.Messages), 10, 64); err != nil || take.Messages < 1 {
			faults = append(faults, account.NewFault(path+"messages", "messages.range"))
		}
	}
	if t.Amount != nil {
		var fault *account.Fault
		if take.Amount, fault = ask.MoneyOfText(path+"amount", *t.Amount); fault != nil {
			faults = append(faults, *fault)
		} else if take.Amount.Equal(decimal.Zero) { // left out it stands for all
			faults = append(faults, account.NewFault(path+"amount", "amount.zero"))
		}
	}
	return take, faults
}

// MailList are the mails of a document.
type MailList struct {
	Mails []DocumentMail `json:"mails" about:"In the order in which they were made."`
}

// DocumentMail is a mail of a document.
type DocumentMail struct {
	ID     account.ID      `json:"id"`
	Role   string          `json:"role" about:"Which of the client's addresses it is for: main, billing or prices; fixed for its own."`
	To     *string         `json:"to" about:"The address that was tried last; null for one that is not yours to see."`
	State  store.MailState `json:"state"`
	MadeAt time.Time       `json:"made_at"`
	DueAt  *time.Time      `json:"due_at" about:"Of the next try, while it waits."`
	Tries  int             `json:"tries" limits:"minimum=0"`
	Last   *MailTry        `json:"last"`
}

func (DocumentMail) bounds() map[string]object {
	return map[string]object{"role": enum(roleFixed, string(store.MailMain), string(store.MailBilling), string(store.MailPrices))}
}

const roleFixed = "fixed"

// MailTry is what came of a try.
type MailTry struct {
	At   time.Time `json:"at"`
	Code string    `json:"code" about:"sent, or why not."`
	Said *string   `json:"said" about:"By the far end."`
}

func mailOf(m store.Mail) DocumentMail {
	told := DocumentMail{ID: m.ID, Role: string(m.Role), To: orNull(m.To), State: m.State, MadeAt: m.MadeAt.UTC(), Tries: m.Tries}
	if m.Role == store.MailFixed {
		told.Role = roleFixed
	}
	if m.State == store.MailWaiting {
		told.DueAt = instant(m.DueAt)
	}
	if !m.Last.At.IsZero() {
		told.Last = &MailTry{m.Last.At.UTC(), m.Last.Code, orNull(m.Last.Said)}
	}
	return told
}
