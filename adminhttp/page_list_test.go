package adminhttp_test

import (
	"compress/gzip"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestTheListKeepsItsStateInTheURL(t *testing.T) {
	s := newSite(t)
	assert.Contains(t, s.get("clients").text(), "No clients yet.")
	fill(s)
	first := s.get("clients?q=client&sort=-login")
	assert.Contains(t, first.html, `aria-label="Edit client-bz"`)
	assert.Contains(t, first.text(), "Chosen are those ticked on this page: another page begins anew.")
	assert.Contains(t, first.html, `href="#rows"`)
	assert.Contains(t, first.html, `href="clients/import"`)
	assert.Contains(t, s.get("clients?status=pending&manager=none").text(), "Filters: Pending, No manager")
	next := regexp.MustCompile(`href="(clients\?[^"]*)" rel="next"`).FindStringSubmatch(first.html)
	require.NotNil(t, next)
	second := s.get(strings.ReplaceAll(next[1], "&amp;", "&"))
	assert.Contains(t, second.html, `aria-label="Edit client-aa"`)
	assert.Contains(t, second.html, `value="client"`)
	assert.Contains(t, second.html, `aria-sort="descending"`)
	assert.Contains(t, s.get("clients?q=nobody-at-all").text(), "No client matches.")
	assert.Contains(t, s.get("clients?status=blocked").text(), "No client matches.")
	tampered := s.get("clients?cursor=AAAA")
	assert.Equal(t, http.StatusUnprocessableEntity, tampered.code)
	assert.Contains(t, tampered.text(), "Start the list again.")
}

// TestAssetsAreSmall: all of them at most 60 kB as sent by a server that
// compresses, the script at most 8 kB.
func TestAssetsAreSmall(t *testing.T) {
	total := counter(0)
	err := fs.WalkDir(os.DirFS("internal/page/assets"), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(os.DirFS("internal/page/assets"), path)
		if strings.HasSuffix(path, ".js") {
			assert.LessOrEqual(t, len(content), 8<<10, path)
		}
		w := gzip.NewWriter(&total)
		_, _ = w.Write(content)
		require.NoError(t, w.Close())
		return err
	})
	require.NoError(t, err)
	assert.LessOrEqual(t, int(total), 60<<10)
	t.Logf("all assets: %d bytes gzipped", total)
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

func TestAssetsAreCachedByContent(t *testing.T) {
	s := newSite(t)
	link := regexp.MustCompile(`assets/admin\.css\?v=\w+`).FindString(s.get("clients").html)
	require.NotEmpty(t, link)
	r := s.get(link)
	assert.Equal(t, "public, max-age=31536000, immutable", r.header.Get("Cache-Control"))
	assert.Equal(t, "text/css; charset=utf-8", r.header.Get("Content-Type"))
	assert.Equal(t, "no-cache", s.get("assets/admin.css").header.Get("Cache-Control"))
	assert.NotEmpty(t, r.header.Get("ETag"))
	assert.Equal(t, http.StatusNotFound, s.get("assets/other.css").code)
}

// BenchmarkEditPage says how long the server takes for an Edit page: the bar is
// 5 ms at the 95th percentile.
func BenchmarkEditPage(b *testing.B) {
	s := newSite(b)
	for _, name := range []string{"Olena", "Marko", "Iryna"} {
		manager(s, name)
		product(s, "Product of "+name, "EUR")
	}
	a := s.create("client", func(a *account.Account) { a.Sending.SMPP = true })
	ask := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/"+editPath(a), nil)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		page := discarded{header: http.Header{}}
		s.admin.ServeHTTP(&page, ask)
		if page.code != http.StatusOK {
			b.Fatal("no page")
		}
		took = append(took, time.Since(start))
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// discarded counts nothing but the status, so that only the server is measured.
type discarded struct {
	header http.Header
	code   int
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) WriteHeader(code int)        { d.code = code }
func (d *discarded) Write(p []byte) (int, error) { return len(p), nil }

// panicsCounting is a store that panics when it counts.
type panicsCounting struct{ *memstore.Store }

func (panicsCounting) CountAccounts(context.Context, int, ...account.Query) ([]int, error) {
	panic("no counts")
}

// The page counts beside its rows: a panic there is the request's, as any other, and not the program's end.
func TestAPanicWhileCountingIsTheRequests(t *testing.T) {
	s := newSiteOver(t, clientaccount.New(panicsCounting{memstore.New()}, nil))
	ask := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/clients", nil)
	assert.PanicsWithValue(t, "no counts", func() { s.admin.ServeHTTP(httptest.NewRecorder(), ask) })
}

func TestAFilterOfNoChoiceStaysInSight(t *testing.T) {
	s := newSite(t)
	page := s.get("clients?status=%22%3E%3Cb%3E")
	assert.Contains(t, page.html, `<option value="&#34;&gt;&lt;b&gt;" selected>`)
	assert.Contains(t, page.html, `<option value="">Any status</option>`)
}

// What a search finds by a key is not nothing.
func TestAKeyThatNoClientMatchesIsFound(t *testing.T) {
	s := newSite(t)
	a := s.create("payer", nil)
	_, err := s.svc.TopUp(t.Context(), clientaccount.TopUp{Account: a.ID, Amount: account.Amount("5"), Reference: "bank-77", Actor: s.actor})
	require.NoError(t, err)
	found := s.get("clients?q=bank-77").text()
	assert.Contains(t, found, "Found by its key Entry 1 bank-77 payer")
	assert.Contains(t, found, "Only what is shown above was found: no client itself matches.")
	assert.NotContains(t, found, "No client matches.")
}

// Each filter of the list is named in its title, and beside what is done to all that it finds.
func TestEachFilterIsNamed(t *testing.T) {
	s := newSite(t)
	parent := s.create("parent", nil)
	keeper, gold := manager(s, "Keeper").ID.String(), product(s, "Gold", "EUR").ID.String()
	named := map[string]map[string]string{
		"Search": {"client": "“client”"}, "Status": {"pending": "Pending"}, "Country": {"PT": "Portugal"}, "Attention": {"exhausted": "exhausted"},
		"Manager": {keeper: "Keeper", "none": "No manager"}, "Product": {gold: "Gold", "none": "No product"},
		"Parent": {parent.ID.String(): "subaccounts of parent", "none": "No parent", account.ID{1}.String(): "subaccounts of another account"},
	}
	for field := range reflect.TypeFor[ask.ClientFilter]().Fields() {
		if field.Name == "Sort" || field.Name == "Desc" { // which narrow nothing
			continue
		}
		require.NotEmpty(t, named[field.Name], "how is a list named that is narrowed by %s?", field.Name)
		for value, name := range named[field.Name] {
			var filter ask.ClientFilter
			reflect.ValueOf(&filter).Elem().FieldByIndex(field.Index).SetString(value)
			list := filter.Values().Encode()
			shown := s.get("clients?" + list)
			assert.Contains(t, shown.html, "<title>Clients: "+name+" ·", list)
			assert.Contains(t, shown.html, `value="`+value+`"`, "it stays when the form is sent")
			form := s.post("clients/many", url.Values{"all": {"1"}, "list": {list}})
			assert.Contains(t, form.text(), " that the list finds are chosen, those of its other pages too. Clients: "+name+".", list)
		}
	}
}
