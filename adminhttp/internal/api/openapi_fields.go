package api

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// rowed is a type that has, beside its own members, fields of a table by their paths. Which
// of them there are differs from actor to actor.
type rowed interface{ rows() []account.Field }

// ofFields is the schema of nothing but fields, as they may be written.
func ofFields(name string, fields []account.Field, required ...string) schema {
	return schema{name, func(schemas) object {
		s := fieldsSchema(fields, true)
		if len(required) > 0 {
			s["required"] = required
		}
		return s
	}}
}

// clientCreate is a client as it is made: with the account it is beneath.
func clientCreate() schema {
	return schema{"ClientCreate", func(schemas) object {
		s := fieldsSchema(account.Fields(), true)
		s["properties"].(object)[parentName] = object{
			"type": []string{"string", "null"}, "format": "uuid", "description": "The account it is to be a subaccount of; it stays so.",
		}
		return s
	}}
}

// passwordFields are those of a new password's body.
func passwordFields() []account.Field {
	plain, _ := account.FieldAt("password")
	retype, _ := account.FieldAt("password_retype")
	return []account.Field{plain, retype}
}

// one is an item of the list as it is read.
func (l catalog) one() schema {
	return schema{l.schema(), func(schemas) object {
		s := fieldsSchema(l.Fields(), false)
		s["properties"].(object)["id"] = object{"type": "string", "format": "uuid"}
		s["properties"].(object)["revision"] = object{"type": "integer", "minimum": 1}
		return s
	}}
}

// written is an item of the list as it is written.
func (l catalog) written() schema { return ofFields(l.schema()+"Write", l.Fields(), "name") }

// whole is all of the list.
func (l catalog) whole() schema {
	return schema{l.schema() + "List", func(all schemas) object {
		items := object{l.Texts().Name: object{"type": "array", "items": all.ref(l.one())}}
		return object{"type": "object", "properties": items, "required": []string{l.Texts().Name}, "additionalProperties": false}
	}}
}

// fieldsSchema nests fields by their paths. Secrets are only for writing.
func fieldsSchema(fields []account.Field, write bool) object {
	top := object{"type": "object", "properties": object{}, "additionalProperties": false}
	for _, f := range fields {
		if f.Secret() && !write {
			continue
		}
		within, name := top, f.Path
		for head, rest, nested := strings.Cut(name, "."); nested; head, rest, nested = strings.Cut(name, ".") {
			within, name = innerSchema(within, head, write), rest
		}
		within["properties"].(object)[name] = fieldSchema(f, write)
	}
	return top
}

// innerSchema is the object of a name within another; null clears all of it.
func innerSchema(within object, name string, write bool) object {
	properties := within["properties"].(object)
	inner, ok := properties[name].(object)
	if !ok {
		inner = object{"type": "object", "properties": object{}, "additionalProperties": false}
		if write {
			inner["type"] = []string{"object", "null"}
		}
		properties[name] = inner
	}
	return inner
}

// fieldSchema describes one field. What is read has one form; more are taken.
func fieldSchema(f account.Field, write bool) object {
	s := object(kind.SchemaOf(f, write))
	s["title"] = f.Label
	s["description"] = strings.TrimSpace(f.Values + ". " + f.Effect)
	if f.Secret() {
		s["writeOnly"], s["format"] = true, "password"
	}
	if f.Inherits {
		s["description"] = s["description"].(string) + " Null: the product's, else the platform's; see effective."
	}
	return s
}
