package browser_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

const (
	accessible = `<!DOCTYPE html><html lang="en"><head><title>Clients</title>
<link rel="icon" href="data:,"></head>
<body><main><h1>Clients</h1><p id="text">Nobody here.</p>
<form method="post" action="."><label>Login <input name="login"></label><button>Apply</button></form>
</main></body></html>`
	broken = `<!DOCTYPE html><html lang="en"><head><title>Broken</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="pale.css"></head>
<body><main><h1>Broken</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<p class="pale">Nobody can read this.</p></main></body></html>`
	scripted = `<!DOCTYPE html><html lang="en"><head><title>Off</title>
<link rel="icon" href="data:,"></head>
<body><main><h1>Script</h1></main><script src="on.js"></script></body></html>`
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// site serves the pages under a policy that allows no inline script or style.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	serve := func(pattern, contentType, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:")
			_, _ = w.Write([]byte(body))
		})
	}
	serve("GET /accessible", "text/html", accessible)
	serve("GET /broken", "text/html", broken)
	serve("GET /scripted", "text/html", scripted)
	serve("GET /inline", "text/html", scripted+`<script>document.title = "Inline"</script>`)
	serve("GET /pale.css", "text/css", ".pale { color: #ddd; background: #fff }")
	serve("GET /on.js", "text/javascript", `document.title = "On"; throw new Error("on purpose")`)
	serve("POST /", "text/html", scripted)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAxe(t *testing.T) {
	t.Parallel()
	url := site(t)
	for _, o := range []browser.Options{{}, {NoScript: true}, {Width: 320, Dark: true}} {
		page := browser.Open(t, o)
		page.Do(t, chromedp.Navigate(url+"/accessible"))
		assert.Empty(t, page.Axe(t), "%+v", o)
		assert.Empty(t, page.Problems(), "%+v", o)

		page.Do(t, chromedp.Navigate(url+"/broken"))
		var rules []string
		for _, v := range page.Axe(t) {
			rules = append(rules, v.ID)
			assert.NotEmpty(t, v.Nodes, v.String())
		}
		assert.ElementsMatch(t, []string{"image-alt", "color-contrast"}, rules, "%+v", o)
	}
}

func TestOptionsReachThePage(t *testing.T) {
	t.Parallel()
	url := site(t)
	dark := `matchMedia("(prefers-color-scheme: dark)").matches`

	page := browser.Open(t, browser.Options{})
	page.Do(t, chromedp.Navigate(url+"/accessible"))
	assert.False(t, browser.Run(t, page, chromedp.Evaluate[bool](dark)))
	assert.Equal(t, 1280, browser.Run(t, page, chromedp.Evaluate[int](`innerWidth`)))

	page = browser.Open(t, browser.Options{Width: 320, Dark: true})
	page.Do(t, chromedp.Navigate(url+"/accessible"))
	assert.True(t, browser.Run(t, page, chromedp.Evaluate[bool](dark)))
	assert.Equal(t, 320, browser.Run(t, page, chromedp.Evaluate[int](`innerWidth`)))
}

func TestNoScriptStopsThePageAndNotTheTest(t *testing.T) {
	t.Parallel()
	url := site(t)
	for script, title := range map[bool]string{true: "On", false: "Off"} {
		page := browser.Open(t, browser.Options{NoScript: !script})
		page.Do(t, chromedp.Navigate(url+"/scripted"))
		assert.Equal(t, title, browser.Run(t, page, chromedp.Title()))
	}

	page := browser.Open(t, browser.Options{NoScript: true})
	page.Do(t, chromedp.Navigate(url+"/accessible"))
	assert.Equal(t, "Nobody here.", browser.Run(t, page, chromedp.Text(chromedp.CSS("#text"))))
	page.Do(t,
		chromedp.SendKeys(chromedp.CSS("[name=login]"), "acme"),
		chromedp.Click(chromedp.CSS("button")),
		chromedp.WaitVisible(chromedp.Search(`//h1[text()="Script"]`)),
	)
}

func TestSessionsShareNothing(t *testing.T) {
	t.Parallel()
	url := site(t)
	one, two := browser.Open(t, browser.Options{}), browser.Open(t, browser.Options{})
	one.Do(t, chromedp.Navigate(url+"/accessible"))
	two.Do(t, chromedp.Navigate(url+"/accessible"))
	one.Do(t, chromedp.Evaluate[chromedp.Void](`document.cookie = "who=one"`))
	assert.Equal(t, "who=one", browser.Run(t, one, chromedp.Evaluate[string](`document.cookie`)))
	assert.Empty(t, browser.Run(t, two, chromedp.Evaluate[string](`document.cookie`)))
}

func TestProblemsAreHeard(t *testing.T) {
	t.Parallel()
	url := site(t)
	for path, want := range map[string]string{
		"/scripted": "on purpose",
		"/missing":  "405", // only POST is served there
		"/inline":   "Content Security Policy",
	} {
		page := browser.Open(t, browser.Options{})
		page.Do(t, chromedp.Navigate(url+path), chromedp.WaitReady(chromedp.CSS("body")))
		assert.Contains(t, strings.Join(page.Problems(), "\n"), want, path)
	}
}

func TestScreenshotIsTheWholePage(t *testing.T) {
	t.Parallel()
	url := site(t)
	page := browser.Open(t, browser.Options{Width: 320, Height: 100})
	page.Do(t, chromedp.Navigate(url+"/accessible"))
	file := filepath.Join(t.TempDir(), "shots", "accessible.png")
	page.Screenshot(t, file)
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	image, err := png.Decode(bytes.NewReader(raw))
	require.NoError(t, err)
	assert.Equal(t, 320, image.Bounds().Dx())
	assert.Greater(t, image.Bounds().Dy(), 100)
}
