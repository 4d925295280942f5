package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is the longest that one call of [Page.Do] or [Run] may take. It is
// there to end a test that waits for something that never comes.
const patience = time.Minute

// Options say how a page is looked at. The zero value is a light page, 1280
// pixels wide, with JavaScript.
type Options struct {
	Width    int  // of the viewport in CSS pixels; 0 is 1280
	Height   int  // of the viewport in CSS pixels; 0 is 900
	Dark     bool // prefers-color-scheme: dark
	NoScript bool // the page's own JavaScript does not run
}

// Page is one tab in a session of its own. Use it from one goroutine.
type Page struct {
	ctx      context.Context // chromedp keeps the tab in a context
	chromium *chromium
	noScript bool

	mu       sync.Mutex
	problems []string
}

// Open opens an empty page in a new session of the browser that all tests of a
// process share. Page and session end with the test.
func Open(tb testing.TB, o Options) *Page {
	tb.Helper()
	return running(tb).open(tb, o)
}

func (c *chromium) open(tb testing.TB, o Options) *Page {
	tb.Helper()
	p := &Page{chromium: c, noScript: o.NoScript}
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	tb.Cleanup(cancel)
	p.ctx = ctx
	// The tab lives as long as the context of its first run, as the browser does.
	if err := chromedp.Do(ctx, o.actions()...); err != nil {
		tb.Fatalf("browser: open a page: %v", c.explain(err))
	}
	return p
}

// See has the page as it stands looked at in another way. Its own JavaScript
// runs, or does not, as it was opened.
func (p *Page) See(tb testing.TB, o Options) {
	tb.Helper()
	o.NoScript = p.noScript
	p.Do(tb, o.actions()...)
}

func (o Options) actions() []chromedp.Action[chromedp.Void] {
	width, height, scheme := o.Width, o.Height, "light"
	if width == 0 {
		width = 1280
	}
	if height == 0 {
		height = 900
	}
	if o.Dark {
		scheme = "dark"
	}
	return []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(int64(width), int64(height)),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: scheme},
				{Name: "prefers-reduced-motion", Value: "reduce"}, // a click misses what still scrolls
			},
		}),
		disableScript(o.NoScript),
	}
}

func disableScript(disabled bool) chromedp.Action[chromedp.Void] {
	return command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: disabled})
}

// Do runs actions in order, and fails the test at the first that fails.
func (p *Page) Do(tb testing.TB, actions ...chromedp.Action[chromedp.Void]) {
	tb.Helper()
	Run(tb, p, chromedp.Steps(actions...))
}

// Run runs an action and returns its value; it fails the test when the action
// fails.
func Run[T any](tb testing.TB, p *Page, action chromedp.Action[T]) T {
	tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		tb.Fatalf("browser: %v", p.chromium.explain(err))
	}
	return v
}

// Screenshot writes the whole page, beyond the viewport too, as a PNG file. It
// makes the directories that the path needs.
func (p *Page) Screenshot(tb testing.TB, path string) {
	tb.Helper()
	const lossless = 100 // makes it a PNG
	write(tb, path, Run(tb, p, chromedp.FullScreenshot(lossless)))
}

// Picture is Screenshot of what the viewport shows.
func (p *Page) Picture(tb testing.TB, path string) {
	tb.Helper()
	write(tb, path, Run(tb, p, chromedp.CaptureScreenshot()))
}

func write(tb testing.TB, path string, png []byte) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatalf("browser: %v", err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		tb.Fatalf("browser: %v", err)
	}
}

// Problems returns what the page complained about so far: uncaught exceptions,
// requests that failed, whatever the Content-Security-Policy blocked.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.problems...)
}

func (p *Page) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.note("exception: " + exceptionText(e.ExceptionDetails))
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			p.note(fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

func (p *Page) note(problem string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, problem)
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}
