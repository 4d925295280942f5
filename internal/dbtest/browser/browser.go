package browser

import (
	"context"
	"errors"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

// Browser is a running Chromium. It may be used by several goroutines, each
// with a [Page] of its own.
type Browser struct {
	ctx context.Context // chromedp keeps the browser in a context
}

// New starts a Chromium with an empty profile that ends with the test.
func New(tb testing.TB) *Browser {
	tb.Helper()
	path, err := find()
	if err != nil {
		need.Missingf(tb, "%v", err)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), flags(path)...)
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(tb.Logf))
	tb.Cleanup(cancel)
	// The browser lives as long as the context of its first run, so this one
	// has no time limit.
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("browser: start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}
}

// find returns the first Chromium or Chrome on the machine. The wrapper script
// in PATH comes last: the program itself needs no shell.
func find() (string, error) {
	names := []string{"/usr/lib/chromium/chromium", "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium or Chrome found; install the package chromium")
}

// flags keep Chromium from talking to anybody but the page under test. The
// sandbox needs privileges that a container or root does not have.
func flags(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
	)
}
