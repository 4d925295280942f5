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
	sel := s.From(accountsTable).Limit(int64(q.PageSize()))
	whereReferences(sel, q)
	whereStatus(sel, q)
	if q.Country != "" {
		sel.Where("contact_country = ?", string(q.Country))
	}
	s.whereFound(sel, store.ParseSearch(q.Search))
	if err := page(sel, q); err != nil {
		return nil, err
	}
	return session.List(ctx, s.Session, sel, rows.Summaries)
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
