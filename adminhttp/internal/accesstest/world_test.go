package accesstest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// What stands outside the scope of a manager's actor, in one world and in the other.
type outside struct{ login, company, manager, amount, reason, person string }

var (
	outsideHere  = outside{"outplanteda", "Outplanteda Ltd", "Managerplanteda", "98765.43", "Reasonplanteda", "Personplanteda"}
	outsideThere = outside{"outplantedb", "Outplantedb Ltd", "Managerplantedb", "87654.32", "Reasonplantedb", "Personplantedb"}
)

// world is a store with all there is to be seen, the same on every run but for what a
// test asks to be different.
type world struct {
	testing.TB
	store  *memstore.Store
	svc    *clientaccount.Service
	admin  http.Handler
	policy adminhttp.Policy
	ids    map[string]account.ID
	out    outside
	tasks  map[string]tasksOf
	made   string // its versions
	// announced are the ids of announcements.
	announced map[store.PriceOwner]string
	// version is the revision of the client that requests are made for.
	version string
}

var self = account.Actor{ID: "u1", Name: "The actor"}

// newWorld has the field at path with the given values in its main client.
func newWorld(tb testing.TB, path, first, now string, out outside) *world {
	tb.Helper()
	st := memstore.New()
	w := &world{TB: tb, store: st, policy: adminhttp.FullAccess(), ids: map[string]account.ID{}, tasks: map[string]tasksOf{}, out: out, announced: map[store.PriceOwner]string{}}
	w.svc = clientaccount.New(st, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 8, Iterations: 1, Parallelism: 1}, Random: rand.NewChaCha8([32]byte{7}),
	})
	var err error
	w.admin, err = adminhttp.New(w.svc, adminhttp.Config{
		Mail:   composer(w),
		Actor:  func(*http.Request) (account.Actor, error) { return self, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return w.policy, nil },
		TestHook: func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error) {
			return clientaccount.Try{At: accounttest.Now(), Code: "ok", Status: 204}, nil
		},
	})
	require.NoError(tb, err)
	w.references()
	w.clients(path, first, now)
	w.money()
	w.hooks(path)
	w.messages()
	w.prices()
	w.must(w.svc.Tick(w.Context()))
	w.documents()
	w.waiting()
	w.batch()
	w.made = w.versions()
	return w
}

func (w *world) must(err error) { w.Helper(); require.NoError(w, err) }

// batch makes a change of many, of a client within every scope and of one outside.
func (w *world) batch() {
	b, err := w.svc.NewBatch(w.Context(), clientaccount.Bulk{Kind: store.BatchChange, Paths: []string{"mail.daily_statistics"}, Actor: self, Reason: "Reasonofmany"})
	w.must(err)
	set := map[string]string{"mail.daily_statistics": "maybe"}
	w.must(w.svc.AddToBatch(w.Context(), b.ID, clientaccount.BulkItem{Account: w.ids["main"], Set: set}, clientaccount.BulkItem{Account: w.ids["outside"], Set: set}))
	_, err = w.svc.JudgeBatch(w.Context(), b.ID)
	w.must(err)
	for more := true; more; {
		more, err = w.svc.WorkOn(w.Context(), b.ID, time.Second)
		w.must(err)
	}
	w.ids["batch"] = b.ID
}

func (w *world) references() {
	for _, m := range [][2]string{{"mine", "Mine"}, {"second", "Second"}, {"third", "Third"}, {"unused", "Unused"}, {"other", w.out.manager}, {"otherunused", w.out.manager + " too"}} {
		made, err := w.svc.SaveManager(w.Context(), account.Manager{Name: m[1], Email: strings.ToLower(strings.ReplaceAll(m[1], " ", "")) + "@platform.example"}, account.Actor{}, "")
		w.must(err)
		w.ids[m[0]] = made.ID
	}
	for _, p := range []struct{ key, price string }{{"plain", "0.01"}, {"productplanteda", "0.0123"}, {"productplantedb", "0.0456"}, {"spare", "0.02"}} {
		made, err := w.svc.SaveProduct(w.Context(), account.Product{Name: p.key, Currency: "EUR", Price: account.Some(decimal.RequireFromString(p.price)), CreditLimit: account.Some(decimal.NewFromInt(50))}, account.Actor{}, "")
		w.must(err)
		w.ids[p.key] = made.ID
	}
	changed := account.Actor{ID: "u2", Name: "Somebody else"}
	for key, name := range map[string]string{"unused": "Unused", "otherunused": w.out.manager} {
		_, err := w.svc.SaveManager(w.Context(), account.Manager{ID: w.ids[key], Revision: 1, Name: name, Phone: "+380501112233"}, changed, "Reasonofchange")
		w.must(err)
	}
	_, err := w.svc.SaveProduct(w.Context(), account.Product{ID: w.ids["spare"], Revision: 1, Name: "Spare", Currency: "EUR"}, changed, "Reasonofchange")
	w.must(err)
}

