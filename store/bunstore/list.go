package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// ident quotes a column's name.
func ident(column string) bun.Ident { return bun.Ident(column) }

// sortColumns hold what [account.Summary.SortKey] returns, in bytewise order.
var sortColumns = map[account.Sort]string{
	account.SortCompany: "company_key", account.SortActivity: "updated_at", account.SortCreated: "created_at",
}

// Accounts reads a page by where the last one ended, never by counting rows off.
func (s reader) Accounts(ctx context.Context, q account.Query) ([]account.Summary, error) {
	if !rows.Storable(q.Search, string(q.Country), string(q.Status)) {
		return nil, ctx.Err()
	}
	sel := s.filtered(q).Limit(int64(q.PageSize()))
	if err := page(sel, q); err != nil {
		return nil, err
	}
	return session.List(ctx, s.Session, sel, rows.Summaries)
}

// CountAccounts counts no further than it has to.
func (s reader) CountAccounts(ctx context.Context, q account.Query, most int) (int, error) {
	if most < 1 || !rows.Storable(q.Search, string(q.Country), string(q.Status)) {
		return 0, ctx.Err()
	}
	some := s.DB.NewSelect().Conn(s.Conn.IConn).TableExpr("(?) AS some", s.filtered(q).ColumnExpr("1").Limit(int64(most)))
	return session.Reading(ctx, s.Session, func() (int, error) {
		n, err := some.Count(ctx)
		return int(n), s.Failed(ctx, err)
	})
}

// filtered begins a query of the accounts that are asked for.
func (s reader) filtered(q account.Query) *bun.SelectQuery {
	sel := s.From(accountsTable)
	whereReferences(sel, q)
	whereStatus(sel, q)
	if q.Country != "" {
		sel.Where("contact_country = ?", string(q.Country))
	}
	s.whereFound(sel, store.ParseSearch(q.Search))
	return sel
}

// whereFound says in SQL what [store.SearchTerms.In] does.
func (s reader) whereFound(sel *bun.SelectQuery, terms store.SearchTerms) {
	for _, texts := range terms {
		sel.WhereGroup(" AND ", func(term *bun.SelectQuery) *bun.SelectQuery {
			for _, text := range texts {
				condition, arg := s.Dialect.Contains(text)
				term.WhereOr(condition, ident("search_text"), arg)
			}
			return term
		})
	}
}

// page orders by sort key and id, and begins after the position.
func page(sel *bun.SelectQuery, q account.Query) error {
	column, sorted := sortColumns[q.Sort]
	if !sorted {
		column = "login"
	}
	direction, beyond := "ASC", ">"
	if q.Desc {
		direction, beyond = "DESC", "<"
	}
	sel.OrderExpr("? ?, id ?", ident(column), bun.Safe(direction), bun.Safe(direction))
	if q.After == nil {
		return nil
	}
	if q.Sort == account.SortActivity || q.Sort == account.SortCreated {
		if _, err := account.ParseSortTime(q.After.Value); err != nil {
			return err
		}
	}
	if !rows.Storable(q.After.Value) {
		return rows.ErrText
	}
	sel.Where("(?, id) ? (?, ?)", ident(column), bun.Safe(beyond), q.After.Value, rows.IDText(q.After.ID))
	return nil
}

func whereReferences(sel *bun.SelectQuery, q account.Query) {
	for column, want := range map[string]account.Optional[account.ID]{
		"manager": q.Manager, "notes_product": q.Product, "parent": q.Parent,
	} {
		switch id, asked := want.Get(); {
		case asked && id.IsZero():
			sel.Where("? IS NULL", ident(column))
		case asked:
			sel.Where("? = ?", ident(column), rows.IDText(id))
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
	sel.Where("manager IN (?)", bun.List(managers))
}

// whereStatus says in SQL what [account.StatusAt] does: once the end has come, the
// milder statuses count as expired.
func whereStatus(sel *bun.SelectQuery, q account.Query) {
	mild := []string{string(account.StatusPending), string(account.StatusActive)}
	switch q.Status {
	case "":
	case account.StatusExpired:
		sel.Where("status IN (?)", bun.List(mild)).Where("expires_at <= ?", rows.InstantText(q.Now))
	case account.StatusPending, account.StatusActive:
		sel.Where("status = ?", string(q.Status)).Where("(expires_at IS NULL OR expires_at > ?)", rows.InstantText(q.Now))
	default:
		sel.Where("status = ?", string(q.Status))
	}
}
