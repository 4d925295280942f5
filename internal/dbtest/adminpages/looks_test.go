package adminpages_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
	"github.com/clientaccount/clientaccount/internal/rounds"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// shotsVar names a directory that every page is photographed into.
const shotsVar = "CLIENTACCOUNT_SCREENSHOTS"

// A sight is one of the ways in which a page that stands in the browser is looked at.
type sight struct {
	width int
	dark  bool
	rtl   bool // forced, whatever the language
	part  bool // only what may be another by how it is looked at: the page is looked at whole in another way
}

func (s sight) String() string {
	name := fmt.Sprint(s.width)
	if s.dark {
		name += "-dark"
	}
	if s.rtl {
		name += "-rtl"
	}
	return name
}

// usual are the sights of every page for a change: each scheme of colours and a narrow and a wide
// window, once.
var usual = []sight{{width: 320}, {width: 1280, dark: true}}

// every is each width in each scheme of colours in each direction: how pages are looked at where
// rounds are many.
func every() (all []sight) {
	for _, width := range []int{320, 768, 1280, 1920} {
		for _, dark := range []bool{false, true} {
			for _, rtl := range []bool{false, true} {
				all = append(all, sight{width: width, dark: dark, rtl: rtl})
			}
		}
	}
	return all
}

// look looks at the page as it stands, in all ways that every page is looked at.
func look(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	lookAt(t, page, name, usual)
}

// lookAt looks at the page as it stands, in some ways, and leaves it as a wide and light one.
func lookAt(t *testing.T, page *browser.Page, name string, sights []sight) {
	t.Helper()
	if rounds.Of(t, 1) > 1 {
		sights = every()
	}
	for _, s := range sights {
		page.See(t, browser.Options{Width: s.width, Dark: s.dark})
		direct(t, page, s.rtl)
		glanceAt(t, page, name+"-"+s.String(), s.part)
	}
	page.See(t, browser.Options{})
	direct(t, page, false)
}

// direct forces the page to stand from right to left, or lets it stand as it came.
func direct(t *testing.T, page *browser.Page, rtl bool) {
	t.Helper()
	page.Do(t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(({documentElement: root}, rtl) => {
		root.dataset.dir ??= root.dir;
		root.dir = rtl ? "rtl" : root.dataset.dir;
	})(document, %t)`, rtl)))
}

// glance asks axe about the page as it stands and is looked at now, and that nothing scrolls sideways.
func glance(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	glanceAt(t, page, name, false)
}

func glanceAt(t *testing.T, page *browser.Page, name string, part bool) {
	t.Helper()
	if dir := os.Getenv(shotsVar); dir != "" {
		page.Screenshot(t, filepath.Join(dir, name+".png"))
	}
	page.Do(t, chromedp.Evaluate[chromedp.Void](`window.scrollTo({top: document.body.scrollHeight, behavior: "instant"})`)) // no bar is over anything then
	ask := page.Axe
	if part {
		ask = page.AxeOfSight
	}
	for _, v := range ask(t) {
		assert.Fail(t, name+": "+v.String())
	}
	over := browser.Run(t, page, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	assert.LessOrEqual(t, over, 0, fmt.Sprintf("%s is wider than the window", name))
}
