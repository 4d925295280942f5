package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

func TestEveryRouteOfTheDocumentAnswers(t *testing.T) {
	a := newAPI(t)
	for path, item := range a.doc["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			concrete := strings.NewReplacer("{id}", "7", "{revision}", "1").Replace(strings.TrimPrefix(path, "/"))
			got := a.ask(strings.ToUpper(method), concrete, "", nil)
			assert.NotEqual(t, http.StatusMethodNotAllowed, got.status, "%s %s", method, path)
			assert.Less(t, got.status, 500, "%s %s", method, path)
		}
		all := a.ask("TRACE", strings.NewReplacer("{id}", "7", "{revision}", "1").Replace(strings.TrimPrefix(path, "/")), "", nil)
		for _, method := range strings.Split(all.header.Get("Allow"), ", ") {
			if method != http.MethodHead {
				assert.Contains(t, item, strings.ToLower(method), "registered and not documented: %s %s", method, path)
			}
		}
	}
}

// leaves are the paths of a schema's properties that are fields.
func leaves(schema map[string]any, prefix string) (paths []string) {
	for name, inner := range schema["properties"].(map[string]any) {
		o := inner.(map[string]any)
		if _, nested := o["properties"]; nested {
			paths = append(paths, leaves(o, prefix+name+".")...)
			continue
		}
		paths = append(paths, prefix+name)
	}
	return paths
}

// The document names exactly the fields there are, to read and to write.
func TestTheDocumentHasEveryField(t *testing.T) {
	a := newAPI(t)
	schemas := a.doc["components"].(map[string]any)["schemas"].(map[string]any)
	var written, read []string
	for _, f := range account.Fields() {
		written = append(written, f.Path)
		if !f.Secret() {
			read = append(read, f.Path)
		}
	}
	read = append(read, "id", "revision", "parent", "created_at", "updated_at", "effective", "effective_status", "warnings")
	assert.ElementsMatch(t, written, leaves(schemas["ClientWrite"].(map[string]any), ""))
	assert.ElementsMatch(t, read, leaves(schemas["Client"].(map[string]any), ""))
}
