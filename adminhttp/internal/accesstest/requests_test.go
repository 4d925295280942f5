package accesstest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// ask is a request that would be granted to who may do everything.
type ask struct {
	route          string // the one it is an example of: method and path
	method, target string
	body, media    string
	version        string          // If-Match
	needs          []access.Action // beside those that the route declares
}

const (
	jsonMedia = "application/json"
	formMedia = "application/x-www-form-urlencoded"
)

// requests are examples of every route, about a client. Those that edit write the
// field with the text.
func (w *world) requests(client string, f account.Field, text string) (all []ask) {
	id := w.ids[client].String()
	w.version = w.revision(client)
	at := func(route, body, version string, more ...access.Action) {
		method, path, _ := strings.Cut(route, " ")
		media := ""
		switch {
		case method == http.MethodGet:
		case strings.HasPrefix(path, "api/"):
			media = jsonMedia
		default:
			media = formMedia
		}
		target := strings.NewReplacer("{id}", id, "{kind}", "rest_state", "{revision}", "2", "{ref}", "held%2F1", "{message}", "kept%2F1", "{document}", documentID(client, 1), "{format}", "csv", "{mail}", "statement", "{$}", "").Replace(path)
		all = append(all, ask{route: declared(route), method: method, target: target, body: body, media: media, version: version, needs: more})
	}
	query := func(route, query string) {
		at(route, "", "")
		all[len(all)-1].target += "?" + query
	}
	w.pageRequests(at, query, f, text)
	w.apiRequests(at, query, f, text)
	w.messageAsks(at, query)
	w.documentAsks(client, at, query)
	w.tariffAsks(at, query, channel(f))
	w.priceAsks(client, &all)
	w.taskAsks(client, &all)
	w.listRequests(&all)
	w.fileAsks(at, query, f)
	w.batchAsks(id, &all)
	return all
}

// batchAsks are changes of many clients: that of the world, and new ones.
func (w *world) batchAsks(client string, all *[]ask) {
	add := func(route, body string) {
		method, path, _ := strings.Cut(route, " ")
		media := map[bool]string{true: jsonMedia, false: formMedia}[strings.HasPrefix(path, "api/")]
		if method == http.MethodGet {
			media = ""
		}
		*all = append(*all, ask{route: route, method: method, target: strings.ReplaceAll(path, "{id}", w.ids["batch"].String()), body: body, media: media})
	}
	add("POST clients/many", form("client", client))
	add("POST clients/many", form("client", client, "client", w.ids["outside"].String(), "_do", "look", "credit.limit", "7"))
	add("POST clients/many", form("all", "1", "list", "q=main", "_do", "look", "status", "suspended"))
	add("GET batches", "")
	add("GET batches/{id}", "")
	add("POST batches/{id}", form("_do", "good"))
	add("GET clients/import", "")
	add("GET batches/{id}/faults", "")
	*all = append(*all, ask{
		route: "POST clients/import", method: "POST", target: "clients/import", media: "multipart/form-data; boundary=x",
		body: "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nlogin,contact.company\r\nmain,Elsewhere\r\nanew,New\r\n\r\n--x--\r\n",
	})
	add("POST api/imports", `[{"login":"main","contact":{"company":"Elsewhere"}},{"id":"`+w.ids["outside"].String()+`","credit":{"limit":"7"}},{"login":"anew"}]`)
	add("GET api/batches", "")
	add("GET api/batches/{id}", "")
	add("GET api/batches/{id}/tasks", "")
	add("POST api/batches", `{"clients":["`+client+`"],"set":{"sending":{"web":true}}}`)
	add("POST api/batches", `{"query":"q=main","set":{"manager":"`+w.ids["mine"].String()+`"}}`)
	for _, verb := range []string{"run", "stop", "undo"} {
		add("POST api/batches/{id}/"+verb, "")
	}
}

// fileAsks are lists as files.
func (w *world) fileAsks(at asking, query func(route, query string), f account.Field) {
	query("GET clients/export", "q=planted")
	query("GET clients/export", "columns=login,balance,status,contact.phone,credit.limit,available,moved,"+f.Path)
	query("GET api/clients.csv", "sort=-activity")
	query("GET api/clients.csv", "columns=id,manager,webhooks.rest_state,"+f.Path)
	for _, list := range []string{"money", "messages", "history"} {
		at("GET clients/{id}/"+list+"/export", "", "")
	}
	for _, list := range []string{"entries", "messages", "changes"} {
		at("GET api/clients/{id}/"+list+".csv", "", "")
	}
}

