package sent

import (
	"encoding/json"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// Reader is a value that reads itself, or says why it cannot.
type Reader interface {
	Read(path string, v Value) *account.Fault
}

// Decode puts the members of a document into the struct that body points to, under the
// names of its json tags, as they are written. It returns the document's faults and those
// of its members, all at once: of names that the struct does not have, and of values of
// another kind. Null is as good as left out.
//
// The struct's fields are pointers to bools, strings and json.Numbers, which keep a number's
// exact text; or Readers. With names, only those of its fields are known.
func Decode(d Document, body any, names ...string) account.Faults {
	fields, faults := fieldsOf(body), d.Faults
	if len(names) > 0 {
		maps.DeleteFunc(fields, func(name string, _ reflect.Value) bool { return !slices.Contains(names, name) })
	}
	for _, m := range d.Members {
		if fault := decodeMember(fields, m); fault != nil {
			faults = AddFault(faults, *fault)
		}
	}
	return faults
}

func decodeMember(fields map[string]reflect.Value, m Member) *account.Fault {
	name := Within("", m.Name)
	field, known := fields[m.Name]
	switch {
	case !known:
		return Fault(name, "field.unknown", name)
	case m.Value.Kind == KindNull:
		return nil
	}
	if reader, ok := field.Addr().Interface().(Reader); ok {
		return reader.Read(name, m.Value)
	}
	if m.Value.Kind != kindOf(field.Type().Elem()) {
		return Fault(name, "field.type")
	}
	value := reflect.New(field.Type().Elem())
	if m.Value.Kind == KindBool {
		value.Elem().SetBool(m.Value.Text == "true")
	} else {
		value.Elem().SetString(m.Value.Text)
	}
	field.Set(value)
	return nil
}

// kindOf is the kind of JSON value that a type takes.
func kindOf(t reflect.Type) Kind {
	switch {
	case t == reflect.TypeFor[json.Number]():
		return KindNumber
	case t.Kind() == reflect.Bool:
		return KindBool
	default:
		return KindString
	}
}

// fieldsOf are the fields of the struct that body points to, by their names in JSON.
func fieldsOf(body any) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for f, v := range reflect.ValueOf(body).Elem().Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			fields[name] = v
		}
	}
	return fields
}

// Texts returns the members of a decoded body that were given, by name, as text: what an
// input of a form would have sent.
func Texts(body any) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for f, v := range reflect.ValueOf(body).Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || v.IsNil() {
				continue
			}
			text := v.Elem().String()
			if v.Elem().Kind() == reflect.Bool {
				text = strconv.FormatBool(v.Elem().Bool())
			}
			if !yield(name, text) {
				return
			}
		}
	}
}
