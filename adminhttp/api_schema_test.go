package adminhttp_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// checker judges values by the part of JSON Schema that the document uses. It is
// written apart from what makes the document, so that the two can disagree; a
// keyword that it does not know is an error.
type checker struct{ doc map[string]any }

func (c checker) resolve(ref string) (any, error) {
	var v any = c.doc
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		o, _ := v.(map[string]any)
		if v = o[name]; v == nil {
			return nil, fmt.Errorf("%s leads nowhere", ref)
		}
	}
	return v, nil
}

var annotations = []string{"title", "description", "format", "writeOnly", "default", "required"}

func (c checker) check(schema, v any, path string) error {
	s, ok := schema.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: no schema", path)
	}
	for keyword, argument := range s {
		var err error
		switch keyword {
		case "$ref":
			err = c.follow(argument.(string), v, path)
		case "anyOf":
			err = c.anyOf(argument.([]any), v, path)
		case "type":
			err = isOfType(argument, v, path)
		case "enum":
			if !slices.Contains(argument.([]any), v) {
				err = fmt.Errorf("%s: %v is none of %v", path, v, argument)
			}
		case "properties", "additionalProperties":
			err = c.properties(s, v, path)
		case "items":
			err = c.items(argument, v, path)
		case "maxLength", "minLength", "minimum", "maximum":
			err = inBounds(keyword, argument.(float64), v, path)
		default:
			if !slices.Contains(annotations, keyword) {
				err = fmt.Errorf("%s: keyword %s", path, keyword)
			}
		}
		if err != nil {
			return err
		}
	}
	return c.required(s, v, path)
}

func (c checker) follow(ref string, v any, path string) error {
	schema, err := c.resolve(ref)
	if err != nil {
		return err
	}
	return c.check(schema, v, path)
}

func (c checker) anyOf(schemas []any, v any, path string) error {
	var all []string
	for _, schema := range schemas {
		err := c.check(schema, v, path)
		if err == nil {
			return nil
		}
		all = append(all, err.Error())
	}
	return fmt.Errorf("%s: none of them: %s", path, strings.Join(all, "; "))
}

func isOfType(want, v any, path string) error {
	names, several := want.([]any)
	if !several {
		names = []any{want}
	}
	have := []any{"null"}
	switch v := v.(type) {
	case string:
		have = []any{"string"}
	case bool:
		have = []any{"boolean"}
	case float64:
		if have = []any{"number"}; v == float64(int64(v)) {
			have = append(have, "integer")
		}
	case map[string]any:
		have = []any{"object"}
	case []any:
		have = []any{"array"}
	}
	if slices.ContainsFunc(have, func(name any) bool { return slices.Contains(names, name) }) {
		return nil
	}
	return fmt.Errorf("%s: %v is %v, not %v", path, v, have, names)
}

func (c checker) properties(s map[string]any, v any, path string) error {
	properties, _ := s["properties"].(map[string]any)
	object, _ := v.(map[string]any)
	for name, inner := range object {
		schema, known := properties[name]
		switch more := s["additionalProperties"].(type) {
		case bool:
			if !known && !more {
				return fmt.Errorf("%s: %s is not documented", path, name)
			}
		case map[string]any:
			if !known {
				schema, known = more, true
			}
		}
		if known {
			if err := c.check(schema, inner, path+"."+name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c checker) required(s map[string]any, v any, path string) error {
	names, _ := s["required"].([]any)
	object, ok := v.(map[string]any)
	for _, name := range names {
		if _, there := object[name.(string)]; ok && !there {
			return fmt.Errorf("%s: %s is missing", path, name)
		}
	}
	return nil
}

func (c checker) items(schema, v any, path string) error {
	all, _ := v.([]any)
	for i, item := range all {
		if err := c.check(schema, item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func inBounds(keyword string, bound float64, v any, path string) error {
	size, limited := 0.0, true
	switch v := v.(type) {
	case string:
		size = float64(len([]rune(v)))
	case float64:
		size = v
	default:
		limited = false
	}
	low := strings.HasPrefix(keyword, "min")
	if limited && (low && size < bound || !low && size > bound) {
		text, _ := json.Marshal(v)
		return fmt.Errorf("%s: %s is beyond %s %v", path, text, keyword, bound)
	}
	return nil
}