// value returns the text of a field, names of managers and products as their ids.
func (w *world) value(path, text string) string {
	if id, known := w.ids[text]; known && (path == "manager" || path == "notes.product") {
		return id.String()
	}
	return text
}

// set puts a field's value into an account.
func (w *world) set(a *account.Account, path, text string) {
	w.Helper()
	f, ok := account.FieldAt(path)
	require.True(w, ok, path)
	w.must(f.Set(a, w.value(path, text)))
}

func (w *world) client(key, login, manager string, parent string, alter func(*account.Account)) {
	w.Helper()
	made, err := w.svc.Create(w.Context(), clientaccount.Edit{Actor: self, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company, a.Core.Manager, a.Core.Currency = login, "Company "+login, w.ids[manager], "EUR"
		a.Contact.FirstName, a.Contact.LastName = "Ann", "Lee"
		a.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
		a.Status, a.Sending.Subaccounts, a.Sending.REST = account.StatusActive, true, true
		a.Parent = w.ids[parent]
		if alter != nil {
			alter(a)
		}
		return nil
	}})
	w.must(err)
	w.ids[key] = made.Account.ID
}

// clients are the main one and those around it: beneath it, beside it, and above one of
// the same manager; of the same manager and of another.
func (w *world) clients(path, first, now string) {
	w.Helper()
	w.client("main", "main", "mine", "", func(a *account.Account) {
		for _, f := range account.Fields() {
			if !f.Secret() {
				w.set(a, f.Path, valuesOf(f).first)
			}
		}
		a.Sending.SMPP, a.Sending.REST, a.Sending.Subaccounts = true, true, true
		if path != "" {
			w.set(a, path, first)
		}
	})
	_, err := w.svc.Update(w.Context(), w.ids["main"], 1, clientaccount.Edit{Actor: account.Actor{ID: "u2", Name: "Somebody else"}, Reason: "Reasonofchange", Apply: func(a *account.Account) error {
		a.Contact.FirstName, a.Notes.Comments = "Changed", "Changed too"
		if path != "" {
			w.set(a, path, now)
		}
		return nil
	}})
	w.must(err)
	w.client("beside", "beside", "other", "", nil)
	_, err = w.svc.Update(w.Context(), w.ids["beside"], 1, clientaccount.Edit{Actor: self, Apply: func(a *account.Account) error { a.Core.Manager = w.ids["mine"]; return nil }})
	w.must(err)
	w.client("outside", w.out.login, "other", "", func(a *account.Account) { a.Contact.Company = w.out.company })
	w.client("above", w.out.login+"-above", "other", "", func(a *account.Account) { a.Contact.Company = w.out.company + " above" })
	capped := func(a *account.Account) {
		a.Credit.Shared, a.Credit.Cap = true, account.Some(decimal.NewFromInt(200))
	}
	w.client("spends", "spends", "mine", "above", capped)
	w.client("lonely", "lonely", "mine", "above", nil)
	w.client("idle", "idle", "mine", "above", nil) // which has no money
	beneath := "main"
	if path == "sending.subaccounts" { // which cannot be switched off above open ones
		beneath = "beside"
	}
	w.client("shares", "shares", "mine", beneath, capped)
	w.client("outshares", w.out.login+"-below", "other", beneath, capped)
}

func (w *world) move(kind account.MovementKind, key, amount, reference, reason string, more ...func(*account.Movement)) int64 {
	w.Helper()
	m := account.Movement{Kind: kind, Account: w.ids[key], Reference: reference, Reason: reason, Actor: self}
	if amount != "" {
		m.Amount = decimal.RequireFromString(amount)
	}
	for _, alter := range more {
		alter(&m)
	}
	receipt, err := w.svc.Move(w.Context(), m)
	w.must(err)
	return receipt.Number
}

func to(id account.ID) func(*account.Movement) { return func(m *account.Movement) { m.Other = id } }

