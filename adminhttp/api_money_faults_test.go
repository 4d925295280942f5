package adminhttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// Bad bodies get every fault at once, and nothing moves.
func TestBadMovementsOfMoney(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	a.post(id, "holds", `{"reference":"h","amount":"5"}`)
	before := a.balance(id)
	long := strings.Repeat("x", 256)
	for _, row := range []struct{ path, body, faults string }{
		{"charges", `{}`, "amount amount.zero, reference idempotency.required"},
		{"charges", `{"reference":null,"amount":null}`, "amount amount.zero, reference idempotency.required"},
		{"charges", `{"reference":"r","amount":5}`, "amount field.type"},
		{"charges", `{"reference":5,"amount":"5"}`, "reference field.type"},
		{"charges", `{"reference":"r","amount":"0"}`, "amount amount.zero"},
		{"charges", `{"reference":"r","amount":"-1"}`, "amount amount.negative"},
		{"charges", `{"reference":"r","amount":"0.0000001"}`, "amount amount.scale"},
		{"charges", `{"reference":"r","amount":"` + "0." + strings.Repeat("1", 50) + `"}`, "amount amount.scale"},
		{"charges", `{"reference":"r","amount":"1e400"}`, "amount amount.range"},
		{"charges", `{"reference":"r","amount":"1234567890123456"}`, "amount amount.range"},
		{"charges", `{"reference":"r","amount":"10,50"}`, "amount amount.comma"},
		{"charges", `{"reference":"r","amount":"five"}`, "amount amount.format"},
		{"charges", `{"reference":"r","amount":""}`, "amount amount.format"},
		{"charges", `{"reference":"r","amount":"5","currency":"USD"}`, "currency amount.currency"},
		{"charges", `{"reference":"r","amount":"5","currency":"eur"}`, "currency amount.currency"},
		{"charges", `{"reference":"` + long + `","amount":"5"}`, "reference idempotency.length"},
		{"charges", `{"reference":"a\u0000b","amount":"5"}`, "reference idempotency.chars"},
		{"charges", `{"reference":"clientaccount:x","amount":"5"}`, "reference idempotency.chars"},
		{"charges", `{"reference":"r","amount":"5","price":"1","messages":5}`, "amount amount.price"},
		{"charges", `{"reference":"r","price":"-1","messages":5}`, "price amount.negative"},
		{"charges", `{"reference":"r","price":"0.0000001","messages":5}`, "price amount.scale"},
		{"charges", `{"reference":"r","amount":"5","messages":-1}`, "messages messages.range"},
		{"charges", `{"reference":"r","amount":"5","messages":1.5}`, "messages messages.range"},
		{"charges", `{"reference":"r","amount":"5","messages":1e3}`, "messages messages.range"},
		{"charges", `{"reference":"r","amount":"5","messages":"2"}`, "messages field.type"},
		{"charges", `{"reference":"r","amount":"5","messages":99999999999999999999}`, "messages messages.range"},
		{"charges", `{"reference":"r","amount":"5","timeout":5}`, "timeout field.unknown"},
		{"charges", `{"reference":"r","amount":"5","amount":"5"}`, "amount field.duplicate"},
		{"charges", `{"reference":"r","Amount":"5","amount":"5"}`, "Amount field.unknown"},
		{"charges", `[]`, "body field.type, amount amount.zero, reference idempotency.required"},
		{
			"charges", `{"x":1,"reference":"","amount":"-1","currency":"USD","messages":-1,"reason":"` + long + `"}`,
			"x field.unknown, currency amount.currency, amount amount.negative, reference idempotency.required, messages messages.range, reason reason.length",
		},
		{"holds", `{"reference":"r","amount":"5","timeout":0}`, "timeout timeout.range"},
		{"holds", `{"reference":"r","amount":"5","timeout":31622401}`, "timeout timeout.range"},
		{"holds", `{"reference":"r","amount":"5","timeout":9223372036854775807}`, "timeout timeout.range"},
		{"holds/h/capture", `{"reference":"r","amount":"0"}`, "amount amount.zero"},
		{"holds/h/capture", `{"reference":"r","more":"yes"}`, "more field.type"},
		{"holds/clientaccount:x/capture", `{"reference":"r"}`, "hold idempotency.chars"},
		{"holds/" + long + "/release", `{"reference":"r"}`, "hold idempotency.length"},
		{"holds/h/release", `{"reference":"r","amount":"1"}`, "amount field.unknown"},
		{"adjustments", `{"reference":"r","amount":"1"}`, "reason reason.required"},
		{"adjustments", `{"reference":"r","amount":"1","reason":" "}`, "reason reason.required"},
		{"adjustments", `{"reference":"r","amount":"1","reason":"a\nb"}`, "reason text.chars"},
		{"refunds", `{"reference":"r"}`, "of of.required"},
		{"refunds", `{"reference":"r","of":2,"amount":"0"}`, "amount amount.zero"},
		{"refunds", `{"reference":"r","of":0}`, "of of.required"},
		{"transfers", `{"reference":"r","amount":"1"}`, "to to.other"},
		{"transfers", `{"reference":"r","amount":"1","to":"` + id.String() + `"}`, "to to.other"},
		{"transfers", `{"reference":"r","amount":"1","to":"nobody"}`, "to to.unknown"},
		{"transfers", `{"reference":"r","amount":"1","to":"` + accounttest.ID(77).String() + `"}`, "to to.unknown"},
	} {
		got := a.post(id, row.path, row.body)
		require.Equal(t, http.StatusUnprocessableEntity, got.status, "%s %s: %s", row.path, row.body, got.body)
		var faults []string
		for _, fault := range got.faults() {
			faults = append(faults, fault.Path+" "+fault.Code)
			assert.NotEmpty(t, fault.Text)
		}
		want := strings.Split(row.faults, ", ")
		slices.Sort(want)
		slices.Sort(faults)
		assert.Equal(t, want, faults, "%s %s", row.path, row.body)
	}
	for body, status := range map[string]int{"": 415, "{": 400, `{"reference":"r","amount":"1"} x`: 400, strings.Repeat(" ", 256<<10) + "{}": 413} {
		assert.Equal(t, status, a.post(id, "charges", body).status)
	}
	assert.Equal(t, before, a.balance(id))
}

