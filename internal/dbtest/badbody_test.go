package dbtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/rounds"
)

// sent is a request that writes, but for the client's id and revision.
type sent struct {
	method, path string
	header       map[string]string
	body         string
}

// written are what each route takes, in JSON: a value of each name, one that is accepted.
var written = map[string]map[string]string{
	"POST api/clients":                         {"login": `"new-one"`, "password": `"seven-Herons-at-dusk"`, "password_retype": `"seven-Herons-at-dusk"`, "contact": `{"company":"New"}`, "parent": `"ID"`},
	"PATCH api/clients/ID":                     {"contact": `{"company":"É"}`, "notes": `{"comments":"x"}`, "credit": `{"limit":"1"}`, "dispatch": `{"from":"09:00","to":"10:00"}`, "expires_at": `"2027-01-01T00:00:00Z"`, "notification_limit": `5`, "manager": `"MID"`, "routing": `{"senders":["A"]}`, "billing": `{"invoice_days":[1]}`, "webhooks": `{"api_state":"https://c.io/"}`, "status": `"active"`},
	"PUT api/clients/ID/password":              {"password": `"seven-Herons-at-dawn"`, "password_retype": `"seven-Herons-at-dawn"`},
	"POST api/clients/ID/gateway-password":     {},
	"POST api/clients/ID/changes/1/undo":       {"reason": `"x"`},
	"POST api/clients/ID/decide":               {"channel": `"smpp"`, "sender": `"ACME"`, "destination": `"+380501112233"`, "parts": `1`, "price": `"0.1"`, "priority": `1`, "validUntil": `"2027-01-01T00:00:00Z"`},
	"POST api/clients/ID/webhooks/x/test":      {},
	"POST api/clients/ID/webhooks/secret":      {"overlapHours": `1`},
	"POST api/clients/ID/deliveries/replay":    {"ids": `["ID"]`, "kind": `"api_incoming"`, "from": `"2026-01-01T00:00:00Z"`, "to": `"2027-01-01T00:00:00Z"`, "done": `true`},
	"POST api/clients/ID/top-ups":              {"reference": `"r-1"`, "reason": `"x"`, "currency": `"EUR"`, "amount": `"1"`},
	"POST api/clients/ID/charges":              {"reference": `"r-2"`, "price": `"0.1"`, "messages": `2`, "round": `true`, "passLimit": `true`},
	"POST api/clients/ID/holds":                {"reference": `"r-3"`, "amount": `"1"`, "timeout": `60`},
	"POST api/clients/ID/holds/hold-1/capture": {"reference": `"r-4"`, "amount": `"1"`, "more": `true`},
	"POST api/clients/ID/holds/%00/capture":    {"reference": `"r-4b"`},
	"POST api/clients/ID/holds/%FF/release":    {"reference": `"r-4c"`},
	"POST api/clients/ID/holds/capture":        {"reference": `"r-5"`, "hold": `"hold-2"`},
	"POST api/clients/ID/holds/release":        {"reference": `"r-6"`, "hold": `"hold-3"`},
	"POST api/clients/ID/refunds":              {"reference": `"r-7"`, "of": `1`, "amount": `"1"`},
	"POST api/clients/ID/transfers":            {"reference": `"r-8"`, "to": `"ID"`, "amount": `"1"`},
	"POST api/clients/ID/adjustments":          {"reference": `"r-9"`, "amount": `"-1"`, "reason": `"x"`},
	"POST api/managers":                        {"name": `"M"`, "email": `"m@c.io"`, "phone": `"+380501112233"`},
	"PUT api/managers/MID":                     {"name": `"M"`},
	"DELETE api/managers/MID":                  {},
	"POST api/products":                        {"name": `"P"`, "currency": `"EUR"`, "price": `"0.1"`, "credit_limit": `"1"`, "dlr_days": `3`},
	"PUT api/products/PID":                     {"name": `"P"`},
}

