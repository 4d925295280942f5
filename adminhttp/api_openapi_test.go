package adminhttp_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// operation finds a request in the document.
func operation(doc map[string]any, method, path string) (map[string]any, bool) {
	path, _, _ = strings.Cut(path, "?")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	paths := doc["paths"].(map[string]any)
	var best map[string]any
	for template, item := range paths {
		if op, ok := item.(map[string]any)[strings.ToLower(method)].(map[string]any); ok && fits(template, "/"+path) {
			best = op
		}
	}
	return best, best != nil
}

func fits(template, path string) bool {
	names, parts := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(names, parts, func(name, part string) bool {
		return name == part || strings.HasPrefix(name, "{") && part != ""
	})
}

// documented holds the status and the shape of an answer against the document.
func (a *api) documented(method, path string, got answer) {
	a.Helper()
	if a.doc == nil {
		return
	}
	op, ok := operation(a.doc, method, path)
	if !ok {
		assert.Contains(a, []int{401, 403, 404, 405}, got.status, "%s %s is in no document", method, path)
		return
	}
	response, ok := op["responses"].(map[string]any)[strconv.Itoa(got.status)].(map[string]any)
	if !assert.True(a, ok, "%s %s answered %d, which is not documented: %s", method, path, got.status, got.body) || method == http.MethodHead {
		return
	}
	contents, _ := response["content"].(map[string]any)
	if contents == nil {
		assert.Empty(a, got.body)
		return
	}
	content, ok := contents[got.header.Get("Content-Type")].(map[string]any)
	require.True(a, ok, "%s %s: %s is not documented", method, path, got.header.Get("Content-Type"))
	var v any
	require.NoError(a, json.Unmarshal([]byte(got.body), &v))
	assert.NoError(a, checker{a.doc}.check(content["schema"], v, path), got.body)
}

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

func TestTheDocumentHoldsTogether(t *testing.T) {
	a := newAPI(t)
	assert.Equal(t, "3.1.1", a.doc["openapi"])
	info := a.doc["info"].(map[string]any)
	assert.NotEmpty(t, info["title"])
	assert.NotEmpty(t, info["version"])
	walk(a.doc, func(o map[string]any) {
		if ref, ok := o["$ref"].(string); ok {
			_, err := checker{a.doc}.resolve(ref)
			assert.NoError(t, err)
		}
		if required, ok := o["required"].([]any); ok {
			for _, name := range required {
				assert.Contains(t, o["properties"], name)
			}
		}
	})
	ids := map[any]bool{}
	for path, item := range a.doc["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			o := op.(map[string]any)
			assert.NotEmpty(t, o["responses"], "%s %s", method, path)
			assert.False(t, ids[o["operationId"]], "%s is used twice", o["operationId"])
			ids[o["operationId"]] = true
			checkParameters(t, path, o)
		}
	}
}

// checkParameters: every name in the path's braces is a required parameter, every
// parameter is one of the kinds there are.
func checkParameters(t *testing.T, path string, op map[string]any) {
	t.Helper()
	var inPath []string
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		parameter := p.(map[string]any)
		assert.NotEmpty(t, parameter["schema"], path)
		assert.Contains(t, []any{"path", "query", "header"}, parameter["in"])
		if parameter["in"] == "path" {
			assert.Equal(t, true, parameter["required"])
			inPath = append(inPath, "{"+parameter["name"].(string)+"}")
		}
	}
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") {
			assert.Contains(t, inPath, segment)
		}
	}
}

func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, inner := range v {
			walk(inner, visit)
		}
	case []any:
		for _, inner := range v {
			walk(inner, visit)
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
