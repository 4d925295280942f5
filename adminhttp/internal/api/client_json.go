package api

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// object is a JSON object.
type object map[string]any

// put sets a value at a path, making the objects on the way.
func (o object) put(path string, v any) {
	head, rest, nested := strings.Cut(path, ".")
	if !nested {
		o[head] = v
		return
	}
	inner, ok := o[head].(object)
	if !ok {
		inner = object{}
		o[head] = inner
	}
	inner.put(rest, v)
}

// beside is the JSON of a struct that has members of its own, and the object's behind them.
func (o object) beside(head any) ([]byte, error) {
	text, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	members, err := json.Marshal(o)
	if err != nil || len(o) == 0 {
		return text, err
	}
	return append(append(text[:len(text)-1], ','), members[1:]...), nil
}

// Client is a client as the actor may see it.
type Client struct {
	ID              account.ID           `json:"id"`
	Revision        int64                `json:"revision" limits:"minimum=1"`
	Parent          *account.ID          `json:"parent" about:"The account it is a subaccount of."`
	CreatedAt       time.Time            `json:"created_at"`
	UpdatedAt       time.Time            `json:"updated_at"`
	Effective       map[string]Effective `json:"effective" about:"By path, the values that count for fields that inherit."`
	EffectiveStatus account.Status       `json:"effective_status,omitempty" about:"The worst of its own status now and those above it."`
	Warnings        account.Faults       `json:"warnings,omitempty" about:"After an edit: allowed, but worth a look."`

	fields object
}

func (Client) rows() []account.Field { return account.Fields() }

// MarshalJSON returns the client with its fields under their paths.
func (c Client) MarshalJSON() ([]byte, error) {
	type head Client
	return c.fields.beside(head(c))
}

// Effective is a value that counts, and where it comes from: null for who may not be told.
type Effective struct {
	Value  any             `json:"value"`
	Origin *account.Origin `json:"origin"`
}

// clientOf is a client as the actor may see it.
func clientOf(r *ask.Request, a account.Account) (Client, error) {
	settings, err := r.Service.Settings(r.Context(), a)
	if err != nil {
		return Client{}, err
	}
	parent, err := r.Judge.Named(r.Context(), a.Parent)
	if err != nil {
		return Client{}, err
	}
	c := Client{
		ID: a.ID, Revision: a.Revision, Parent: orNull(parent), CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
		Effective: map[string]Effective{}, fields: object{},
	}
	texts := account.AccountTable().Texts(a)
	for _, f := range r.Judge.Fields() {
		if f.Secret() {
			continue
		}
		c.fields.put(f.Path, kind.Value(f, texts(f.Path)))
		if e, inherits := settings.Text(f.Path); inherits {
			c.Effective[f.Path] = Effective{kind.Value(f, e.Value), originOf(r.Judge, e.Origin)}
		}
	}
	if r.Judge.Shows("status") {
		c.EffectiveStatus, err = r.Service.Status(r.Context(), a)
	}
	return c, err
}

// ClientList is a page of clients.
type ClientList struct {
	Clients []ClientRow `json:"clients"`
	Next    *string     `json:"next" about:"The cursor of the next page."`
}

// ClientRow is a client in a list, with the names that the whole client has.
type ClientRow struct {
	ID              account.ID     `json:"id"`
	Parent          *account.ID    `json:"parent" about:"The account it is a subaccount of."`
	CreatedAt       time.Time      `json:"created_at"`
	UpdatedAt       time.Time      `json:"updated_at"`
	OwnStatus       account.Status `json:"own_status,omitempty" about:"Its own status now; those above it are not looked at."`
	EffectiveStatus account.Status `json:"effective_status,omitempty" about:"The worst of its own status now and those above it."`
	MovedAt         *time.Time     `json:"moved_at,omitempty" about:"Its last movement of money, within a minute or so."`

	fields object
}

func (ClientRow) rows() []account.Field { return rowFields }

// MarshalJSON returns the row with its fields under their paths.
func (c ClientRow) MarshalJSON() ([]byte, error) {
	type head ClientRow
	return c.fields.beside(head(c))
}

// rowFields are those that the list has of each client.
var rowFields = fieldsAt(
	"login", "contact.company", "contact.first_name", "contact.last_name", "contact.country",
	"manager", "notes.product", "status", "expires_at", "currency",
)

func fieldsAt(paths ...string) (fields []account.Field) {
	for _, path := range paths {
		f, _ := account.FieldAt(path)
		fields = append(fields, f)
	}
	return fields
}

// clientRowOf is a row of the list as the actor may see it.
func clientRowOf(r *ask.Request, s account.Summary) (ClientRow, error) {
	parent, err := r.Judge.Named(r.Context(), s.Parent)
	a := ask.PartOf(s)
	c := ClientRow{ID: s.ID, Parent: orNull(parent), CreatedAt: s.CreatedAt.UTC(), UpdatedAt: s.UpdatedAt.UTC(), fields: object{}}
	texts := account.AccountTable().Texts(a)
	for _, f := range rowFields {
		if r.Judge.Shows(f.Path) {
			c.fields.put(f.Path, kind.Value(f, texts(f.Path)))
		}
	}
	if r.Judge.Shows("status") {
		now := r.Service.Now()
		c.OwnStatus, c.EffectiveStatus = a.StatusAt(now), s.StatusAt(now)
	}
	if r.Judge.May(access.Money) && !s.Moved.IsZero() {
		moved := s.Moved.UTC()
		c.MovedAt = &moved
	}
	return c, err
}

// originOf is where a value comes from, null for who may not be told.
func originOf(judge access.Judge, o account.Origin) *account.Origin {
	if !judge.ShowsOrigin(o) {
		return nil
	}
	return &o
}

// FieldChange is one changed field; of a secret only that it changed, of a URL with
// a query what may be shown.
type FieldChange struct {
	Field  string `json:"field"`
	Old    any    `json:"old"`
	New    any    `json:"new"`
	Secret bool   `json:"secret,omitempty"`
}

// changesOf are the changed fields that the actor may be told of.
func changesOf(judge access.Judge, c account.Change) []FieldChange {
	all := []FieldChange{}
	for _, fc := range judge.Change(c) {
		f, _ := access.Field(fc.Path)
		if f.Secret() {
			all = append(all, FieldChange{Field: fc.Path, Secret: true})
			continue
		}
		all = append(all, FieldChange{Field: fc.Path, Old: kind.Value(f, judge.Text(f, fc.Old)), New: kind.Value(f, judge.Text(f, fc.New)), Secret: fc.Secret})
	}
	return all
}

// Preview is what an edit would do.
type Preview struct {
	Changes  []FieldChange  `json:"changes"`
	Warnings account.Faults `json:"warnings"`
	Steps    account.Faults `json:"steps" about:"What cannot be taken back, or bites at once: to be looked at by a person before it is written."`
}

// GatewayPassword is a new password for SMPP and API, shown this once.
type GatewayPassword struct {
	Password string `json:"password"`
	Revision int64  `json:"revision" limits:"minimum=1"`
}
