package clients

import (
	"context"
	"time"

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

// storable reports whether the texts of a query can be in a store.
func storable(q account.Query) bool {
	return rows.Storable(q.Search, string(q.Country), string(q.Status), string(q.Attention))
}

// Accounts reads a page by where the last one ended, never by counting rows off. The page is found
// in the narrow table alone; a search goes first through as many of its rows as are soon looked at.
func (r Reader) Accounts(ctx context.Context, q account.Query) ([]account.Summary, error) {
	if !storable(q) {
		return nil, ctx.Err()
	}
	o, terms := orderOf(q), store.ParseSearch(q.Search)
	first, err := r.begun(q, o)
	if err != nil {
		return nil, err
	}
	size := q.PageSize()
	if len(terms) == 0 {
		return r.page(ctx, o, o.sort(first, "l").Limit(int64(size)), size)
	}
	looked := o.sort(first, "l").Limit(lookedAt)
	page, err := r.page(ctx, o, r.found(o, terms, looked), size)
	if err != nil || len(page) == size {
		return page, err
	}
	if n, err := r.count(ctx, looked); err != nil || n < lookedAt {
		return page, err
	}
	return r.searched(ctx, q, o, terms)
}

// lookedAt is how many rows a search looks at in their order before it goes by the index of texts:
// that costs as much as there is to be found, however small the page.
const lookedAt = 2000

// begun begins a query of the rows that are asked for, from the position on.
func (r Reader) begun(q account.Query, o order) (*bun.SelectQuery, error) {
	sel := r.narrowed(q).ColumnExpr("l.account_id, ?", bun.Ident("l."+o.column))
	if q.After == nil {
		return sel, nil
	}
	if q.Sort.IsTime() {
		if _, err := account.ParseSortTime(q.After.Value); err != nil {
			return nil, err
		}
	}
	if !rows.Storable(q.After.Value) {
		return nil, rows.ErrText
	}
	return sel.Where("(?, l.account_id) ? (?, ?)", bun.Ident("l."+o.column), bun.Safe(o.beyond), q.After.Value, rows.IDText(q.After.ID)), nil
}

// found narrows rows to those in which terms are found.
func (r Reader) found(o order, terms store.SearchTerms, looked *bun.SelectQuery) *bun.SelectQuery {
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("(?) AS l", looked).ColumnExpr("l.account_id, ?", bun.Ident("l."+o.column)).
		Join("JOIN clientaccount_accounts AS a ON a.id = l.account_id")
	r.whereFound(sel, terms)
	return sel
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

// searched goes by the index of texts first, whatever it finds.
func (r Reader) searched(ctx context.Context, q account.Query, o order, terms store.SearchTerms) ([]account.Summary, error) {
	first, err := r.begun(q, o)
	if err != nil {
		return nil, err
	}
	texts := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("clientaccount_accounts AS a").Column("a.id")
	r.whereFound(texts, terms)
	first.Where("l.account_id IN (SELECT t.id FROM t)")
	ids := o.sort(first, "l").Limit(int64(q.PageSize())).With("t", texts)
	return r.page(ctx, o, ids, q.PageSize())
}

// CountAccounts counts no further than it has to.
func (r Reader) CountAccounts(ctx context.Context, q account.Query, most int) (int, error) {
	if most < 1 || !storable(q) {
		return 0, ctx.Err()
	}
	sel := r.narrowed(q).ColumnExpr("l.account_id")
	if terms := store.ParseSearch(q.Search); len(terms) > 0 {
		sel.Join("JOIN clientaccount_accounts AS a ON a.id = l.account_id")
		r.whereFound(sel, terms)
	}
	return r.count(ctx, sel.Limit(int64(most)))
}

func (r Reader) count(ctx context.Context, some *bun.SelectQuery) (int, error) {
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("(?) AS c", some).ColumnExpr("count(1)")
	return session.Reading(ctx, r.s, func() (n int, _ error) {
		err := sel.Scan(ctx, &n)
		return n, r.s.Failed(ctx, err)
	})
}

// whereFound says in SQL what [store.SearchTerms.In] does.
func (r Reader) whereFound(sel *bun.SelectQuery, terms store.SearchTerms) {
	for _, texts := range terms {
		sel.WhereGroup(" AND ", func(term *bun.SelectQuery) *bun.SelectQuery {
			for _, text := range texts {
				condition, arg := r.s.Dialect.Contains(text)
				term.WhereOr(condition, bun.Ident("a.search_text"), arg)
			}
			return term
		})
	}
}

// narrowed begins a query of the rows that are asked for, but for a search.
func (r Reader) narrowed(q account.Query) *bun.SelectQuery {
	sel := r.s.DB.NewSelect().Conn(r.s.Conn.IConn).TableExpr("clientaccount_listed AS l")
	whereReferences(sel, q)
	whereStatus(sel, q.Status, q.Now)
	if q.Country != "" {
		sel.Where("l.country = ?", string(q.Country))
	}
	whereAttention(sel, q)
	return sel
}

func whereReferences(sel *bun.SelectQuery, q account.Query) {
	for column, want := range map[string]account.Optional[account.ID]{
		"l.manager": q.Manager, "l.product": q.Product, "l.parent": q.Parent,
	} {
		switch id, asked := want.Get(); {
		case asked && id.IsZero():
			sel.Where("? IS NULL", bun.Ident(column))
		case asked:
			sel.Where("? = ?", bun.Ident(column), rows.IDText(id))
		}
	}
	scope, limited := q.Managers.Get()
	if !limited {
		return
	}
	managers := []string{rows.IDText(account.ID{})} // nobody's; a list must not be empty
	for _, id := range scope {
		managers = append(managers, rows.IDText(id))
	}
	sel.Where("l.manager IN (?)", bun.List(managers))
}

// whereStatus says in SQL what [account.Summary.StatusAt] does: once the end has come, the
// milder statuses count as expired.
func whereStatus(sel *bun.SelectQuery, status account.Status, now time.Time) {
	switch status {
	case "":
	case account.StatusExpired:
		sel.Where("l.status IN (?)", bun.List(mild())).Where("l.ends_at <= ?", rows.InstantText(now))
	case account.StatusPending, account.StatusActive:
		sel.Where("l.status = ?", string(status)).Where("(l.ends_at IS NULL OR l.ends_at > ?)", rows.InstantText(now))
	default:
		sel.Where("l.status = ?", string(status))
	}
}

// mild are the statuses that an end makes expired.
func mild() []string { return []string{string(account.StatusPending), string(account.StatusActive)} }

// whereAttention narrows to what needs work.
func whereAttention(sel *bun.SelectQuery, q account.Query) {
	at := func(ahead time.Duration) string {
		if t := q.Now.Add(ahead); t.After(time.Time{}) {
			return rows.InstantText(t)
		}
		return rows.InstantText(time.Time{}) // before which a database keeps nothing
	}
	switch q.Attention {
	case "":
		return
	case account.AttentionExhausted:
		sel.Where("l.exhausted")
	case account.AttentionNearLimit:
		sel.Where("l.near_limit")
	case account.AttentionOverdrawEnding:
		sel.Where("l.overdraw_ends > ?", at(0)).Where("l.overdraw_ends <= ?", at(account.OverdrawEndingWithin))
	case account.AttentionExpiring:
		sel.Where("l.status IN (?)", bun.List(mild())).
			Where("l.ends_at > ?", at(0)).Where("l.ends_at <= ?", at(account.ExpiringWithin))
	case account.AttentionWebhookFailing:
		sel.Where("l.hook_failing")
	case account.AttentionMailFailing:
		sel.Where("l.mail_failing")
	case account.AttentionSilent:
		whereStatus(sel, account.StatusActive, q.Now)
		sel.Where("l.moved_at <= ?", at(-account.SilentFor)).Where("l.created_at <= ?", at(-account.SilentFor))
	case account.AttentionUnconfirmed:
		sel.Where("EXISTS (SELECT 1 FROM clientaccount_tasks AS k WHERE k.account_id = l.account_id AND k.state = 'unconfirmed')")
		return
	default:
		sel.Where("1 = 0")
	}
	sel.Where("l.status <> ?", string(account.StatusClosed))
}
