package clients

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// sortColumns hold what [account.Summary.SortKey] returns, in bytewise order.
var sortColumns = map[account.Sort]string{
	account.SortCompany: "company_key", account.SortActivity: "updated_at", account.SortCreated: "created_at",
	account.SortMoved: "moved_at", account.SortBalance: "balance", account.SortAvailable: "available",
}

// order is how a page is sorted.
type order struct {
	column            string
	direction, beyond string
}

func orderOf(q account.Query) order {
	o := order{"login", "ASC", ">"}
	if column, ok := sortColumns[q.Sort]; ok {
		o.column = column
	}
	if q.Desc {
		o.direction, o.beyond = "DESC", "<"
	}
	return o
}

// sort orders by the key and the id of rows of a table.
func (o order) sort(sel *bun.SelectQuery, table string) *bun.SelectQuery {
	return sel.OrderExpr("? ?, ? ?", bun.Ident(table+"."+o.column), bun.Safe(o.direction), bun.Ident(table+".account_id"), bun.Safe(o.direction))
}

// findsNothing reports whether no row can be what a query asks for.
func findsNothing(q account.Query) bool {
	return !rows.Storable(q.Search, string(q.Country), string(q.Attention)) || !isStatus(q.Status) || isContradiction(q)
}

// isStatus reports whether there is such a status, or none is asked for. It stands in the texts of
// statements, of which some are kept.
func isStatus(s account.Status) bool {
	return s == "" || s == account.StatusExpired || slices.Contains(account.Statuses(), s)
}

// Accounts reads a page by where the last one ended, never by counting rows off. The page is found
// in the narrow table alone.
func (r Reader) Accounts(ctx context.Context, q account.Query) ([]account.Summary, error) {
	if findsNothing(q) {
		return nil, ctx.Err()
	}
	o := orderOf(q)
	from, err := from(q, o)
	if err != nil {
		return nil, err
	}
	if terms := store.ParseSearch(q.Search); len(terms) > 0 {
		return r.searched(ctx, q, o, from, terms)
	}
	return r.reached(ctx, q, o, from)
}

// reached reads a page by bounded ways: few are gathered by what narrows them, and sorted; else the rows
// from the position on are gone through in their order, as many as are soon looked at, which fills the
// page unless few rows are asked for, or all are far off. How to reach others is left to the database.
func (r Reader) reached(ctx context.Context, q account.Query, o order, from []condition) ([]account.Summary, error) {
	asked, size, narrow := narrowing(q), q.PageSize(), narrowness(q)
	all := r.listed(slices.Concat(from, asked), o.column)
	few := func() *bun.SelectQuery { return all.Clone().Limit(gatheredRows + 1) }
	gather := func() ([]account.Summary, error) { return r.page(ctx, o, r.gathered(o, few(), size), size) }
	if narrow < veryNarrow {
		switch few, err := r.areFew(ctx, q, narrow); {
		case err != nil:
			return nil, err
		case few:
			return gather()
		}
		page, err := r.page(ctx, o, r.walked(o, from, asked, size), size)
		if err != nil || len(page) == size || len(asked) == 0 {
			return page, err
		}
	}
	if page, err := gather(); err != nil || len(page) > 0 {
		return page, err
	}
	if n, err := r.count(ctx, few()); err != nil || n <= gatheredRows {
		return nil, err
	}
	return r.page(ctx, o, o.sort(all, "l").Limit(int64(size)), size)
}

// areFew counts whether a query finds so few that they are soon gathered, by what is true of few rows: in an
// index alone.
func (r Reader) areFew(ctx context.Context, q account.Query, narrow int) (bool, error) {
	if narrow == 0 {
		return false, nil
	}
	most := gatheredRows
	if narrow == 1 {
		most = fewRows
	}
	n, err := r.countOther(ctx, most+1, []account.Query{narrowest(q)})
	return err == nil && n[0] <= most, err
}

// Bounds of what is looked at in the order of a page, and of what is sorted. A search then goes by the
// index of texts: that costs as much as there is to be found, however small the page.
const (
	walkedRows   = 20_000
	gatheredRows = 3000
	fewRows      = 500 // by one thing alone seldom so few are found that more is worth counting
	probedRows   = 300 // where a search finds nothing, the index of texts finds it sooner
	searchRows   = 2000
	foundRows    = 10_000 // that have a text are sorted; where more have it they stand close, as a rule
)

// from are the conditions of the rows behind the position.
func from(q account.Query, o order) ([]condition, error) {
	if q.After == nil {
		return nil, nil
	}
	if q.Sort.IsTime() {
		if _, err := account.ParseSortTime(q.After.Value); err != nil {
			return nil, err
		}
	}
	if !rows.Storable(q.After.Value) {
		return nil, rows.ErrText
	}
	return []condition{{nil, o.column, "(?, l.account_id) ? (?, ?)", []any{bun.Ident("l." + o.column), bun.Safe(o.beyond), q.After.Value, rows.IDText(q.After.ID)}}}, nil
}

// listed begins a query of rows of the list, of their ids and columns beside.
func (r Reader) listed(conditions []condition, columns ...string) *bun.SelectQuery {
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("clientaccount_listed AS l").ColumnExpr("l.account_id")
	slices.Sort(columns)
	for _, column := range slices.Compact(columns) {
		if column == "account_id" {
			continue
		}
		sel.ColumnExpr("?", bun.Ident("l."+column))
	}
	return where(sel, conditions)
}

