package openapitest_test

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	_ "github.com/clientaccount/clientaccount/adminhttp" // what is checked: go test keeps no result of before it changed
)

// recorded is a request and its answer, as the tests of adminhttp write them down.
type recorded struct {
	Test, Method, Path, Type, Body string
	Status                         int
	Header                         http.Header
	Answer                         string
}

// answers are those that the tests of the JSON API see.
func answers(t *testing.T) (all []recorded) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answers")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-vet=off", "-run", "^Test", ".")
	cmd.Dir = filepath.Join("..", "..", "adminhttp")
	cmd.Env = append(os.Environ(), "CLIENTACCOUNT_ANSWERS="+path)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	for lines := json.NewDecoder(file); ; {
		var one recorded
		err := lines.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, one)
	}
}

// document is the one that was answered, as it is, and with a compiler of its schemas.
type document struct {
	whole    *openapi3.T
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

func newDocument(t *testing.T, all []recorded) *document {
	t.Helper()
	i := slices.IndexFunc(all, func(one recorded) bool { return one.Path == "/openapi.json" && one.Status == http.StatusOK })
	require.GreaterOrEqual(t, i, 0, "nobody asked for the document")
	whole, err := openapi3.NewLoader().LoadFromData([]byte(all[i].Answer))
	require.NoError(t, err)
	require.True(t, whole.IsOpenAPI31OrLater())
	plain, err := jsonschema.UnmarshalJSON(strings.NewReader(all[i].Answer))
	require.NoError(t, err)
	d := &document{whole, jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	require.NoError(t, d.compiler.AddResource(location, plain))
	return d
}

const location = "https://admin.example/api/openapi.json"

// check holds a body against the schema at a path of the document.
func (d *document) check(t *testing.T, body string, path ...string) error {
	t.Helper()
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "+", "%2B")
	at := location + "#"
	for _, name := range append(path, "schema") {
		at += "/" + escape.Replace(name)
	}
	schema, known := d.compiled[at]
	if !known {
		var err error
		schema, err = d.compiler.Compile(at)
		require.NoError(t, err)
		d.compiled[at] = schema
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// operation is that of a request, and its path; nil where the document has none.
func (d *document) operation(one recorded) (path string, op *openapi3.Operation) {
	method := one.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for template, item := range d.whole.Paths.Map() {
		if has := item.GetOperation(method); has != nil && fits(template, one.Path) && path != one.Path {
			path, op = template, has
		}
	}
	return path, op
}

func fits(template, path string) bool {
	return slices.EqualFunc(strings.Split(template, "/"), strings.Split(path, "/"), func(name, part string) bool {
		return name == part || strings.HasPrefix(name, "{") && part != ""
	})
}

// checkAnswer holds the status, the type and the body of an answer against its operation.
func (d *document) checkAnswer(t *testing.T, path string, op *openapi3.Operation, one recorded) {
	t.Helper()
	status := strconv.Itoa(one.Status)
	response := op.Responses.Value(status)
	switch {
	case !assert.NotNil(t, response, "%s: %s %s answered %s", one.Test, one.Method, one.Path, status), one.Method == http.MethodHead:
		return
	case len(response.Value.Content) == 0:
		assert.Empty(t, one.Answer, "%s: %s %s", one.Test, one.Method, one.Path)
		return
	}
	if response.Value.Content["*/*"] != nil { // a file
		return
	}
	media := one.Header.Get("Content-Type")
	if strings.HasPrefix(media, "text/csv;") && response.Value.Content["text/csv"] != nil { // a file
		return
	}
	if assert.Contains(t, response.Value.Content, media, "%s: %s %s", one.Test, one.Method, one.Path) {
		err := d.check(t, one.Answer, "paths", path, strings.ToLower(one.Method), "responses", status, "content", media)
		assert.NoError(t, err, "%s: %s %s answered %s %s", one.Test, one.Method, one.Path, status, one.Answer)
	}
}

// checkTaken holds a body that was taken against its operation.
func (d *document) checkTaken(t *testing.T, path string, op *openapi3.Operation, one recorded) {
	t.Helper()
	if one.Body == "" || !assert.NotNil(t, op.RequestBody, "%s: %s %s takes no body", one.Test, one.Method, one.Path) {
		return
	}
	media, _, err := mime.ParseMediaType(one.Type)
	require.NoError(t, err)
	if assert.Contains(t, op.RequestBody.Value.Content, media, "%s: %s %s", one.Test, one.Method, one.Path) && (strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json")) { // else a file
		err := d.check(t, one.Body, "paths", path, strings.ToLower(one.Method), "requestBody", "content", media)
		assert.NoError(t, err, "%s: %s %s took %s", one.Test, one.Method, one.Path, one.Body)
	}
}

// Every answer that the tests of adminhttp see is as the document says, and so is every body
// that was taken.
func TestTheDocumentSaysWhatIsAnswered(t *testing.T) {
	all := answers(t)
	doc := newDocument(t, all)
	require.NoError(t, doc.whole.Validate(t.Context()))
	succeeded := map[string]bool{}
	for _, one := range all {
		path, op := doc.operation(one)
		if op == nil {
			assert.Contains(t, []int{401, 403, 404, 405}, one.Status, "%s: %s %s is in no document", one.Test, one.Method, one.Path)
			continue
		}
		doc.checkAnswer(t, path, op, one)
		if one.Status < 300 {
			succeeded[op.OperationID] = true
			doc.checkTaken(t, path, op, one)
		}
	}
	for _, item := range doc.whole.Paths.Map() {
		for _, op := range item.Operations() {
			assert.True(t, succeeded[op.OperationID], "no test has %s succeed", op.OperationID)
		}
	}
	t.Logf("%d answers of %d operations", len(all), len(succeeded))
}
