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

func (s reader) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	return s.records(ctx, rows.Changes, q)
}

// AddChange writes the record and, in one statement, what it changed.
func (t *tx) AddChange(ctx context.Context, r account.Record) error {
	return t.addRecord(ctx, rows.Changes, r)
}

// records returns a page of a history.
func (s reader) records(ctx context.Context, of rows.History, q account.ChangeQuery) ([]account.Record, error) {
	if !rows.Storable(q.Path) {
		return nil, ctx.Err()
	}
	whose := of.Of + " = ?"
	sel := s.From(of.RecordTable).Where(whose, rows.IDText(q.Of)).Where("revision > ?", q.Since)
	if q.Before != 0 {
		sel.Where("revision < ?", q.Before)
	}
	if q.Path != "" {
		sel.Where("revision IN (?)", s.From(of.FieldTable).Column("revision").Where(whose, rows.IDText(q.Of)).Where("path = ?", q.Path))
	}
	sel.OrderExpr("revision DESC").Limit(int64(q.PageSize()))
	records, err := session.List(ctx, s.Session, sel, of.Records)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records, s.fillRecords(ctx, of, records)
}

// fillRecords reads what the records of one history changed. A record never changes, so it need
// not be the same transaction that reads it.
func (s reader) fillRecords(ctx context.Context, of rows.History, records []account.Record) error {
	revisions := make([]int64, len(records))
	at := map[int64]int{}
	for i, r := range records {
		revisions[i], at[r.Revision] = r.Revision, i
	}
	fields, err := session.List(ctx, s.Session, s.From(of.FieldTable).Where(of.Of+" = ?", rows.IDText(records[0].Of)).
		Where("revision IN (?)", bun.List(revisions)).OrderExpr("revision, position"), of.Fields)
	for _, f := range fields {
		r := &records[at[f.Revision]]
		r.Change = append(r.Change, f.Change)
	}
	return err
}

func (t *tx) addRecord(ctx context.Context, to rows.History, r account.Record) error {
	written, err := to.Records.Named(&r)
	if err != nil {
		return err
	}
	fields := make([]rows.FieldChange, len(r.Change))
	for i, change := range r.Change {
		fields[i] = rows.FieldChange{Of: r.Of, Revision: r.Revision, Position: i, Change: change}
	}
	changed, err := session.Packed(to.Fields, fields)
	if err != nil {
		return err
	}
	if err := t.insert(ctx, to.RecordTable, written); err != nil || len(fields) == 0 {
		return err
	}
	cs := to.Fields.Columns()
	_, err = t.Execute(ctx, t.Unpacked(cs)+"INSERT INTO "+to.FieldTable+" ("+cs.List("")+") SELECT "+cs.List("r.")+" FROM r", changed)
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
