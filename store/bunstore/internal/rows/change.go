package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

type record = account.Record

// Records is a row of clientaccount_changes.
var Records = Codec[record]{
	key("account_id", func(r *record) *account.ID { return &r.Account }),
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

// FieldChange is a field's change, and where in the history it belongs.
type FieldChange struct {
	Account  account.ID
	Revision int64
	Position int
	Change   account.FieldChange
}

// FieldChanges is a row of clientaccount_change_fields.
var FieldChanges = Codec[FieldChange]{
	key("account_id", func(c *FieldChange) *account.ID { return &c.Account }),
	bigint("revision", func(c *FieldChange) *int64 { return &c.Revision }),
	integer("position", func(c *FieldChange) *int { return &c.Position }),
	text("path", func(c *FieldChange) *string { return &c.Change.Path }),
	text("old_text", func(c *FieldChange) *string { return &c.Change.Old }),
	text("new_text", func(c *FieldChange) *string { return &c.Change.New }),
	flag("secret", func(c *FieldChange) *bool { return &c.Change.Secret }),
}
