package account

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// MarshalJSON returns the value, null when unset.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.set {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (o *Optional[T]) UnmarshalJSON(text []byte) error {
	*o = Optional[T]{}
	if string(bytes.TrimSpace(text)) == "null" {
		return nil
	}
	if err := json.Unmarshal(text, &o.value); err != nil {
		return err
	}
	o.set = true
	return nil
}

// MarshalJSON returns the day as String writes it, null for none.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads what MarshalJSON wrote. The error is the [Rule] format.
func (d *Date) UnmarshalJSON(text []byte) error {
	var day Optional[string]
	if err := json.Unmarshal(text, &day); err != nil {
		return err
	}
	*d = Date{}
	given, is := day.Get()
	if !is {
		return nil
	}
	read, err := ParseDate(given)
	*d = read
	return err
}

// MarshalJSON returns the times' text, null for the zero Dispatch: an empty text is every
// hour.
func (d Dispatch) MarshalJSON() ([]byte, error) {
	if d == (Dispatch{}) {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Dispatch) UnmarshalJSON(text []byte) error {
	var times Optional[string]
	if err := json.Unmarshal(text, &times); err != nil {
		return err
	}
	*d = Dispatch{}
	given, is := times.Get()
	if !is {
		return nil
	}
	return d.UnmarshalText([]byte(given))
}

// MarshalJSON returns the fingerprint in hexadecimal digits.
func (f Fingerprint) MarshalJSON() ([]byte, error) { return json.Marshal(hex.EncodeToString(f[:])) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Fingerprint) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	raw, err := hex.DecodeString(digits)
	if err != nil || len(raw) != len(f) {
		return Rule("format")
	}
	*f = Fingerprint(raw)
	return nil
}

type plainClient Client

// UnmarshalJSON reads the client's JSON, with the zone as this machine knows it.
func (c *Client) UnmarshalJSON(text []byte) error {
	var read plainClient
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*c = Client(read)
	c.Zone, _ = c.Account.Location() // Decide says that there is none
	return nil
}

// decisionJSON is a decision with what its hold is made of.
type decisionJSON struct {
	Verdict  Verdict                   `json:"verdict"`
	Until    time.Time                 `json:"until"`
	Priority int                       `json:"priority"`
	Findings []Finding                 `json:"findings"`
	Price    Optional[decimal.Decimal] `json:"price"`
	Parts    int                       `json:"parts"`
	Round    bool                      `json:"round"`
}

// MarshalJSON returns the decision, with the price and the parts that its cost is of.
func (d Decision) MarshalJSON() ([]byte, error) {
	return json.Marshal(decisionJSON{d.Verdict, d.Until, d.Priority, d.Findings, d.price, d.parts, d.round})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Decision) UnmarshalJSON(text []byte) error {
	var j decisionJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*d = Decision{Verdict: j.Verdict, Until: j.Until, Priority: j.Priority, Findings: j.Findings, price: j.Price, parts: j.Parts, round: j.Round}
	return nil
}

// MarshalJSON returns the change as it stands, for a host's own use: so a URL that an edit
// sets is whole, with what may be a token in it. The error is ErrSecret for one that sets
// a password, or a field that there is none of.
func (fc FieldChange) MarshalJSON() ([]byte, error) {
	if f, known := FieldAt(fc.Path); (!known || f.Secret()) && fc.Old+fc.New != "" {
		return nil, ErrSecret
	}
	return json.Marshal(plainFieldChange(fc))
}

// accountJSON is what an account is beside its fields.
type accountJSON struct {
	ID        ID        `json:"id"`
	Revision  int64     `json:"revision"`
	Parent    ID        `json:"parent"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// MarshalJSON returns the account with its fields under their paths,
// {"sending":{"smpp":true}}, as the table of fields has them: flags as booleans, all else
// as text, null where unset. It is for a host's own use, and what UnmarshalJSON reads back
// is the same: so URLs are whole, with what may be tokens in them. A new password is left
// out. What may be shown to others is adminhttp's JSON.
func (a Account) MarshalJSON() ([]byte, error) {
	head := accountJSON{a.ID, a.Revision, a.Parent, a.CreatedAt, a.UpdatedAt}
	whole := map[string]any{
		"id": head.ID, "revision": head.Revision, "parent": head.Parent, "created_at": head.CreatedAt, "updated_at": head.UpdatedAt,
	}
	accounts.nest(whole, &a)
	return json.Marshal(whole)
}

// nest puts the fields of a T into an object, under their paths.
func (t Table[T]) nest(object map[string]any, of *T) {
	for _, r := range t.rows {
		if r.Secret() {
			continue
		}
		var value any
		switch text := r.at(of).String(); {
		case r.Kind == FieldFlag:
			value = text == "true"
		case text != "":
			value = text
		}
		put(object, r.Path, value)
	}
}

// nested returns the change that sets what nest put into an object.
func (t Table[T]) nested(object map[string]any) (c Change) {
	for _, r := range t.rows {
		if value := at(object, r.Path); value != nil && !r.Secret() {
			c = c.Set(r.Path, fmt.Sprint(value))
		}
	}
	return c
}

// put sets a value at a path of objects.
func put(object map[string]any, path string, value any) {
	head, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		object[head] = value
		return
	}
	inner, ok := object[head].(map[string]any)
	if !ok {
		inner = map[string]any{}
		object[head] = inner
	}
	put(inner, rest, value)
}

// UnmarshalJSON reads what MarshalJSON wrote; what is left out is unset, and names that
// it does not know are passed over. The error is Faults for what is no value of its field.
func (a *Account) UnmarshalJSON(text []byte) error {
	var head accountJSON
	var whole map[string]any
	if err := json.Unmarshal(text, &head); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &whole); err != nil {
		return err
	}
	read := Account{ID: head.ID, Revision: head.Revision, Parent: head.Parent, CreatedAt: head.CreatedAt, UpdatedAt: head.UpdatedAt}
	if err := accounts.nested(whole).Apply(&read); err != nil {
		return err
	}
	*a = read
	return nil
}

// at returns the value at a path of objects, nil for none.
func at(object map[string]any, path string) any {
	head, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return object[head]
	}
	inner, _ := object[head].(map[string]any)
	return at(inner, rest)
}
