package adminhttp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mounts are ways a host may mount the admin: the handler to serve, and where the
// admin's root is for a browser.
var mounts = []struct {
	name, root string
	mount      func(t *testing.T, admin http.Handler) http.Handler
}{
	{"root", "/", func(_ *testing.T, admin http.Handler) http.Handler { return admin }},
	{"StripPrefix", "/admin/", func(_ *testing.T, admin http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/admin/", http.StripPrefix("/admin", admin))
		return mux
	}},
	{"pattern with a wildcard", "/t/acme/admin/", func(_ *testing.T, admin http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/t/{tenant}/admin/", admin)
		return mux
	}},
	{"nested mux", "/a/b/", func(_ *testing.T, admin http.Handler) http.Handler {
		inner, outer := http.NewServeMux(), http.NewServeMux()
		inner.Handle("/b/", http.StripPrefix("/b", admin))
		outer.Handle("/a/", http.StripPrefix("/a", inner))
		return outer
	}},
	{"named like a page, stripped", "/clients/", func(_ *testing.T, admin http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/clients/", http.StripPrefix("/clients", admin))
		return mux
	}},
	{"named like a page, by pattern", "/clients/", func(_ *testing.T, admin http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/clients/", admin)
		return mux
	}},
	{"proxy", "/deep/down/", func(t *testing.T, admin http.Handler) http.Handler {
		behind := httptest.NewServer(admin)
		t.Cleanup(behind.Close)
		target, err := url.Parse(behind.URL)
		require.NoError(t, err)
		proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
		mux := http.NewServeMux()
		mux.Handle("/deep/down/", http.StripPrefix("/deep/down", proxy))
		return mux
	}},
}

// TestEveryLinkWorksWhereverMounted follows every link, asset and form action of
// every page, and saves through the form, under each way of mounting.
func TestEveryLinkWorksWhereverMounted(t *testing.T) {
	for _, m := range mounts {
		t.Run(m.name, func(t *testing.T) {
			s := newSite(t)
			fill(s)
			server := httptest.NewServer(m.mount(t, s.admin))
			t.Cleanup(server.Close)
			c := &crawler{t: t, client: server.Client(), origin: server.URL, root: m.root, seen: map[string]bool{}, clients: map[string]bool{}, tried: map[string]bool{}}
			c.follow(m.root)
			for _, page := range []string{"clients", "clients/new", "managers", "products/new", "assets/admin.css"} {
				assert.True(t, c.visited(m.root+page), "never came to %s", page)
			}
			assert.Len(t, c.clients, 3)
			assert.GreaterOrEqual(t, c.forms, 5)
			assert.Len(t, c.tried, 3)
		})
	}
}

// fill is a list of two pages and one of everything else.
func fill(s *site) {
	s.Helper()
	for i := range 52 {
		s.create("client-"+string(rune('a'+i/26))+string(rune('a'+i%26)), nil)
	}
	manager(s, "Olena Koval")
	product(s, "Gold EU", "EUR")
}

type crawler struct {
	t            *testing.T
	client       *http.Client
	origin, root string
	seen         map[string]bool
	clients      map[string]bool
	tried        map[string]bool
	forms        int
}

var (
	linkPattern   = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	clientPattern = regexp.MustCompile(`clients/[0-9a-f-]{36}`)
)

// placeOfList are the parts of a URL that differ from one time to the next: of the places in the
// list that led somewhere, one is enough; and so is one order of it.
var placeOfList = regexp.MustCompile(`\b(list|cursor|sort)=[^&]*`)

// follow reads a page and all that it links to, once each. Of the rows of lists a
// few are enough.
func (c *crawler) follow(path string) {
	c.t.Helper()
	key := placeOfList.ReplaceAllString(path, "$1=")
	if c.seen[key] || c.enough(path) {
		return
	}
	c.seen[key] = true
	at, body := c.read(path)
	if strings.Contains(body, `id="edit"`) && strings.Contains(at.Path, "/edit") {
		c.save(at, body)
	}
	if strings.HasSuffix(at.Path, "/decide") && !at.Query().Has("destination") {
		c.tried[at.Path] = true
		c.follow(at.Path + "?destination=1") // as its form would
	}
	for _, link := range linkPattern.FindAllStringSubmatch(body, -1) {
		target := c.resolve(at, link[1])
		if path, _, _ := strings.Cut(target, "?"); target != "" && !strings.HasSuffix(path, "/undo") && !strings.HasSuffix(path, "gateway-password") && !strings.HasSuffix(path, "/delete") && !strings.HasSuffix(path, "/many") {
			c.follow(target)
		}
	}
}

// enough reports whether the path is of one more client after the first three.
func (c *crawler) enough(path string) bool {
	id := clientPattern.FindString(path)
	if id == "" || c.clients[id] {
		return false
	}
	if len(c.clients) == 3 {
		return true
	}
	c.clients[id] = true
	return false
}

func (c *crawler) visited(path string) bool {
	for seen := range c.seen {
		if before, _, _ := strings.Cut(seen, "?"); before == path {
			return true
		}
	}
	return false
}

// read gets a page, redirects followed as a browser does.
func (c *crawler) read(path string) (*url.URL, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.origin+path, nil)
	require.NoError(c.t, err)
	res, err := c.client.Do(r)
	require.NoError(c.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	require.Equal(c.t, http.StatusOK, res.StatusCode, path)
	if strings.Contains(path, "/assets/") {
		assert.NotContains(c.t, res.Header.Get("Content-Type"), "text/plain", path)
		return res.Request.URL, ""
	}
	return res.Request.URL, string(body)
}

// resolve returns where a browser would go, or empty for the same page.
func (c *crawler) resolve(at *url.URL, link string) string {
	c.t.Helper()
	link = strings.ReplaceAll(link, "&amp;", "&")
	assert.False(c.t, strings.HasPrefix(link, "/") || strings.Contains(link, "://"), "%s is not relative", link)
	target, err := at.Parse(link)
	require.NoError(c.t, err)
	assert.True(c.t, strings.HasPrefix(target.Path, c.root), "%s on %s leaves the mount", link, at)
	if target.Fragment != "" {
		return ""
	}
	return target.RequestURI()
}

// save posts the page's form with another reason and first text field.
func (c *crawler) save(at *url.URL, body string) {
	c.t.Helper()
	if c.forms >= 6 {
		return
	}
	c.forms++
	page := reply{html: body}
	form := page.filled(c.t)
	if form.Has("contact.first_name") {
		form.Set("contact.first_name", "Iryna")
	}
	action := regexp.MustCompile(`action="([^"]*)" id="edit"`).FindStringSubmatch(body)[1]
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.origin+c.resolve(at, action), strings.NewReader(form.Encode()))
	require.NoError(c.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := c.client.Do(r)
	require.NoError(c.t, err)
	defer func() { _ = res.Body.Close() }()
	answered, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	assert.Equal(c.t, http.StatusOK, res.StatusCode, "after saving %s", at)
	assert.Regexp(c.t, "Applied|Saved|Nothing differed", string(answered))
}
