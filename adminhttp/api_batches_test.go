package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
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
