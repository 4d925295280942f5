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

// Tasks is [store.TaskReader]'s. Each part of a page is found by an index in the order of the page.
func (r Reader) Tasks(ctx context.Context, q store.TaskQuery) ([]store.Task, error) {
	p := &page{limit: strconv.Itoa(q.PageSize()), order: "id", direction: " DESC"}
	if q.ByLine() {
		p.order, p.direction = "line", ""
	}
	p.begin(&q)
	p.narrow(&q)
	p.divide(&q)
	if managers, scoped := q.Managers.Get(); len(p.parts) == 0 || scoped && len(managers) == 0 || !rows.Storable(q.Actor) {
		return nil, ctx.Err()
	}
	return session.Query(ctx, r.s, p.statement(), rows.Tasks, p.Args...)
}

// page is the statement of a page in the making. It is made of parts, each in the order of the
// page by itself.
type page struct {
	session.Conditions // of all parts
	limit              string
	order, direction   string // a column, and how it goes
	parts              []string
}

// begin adds where a page begins, and which batch it is of.
func (p *page) begin(q *store.TaskQuery) {
	if q.ByLine() {
		p.Add("t.batch_id = ?", rows.IDText(q.Batch.Or(account.ID{})))
	}
	switch {
	case q.After == nil:
	case q.ByLine():
		p.Add("t.line > ?", q.After.Line)
	default:
		p.Add("t.id < ?", rows.IDText(q.After.ID))
	}
}

// narrow adds what all parts have in common beside.
func (p *page) narrow(q *store.TaskQuery) {
	if managers, scoped := q.Managers.Get(); scoped {
		ids := make([]string, len(managers))
		for i, id := range managers {
			ids[i] = p.given(rows.IDText(id))
		}
		p.Parts = append(p.Parts, "EXISTS (SELECT 1 FROM clientaccount_accounts a WHERE a.id = t.account_id AND a.manager IN ("+strings.Join(ids, ", ")+"))")
	}
	if q.Actor != "" {
		p.Add("t.actor_id = ?", q.Actor)
	}
	if q.Told {
		p.Parts = append(p.Parts, "(t.faults IS NOT NULL OR t.warnings IS NOT NULL)")
	}
	if !q.Ended.IsZero() {
		p.Add("t.ended_at >= ?", rows.InstantText(q.Ended))
	}
}

// given stands for a parameter.
func (p *page) given(arg any) string {
	defer func() { p.Args = append(p.Args, arg) }()
	return p.Next()
}

// divide makes the parts: one of an account, or for each state one of each place that has an index
// of states.
func (p *page) divide(q *store.TaskQuery) {
	places := []string{"t.batch_id IS NULL", "t.batch_id IS NOT NULL"}
	batch, named := q.Batch.Get()
	switch {
	case named && batch.IsZero():
		places = places[:1]
	case named || len(q.States) == 0 || !q.Account.IsZero():
		places = []string{"TRUE"}
	}
	for _, place := range places {
		switch {
		case !q.Account.IsZero():
			p.ofAccount(q, strings.Replace(place, "t.batch_id", "COALESCE(t.batch_id, t.batch_id)", 1)) // no index has that
		case len(q.States) == 0:
			p.part("", place)
		default:
			p.ofStates(q.States, place)
		}
	}
}

// ofAccount makes a part of an account's tasks.
func (p *page) ofAccount(q *store.TaskQuery, place string) {
	where := []string{place}
	if len(q.States) > 0 {
		states := "''" // no task's; a list must not be empty
		for _, state := range known(q.States) {
			states += ", '" + string(state) + "'"
		}
		where = append(where, "t.state IN ("+states+")")
	}
	id := p.given(rows.IDText(q.Account))
	if q.ByLine() {
		p.part("", append(where, "t.account_id = "+id)...)
		return
	}
	p.part("account_id", append(where, "t.account_id BETWEEN "+id+" AND "+id)...)
}

// ofStates makes a part for each state.
func (p *page) ofStates(states []store.TaskState, place string) {
	for _, state := range known(states) {
		p.part("state", place, "t.state BETWEEN '"+string(state)+"' AND '"+string(state)+"'")
	}
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

// part adds one whose rows are in order by a column that they have in common, if any, and then as
// the page is. The column is ordered by, and narrowed by BETWEEN, so that a planner takes the index
// that begins with it: it would think that it finds enough rows soon by the order of the page alone.
func (p *page) part(first string, where ...string) {
	order := "t." + p.order + p.direction
	if first != "" {
		order = "t." + first + p.direction + ", " + order
	}
	all := strings.Join(append(where, p.Parts...), " AND ")
	p.parts = append(p.parts, "SELECT * FROM (SELECT "+taskColumns.List("t.")+" FROM clientaccount_tasks t WHERE "+all+
		" ORDER BY "+order+" LIMIT "+p.limit+") AS part")
}

func (p *page) statement() string {
	return "SELECT " + taskColumns.List("page.") + " FROM (" + strings.Join(p.parts, " UNION ALL ") + ") AS page ORDER BY page." + p.order + p.direction + " LIMIT " + p.limit
}

// Batches is [store.TaskReader]'s.
func (r Reader) Batches(ctx context.Context, q store.BatchQuery) ([]store.Batch, error) {
	if !rows.Storable(q.Actor) {
		return nil, ctx.Err()
	}
	where := session.Conditions{Parts: []string{"TRUE"}}
	if q.Open {
		where.Parts = append(where.Parts, "b.ended_at IS NULL")
	}
	if q.Actor != "" {
		where.Add("b.actor_id = ?", q.Actor)
	}
	if !q.Before.IsZero() {
		where.Add("b.id < ?", rows.IDText(q.Before))
	}
	return session.Query(ctx, r.s, selectBatch+where.String()+` ORDER BY b.id DESC LIMIT `+strconv.Itoa(q.PageSize()), rows.Batches, where.Args...)
}
