package clients

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// CountAccounts counts no further than it has to: what is counted all day in one statement that is kept
// prepared, and all else in another.
func (r Reader) CountAccounts(ctx context.Context, most int, queries ...account.Query) ([]int, error) {
	counts := make([]int, len(queries))
	var usual, other asked
	for i, q := range queries {
		switch {
		case most < 1 || findsNothing(q):
		case isUsual(q):
			usual.add(q, i)
		default:
			other.add(q, i)
		}
	}
	for _, part := range []struct {
		asked
		count func(context.Context, int, []account.Query) ([]int, error)
	}{{usual, r.countUsual}, {other, r.countOther}} {
		if len(part.queries) == 0 {
			continue
		}
		found, err := part.count(ctx, most, part.queries)
		if err != nil {
			return counts, err
		}
		for i, n := range found {
			counts[part.at[i]] = n
		}
	}
	return counts, ctx.Err()
}

// asked are some of the queries, and where they stand among all.
type asked struct {
	queries []account.Query
	at      []int
}

func (a *asked) add(q account.Query, at int) {
	a.queries, a.at = append(a.queries, q), append(a.at, at)
}

// isUsual reports whether a query asks for nothing, or for a reason for attention and perhaps a manager. Scopes
// would make as many statements as there are of them. For what a manager alone has, a plan is made each time: one
// without the manager, where few have any, would be for many rows, and go through all to find few.
func isUsual(q account.Query) bool {
	if q.Attention != "" {
		q.Attention, q.Manager = "", account.Optional[account.ID]{}
	}
	return q.Search == "" && len(narrowing(q)) == 0
}

// countUsual counts by a statement that has parameters, so that it is planned once: to plan so many
// subqueries takes as long as to count. What is asked for twice is counted once.
func (r Reader) countUsual(ctx context.Context, most int, queries []account.Query) ([]int, error) {
	params, subqueries, at := params{dialect: r.s.Dialect}, []string(nil), make([]int, len(queries))
	for i, q := range queries {
		one := r.s.DB.NewSelect().TableExpr("clientaccount_listed AS l").ColumnExpr("1").Limit(int64(most))
		text := "(SELECT count(1) FROM (" + where(one, params.of(narrowing(q))).String() + ") AS c)"
		if at[i] = slices.Index(subqueries, text); at[i] < 0 {
			at[i], subqueries = len(subqueries), append(subqueries, text)
		}
	}
	counts, err := r.numbers(ctx, "SELECT "+strings.Join(subqueries, ", "), len(subqueries), params.values)
	if err != nil {
		return nil, err
	}
	for i := range at {
		at[i] = counts[at[i]]
	}
	return at, nil
}

// numbers are those of the one row that a statement gives, which is kept prepared.
func (r Reader) numbers(ctx context.Context, statement string, columns int, args []any) ([]int, error) {
	return session.Only(session.Reading(ctx, r.s, func() ([][]int, error) {
		found, err := r.s.Conn.Ask(ctx, r.s.Dialect.Native(statement), args)
		if err != nil {
			return nil, r.s.Failed(ctx, err)
		}
		all, err := rows.AllOf(found, columns, func(r *rows.Row) (numbers []int) {
			for range columns {
				numbers = append(numbers, int(r.Integer()))
			}
			return numbers
		})
		return all, r.s.Failed(ctx, err)
	}))
}

// params are the parameters of a statement: what differs each time in its conditions.
type params struct {
	dialect dialect.Clauses
	values  []any
}

// of returns conditions with parameters.
func (p *params) of(conditions []condition) []condition {
	for i, c := range conditions {
		conditions[i].args = slices.Clone(c.args)
		for j, arg := range c.args {
			switch v := arg.(type) {
			case anID:
				conditions[i].args[j] = p.place(string(v), "uuid")
			case anInstant:
				conditions[i].args[j] = p.place(string(v), "timestamptz")
			}
		}
	}
	return conditions
}

// place stands for a value, which is given once.
func (p *params) place(v any, kind string) bun.Safe {
	at := slices.Index(p.values, v)
	if at < 0 {
		at, p.values = len(p.values), append(p.values, v)
	}
	return bun.Safe(p.dialect.Unseen("$"+strconv.Itoa(at+1), kind))
}

func (r Reader) countOther(ctx context.Context, most int, queries []account.Query) ([]int, error) {
	sought := make([]*bun.SelectQuery, len(queries))
	for i, q := range queries {
		sought[i] = r.sought(q).Limit(int64(most))
	}
	return r.countEach(ctx, sought...)
}

func (r Reader) count(ctx context.Context, one *bun.SelectQuery) (int, error) {
	n, err := r.countEach(ctx, one)
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

// countEach counts the rows of each.
func (r Reader) countEach(ctx context.Context, each ...*bun.SelectQuery) ([]int, error) {
	counts, into := make([]int, len(each)), make([]any, len(each))
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn)
	for i, one := range each {
		sel.ColumnExpr("(SELECT count(1) FROM (?) AS c)", one)
		into[i] = &counts[i]
	}
	return session.Reading(ctx, r.s, func() ([]int, error) {
		return counts, r.s.Failed(ctx, sel.Scan(ctx, into...))
	})
}
