package api

import (
	"maps"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// schemas are the shapes of all bodies.
func schemas() object {
	all := object{
		"Client":      clientSchema(),
		"ClientWrite": fieldsSchema(account.Fields(), true), "ClientCreate": createSchema(),
		"ClientRow":  rowSchema(),
		"ClientList": listSchema("clients", "ClientRow", true),
		"ChangeList": listSchema("changes", "Record", true),
		"Document":   object{"type": "object"},
		"Nothing":    object{"type": "object", "additionalProperties": false},
		"GatewayPassword": objectSchema(object{
			"password": object{"type": "string"}, "revision": revisionSchema(),
		}),
		"Password": passwordSchema(),
	}
	for _, l := range catalogs() {
		name := l.schema()
		write := fieldsSchema(l.Fields(), true)
		write["required"] = []string{"name"}
		read := fieldsSchema(l.Fields(), false)
		read["properties"].(object)["id"] = uuidSchema()
		read["properties"].(object)["revision"] = revisionSchema()
		all[name], all[name+"Write"], all[name+"List"] = read, write, listSchema(l.Texts().Name, name, false)
	}
	for name, schema := range kind.Schemas() {
		all[name] = schema
	}
	for _, more := range []object{sharedSchemas(), moneySchemas(), decideSchemas(), hookSchemas()} {
		maps.Copy(all, more)
	}
	return all
}

func uuidSchema() object     { return object{"type": "string", "format": "uuid"} }
func revisionSchema() object { return object{"type": "integer", "minimum": 1} }
func instantSchema() object  { return object{"type": "string", "format": "date-time"} }

// objectSchema has these properties, all of them and no others.
func objectSchema(properties object) object {
	required := []string{}
	for name := range properties {
		required = append(required, name)
	}
	return object{"type": "object", "properties": properties, "required": sorted(required), "additionalProperties": false}
}

func listSchema(name, item string, paged bool) object {
	properties := object{name: object{"type": "array", "items": schemaRef(item)}}
	if paged {
		properties["next"] = object{"type": []string{"string", "null"}, "description": "The cursor of the next page."}
	}
	return objectSchema(properties)
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

// clientSchema is a client as it is read.
func clientSchema() object {
	s := fieldsSchema(account.Fields(), false)
	properties := s["properties"].(object)
	for name, schema := range serverSchemas() {
		properties[name] = schema
	}
	properties["revision"] = revisionSchema()
	properties["effective_status"] = statusSchema("The worst of its own status now and those above it.")
	properties["warnings"] = object{"type": "array", "items": schemaRef("Fault"), "description": "After an edit: allowed, but worth a look."}
	properties["effective"] = object{
		"type": "object", "additionalProperties": schemaRef("Effective"),
		"description": "By path, the values that count for fields that inherit.",
	}
	s["required"] = []string{"id", "revision", "parent", "created_at", "updated_at", "effective"}
	return s
}

// createSchema is a client as it is made: with the account it is beneath.
func createSchema() object {
	s := fieldsSchema(account.Fields(), true)
	s["properties"].(object)[parentName] = object{
		"type": []string{"string", "null"}, "format": "uuid", "description": "The account it is to be a subaccount of; it stays so.",
	}
	return s
}

// serverSchemas are what every client has and nobody sets.
func serverSchemas() object {
	return object{
		"id": uuidSchema(), "created_at": instantSchema(), "updated_at": instantSchema(),
		"parent": object{"type": []string{"string", "null"}, "format": "uuid", "description": "The account it is a subaccount of."},
	}
}

func statusSchema(about string) object { return object{"enum": statusWords(), "description": about} }

func rowSchema() object {
	var fields []account.Field
	for _, path := range rowPaths {
		f, _ := account.FieldAt(path)
		fields = append(fields, f)
	}
	s := fieldsSchema(fields, false)
	for name, schema := range serverSchemas() {
		s["properties"].(object)[name] = schema
	}
	s["properties"].(object)["own_status"] = statusSchema("Its own status now; those above it are not looked at.")
	s["required"] = []string{"id", "parent", "created_at", "updated_at"}
	return s
}
