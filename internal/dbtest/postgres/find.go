package postgres

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

var errNoServer = errors.New("no PostgreSQL server programs (initdb, postgres) found: " +
	"looked where pg_config points, in /usr/lib/postgresql/*/bin and in PATH; " +
	"install the package postgresql or set " + DSNVar)

// findBin returns the directory of the server programs. Of several versions
// below /usr/lib/postgresql it takes the newest.
func findBin() (string, error) {
	for _, dir := range candidates() {
		if executable(filepath.Join(dir, "initdb")) && executable(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", errNoServer
}

func candidates() []string {
	var dirs []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	packaged, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well-formed
	slices.SortFunc(packaged, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	dirs = append(dirs, packaged...)
	return append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
}

// version reads the 15 of /usr/lib/postgresql/15/bin; 0 if there is none.
func version(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
