package bunstore

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

const (
	changesTable = "clientaccount_changes"
	fieldsTable  = "clientaccount_change_fields"
)

func (s reader) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	if !rows.Storable(q.Path) {
		return nil, ctx.Err()
	}
	sel := s.From(changesTable).Where("account_id = ?", rows.IDText(q.Account)).Where("revision > ?", q.Since)
	if q.Before != 0 {
		sel.Where("revision < ?", q.Before)
	}
	if q.Path != "" {
		sel.Where("revision IN (?)", s.From(fieldsTable).Column("revision").
			Where("account_id = ?", rows.IDText(q.Account)).Where("path = ?", q.Path))
	}
	sel.OrderExpr("revision DESC").Limit(int64(q.PageSize()))
	records, err := session.List(ctx, s.Session, sel, rows.Records)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records, s.fillChanges(ctx, records)
}

// fillChanges reads what the records of one account changed. A record never
// changes, so it need not be the same transaction that reads it.
func (s reader) fillChanges(ctx context.Context, records []account.Record) error {
	revisions := make([]int64, len(records))
	at := map[int64]int{}
	for i, r := range records {
		revisions[i], at[r.Revision] = r.Revision, i
	}
	fields, err := session.List(ctx, s.Session, s.From(fieldsTable).Where("account_id = ?", rows.IDText(records[0].Account)).
		Where("revision IN (?)", bun.List(revisions)).OrderExpr("revision, position"), rows.FieldChanges)
	for _, f := range fields {
		r := &records[at[f.Revision]]
		r.Change = append(r.Change, f.Change)
	}
	return err
}

// AddChange writes the record and, in one statement, what it changed.
func (t *tx) AddChange(ctx context.Context, r account.Record) error {
	written, err := rows.Records.Named(&r)
	if err != nil {
		return err
	}
	fields := make([]rows.FieldChange, len(r.Change))
	for i, change := range r.Change {
		fields[i] = rows.FieldChange{Account: r.Account, Revision: r.Revision, Position: i, Change: change}
	}
	changed, err := session.Packed(rows.FieldChanges, fields)
	if err != nil {
		return err
	}
	if err := t.insert(ctx, changesTable, written); err != nil || len(fields) == 0 {
		return err
	}
	cs := rows.FieldChanges.Columns()
	_, err = t.Execute(ctx, t.Unpacked(cs)+"INSERT INTO "+fieldsTable+" ("+cs.List("")+") SELECT "+cs.List("r.")+" FROM r", changed)
	return err
}

var _ store.Reviser = (*Store)(nil)

// Revisions is [store.Reviser]'s: one statement, which looks at no more than the keys.
func (s *Store) Revisions(ctx context.Context, ids []account.ID) (map[account.ID]int64, error) {
	table, keys, err := session.WithRows(s.Session, rows.RevisionKeys, ids)
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
	found, err := session.Query(ctx, s.Session, table+
		`SELECT id, revision FROM (`+strings.Join(parts, " UNION ALL ")+`) AS found WHERE revision IS NOT NULL`, rows.Revisions, keys...)
	revisions := make(map[account.ID]int64, len(found))
	for _, f := range found {
		revisions[f.ID] = f.Revision
	}
	return revisions, err
}
