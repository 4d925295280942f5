package clientaccount_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clocks are the files that may read the machine's clock: as the default.
var clocks = []string{"options.go", "webhook/config.go", "mail/config.go"}

// goroutines are the files that may start one, with the reason.
var goroutines = map[string]string{
	"internal/committer/committer.go":              "the writer of batches, while movements wait, and Close, which waits for it",
	"internal/batch/batch.go":                      "the worker of batches, while calls wait, and Close, which waits for it",
	"internal/committer/read.go":                   "the second half of a question, which the first waits for",
	"internal/committer/queue.go":                  "a lock queue, while movements wait for a lock",
	"adminhttp/internal/ask/clients.go":            "counts, while the rows of a page are read, which waits for them, or ends them with its context",
	"internal/tasks/work.go":                       "tasks of a batch that are worked on side by side, which the caller waits for",
	"store/bunstore/append.go":                     "the second half of a batch, which the first waits for",
	"store/bunstore/internal/prepared/prepared.go": "the end of a statement, on connections of which one may wait for a lock",
	"mail/run.go":                                  "the end of mails, and of a Sender that hangs, which Run does not wait for",
	"mail/try.go":                                  "a call of the Sender, within Run, which waits for it unless it hangs",
	"webhook/run.go":                               "a call of a URL, within Run, which waits for it",
	"webhook/read.go":                              "a question to the store, within Run, which waits for it",
	"webhook/route.go":                             "questions to the store, within Run, which waits for them",
	"webhook/write.go":                             "a transaction of the store, within Run, which waits for it",
}

// forbidden are names of global state that belongs to the host, and the clock.
var forbidden = map[string]map[string]bool{
	"time":         names("Now Since Until Local"),
	"net/http":     names("DefaultServeMux DefaultClient DefaultTransport Handle HandleFunc Get Post PostForm Head"),
	"log/slog":     names("Default SetDefault Debug Info Warn Error Log"),
	"database/sql": names("Register Open"),
	"encoding/gob": names("Register RegisterName"),
	"os":           names("Setenv Exit Args"),
	"github.com/shopspring/decimal": names("DivisionPrecision MarshalJSONWithoutQuotes PowPrecisionNegativeExponent " +
		"ExpMaxIterations NewFromFloat NewFromFloat32 NewFromFloatWithExponent"),
}

func names(list string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(list) {
		set[name] = true
	}
	return set
}

// source is one file of a package that hosts import.
type source struct {
	path string // relative to the module
	file *ast.File
	set  *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	read.Do(func() { read.all = readSources(t) })
	require.NotEmpty(t, read.all)
	return read.all
}

// read are the sources, which are read once.
var read struct {
	sync.Once
	all []source
}

func readSources(t *testing.T) (all []source) {
	t.Helper()
	for _, p := range packages(t) {
		if p.forTests() {
			continue
		}
		for _, name := range p.GoFiles {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
			require.NoError(t, err)
			all = append(all, source{path.Join(p.path(), name), file, set})
		}
	}
	return all
}

func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(n.Pos()).Line)
}

// imported maps the names that a file gives to packages to their import paths.
func (s source) imported() map[string]string {
	known := map[string]string{}
	for _, spec := range s.file.Imports {
		full, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		known[name] = full
	}
	return known
}

func TestSourceNamesNoGlobalState(t *testing.T) {
	for _, s := range sources(t) {
		imported := s.imported()
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			from, isName := selector.X.(*ast.Ident)
			if isName && forbidden[imported[from.Name]][selector.Sel.Name] {
				asDefault := slices.Contains(clocks, s.path) && selector.Sel.Name == "Now"
				assert.True(t, asDefault, "%s names %s.%s", s.at(n), from.Name, selector.Sel.Name)
			}
			return true
		})
	}
}

func TestSourceHasNoInitAndNoUnlistedGoroutine(t *testing.T) {
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				assert.False(t, n.Recv == nil && n.Name.Name == "init", "%s is an init function", s.at(n))
			case *ast.GoStmt:
				assert.Contains(t, goroutines, s.path, "%s starts a goroutine", s.at(n))
			}
			return true
		})
	}
}

// A blank import runs somebody's init for its side effect: that is the program's
// to choose. Embedding files is no side effect.
func TestSourceImportsNothingForItsSideEffect(t *testing.T) {
	for _, s := range sources(t) {
		for _, spec := range s.file.Imports {
			blank := spec.Name != nil && spec.Name.Name == "_"
			assert.False(t, blank && spec.Path.Value != `"embed"`, "%s imports %s for its side effect", s.at(spec), spec.Path.Value)
		}
	}
}

func TestSourceFitsTheReader(t *testing.T) {
	const screen, page = 60, 400
	for _, s := range sources(t) {
		if ast.IsGenerated(s.file) {
			continue
		}
		lines := s.set.Position(s.file.End()).Line
		assert.LessOrEqual(t, lines, page, "%s has too many lines", s.path)
		ast.Inspect(s.file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok {
				length := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
				assert.LessOrEqual(t, length, screen, "%s: %s does not fit a screen", s.at(f), f.Name.Name)
			}
			return true
		})
	}
}

// An invariant that no test quotes is a wish.
func TestSourceQuotesEveryInvariantInATest(t *testing.T) {
	doc, err := os.ReadFile("account/doc.go")
	require.NoError(t, err)
	numbered := regexp.MustCompile(`(?m)^//  (\d+)\. `).FindAllSubmatch(doc, -1)
	require.NotEmpty(t, numbered)
	quoted := map[string]bool{}
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "internal/moneytest/") || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range regexp.MustCompile(`[Ii]nvariants? (\d+)(?: and (\d+))?`).FindAllSubmatch(text, -1) {
			quoted[string(found[1])], quoted[string(found[2])] = true, true
		}
		return err
	}))
	for i, n := range numbered {
		assert.Equal(t, strconv.Itoa(i+1), string(n[1]), "invariants are numbered in their order")
		assert.True(t, quoted[string(n[1])], "no test quotes invariant %s", n[1])
	}
}
