package tasks

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Tasks is [store.TaskReader]'s. Each part of a page is found by an index in the order of the page,
// or is of one account, which has few tasks.
func (r Reader) Tasks(ctx context.Context, q store.TaskQuery) ([]store.Task, error) {
	p := &page{limit: strconv.Itoa(q.PageSize()), order: "id DESC"}
	if q.ByLine() {
		p.order = "line"
	}
	p.narrow(&q)
	p.divide(&q)
	if managers, scoped := q.Managers.Get(); len(p.parts) == 0 || scoped && len(managers) == 0 {
		return nil, ctx.Err()
	}
	return session.Query(ctx, r.s, p.statement(), rows.Tasks, p.Args...)
}

// page is the statement of a page in the making. It is made of parts, each in the order of the
// page by itself.
type page struct {
	session.Conditions // of all parts
	limit, order       string
	parts              []string
}

// narrow adds what all parts have in common.
func (p *page) narrow(q *store.TaskQuery) {
	if q.ByLine() {
		p.Add("t.batch_id = ?", rows.IDText(q.Batch.Or(account.ID{})))
	}
	if !q.Account.IsZero() {
		p.Add("t.account_id = ?", rows.IDText(q.Account))
	}
	if managers, scoped := q.Managers.Get(); scoped {
		ids := make([]string, len(managers))
		for i, id := range managers {
			ids[i] = p.given(rows.IDText(id))
		}
		p.Parts = append(p.Parts, "t.account_id IN (SELECT a.id FROM clientaccount_accounts a WHERE a.manager IN ("+strings.Join(ids, ", ")+"))")
	}
	if !q.Ended.IsZero() {
		p.Add("t.ended_at >= ?", rows.InstantText(q.Ended))
	}
	switch {
	case q.After == nil:
	case q.ByLine():
		p.Add("t.line > ?", q.After.Line)
	default:
		p.Add("t.id < ?", rows.IDText(q.After.ID))
	}
}

// given stands for a parameter.
func (p *page) given(arg any) string {
	defer func() { p.Args = append(p.Args, arg) }()
	return p.Next()
}

// divide makes the parts: for each state, of each place that it has an index for. What is asked of
// one account, or of any state, is one part.
func (p *page) divide(q *store.TaskQuery) {
	places := []string{"t.batch_id IS NULL", "t.batch_id IS NOT NULL"}
	if batch, named := q.Batch.Get(); named && batch.IsZero() {
		places = places[:1]
	}
	if q.ByLine() || len(places) == 2 && (len(q.States) == 0 || !q.Account.IsZero()) {
		places = []string{"TRUE"}
	}
	for _, place := range places {
		switch {
		case len(q.States) == 0:
			p.part(place)
		case !q.Account.IsZero():
			p.part(place, "t.state IN ("+p.states(q.States)+")")
		default:
			p.ofEach(place, q.States)
		}
	}
}

// ofEach makes a part for each state that there is.
func (p *page) ofEach(place string, states []store.TaskState) {
	for _, state := range known(states) {
		p.part(place, "t.state = '"+string(state)+"'")
	}
}

// states are those that there are, as a list that is not empty.
func (p *page) states(states []store.TaskState) string {
	list := "''"
	for _, state := range known(states) {
		list += ", '" + string(state) + "'"
	}
	return list
}

// known are states that there are, without repetitions. They stand in a statement as they are: a
// planner knows how many tasks are in each.
func known(states []store.TaskState) (all []store.TaskState) {
	for _, state := range store.TaskStates() {
		if slices.Contains(states, state) {
			all = append(all, state)
		}
	}
	return all
}

func (p *page) part(where ...string) {
	all := strings.Join(append(where, p.Parts...), " AND ")
	p.parts = append(p.parts, "SELECT * FROM (SELECT "+taskColumns.List("t.")+" FROM "+tasksTable+" t WHERE "+all+
		" ORDER BY t."+p.order+" LIMIT "+p.limit+") AS part")
}

func (p *page) statement() string {
	return "SELECT " + taskColumns.List("page.") + " FROM (" + strings.Join(p.parts, " UNION ALL ") + ") AS page ORDER BY page." + p.order + " LIMIT " + p.limit
}

// Batches is [store.TaskReader]'s.
func (r Reader) Batches(ctx context.Context, q store.BatchQuery) ([]store.Batch, error) {
	if !rows.Storable(q.Actor) {
		return nil, ctx.Err()
	}
	where := session.Conditions{Parts: []string{"TRUE"}}
	if q.Actor != "" {
		where.Add("b.actor_id = ?", q.Actor)
	}
	if !q.Before.IsZero() {
		where.Add("b.id < ?", rows.IDText(q.Before))
	}
	return session.Query(ctx, r.s, selectBatch+where.String()+` ORDER BY b.id DESC LIMIT `+strconv.Itoa(q.PageSize()), rows.Batches, where.Args...)
}
