package adminhttp_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// task is the id of a task that an answer tells of.
func (a answer) task(status int, state string) string {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.body)
	assert.Equal(a.t, state, a.at("state"))
	return a.at("id").(string)
}

// taskIDs are those of a list.
func (a answer) taskIDs() (ids []string) {
	a.t.Helper()
	for _, task := range a.at("tasks").([]any) {
		ids = append(ids, task.(map[string]any)["id"].(string))
	}
	return ids
}

// A movement and a change that need a second person are answered with a task, which another one
// confirms; the same movement again is answered with the task, and then with the entry.
func TestTasksWaitForASecondPersonInJSON(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	a.policy.Second = adminhttp.SecondForAny(
		adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{"EUR": decimal.NewFromInt(1000)}, account.KindTopUp, account.KindRefund),
		adminhttp.SecondFor("credit"),
	)
	body := `{"reference":"BANK 9","amount":"6000.00"}`
	preview := a.post(id, "top-ups?preview=true", body)
	assert.Equal(t, true, preview.at("second"))
	task := a.post(id, "top-ups", body).task(http.StatusAccepted, "unconfirmed")
	assert.Equal(t, task, a.post(id, "top-ups", body).task(http.StatusAccepted, "unconfirmed"))
	a.post(id, "top-ups", `{"reference":"BANK 9","amount":"6001"}`).expect(http.StatusConflict, "reference", "idempotency.mismatch")
	assert.Equal(t, http.StatusCreated, a.post(id, "top-ups", `{"reference":"small","amount":"1000"}`).status)

	path := "clients/" + id.String()
	steps := a.edit("PATCH", path+"?preview=true", 1, `{"credit":{"limit":"500"}}`)
	assert.Contains(t, steps.body, "step.second")
	change := a.edit("PATCH", path+"?reason=By+phone", 1, `{"credit":{"limit":"500"}}`).task(http.StatusAccepted, "unconfirmed")
	assert.Equal(t, http.StatusOK, a.edit("PATCH", path, 1, `{"contact":{"company":"Acme"}}`).status)
	for _, at := range []string{"?at=2026-12-24T10:00:00Z", "?at=2026-12-24T10:00:00Z&preview=true"} {
		a.edit("PATCH", path+at, 2, `{"credit":{"limit":"500"}}`).expect(http.StatusUnprocessableEntity, "", "second.required")
	}
	a.ask("POST", "tasks/"+task+"/confirm", "", nil).expect(http.StatusUnprocessableEntity, "", "task.second")

	a.actor = account.Actor{ID: "u2", Name: "Marko Lis"}
	a.ask("POST", "tasks/"+task+"/confirm", "", nil).task(http.StatusOK, "done")
	made := a.post(id, "top-ups", body)
	assert.Equal(t, []any{http.StatusOK, "u1", "u2"}, []any{made.status, made.at("actor.id"), made.at("second.id")}, "it is made by now, and says by whom")
	a.ask("POST", "tasks/"+change+"/cancel?reason=Too+much", "", nil).task(http.StatusOK, "cancelled")
	told := a.get("tasks/" + change)
	assert.Equal(t, "Too much", told.at("answer"))
	assert.Equal(t, "u2", told.at("second.id"))
	a.ask("POST", "tasks/"+change+"/confirm", "", nil).expect(http.StatusUnprocessableEntity, "", "task.ended")

	first := a.get("tasks?limit=1&client=" + id.String())
	second := a.get("tasks?limit=1&client=" + id.String() + "&cursor=" + first.at("next").(string))
	assert.ElementsMatch(t, []string{change, task}, append(first.taskIDs(), second.taskIDs()...))
	assert.Nil(t, second.at("next"))
	assert.Len(t, a.get("tasks?state=done").at("tasks"), 1)
	a.get("tasks?state=x").expect(http.StatusUnprocessableEntity, "state", "task.state")
	a.get("tasks?cursor=x").expect(http.StatusUnprocessableEntity, "cursor", "cursor.invalid")
	a.policy.Field = func(path string) adminhttp.Access {
		if path == "credit.limit" {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	assert.Equal(t, http.StatusNotFound, a.get("tasks/"+change).status, "it is about what is hidden")
	a.policy.Actions = nil
	assert.Empty(t, a.get("tasks").at("tasks"), "money is for who sees it")
}

// What is proposed twice says so, and is not confirmed by who was not shown that it was booked meanwhile.
func TestProposalsAlikeAreToldInJSON(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	a.policy.Second = adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{"EUR": decimal.NewFromInt(1000)})
	propose := func(reference string) answer {
		return a.post(id, "top-ups", `{"reference":"`+reference+`","amount":"6000"}`)
	}
	first := propose("one")
	assert.NotContains(t, first.body, `"proposed"`)
	preview := a.post(id, "top-ups?preview=true", `{"reference":"two","amount":"6000"}`)
	assert.Equal(t, first.at("id"), preview.at("proposed").([]any)[0].(map[string]any)["id"])
	second := propose("two")
	assert.Equal(t, first.at("id"), second.at("proposed").([]any)[0].(map[string]any)["id"])

	a.actor = account.Actor{ID: "u2", Name: "Marko Lis"}
	confirm := func(task answer, body string) answer {
		return a.ask("POST", "tasks/"+task.at("id").(string)+"/confirm", body, nil)
	}
	confirm(first, "").task(http.StatusOK, "done")
	confirm(second, "").expect(http.StatusUnprocessableEntity, "", "task.alike")
	alike := a.get("tasks/" + second.at("id").(string)).at("alike").([]any)[0].(map[string]any)
	assert.Equal(t, "one", alike["reference"])
	confirm(second, `{"alike":-1}`).expect(http.StatusUnprocessableEntity, "alike", "field.type")
	confirm(second, `{"alike":0}`).expect(http.StatusUnprocessableEntity, "", "task.alike")
	confirm(second, fmt.Sprintf(`{"alike":%.0f}`, alike["number"])).task(http.StatusOK, "done")
}