func (w *world) money() {
	w.Helper()
	strange := func(m *account.Movement) { m.Actor = account.Actor{ID: w.out.person, Name: w.out.person} }
	w.move(account.KindTopUp, "main", "76543.21", "opening", "")
	w.move(account.KindTopUp, "beside", "500", "beginning", "")
	w.move(account.KindTopUp, "outside", w.out.amount, "outset", w.out.reason, strange)
	w.move(account.KindTopUp, "above", w.out.amount, "foundation", w.out.reason, strange)
	w.move(account.KindTopUp, "lonely", "40", "beginning", "")
	w.move(account.KindCharge, "main", "5", "charged", "") // entry 2
	w.move(account.KindHold, "main", "7", "held/1", "")
	w.move(account.KindTransferOut, "main", "11", "given", "", to(w.ids["outside"]))
	w.move(account.KindTransferOut, "outside", "13", w.out.login+"-gave", w.out.reason, to(w.ids["main"]), strange)
	w.move(account.KindCharge, "shares", "3", "sub", "")
	w.move(account.KindCharge, "outshares", "4", w.out.login+"-sub", w.out.reason, strange)
	w.move(account.KindHold, "outshares", "6", w.out.login+"-held", w.out.reason, strange)
	w.move(account.KindCharge, "spends", "9", "spent", "")
	w.move(account.KindHold, "spends", "8", "spentheld", "")
}

func (w *world) hooks(path string) {
	w.Helper()
	_, err := w.svc.SubmitState(w.Context(), w.ids["main"], payload.Report{MessageID: "m-1", State: account.StateDelivered, At: accounttest.Now()})
	w.must(err)
	if path != "routing.mo_smpp" { // which decides whether this is a delivery at all
		_, err = w.svc.SubmitIncoming(w.Context(), w.ids["main"], payload.Incoming{MessageID: "mo-1", Text: "text", At: accounttest.Now()})
		w.must(err)
	}
	_, _, err = w.svc.NewHookSecret(w.Context(), w.ids["main"], 2, self, time.Hour)
	w.must(err)
	_, _, err = w.svc.NewGatewayPassword(w.Context(), w.ids["main"], 3, self)
	w.must(err)
}

// keys are those of all clients.
var keys = []string{"main", "beside", "outside", "above", "spends", "lonely", "idle", "shares", "outshares"}

// dump returns all that the store has, as text.
func (w *world) dump() string {
	w.Helper()
	var out bytes.Buffer
	ctx := w.Context()
	put := func(v any, err error) {
		fmt.Fprintf(&out, "%+v %v\n", v, err)
	}
	put(w.store.Items(ctx, store.ListManagers))
	put(w.store.Items(ctx, store.ListProducts))
	for _, key := range []string{"unused", "mine", "otherunused"} {
		put(w.svc.ManagerChanges(ctx, account.ChangeQuery{Of: w.ids[key]}))
	}
	for _, key := range []string{"spare", "plain"} {
		put(w.svc.ProductChanges(ctx, account.ChangeQuery{Of: w.ids[key]}))
	}
	put(w.store.Accounts(ctx, account.Query{Sort: account.SortLogin, Limit: 200}))
	for _, key := range []string{"plain", "main"} {
		of := store.PriceOwner{Product: w.ids[key]}
		if key == "main" {
			of = store.PriceOwner{Account: w.ids[key]}
		}
		put(w.store.PriceRows(ctx, of))
		put(w.store.PriceDraft(ctx, of))
		put(w.store.Announcements(ctx, of, account.ID{}, 100))
	}
	for _, key := range keys {
		id := w.ids[key]
		a, err := w.store.Account(ctx, id)
		w.must(err)
		for _, f := range account.Fields() {
			fmt.Fprintln(&out, f.Path, f.Text(a))
		}
		fmt.Fprintln(&out, a.Revision, a.UpdatedAt)
		put(w.store.Changes(ctx, account.ChangeQuery{Of: id, Limit: 200}))
		put(w.store.Entries(ctx, account.EntryQuery{Account: id, Limit: 200}))
		put(w.store.Holds(ctx, account.HoldQuery{Account: id, Limit: 200}))
		put(w.svc.Events(ctx, account.EventQuery{Account: id, Limit: 200}))
		put(w.store.Credential(ctx, id, store.WebPassword))
		put(w.store.Credential(ctx, id, store.GatewayPassword))
		put(w.svc.HookSecrets(ctx, id))
		put(w.svc.HookStatuses(ctx, id))
		put(w.svc.Deliveries(ctx, clientaccount.DeliveryQuery{Account: id, Limit: 200}))
		put(w.svc.Messages(ctx, message.Query{Account: id, Limit: 200}))
		tasks, err := w.svc.Tasks(ctx, store.TaskQuery{Account: id, Limit: 200})
		w.must(err)
		for _, t := range tasks {
			fmt.Fprintln(&out, t.ID, t.State, t.Set, t.Second, t.Answer, t.EndedAt)
		}
		put(w.svc.Figures(ctx, message.FiguresQuery{Account: id}))
		documents, err := w.svc.Documents(ctx, store.DocumentQuery{Account: id, Limit: 200})
		put(documents, err)
		for _, d := range documents {
			put(w.svc.Mails(ctx, id, d.ID))
		}
	}
	return out.String()
}

