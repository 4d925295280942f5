package clients

import (
	"context"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// ofKey says that a column has the key that is asked for, between $1 and $2. Columns of keys are in
// bytewise order.
func ofKey(column string) string { return column + " >= $1 AND " + column + " <= $2" }

// keyArgs are the bounds of ofKey, and whose clients are asked for, $3.
func keyArgs(q store.KeyQuery) ([]any, error) {
	scope, _ := q.Managers.Get()
	managers, err := rows.IDList(scope)
	to := q.Key
	if q.Prefix {
		to += "\U0010FFFF"
	}
	return []any{q.Key, to, managers, q.Limit}, err
}

// clients are the rows of the list, l, that are asked for.
func (r Reader) clients(q store.KeyQuery) string {
	if _, limited := q.Managers.Get(); limited {
		return `clientaccount_listed l WHERE l.manager IN ` + r.s.Dialect.Elements("$3")
	}
	return `clientaccount_listed l WHERE $3 <> ''`
}

// within narrows what is found, t, to clients that are asked for.
func (r Reader) within(q store.KeyQuery) string {
	return ` AND t.account_id IN (SELECT l.account_id FROM ` + r.clients(q) + `)`
}

// few reports whether it is so few clients that each can be gone to.
func (r Reader) few(ctx context.Context, q store.KeyQuery) (bool, error) {
	n, err := r.CountAccounts(ctx, store.MostProbed+1, account.Query{Managers: q.Managers})
	return err == nil && n[0] <= store.MostProbed, err
}

// probed is a statement that goes to each client for rows of a table, t.
func (r Reader) probed(q store.KeyQuery, columns, table, column string) string {
	return `WITH r AS MATERIALIZED (SELECT l.account_id FROM ` + r.clients(q) + `) SELECT ` + columns + ` FROM ` +
		r.s.Dialect.Each("r", table, "t.account_id = r.account_id AND "+ofKey("t."+column), true) + ` LIMIT $4`
}

// FindEntries is [store.Finder]'s.
func (r Reader) FindEntries(ctx context.Context, q store.KeyQuery) ([]account.Entry, error) {
	if q.Limit < 1 || q.Key == "" || !rows.Storable(q.Key) {
		return nil, ctx.Err()
	}
	few, err := r.few(ctx, q)
	if err != nil {
		return nil, err
	}
	args, err := keyArgs(q)
	if err != nil {
		return nil, err
	}
	columns := rows.Entries.Columns().List("t.")
	statement := `SELECT ` + columns + ` FROM ` + dialect.EntriesTable + ` t WHERE t.kind IN (` + foundKinds() + `) AND ` + ofKey("t.reference") + r.within(q) + ` LIMIT $4`
	if few {
		statement = r.probed(q, columns, dialect.EntriesTable, "reference")
	}
	return session.Query(ctx, r.s, statement, rows.Entries, args...)
}

// foundKinds are in the words of the index of references.
func foundKinds() string {
	kinds := make([]string, 0, len(store.FoundKinds()))
	for _, kind := range store.FoundKinds() {
		kinds = append(kinds, "'"+string(kind)+"'")
	}
	return strings.Join(kinds, ", ")
}

// FindMessages is [store.Finder]'s.
func (r Reader) FindMessages(ctx context.Context, q store.KeyQuery) ([]store.MessageKey, error) {
	if q.Limit < 1 || q.Key == "" || !rows.Storable(q.Key) {
		return nil, ctx.Err()
	}
	few, err := r.few(ctx, q)
	if err != nil {
		return nil, err
	}
	args, err := keyArgs(q)
	if err != nil {
		return nil, err
	}
	found, err := session.Query(ctx, r.s, `SELECT t.account_id, t.message FROM `+dialect.NetworkIDsTable+` t WHERE `+
		ofKey("t.id")+r.within(q)+` LIMIT $4`, rows.FoundMessages, args...)
	if err != nil || !few {
		return found, err
	}
	own, err := session.Query(ctx, r.s, r.probed(q, "t.account_id, t.id", dialect.MessagesTable, "id"), rows.FoundMessages, args...)
	return append(own, found...), err
}
