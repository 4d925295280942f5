package adminhttp_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// TestHiddenFieldsAreOnNoPage: not their label, not their value, on no page.
func TestHiddenFieldsAreOnNoPage(t *testing.T) {
	s := newSite(t)
	a := s.create("client", func(a *account.Account) { a.Contact.Skype, a.Mail.Email = "hush.sky", "hush@example.com" })
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "contact.skype" || path == "mail.email" {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	now := s.update(a, func(a *account.Account) { a.Contact.Skype = "hush.too"; a.Contact.LastName = "Theirs" })
	history := "clients/" + a.ID.String() + "/history"
	for name, r := range map[string]reply{
		"list": s.get("clients"), "edit": s.get(editPath(a)), "history": s.get(history), "money": s.get("clients/" + a.ID.String() + "/money"), "subaccounts": s.get("clients/" + a.ID.String() + "/subaccounts"), "decide": s.get(decidePath(a)), "webhooks": s.get(hooksPath(a)),
		"history of it": s.get(history + "?field=contact.skype"), "conflict": s.save(a, "contact.last_name", "Mine"),
		"check": s.save(now, "contact.last_name", "Mine", "_do", "check"), "applied": s.get(editPath(a) + "?applied=2"),
	} {
		assert.NotContains(t, r.html, "hush", name)
		assert.NotContains(t, r.html, "Skype", name)
		assert.NotContains(t, r.html, `"contact.skype"`, name)
	}
	r := s.save(now, "contact.skype", "mine", "mail.email", "mine@example.com", "contact.last_name", "Mine")
	assert.Equal(t, http.StatusUnprocessableEntity, r.code)
	assert.Contains(t, r.text(), "You may no longer change these: Skype, E-mail. The rest is kept", "who had it on the page is told once")
	assert.NotContains(t, r.text(), "Unknown field")
	assert.Equal(t, "Mine", r.filled(t).Get("contact.last_name"))
	r = s.save(now, "billing.to_email", "true", "mail.billing", "")
	assert.NotContains(t, r.text(), "hush")
}

// Who may not see a field learns nothing of it by searching either.
func TestHiddenFieldsAreNotSearched(t *testing.T) {
	s := newSite(t)
	s.create("client", func(a *account.Account) { a.Contact.Skype = "secret.sky" })
	assert.Contains(t, s.get("clients?q=secret.sky").html, "Company of client")
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "contact.skype" {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	assert.NotContains(t, s.get("clients?q=secret.sky").html, "Company of client")
	assert.NotContains(t, s.get("api/clients?q=secret.sky").html, "Company of client")
	assert.Contains(t, s.get("clients?q=clie").html, "Company of client", "what is seen is found")
}

func TestReadOnlyFieldsAreShownAndKept(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "contact.company" {
			return adminhttp.Read
		}
		return adminhttp.Write
	}
	page := s.get(editPath(a))
	assert.Contains(t, page.field("contact.company"), "Company of client")
	assert.NotContains(t, page.field("contact.company"), "<input")
	r := s.save(a, "contact.company", "Other")
	assert.Equal(t, http.StatusUnprocessableEntity, r.code)
	assert.Contains(t, r.text(), "You cannot change: contact.company.")
	assert.Contains(t, r.text(), "You may no longer change these: Company.")
	s.assertSame(a, 1)
}

func TestActionsAreAsked(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	s.policy.Actions = nil
	page := s.get(editPath(a))
	assert.Equal(t, http.StatusOK, page.code, "who sees a client may look")
	assert.NotContains(t, page.html, "<input type=\"text\"")
	assert.NotContains(t, page.html, "data-apply")
	assert.NotContains(t, page.html, `type="password"`)
	id := a.ID.String()
	for _, path := range []string{"clients/new", "clients/" + id + "/history", "clients/" + id + "/money", "clients/" + id + "/decide", "clients/" + id + "/webhooks", "managers", "managers/new", "products", "products/new"} {
		assert.Equal(t, http.StatusForbidden, s.get(path).code, path)
	}
	for _, path := range []string{"clients/new", editPath(a), "clients/" + id + "/gateway-password", "clients/" + id + "/webhooks", "clients/" + id + "/history/1/undo", "managers/new", "products/" + id + "/delete"} {
		assert.Equal(t, http.StatusForbidden, s.post(path, url.Values{"revision": {"1"}}).code, path)
	}
	s.assertSame(a, 1)
}

// TestPagesOutsideTheScopeAreMissing, byte for byte and on every route.
func TestPagesOutsideTheScopeAreMissing(t *testing.T) {
	s := newSite(t)
	mine, other := manager(s, "Mine").ID, manager(s, "Other").ID
	a := s.create("client", func(a *account.Account) { a.Core.Manager = other })
	own := s.create("own-client", func(a *account.Account) { a.Core.Manager = mine })
	s.policy.Scope = adminhttp.ClientsOf(mine)
	missing := strings.NewReplacer(a.ID.String(), accounttest.ID(77).String())
	for _, path := range []string{"edit", "history", "money", "decide", "decide?parts=1", "webhooks", "subaccounts"} {
		there, not := s.get("clients/"+a.ID.String()+"/"+path), s.get(missing.Replace("clients/"+a.ID.String()+"/"+path))
		assert.Equal(t, http.StatusNotFound, there.code)
		assert.Equal(t, not, there, path)
	}
	for _, path := range []string{"edit", "gateway-password", "history/1/undo", "money", "webhooks"} {
		form := url.Values{"revision": {"1"}, "login": {"taken-over"}}
		there, not := s.post("clients/"+a.ID.String()+"/"+path, form), s.post(missing.Replace("clients/"+a.ID.String()+"/"+path), form)
		assert.Equal(t, http.StatusNotFound, there.code)
		assert.Equal(t, not, there, path)
	}
	list := s.get("clients")
	assert.NotContains(t, list.html, ">client<")
	assert.NotContains(t, list.html, "Other")
	r := s.save(own, "manager", other.String())
	assert.Contains(t, r.field("manager"), "This manager does not exist.")
	r = s.post("clients/new", url.Values{"login": {"stray"}, "manager": {""}, "contact.company": {"Stray"}, "password": {"plum-Kettle-8"}, "password_retype": {"plum-Kettle-8"}})
	assert.Equal(t, http.StatusUnprocessableEntity, r.code, "a client of nobody would be out of sight")
	s.assertSame(a, 1)
}

// A manager outside the scope is missing on pages as by JSON: to seeing, editing and
// deleting, and on the list.
func TestManagersOutsideTheScopeAreOnNoPage(t *testing.T) {
	s := newSite(t)
	mine, other := manager(s, "Mine").ID, manager(s, "Other").ID
	s.policy.Scope = adminhttp.ClientsOf(mine)
	list := s.get("managers")
	assert.Contains(t, list.html, "Mine")
	assert.NotContains(t, list.html, "Other")
	assert.NotContains(t, list.html, "managers/new", "one that is added would be in no scope")
	for _, path := range []string{"/edit", "/delete"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			form := url.Values{"name": {"Taken over"}, "revision": {"1"}}
			there, not := s.send(method, "managers/"+other.String()+path, form), s.send(method, "managers/"+accounttest.ID(77).String()+path, form)
			assert.Equal(t, not, there, method+path)
			if method == http.MethodPost {
				assert.Equal(t, http.StatusNotFound, there.code)
			}
		}
	}
	assert.Equal(t, http.StatusForbidden, s.post("managers/new", url.Values{"name": {"New"}}).code)
	assert.Equal(t, http.StatusOK, s.get("managers/"+mine.String()+"/edit").code)
	all, err := s.svc.Managers(t.Context())
	require.NoError(t, err)
	assert.Len(t, all, 2)
}

