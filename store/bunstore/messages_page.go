package bunstore

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// MessagePage is [store.MessageReader]'s. Whatever is asked for, it reads about as many rows as
// it gives: what narrows most is found by its index, in the order of the page.
func (s reader) MessagePage(ctx context.Context, q message.Query) ([]message.Message, error) {
	if !rows.Storable(q.ID, q.ClientRef, q.NetworkID, q.Destination, string(q.Stage)) {
		return nil, ctx.Err()
	}
	first, end, err := s.holdsOf(ctx, &q)
	if err != nil || first >= end {
		return nil, err
	}
	p := &messagePage{limit: strconv.Itoa(q.PageSize())}
	p.Add("m.account_id = ?", rows.IDText(q.Account))
	pages := p.pages(&q)
	p.between(&q, first, end)
	return session.Query(ctx, s.Session, p.statement(pages), rows.Messages, p.Args...)
}

// messagePage is the statement of a page in the making.
type messagePage struct {
	session.Conditions
	number string // by which the index that is taken has the order
	limit  string
}

// pages narrows the page, by an index that has its order if there is one, and returns the
// conditions of the parts that it is made of. What comes behind the first is written so that no
// planner takes its index, however rare it holds that to be.
func (p *messagePage) pages(q *message.Query) (parts []string) {
	p.number = "m.hold_entry"
	found := p.keyed(q)
	if q.ClientRef != "" {
		found = p.narrow(found, "m.client_ref", q.ClientRef)
	}
	if q.Destination != "" {
		found = p.narrow(found, "m.destination", q.Destination)
	}
	state, ofState := q.State.Get()
	switch {
	case q.Stage == "" && !ofState:
	case found:
		if q.Stage != "" {
			p.Add("m.stage || '' = ?", string(q.Stage))
		}
		if ofState {
			p.Add("m.state + 0 = ?", int64(state))
		}
	default:
		p.number = beyondOrder
		return partsOf(q)
	}
	return []string{"TRUE"}
}

// beyondOrder is the number as the narrower indexes have it, see ofKind.
const beyondOrder = "m.hold_entry + 0"

// keyed narrows the page to few rows, and reports whether it did.
func (p *messagePage) keyed(q *message.Query) bool {
	if q.ID != "" {
		p.Add("m.id = ?", q.ID)
	}
	if q.NetworkID != "" {
		p.Add("m.id IN (SELECT n.message FROM clientaccount_network_ids n WHERE n.id = ? AND n.account_id = $1)", q.NetworkID)
	}
	if q.ID == "" && q.NetworkID == "" {
		return false
	}
	p.number = beyondOrder
	return true
}

// narrow adds a column's value, by its index if no other was found before.
func (p *messagePage) narrow(found bool, column, value string) bool {
	if found {
		column += " || ''"
	}
	p.number = beyondOrder
	p.Add(column+" = ?", value)
	return true
}

// partsOf has a condition for each pair of stage and state that is asked for: in the index each
// is in the order of the page by itself.
func partsOf(q *message.Query) (parts []string) {
	for _, stage := range []message.Stage{message.StageHeld, message.StageSent, message.StageEnded, message.StageUnsent, message.StageTimedOut} {
		for _, state := range account.MessageStates() {
			if (q.Stage == "" || q.Stage == stage) && q.State.Or(state) == state {
				parts = append(parts, fmt.Sprintf("m.stage = '%s' AND m.state = %d", stage, state))
			}
		}
	}
	return parts
}

// between narrows the page to hold entries from first on that are before end, and to instants.
func (p *messagePage) between(q *message.Query, first, end int64) {
	p.Add(p.number+" >= ?", first)
	p.Add(p.number+" < ?", end)
	if !q.From.IsZero() {
		p.Add("m.admitted_at >= ?", rows.BoundText(q.From))
	}
	if !q.To.IsZero() {
		p.Add("m.admitted_at < ?", rows.BoundText(q.To))
	}
}

func (p *messagePage) statement(pages []string) string {
	texts := make([]string, len(pages))
	for i, page := range pages {
		texts[i] = "SELECT * FROM (SELECT m.* FROM clientaccount_messages m WHERE " + page + " AND " + p.String() +
			" ORDER BY " + p.number + " DESC LIMIT " + p.limit + ") AS page"
	}
	return "SELECT " + messageColumns + " FROM (" + strings.Join(texts, " UNION ALL ") + ") AS m ORDER BY m.hold_entry DESC LIMIT " + p.limit
}

// admittedWithin is how far the instant of a message and that of its hold's entry may be apart:
// they are decided together and written a little later, by clocks that may differ a little.
const admittedWithin = time.Minute

// holdsOf returns between which numbers the holds of a query's messages lie: from first on, and
// before end.
func (s reader) holdsOf(ctx context.Context, q *message.Query) (first, end int64, err error) {
	entries := account.EntryQuery{Account: q.Account, Before: math.MaxInt64}
	if q.Before != 0 {
		entries.Before = q.Before
	}
	if !q.From.IsZero() {
		entries.From = q.From.Add(-admittedWithin)
	}
	if !q.To.IsZero() {
		entries.To = q.To.Add(admittedWithin)
	}
	entries.After = math.MinInt64
	err = s.numbersOf(ctx, &entries)
	return entries.After, entries.Before, err
}
