package adminhttp_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

// importFile sends a file of clients, with inputs before it.
func (s *site) importFile(file string, pairs ...string) reply {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		require.NoError(s, form.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := form.CreateFormFile("file", "clients.csv")
	require.NoError(s, err)
	_, err = io.WriteString(part, file)
	require.NoError(s, err)
	require.NoError(s, form.Close())
	r := httptest.NewRequestWithContext(s.Context(), http.MethodPost, "/clients/import", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.admin.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

func TestClientsComeInByAFileThatIsMended(t *testing.T) {
	s := newSite(t)
	a := s.create("first", nil)
	manager, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Ольга Коваль"})
	require.NoError(t, err)
	asked := s.importFile("\ufeffLogin;COMPANY;Nonsense\r\nfirst;X;y\r\n")
	assert.Equal(t, http.StatusUnprocessableEntity, asked.code)
	assert.Contains(t, asked.text(), "Say what these columns are")
	assert.Contains(t, asked.html, `name="header.0" value="Nonsense"`)

	file := "\ufeffLogin;Company;Manager;Allow Credit;E-mail;Nonsense\r\n" +
		"first;\"New; name\";Ольга Коваль;'-1,5;;x\r\n" +
		"fresh;Fresh Ltd;Ольга Коваль;100,25;a@example.com;x\r\n" +
		";Nobody;;x;;\r\n"
	batch := s.begun(s.importFile(file, "decimal", "comma", "header.0", "Nonsense", "match.0", "-"))
	judged := s.get(batch)
	assert.Contains(t, judged.text(), "clients.csv")
	assert.Contains(t, judged.text(), "1 Would change")
	assert.Contains(t, judged.text(), "2 Would be refused")
	faults := s.get(batch + "/faults")
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(faults.html, "\ufeff")), "\n")
	require.Len(t, lines, 3, faults.html)
	assert.True(t, strings.HasPrefix(lines[0], "line,id,login,contact.company,manager,credit.limit,mail.email,faults"), lines[0])
	assert.Contains(t, lines[1], "2,"+a.ID.String()+",")
	assert.Contains(t, lines[1], "Ольга Коваль")
	done := s.run(batch, "good")
	assert.Contains(t, done.text(), "1 Done")
	made, err := s.svc.ByLogin(t.Context(), "fresh")
	require.NoError(t, err)
	assert.Equal(t, manager.ID, made.Core.Manager)
	assert.Equal(t, "100.25", s.limit(made))
	assert.Equal(t, "Company of first", s.stored(a.ID).Contact.Company)

	mended := strings.Replace(strings.Join(lines[:2], "\n"), "'-1.5", "15", 1)
	again := s.begun(s.importFile(mended))
	assert.Contains(t, s.run(again, "all").text(), "1 Done")
	assert.Equal(t, "New; name", s.stored(a.ID).Contact.Company)
	assert.Equal(t, "15", s.limit(a))
	assert.Contains(t, s.run(s.begun(s.post(again, url.Values{"_do": {"undo"}})), "all").text(), "1 Done")
	assert.Equal(t, "Company of first", s.stored(a.ID).Contact.Company)
}

// What goes out comes in again, and changes nothing.
func TestAnExportedListChangesNothingWhenImported(t *testing.T) {
	s := newSite(t)
	top := s.create("top", func(a *account.Account) {
		a.Contact.Phone, a.Sending.Subaccounts = "+380501112233", true
		a.Webhooks.RESTState, a.Credit.Limit = "https://example.com/?key=secret", account.Some(account.Amount("12.5"))
	})
	s.create("beneath", func(a *account.Account) { a.Parent = top.ID })
	s.update(top, func(a *account.Account) { a.Status = account.StatusSuspended })
	file := s.get("clients/export?columns=id,login,status,manager,product,contact.phone,credit.limit,webhooks.rest_state,balance,sending.rest")
	require.Equal(t, http.StatusOK, file.code, file.html)
	assert.NotContains(t, file.html, "secret")
	assert.Contains(t, file.html, "'+380501112233", "no formula")
	batch := s.begun(s.importFile(file.html))
	assert.Contains(t, s.get(batch).text(), "2 Unchanged")
}

func TestFilesThatAreNotTaken(t *testing.T) {
	s := newSite(t)
	s.create("first", nil)
	for file, said := range map[string]string{
		"":                                     "There is no client in this file.",
		"login,password\nfirst,x\n":            "passwords are never in a file",
		"contact.company\nx\n":                 "its id, or its login",
		"login,login\nfirst,x\n":               "is there twice",
		"login\n\xff\xfefirst\n":               "not in UTF-8",
		"PK\x03\x04":                           "save it as CSV",
		"login\n\"first\n":                     "Line 2 cannot be read",
		"login\n" + strings.Repeat("x", 20001): "is longer than 20000 bytes",
		"login\n":                              "There is no client in this file.",
	} {
		got := s.importFile(file)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code, "%.40q", file)
		assert.Contains(t, got.text(), said, "%.40q", file)
	}
}

