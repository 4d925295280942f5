package adminhttp_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

func TestBalanceByJSON(t *testing.T) {
	a := newAPI(t)
	id := a.create("client", func(c *account.Account) {
		c.Credit.Limit = account.Some(decimal.NewFromInt(100))
		c.Credit.Overdraw = account.Overdraw{Limit: decimal.NewFromInt(20), ExpiresAt: accounttest.Now().AddDate(0, 0, 7)}
	})
	a.post(id, "charges", `{"reference":"c","amount":"112.4"}`)
	a.post(id, "holds", `{"reference":"h","amount":"0.84"}`)
	got := a.get("clients/" + id.String() + "/balance")
	assert.Equal(t, 200, got.status)
	for path, want := range map[string]any{
		"account": id.String(), "currency": "EUR", "balance": "-112.4", "held": "0.84", "available": "6.76", "payer": id.String(),
		"credit.limit": "100", "credit.used": "100", "overdraw.limit": "20", "overdraw.used": "12.4",
		"overdraw.expires_at": "2026-11-30T08:41:02.113456Z", "shared": nil, "price": nil, "messages": nil, "entries": 2.0,
	} {
		assert.Equal(t, want, got.at(path), path)
	}
}

// What follows from a field that the actor does not see is not told.
func TestHiddenFieldsAreNotInTheBalance(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	a.policy.Field = fields(map[string]adminhttp.Access{"credit.limit": adminhttp.Hidden, "currency": adminhttp.Hidden, "notes.product": adminhttp.Hidden})
	got := a.get("clients/" + id.String() + "/balance")
	assert.Equal(t, []any{nil, nil, nil, "100"}, []any{got.at("credit"), got.at("currency"), got.at("price"), got.at("balance")})
	entry := a.get("clients/" + id.String() + "/entries").at("entries").([]any)[0].(map[string]any)
	assert.Nil(t, entry["limit"])
}

func TestSharedBalanceByJSON(t *testing.T) {
	a := newAPI(t)
	parent := a.create("above", func(c *account.Account) { c.Sending.Subaccounts = true })
	child := a.create("beneath", func(c *account.Account) {
		c.Parent, c.Credit.Shared, c.Credit.Cap = parent, true, account.Some(decimal.NewFromInt(30))
	})
	a.topUp(parent, "100")
	spent := a.post(child, "charges", `{"reference":"c","amount":"12"}`)
	require.Equal(t, 201, spent.status, spent.body)
	assert.Equal(t, []any{"0", "-12", "12", []any{child.String(), parent.String()}}, []any{spent.at("amount"), spent.at("moved"), spent.at("spent"), spent.at("chain")})
	got := a.get("clients/" + child.String() + "/balance")
	for path, want := range map[string]any{
		"balance": "0", "available": "18", "payer": parent.String(), "shared.spent": "12", "shared.cap": "30", "shared.left": "18",
	} {
		assert.Equal(t, want, got.at(path), path)
	}
	capped := a.post(child, "charges", `{"reference":"d","amount":"18.01"}`)
	capped.expect(402, "amount", "credit.exhausted")
	assert.Contains(t, capped.at("detail"), "monthly cap leaves 18.00 EUR")
	assert.Equal(t, "88", a.balance(parent)[0])
}

// references are those of the entries of a page, and where the next one begins.
func (a *api) entries(id account.ID, query string) (references []string, next string) {
	a.Helper()
	got := a.get("clients/" + id.String() + "/entries?" + query)
	require.Equal(a, 200, got.status, got.body)
	for _, e := range got.at("entries").([]any) {
		references = append(references, e.(map[string]any)["reference"].(string))
	}
	next, _ = got.at("next").(string)
	return references, next
}

func TestEntriesByJSON(t *testing.T) {
	a := newAPI(t)
	id, other := a.moneyed("payer"), a.moneyed("other")
	a.post(id, "holds", `{"reference":"h/1","amount":"5"}`)
	a.post(id, "holds/h%2F1/capture", `{"reference":"cap"}`)
	for n := range 5 {
		a.post(id, "charges", fmt.Sprintf(`{"reference":"c%d","amount":"1"}`, n))
	}
	all, next := a.entries(id, "")
	assert.Equal(t, []string{"c4", "c3", "c2", "c1", "c0", "cap", "h/1", "opening"}, all)
	assert.Empty(t, next)
	var paged []string
	for cursor := ""; ; {
		page, next := a.entries(id, "kind=charge,capture&limit=2&cursor="+cursor)
		if paged = append(paged, page...); next == "" {
			break
		}
		a.get("clients/"+id.String()+"/entries?limit=2&cursor="+next).expect(422, "cursor", "cursor.invalid")
		a.get("clients/"+other.String()+"/entries?kind=charge,capture&cursor="+next).expect(422, "cursor", "cursor.invalid")
		cursor = next
	}
	assert.Equal(t, []string{"c4", "c3", "c2", "c1", "c0", "cap"}, paged)
	now := url.QueryEscape(accounttest.Now().Format("2006-01-02T15:04:05.999999Z07:00"))
	for query, want := range map[string][]string{
		"reference=c3": {"c3"}, "reference=c&prefix=true&kind=charge": {"c4", "c3", "c2", "c1", "c0"}, "hold=h/1": {"cap"}, "reference=nothing": nil, "kind=refund": nil,
		"from=" + now: all, "to=" + now: nil, "from=2026-11-24T00:00:00Z": nil, "kind=hold&reference=h/1": {"h/1"},
	} {
		got, _ := a.entries(id, query)
		assert.Equal(t, want, got, query)
	}
	for query, fault := range map[string][2]string{
		"kind=gift": {"kind", "kind.unknown"}, "kind=charge,": {"kind", "kind.unknown"}, "from=yesterday": {"from", "time.format"}, "to=2026-11-24": {"to", "time.format"},
		"limit=101": {"limit", "limit.range"}, "cursor=x": {"cursor", "cursor.invalid"}, "page=2": {"page", "query.unknown"},
	} {
		a.get("clients/"+id.String()+"/entries?"+query).expect(422, fault[0], fault[1])
	}
}

func TestHoldsByJSON(t *testing.T) {
	a := newAPI(t)
	id := a.moneyed("payer")
	for n := range 5 {
		a.post(id, "holds", fmt.Sprintf(`{"reference":"h%d","amount":"1","messages":3,"timeout":%d}`, n, 900-n*100))
	}
	var found []string
	for cursor := ""; ; {
		got := a.get("clients/" + id.String() + "/holds?limit=2&cursor=" + cursor)
		require.Equal(t, 200, got.status, got.body)
		for _, h := range got.at("holds").([]any) {
			hold := h.(map[string]any)
			found = append(found, hold["reference"].(string))
			assert.Equal(t, []any{"1", 3.0, []any{}}, []any{hold["amount"], hold["messages"], hold["chain"]})
		}
		next, more := got.at("next").(string)
		if !more {
			break
		}
		cursor = next
	}
	assert.Equal(t, []string{"h4", "h3", "h2", "h1", "h0"}, found)
	a.get("clients/"+id.String()+"/holds?cursor=x").expect(422, "cursor", "cursor.invalid")
}
