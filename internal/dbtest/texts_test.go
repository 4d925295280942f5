package dbtest

import (
	"context"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// forEachStore runs a test with a Service over each store, and over one that is bound to
// a host's transaction.
func forEachStore(t *testing.T, test func(t *testing.T, d *fixture)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, newFixture(t, memstore.New())) })
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) { test(t, newFixture(t, s)) })
	t.Run("host's transaction", func(t *testing.T) {
		forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer func() { _ = tx.Rollback() }()
			test(t, &fixture{svc: clientaccount.New(s, cheaply()).On(s.OnTx(tx)), login: "joined"})
		})
	})
}

func cheaply() *clientaccount.Options {
	return &clientaccount.Options{Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}}
}

// fixture is a Service and the clients that a test makes.
type fixture struct {
	svc   *clientaccount.Service
	login string
}

func newFixture(t *testing.T, s store.Store) *fixture {
	return &fixture{svc: clientaccount.New(s, cheaply()), login: "texts"}
}

const deskPassword = "seven-Herons-at-dusk"

// client makes a client with 100 and an approved sender.
func (d *fixture) client(t *testing.T, name string, more ...string) account.Account {
	t.Helper()
	change := account.Change{}.Set("login", d.login+"."+name).Set("contact.company", "Company").
		Set("password", deskPassword).Set("password_retype", deskPassword).Set("status", "active").Set("sending.rest", "true").
		Set("routing.senders", "ACME")
	for i := 0; i < len(more); i += 2 {
		change = change.Set(more[i], more[i+1])
	}
	made, err := d.svc.Create(t.Context(), clientaccount.Edit{Actor: account.Actor{ID: "u1"}, Apply: change.Apply})
	require.NoError(t, err)
	_, err = d.svc.TopUp(t.Context(), clientaccount.TopUp{Account: made.Account.ID, Amount: decimal.NewFromInt(100), Reference: "first"})
	require.NoError(t, err)
	noted, err := d.svc.Update(t.Context(), made.Account.ID, 1, clientaccount.Edit{Apply: account.Change{}.Set("mail.email", "a@example.com").Apply})
	require.NoError(t, err)
	return noted.Account
}

// entrance is one text that a host hands to a Service, and the fault of a bad one.
type entrance struct {
	fault string // "path code"
	enter func(ctx context.Context, svc *clientaccount.Service, a account.Account, text string) error
}

// mover asks a verb for what a movement says.
type mover func(*clientaccount.Service, context.Context, account.Movement) (clientaccount.Receipt, error)

func moving(move mover, put func(*account.Movement, string)) func(context.Context, *clientaccount.Service, account.Account, string) error {
	return func(ctx context.Context, svc *clientaccount.Service, a account.Account, text string) error {
		m := account.Movement{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "r-1", Reason: "why"}
		put(&m, text)
		_, err := move(svc, ctx, m)
		return err
	}
}

func editing(edit func(*clientaccount.Service, context.Context, account.Account, clientaccount.Edit) error, put func(*clientaccount.Edit, string)) func(context.Context, *clientaccount.Service, account.Account, string) error {
	return func(ctx context.Context, svc *clientaccount.Service, a account.Account, text string) error {
		e := clientaccount.Edit{Actor: account.Actor{ID: "u1"}, Apply: account.Change{}.Set("notes.comments", "c").Apply}
		put(&e, text)
		return edit(svc, ctx, a, e)
	}
}

// Where texts are in what is handed over.
var (
	inReference = func(m *account.Movement, s string) { m.Reference = s }
	inHold      = func(m *account.Movement, s string) { m.Hold, m.Amount = s, decimal.Zero }
	inReason    = func(m *account.Movement, s string) { m.Reason = s }
	inMover     = func(m *account.Movement, s string) { m.Actor.ID = s }
	inMoverName = func(m *account.Movement, s string) { m.Actor.Name = s }
	inSecond    = func(m *account.Movement, s string) { m.Second.Name = s }
	inEditor    = func(e *clientaccount.Edit, s string) { e.Actor.ID = s }
	inName      = func(e *clientaccount.Edit, s string) { e.Actor.Name = s }
	inWhy       = func(e *clientaccount.Edit, s string) { e.Reason = s }
)

