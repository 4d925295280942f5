package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// batch waits until a batch is in a state.
func (a *api) batch(id, state string) answer {
	a.Helper()
	for range 20 {
		got := a.ask("GET", "batches/"+id, "", nil)
		require.Equal(a, http.StatusOK, got.status, got.body)
		if got.at("state") == state {
			return got
		}
	}
	require.FailNow(a, "the batch does not come so far", state)
	return answer{}
}

// Many clients are changed by JSON as on pages: looked at, run, and taken back as one.
func TestManyAreChangedInJSON(t *testing.T) {
	a := newAPI(t)
	one, two := a.create("one", nil), a.create("two", nil)
	body := `{"clients":["` + one.String() + `","` + two.String() + `"],"set":{"mail":{"daily_statistics":true}},"reason":"As agreed"}`
	made := a.ask("POST", "batches", body, nil)
	require.Equal(t, http.StatusCreated, made.status, made.body)
	id := made.at("id").(string)
	assert.EqualValues(t, 2, a.batch(id, "judged").at("tasks"))

	require.Equal(t, http.StatusOK, a.ask("POST", "batches/"+id+"/run", `{}`, nil).status)
	a.batch(id, "done")
	tasks := a.ask("GET", "batches/"+id+"/tasks", "", nil)
	require.Equal(t, http.StatusOK, tasks.status)
	assert.Equal(t, 2, strings.Count(tasks.body, `"state": "done"`), tasks.body)
	for _, client := range []account.ID{one, two} {
		now, err := a.svc.Get(t.Context(), client)
		require.NoError(t, err)
		assert.True(t, now.Mail.DailyStatistics)
	}

	undo := a.ask("POST", "batches/"+id+"/undo?reason=Not+agreed", "", nil)
	require.Equal(t, http.StatusCreated, undo.status, undo.body)
	back := undo.at("id").(string)
	a.batch(back, "judged")
	require.Equal(t, http.StatusOK, a.ask("POST", "batches/"+back+"/stop", "", nil).status)
	a.batch(back, "dropped")
	for _, file := range []string{"clients.csv", "clients/" + one.String() + "/entries.csv", "clients/" + one.String() + "/messages.csv", "clients/" + one.String() + "/changes.csv"} {
		got := a.ask("GET", file, "", nil)
		assert.Equal(t, http.StatusOK, got.status, file)
		assert.Equal(t, "text/csv; charset=utf-8", got.header.Get("Content-Type"), file)
	}
}

// A program sends clients as JSON, in an array or in lines, or as a file, and gets each fault by line.
func TestClientsComeInByJSON(t *testing.T) {
	a := newAPIOver(t, newPostbox(t).svc, func(c *adminhttp.Config) { c.ReadSheet = readTabs })
	there := a.create("there", func(acc *account.Account) { acc.Contact.Phone = "+380501112233" })
	one, other := `{"id":"`+there.String()+`","contact":{"company":"Renamed","phone":null}}`, `{"login":"fresh","contact":{"company":"Fresh Ltd"},"credit":{"limit":"12.50"},"sending":{"web":true}}`
	for _, sent := range [][2]string{{"application/json", "[" + one + "," + other + "]"}, {"application/x-ndjson", one + "\n\n" + other + "\n"}} {
		media := sent[0]
		made := a.ask("POST", "imports?title=night.json&reason=Agreed", sent[1], []string{"Content-Type", media})
		require.Equal(t, http.StatusCreated, made.status, made.body)
		id := made.at("id").(string)
		assert.Equal(t, "import", made.at("kind"))
		assert.ElementsMatch(t, []any{"contact.company", "contact.phone", "login", "credit.limit", "sending.web"}, made.at("fields"))
		judged := a.batch(id, "judged")
		require.EqualValues(t, 2, judged.at("counts").(map[string]any)["ready"], judged.body)
		if media == "application/json" {
			require.Equal(t, http.StatusOK, a.ask("POST", "batches/"+id+"/stop", "", nil).status)
			continue
		}
		require.Equal(t, http.StatusOK, a.ask("POST", "batches/"+id+"/run", `{"clients":2}`, nil).status)
		a.batch(id, "done")
	}
	now, err := a.svc.Get(t.Context(), there)
	require.NoError(t, err)
	assert.Equal(t, "Renamed", now.Contact.Company)
	assert.Empty(t, now.Contact.Phone)
	fresh, err := a.svc.ByLogin(t.Context(), "fresh")
	require.NoError(t, err)
	limit, _ := account.FieldAt("credit.limit")
	assert.Equal(t, "12.5", limit.Text(fresh))

	faulty := a.ask("POST", "imports", `[{"login":"x","password":"secret12!","credit":{"limit":"1,500"},"contact":1},{"login":"there","status":"gone","status":"x"},{"id":"none"}]`, []string{"Content-Type", "application/x-ndjson"})
	require.Equal(t, http.StatusCreated, faulty.status, faulty.body)
	id := faulty.at("id").(string)
	assert.EqualValues(t, 3, a.batch(id, "judged").at("counts").(map[string]any)["faulty"])
	tasks := a.ask("GET", "batches/"+id+"/tasks", "", nil).body
	for _, code := range []string{"field.unknown", "field.type", "field.duplicate", "import.id"} {
		assert.Contains(t, tasks, code)
	}
	assert.NotContains(t, tasks, "secret12!")

	// What people write in files is no value of JSON, where one client is patched neither.
	for _, fields := range []string{
		`"credit":{"limit":"1,5"}`, `"credit":{"limit":"1 500"}`, `"status":"Active"`, `"manager":"Olena Koval"`, `"expires_at":"31.12.2026"`,
		`"sending":{"dlr_days":"1 0"}`, `"contact":{"country":"Germany"}`, `"notification_limit":{"value":"1,5","unit":"money"}`,
	} {
		loose := a.ask("POST", "imports", `{"login":"there",`+fields+`}`, []string{"Content-Type", "application/x-ndjson"})
		require.Equal(t, http.StatusCreated, loose.status, loose.body)
		counts := a.batch(loose.at("id").(string), "judged").at("counts").(map[string]any)
		assert.EqualValues(t, 1, counts["faulty"], "%s: %v", fields, counts)
	}

	for _, c := range []struct {
		media, body, code string
		status            int
	}{
		{"text/csv", "login,contact.company\nthere,By a file\n", "", 201},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04\nlogin\tcompany\nthere\tBy a workbook", "", 201},
		{"text/csv", "login,nonsense\nthere,x\n", "import.column", 422},
		{"application/json", "[]", "import.empty", 422},
		{"application/json", `[{"login":"a"},7]`, "import.json", 422},
		{"application/json", `[{"login":"a"}] {}`, "import.json", 422},
		{"application/x-ndjson", `{"login":"a"}]`, "import.json", 422},
		{"application/json", `[{"login":"a"}`, "import.json", 422},
		{"application/json", `[{"notes":{"comments":"` + strings.Repeat("x", 256<<10) + `"}}]`, "import.json", 422},
		{"text/plain", "login\n", "body.content_type", 415},
	} {
		got := a.ask("POST", "imports", c.body, []string{"Content-Type", c.media})
		assert.Equal(t, c.status, got.status, "%.80s: %.300s", c.body, got.body)
		assert.Contains(t, got.body, c.code, "%.80s", c.body)
	}
	assert.Equal(t, http.StatusUnprocessableEntity, a.ask("POST", "imports?decimal=x", "[]", nil).status)
}
