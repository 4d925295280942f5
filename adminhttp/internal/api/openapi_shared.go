package api

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// sorted sorts in place.
func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

// passwordSchema is the body of a new password.
func passwordSchema() object {
	plain, _ := account.FieldAt("password")
	retype, _ := account.FieldAt("password_retype")
	s := fieldsSchema([]account.Field{plain, retype}, true)
	s["required"] = []string{"password"}
	return s
}

// sharedSchemas are the shapes that others refer to.
func sharedSchemas() object {
	text := object{"type": "string"}
	flag := object{"type": "boolean"}
	change := objectSchema(object{"field": text, "old": object{}, "new": object{}, "secret": flag})
	change["required"] = []string{"field", "old", "new"}
	nullable := object{"type": []string{"string", "null"}}
	return object{
		"FieldChange": change,
		"Effective":   objectSchema(object{"value": object{}, "origin": object{"enum": []any{"own", "product", "default", nil}}}),
		"Actor":       objectSchema(object{"id": text, "name": text}),
		"Fault":       objectSchema(object{"field": text, "code": text, "message": text}),
		"Preview":     objectSchema(object{"changes": arrayOf("FieldChange"), "warnings": arrayOf("Fault")}),
		"Record": objectSchema(object{
			"revision": revisionSchema(), "at": instantSchema(), "kind": object{"enum": []string{"created", "updated", "undone"}},
			"actor": schemaRef("Actor"), "reason": nullable, "undoes": object{"type": []string{"integer", "null"}},
			"fields": arrayOf("FieldChange"),
		}),
		"Problem":       problemSchema(object{}),
		"Conflict":      problemSchema(conflictSchema()),
		"ConflictField": conflictFieldSchema(flag),
	}
}

func arrayOf(name string) object { return object{"type": "array", "items": schemaRef(name)} }

func problemSchema(more object) object {
	properties := object{
		"type": object{"type": "string", "format": "uri"}, "title": object{"type": "string"},
		"status": object{"type": "integer"}, "detail": object{"type": "string"}, "errors": arrayOf("Fault"),
	}
	for name, schema := range more {
		properties[name] = schema
	}
	return objectSchema(properties)
}

// orNullSchema is a shape or null.
func orNullSchema(name string) object {
	return object{"anyOf": []object{schemaRef(name), {"type": "null"}}}
}

func conflictSchema() object {
	return object{
		"revision": revisionSchema(), "fields": arrayOf("ConflictField"), "actor": orNullSchema("Actor"),
		"at": object{"type": []string{"string", "null"}, "format": "date-time"},
	}
}

func conflictFieldSchema(flag object) object {
	s := objectSchema(object{
		"field": object{"type": "string"}, "was": object{}, "theirs": object{}, "yours": object{}, "secret": flag,
		"actor": orNullSchema("Actor"), "at": object{"type": []string{"string", "null"}, "format": "date-time"},
	})
	s["required"] = []string{"field", "was", "theirs", "yours", "actor", "at"}
	return s
}
