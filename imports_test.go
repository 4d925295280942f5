package clientaccount_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/clientaccount/clientaccount"

// arrows are all imports of one of our packages by another. They only point down.
// webhook/target knows what URL may be called, and webhook/payload what is sent; both
// are pure, so that validate and the Service can use them without webhook's net/http.
var arrows = withDialects(map[string][]string{
	"account":          {"internal/bounds", "internal/textform"},
	"account/message":  {"account", "internal/bounds", "internal/textform"},
	"account/price":    {"account", "account/sheet", "internal/bounds"},
	"account/sheet":    {"account", "internal/bounds"},
	"account/document": {"account", "account/message", "account/price", "account/sheet", "internal/bounds", "internal/textform"},
	"webhook/target":   {},
	"webhook/payload":  {"store", "account", "account/message", "internal/bounds", "internal/textform"},
	"webhook":          {"store", "account", "webhook/target", "webhook/payload"},
	"mail":             {"store", "account", "account/document", "account/message", "account/price", "account/sheet", "internal/again", "internal/textform"},
	"validate":         {"account", "webhook/target", "internal/bounds", "internal/ledger", "internal/textform"},
	"store":            {"account", "account/document", "account/message", "account/price", "internal/textform"},
	"store/memstore":   {"store", "account", "account/document", "account/message", "account/price", "internal/textform"},
	"store/bunstore": {
		"store", "account", "account/document", "account/message", "account/price", "internal/again",
		"store/bunstore/internal/dialect", "store/bunstore/internal/due", "store/bunstore/internal/prepared", "store/bunstore/internal/rows", "store/bunstore/internal/session",
		"store/bunstore/internal/billing", "store/bunstore/internal/clients", "store/bunstore/internal/prices", "store/bunstore/internal/tasks",
	},
	"":          {"store", "validate", "account", "account/document", "account/message", "account/price", "account/sheet", "webhook/payload", "internal/ahead", "internal/audit", "internal/billing", "internal/committer", "internal/again", "internal/batch", "internal/bounds", "internal/cache", "internal/catalog", "internal/cursor", "internal/hostcall", "internal/ledger", "internal/nostore", "internal/passhash", "internal/signin", "internal/tasks", "internal/teller", "internal/textform", "internal/throttle"},
	"adminhttp": slices.Concat([]string{"", "account", "account/document", "account/price", "account/sheet", "mail", "adminhttp/internal/access", "adminhttp/internal/ask", "adminhttp/internal/sent", "adminhttp/internal/api", "internal/language", "internal/language/uk"}, pageRooms),

	"adminhttp/internal/access": {"account", "account/document"},
	"adminhttp/internal/sent":   {"account", "account/sheet"},
	"adminhttp/internal/markup": {"internal/language", "internal/say"},
	"adminhttp/internal/words":  {"account", "account/message", "account/price", "webhook/target", "internal/bounds", "internal/language", "internal/say", "adminhttp/internal/markup"},
	"adminhttp/internal/kind":   {"account", "internal/language", "internal/say", "adminhttp/internal/words", "adminhttp/internal/sent"},
	"adminhttp/internal/ask":    {"", "store", "validate", "account", "account/document", "account/message", "account/price", "account/sheet", "webhook/payload", "adminhttp/internal/access", "adminhttp/internal/words", "adminhttp/internal/sent", "internal/bounds", "internal/language", "internal/say", "internal/textform"},
	"adminhttp/internal/api":    append(slices.Clone(adminRooms), "store", "internal/textform"),
	"adminhttp/internal/page":   append(slices.Clone(adminRooms), "internal/language/templates", "store"),

	"adminhttp/internal/page/money":     append(slices.Clone(adminRooms), "validate", "adminhttp/internal/page"),
	"adminhttp/internal/page/hooks":     append(slices.Clone(adminRooms), "adminhttp/internal/page"),
	"adminhttp/internal/page/messages":  append(slices.Clone(adminRooms), "adminhttp/internal/page"),
	"adminhttp/internal/page/documents": append(slices.Clone(adminRooms), "mail", "store", "adminhttp/internal/page"),

	"adminhttp/internal/page/many":    append(slices.Clone(adminRooms), "store", "adminhttp/internal/page"),
	"adminhttp/internal/page/files":   append(slices.Clone(adminRooms), "adminhttp/internal/page"),
	"adminhttp/internal/page/prices":  append(slices.Clone(adminRooms), "adminhttp/internal/page"),
	"adminhttp/internal/page/catalog": append(slices.Clone(adminRooms), "adminhttp/internal/page"),
	"adminhttp/internal/page/client":  append(slices.Clone(adminRooms), "store", "adminhttp/internal/page", "adminhttp/internal/page/money"),
	"adminhttp/internal/page/tasks":   append(slices.Clone(adminRooms), "store", "adminhttp/internal/page"),
	"adminhttp/internal/page/clients": append(slices.Clone(adminRooms), "store", "adminhttp/internal/page", "adminhttp/internal/page/money"),

	"store/bunstore/internal/billing":  {"store", "account", "account/document", "store/bunstore/internal/dialect", "store/bunstore/internal/rows", "store/bunstore/internal/session"},
	"store/bunstore/internal/tasks":    {"store", "account", "store/bunstore/internal/dialect", "store/bunstore/internal/rows", "store/bunstore/internal/session"},
	"store/bunstore/internal/clients":  {"store", "account", "store/bunstore/internal/dialect", "store/bunstore/internal/rows", "store/bunstore/internal/session"},
	"store/bunstore/internal/prices":   {"store", "account", "account/price", "store/bunstore/internal/dialect", "store/bunstore/internal/rows", "store/bunstore/internal/session"},
	"store/bunstore/internal/session":  {"account", "internal/again", "store/bunstore/internal/dialect", "store/bunstore/internal/prepared", "store/bunstore/internal/rows"},
	"store/bunstore/internal/dialect":  {"store", "account", "store/bunstore/internal/prepared", "store/bunstore/internal/rows"},
	"store/bunstore/internal/due":      {"store/bunstore/internal/rows"},
	"store/bunstore/internal/prepared": {},
	"store/bunstore/internal/rows":     {"store", "account", "account/document", "account/message", "account/price", "internal/bounds", "internal/textform"},

	"internal/again":              {},
	"internal/ahead":              {"store", "account"},
	"internal/billing":            {"store", "account", "account/document", "account/message", "account/price"},
	"internal/audit":              {"store", "account", "account/document"},
	"internal/batch":              {},
	"internal/cache":              {},
	"internal/catalog":            {"store", "account"},
	"internal/bounds":             {},
	"internal/textform":           {},
	"internal/ledger":             {"store", "account", "internal/bounds"},
	"internal/committer":          {"store", "account", "account/message", "internal/again", "internal/cache", "internal/ledger"},
	"internal/cursor":             {"account"},
	"internal/hostcall":           {"store"},
	"internal/nostore":            {"store", "account"},
	"internal/passhash":           {},
	"internal/say":                {},
	"internal/language":           {"internal/say"},
	"internal/language/templates": {"internal/language"},
	"internal/language/uk":        {"internal/language"},
	"internal/signin":             {"account", "internal/cache"},
	"internal/tasks":              {"store", "account"},
	"internal/teller":             {"store", "account", "internal/again"},
	"internal/throttle":           {},
})