func setting(path string) func(*clientaccount.Edit, string) {
	return func(e *clientaccount.Edit, s string) { e.Apply = account.Change{}.Set(path, s).Apply }
}

// inGo sets a text without the field's own reading of it.
func inGo(put func(*account.Account, string)) func(*clientaccount.Edit, string) {
	return func(e *clientaccount.Edit, s string) {
		e.Apply = func(a *account.Account) error { put(a, s); return nil }
	}
}

func updates(svc *clientaccount.Service, ctx context.Context, a account.Account, e clientaccount.Edit) error {
	_, err := svc.Update(ctx, a.ID, a.Revision, e)
	return err
}

func previews(svc *clientaccount.Service, ctx context.Context, a account.Account, e clientaccount.Edit) error {
	_, err := svc.Preview(ctx, a.ID, a.Revision, e)
	return err
}

func creates(svc *clientaccount.Service, ctx context.Context, _ account.Account, e clientaccount.Edit) error {
	_, err := svc.Create(ctx, e)
	return err
}

func previewsNew(svc *clientaccount.Service, ctx context.Context, _ account.Account, e clientaccount.Edit) error {
	_, err := svc.PreviewCreate(ctx, e)
	return err
}

func undoes(svc *clientaccount.Service, ctx context.Context, a account.Account, e clientaccount.Edit) error {
	_, err := svc.Undo(ctx, a.ID, a.Revision, a.Revision, e)
	return err
}

func previewsUndo(svc *clientaccount.Service, ctx context.Context, a account.Account, e clientaccount.Edit) error {
	_, err := svc.PreviewUndo(ctx, a.ID, a.Revision, a.Revision, e)
	return err
}

func chargesMany(svc *clientaccount.Service, ctx context.Context, m account.Movement) (clientaccount.Receipt, error) {
	done := svc.ChargeMany(ctx, []clientaccount.Charge{{Account: m.Account, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason}})
	return done[0].Receipt, done[0].Err
}

