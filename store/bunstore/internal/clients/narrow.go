package clients

import (
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// condition is something that is asked of rows of the list, l, about one column. Orders are the
// columns with an index of the rows for which it holds: those of money depend on it.
type condition struct {
	orders       []string
	column, text string
	args         []any
}

// anID and anInstant are values of conditions that are others each time.
type (
	anID      string
	anInstant string
)

func where(sel *bun.SelectQuery, conditions []condition) *bun.SelectQuery {
	for _, c := range conditions {
		sel.Where(c.text, c.args...)
	}
	return sel
}

// narrowing is what a query asks of rows, but for a search.
func narrowing(q account.Query) []condition {
	all := append(ofReferences(q), ofStatus(q.Status, q.Now)...)
	if q.Country != "" {
		all = append(all, condition{nil, "country", "l.country = ?", []any{string(q.Country)}})
	}
	return append(all, ofAttention(q)...)
}

// isContradiction reports whether a status is asked for that excludes the reason for attention. A
// database would look through all rows that have one of them.
func isContradiction(q account.Query) bool {
	switch status := q.Status; q.Attention {
	case "", account.AttentionUnconfirmed:
		return false
	case account.AttentionExpiring:
		return status != "" && status != account.StatusPending && status != account.StatusActive
	case account.AttentionWebhookFailing, account.AttentionMailFailing:
		return status == account.StatusClosed
	default: // of who sends
		return status != "" && status != account.StatusActive
	}
}

// narrowness is how much is asked that is true of few rows, as a rule: of one in ten or so each, or
// of so few that they are not worth going through an order for.
func narrowness(q account.Query) (n int) {
	switch q.Attention {
	case "", account.AttentionSilent:
	case account.AttentionExhausted, account.AttentionNearLimit, account.AttentionExpiring:
		n++
	default:
		n += veryNarrow
	}
	parent, _ := q.Parent.Get()
	for _, asked := range []bool{
		!q.Manager.IsZero(), !q.Product.IsZero(), !parent.IsZero(), q.Country != "", q.Status != "" && q.Status != account.StatusActive,
	} {
		if asked {
			n++
		}
	}
	return n
}

// narrowest is what a query asks that is true of few rows, which are counted in an index alone.
func narrowest(q account.Query) account.Query {
	if q.Status == account.StatusActive {
		q.Status = ""
	}
	if q.Attention == account.AttentionSilent {
		q.Attention = ""
	}
	if parent, _ := q.Parent.Get(); parent.IsZero() {
		q.Parent = account.Optional[account.ID]{}
	}
	return q
}

// veryNarrow is the narrowness of what is true of very few rows by itself.
const veryNarrow = 8

func ofReferences(q account.Query) (all []condition) {
	for _, want := range []struct {
		column string
		id     account.Optional[account.ID]
	}{{"manager", q.Manager}, {"product", q.Product}, {"parent", q.Parent}} {
		name := bun.Ident("l." + want.column)
		switch id, asked := want.id.Get(); {
		case asked && id.IsZero():
			all = append(all, condition{nil, want.column, "? IS NULL", []any{name}})
		case asked:
			all = append(all, condition{nil, want.column, "? = ?", []any{name, anID(rows.IDText(id))}})
		}
	}
	scope, limited := q.Managers.Get()
	if !limited {
		return all
	}
	managers := []any{anID(rows.IDText(account.ID{}))} // nobody's; a list must not be empty
	for _, id := range scope {
		managers = append(managers, anID(rows.IDText(id)))
	}
	return append(all, condition{nil, "manager", "l.manager IN (?" + strings.Repeat(", ?", len(scope)) + ")", managers})
}

// ofStatus says in SQL what [account.Summary.StatusAt] does: once the end has come, the
// milder statuses count as expired.
func ofStatus(status account.Status, now time.Time) []condition {
	is := condition{nil, "status", "l.status = ?", []any{string(status)}}
	switch status {
	case "":
		return nil
	case account.StatusExpired:
		return []condition{ofMild(), {nil, "ends_at", "l.ends_at <= ?", []any{anInstant(rows.InstantText(now))}}}
	case account.StatusPending, account.StatusActive:
		return []condition{is, {nil, "ends_at", "(l.ends_at IS NULL OR l.ends_at > ?)", []any{anInstant(rows.InstantText(now))}}}
	default:
		is.orders = []string{"moved_at"}
		return []condition{is}
	}
}

// ofMild asks for the statuses that an end makes expired.
func ofMild() condition {
	return condition{nil, "status", "l.status IN (?)", []any{bun.List([]string{string(account.StatusPending), string(account.StatusActive)})}}
}

// ofAttention narrows to what needs work.
func ofAttention(q account.Query) []condition {
	at := func(column, compare string, ahead time.Duration) condition {
		t := q.Now.Add(ahead)
		if !t.After(time.Time{}) {
			t = time.Time{} // before which a database keeps nothing
		}
		return condition{nil, column, "? " + compare + " ?", []any{bun.Ident("l." + column), anInstant(rows.InstantText(t))}}
	}
	open := condition{nil, "status", "l.status <> ?", []any{string(account.StatusClosed)}}
	flag := func(column string, orders ...string) condition {
		return condition{orders, column, "?", []any{bun.Ident("l." + column)}}
	}
	sends := ofStatus(account.StatusActive, q.Now)
	switch q.Attention {
	case "":
		return nil
	case account.AttentionExhausted:
		return append(sends, flag("exhausted", "balance", "available"))
	case account.AttentionNearLimit:
		return append(sends, flag("near_limit", "balance", "available"))
	case account.AttentionOverdrawEnding:
		return append(sends, at("overdraw_ends", ">", 0), at("overdraw_ends", "<=", account.OverdrawEndingWithin))
	case account.AttentionExpiring:
		return []condition{ofMild(), at("ends_at", ">", 0), at("ends_at", "<=", account.ExpiringWithin)}
	case account.AttentionWebhookFailing:
		return []condition{flag("hook_failing"), open}
	case account.AttentionMailFailing:
		return []condition{flag("mail_failing"), open}
	case account.AttentionSilent:
		return append(sends, at("moved_at", "<=", -account.SilentFor), at("created_at", "<=", -account.SilentFor))
	case account.AttentionUnconfirmed:
		return []condition{{nil, "account_id", "EXISTS (SELECT 1 FROM clientaccount_tasks AS k WHERE k.account_id = l.account_id AND k.state = 'unconfirmed')", nil}}
	default:
		return []condition{{nil, "account_id", "1 = 0", nil}}
	}
}