// A change is made from an instant on.
func TestAChangeIsScheduledInJSON(t *testing.T) {
	a := newAPI(t)
	id := a.create("payer", nil)
	at := a.svc.Now().Add(time.Hour).Format(time.RFC3339)
	path := "clients/" + id.String()
	a.unchanged(id, func() {
		task := a.edit("PATCH", path+"?at="+at, 1, `{"contact":{"company":"Acme"}}`).task(http.StatusAccepted, "waiting")
		told := a.get("tasks/" + task)
		assert.Equal(t, at, told.at("due_at"))
		assert.Equal(t, map[string]any{"field": "contact.company", "old": "Company of payer", "new": "Acme"}, told.at("fields").([]any)[0])
		a.edit("PATCH", path+"?at=2020-01-01T00:00:00Z", 1, `{"contact":{"company":"Acme"}}`).expect(http.StatusUnprocessableEntity, "at", "task.at")
		a.edit("PATCH", path+"?at=tomorrow", 1, `{"contact":{"company":"Acme"}}`).expect(http.StatusUnprocessableEntity, "at", "time.format")
		a.edit("PATCH", path+"?at="+at, 1, `{"password":"marble-Sunday-44","password_retype":"marble-Sunday-44"}`).expect(http.StatusUnprocessableEntity, "password", "task.password")
		a.policy.Actions = []adminhttp.Action{adminhttp.ActionConfirm}
		a.actor = account.Actor{ID: "u2", Name: "Marko Lis"}
		assert.Equal(t, http.StatusForbidden, a.ask("POST", "tasks/"+task+"/cancel", "", nil).status, "who may not edit does not cancel")
		a.policy.Actions = adminhttp.FullAccess().Actions
		a.ask("POST", "tasks/"+task+"/cancel", "", nil).task(http.StatusOK, "cancelled")
	})
}

// What became of a task, and who wanted what why, is told by the history; besides to who asked for it,
// and to who may confirm it. What waits is there for all who see the fields.
func TestTasksTellWhoWantedWhatByTheHistory(t *testing.T) {
	a := newAPI(t)
	id := a.create("payer", nil)
	a.policy.Second = adminhttp.SecondFor("credit")
	maker, path := a.actor, "clients/"+id.String()
	ended := a.edit("PATCH", path+"?reason=Asked", 1, `{"credit":{"limit":"500"}}`).task(http.StatusAccepted, "unconfirmed")
	a.ask("POST", "tasks/"+ended+"/cancel", "", nil).task(http.StatusOK, "cancelled")
	waits := a.edit("PATCH", path+"?reason=Asked", 1, `{"credit":{"limit":"600"}}`).task(http.StatusAccepted, "unconfirmed")

	a.actor, a.policy.Actions = account.Actor{ID: "u9", Name: "Reader"}, nil
	assert.Equal(t, []string{waits}, a.get("tasks").taskIDs())
	assert.Equal(t, http.StatusNotFound, a.get("tasks/"+ended).status)
	told := a.get("tasks/" + waits)
	assert.Nil(t, told.at("actor"))
	assert.NotContains(t, told.body, "Asked")
	assert.Contains(t, told.body, "600")
	for name, actions := range map[string][]adminhttp.Action{
		"history": {adminhttp.ActionHistory}, "second person": {adminhttp.ActionConfirm, adminhttp.ActionEdit},
	} {
		a.policy.Actions = actions
		assert.Len(t, a.get("tasks").taskIDs(), 2, name)
		assert.Equal(t, maker.ID, a.get("tasks/"+waits).at("actor.id"), name)
	}
	a.actor, a.policy.Actions = maker, nil
	assert.Len(t, a.get("tasks").taskIDs(), 2, "one's own")
}

// Whoever's money a movement moves or sets aside, what is above the limit waits for a second person.
func TestSharedMoneyWaitsForASecondPersonToo(t *testing.T) {
	a := newAPI(t)
	s := newSiteOver(t, a.svc)
	top, _, _, _ := s.family()
	free := s.create("free", func(a *account.Account) {
		a.Parent, a.Credit.Shared, a.Status = top.ID, true, account.StatusActive
	})
	for _, id := range []account.ID{top.ID, free.ID} {
		require.Equal(t, http.StatusCreated, a.post(id, "holds", `{"reference":"held","amount":"9"}`).status)
		require.Equal(t, http.StatusCreated, a.post(id, "charges", `{"reference":"charged","amount":"7"}`).status)
		of := a.get("clients/" + id.String() + "/entries?limit=1").at("entries").([]any)[0].(map[string]any)["number"].(float64)
		a.policy.Second = adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{"EUR": decimal.NewFromInt(1)})
		for what, body := range map[string]string{
			"holds": `{"reference":"h","amount":"8"}`, "charges": `{"reference":"c","amount":"8"}`, "holds/held/capture": `{"reference":"cap"}`,
			"holds/held/release": `{"reference":"rel"}`, "refunds": fmt.Sprintf(`{"reference":"ref","of":%.0f}`, of),
		} {
			assert.Equal(t, http.StatusAccepted, a.post(id, what, body).status, what)
		}
		a.policy.Second = nil
	}
}