func admits(svc *clientaccount.Service, ctx context.Context, m account.Movement) (clientaccount.Receipt, error) {
	done, err := svc.Admit(ctx, m.Account, account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 1, Price: account.Some(decimal.NewFromInt(1)),
	}, clientaccount.MessageHold{Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
	return done.Hold, err
}

// movers returns the verbs of money.
func movers() map[string]mover {
	type (
		service = clientaccount.Service
		receipt = clientaccount.Receipt
	)
	return map[string]mover{
		"ChargeMany": chargesMany, "Admit": admits, "Capture": captures, "Release": releases,
		"Move": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			m.Kind = account.KindCharge
			return svc.Move(ctx, m)
		},
		"TopUp": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			return svc.TopUp(ctx, clientaccount.TopUp{Account: m.Account, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
		},
		"Charge": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			return svc.Charge(ctx, clientaccount.Charge{Account: m.Account, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
		},
		"Hold": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			return svc.Hold(ctx, clientaccount.Hold{Account: m.Account, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
		},
		"Adjust": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			return svc.Adjust(ctx, clientaccount.Adjustment{Account: m.Account, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
		},
		"Refund": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			return svc.Refund(ctx, clientaccount.Refund{Account: m.Account, Of: 1, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
		},
		"Transfer": func(svc *service, ctx context.Context, m account.Movement) (receipt, error) {
			return svc.Transfer(ctx, clientaccount.Transfer{
				Account: m.Account, To: account.ID{1}, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason,
			})
		},
	}
}

func captures(svc *clientaccount.Service, ctx context.Context, m account.Movement) (clientaccount.Receipt, error) {
	return svc.Capture(ctx, clientaccount.Capture{
		Account: m.Account, Hold: m.Hold, Amount: m.Amount, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason,
	})
}

func releases(svc *clientaccount.Service, ctx context.Context, m account.Movement) (clientaccount.Receipt, error) {
	return svc.Release(ctx, clientaccount.Release{Account: m.Account, Hold: m.Hold, Reference: m.Reference, Actor: m.Actor, Reason: m.Reason})
}

// entrances returns all texts that methods of Service take and a store keeps, by the method
// and what is said.
func entrances() map[string]entrance {
	type service = clientaccount.Service
	all := map[string]entrance{
		"Update, first name": {"contact.first_name text.chars", editing(updates, setting("contact.first_name"))},
		"Update, comments":   {"notes.comments text.chars", editing(updates, setting("notes.comments"))},
		"Update, senders":    {"routing.senders senders.format", editing(updates, setting("routing.senders"))},
		"Update, URL": {"webhooks.api_state url.chars", editing(updates, func(e *clientaccount.Edit, s string) {
			e.Apply = account.Change{}.Set("webhooks.api_state", "https://www.iana.org/"+s).Apply
		})},
		"Update, in Go":        {"contact.contract text.chars", editing(updates, inGo(func(a *account.Account, s string) { a.Contact.Contract = s }))},
		"Update, reason in Go": {"credit.overdraw.reason text.chars", editing(updates, inGo(func(a *account.Account, s string) { a.Credit.Overdraw.Reason = s }))},
		"SetPassword": {"password password.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.SetPassword(ctx, a.ID, a.Revision, account.Actor{}, deskPassword+s+deskPassword)
			return err
		}},
		"SetPassword, actor": {"actor text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.SetPassword(ctx, a.ID, a.Revision, account.Actor{Name: s}, deskPassword+"!")
			return err
		}},
		"NewGatewayPassword": {"actor text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, _, err := svc.NewGatewayPassword(ctx, a.ID, a.Revision, account.Actor{ID: s})
			return err
		}},
		"NewHookSecret": {"actor text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, _, err := svc.NewHookSecret(ctx, a.ID, a.Revision, account.Actor{Name: s}, 0)
			return err
		}},
		"SaveManager": {"name text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.SaveManager(ctx, account.Manager{Name: s}, account.Actor{}, "")
			return err
		}},
		"SaveManager, e-mail": {"email email.format", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.SaveManager(ctx, account.Manager{Name: "Ann", Email: s + "@example.com"}, account.Actor{}, "")
			return err
		}},
		"SaveProduct": {"name text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.SaveProduct(ctx, account.Product{Name: s}, account.Actor{}, "")
			return err
		}},
		"SaveProduct, reason": {"reason text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.SaveProduct(ctx, account.Product{Name: "Basic"}, account.Actor{}, s)
			return err
		}},
		"UndoManager": {"actor text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.UndoManager(ctx, account.ID{1}, 2, 2, account.Actor{Name: s}, "")
			return err
		}},
		"UndoProduct": {"reason text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.UndoProduct(ctx, account.ID{1}, 2, 2, account.Actor{}, s)
			return err
		}},
		"DeleteManager": {"reason text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			return svc.DeleteManager(ctx, account.ID{1}, account.Actor{}, s)
		}},
		"DeleteProduct": {"actor text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			return svc.DeleteProduct(ctx, account.ID{1}, account.Actor{ID: s}, "")
		}},
		"SubmitState": {"messageId message.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.SubmitState(ctx, a.ID, payload.Report{MessageID: s, State: account.StateDelivered, At: time.Now()})
			return err
		}},
		"SubmitIncoming": {"messageId message.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.SubmitIncoming(ctx, a.ID, payload.Incoming{MessageID: s, At: time.Now()})
			return err
		}},
		"Move, second":  {"second text.chars", moving(movers()["Move"], inSecond)},
		"Capture, hold": {"hold idempotency.chars", moving(captures, inHold)},
		"Release, hold": {"hold idempotency.chars", moving(releases, inHold)},
	}
	maps.Copy(all, entrancesOfMessages())
	maps.Copy(all, entrancesOfBilling())
	maps.Copy(all, entrancesOfTasks())
	for name, edit := range map[string]func(*service, context.Context, account.Account, clientaccount.Edit) error{
		"Update": updates, "Preview": previews, "Create": creates, "PreviewCreate": previewsNew, "Undo": undoes, "PreviewUndo": previewsUndo,
	} {
		all[name+", actor"] = entrance{"actor text.chars", editing(edit, inEditor)}
		all[name+", actor's name"] = entrance{"actor text.chars", editing(edit, inName)}
		all[name+", reason"] = entrance{"reason text.chars", editing(edit, inWhy)}
	}
	for name, move := range movers() {
		all[name+", reference"] = entrance{"reference idempotency.chars", moving(move, inReference)}
		all[name+", reason"] = entrance{"reason text.chars", moving(move, inReason)}
		all[name+", actor"] = entrance{"actor text.chars", moving(move, inMover)}
		all[name+", actor's name"] = entrance{"actor text.chars", moving(move, inMoverName)}
	}
	return all
}

