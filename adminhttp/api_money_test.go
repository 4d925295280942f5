package adminhttp_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// moneyed returns a client with 100 on the balance and 20 of credit.
func (a *api) moneyed(login string) account.ID {
	a.Helper()
	id := a.create(login, func(c *account.Account) { c.Credit.Limit = account.Some(decimal.NewFromInt(20)) })
	a.topUp(id, "100")
	return id
}

func (a *api) topUp(id account.ID, amount string) {
	a.Helper()
	_, err := a.svc.TopUp(a.Context(), clientaccount.TopUp{Account: id, Amount: decimal.RequireFromString(amount), Reference: "opening"})
	require.NoError(a, err)
}

// post moves money of a client.
func (a *api) post(id account.ID, path, body string) answer {
	a.Helper()
	return a.ask("POST", "clients/"+id.String()+"/"+path, body, nil)
}

// balance returns what a client has and holds, and how many entries led there.
func (a *api) balance(id account.ID) [3]any {
	a.Helper()
	got := a.get("clients/" + id.String() + "/balance")
	require.Equal(a, 200, got.status, got.body)
	return [3]any{got.at("balance"), got.at("held"), got.at("entries")}
}

// Every movement is made once for its reference: 201, then 200 with the same body
// whatever happened since, then 409 for another content.
func TestMoneyMovesOnceForEachReference(t *testing.T) {
	a := newAPI(t)
	id, other := a.moneyed("payer"), a.create("other", nil)
	charged := a.post(id, "charges", `{"reference":"c","amount":"5","messages":2}`)
	require.Equal(t, 201, charged.status, charged.body)
	a.post(id, "holds", `{"reference":"taken","amount":"8","timeout":600}`)
	a.post(id, "holds", `{"reference":"let/go","amount":"2"}`)
	for _, row := range []struct {
		path, body, kind, amount, held string
		another                        string // body with the same reference
	}{
		{"top-ups", `{"reference":"1","amount":"50.10","currency":"EUR","reason":"paid"}`, "top_up", "50.1", "0", `{"reference":"1","amount":"50"}`},
		{"adjustments", `{"reference":"2","amount":"-1.000001","reason":"slip"}`, "adjust", "-1.000001", "0", `{"reference":"2","amount":"-1","reason":"slip"}`},
		{"charges", `{"reference":"3","price":"0.0042","messages":25}`, "charge", "-0.105", "0", `{"reference":"3","price":"0.0042","messages":26}`},
		{"holds", `{"reference":"4","amount":"3","timeout":60}`, "hold", "0", "3", `{"reference":"4","amount":"3","timeout":61}`},
		{"holds/taken/capture", `{"reference":"5","amount":"6"}`, "capture", "-6", "-8", `{"reference":"5","amount":"7"}`},
		{"holds/let%2Fgo/release", `{"reference":"6","reason":"not sent"}`, "release", "0", "-2", `{"reference":"6"}`},
		{"refunds", `{"reference":"7","of":2,"amount":"1.5"}`, "refund", "1.5", "0", `{"reference":"7","of":2}`},
		{"transfers", `{"reference":"8","amount":"10","to":"` + other.String() + `"}`, "transfer_out", "-10", "0", `{"reference":"8","amount":"11","to":"` + other.String() + `"}`},
	} {
		first := a.post(id, row.path, row.body)
		require.Equal(t, 201, first.status, first.body)
		assert.Equal(t, []any{row.kind, row.amount, row.held, "u1"}, []any{first.at("kind"), first.at("amount"), first.at("held"), first.at("actor.id")})
		a.post(id, "top-ups", `{"reference":"between `+row.kind+`","amount":"1"}`)
		before := a.balance(id)
		again := a.post(id, row.path, row.body)
		assert.Equal(t, 200, again.status, row.path)
		assert.Equal(t, first.body, again.body, row.path)
		if row.kind != "release" { // why a hold is let go is no content
			reused := a.post(id, row.path, row.another)
			reused.expect(409, "reference", "idempotency.mismatch")
			assert.Equal(t, "reference.reused", reused.at("code"))
		}
		assert.Equal(t, before, a.balance(id), "nothing moved twice by %s", row.path)
	}
	assert.Equal(t, "10", a.balance(other)[0])
}

func TestMoneyThatIsNotThereIsRefused(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	for path, body := range map[string]string{
		"charges": `{"reference":"r","amount":"120.000001"}`, "holds": `{"reference":"r","amount":"120.000001"}`,
		"adjustments": `{"reference":"r","amount":"-120.000001","reason":"slip"}`,
		"transfers":   `{"reference":"r","amount":"120.000001","to":"` + a.create("other", nil).String() + `"}`,
	} {
		got := a.post(id, path, body)
		got.expect(402, "amount", "credit.exhausted")
		assert.Equal(t, []any{"credit.exhausted", "120", "120.000001"}, []any{got.at("code"), got.at("available"), got.at("needed")})
		assert.Equal(t, "Only 120.00 EUR is available; this needs 120.000001 EUR.", got.at("detail"))
	}
	assert.Equal(t, [3]any{"100", "0", 1.0}, a.balance(id))
	all := a.post(id, "charges", `{"reference":"r","amount":"120"}`)
	assert.Equal(t, 201, all.status, "exactly what is available passes, under the same reference")
	over := a.post(id, "adjustments", `{"reference":"s","amount":"-7","reason":"court","passLimit":true}`)
	assert.Equal(t, "-27", over.at("balance"))
}

