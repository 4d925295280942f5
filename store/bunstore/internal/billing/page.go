package billing

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Documents is [store.BillingReader]'s. Whatever is asked for, it is found by an index in the
// order of the page, or by one of few rows.
func (r Reader) Documents(ctx context.Context, q store.DocumentQuery) ([]store.Document, error) {
	managers, scoped := q.Managers.Get()
	if !rows.Storable(q.Number, string(q.Mailed)) || scoped && len(managers) == 0 {
		return nil, ctx.Err()
	}
	p := &page{limit: strconv.Itoa(q.PageSize())}
	p.narrow(&q)
	p.divide(&q)
	if len(p.parts) == 0 {
		return nil, ctx.Err()
	}
	return session.Query(ctx, r.s, p.statement(q.FailedFirst), rows.DocumentHeads, p.Args...)
}

// page is the statement of a page in the making. It is made of parts, each in the order of the
// page by itself.
type page struct {
	session.Conditions      // of all parts
	few                bool // of them there are few documents, so these are found first
	limit              string
	parts              []string
}

var headColumns = rows.DocumentHeads.Columns().List("d.")

// narrow adds what all parts have in common.
func (p *page) narrow(q *store.DocumentQuery) {
	if !q.Account.IsZero() {
		p.Add("d.account_id = ?", rows.IDText(q.Account))
	}
	if managers, scoped := q.Managers.Get(); scoped {
		p.managed(managers)
	}
	p.issued(q.First, q.Last)
	if q.Number != "" {
		p.few = true
		p.Add("d.number_key >= ?", rows.NumberKey(q.Number))
		p.Add("d.number_key < ?", rows.NumberKey(q.Number)+"\U0010FFFF")
	}
	if !q.Of.IsZero() {
		p.few = true
		p.Add("d.of_invoice = ?", rows.IDText(q.Of))
	}
}

// managed narrows to the clients of managers.
func (p *page) managed(managers []account.ID) {
	ids := make([]string, len(managers))
	for i, id := range managers {
		ids[i] = p.given(rows.IDText(id))
	}
	p.Parts = append(p.Parts, "d.account_id IN (SELECT a.id FROM clientaccount_accounts a WHERE a.manager IN ("+strings.Join(ids, ", ")+"))")
}

// How far the instant at which a document is made may be off the day, in UTC, that it is issued on:
// no clock is further ahead or behind.
const ahead, behind = 16 * time.Hour, 16 * time.Hour

// issued narrows to days; and to instants, by which pages are in order. A planner that knew how
// few the days leave would put all of these in order itself.
func (p *page) issued(first, last account.Date) {
	between(&p.Conditions, "d.issued || ''", first, last)
	if !first.IsZero() {
		p.Add("d.at >= ?", rows.BoundText(first.In(time.UTC).From.Add(-ahead)))
	}
	if !last.IsZero() {
		p.Add("d.at < ?", rows.BoundText(last.In(time.UTC).To.Add(behind)))
	}
}

// divide makes the parts: where that is asked for, of those that failed, and of all others.
func (p *page) divide(q *store.DocumentQuery) {
	after := q.After
	if !q.FailedFirst {
		p.ofState(q, q.Mailed, after)
		return
	}
	if (q.Mailed == "" || q.Mailed == store.MailFailed) && (after == nil || after.Failed) {
		p.ofState(q, store.MailFailed, after)
	}
	if after != nil && after.Failed {
		after = nil
	}
	if q.Mailed != store.MailFailed {
		p.ofState(q, q.Mailed, after, "d.mailed <> 'failed'")
	}
}

// ofState makes the parts of those whose mails are in a state, any for none. What is rare is
// found by its index, and the rest written so that no planner takes another.
func (p *page) ofState(q *store.DocumentQuery, mailed store.MailState, after *store.DocumentPosition, where ...string) {
	if after != nil {
		where = append(where, p.beyond(after))
	}
	byState := mailed == store.MailFailed || mailed == store.MailWaiting || mailed == store.MailSent && len(q.Kinds) == 0
	switch {
	case mailed == "":
	case byState && !p.few:
		where = append(where, "d.mailed = '"+string(mailed)+"'") // not as a parameter: they are not equally many
	default:
		where = append(where, "d.mailed || '' = "+p.given(string(mailed)))
	}
	if byState || p.few {
		p.part(append(where, p.ofAny(q.Kinds)...))
		return
	}
	p.ofEach(q.Kinds, where)
}

// ofEach makes a part for each kind, or one for all where there is none.
func (p *page) ofEach(kinds []document.Kind, where []string) {
	if len(kinds) == 0 {
		p.part(where)
	}
	for _, kind := range once(kinds) {
		p.part(append(slices.Clone(where), "d.kind = "+p.given(string(kind))))
	}
}

// ofAny is the condition that a document is of one of the kinds.
func (p *page) ofAny(kinds []document.Kind) []string {
	if len(kinds) == 0 {
		return nil
	}
	any := []string{"''"} // no document's; a list must not be empty
	for _, kind := range once(kinds) {
		any = append(any, p.given(string(kind)))
	}
	return []string{"d.kind || '' IN (" + strings.Join(any, ", ") + ")"}
}

// once are the kinds that documents can have, without repetitions.
func once(kinds []document.Kind) (all []document.Kind) {
	for _, kind := range kinds {
		if rows.Storable(string(kind)) && !slices.Contains(all, kind) {
			all = append(all, kind)
		}
	}
	return all
}

// beyond is the condition that a document is behind another on the page.
func (p *page) beyond(after *store.DocumentPosition) string {
	at, id := rows.BoundText(after.At), after.ID
	if at != rows.InstantText(after.At) {
		id = account.ID{} // between two microseconds: whatever is older is behind
	}
	return "(d.at, d.id) < (" + p.given(at) + ", " + p.given(rows.IDText(id)) + ")"
}

// given stands for a parameter of one part.
func (p *page) given(arg any) string {
	defer func() { p.Args = append(p.Args, arg) }()
	return p.Next()
}

func (p *page) part(where []string) {
	order := "d.at"
	if p.few {
		order = "COALESCE(d.at, d.at)" // no index has that
	}
	all := strings.Join(append(slices.Clone(p.Parts), append(where, "TRUE")...), " AND ")
	p.parts = append(p.parts, "SELECT * FROM (SELECT "+headColumns+" FROM clientaccount_documents d WHERE "+all+
		" ORDER BY "+order+" DESC, d.id DESC LIMIT "+p.limit+") AS part")
}

func (p *page) statement(failedFirst bool) string {
	order := "page.at DESC, page.id DESC"
	if failedFirst {
		order = "CASE page.mailed WHEN 'failed' THEN 0 ELSE 1 END, " + order
	}
	return "SELECT " + rows.DocumentHeads.Columns().List("page.") + " FROM (" + strings.Join(p.parts, " UNION ALL ") + ") AS page ORDER BY " + order + " LIMIT " + p.limit
}