// entrancesOfMessages returns those of messages that are kept.
func entrancesOfMessages() map[string]entrance {
	type service = clientaccount.Service
	reports := func(put func(*message.NetworkReport, string)) func(context.Context, *service, account.Account, string) error {
		return func(ctx context.Context, svc *service, _ account.Account, s string) error {
			r := message.NetworkReport{Network: "acme", ID: "7f01", Report: account.Report{State: account.StateDelivered}}
			put(&r, s)
			_, err := svc.Reported(ctx, r)
			return err
		}
	}
	return map[string]entrance{
		"Admit, client's reference": {"keep.client_ref text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.Admit(ctx, a.ID, account.Request{
				Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 1, Price: account.Some(decimal.NewFromInt(1)),
			}, clientaccount.MessageHold{Reference: "m-1", Keep: &clientaccount.Keep{ClientRef: s}})
			return err
		}},
		"Sent": {"network text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.Sent(ctx, a.ID, "m-1", message.Handover{Network: s})
			return err
		}},
		"Sent, id": {"ids text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.Sent(ctx, a.ID, "m-1", message.Handover{Network: "acme", IDs: []string{s}})
			return err
		}},
		"Unsent": {"err text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.Unsent(ctx, a.ID, "m-1", message.Failure{State: account.StateRejected, Err: s})
			return err
		}},
		"Reported":        {"network text.chars", reports(func(r *message.NetworkReport, s string) { r.Network = s })},
		"Reported, id":    {"id text.chars", reports(func(r *message.NetworkReport, s string) { r.ID = s })},
		"Reported, error": {"err text.chars", reports(func(r *message.NetworkReport, s string) { r.Report.Err = s })},
	}
}

// entrancesOfBilling returns those of price lists and documents.
func entrancesOfBilling() map[string]entrance {
	type service = clientaccount.Service
	announces := func(put func(*account.Actor, *string, string)) func(context.Context, *service, account.Account, string) error {
		return func(ctx context.Context, svc *service, a account.Account, s string) error {
			var by account.Actor
			var reason string
			put(&by, &reason, s)
			_, err := svc.AnnouncePrices(ctx, store.PriceOwner{Account: a.ID}, 1, by, reason)
			return err
		}
	}
	credits := func(put func(*clientaccount.CreditNote, string)) func(context.Context, *service, account.Account, string) error {
		return func(ctx context.Context, svc *service, a account.Account, s string) error {
			note := clientaccount.CreditNote{Account: a.ID, Invoice: account.ID{1}, Reference: "credit-1", Reason: "too much"}
			put(&note, s)
			_, err := svc.Credit(ctx, note)
			return err
		}
	}
	return map[string]entrance{
		"SavePriceDraft, actor": {"actor text.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.SavePriceDraft(ctx, store.PriceDraft{Owner: store.PriceOwner{Account: a.ID}, Actor: account.Actor{Name: s}})
			return err
		}},
		"AnnouncePrices, actor":  {"actor text.chars", announces(func(by *account.Actor, _ *string, s string) { by.ID = s })},
		"AnnouncePrices, reason": {"reason text.chars", announces(func(_ *account.Actor, reason *string, s string) { *reason = s })},
		"Credit, reference":      {"reference idempotency.chars", credits(func(n *clientaccount.CreditNote, s string) { n.Reference = s })},
		"Credit, reason":         {"reason text.chars", credits(func(n *clientaccount.CreditNote, s string) { n.Reason = s })},
		"Credit, actor":          {"actor text.chars", credits(func(n *clientaccount.CreditNote, s string) { n.Actor.Name = s })},
		"MailDocument": {"to email.format", func(ctx context.Context, svc *service, a account.Account, s string) error {
			_, err := svc.MailDocument(ctx, a.ID, account.ID{1}, s+"@example.com")
			return err
		}},
	}
}

