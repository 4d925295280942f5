package accesstest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// kept are fields that a client cannot be without, so that another world has another
// value of them instead of none.
var kept = []string{
	"login", "manager", "time_zone", "dispatch", "status", "credit.overdraw.expires_at", "contact.company", "billing.invoice_days", "mail.price_format", "billing.enterprise", "moderation",
}

// TestAHiddenFieldIsNotToldByEditingOthers: two worlds differ in whether a hidden field is
// set. Whatever else is typed, no fault or warning tells which of the two it is: at most
// that something stands in the way which is not seen.
func TestAHiddenFieldIsNotToldByEditingOthers(t *testing.T) {
	asked := 0
	for n, hidden := range account.Fields() {
		if hidden.Secret() || hidden.Path == "currency" {
			continue
		}
		set, unset := pairOf(t, hidden)
		for i, other := range account.Fields() {
			if other.Path == hidden.Path || other.Path == "password_retype" || (i+n)%every() != 0 {
				continue
			}
			for _, body := range []string{nested(other, set.value(other.Path, valuesOf(other).wanted)), cleared(other)} {
				asked += set.assertAlike(unset, "main", hidden, body)
				asked += set.assertAlike(unset, "beside", hidden, body)
			}
		}
	}
	t.Logf("%d edits, each in two worlds", asked)
}

// pairOf are two worlds in which a field is hidden that is set in one of them: in a client
// that has all other fields, and in one that has hardly any.
func pairOf(t *testing.T, hidden account.Field) (set, unset *world) {
	t.Helper()
	v, none := valuesOf(hidden), ""
	switch {
	case slices.Contains(kept, hidden.Path):
		none = v.there
	case hidden.Kind == account.FieldFlag:
		v.here, none = "true", "false"
	}
	for into, text := range map[**world]string{&set: v.here, &unset: none} {
		w := newWorld(t, hidden.Path, v.first, text, outsideHere)
		_, err := w.svc.Update(t.Context(), w.ids["beside"], 2, clientaccount.Edit{Actor: self, Apply: func(a *account.Account) error {
			a.Contact.FirstName, a.Contact.LastName = "Lee", "Ann" // so that it is an edit
			for path, needed := range map[string][2]string{
				"credit.overdraw.limit": {"credit.overdraw.expires_at", "2026-12-13T11:17:00Z"}, "mail.price_update": {"mail.price_format", "csv"},
				"billing.send_invoices": {"billing.invoice_days", "3"}, "billing.to_email": {"mail.billing", "w@first.example"},
			} {
				if path == hidden.Path {
					w.set(a, needed[0], needed[1])
				}
			}
			if !slices.Contains([]string{"login", "contact.contract", "sending.subaccounts"}, hidden.Path) { // the other client has it, or some beneath
				w.set(a, hidden.Path, text)
			}
			return nil
		}})
		w.must(err)
		w.policy.Field = with(hidden.Path, adminhttp.Hidden)
		*into = w
	}
	return set, unset
}

// assertAlike looks at an edit in two worlds.
func (w *world) assertAlike(unset *world, client string, hidden account.Field, body string) int {
	w.Helper()
	a := ask{method: "PATCH", target: "api/clients/" + w.ids[client].String() + "?preview=true", body: body, media: jsonMedia, version: w.revision(client)}
	here := w.send(a)
	a.target = strings.ReplaceAll(a.target, w.ids[client].String(), unset.ids[client].String()) // more was made in one of them
	there := unset.send(a)
	switch {
	case here.code == there.code:
		assert.Equal(w, here.said(), there.said(), "%s of %s hidden: %s", hidden.Path, client, body)
	case here.code > there.code:
		assert.Empty(w, here.said(), "%s of %s hidden: %s", hidden.Path, client, body)
	default:
		assert.Empty(w, there.said(), "%s of %s hidden: %s", hidden.Path, client, body)
	}
	return 1
}

// cleared returns a body that leaves a field to its default.
func cleared(f account.Field) string {
	names := strings.Split(f.Path, ".")
	return `{"` + strings.Join(names, `":{"`) + `":null` + strings.Repeat("}", len(names))
}

// said returns what an answer tells, beside that something stands in the way which is not
// seen.
func (a answer) said() string {
	_, body, _ := strings.Cut(a.text, "\r\n{")
	var told struct {
		Changes  any
		Warnings []account.Fault
		Errors   []account.Fault
	}
	if err := json.Unmarshal([]byte("{"+body), &told); err != nil {
		return err.Error() + a.text
	}
	var said strings.Builder
	for _, fault := range append(told.Errors, told.Warnings...) {
		if fault.Code != access.CodeHidden {
			said.WriteString(fault.Path + " " + fault.Code + " " + fault.Text + "\n")
		}
	}
	return said.String()
}
