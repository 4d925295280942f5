// Package browser drives a real Chromium in tests, and asks axe-core what it
// thinks of a page's accessibility.
//
//	page := browser.Open(t, browser.Options{Width: 320, Dark: true})
//	page.Do(t, chromedp.Navigate(url))
//	assert.Empty(t, page.Axe(t))
//	assert.Empty(t, page.Problems())
//
// All tests of a package share one browser, which [Main] ends: call it from
// TestMain. Each page is a session of its own: it shares no cookie, cache or
// storage with another, like two people at two machines. Without Chromium the
// test is skipped, or failed where browsers are required.
package browser
