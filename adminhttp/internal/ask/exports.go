package ask

import (
	"iter"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// instantOrNil is an instant in UTC as a cell, empty for none.
func instantOrNil(t time.Time) any { return instantIn(t, time.UTC) }

func instantIn(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	return t.In(zone)
}

// countOrNil is a number as a cell, empty for 0.
func countOrNil(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// part is a column of a file of Ts.
type part[T any] struct {
	name string
	cell func(T) any
}

// download is a file of rows that are read one by one; told is a row as the actor may be told of
// it, false where nothing is.
func download[T, Row any](r *Request, name string, all iter.Seq2[T, error], parts []part[Row], told func(T) ([]Row, error)) Download {
	d := Download{Name: name}
	for _, p := range parts {
		d.Header = append(d.Header, p.name)
	}
	d.Rows = func(yield func([]any, error) bool) {
		n, cells := 0, make([]any, len(parts))
		for one, err := range all {
			if n++; n%account.MaxPage == 0 {
				r.Judge.Forget()
			}
			var rows []Row
			if err == nil {
				rows, err = told(one)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				for i, p := range parts {
					cells[i] = p.cell(row)
				}
				if !yield(cells, nil) {
					return
				}
			}
		}
	}
	return d
}

// fileName is that of a list of the path's client.
func (r *Request) fileName(list string) string {
	if seen := r.Judge.Visible(r.Client); seen.Core.Login != "" {
		return list + " " + seen.Core.Login
	}
	return list
}

// line is an entry of a ledger, and what the account on its other side is called.
type line struct {
	account.Entry
	other string
}

// ExportEntries returns a ledger of the path's client as a file, the newest first. Instants are by
// the client's clock.
func (r *Request) ExportEntries(q account.EntryQuery) Download {
	q.Limit = account.MaxPage
	seen := r.Judge.Visible(r.Client)
	zone, currency := words.Zone(seen), string(seen.Core.Currency)
	parts := []part[line]{
		{"number", func(e line) any { return e.Number }},
		{"at", func(e line) any { return instantIn(e.At, zone) }},
		{"kind", func(e line) any { return string(e.Kind) }},
		{"amount", func(e line) any { return e.Moved() }},
		{"currency", func(line) any { return currency }},
		{"balance", func(e line) any { return e.After }},
		{"held", func(e line) any { return e.Held }},
		{"held_after", func(e line) any { return e.HeldAfter }},
		{"spent_after", func(e line) any { return e.SpentAfter }},
		{"messages", func(e line) any { return countOrNil(e.Messages) }},
		{"reference", func(e line) any { return referenceOf(e.Reference) }},
		{"reason", func(e line) any { return e.Reason }},
		{"by", func(e line) any { return e.Actor.Name }},
		{"confirmed_by", func(e line) any { return e.Second.Name }},
		{"hold", func(e line) any { return referenceOf(e.Hold) }},
		{"refund_of", func(e line) any { return countOrNil(e.Of) }},
		{"other", func(e line) any { return e.other }},
	}
	return download(r, r.fileName("ledger"), r.Service.AllEntries(r.Context(), q), parts, func(e account.Entry) ([]line, error) {
		told, err := r.Judge.Entry(r.Context(), e)
		if err != nil {
			return nil, err
		}
		other, err := r.loginOf(told.Other)
		return []line{{told, other}}, err
	})
}

// referenceOf is a reference as it was asked for.
func referenceOf(reference string) string {
	if callers, others := account.CallerReference(reference); others {
		return callers
	}
	return reference
}

// loginOf is what another account is called; nothing where it is not seen, or there is none.
func (r *Request) loginOf(id account.ID) (string, error) {
	if id.IsZero() || !r.Judge.Shows("login") {
		return "", nil
	}
	a, err := r.Seen(id)
	if err != nil || a == nil {
		return "", err
	}
	return a.Core.Login, nil
}

// ExportMessages returns messages of the path's client as a file, the newest first, as far as the
// actor may be told of them. Instants are by the client's clock.
func (r *Request) ExportMessages(q message.Query) Download {
	q.Limit = account.MaxPage
	may, zone := r.Judge.Parts(), words.Zone(r.Judge.Visible(r.Client))
	parts := []part[message.Message]{
		{"id", func(m message.Message) any { return m.ID }},
		{"client_ref", func(m message.Message) any { return m.ClientRef }},
		{"admitted", func(m message.Message) any { return instantIn(m.AdmittedAt, zone) }},
		{"channel", func(m message.Message) any { return string(m.Channel) }},
		{"sender", func(m message.Message) any { return m.Sender }},
		{"parts", func(m message.Message) any { return int64(m.Parts) }},
		{"mcc", func(m message.Message) any { return m.MCC }},
		{"mnc", func(m message.Message) any { return m.MNC }},
		{"stage", func(m message.Message) any { return string(m.Stage()) }},
		{"state", stateCell},
		{"error", func(m message.Message) any { return m.Err }},
		{"sent", func(m message.Message) any { return instantIn(m.SentAt, zone) }},
		{"ended", func(m message.Message) any {
			if !TellsEnd(may, m) {
				return nil
			}
			return instantIn(m.EndedAt, zone)
		}},
	}
	parts = append(parts, r.partsSeen(may)...)
	return download(r, r.fileName("messages"), r.Service.AllMessages(r.Context(), q), parts, func(m message.Message) ([]message.Message, error) {
		return []message.Message{m}, nil
	})
}

// stateCell is what a client was told last of a message; nothing before it was told anything.
func stateCell(m message.Message) any {
	if m.Tracking.Seq == 0 {
		return nil
	}
	return m.State().String()
}

// partsSeen are the columns of messages that not everybody sees.
func (r *Request) partsSeen(may access.Parts) (parts []part[message.Message]) {
	if may.Day {
		parts = append(parts, part[message.Message]{"day", func(m message.Message) any { return m.Day }})
	}
	if may.Destination {
		parts = append(parts, part[message.Message]{"destination", func(m message.Message) any { return m.Destination }})
	}
	if !may.Money {
		return parts
	}
	return append(parts, []part[message.Message]{
		{"price", func(m message.Message) any { return m.Price }},
		{"cost", func(m message.Message) any { return m.Cost() }},
		{"currency", func(m message.Message) any { return string(r.Judge.Currency(m.Currency)) }},
		{"money", func(m message.Message) any { return string(m.Money) }},
	}...)
}

// changed is a field that a record of a history changed.
type changed struct {
	account.Record
	account.FieldChange
}

// ExportChanges returns a history of the path's client as a file, the newest first, a row for each
// field. Instants are by the client's clock. A secret is told to have changed, and no more.
func (r *Request) ExportChanges(q account.ChangeQuery) Download {
	q.Limit = account.MaxPage
	zone := words.Zone(r.Judge.Visible(r.Client))
	parts := []part[changed]{
		{"change", func(c changed) any { return c.Revision }},
		{"at", func(c changed) any { return instantIn(c.At, zone) }},
		{"kind", func(c changed) any { return string(c.Kind) }},
		{"by", func(c changed) any { return c.Actor.Name }},
		{"confirmed_by", func(c changed) any { return c.Second.Name }},
		{"reason", func(c changed) any { return c.Reason }},
		{"takes_back", func(c changed) any { return countOrNil(c.Undoes) }},
		{"batch", func(c changed) any { return idOrEmpty(c.Batch) }},
		{"field", func(c changed) any { return c.Path }},
		{"old", func(c changed) any { return r.changeCell(c, c.Old) }},
		{"new", func(c changed) any { return r.changeCell(c, c.New) }},
	}
	return download(r, r.fileName("history"), r.Service.AllChanges(r.Context(), q), parts, func(record account.Record) (rows []changed, _ error) {
		told, _ := r.Judge.Record(record)
		for _, fc := range told.Change {
			rows = append(rows, changed{told, fc})
		}
		return rows, nil
	})
}

// changeCell is a text of a change as a file has it.
func (r *Request) changeCell(c changed, text string) any {
	f, _ := access.Field(c.Path)
	if f.Secret() {
		return nil
	}
	return cellOf(f, r.Judge.Text(f, text))
}

func idOrEmpty(id account.ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}
