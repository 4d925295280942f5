package api

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// A name that the Service can be asked with has a kind and a schema here, and nothing else has.
func TestEveryNameOfABodyHasAShape(t *testing.T) {
	messages, movements := map[string]bool{}, map[string]bool{}
	for _, f := range ask.MessageFields() {
		messages[f.Name] = true
	}
	for _, mv := range ask.Moves() {
		for _, name := range mv.Names() {
			movements[name] = true
		}
	}
	for _, members := range []struct {
		shapes map[string]memberShape
		names  map[string]bool
	}{{messageMembers, messages}, {moneyMembers, movements}} {
		for name := range members.names {
			assert.NotEmpty(t, members.shapes[name].schema, name)
		}
		for name := range members.shapes {
			assert.True(t, members.names[name], "%s is asked with nowhere", name)
		}
	}
}