// What the actor may do is asked for each way of moving money, and all of them
// need seeing it.
func TestMoneyNeedsItsActions(t *testing.T) {
	a := newAPI(t)
	id, other := a.moneyed("payer"), a.create("other", nil)
	a.post(id, "charges", `{"reference":"c","amount":"5"}`)
	a.post(id, "holds", `{"reference":"h","amount":"5"}`)
	a.post(id, "holds", `{"reference":"g","amount":"5"}`)
	rows := []struct {
		method, path, body string
		action             adminhttp.Action
	}{
		{"GET", "balance", "", adminhttp.ActionMoney},
		{"GET", "entries", "", adminhttp.ActionMoney},
		{"GET", "holds", "", adminhttp.ActionMoney},
		{"POST", "top-ups", `{"reference":"1","amount":"1"}`, adminhttp.ActionTopUp},
		{"POST", "adjustments", `{"reference":"2","amount":"1","reason":"r"}`, adminhttp.ActionAdjust},
		{"POST", "charges", `{"reference":"3","amount":"1"}`, adminhttp.ActionCharge},
		{"POST", "holds", `{"reference":"4","amount":"1"}`, adminhttp.ActionCharge},
		{"POST", "holds/h/capture", `{"reference":"5"}`, adminhttp.ActionCharge},
		{"POST", "holds/g/release", `{"reference":"6"}`, adminhttp.ActionCharge},
		{"POST", "refunds", `{"reference":"7","of":2}`, adminhttp.ActionRefund},
		{"POST", "transfers", `{"reference":"8","amount":"1","to":"` + other.String() + `"}`, adminhttp.ActionTransfer},
	}
	ask := func(method, path, body string) answer {
		return a.ask(method, "clients/"+id.String()+"/"+path, body, nil)
	}
	everything := a.policy.Actions
	for _, row := range rows {
		for _, missing := range []adminhttp.Action{row.action, adminhttp.ActionMoney} {
			a.policy.Actions = slices.DeleteFunc(slices.Clone(everything), func(x adminhttp.Action) bool { return x == missing })
			ask(row.method, row.path, row.body).expect(403, "actor", "forbidden")
		}
		a.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney, row.action}
		assert.Less(t, ask(row.method, row.path, row.body).status, 300, row.path)
	}
	a.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney, adminhttp.ActionAdjust}
	ask("POST", "adjustments", `{"reference":"9","amount":"-1","reason":"r","passLimit":true}`).expect(422, "passLimit", "field.forbidden")
}

// Money outside the scope is missing, and is moved to nobody there.
func TestMoneyOutsideTheScopeIsMissing(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	own := a.create("own", func(c *account.Account) { c.Core.Manager = mine })
	theirs := a.create("theirs", func(c *account.Account) { c.Core.Manager = other })
	a.topUp(own, "10")
	a.topUp(theirs, "10")
	a.policy.Scope = adminhttp.ClientsOf(mine)
	for _, row := range [][3]string{
		{"GET", "balance"},
		{"GET", "entries"},
		{"GET", "holds"},
		{"GET", "entries?cursor=x"},
		{"POST", "top-ups", `{"reference":"r","amount":"1"}`},
		{"POST", "charges", `{{{`},
		{"POST", "refunds", ``},
		{"POST", "holds/h/capture", `{"reference":"r"}`},
		{"POST", "transfers", `{"reference":"r","amount":"1","to":"` + own.String() + `"}`},
	} {
		outside := a.ask(row[0], "clients/"+theirs.String()+"/"+row[1], row[2], nil)
		missing := a.ask(row[0], "clients/"+accounttest.ID(77).String()+"/"+row[1], row[2], nil)
		assert.Equal(t, http.StatusNotFound, outside.status, row[1])
		assert.Equal(t, missing.body, outside.body)
	}
	given := a.post(own, "transfers", `{"reference":"r","amount":"1","to":"`+theirs.String()+`"}`)
	given.expect(422, "to", "to.unknown")
	assert.Equal(t, given.body, a.post(own, "transfers", `{"reference":"r","amount":"1","to":"`+accounttest.ID(77).String()+`"}`).body)
	a.policy = adminhttp.FullAccess()
	assert.Equal(t, "10", a.balance(theirs)[0])
}
