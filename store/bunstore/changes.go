package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
)

const (
	changesTable = "clientaccount_changes"
	fieldsTable  = "clientaccount_change_fields"
)

var recordColumns = []string{"account_id", "revision", "at", "kind", "actor_id", "actor_name", "reason", "undoes"}

func recordRow(r *row) account.Record {
	return account.Record{
		Account: r.id(), Revision: r.integer(), At: r.instant(), Kind: account.RecordKind(r.text()),
		Actor: account.Actor{ID: r.text(), Name: r.text()}, Reason: r.text(), Undoes: r.integer(),
	}
}

var fieldColumns = []string{"revision", "path", "old_text", "new_text", "secret"}

// fieldOf is a field's change and the revision of the record it belongs to.
type fieldOf struct {
	revision int64
	change   account.FieldChange
}

func fieldRow(r *row) fieldOf {
	return fieldOf{r.integer(), account.FieldChange{Path: r.text(), Old: r.text(), New: r.text(), Secret: r.flag()}}
}

func (s session) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	if !storable(q.Path) {
		return nil, ctx.Err()
	}
	sel := s.from(changesTable).Where("account_id = ?", idValue(q.Account)).Where("revision > ?", q.Since)
	if q.Before != 0 {
		sel.Where("revision < ?", q.Before)
	}
	if q.Path != "" {
		sel.Where("revision IN (?)", s.from(fieldsTable).Column("revision").
			Where("account_id = ?", idValue(q.Account)).Where("path = ?", q.Path))
	}
	sel.OrderExpr("revision DESC").Limit(int64(q.PageSize()))
	records, err := list(ctx, s, sel, recordColumns, recordRow)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records, s.fillChanges(ctx, records)
}

// fillChanges reads what the records of one account changed. A record never
// changes, so it need not be the same transaction that reads it.
func (s session) fillChanges(ctx context.Context, records []account.Record) error {
	revisions := make([]int64, len(records))
	at := map[int64]int{}
	for i, r := range records {
		revisions[i], at[r.Revision] = r.Revision, i
	}
	fields, err := list(ctx, s, s.from(fieldsTable).Where("account_id = ?", idValue(records[0].Account)).
		Where("revision IN (?)", bun.List(revisions)).OrderExpr("revision, position"), fieldColumns, fieldRow)
	for _, f := range fields {
		r := &records[at[f.revision]]
		r.Change = append(r.Change, f.change)
	}
	return err
}

// changedField is a row of fieldsTable as it is written, many at once.
type changedField struct {
	AccountID string
	Revision  int64
	Position  int
	Path      string
	OldText   string
	NewText   string
	Secret    bool
}

func (t *tx) AddChange(ctx context.Context, r account.Record) error {
	if !storable(string(r.Kind), r.Actor.ID, r.Actor.Name, r.Reason) {
		return errText
	}
	fields := make([]changedField, len(r.Change))
	for i, fc := range r.Change {
		if !storable(fc.Path, fc.Old, fc.New) {
			return errText
		}
		fields[i] = changedField{idText(r.Account), r.Revision, i, fc.Path, fc.Old, fc.New, fc.Secret}
	}
	err := t.insert(ctx, changesTable, values{
		"account_id": idText(r.Account), "revision": r.Revision, "at": instantText(r.At), "kind": string(r.Kind),
		"actor_id": r.Actor.ID, "actor_name": r.Actor.Name, "reason": r.Reason, "undoes": r.Undoes,
	})
	if err != nil || len(fields) == 0 {
		return err
	}
	_, err = t.db.NewInsert().Conn(t.conn).Model(&fields).ModelTableExpr(fieldsTable).Exec(ctx)
	return t.failed(ctx, err)
}