// withDialects adds the package of each database: bunstore imports it, and it imports no
// other database's.
func withDialects(arrows map[string][]string) map[string][]string {
	for _, path := range dialects() {
		arrows[path] = append([]string{"store/bunstore/internal/dialect"}, arrows["store/bunstore/internal/dialect"]...)
		arrows["store/bunstore"] = append(arrows["store/bunstore"], path)
	}
	return arrows
}

// dialects are the paths of the databases' packages.
func dialects() (paths []string) {
	const above = "store/bunstore/internal/dialect/"
	entries, _ := os.ReadDir(above) // without them, the packages that there are have no place
	for _, entry := range entries {
		if entry.IsDir() {
			paths = append(paths, above+entry.Name())
		}
	}
	return paths
}

// adminRooms are what the admin's pages and its JSON stand on. They never import each other.
var adminRooms = []string{
	"", "account", "account/document", "account/message", "account/price", "account/sheet", "adminhttp/internal/access", "adminhttp/internal/ask", "adminhttp/internal/kind",
	"adminhttp/internal/words", "adminhttp/internal/markup", "adminhttp/internal/sent", "internal/language", "internal/say",
}

// pageRooms are the rooms of pages.
var pageRooms = []string{
	"adminhttp/internal/page", "adminhttp/internal/page/client", "adminhttp/internal/page/clients",
	"adminhttp/internal/page/money", "adminhttp/internal/page/hooks", "adminhttp/internal/page/messages",
	"adminhttp/internal/page/catalog", "adminhttp/internal/page/documents",
	"adminhttp/internal/page/many", "adminhttp/internal/page/files", "adminhttp/internal/page/prices", "adminhttp/internal/page/tasks",
}

