package rows

import "github.com/clientaccount/clientaccount/account"

// Revision is the revision of an account or an item.
type Revision struct {
	ID       account.ID
	Revision int64
}

var (
	// RevisionKeys is what revisions are looked up by.
	RevisionKeys = Codec[account.ID]{key("id", func(id *account.ID) *account.ID { return id })}
	// Revisions is a row of them.
	Revisions = Codec[Revision]{
		key("id", func(r *Revision) *account.ID { return &r.ID }),
		bigint("revision", func(r *Revision) *int64 { return &r.Revision }),
	}
)
