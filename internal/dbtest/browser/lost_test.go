package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

// failing notes what a test would fail with.
type failing struct {
	testing.TB

	said string
}

func (f *failing) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(f)
}

// A browser that ends under a test fails it, and those after it, at once and by name.
func TestALostBrowserIsNamed(t *testing.T) {
	t.Parallel()
	path, err := find()
	if err != nil {
		need.Missingf(t, "%v", err)
	}
	c, err := start(path)
	require.NoError(t, err)
	t.Cleanup(c.stop)
	page := c.open(t, Options{})
	require.NoError(t, chromedp.FromContext(c.ctx).Browser.Process().Kill())
	<-chromedp.FromContext(c.ctx).Browser.LostConnection
	for what, do := range map[string]func(tb testing.TB){
		"a page that is open": func(tb testing.TB) { page.Do(tb, chromedp.Navigate("about:blank")) },
		"another page":        func(tb testing.TB) { c.open(tb, Options{}) },
	} {
		f := &failing{TB: t}
		assert.PanicsWithValue(t, f, func() { do(f) }, what)
		assert.Contains(t, f.said, "Chromium ended while tests ran", what)
	}
}