// walked are the first rows that are asked for among so many from a position on. What is asked of
// the order's own column, or is in an index with it, is a part of the way.
func (r Reader) walked(o order, from, asked []condition, size int) *bun.SelectQuery {
	beside := func(c condition) bool { return c.column == o.column || slices.Contains(c.orders, o.column) }
	rest := slices.DeleteFunc(slices.Clone(asked), beside)
	columns := []string{o.column}
	for _, c := range rest {
		columns = append(columns, c.column)
	}
	on := slices.DeleteFunc(slices.Clone(asked), func(c condition) bool { return !beside(c) })
	way := o.sort(r.listed(slices.Concat(from, on), columns...), "l").Limit(int64(max(walkedRows, 10*size)))
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("(?) AS l", way).ColumnExpr("l.account_id, ?", bun.Ident("l."+o.column))
	return o.sort(where(sel, rest), "l").Limit(int64(size))
}

// gathered are the first of few rows, which are all found before they are sorted: a planner would
// rather go through the whole order. It is nothing where there are more.
func (r Reader) gathered(o order, all *bun.SelectQuery, size int) *bun.SelectQuery {
	few := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).WithQuery(bun.NewWithQuery("m", all).Materialized()).
		TableExpr("m AS l").ColumnExpr("l.account_id, ?", bun.Ident("l."+o.column)).
		Where("(SELECT count(1) FROM m) <= ?", gatheredRows)
	return o.sort(few, "l").Limit(int64(size))
}

// searched goes first through as many of the rows that are asked for as are soon looked at. Then few that have
// the texts are found wherever they are, or more rows are looked at; and at last all that have the texts are
// found, which costs as much as there are, however small the page.
func (r Reader) searched(ctx context.Context, q account.Query, o order, from []condition, terms store.SearchTerms) ([]account.Summary, error) {
	size, asked := q.PageSize(), slices.Concat(from, narrowing(q))
	look := func(most int) ([]account.Summary, bool, error) { return r.looked(ctx, o, asked, terms, most, size) }
	page, all, err := look(probedRows)
	if err == nil && !all && len(page) > 0 {
		page, all, err = look(searchRows)
	}
	if err != nil || all {
		return page, err
	}
	few := r.having(terms).Limit(foundRows + 1)
	found := r.among(o, asked, few).Where("(SELECT count(1) FROM t) <= ?", foundRows)
	if page, err := r.page(ctx, o, o.sort(found, "l").Limit(int64(size)), size); err != nil || len(page) > 0 {
		return page, err
	}
	if n, err := r.count(ctx, few); err != nil || n <= foundRows {
		return nil, err
	}
	if page, all, err := look(walkedRows); err != nil || all {
		return page, err
	}
	return r.page(ctx, o, o.sort(r.among(o, asked, r.having(terms)), "l").Limit(int64(size)), size)
}

// looked reads a page of what is found among the first rows that are asked for, so many at most, and reports
// whether that is the page.
func (r Reader) looked(ctx context.Context, o order, asked []condition, terms store.SearchTerms, most, size int) ([]account.Summary, bool, error) {
	first := o.sort(r.listed(asked, o.column), "l").Limit(int64(most))
	found := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("(?) AS l", first).ColumnExpr("l.account_id, ?", bun.Ident("l."+o.column)).
		Join("JOIN clientaccount_accounts AS a ON a.id = l.account_id")
	r.whereFound(found, terms)
	page, err := r.page(ctx, o, o.sort(found, "l").Limit(int64(size)), size)
	if err != nil || len(page) == size {
		return page, true, err
	}
	n, err := r.count(ctx, first)
	return page, n < most, err
}

// having are the ids of accounts that have the texts.
func (r Reader) having(terms store.SearchTerms) *bun.SelectQuery {
	texts := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("clientaccount_accounts AS a").Column("a.id")
	r.whereFound(texts, terms)
	return texts
}

// among are the rows that are asked for with ids, which are all found before: a planner would rather go through
// the whole order.
func (r Reader) among(o order, asked []condition, ids *bun.SelectQuery) *bun.SelectQuery {
	return r.listed(asked, o.column).WithQuery(bun.NewWithQuery("t", ids).Materialized()).Where("l.account_id IN (SELECT t.id FROM t)")
}

// page reads the rows of the ids that a query gives, in their order.
func (r Reader) page(ctx context.Context, o order, ids *bun.SelectQuery, size int) ([]account.Summary, error) {
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("(?) AS p", ids).
		Join("JOIN clientaccount_listed AS l ON l.account_id = p.account_id").
		Join("JOIN clientaccount_accounts AS a ON a.id = p.account_id")
	return session.Listed(ctx, r.s, o.sort(sel, "p").Limit(int64(size)), pageColumns, func(r *rows.Row) (s account.Summary) {
		rows.Summaries.ReadInto(r, &s)
		rows.InList.ReadInto(r, &s)
		return s
	})
}

var pageColumns = append(within("a", rows.Summaries.Names()), within("l", rows.InList.Names())...)

func within(table string, columns []string) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = table + "." + column
	}
	return names
}

// sought selects all that a query finds: by texts alone, all accounts that have them.
func (r Reader) sought(q account.Query) *bun.SelectQuery {
	terms, asked := store.ParseSearch(q.Search), narrowing(q)
	if len(terms) > 0 && len(asked) == 0 {
		return r.having(terms)
	}
	sel := r.listed(asked)
	if len(terms) > 0 {
		sel.Join("JOIN clientaccount_accounts AS a ON a.id = l.account_id")
		r.whereFound(sel, terms)
	}
	return sel
}