// TestHostileNamesAreText: whatever is stored, pages stay what they are.
func TestHostileNamesAreText(t *testing.T) {
	p := newPostbox(t)
	s := newSiteOver(t, p.svc, withMail(t))
	const hostile = `"><script>alert(1)</script>'&lt;{{.}}`
	s.actor.Name = hostile
	manager(s, hostile)
	product(s, hostile, "EUR")
	a := s.create("client", func(a *account.Account) {
		a.Contact.Company, a.Notes.Comments = hostile, "</textarea>"+hostile
	})
	invoice := documentPath(a.ID, putInvoice(t, p.store, a))
	_, err := s.svc.TopUp(t.Context(), clientaccount.TopUp{Account: a.ID, Amount: decimal.NewFromInt(5), Reference: hostile, Reason: hostile, Actor: s.actor})
	require.NoError(t, err)
	_, err = s.svc.Hold(t.Context(), clientaccount.Hold{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "hold " + hostile, Actor: s.actor})
	require.NoError(t, err)
	for _, path := range []string{
		"clients", editPath(a), "clients/" + a.ID.String() + "/history", "managers", "products", "clients?q=" + url.QueryEscape(hostile),
		"clients/" + a.ID.String() + "/money", "clients/" + a.ID.String() + "/money?reference=" + url.QueryEscape(hostile), "clients/" + a.ID.String() + "/subaccounts",
		"documents?number=" + url.QueryEscape(hostile), documentsPath(a.ID) + "?kind=" + url.QueryEscape(hostile), invoice, invoice + "/credit",
		"clients/" + a.ID.String() + "/mail?kind=invoice", hooksPath(a) + "?" + url.Values{"kind": {hostile}, "state": {hostile}, "message": {hostile}, "replayed": {hostile}, "on": {hostile}}.Encode(),
		decidePath(a) + "?" + url.Values{"channel": {hostile}, "sender": {hostile}, "destination": {hostile}}.Encode(),
	} {
		r := s.get(path)
		assert.Equal(t, http.StatusOK, r.code, path)
		assert.NotContains(t, r.html, "<script>alert", path)
		assert.Equal(t, 2, strings.Count(r.html, "<script"), path)
	}
}