// What the actor may not do is refused line by line, and the file that tells of it cannot make a
// client of a line that was about none.
func TestLinesThatOneMayNotDo(t *testing.T) {
	s := doubled(t)
	manager, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Olena"})
	require.NoError(t, err)
	theirs := s.create("theirs", nil)
	s.create("mine", func(a *account.Account) { a.Core.Manager = manager.ID })
	s.policy.Scope = adminhttp.ClientsOf(manager.ID)
	file := "id,login,company,credit\n" +
		theirs.ID.String() + ",theirs,Taken,\n" +
		"nonsense,other,Taken,\n" +
		",mine,Credit of mine,500\n" +
		",fresh,Fresh Ltd,\n" +
		",richer,Richer Ltd,500\n"
	batch := s.begun(s.importFile(file))
	judged := s.get(batch).text()
	assert.Contains(t, judged, "1 Would change")
	assert.Contains(t, judged, "4 Would be refused")
	faults := strings.Split(strings.TrimSpace(s.get(batch+"/faults").html), "\n")
	require.Len(t, faults, 5)
	for i, said := range []string{"2," + theirs.ID.String() + ",theirs", "3,nonsense,other", "4,", "6,,richer"} {
		assert.Contains(t, faults[i+1], said)
	}
	assert.Contains(t, faults[1], "Line 2 has the id of no client.")
	assert.Contains(t, faults[3], "A second person must confirm this")
	assert.Contains(t, faults[4], "A second person must confirm this")
	assert.Contains(t, s.run(batch, "good").text(), "1 Done")
	made, err := s.svc.ByLogin(t.Context(), "fresh")
	require.NoError(t, err)
	assert.Equal(t, manager.ID, made.Core.Manager, "as of a client that is made by itself")

	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit, adminhttp.ActionImport}
	batch = s.begun(s.importFile("login,company\nanother,Another\nmine,Mine\n"))
	assert.Contains(t, s.get(batch+"/faults").html, "Line 2 is a new client")
	assert.Contains(t, s.run(batch, "good").text(), "1 Done")
}

// One line of nothing but separators, or in quotation marks without end, takes no memory of its own.
func TestALineOfAFileIsBounded(t *testing.T) {
	s := newSite(t)
	for line, said := range map[string]string{",": "A line has at most 200 cells.", "\"": "Line 2 is longer than 1 MB"} {
		file := "login,company\n\"" + strings.Repeat("x", 2<<20)
		if line == "," {
			file = "login,company\n" + strings.Repeat(line, 8<<20)
		}
		got := s.importFile(file)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
		assert.Contains(t, got.text(), said)
	}
}

// A file of faults has no token, and is refused where it had a new one: nothing is left out unsaid. What
// a batch keeps of its lines has none either, once they are done.
func TestATokenIsTypedAgainInAMendedFile(t *testing.T) {
	s := newSite(t)
	c := s.create("hook", func(a *account.Account) {
		a.Webhooks.RESTState, a.Sending.REST = "https://c.io/p?token=OLD", true
	})
	const header = "login,webhooks.rest_state,credit.limit,contact.company\n"
	judged := func(file string) (string, reply) {
		b := s.begun(s.importFile(file))
		got := s.get(b)
		for got.header.Get("Refresh") != "" {
			got = s.get(b)
		}
		return b, got
	}
	b, _ := judged(header + "hook,https://c.io/p?token=NEW,x,?What Ltd\n")
	faults := s.get(b + "/faults").html
	assert.NotContains(t, faults, "NEW")
	assert.Contains(t, faults, ",?What Ltd,", "a text of one's own stays whole")
	_, again := judged(strings.Replace(faults, ",x,", ",15,", 1))
	assert.Contains(t, again.text(), "Type the value itself.")
	assert.Contains(t, again.text(), "1 Would be refused")

	b, _ = judged(header + "hook,https://c.io/p?token=NEW,15,What Ltd\n")
	s.run(b, "all")
	assert.Equal(t, "https://c.io/p?token=NEW", s.stored(c.ID).Webhooks.RESTState)
	id, err := account.ParseID(strings.TrimPrefix(b, "batches/"))
	require.NoError(t, err)
	done, err := s.svc.Tasks(t.Context(), store.TaskQuery{Batch: account.Some(id)})
	require.NoError(t, err)
	assert.Equal(t, "https://c.io/p?token=…", done[0].Set["webhooks.rest_state"])
}