// declared returns a route as it is declared, of one in which a document or a format is named.
func declared(route string) string {
	route = documentNamed.ReplaceAllString(route, "documents/{document}")
	return formatNamed.ReplaceAllString(route, "files/{format}")
}

var (
	documentNamed = regexp.MustCompile(`documents/[0-9a-f-]{36}`)
	formatNamed   = regexp.MustCompile(`files/(html|csv)$`)
)

type asking func(route, body, version string, more ...access.Action)

func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// typed returns the field in a form of the page.
func typed(f account.Field, text string) []string {
	switch f.Kind {
	case account.FieldFlag:
		if text != "true" {
			return []string{"_flag", f.Path}
		}
		return []string{"_flag", f.Path, f.Path, "true"}
	case account.FieldTime:
		return []string{f.Path, strings.TrimSuffix(text, ":00Z")}
	case account.FieldSecret:
		return []string{"password", "marble-Sunday-44", "password_retype", "marble-Sunday-44"}
	default:
		return []string{f.Path, text}
	}
}

// channel returns one by which a message may go, but for the field that says so.
func channel(f account.Field) string {
	if f.Path == "sending.rest" {
		return "smpp"
	}
	return "rest"
}

func (w *world) pageRequests(at asking, query func(route, query string), f account.Field, text string) {
	edit := func(more ...string) string { return form(append(more, typed(f, w.value(f.Path, text))...)...) }
	at("GET {$}", "", "")
	at("GET clients", "", "")
	for _, q := range []string{"q=planted", "sort=company", "sort=-login", "sort=-activity", "status=suspended", "country=IS", "product=none", "manager=none", "manager=" + w.ids["second"].String()} {
		query("GET clients", q)
	}
	at("GET clients/new", "", "")
	query("GET clients/new", "parent="+w.ids["main"].String())
	fresh := []string{"login", "brand-new", "password", accounttest.Password, "password_retype", accounttest.Password, "contact.company", "New", "manager", w.ids["mine"].String()}
	at("POST clients/new", form(fresh...), "")
	at("POST clients/new", form(append(fresh, "_do", "check")...), "")
	at("POST clients/new", form(append(fresh, "_parent", w.ids["main"].String())...), "")
	at("GET clients/{id}/edit", "", "")
	query("GET clients/{id}/edit", "applied=2")
	at("POST clients/{id}/edit", edit("revision", w.version, "_do", "check"), "")
	at("POST clients/{id}/edit", edit("revision", w.version), "")
	at("POST clients/{id}/edit", edit("revision", "1"), "")
	at("POST clients/{id}/edit", edit("revision", w.version, "credit.cap", "x", "contact.phone", "x"), "")
	at("POST clients/{id}/edit", form("revision", w.version, "credit.limit", "0", "credit.overdraw.limit", "0", "sending.subaccounts", "false", "_flag", "sending.subaccounts", "status", "closed"), "")
	at("POST clients/{id}/gateway-password", form("revision", w.version), "")
	at("POST clients/{id}/gateway-password", form("revision", w.version, "_warned", "gateway_password"), "")
	at("GET clients/{id}/money", "", "")
	query("GET clients/{id}/money", "done=2")
	query("GET clients/{id}/money", "done=4")
	w.moneyForms(at)
	at("GET clients/{id}/decide", "", "")
	at("POST clients/{id}/decide", form("text", "hi"), "")
	for _, price := range []string{"0.01", "999999999"} {
		query("GET clients/{id}/decide", form("channel", channel(f), "sender", "ACME", "destination", "380501112233", "parts", "1", "price", price))
	}
	at("GET clients/{id}/webhooks", "", "")
	query("GET clients/{id}/webhooks", "kind=rest_incoming&state=waiting")
	at("POST clients/{id}/webhooks", form("_do", "on", "kind", "rest_state"), "", access.Replay)
	at("POST clients/{id}/webhooks", form("_do", "replay", "replayKind", "rest_state"), "", access.Replay)
	at("POST clients/{id}/webhooks", form("_do", "replay", "from", "2026-01-01T00:00", "done", "true"), "", access.Replay)
	at("POST clients/{id}/webhooks", form("_do", "test", "kind", "rest_state"), "", access.TestHook)
	at("POST clients/{id}/webhooks", form("_do", "secret", "revision", w.version, "overlapHours", "1", "confirm", "true"), "", access.HookSecret)
	at("GET clients/{id}/subaccounts", "", "")
	at("GET clients/{id}/history", "", "")
	query("GET clients/{id}/history", "field="+f.Path)
	at("POST clients/{id}/history/{revision}/undo", form("revision", w.version), "")
	w.referencePages(at)
}