// What cannot be seen is refused wherever it is handed over, by every store alike, and
// nothing is changed.
func TestWhatCannotBeSeenEntersNowhere(t *testing.T) {
	forEachStore(t, func(t *testing.T, d *fixture) {
		a := d.client(t, "unseen")
		for name, in := range entrances() {
			for _, unseen := range accounttest.Unseen() {
				if unseen == "\r" && (strings.Contains(name, "comments") || strings.Contains(name, "senders")) {
					continue // an end of a line
				}
				err := in.enter(t.Context(), d.svc, a, "a"+unseen+"b")
				var found []string
				faults, _ := account.AsFaults(err)
				for _, f := range faults {
					found = append(found, f.Path+" "+f.Code)
				}
				require.Contains(t, found, in.fault, "%s, %q: %v", name, unseen, err)
			}
		}
		now, err := d.svc.Get(t.Context(), a.ID)
		require.NoError(t, err)
		assert.Equal(t, a.Revision, now.Revision)
		standing, err := d.svc.Balance(t.Context(), a.ID)
		require.NoError(t, err)
		assert.Equal(t, "100", standing.Amount.String())
		managers, err := d.svc.Managers(t.Context())
		require.NoError(t, err)
		assert.Empty(t, managers)
	})
}

// A method of Service that is new must say here whether it takes texts.
func TestEveryMethodThatTakesTextsIsWalked(t *testing.T) {
	without := strings.Fields(`Announcements Document DocumentHead Documents DropPriceDraft KeepsDocuments KeepsPrices Mails Network
		PreviewMove PreviewPrices PriceAt PriceDraft PriceList PricesOf Usage AllChanges AllEntries AllMessages All Authenticate Balance Balances ByLogin Changes Check Close Decide DecideAt ManagerChanges ProductChanges UndoRest UndoneManager UndoneProduct PreviewTask Rate
		AddToBatch Batch Batches Beside Count CountEach CursorOf Deliveries Entries Events Figures Find Forget ForgetAll Get GetMany Holds HookSecrets HookStatuses JudgeBatch KeepsMessages KeepsTasks List ListSeen Manager Managers Message MessageOf Messages Now On OpenCursor PreviewProduct Product Products
		Replay Reprice SealCursor Settings Status Subscribe Subscriptions SwitchOn Task Tasks Tick Unsubscribe Verify WorkOn`)
	walked := map[string]bool{}
	for name := range entrances() {
		method, _, _ := strings.Cut(name, ",")
		walked[method] = true
	}
	service := reflect.TypeFor[*clientaccount.Service]()
	for i := range service.NumMethod() {
		name := service.Method(i).Name
		listed := false
		for _, other := range without {
			listed = listed || other == name
		}
		assert.True(t, walked[name] != listed, "%s takes texts (then walk it), or only asks (then list it)", name)
	}
}

