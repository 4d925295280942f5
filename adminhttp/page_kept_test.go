package adminhttp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// TestNothingTypedIsLost to a session that ended, rights that were taken or a failure of ours.
func TestNothingTypedIsLost(t *testing.T) {
	var out error
	svc := clientaccount.New(memstore.New(), nil)
	s := newSiteOver(t, svc, func(c *adminhttp.Config) {
		who := c.Actor
		c.Actor = func(r *http.Request) (account.Actor, error) {
			if out != nil {
				return account.Actor{}, out
			}
			return who(r)
		}
		c.SignIn = func(_ *http.Request, back string) string { return "/login?to=" + url.QueryEscape(back) }
	})
	a := s.create("client", nil)
	form := s.get(editPath(a)).filled(t)
	form.Set("contact.company", `Mine "Ltd" <b>`)
	form.Set(webhookPath, "https://client.io/?token=typed")
	form.Set("password", "plum-Kettle-8")
	form.Set("password_retype", "plum-Kettle-8")
	form.Set("reason", "They moved")
	for code, fail := range map[int]func(){
		http.StatusUnauthorized:        func() { out = adminhttp.ErrNoActor },
		http.StatusInternalServerError: func() { out = assert.AnError },
		http.StatusForbidden:           func() { s.policy.Actions = nil },
	} {
		whole := s.policy
		fail()
		page := s.post(editPath(a), form)
		out, s.policy = nil, whole
		require.Equal(t, code, page.code)
		assert.NotContains(t, page.html, "plum-Kettle-8", code)
		assert.NotContains(t, page.html, "<b>", code)
		assert.Contains(t, page.text(), "Send again", code)
		assert.Contains(t, page.text(), "Passwords are not kept.", code)
		assert.Contains(t, page.text(), "Why They moved", code)
		assert.NotContains(t, page.text(), "token=typed", code)
		kept := page.given(t)
		for name, values := range form {
			if !strings.HasPrefix(name, "password") {
				assert.Equal(t, values, kept[name], name)
			}
		}
		forgot := s.post(editPath(a), kept)
		require.Equal(t, http.StatusUnprocessableEntity, forgot.code)
		assert.Contains(t, forgot.field("password"), "Type it again")
		assert.Equal(t, code == http.StatusUnauthorized, strings.Contains(page.html, `href="/login?to=%2Fclients"`), code)
	}
	kept := form
	require.Equal(t, http.StatusSeeOther, s.post(editPath(a), kept).code)
	assert.Equal(t, `Mine "Ltd" <b>`, s.stored(a.ID).Contact.Company)
}

// given returns the form that a failure gave back.
func (r reply) given(tb testing.TB) url.Values {
	tb.Helper()
	return reply{html: strings.Replace(r.html, `id="kept"`, `id="edit"`, 1)}.filled(tb)
}

// TestSignInLeadsBack to the page that was asked for, wherever the admin is mounted.
func TestSignInLeadsBack(t *testing.T) {
	admin, err := adminhttp.New(clientaccount.New(memstore.New(), nil), adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{}, adminhttp.ErrNoActor },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		SignIn: func(r *http.Request, back string) string { return "/login?to=" + url.QueryEscape(back) },
	})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/t/{tenant}/admin/", admin)
	mux.Handle("/desk/", http.StripPrefix("/desk", admin))
	for target, back := range map[string]string{
		"/desk/clients?q=a%26b":        "/desk/clients?q=a%26b",
		"/t/acme/admin/clients/x/edit": "/t/acme/admin/clients/x/edit",
		"http://host/desk/clients?q=1": "/desk/clients?q=1",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		require.Equal(t, http.StatusUnauthorized, w.Code, target)
		assert.Contains(t, w.Body.String(), `href="/login?to=`+url.QueryEscape(back)+`"`, target)
	}
	posted := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/desk/clients/new?parent=x", strings.NewReader("login=acme"))
	posted.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, posted)
	assert.Contains(t, w.Body.String(), `href="/login?to=`+url.QueryEscape("/desk/clients")+`" target="_blank"`)
	assert.Contains(t, w.Body.String(), `name="login" value="acme"`)
}

// TestAForeignFormIsNotGivenBack: what another site made somebody send is not shown as theirs.
func TestAForeignFormIsNotGivenBack(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/clients/new", strings.NewReader("login=planted"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	s.admin.ServeHTTP(w, r)
	assert.Equal(t, http.StatusForbidden, w.Code)
	assert.NotContains(t, w.Body.String(), "planted")
}