// answer is what came back.
type answer struct {
	code int
	text string // headers and body, without what is random
}

var referenceMade = regexp.MustCompile(`admin-[A-Z2-7]{26}`)

// withoutMade has a word in the place of each id of a document that was made: it is random, too, and more of
// these were made where there are mails.
func withoutMade(text string) string {
	const told, id = "?made=1", 36
	parts := strings.SplitAfter(text, told)
	for i, part := range parts {
		if end := len(part) - len(told) - id; end >= 0 && strings.HasSuffix(part, told) {
			parts[i] = part[:end] + "MADE"
		}
	}
	return strings.Join(parts, "")
}

// withoutCursors has a word in the place of each cursor, which is 64 letters, digits, _ and -
// in a row, or more. A regular expression of that takes longer than what is tested, as does one of [withoutMade].
func withoutCursors(text string) string {
	var out strings.Builder
	kept, from := 0, 0 // what is written ends at kept, and what may be a cursor begins at from
	for i := 0; i <= len(text); i++ {
		if i < len(text) && ofCursor[text[i]] {
			continue
		}
		if i-from >= 64 {
			out.WriteString(text[kept:from] + "CURSOR")
			kept = i
		}
		from = i + 1
	}
	return out.String() + text[kept:]
}

// ofCursor are the bytes that a cursor is made of.
var ofCursor = func() (of [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") {
		of[c] = true
	}
	return of
}()

// send asks the admin as the world's actor.
func (w *world) send(rq ask) answer {
	w.Helper()
	method, target := rq.method, "/"+rq.target
	r := httptest.NewRequestWithContext(w.Context(), method, target, strings.NewReader(rq.body))
	if rq.media != "" {
		r.Header.Set("Content-Type", rq.media)
	}
	if rq.version != "" {
		r.Header.Set("If-Match", `"`+rq.version+`"`)
	}
	recorder := httptest.NewRecorder()
	w.admin.ServeHTTP(recorder, r)
	body, err := io.ReadAll(recorder.Body)
	w.must(err)
	var text strings.Builder
	w.must(recorder.Header().Write(&text))
	text.Write(body)
	told := referenceMade.ReplaceAllString(text.String(), "admin-REFERENCE")
	return answer{recorder.Code, withoutCursors(withoutMade(told))}
}

// revision returns that of a client, as requests have it.
func (w *world) revision(client string) string {
	w.Helper()
	a, err := w.store.Account(w.Context(), w.ids[client])
	w.must(err)
	return fmt.Sprint(a.Revision)
}

// routes returns those that the handler says it has.
func (w *world) routes() []access.Route {
	return w.admin.(interface{ Routes() []access.Route }).Routes()
}

// revised reports whether a client, manager or product was changed since the world was
// made, so that requests written for it are about an older version.
func (w *world) revised() bool { return w.versions() != w.made }

func (w *world) versions() string {
	w.Helper()
	var all strings.Builder
	for _, key := range keys {
		a, err := w.store.Account(w.Context(), w.ids[key])
		w.must(err)
		fmt.Fprint(&all, a.Revision, " ")
	}
	managers, err := w.store.Items(w.Context(), store.ListManagers)
	w.must(err)
	products, err := w.store.Items(w.Context(), store.ListProducts)
	w.must(err)
	tasks, err := w.svc.Tasks(w.Context(), store.TaskQuery{States: []store.TaskState{store.TaskWaiting, store.TaskUnconfirmed}, Limit: 200})
	w.must(err)
	fmt.Fprint(&all, managers, products, len(tasks))
	return all.String()
}
