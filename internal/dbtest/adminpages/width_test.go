package adminpages_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
	"github.com/clientaccount/clientaccount/store"
)

// widths are those of windows in which no page scrolls sideways.
var widths = []int64{320, 480, 640, 700, 768, 900, 1024, 1280, 1920}

// fits asserts that a page scrolls sideways in no window, nor any table of it, folded or not.
func fits(t *testing.T, page *browser.Page, url, path string) {
	t.Helper()
	page.Do(t, chromedp.Navigate(url+path), chromedp.WaitVisible("main h1"))
	eval[bool](t, page, `(document.querySelectorAll("details").forEach((d) => d.open = true), true)`)
	for _, width := range widths {
		page.Do(t, chromedp.EmulateViewport(width, 900))
		over := eval[string](t, page, `(() => {
			const root = document.documentElement, wide = root.clientWidth;
			const over = Array.from(document.querySelectorAll(".tablewrap")).filter((e) => e.scrollWidth > e.clientWidth + 1);
			if (root.scrollWidth > wide) over.push(...Array.from(document.querySelectorAll("main *")).filter((e) => e.getBoundingClientRect().right > wide + 1));
			return over.slice(0, 3).map((e) => e.tagName + "." + e.className).join(" ");
		})()`)
		assert.Empty(t, over, fmt.Sprint(url, path, " at ", width))
	}
}

// TestNoPageScrollsSideways between a phone and a wide screen, in short words and in long ones.
func TestNoPageScrollsSideways(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("notes.pinned", "Ask their bookkeeper first.").Set("routing.senders", "ACME"))
	client := "clients/" + s.client.ID.String()
	page := browser.Open(t, browser.Options{})
	for _, l := range []adminhttp.Language{{Tag: "en"}, adminhttp.Ukrainian()} {
		url := s.in(t, l)
		for _, path := range []string{
			"clients", "clients?attention=near_limit&columns=login,contact.company,contact.phone,credit.limit", "clients/import",
			"batches", s.longBatch(t), "confirmations", "documents", "clients/new", "managers", "managers/new", "products", "products/new", "clients/none/edit",
			client + "/edit", client + "/money", client + "/decide?parts=1", client + "/history", client + "/subaccounts", client + "/webhooks",
			client + "/documents", client + "/messages", client + "/prices",
		} {
			fits(t, page, url, path)
		}
	}
}

// longBatch is the page of a batch with a reason, a file's name and a text of no blank.
func (s *site) longBatch(t *testing.T) string {
	t.Helper()
	long := strings.Repeat("x", 200)
	b, err := s.svc.NewBatch(t.Context(), clientaccount.Bulk{
		Kind: store.BatchImport, Title: long[:100], Reason: long, Actor: account.Actor{ID: "marko", Name: "Marko Lis"}, Paths: []string{"contact.company", "contact.country"},
	})
	require.NoError(t, err)
	require.NoError(t, s.svc.AddToBatch(t.Context(), b.ID,
		clientaccount.BulkItem{Line: 2, Account: s.client.ID, Set: map[string]string{"contact.company": long[:100]}},
		clientaccount.BulkItem{Line: 3, Account: s.client.ID, Set: map[string]string{"contact.company": long, "contact.country": long}}))
	_, err = s.svc.JudgeBatch(t.Context(), b.ID)
	require.NoError(t, err)
	return "batches/" + b.ID.String()
}

// TestNoDocumentScrollsSideways: their tables have columns of their own.
func TestNoDocumentScrollsSideways(t *testing.T) {
	t.Parallel()
	s := newDocumentSite(t)
	page := browser.Open(t, browser.Options{})
	url := s.in(t, adminhttp.Ukrainian())
	fits(t, page, url, "documents")
	for _, id := range []account.ID{s.invoice, s.note, s.statement, s.daily, s.notice} {
		fits(t, page, url, "clients/"+s.client.ID.String()+"/documents/"+id.String())
	}
}
