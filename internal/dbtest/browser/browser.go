package browser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

// shared is the Chromium of this test process. It is started by the first test that asks and
// stopped by Main.
var shared struct {
	mu       sync.Mutex
	inMain   bool
	chromium *chromium
	err      error
}

// Main runs the tests of a package and ends the browser they shared, if one was started. It
// returns the code for os.Exit. Call it from TestMain.
func Main(m *testing.M) int {
	shared.mu.Lock()
	shared.inMain = true
	shared.mu.Unlock()

	code := m.Run()

	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.chromium != nil {
		shared.chromium.stop()
	}
	return code
}

// running returns the browser of the process, which it starts where there is none yet. One that
// ended under a test is not started again: the tests after it would hide that.
func running(tb testing.TB) *chromium {
	tb.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.inMain {
		tb.Fatal("browser: TestMain must call browser.Main, which ends the browser")
	}
	if shared.chromium == nil && shared.err == nil {
		path, err := find()
		if err != nil {
			need.Missingf(tb, "%v", err)
		}
		shared.chromium, shared.err = start(path)
	}
	if shared.err != nil {
		tb.Fatal(shared.err)
	}
	return shared.chromium
}

// chromium is a browser that runs. It may be used by several goroutines, each with a [Page] of its
// own.
type chromium struct {
	ctx  context.Context // chromedp keeps the browser in a context
	stop func()
}

// start starts a browser with an empty profile.
func start(path string) (*chromium, error) {
	ctx, end := chromedp.NewExecAllocator(context.Background(), flags(path)...)
	ctx, cancel := chromedp.NewContext(ctx)
	c := &chromium{ctx, func() { cancel(); end() }}
	// The browser lives as long as the context of its first run, so this one
	// has no time limit.
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return nil, fmt.Errorf("browser: start %s: %w", path, err)
	}
	return c, nil
}

// gone reports whether the browser has ended.
func (c *chromium) gone() bool {
	select {
	case <-chromedp.FromContext(c.ctx).Browser.LostConnection:
		return true
	default:
		return false
	}
}

// explain says of an error, where that is so, that the browser is gone, and every test after this
// one fails therefore.
func (c *chromium) explain(err error) error {
	if err == nil || !c.gone() {
		return err
	}
	return fmt.Errorf("Chromium ended while tests ran, and so do all that look at pages: %w", err)
}

// find returns a browser that is on the machine: best the headless shell, which is Chromium without
// the windows around pages and opens one in a fifth of the time. A wrapper script in PATH comes
// last: the program itself needs no shell.
func find() (string, error) {
	names := []string{
		"/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell",
		"/usr/lib/chromium/chromium", "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "chrome",
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium or Chrome found; install the package chromium-headless-shell")
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