// outside are the modules that our packages may bring in beside the standard library.
var outside = map[string][]string{
	"account":          {"github.com/shopspring/decimal"},
	"account/message":  {"github.com/shopspring/decimal"},
	"account/price":    {"github.com/shopspring/decimal", "golang.org/x/text/encoding"},
	"account/document": {"github.com/shopspring/decimal"},
	"account/sheet":    {"github.com/shopspring/decimal"},
	"webhook/target":   {"code.dny.dev/ssrf"},
	"webhook/payload":  {"github.com/shopspring/decimal"},
	"webhook":          {"github.com/standard-webhooks/standard-webhooks/libraries"},
	"mail":             {"github.com/shopspring/decimal"},
	"validate":         {"github.com/shopspring/decimal", "github.com/go-playground/validator", "github.com/nyaruka/phonenumbers", "golang.org/x/text/unicode/norm"},
	"store":            {"github.com/shopspring/decimal"},
	"store/memstore":   {},
	"store/bunstore":   {"github.com/uptrace/bun"},

	"store/bunstore/internal/clients":  {"github.com/uptrace/bun"},
	"store/bunstore/internal/dialect":  {"github.com/uptrace/bun"},
	"store/bunstore/internal/prepared": {"github.com/uptrace/bun"},
	"store/bunstore/internal/session":  {"github.com/uptrace/bun"},
	"store/bunstore/internal/rows":     {"github.com/shopspring/decimal"},

	"": {"github.com/shopspring/decimal"},

	"internal/audit":    {"github.com/shopspring/decimal"},
	"internal/billing":  {"github.com/shopspring/decimal"},
	"internal/bounds":   {"github.com/shopspring/decimal"},
	"internal/ledger":   {"github.com/shopspring/decimal"},
	"internal/passhash": {"github.com/alexedwards/argon2id"},

	"internal/language": {"golang.org/x/text/language", "golang.org/x/text/feature/plural"},

	"adminhttp":                        {"github.com/shopspring/decimal"},
	"adminhttp/internal/access":        {"github.com/shopspring/decimal"},
	"adminhttp/internal/ask":           {"github.com/shopspring/decimal"},
	"adminhttp/internal/sent":          {"golang.org/x/text/encoding", "golang.org/x/text/encoding/unicode", "golang.org/x/text/transform"},
	"adminhttp/internal/api":           {"github.com/shopspring/decimal"},
	"adminhttp/internal/words":         {"github.com/shopspring/decimal"},
	"adminhttp/internal/page/client":   {"github.com/shopspring/decimal"},
	"adminhttp/internal/page":          {"github.com/shopspring/decimal"},
	"adminhttp/internal/page/clients":  {"github.com/shopspring/decimal"},
	"adminhttp/internal/page/money":    {"github.com/shopspring/decimal"},
	"adminhttp/internal/page/messages": {"github.com/shopspring/decimal"},

	"adminhttp/internal/page/documents": {"github.com/shopspring/decimal"},
	"adminhttp/internal/page/prices":    {"github.com/shopspring/decimal"},
}

// httpPackages may import net/http; everything else works without a server.
var httpPackages = append([]string{"adminhttp", "adminhttp/internal/ask", "adminhttp/internal/api", "webhook"}, pageRooms...)

// pure packages do no I/O of their own: nothing of these is theirs to import.
var (
	purePackages = []string{"account", "account/message", "account/price", "account/document", "account/sheet", "webhook/target", "webhook/payload", "validate", "store", "internal/bounds", "internal/ledger", "internal/textform"}
	impure       = []string{"net", "net/http", "log", "os", "database/sql", "crypto/rand", "math/rand", "math/rand/v2"}
)

