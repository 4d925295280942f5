package clientaccount_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// weight is what a host's module gains by importing one of our packages.
type weight struct {
	modules []string // whose code is linked, ours aside
	sums    int      // lines of go.sum to build
	tidy    int      // lines of go.sum after go mod tidy, which adds what our tests need
}

// weigh makes a host's module that imports the package, offline from what is cached.
func weigh(t *testing.T, path string) weight {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	put := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	put("go.mod", "module host\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+here+"\n")
	put("main.go", "package main\n\nimport _ \""+module+"/"+path+"\"\n\nfunc main() {}\n")
	lines := func() int {
		sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
		require.NoError(t, err)
		return bytes.Count(sums, []byte("\n"))
	}

	offline := []string{"GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off"}
	runGo(t, dir, offline, "get", module+"/"+path)
	var w weight
	w.sums = lines()
	listed := runGo(t, dir, offline, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".")
	w.modules = slices.Compact(slices.Sorted(strings.FieldsSeq(string(listed))))
	w.modules = slices.DeleteFunc(w.modules, func(m string) bool { return m == "host" || m == module })
	runGo(t, dir, offline, "mod", "tidy")
	w.tidy = lines()
	t.Logf("a host that imports %s gains %d modules and %d lines of go.sum, %d with go mod tidy: %v",
		path, len(w.modules), w.sums, w.tidy, w.modules)
	return w
}

func TestWeightOfAccountIsOneModule(t *testing.T) {
	assert.Equal(t, []string{"github.com/shopspring/decimal"}, weigh(t, "account").modules)
}

func TestWeightOfMail(t *testing.T) {
	assert.Equal(t, []string{"github.com/shopspring/decimal", "golang.org/x/text"}, weigh(t, "mail").modules)
}

func TestWeightOfDocuments(t *testing.T) {
	assert.Equal(t, []string{"github.com/shopspring/decimal", "golang.org/x/text"}, weigh(t, "account/document").modules)
}

func TestWeightOfTheStore(t *testing.T) {
	w := weigh(t, "store/bunstore")
	assert.LessOrEqual(t, w.tidy, 28, "lines of go.sum") // 4 of them for bun's two dialects
	assert.NotContains(t, w.modules, "github.com/jackc/pgx/v5", "drivers are the host's to choose")
}

func TestWeightOfTheAdmin(t *testing.T) {
	assert.NotContains(t, weigh(t, "adminhttp").modules, "github.com/uptrace/bun", "the store is the host's to choose")
}
