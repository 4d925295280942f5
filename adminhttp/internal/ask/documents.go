package ask

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// MailStates returns all states of mails.
func MailStates() []store.MailState {
	return []store.MailState{store.MailWaiting, store.MailSent, store.MailFailed}
}

// SeesDocuments reports whether the actor may see documents, and the Service keeps any at all.
func (r *Request) SeesDocuments() bool {
	return r.Judge.May(access.Documents) && r.Service.KeepsDocuments()
}

// DocumentFilter narrows and orders documents, by the texts of a URL. What cannot be read narrows
// nothing.
type DocumentFilter struct {
	Kind, From, To, Number string // the days are included
	Mailed                 string // the state of the mails
	Of                     string // the invoice of a credit note
	FailedFirst            bool
}

// DocumentPage is a page of documents, of one client or of all within the scope.
type DocumentPage struct {
	Rows []Document
	Next string // a cursor; empty at the end
}

// Document is a document that the actor may see, without its text.
type Document struct {
	store.Document
	Client account.Account
	Event  document.NoticeEvent // of a notice
}

// over names the list that cursors belong to.
func (f DocumentFilter) over(client account.ID) string {
	failed := ""
	if f.FailedFirst {
		failed = "failed first"
	}
	over := "documents " + client.String()
	for _, text := range []string{f.Kind, f.From, f.To, f.Number, f.Mailed, f.Of, failed} {
		over += "\x00" + text
	}
	return over
}

// query returns what the Service is asked; false where nothing can be found.
func (r *Request) documentQuery(client account.ID, f DocumentFilter) (store.DocumentQuery, bool) {
	q := store.DocumentQuery{Account: client, Managers: r.Judge.Managers(), Kinds: r.Judge.DocumentKinds(), Number: f.Number}
	if f.Kind != "" {
		q.Kinds = slices.DeleteFunc(q.Kinds, func(kind document.Kind) bool { return string(kind) != f.Kind })
	}
	if r.Judge.Mails() {
		q.Mailed, q.FailedFirst = store.MailState(f.Mailed), f.FailedFirst
	}
	q.First, _ = words.DayOf(f.From)
	q.Last, _ = words.DayOf(f.To)
	if f.Of != "" {
		of, err := account.ParseID(f.Of)
		if q.Of = of; err != nil || of.IsZero() {
			return q, false
		}
	}
	return q, len(q.Kinds) > 0
}

// rounds bounds how often the Service is asked for one page: of documents that are not there for
// the actor it may come upon many.
const rounds = 5

// Documents returns a page of those that there are for the actor: of a client, or for the zero id
// of all within the scope. It has fewer rows than size where it came upon many that are not
// there, and more may follow.
func (r *Request) Documents(client account.ID, f DocumentFilter, cursor string, size int) (page DocumentPage, err error) {
	q, possible := r.documentQuery(client, f)
	over := f.over(client)
	if q.After, err = r.openDocument(cursor, over); err != nil || !possible {
		return page, err
	}
	q.Limit = min(size+1, account.MaxPage)
	for range rounds {
		found, err := r.Service.Documents(r.Context(), q)
		if err != nil {
			return DocumentPage{}, err
		}
		for _, d := range found {
			row, seen, err := r.documentRow(d)
			switch {
			case err != nil:
				return DocumentPage{}, err
			case !seen:
			case len(page.Rows) == size:
				page.Next = r.sealDocument(page.Rows[size-1].Document, over)
				return page, nil
			default:
				page.Rows = append(page.Rows, row)
			}
		}
		if len(found) < q.Limit {
			return page, nil
		}
		last := store.PositionOf(found[len(found)-1])
		q.After = &last
	}
	page.Next = r.sealPosition(*q.After, over)
	return page, nil
}

// documentRow returns a document as the actor may be told of it; false where there is none for
// them.
func (r *Request) documentRow(d store.Document) (Document, bool, error) {
	client, err := r.Seen(d.Account)
	if err != nil || client == nil {
		return Document{}, false, err
	}
	row := Document{Document: d, Client: *client}
	if seen, err := r.seesRow(&row); !seen || err != nil {
		return row, false, err
	}
	row.Currency = r.Judge.Currency(d.Currency)
	if !r.Judge.Mails() {
		row.Mailed = ""
	}
	return row, true, nil
}

// seesRow reports whether there is a document of a list for the actor. A notice is looked into: its
// event says.
func (r *Request) seesRow(row *Document) (bool, error) {
	if row.Kind != document.KindNotice {
		return r.Judge.Document(r.Context(), row.Client, row.Kind)
	}
	content, err := r.Service.Document(r.Context(), row.Account, row.ID)
	notice, is := content.(document.Notice)
	if errors.Is(err, account.ErrNotFound) || err == nil && !is {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	row.Event = notice.Event
	return r.Judge.Notice(r.Context(), row.Client, notice)
}

// A cursor of documents holds the place of the last one.

func (r *Request) sealDocument(last store.Document, over string) string {
	return r.sealPosition(store.PositionOf(last), over)
}

func (r *Request) sealPosition(p store.DocumentPosition, over string) string {
	mark := []byte{0}
	if p.Failed {
		mark[0] = 1
	}
	mark = binary.BigEndian.AppendUint64(mark, uint64(p.At.UnixMicro()))
	return r.Service.SealCursor(append(mark, p.ID[:]...), over)
}

func (r *Request) openDocument(cursor, over string) (*store.DocumentPosition, error) {
	if cursor == "" {
		return nil, nil
	}
	mark, err := r.Service.OpenCursor(cursor, over)
	if err != nil {
		return nil, err
	}
	p := store.DocumentPosition{}
	if len(mark) != 9+len(p.ID) {
		return nil, account.Faults{account.NewFault("cursor", "cursor.invalid")}
	}
	p.Failed, p.At = mark[0] == 1, time.UnixMicro(int64(binary.BigEndian.Uint64(mark[1:]))).UTC()
	copy(p.ID[:], mark[9:])
	return &p, nil
}