// aPackage is what go list says of one of our packages.
type aPackage struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	Imports    []string
}

// path is relative to the module; empty for its top.
func (p aPackage) path() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

// forTests reports whether only tests import the package, like account/accounttest and what is
// beneath such a one.
func (p aPackage) forTests() bool { return strings.Contains(p.path()+"/", "test/") }

// ours are the paths of our packages that it imports, theirs the paths of other modules'.
func (p aPackage) ours() (paths []string) {
	for _, imported := range p.Imports {
		if imported == module || strings.HasPrefix(imported, module+"/") {
			paths = append(paths, strings.TrimPrefix(strings.TrimPrefix(imported, module), "/"))
		}
	}
	return paths
}

func (p aPackage) theirs() (paths []string) {
	for _, imported := range p.Imports {
		first, _, _ := strings.Cut(imported, "/")
		if strings.Contains(first, ".") && imported != module && !strings.HasPrefix(imported, module+"/") {
			paths = append(paths, imported)
		}
	}
	return paths
}

// packages are those of the main module that a host can import, and the inner ones that
// have arrows.
func packages(t *testing.T) []aPackage {
	t.Helper()
	listed := runGo(t, ".", nil, "list", "-e", "-json=ImportPath,Name,Dir,GoFiles,Imports", "./...")
	var all []aPackage
	decoder := json.NewDecoder(bytes.NewReader(listed))
	for {
		var p aPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		_, pointed := arrows[p.path()]
		if p.Name != "main" && (pointed || !strings.HasPrefix(p.path(), "internal/")) {
			all = append(all, p)
		}
	}
	require.NotEmpty(t, all)
	return all
}

// runGo runs the go command in a directory and returns its output.
func runGo(t *testing.T, dir string, env []string, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = append(os.Environ(), env...)
	require.NoError(t, cmd.Run(), "go %s\n%s", strings.Join(args, " "), &errs)
	return out.Bytes()
}

func TestImportsOnlyPointDown(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		if p.forTests() {
			continue
		}
		seen[p.path()] = true
		allowed, known := arrows[p.path()]
		if assert.True(t, known, "package %q has no place among the arrows of imports_test.go", p.path()) {
			assert.Subset(t, allowed, p.ours(), "imports of %q", p.path())
		}
	}
	for path := range arrows {
		assert.True(t, seen[path], "package %q is gone: take it out of imports_test.go", path)
	}
}

func TestImportsFromOutsideAreListed(t *testing.T) {
	for _, p := range packages(t) {
		if p.forTests() {
			continue
		}
		for _, imported := range p.theirs() {
			allowed := outside[p.path()]
			if slices.Contains(dialects(), p.path()) {
				allowed = outside["store/bunstore/internal/dialect"]
			}
			listed := slices.ContainsFunc(allowed, func(path string) bool {
				return imported == path || strings.HasPrefix(imported, path+"/")
			})
			assert.True(t, listed, "%q imports %s", p.path(), imported)
		}
	}
}

func TestImportsOfPurePackagesDoNoIO(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if slices.Contains(purePackages, p.path()) {
				assert.NotContains(t, impure, imported, "imports of %q", p.path())
			}
			if imported == "net/http" && !p.forTests() {
				assert.Contains(t, httpPackages, p.path(), "net/http")
			}
		}
	}
}

func TestImportsOfTestingAreInTestPackages(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if imported == "testing" || strings.HasPrefix(imported, "testing/") || strings.Contains(imported, "testify") {
				assert.True(t, p.forTests(), "%q imports %s", p.path(), imported)
			}
			assert.NotEqual(t, "time/tzdata", imported, "%q: zones are for programs to bring", p.path())
		}
	}
}

// The drivers and browsers that tests use live in modules of their own, since
// every host pays for what is required here.
func TestMainModuleRequiresNoDriverOrBrowser(t *testing.T) {
	required, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	for _, heavy := range []string{
		"jackc/pgx", "lib/pq", "modernc.org/", "mattn/go-sqlite3", "sqliteshim", "pgdriver", "chromedp", "playwright", "testcontainers",
		"opentelemetry", "go-mail", "go-smtp", "inbucket", "go-pdf", "excelize",
	} {
		assert.NotContains(t, string(required), heavy)
	}
}
