package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

// Violation is an accessibility rule that the page breaks, as axe-core says it.
type Violation struct {
	ID      string `json:"id"`      // of the rule: image-alt
	Impact  string `json:"impact"`  // minor, moderate, serious or critical
	Help    string `json:"help"`    // the rule in one sentence
	HelpURL string `json:"helpUrl"` // where it is explained
	Nodes   []Node `json:"nodes"`   // the elements that break it
}

// Node is an element that breaks a rule.
type Node struct {
	HTML    string `json:"html"`
	Summary string `json:"failureSummary"` // what would fix it
}

// String returns the violation as a failed test should show it.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s, %s", v.ID, v.Impact, v.Help, v.HelpURL)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n\t%s\n\t\t%s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n\t\t"))
	}
	return b.String()
}

// Axe asks axe-core for every rule that the page as it stands breaks: WCAG 2.0
// to 2.2, levels A and AA, and axe's best practices. It goes through the
// debugging protocol, so it works under any Content-Security-Policy. The page
// may have been opened with NoScript.
func (p *Page) Axe(tb testing.TB) []Violation {
	tb.Helper()
	return p.axe(tb, `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]`)
}

// AxeOfSight is [Page.Axe] of the rules alone whose outcome may be another where the same page is looked at
// in other colours, or at another width: half of the time goes into them.
func (p *Page) AxeOfSight(tb testing.TB) []Violation {
	tb.Helper()
	return p.axe(tb, `{type: "rule", values: ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]}`)
}

func (p *Page) axe(tb testing.TB, rules string) []Violation {
	tb.Helper()
	// axe waits on timers, which stand still while script is off. The page's
	// own scripts were dropped when it was parsed and do not come back.
	p.Do(tb, disableScript(false))
	if !Run(tb, p, chromedp.Evaluate[bool](`typeof axe === "object"`)) { // else it was asked of this page before
		source, err := axeSource(tb.Context())
		if err != nil {
			need.Missingf(tb, "axe-core: %v", err)
		}
		p.Do(tb, chromedp.Evaluate[chromedp.Void](source))
	}
	violations := Run(tb, p, chromedp.Evaluate[[]Violation](fmt.Sprintf(axeRun, rules), chromedp.EvalAwaitPromise))
	p.Do(tb, disableScript(p.noScript))
	return violations
}

// axeRun runs the rules. target-size is WCAG 2.2 and off by default. Nothing is fetched for rules on
// frames and on sound, of which no page has any.
const axeRun = `axe.run(document, {
	runOnly: %s,
	rules: {"target-size": {enabled: true}},
	resultTypes: ["violations"],
	preload: false,
}).then(result => result.violations)`
