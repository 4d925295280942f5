package api

import (
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

// instant is a time of JSON, null when there is none.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// idOrNull is an id of JSON.
func idOrNull(id account.ID) any {
	if id.IsZero() {
		return nil
	}
	return id.String()
}

// clientOf is a client as the actor may see it.
func clientOf(r *ask.Request, a account.Account) (object, error) {
	settings, err := r.Service.Settings(r.Context(), a)
	if err != nil {
		return nil, err
	}
	parent, err := r.Judge.Named(r.Context(), a.Parent)
	if err != nil {
		return nil, err
	}
	o := object{
		"id": a.ID.String(), "revision": a.Revision, "parent": idOrNull(parent),
		"created_at": instant(a.CreatedAt), "updated_at": instant(a.UpdatedAt),
	}
	effective := object{}
	for _, f := range r.Judge.Fields() {
		if f.Secret() {
			continue
		}
		o.put(f.Path, kind.Value(f, f.Text(a)))
		if e, inherits := settings.Text(f.Path); inherits {
			effective[f.Path] = object{"value": kind.Value(f, e.Value), "origin": originOf(r.Judge, e.Origin)}
		}
	}
	o["effective"] = effective
	if r.Judge.Shows("status") {
		o["effective_status"], err = r.Service.Status(r.Context(), a)
	}
	return o, err
}

// rowPaths are the fields that the list has of each client.
var rowPaths = []string{
	"login", "contact.company", "contact.first_name", "contact.last_name", "contact.country",
	"manager", "notes.product", "status", "expires_at", "currency",
}

// clientRowOf is a row of the list, with the names that the whole client has.
func clientRowOf(r *ask.Request, s account.Summary) (object, error) {
	parent, err := r.Judge.Named(r.Context(), s.Parent)
	a := account.Account{
		Core:    account.Core{Login: s.Login, Manager: s.Manager, Currency: s.Currency},
		Contact: account.Contact{Company: s.Company, FirstName: s.FirstName, LastName: s.LastName, Country: s.Country},
		Notes:   account.Notes{Product: s.Product}, Status: s.Status, Expires: s.Expires,
	}
	o := object{
		"id": s.ID.String(), "parent": idOrNull(parent),
		"created_at": instant(s.CreatedAt), "updated_at": instant(s.UpdatedAt),
	}
	for _, path := range rowPaths {
		if f, _ := account.FieldAt(path); r.Judge.Shows(f.Path) {
			o.put(path, kind.Value(f, f.Text(a)))
		}
	}
	if r.Judge.Shows("status") {
		o["own_status"] = a.StatusAt(r.Service.Now())
	}
	return o, err
}

// originOf is where a value comes from, null for who may not be told.
func originOf(judge access.Judge, o account.Origin) any {
	if !judge.ShowsOrigin(o) {
		return nil
	}
	return o
}

// changeJSON is one changed field; of a secret only that it changed, of a URL with
// a query what may be shown.
type changeJSON struct {
	Field  string `json:"field"`
	Old    any    `json:"old"`
	New    any    `json:"new"`
	Secret bool   `json:"secret,omitempty"`
}

// changesJSON are the changed fields that the actor may be told of.
func changesJSON(judge access.Judge, c account.Change) []changeJSON {
	all := []changeJSON{}
	for _, fc := range judge.Change(c) {
		f, _ := access.Field(fc.Path)
		if f.Secret() {
			all = append(all, changeJSON{Field: fc.Path, Secret: true})
			continue
		}
		all = append(all, changeJSON{Field: fc.Path, Old: kind.Value(f, judge.Text(f, fc.Old)), New: kind.Value(f, judge.Text(f, fc.New)), Secret: fc.Secret})
	}
	return all
}

// actorJSON is who did something.
type actorJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
