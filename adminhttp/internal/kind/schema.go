package kind

import (
	"github.com/clientaccount/clientaccount/account"
)

// Schema is a JSON Schema.
type Schema = map[string]any

// SchemaOf describes one field. What is read has one form; more are taken.
func SchemaOf(f account.Field, write bool) Schema { return Of(f).schema(f, write) }

// Schemas returns those that the schemas of fields refer to, by their names.
func Schemas() map[string]Schema {
	text, closed := Schema{"type": "string"}, false
	return map[string]Schema{
		"Dispatch": {
			"type": "object", "additionalProperties": closed, "required": []string{"from", "to"}, "properties": Schema{
				"days": Schema{"type": "array", "items": Schema{"enum": []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}},
				"from": text, "to": text,
			},
		},
		"Limit": {
			"type": "object", "additionalProperties": closed, "required": []string{"value"}, "properties": Schema{
				"value": Schema{"type": []string{"string", "number"}}, "unit": Schema{"enum": []account.LimitUnit{account.UnitMessages, account.UnitMoney}},
			},
		},
	}
}

func ref(name string) Schema { return Schema{"$ref": "#/components/schemas/" + name} }

// orText returns a value's own form or null, and where it is written also its text.
func orText(write bool, own Schema) Schema {
	if !write {
		return Schema{"anyOf": []Schema{own, {"type": "null"}}}
	}
	return Schema{"anyOf": []Schema{own, {"type": []string{"string", "null"}}}}
}
