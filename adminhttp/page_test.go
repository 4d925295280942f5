package adminhttp_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// site is the pages over a store in memory, and a browser without script.
type site struct {
	testing.TB
	svc    *clientaccount.Service
	admin  http.Handler
	policy adminhttp.Policy
	actor  account.Actor
}

// newSite allows everything; tests narrow policy before they ask.
func newSite(tb testing.TB) *site {
	tb.Helper()
	return newSiteOver(tb, newPostbox(tb).svc)
}

// newSiteOver is newSite over a Service of the test's own, with more in its Config.
func newSiteOver(tb testing.TB, svc *clientaccount.Service, configure ...func(*adminhttp.Config)) *site {
	tb.Helper()
	s := &site{TB: tb, svc: svc, policy: adminhttp.FullAccess(), actor: account.Actor{ID: "u1", Name: "Olena Koval"}}
	config := adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return s.actor, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return s.policy, nil },
	}
	for _, more := range configure {
		more(&config)
	}
	var err error
	s.admin, err = adminhttp.New(s.svc, config)
	require.NoError(tb, err)
	return s
}

// create stores a client.
func (s *site) create(login string, alter func(*account.Account)) account.Account {
	s.Helper()
	made, err := s.svc.Create(s.Context(), clientaccount.Edit{Actor: s.actor, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = login, "Company of "+login
		a.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
		if alter != nil {
			alter(a)
		}
		return nil
	}})
	require.NoError(s, err)
	return made.Account
}

// update changes a client as somebody else.
func (s *site) update(a account.Account, alter func(*account.Account)) account.Account {
	s.Helper()
	made, err := s.svc.Update(s.Context(), a.ID, a.Revision, clientaccount.Edit{
		Actor: account.Actor{ID: "u2", Name: "Marko Lis"}, Apply: func(a *account.Account) error { alter(a); return nil },
	})
	require.NoError(s, err)
	return made.Account
}

func (s *site) stored(id account.ID) account.Account {
	s.Helper()
	a, err := s.svc.Get(s.Context(), id)
	require.NoError(s, err)
	return a
}

func (s *site) history(id account.ID) []account.Record {
	s.Helper()
	records, err := s.svc.Changes(s.Context(), account.ChangeQuery{Account: id, Limit: 100})
	require.NoError(s, err)
	return records
}

// reply is a page as it came.
type reply struct {
	code   int
	header http.Header
	html   string
}

// text returns the page's words without its tags.
func (r reply) text() string {
	return html.UnescapeString(spacePattern.ReplaceAllString(tagPattern.ReplaceAllString(r.html, " "), " "))
}

func (s *site) send(method, path string, form url.Values) reply {
	s.Helper()
	r := httptest.NewRequestWithContext(s.Context(), method, "/"+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.admin.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	require.NoError(s, err)
	return reply{w.Code, w.Header(), string(body)}
}

func (s *site) get(path string) reply { s.Helper(); return s.send(http.MethodGet, path, nil) }

func (s *site) post(path string, form url.Values) reply {
	s.Helper()
	return s.send(http.MethodPost, path, form)
}

func editPath(a account.Account) string { return "clients/" + a.ID.String() + "/edit" }

// save posts fields over a revision: name, value, name, value.
func (s *site) save(a account.Account, pairs ...string) reply {
	s.Helper()
	form := url.Values{"revision": {strconv.FormatInt(a.Revision, 10)}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.post(editPath(a), form)
}

var (
	tagPattern    = regexp.MustCompile(`<[^>]*>`)
	spacePattern  = regexp.MustCompile(`\s+`)
	inputPattern  = regexp.MustCompile(`(?s)<input\b[^>]*>|<select\b.*?</select>|<textarea\b.*?</textarea>`)
	attrPattern   = regexp.MustCompile(`([\w-]+)(?:="([^"]*)")?`)
	optionPattern = regexp.MustCompile(`<option value="([^"]*)"( selected)?>`)
)

// attributes returns those of a tag, unescaped.
func attributes(tag string) map[string]string {
	all := map[string]string{}
	for _, m := range attrPattern.FindAllStringSubmatch(tag, -1) {
		all[m[1]] = html.UnescapeString(m[2])
	}
	return all
}

// filled returns what a browser would send of the form with the id "edit", untouched
// and by no button.
func (r reply) filled(tb testing.TB) url.Values {
	tb.Helper()
	_, form, found := strings.Cut(r.html, `id="edit"`)
	require.True(tb, found, "the page has no form")
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, part := range inputPattern.FindAllString(form, -1) {
		head, inner, _ := strings.Cut(part, ">")
		attrs := attributes(strings.TrimSuffix(head, "/"))
		_, checked := attrs["checked"]
		switch {
		case strings.HasPrefix(part, "<select"):
			values.Add(attrs["name"], chosenOption(inner))
		case strings.HasPrefix(part, "<textarea"):
			text := strings.TrimPrefix(strings.TrimSuffix(inner, "</textarea>"), "\n")
			values.Add(attrs["name"], strings.ReplaceAll(html.UnescapeString(text), "\n", "\r\n"))
		case attrs["type"] == "checkbox" || attrs["type"] == "radio":
			if checked {
				values.Add(attrs["name"], attrs["value"])
			}
		default:
			values.Add(attrs["name"], attrs["value"])
		}
	}
	return values
}

func chosenOption(options string) string {
	all := optionPattern.FindAllStringSubmatch(options, -1)
	for _, o := range all {
		if o[2] != "" {
			return html.UnescapeString(o[1])
		}
	}
	return html.UnescapeString(all[0][1])
}

// field returns the part of a page that belongs to a field.
func (r reply) field(path string) string {
	_, rest, found := strings.Cut(r.html, `data-field="`+path+`"`)
	if !found {
		return ""
	}
	part, _, _ := strings.Cut(rest, `data-field="`)
	return part
}

// assertSame fails when the client or its history is another than before.
func (s *site) assertSame(before account.Account, records int) {
	s.Helper()
	assert.Equal(s, before, s.stored(before.ID))
	assert.Len(s, s.history(before.ID), records)
}
