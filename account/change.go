package account

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/internal/textform"
)

// Actor is who does something: a person or a program, as the host knows them.
// Both parts are kept in the history; the name is what people are shown.
type Actor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Faults returns what is wrong with the actor: both parts are lines of text that can be
// seen. Nil for nothing; an actor may be empty.
func (a Actor) Faults() Faults {
	if !textform.IsLine(a.ID) || !textform.IsLine(a.Name) {
		return Faults{NewFault("actor", "text.chars")}
	}
	return nil
}

// FieldChange is one field of a change: its path and text before and after, in
// the field's canonical form. Secret says that the texts are not the values: both
// are empty for a password, and a URL whose query may hold a token has them masked.
// Such a change cannot be taken back.
type FieldChange struct {
	Path   string `json:"path"`
	Old    string `json:"old"`
	New    string `json:"new"`
	Secret bool   `json:"secret"`
}

// Change is a list of field changes. As an edit, only Path and New count; as what
// was done, it holds each field at most once, in the order of the page, and only
// fields that differ (invariant 3).
type Change []FieldChange

// Set returns the change with one more field to set. A secret's New holds the secret
// itself until the change is applied.
func (c Change) Set(path, text string) Change {
	return append(c, FieldChange{Path: path, New: text})
}

// At returns the field change of a path.
func (c Change) At(path string) (FieldChange, bool) {
	i := slices.IndexFunc(c, func(fc FieldChange) bool { return fc.Path == path })
	if i < 0 {
		return FieldChange{}, false
	}
	return c[i], true
}

// Apply sets every field of the change on a; see [Table.Apply].
func (c Change) Apply(a *Account) error { return accounts.Apply(a, c) }

// Diff returns what differs from a to b, field by field; see [Table.Diff].
func Diff(a, b Account) Change { return accounts.Diff(a, b) }

// change returns the difference as it is recorded: what may not be shown is not kept.
func (f Field) change(was, is string) FieldChange {
	fc := FieldChange{Path: f.Path, Old: f.Shown(was), New: f.Shown(is)}
	fc.Secret = fc.Old != was || fc.New != is
	return fc
}

// RecordKind is how a change came about.
type RecordKind string

// The kinds of records.
const (
	RecordCreated RecordKind = "created"
	RecordUpdated RecordKind = "updated"
	RecordUndone  RecordKind = "undone"  // took back an earlier change
	RecordRemoved RecordKind = "removed" // of a manager or product; Change has what it was
)

// PathGatewayPassword stands in records for the gateway password, which is no
// field of the page.
const PathGatewayPassword = "gateway_password"

// PathHookSecret stands in records for the secret that webhooks are signed with,
// likewise.
const PathHookSecret = "webhook_secret"

// PathPrices stands in records for the price list of a client or product: that prices were
// announced. What they are is in the announcement.
const PathPrices = "prices"

// Record is a change that was applied to an account, or to a manager or product: what, who,
// when and why. Revision is the one it led to, so (Of, Revision) names it.
type Record struct {
	Of       ID         `json:"of"`
	Revision int64      `json:"revision"`
	At       time.Time  `json:"at"`
	Kind     RecordKind `json:"kind"`
	Actor    Actor      `json:"actor"`
	Reason   string     `json:"reason"`
	Undoes   int64      `json:"undoes"` // revision of the change taken back; 0 for none
	Second   Actor      `json:"second"` // who confirmed it, where a second person had to
	Batch    ID         `json:"batch"`  // of which it was a part; zero for none
	Change   Change     `json:"change"`
}

// Inverse returns the change that takes this record back, and the paths of secrets,
// which cannot be taken back. See [Table.TakeBack].
func (r Record) Inverse() (back Change, secrets []string) {
	for _, fc := range r.Change {
		if fc.Secret {
			secrets = append(secrets, fc.Path)
			continue
		}
		back = append(back, FieldChange{Path: fc.Path, Old: fc.New, New: fc.Old})
	}
	return back, secrets
}

// TakeBack takes the record back on the account; see [Table.TakeBack].
func (r Record) TakeBack(a *Account) error { return accounts.TakeBack(a, r) }