// typed are what each page takes, a value of each name.
var typed = map[string]url.Values{
	"clients/new": {"login": {"by-form"}, "contact.company": {"New"}, "password": {"seven-Herons-at-dusk"}, "password_retype": {"seven-Herons-at-dusk"}, "_parent": {""}, "reason": {"x"}, "_warned": {""}},
	"clients/ID/edit": {
		"revision": {"REV"}, "reason": {"x"}, "contact.company": {"É"}, "notes.comments": {"a\r\nb"}, "dispatch.days": {"Mon"}, "dispatch.from": {"09:00"}, "dispatch.to": {"10:00"},
		"notification_limit": {"5"}, "notification_limit.unit": {"messages"}, "expires_at": {"2027-01-01T00:00"}, "_seen": {"1"}, "_warned": {"x"}, "_do": {"check"}, "_flag": {"sending.web"},
		"_keep.login": {"mine"}, "routing.senders": {"A\r\nB"}, "billing.invoice_days": {"1"}, "manager": {""}, "time_zone": {"UTC"}, "credit.limit": {"1"},
	},
	"clients/ID/gateway-password":        {"revision": {"REV"}, "_warned": {"gateway_password"}},
	"clients/ID/money":                   {"_do": {"topUp"}, "reference": {"f-1"}, "amount": {"1"}, "reason": {"x"}, "_seen": {"1"}},
	"clients/ID/money?of=transfer":       {"_do": {"transfer"}, "reference": {"f-2"}, "amount": {"1"}, "to": {"client-1"}},
	"clients/ID/money?of=refund":         {"_do": {"refund"}, "reference": {"f-3"}, "amount": {"1"}, "of": {"1"}},
	"clients/ID/money?of=release":        {"_do": {"releaseHold"}, "reference": {"f-4"}, "hold": {"hold-1"}, "_seen": {"0"}},
	"clients/ID/webhooks":                {"_do": {"replay"}, "replayKind": {""}, "from": {"2026-01-01T00:00"}, "to": {"2027-01-01T00:00"}, "done": {"true"}},
	"clients/ID/webhooks?of=again":       {"_do": {"again"}, "delivery": {"ID"}},
	"clients/ID/webhooks?of=on":          {"_do": {"on"}, "kind": {"api_incoming"}},
	"clients/ID/webhooks?of=test":        {"_do": {"test"}, "kind": {"api_incoming"}},
	"clients/ID/webhooks?of=secret":      {"_do": {"secret"}, "revision": {"REV"}, "overlapHours": {"1"}, "confirm": {"true"}},
	"clients/ID/history/1/undo":          {"revision": {"REV"}, "reason": {"x"}, "_warned": {"x"}},
	"clients/ID/history/%00/undo":        {"revision": {"REV"}},
	"clients/ID/history/9999999999/undo": {"revision": {"REV"}},
	"managers/new":                       {"name": {"M"}, "email": {"m@c.io"}, "phone": {"+380501112233"}, "revision": {"0"}},
	"managers/MID/edit":                  {"name": {"M"}, "revision": {"1"}},
	"managers/MID/delete":                {"reason": {"x"}, "_warned": {"deleted"}},
	"products/new":                       {"name": {"P"}, "currency": {"EUR"}, "price": {"0.1"}, "credit_limit": {"1"}, "dlr_days": {"3"}},
	"products/PID/edit":                  {"name": {"P"}, "currency": {"EUR"}},
	"products/PID/delete":                {"reason": {"x"}, "_warned": {"deleted"}},
}

// wildTexts are what nobody reads, or databases do not keep, or is something else elsewhere.
var wildTexts = []string{
	"\x00", "\xff\xfe", "\u202e", "x\u00a0\u200d", "", " ", "-1", "0", "1e400", "1e-400", "NaN", "9223372036854775808", "-9223372036854775808", "9223372036854775807",
	"0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999-23:59", "0001-01-01T00:00:00+23:59", "0000-01-01T00:00", "9999-12-31T23:59", "2026-02-30T00:00", "10000-01-01T00:00",
	"%00", "../..", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "clientaccount:x", "é́́", strings.Repeat("я", 3000), "999999999999999.999999", "0.0000001", "true",
}

// wildValues are JSON that the name may not have; of texts as JSON writes them.
func wildValues() (all []string) {
	for _, text := range wildTexts {
		quoted, _ := json.Marshal(text)
		all = append(all, string(quoted))
	}
	return append(all, `null`, `true`, `[]`, `{}`, `[[]]`, `[null]`, `{"x":{}}`, `-1`, `0`, `1e400`, `1E-400`, `-0`, `1.0`, `9223372036854775807`, `99999999999999999999`,
		`"\u0000"`, `"\ud800"`, `"a\nb"`, strings.Repeat("[", 9)+strings.Repeat("]", 9), strings.Repeat("9", 5000))
}

// broken are whole bodies.
var broken = []string{
	"", " ", "{", "}", "null", "[]", `""`, "{}{}", "{} x", "\x00", "\xff", "\ufeff{}", `{"a":1,}`, `{"a":1,"a":2}`, `{"":1}`, `{"\u0000":1}`, `{"\ud800":1}`,
	strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 30_000), `{"login":"` + strings.Repeat("x", 256<<10) + `"}`, "{" + strings.Repeat(" ", 200_000) + "}",
	"a=%", "a=%zz", "%00=%00", "&&&=;", strings.Repeat("a=b&", 60_000), strings.Repeat("_flag=x&", 30_000), "_flag=%00", "--x\r\n",
}