// A text is one however its accents are written: a reference moves money once, a contract
// number is one client's, a password opens in both, and all is kept composed.
func TestTextHasOneForm(t *testing.T) {
	const composed, decomposed = "Café-й-1", "Cafe\u0301-и\u0306-1"
	forEachStore(t, func(t *testing.T, d *fixture) {
		a := d.client(t, "composed", "contact.contract", decomposed, "notes.comments", decomposed+"\n\t"+decomposed)
		assert.Equal(t, composed, a.Contact.Contract)
		assert.Equal(t, composed+"\n\t"+composed, a.Notes.Comments)
		for _, search := range []string{composed, decomposed, "cafe-и-1"} {
			found, err := d.svc.List(t.Context(), account.Query{Search: search}, "")
			require.NoError(t, err)
			require.Len(t, found.Rows, 1, search)
		}
		_, err := d.svc.Create(t.Context(), clientaccount.Edit{Apply: account.Change{}.Set("login", d.login+".other").Set("contact.company", "Other").
			Set("password", deskPassword).Set("password_retype", deskPassword).Set("contact.contract", composed).Apply})
		assert.ErrorContains(t, err, "belongs to another client")

		for _, spelled := range []string{composed, decomposed} {
			paid, err := d.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: spelled, Reason: spelled})
			require.NoError(t, err)
			assert.Equal(t, composed, paid.Reference)
			assert.Equal(t, composed, paid.Reason)
			assert.Equal(t, spelled == decomposed, paid.Repeated)
			entries, err := d.svc.Entries(t.Context(), account.EntryQuery{Account: a.ID, Reference: spelled})
			require.NoError(t, err)
			assert.Len(t, entries, 1)
		}
		_, err = d.svc.Hold(t.Context(), clientaccount.Hold{Account: a.ID, Amount: decimal.NewFromInt(2), Reference: "hold " + composed})
		require.NoError(t, err)
		_, err = d.svc.Release(t.Context(), clientaccount.Release{Account: a.ID, Hold: "hold " + decomposed, Reference: "release"})
		require.NoError(t, err)
		many := d.svc.ChargeMany(t.Context(), []clientaccount.Charge{
			{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "many " + composed}, {Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "many " + decomposed},
		})
		require.NoError(t, many[1].Err)
		assert.True(t, many[1].Receipt.Repeated)

		done, err := d.svc.SetPassword(t.Context(), a.ID, a.Revision, account.Actor{ID: decomposed, Name: decomposed}, decomposed+" над\u00a0горою")
		require.NoError(t, err)
		for _, typed := range []string{composed, decomposed} {
			_, err := d.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelREST, Login: a.Core.Login, Password: typed + " над горою"})
			require.NoError(t, err, typed)
		}
		records, err := d.svc.Changes(t.Context(), account.ChangeQuery{Of: a.ID})
		require.NoError(t, err)
		assert.Equal(t, account.Actor{ID: composed, Name: composed}, records[0].Actor)
		assert.Equal(t, a.Revision+1, done.Account.Revision)

		m, err := d.svc.SaveManager(t.Context(), account.Manager{Name: decomposed}, account.Actor{}, "")
		require.NoError(t, err)
		assert.Equal(t, composed, m.Name)
		p, err := d.svc.SaveProduct(t.Context(), account.Product{Name: decomposed}, account.Actor{}, "")
		require.NoError(t, err)
		assert.Equal(t, composed, p.Name)
	})
}

// A closed account gets no new password, gateway password or webhook secret.
func TestAClosedAccountGetsNoCredentials(t *testing.T) {
	forEachStore(t, func(t *testing.T, d *fixture) {
		a := d.client(t, "closed")
		moved, err := d.svc.Update(t.Context(), a.ID, a.Revision, clientaccount.Edit{Apply: account.Change{}.Set("status", "closed").Apply})
		require.NoError(t, err)
		a = moved.Account
		refused := func(path string, err error) {
			t.Helper()
			assert.Equal(t, account.Faults{account.NewFault(path, "password.closed")}, err)
		}
		_, err = d.svc.SetPassword(t.Context(), a.ID, a.Revision, account.Actor{}, deskPassword+"!")
		refused("password", err)
		_, _, err = d.svc.NewGatewayPassword(t.Context(), a.ID, a.Revision, account.Actor{})
		refused("gateway_password", err)
		_, _, err = d.svc.NewHookSecret(t.Context(), a.ID, a.Revision, account.Actor{}, time.Hour)
		refused("webhook_secret", err)
		now, err := d.svc.Get(t.Context(), a.ID)
		require.NoError(t, err)
		assert.Equal(t, a.Revision, now.Revision, "nothing was changed")
		_, err = d.svc.Update(t.Context(), a.ID, a.Revision, clientaccount.Edit{Apply: account.Change{}.Set("notes.comments", "paid").Apply})
		assert.NoError(t, err, "the rest can be edited")
	})
}

// A number is one sender with and without its plus, stored, and when it is decided.
func TestAPlusIsNoPartOfAStoredSender(t *testing.T) {
	forEachStore(t, func(t *testing.T, d *fixture) {
		a := d.client(t, "senders", "routing.senders", "+123456,123456\nACME,447400123456")
		assert.Equal(t, account.Senders{"123456", "ACME", "447400123456"}, a.Routing.Senders)
		for sender, ok := range map[string]bool{"123456": true, "+123456": true, "+447400123456": true, "ACME": true, "+ACME": false, "AC'ME": false, "654321": false} {
			decided, err := d.svc.Decide(t.Context(), a.ID, account.Request{
				Channel: account.ChannelREST, Sender: sender, Destination: "380501112233", Parts: 1, Price: account.Some(decimal.NewFromInt(1)),
			})
			require.NoError(t, err)
			assert.Equal(t, ok, decided.Verdict == account.VerdictAccept, "%s: %v", sender, decided.Findings)
		}
	})
}
