package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// History is where records are kept: those of accounts, or of the items of a list.
type History struct {
	Of          string // the column that says whose a record is
	RecordTable string
	Records     Codec[record]
	FieldTable  string
	Fields      Codec[FieldChange]
}

// Changes is the history of accounts.
var Changes = history("account_id", "clientaccount_changes", "clientaccount_change_fields")

func history(of, records, fields string) History {
	return History{of, records, recordsOf(of), fields, fieldChangesOf(of)}
}

type record = account.Record

func recordsOf(of string) Codec[record] {
	return Codec[record]{
		key(of, func(r *record) *account.ID { return &r.Of }),
		bigint("revision", func(r *record) *int64 { return &r.Revision }),
		instant("at", func(r *record) *time.Time { return &r.At }),
		text("kind", func(r *record) *account.RecordKind { return &r.Kind }),
		text("actor_id", func(r *record) *string { return &r.Actor.ID }),
		text("actor_name", func(r *record) *string { return &r.Actor.Name }),
		text("reason", func(r *record) *string { return &r.Reason }),
		bigint("undoes", func(r *record) *int64 { return &r.Undoes }),
		text("second_id", func(r *record) *string { return &r.Second.ID }),
		text("second_name", func(r *record) *string { return &r.Second.Name }),
		idOrNull("batch_id", func(r *record) *account.ID { return &r.Batch }),
	}
}

// FieldChange is a field's change, and where in the history it belongs.
type FieldChange struct {
	Of       account.ID
	Revision int64
	Position int
	Change   account.FieldChange
}

func fieldChangesOf(of string) Codec[FieldChange] {
	return Codec[FieldChange]{
		key(of, func(c *FieldChange) *account.ID { return &c.Of }),
		bigint("revision", func(c *FieldChange) *int64 { return &c.Revision }),
		integer("position", func(c *FieldChange) *int { return &c.Position }),
		text("path", func(c *FieldChange) *string { return &c.Change.Path }),
		text("old_text", func(c *FieldChange) *string { return &c.Change.Old }),
		text("new_text", func(c *FieldChange) *string { return &c.Change.New }),
		flag("secret", func(c *FieldChange) *bool { return &c.Change.Secret }),
	}
}