// requests returns all of them.
func requests() (all []sent) {
	asJSON := func(route, body string, more ...string) {
		method, path, _ := strings.Cut(route, " ")
		header := map[string]string{"Content-Type": "application/json", "If-Match": `"REV"`}
		for i := 0; i < len(more); i += 2 {
			header[more[i]] = more[i+1]
		}
		all = append(all, sent{method, path, header, body})
	}
	asForm := func(path, body string, more ...string) {
		asJSON("POST "+path, body, append([]string{"Content-Type", "application/x-www-form-urlencoded", "If-Match", ""}, more...)...)
	}
	for route, names := range written {
		for _, body := range broken {
			asJSON(route, body)
		}
		for name := range names {
			for _, value := range wildValues() {
				asJSON(route, objectOf(names, name, value))
			}
		}
		for _, header := range []string{"If-Match", "Content-Type", "Accept", "Host", "Cookie", "Range", "Expect", "Content-Encoding", "Origin", "X-HTTP-Method-Override"} {
			for _, value := range []string{"", "*", `"x`, `W/"1"`, `"99999999999999999999"`, `"-1"`, `"0"`, "\xff", "text/plain", `application/json; charset="\xff`, "application/json;charset=latin1", "multipart/form-data; boundary=x", strings.Repeat(`"1",`, 5000), "gzip", "null"} {
				asJSON(route, objectOf(names, "", ""), header, value)
			}
		}
		for _, query := range []string{"preview=true", "preview=%00", "reason=%00", "reason=%FF", "x=%zz", "preview=true&preview=true"} {
			asJSON(route+"?"+query, objectOf(names, "", ""))
		}
	}
	for path, values := range typed {
		for _, body := range broken {
			asForm(path, body)
			asForm(path, body, "Content-Type", "multipart/form-data; boundary=x")
		}
		for name := range values {
			for _, value := range wildTexts {
				with := url.Values{}
				for other, accepted := range values {
					with[other] = accepted
				}
				with[name] = []string{value}
				asForm(path, with.Encode())
				with[name] = []string{value, value}
				asForm(path, with.Encode())
			}
		}
	}
	last := func(r sent) int { // what ends the others' object
		return strings.Count(r.method+r.path, "DELETE") + strings.Count(r.path, "delete")
	}
	slices.SortStableFunc(all, func(a, b sent) int {
		return cmp.Or(last(a)-last(b), strings.Compare(a.method+a.path+a.body, b.method+b.path+b.body))
	})
	return all
}

// objectOf returns what a route takes, one value of it another.
func objectOf(names map[string]string, name, value string) string {
	var members []string
	for other, accepted := range names {
		if other == name {
			accepted = value
		}
		members = append(members, fmt.Sprintf("%q:%s", other, accepted))
	}
	slices.Sort(members)
	return "{" + strings.Join(members, ",") + "}"
}

// ofChance is what two answers to the same may differ in.
var ofChance = regexp.MustCompile(`admin-[A-Z2-7]{26}|"next": "[^"]*"|cursor=[^"&]*`)

// ask gives an answer as a text that does not depend on who gave it.
func (r sent) ask(t *testing.T, svc *clientaccount.Service, admin http.Handler, ids map[string]account.ID) string {
	t.Helper()
	a, err := svc.Get(t.Context(), ids["ID"])
	require.NoError(t, err)
	pairs := []string{"REV", strconv.FormatInt(a.Revision, 10)}
	for name, id := range ids {
		pairs = append(pairs, name, id.String())
	}
	fill := strings.NewReplacer(pairs...).Replace
	request := httptest.NewRequestWithContext(t.Context(), r.method, "/", strings.NewReader(fill(r.body)))
	request.URL, err = url.Parse("/" + fill(r.path))
	require.NoError(t, err)
	for name, value := range r.header {
		if name == "Host" {
			request.Host = value
		} else if value != "" {
			request.Header.Set(name, fill(value))
		}
	}
	w := httptest.NewRecorder()
	admin.ServeHTTP(w, request)
	assert.True(t, w.Code < 500 || w.Code == http.StatusNotImplemented, "%s %s %q %.200q: %d", r.method, r.path, r.header, r.body, w.Code)
	return fmt.Sprint(w.Code, " ", ofChance.ReplaceAllString(w.Body.String(), "random"))
}

// Whatever bytes a caller sends, as JSON or as a form, and with whatever headers: it is
// never the server that failed, and all stores answer alike. Each run sends some of them;
// in the nightly rounds, all.
func TestNoCallersBodyIsAFailureOfTheServer(t *testing.T) {
	all := newAlike(t)
	codes, of := map[string]int{}, requests()
	for n, r := range of {
		if n%10 != 0 && rounds.Of(t, 1) == 1 {
			continue
		}
		var first string
		for i, admin := range all.admins {
			got := r.ask(t, all.svcs[i], admin, map[string]account.ID{"ID": all.client, "MID": all.manager, "PID": all.product})
			if i == 0 {
				first = got
			}
			require.Equal(t, first, got, "%s and %s: %s %s %q %.200q", all.names[0], all.names[i], r.method, r.path, r.header, r.body)
			codes[got[:3]]++
		}
	}
	t.Logf("of %d requests: %v", len(of), codes)
}
