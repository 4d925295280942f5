package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// axe-core is fetched when a test needs it and not kept in the repository: it
// is large, and under another licence (MPL-2.0).
const (
	axePackage = "axe-core"
	axeVersion = "4.14.1"
	// axeSHA512 is what `npm view axe-core@4.14.1 dist.integrity` prints.
	axeSHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)

var axe struct {
	mu     sync.Mutex
	source string
}

// axeSource returns axe.min.js. It is read once per test process, from the
// user's cache directory or else from npm.
func axeSource(ctx context.Context) (string, error) {
	axe.mu.Lock()
	defer axe.mu.Unlock()
	if axe.source != "" {
		return axe.source, nil
	}
	archive, err := axeArchive(ctx)
	if err != nil {
		return "", err
	}
	source, err := fileInArchive(archive, "package/axe.min.js")
	if err != nil {
		return "", err
	}
	axe.source = string(source)
	return axe.source, nil
}

// axeArchive returns the package as published. A cached copy that is not what
// was published is fetched again.
func axeArchive(ctx context.Context) ([]byte, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // a service account may have no home
	}
	dir := filepath.Join(cache, "clientaccount")
	file := filepath.Join(dir, axePackage+"-"+axeVersion+".tgz")
	if archive, err := os.ReadFile(file); err == nil && verify(archive) == nil {
		return archive, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return fetchAxe(ctx, dir, file)
}

// fetchAxe has npm download the package, and moves it into the cache in one
// step, so that another test process never reads half of it.
func fetchAxe(ctx context.Context, dir, file string) ([]byte, error) {
	tmp, err := os.MkdirTemp(dir, "fetch-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	cmd := exec.CommandContext(ctx, "npm", "pack", axePackage+"@"+axeVersion, "--loglevel=error", "--pack-destination", tmp)
	cmd.Dir = tmp
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack: %w\n%s", err, out)
	}
	fetched := filepath.Join(tmp, filepath.Base(file))
	archive, err := os.ReadFile(fetched)
	if err != nil {
		return nil, err
	}
	if err := verify(archive); err != nil {
		return nil, err
	}
	return archive, os.Rename(fetched, file)
}

func verify(archive []byte) error {
	sum := sha512.Sum512(archive)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != axeSHA512 {
		return fmt.Errorf("%s %s has SHA-512 %s, want %s", axePackage, axeVersion, got, axeSHA512)
	}
	return nil
}

func fileInArchive(archive []byte, name string) ([]byte, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	for r := tar.NewReader(zipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("no %s in %s %s", name, axePackage, axeVersion)
		}
		if err != nil {
			return nil, err
		}
		if header.Name == name {
			return io.ReadAll(r)
		}
	}
}