func (w *world) moneyForms(at asking) {
	outsider := w.out.login
	for i, button := range []struct {
		action access.Action
		pairs  []string
	}{
		{access.TopUp, []string{"_do", "topUp", "amount", "10"}},
		{access.TopUp, []string{"_do", "topUp", "amount", "1.2345678"}},
		{access.Adjust, []string{"_do", "adjust", "amount", "-1", "reason", "correction"}},
		{access.Adjust, []string{"_do", "adjust", "amount", "-999999999", "reason", "correction"}},
		{access.Transfer, []string{"_do", "transfer", "amount", "999999999", "to", "beside"}},
		{access.Transfer, []string{"_do", "transfer", "amount", "1", "to", outsider}},
		{access.Refund, []string{"_do", "refund", "of", "2"}},
		{access.Refund, []string{"_do", "refund", "of", "2", "_seen", "9"}},
		{access.Charge, []string{"_do", "releaseHold", "hold", "held/1", "_seen", "0"}},
	} {
		at("POST clients/{id}/money", form(append(button.pairs, "reference", fmt.Sprint("form-", i))...), "", button.action)
	}
}

func (w *world) referencePages(at asking) {
	for _, name := range []string{"managers", "products"} {
		at("GET "+name, "", "")
		at("GET "+name+"/new", "", "")
		at("POST "+name+"/new", form("name", "Brand new", "currency", "EUR"), "")
	}
}

func (w *world) apiRequests(at asking, query func(route, query string), f account.Field, text string) {
	merge := nested(f, w.value(f.Path, text))
	at("GET api/clients", "", "")
	at("GET api/clients/counts", "", "")
	query("GET api/find", "q=opening")
	query("GET api/find", "q=outset")
	query("GET api/clients", "attention=silent&sort=-moved")
	query("GET clients", "attention=exhausted&columns=login,contact.phone,balance,moved&sort=-available")
	query("GET clients", "q=opening")
	query("GET clients/{id}/edit", "list=q%3Dmain%26sort%3D-balance")
	for _, q := range []string{"q=planted", "sort=-company", "status=suspended", "country=IS", "product=none", "manager=none", "parent=none", "parent=" + w.ids["above"].String(), "limit=1"} {
		query("GET api/clients", q)
	}
	fresh := `{"login":"brand-new","password":"` + accounttest.Password + `","password_retype":"` + accounttest.Password + `","contact":{"company":"New"},"manager":"` + w.ids["mine"].String() + `"`
	at("POST api/clients", fresh+`}`, "")
	at("POST api/clients", fresh+`,"parent":"`+w.ids["above"].String()+`"}`, "")
	query("GET api/clients/{id}", "")
	at("PATCH api/clients/{id}", merge, w.version)
	at("PATCH api/clients/{id}", merge, "1")
	at("PATCH api/clients/{id}", `{"credit":{"limit":"0","overdraw":{"limit":"0"}},"status":"closed"}`, w.version)
	at("PUT api/clients/{id}/password", `{"password":"marble-Sunday-44"}`, w.version)
	at("POST api/clients/{id}/gateway-password", "", w.version)
	at("GET api/clients/{id}/changes", "", "")
	query("GET api/clients/{id}/changes", "field="+f.Path)
	at("POST api/clients/{id}/changes/{revision}/undo", "", w.version)
	at("GET api/clients/{id}/balance", "", "")
	at("GET api/clients/{id}/entries", "", "")
	query("GET api/clients/{id}/entries", "kind=transfer_in,charge")
	at("GET api/clients/{id}/holds", "", "")
	beside, outside := w.ids["beside"].String(), w.ids["outside"].String()
	for i, move := range [][2]string{
		{"top-ups", `"amount":"10"`},
		{"top-ups", `"amount":"10","currency":"USD"`},
		{"adjustments", `"amount":"-1","reason":"r"`},
		{"adjustments", `"amount":"-999999999","reason":"r"`},
		{"charges", `"amount":"1"`},
		{"charges", `"amount":"999999999"`},
		{"holds", `"amount":"1"`},
		{"holds", `"amount":"999999999"`},
		{"holds/{ref}/capture", ``},
		{"holds/{ref}/release", ``},
		{"holds/capture", `"hold":"held/1"`},
		{"holds/release", `"hold":"held/1"`},
		{"refunds", `"of":2`},
		{"transfers", `"amount":"1","to":"` + beside + `"`},
		{"transfers", `"amount":"1","to":"` + outside + `"`},
		{"transfers", `"amount":"999999999","to":"` + beside + `"`},
	} {
		at("POST api/clients/{id}/"+move[0], "{"+strings.TrimSuffix(fmt.Sprintf(`"reference":"json-%d",`, i)+move[1], ",")+"}", "")
	}
	for _, price := range []string{"0.01", "999999999"} {
		at("POST api/clients/{id}/decide", `{"channel":"`+channel(f)+`","sender":"ACME","destination":"380501112233","parts":1,"price":"`+price+`"}`, "")
	}
	at("GET api/clients/{id}/webhooks", "", "")
	at("POST api/clients/{id}/webhooks/{kind}/test", "", "")
	at("POST api/clients/{id}/webhooks/{kind}/on", "", "")
	at("POST api/clients/{id}/webhooks/secret", "", w.version)
	at("GET api/clients/{id}/deliveries", "", "")
	at("POST api/clients/{id}/deliveries/replay", `{"kind":"rest_state","done":true}`, "")
	at("GET api/openapi.json", "", "")
}

