package clientaccount_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	return string(text)
}

func TestReadmeProgramsBuild(t *testing.T) {
	programs := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	require.NotEmpty(t, programs)
	for _, program := range programs {
		dir := t.TempDir()
		file := filepath.Join(dir, "main.go")
		require.NoError(t, os.WriteFile(file, []byte(program[1]), 0o600))
		runGo(t, ".", nil, "build", "-o", filepath.Join(dir, "program"), file)
		runGo(t, ".", nil, "vet", file)
	}
}

func TestReadmeCommandsAndLinksExist(t *testing.T) {
	text := readme(t)
	for _, name := range []string{"scripts/test", "examples/admin/main.go"} {
		assert.FileExists(t, name)
	}
	links := regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1)
	require.NotEmpty(t, links)
	for _, link := range links {
		if strings.HasPrefix(link[1], "https://") {
			continue
		}
		_, err := os.Stat(link[1])
		assert.NoError(t, err, "README links to what is not there")
	}
}
