package api

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// A name that the Service can be asked with is a field of the body's type, and nothing else is.
func TestEveryNameOfABodyIsAField(t *testing.T) {
	var messages, movements []string
	for _, f := range ask.MessageFields() {
		messages = append(messages, f.Name)
	}
	for _, mv := range ask.Moves() {
		movements = append(movements, mv.Names()...)
	}
	for body, names := range map[reflect.Type][]string{reflect.TypeFor[Message](): messages, reflect.TypeFor[Movement](): movements} {
		slices.Sort(names)
		properties := schemas{}.object(body, true)["properties"].(object)
		assert.Equal(t, slices.Compact(names), slices.Sorted(maps.Keys(properties)), body.Name())
	}
}