// listRequests are those about managers and products: one that is used, and one that is not.
func (w *world) listRequests(all *[]ask) {
	for _, list := range []struct {
		name string
		ids  []string
		body string
	}{
		{"managers", []string{"unused", "mine"}, `{"name":"Renamed"}`},
		{"products", []string{"spare", "plain"}, `{"name":"Renamed","currency":"EUR"}`},
	} {
		add := func(method, path, id, body, media, version string) {
			*all = append(*all, ask{route: method + " " + path, method: method, target: strings.NewReplacer("{id}", id, "{revision}", "2").Replace(path), body: body, media: media, version: version})
		}
		add("GET", "api/"+list.name, "", "", "", "")
		add("POST", "api/"+list.name, "", list.body, jsonMedia, "")
		for i, key := range list.ids {
			id, version := w.ids[key].String(), strconv.Itoa(2-i) // the unused one was changed
			add("GET", list.name+"/{id}/edit", id, "", "", "")
			add("POST", list.name+"/{id}/edit", id, form("revision", version, "name", "Renamed", "currency", "EUR", "reason", "why"), formMedia, "")
			add("POST", list.name+"/{id}/edit", id, form("revision", "7", "name", "Renamed", "currency", "EUR"), formMedia, "")
			add("POST", list.name+"/{id}/delete", id, form("reason", "why", "_warned", "deleted"), formMedia, "")
			add("GET", list.name+"/{id}/history", id, "", "", "")
			add("POST", list.name+"/{id}/history/{revision}/undo", id, form("revision", version), formMedia, "")
			add("GET", "api/"+list.name+"/{id}", id, "", "", "")
			add("GET", "api/"+list.name+"/{id}/changes", id, "", "", "")
			add("POST", "api/"+list.name+"/{id}/changes/{revision}/undo", id, "", jsonMedia, version)
			add("PUT", "api/"+list.name+"/{id}", id, list.body, jsonMedia, version)
			add("PUT", "api/"+list.name+"/{id}", id, list.body, jsonMedia, "7")
			add("DELETE", "api/"+list.name+"/{id}", id, "", "", "")
		}
	}
}

// nested returns a body that sets one field.
func nested(f account.Field, text string) string {
	var value any = text
	switch {
	case f.Kind == account.FieldFlag:
		value = text == "true"
	case f.Path == "routing.priority" || f.Kind == account.FieldNumber:
		value = json.Number(text)
	case f.Kind == account.FieldDays:
		value = []json.Number{json.Number(text)}
	case f.Kind == account.FieldList:
		value = strings.Split(text, ",")
	case f.Kind == account.FieldDispatch:
		days, hours, _ := strings.Cut(text, " ")
		from, to, _ := strings.Cut(hours, "-")
		value = map[string]any{"days": strings.Split(days, ","), "from": from, "to": to}
	case f.Kind == account.FieldLimit:
		number, unit, _ := strings.Cut(text, " ")
		value = map[string]string{"value": number, "unit": unit}
	case f.Kind == account.FieldSecret:
		return `{"password":"marble-Sunday-44","password_retype":"marble-Sunday-44"}`
	}
	names := strings.Split(f.Path, ".")
	for i := len(names) - 1; i >= 0; i-- {
		value = map[string]any{names[i]: value}
	}
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(body)
}
