package bunstore

import (
	"context"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

var _ store.Reviser = (*Store)(nil)

// Revisions is [store.Reviser]'s: one statement, which looks at no more than the keys.
func (s *Store) Revisions(ctx context.Context, ids []account.ID) (map[account.ID]int64, error) {
	keys, err := packed(rows.RevisionKeys, ids)
	if err != nil {
		return nil, err
	}
	tables := []string{accountsTable}
	for _, list := range store.Lists() {
		tables = append(tables, rows.ItemTables[list].Name)
	}
	parts := make([]string, len(tables))
	for i, table := range tables {
		parts[i] = `SELECT r.id, (SELECT t.revision FROM ` + table + ` t WHERE t.id = r.id) AS revision FROM r`
	}
	found, err := query(ctx, s.session, s.unpacked(rows.RevisionKeys.Columns())+
		`SELECT id, revision FROM (`+strings.Join(parts, " UNION ALL ")+`) AS found WHERE revision IS NOT NULL`, rows.Revisions, keys)
	revisions := make(map[account.ID]int64, len(found))
	for _, f := range found {
		revisions[f.ID] = f.Revision
	}
	return revisions, err
}
