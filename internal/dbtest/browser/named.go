package browser

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// ClickNamed clicks, with the mouse, the one element that assistive technology
// knows by this role ("link", "button") and accessible name, after waiting for it
// to appear.
func (p *Page) ClickNamed(tb testing.TB, role, name string) {
	tb.Helper()
	p.Do(tb, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		node, err := waitNamed(ctx, t, role, name)
		if err != nil {
			return err
		}
		return clickNode(ctx, t, node)
	}))
}

// Follow is ClickNamed of something that leads to another page, and waits until
// that page is there whole.
func (p *Page) Follow(tb testing.TB, role, name string) {
	tb.Helper()
	p.leave(tb, fmt.Sprintf("the %s %q", role, name), func() { p.ClickNamed(tb, role, name) })
}

// Press is Follow of the one element that a CSS selector finds, whatever language
// its name is in.
func (p *Page) Press(tb testing.TB, selector string) {
	tb.Helper()
	p.leave(tb, selector, func() { p.Do(tb, chromedp.Click(chromedp.CSS(selector))) })
}

// leave does what leads from a page to another one, and waits for that.
func (p *Page) leave(tb testing.TB, by string, do func()) {
	tb.Helper()
	p.Do(tb, chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.left = "yes"`))
	do()
	arrived := chromedp.Evaluate[bool](`!document.documentElement.dataset.left && document.readyState === "complete"`)
	p.Do(tb, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for ctx.Err() == nil {
			if there, err := arrived(ctx, t); err == nil && there { // fails while pages change
				return nil
			}
			time.Sleep(20 * time.Millisecond)
		}
		return fmt.Errorf("%s led nowhere: %w", by, ctx.Err())
	}))
}

// Type replaces what stands in the input of an id by text, key by key.
func (p *Page) Type(tb testing.TB, id, text string) {
	tb.Helper()
	input := chromedp.ID(id)
	p.Do(tb, chromedp.Focus(input), chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`),
		chromedp.SendKeys(input, text))
}

func waitNamed(ctx context.Context, t *chromedp.Target, role, name string) (cdp.BackendNodeID, error) {
	for {
		nodes, err := named(ctx, t, role, name)
		switch {
		case err != nil:
			return 0, err
		case len(nodes) == 1:
			return nodes[0], nil
		case len(nodes) > 1:
			return 0, fmt.Errorf("%d elements of role %s are named %q", len(nodes), role, name)
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("no %s is named %q: %w", role, name, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// named returns the elements of the document with a role and an accessible name.
func named(ctx context.Context, t *chromedp.Target, role, name string) ([]cdp.BackendNodeID, error) {
	document, err := cdp.Call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{Expression: "document"})
	if err != nil {
		return nil, err
	}
	found, err := cdp.Call(ctx, t, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
		ObjectID: document.Result.ObjectID, AccessibleName: name, Role: role,
	})
	if err != nil {
		return nil, err
	}
	var nodes []cdp.BackendNodeID
	for _, node := range found.Nodes {
		if !node.Ignored {
			nodes = append(nodes, node.BackendDOMNodeID)
		}
	}
	return nodes, nil
}

// clickNode presses the mouse in the middle of a node.
func clickNode(ctx context.Context, t *chromedp.Target, node cdp.BackendNodeID) error {
	if _, err := cdp.Call(ctx, t, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node}); err != nil {
		return err
	}
	box, err := cdp.Call(ctx, t, dom.GetBoxModel, dom.GetBoxModelParams{BackendNodeID: node})
	if err != nil {
		return err
	}
	corners := box.Model.Content // x, y of each
	x, y := (corners[0]+corners[4])/2, (corners[1]+corners[5])/2
	_, err = chromedp.MouseClickXY(x, y)(ctx, t)
	return err
}