func TestRefusalsOfMoneyHaveTheirCodes(t *testing.T) {
	a := newAPI(t)
	id, closed := a.moneyed("payer"), a.create("closed", nil)
	a.post(id, "charges", `{"reference":"c","amount":"5"}`)
	a.post(id, "holds", `{"reference":"h","amount":"5"}`)
	require.Equal(t, 200, a.edit("PATCH", "clients/"+closed.String(), 1, `{"status":"closed"}`).status)
	parent := a.create("above", func(c *account.Account) { c.Sending.Subaccounts = true })
	child := a.create("beneath", func(c *account.Account) { c.Parent, c.Credit.Shared = parent, true })
	for _, row := range []struct {
		id                      account.ID
		path, body, field, code string
	}{
		{closed, "top-ups", `{"reference":"r","amount":"1"}`, "account", "account.closed"},
		{child, "top-ups", `{"reference":"r","amount":"1"}`, "account", "account.shared"},
		{id, "transfers", `{"reference":"r","amount":"1","to":"` + child.String() + `"}`, "account", "account.shared"},
		{id, "holds/none/capture", `{"reference":"r"}`, "hold", "hold.unknown"},
		{id, "holds/none/release", `{"reference":"r"}`, "hold", "hold.unknown"},
		{id, "holds/h/capture", `{"reference":"r","amount":"5.01"}`, "amount", "hold.amount"},
		{id, "refunds", `{"reference":"r","of":1}`, "of", "refund.unknown"},
		{id, "refunds", `{"reference":"r","of":9}`, "of", "refund.unknown"},
		{id, "refunds", `{"reference":"r","of":2,"amount":"5.01"}`, "amount", "refund.amount"},
	} {
		before := a.balance(row.id)
		got := a.post(row.id, row.path, row.body)
		got.expect(409, row.field, row.code)
		assert.Equal(t, row.code, got.at("code"))
		assert.Equal(t, before, a.balance(row.id))
	}
}

// forgetful is a store that answers no write: whether it was made is unknown.
type forgetful struct {
	store.Store
	broken bool
}

func (s *forgetful) Append(ctx context.Context, ps []store.Posting) ([]store.Outcome, error) {
	written, err := s.Store.Append(ctx, ps)
	if s.broken {
		return nil, errGone
	}
	return written, err
}

func (s *forgetful) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	if s.broken {
		return nil, errGone
	}
	return s.Store.Ledger(ctx, ls)
}

var errGone = errors.New("the connection went")

func TestAnUnknownOutcomeNamesItsReference(t *testing.T) {
	st := &forgetful{Store: memstore.New()}
	a := newAPIOver(t, clientaccount.New(st, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	}))
	id := a.moneyed("payer")
	st.broken = true
	got := a.post(id, "charges", `{"reference":"order-17","amount":"5"}`)
	got.expect(http.StatusServiceUnavailable, "reference", "outcome.unknown")
	assert.Equal(t, []any{"outcome.unknown", "order-17"}, []any{got.at("code"), got.at("reference")})
	assert.Equal(t, "1", got.header.Get("Retry-After"))
	assert.NotContains(t, got.body, "connection")
	st.broken = false
	again := a.post(id, "charges", `{"reference":"order-17","amount":"5"}`)
	assert.Equal(t, 200, again.status, "it had been written: %s", again.body)
	assert.Equal(t, "95", a.balance(id)[0])
}

// A reference is any text; in a path it is escaped, slashes included, under
// whatever the admin is mounted.
func TestHoldsAreNamedByAnyReference(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	for _, reference := range []string{"order/17", "a b", "../1", "100%", "ключ", `"quoted"?x=1#y`, "a//b", ".", "holds/x/release"} {
		made := a.post(id, "holds", body("reference", reference)[:len(body("reference", reference))-2]+`,"amount":"1"}`)
		require.Equal(t, 201, made.status, made.body)
		escaped := strings.ReplaceAll(url.PathEscape(reference), ".", "%2E")
		done := a.post(id, "holds/"+escaped+"/release", body("reference", "end "+reference))
		require.Equal(t, 201, done.status, reference)
		assert.Equal(t, reference, done.at("hold"))
	}
	assert.Equal(t, "0", a.balance(id)[1])
}

// With preview a movement is only looked at: what would be there after it, and what was booked
// like it a short time ago.
func TestMovementsArePreviewed(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	const body = `{"reference":"bank-1","amount":"150"}`
	seen := a.post(id, "top-ups?preview=true", body)
	require.Equal(t, 200, seen.status, seen.body)
	assert.Equal(t, []any{"150", false, "100", "250"}, []any{seen.at("moved"), seen.at("repeated"), seen.at("before.balance"), seen.at("after.balance")})
	assert.Equal(t, "100", a.balance(id)[0])
	require.Equal(t, 201, a.post(id, "top-ups", body).status)
	assert.Equal(t, true, a.post(id, "top-ups?preview=true", body).at("repeated"))
	again := a.post(id, "top-ups?preview=true", `{"reference":"bank-2","amount":"150.00"}`)
	assert.Len(t, again.at("alike"), 1)
	a.post(id, "top-ups?preview=true", `{"reference":"bank-2","amount":"1,500"}`).expect(422, "amount", "amount.comma")
	a.post(id, "top-ups?preview=true", `{"reference":"bank-1","amount":"151"}`).expect(409, "reference", "idempotency.mismatch")
	a.post(id, "charges?preview=true", `{"reference":"c","amount":"271"}`).expect(402, "amount", "credit.exhausted")
}