// TestPagesKeepToTheirPolicy: nothing that a strict Content-Security-Policy forbids.
func TestPagesKeepToTheirPolicy(t *testing.T) {
	p := newPostbox(t)
	s := newSiteOver(t, p.svc, withMail(t))
	a := s.create("client", nil)
	invoice := documentPath(a.ID, putInvoice(t, p.store, a))
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script>`)
	for _, path := range []string{"clients", "clients/new", editPath(a), "clients/" + a.ID.String() + "/history", "clients/" + a.ID.String() + "/money", "clients/" + a.ID.String() + "/subaccounts", decidePath(a), decidePath(a) + "?parts=x", decidePath(a) + "?parts=0", hooksPath(a), "managers", "managers/new", "products/new", "nothing", "documents", documentsPath(a.ID), invoice, invoice + "/credit", "clients/" + a.ID.String() + "/mail"} {
		r := s.get(path)
		assert.Empty(t, inline.FindAllString(r.html, -1), path)
		assert.Contains(t, r.header.Get("Content-Security-Policy"), "default-src 'none'")
		assert.Equal(t, "no-store", r.header.Get("Cache-Control"))
		assert.Equal(t, 1, strings.Count(r.html, "<h1"), path)
	}
}

func TestReferencesInUseStay(t *testing.T) {
	s := newSite(t)
	m, p := manager(s, "Olena Koval"), product(s, "Gold", "EUR")
	a := s.create("client", func(a *account.Account) { a.Core.Manager, a.Notes.Product = m.ID, p.ID })
	for _, path := range []string{"managers/" + m.ID.String(), "products/" + p.ID.String()} {
		r := s.lookAndPost(path+"/delete", url.Values{})
		assert.Equal(t, http.StatusConflict, r.code)
		assert.Contains(t, r.text(), "Clients still have this")
	}
	r := s.post("products/"+p.ID.String()+"/edit", url.Values{"revision": {"1"}, "name": {"Gold"}, "currency": {"USD"}})
	assert.Equal(t, http.StatusConflict, r.code)
	_, err := s.svc.Update(t.Context(), a.ID, 1, clientaccount.Edit{Apply: func(a *account.Account) error {
		a.Core.Manager, a.Notes.Product = account.ID{}, account.ID{}
		return nil
	}})
	require.NoError(t, err)
	for _, path := range []string{"managers/" + m.ID.String(), "products/" + p.ID.String()} {
		assert.Contains(t, s.post(path+"/delete", nil).text(), "It cannot be brought back")
		assert.Equal(t, http.StatusSeeOther, s.lookAndPost(path+"/delete", url.Values{}).code)
		assert.Equal(t, http.StatusNotFound, s.get(path+"/edit").code)
	}
}
