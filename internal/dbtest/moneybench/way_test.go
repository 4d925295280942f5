package moneybench

import (
	"context"
	"crypto/md5" // a name for a row, no secret
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// BenchmarkWay prints how fast messages go their whole way, beside charges and beside the same
// way with a transaction for each step. It is run once, whatever b.N says.
func BenchmarkWay(b *testing.B) {
	t := &table{}
	wayBars(b, t)
	t.print("The whole way of a message: ratios within this run, medians of rounds")
}

func wayBars(b *testing.B, t *table) {
	s := newStage(b, postgres.DSN(b))
	on := &road{TB: b, svc: s.svc, store: s.store, ids: senders(b, s.store, spread)}
	on.warm()
	reset := func() {
		s.reset()
		s.exec(`TRUNCATE clientaccount_messages, clientaccount_network_ids, clientaccount_deliveries, clientaccount_holds`)
	}
	for _, callers := range []int{1, 8, 64} {
		on.bars(t, "", callers, reset, s.ours(s.svc))
	}
	on.bars(t, "16", 256, reset, s.ours(s.svc))

	dsn := bunstore.SQLiteDSN(filepath.Join(b.TempDir(), "way.db")) + "&_pragma=synchronous(FULL)"
	pool, err := sql.Open("sqlite", dsn)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, pool.Close()) })
	st, err := bunstore.New(bun.NewDB(pool, sqlitedialect.New()))
	require.NoError(b, err)
	require.NoError(b, st.Migrate(b.Context()))
	svc := clientaccount.New(st, nil)
	small := &road{TB: b, svc: svc, store: st, ids: senders(b, st, 100)}
	small.warm()
	small.bars(t, "", 32, func() {}, charging(svc, small.ids, "0.0042"))
}

// bars measures the way beside charges, and beside a transaction for each step.
func (r *road) bars(t *table, bar string, callers int, reset func(), charge charger) {
	got := map[string]rounds{}
	run := func(name string, c charger) {
		reset()
		got[name] = append(got[name], drive(r, c, load{callers: callers, accounts: len(r.ids) - 1}, duration))
		fmt.Printf("%s: %.0f/s, p99 %s\n", name, got[name][len(got[name])-1].rate, got[name][len(got[name])-1].p99)
	}
	for range nRounds {
		run("charges", charge)
		run("the whole way", r.way)
		run("a transaction for each step", r.wayByTransactions)
	}
	title := fmt.Sprintf("the whole way of a message, %d accounts, callers: %d", len(r.ids), callers)
	toCharges, toTransactions := ratio(got["the whole way"], got["charges"]), ratio(got["the whole way"], got["a transaction for each step"])
	if bar == "" {
		t.note(title+", to charges, and to a transaction for each step", fmt.Sprintf("%.2fx, %.1fx", toCharges, toTransactions))
	} else {
		t.atLeast(bar, title+", to charges", 0.12, toCharges)
		t.atLeast(bar, title+", to a transaction for each step", 6, toTransactions)
	}
	for _, name := range []string{"charges", "the whole way", "a transaction for each step"} {
		t.note(fmt.Sprintf("a second, callers: %d, %s", callers, name), fmt.Sprintf("%.0f, p99 %s", got[name].rate(), got[name].p99().Round(time.Millisecond)))
	}
}

// road is a Service whose clients send messages.
type road struct {
	testing.TB
	svc   *clientaccount.Service
	store store.Store
	ids   []account.ID
}

// senders are accounts with money and a URL for states, number 0 and as many more.
func senders(tb testing.TB, st store.Store, n int) (ids []account.ID) {
	tb.Helper()
	for from := 0; from <= n; from += 1000 {
		require.NoError(tb, st.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
			for k := from; k <= min(n, from+999); k++ {
				a := accounttest.Valid(fmt.Sprintf("sender-%05d", k))
				a.Webhooks.RESTState = "https://client.io/dlr"
				a.Status, a.Sending.API, a.Routing.DynamicSender = account.StatusActive, true, true
				if err := tx.PutAccount(ctx, a, 0); err != nil {
					return err
				}
				terms := ledger.TermsOf(a, account.EffectiveSettings(a, nil), account.Optional[decimal.Decimal]{})
				b := ledger.Opened(a.ID, terms, time.Now())
				b.Amount = decimal.NewFromInt(1e9) // a figure without an entry: only a benchmark may
				b.Exhausted = false
				if err := tx.Post(ctx, store.Posting{Balance: b}); err != nil {
					return err
				}
				ids = append(ids, a.ID)
			}
			return nil
		}))
	}
	return ids
}

// warm lets every account be seen once, as in a process that has run for a while.
func (r *road) warm() {
	r.Helper()
	for _, id := range r.ids {
		d, err := r.svc.Decide(r.Context(), id, request)
		require.NoError(r, err)
		require.Equal(r, account.VerdictAccept, d.Verdict, "%+v", d.Findings)
	}
}

var request = account.Request{
	Channel: account.ChannelAPI, Sender: "ACME", Destination: "+380501112233", MCC: "255", MNC: "01", Parts: 1, Price: account.Some(account.Amount("0.0042")),
}

const network = "up"

// way is the whole way of a message.
func (r *road) way(ctx context.Context, n int, reference string) error {
	id := r.ids[n%len(r.ids)]
	admitted, err := r.svc.Admit(ctx, id, request, clientaccount.MessageHold{Reference: reference, Keep: &clientaccount.Keep{}})
	if err != nil {
		return err
	}
	if !admitted.Send() {
		return fmt.Errorf("not to be sent: %v", admitted.Findings)
	}
	if _, err := r.svc.Sent(ctx, id, reference, message.Handover{Network: network, IDs: []string{reference}}); err != nil {
		return err
	}
	_, err = r.svc.Reported(ctx, message.NetworkReport{Network: network, ID: reference, Report: delivered()})
	return err
}

func delivered() account.Report {
	return account.Report{State: account.StateDelivered, Err: "000", DoneAt: time.Now()}
}

// wayByTransactions is the same way, with a transaction for each step.
func (r *road) wayByTransactions(ctx context.Context, n int, reference string) error {
	id := r.ids[n%len(r.ids)]
	d, err := r.svc.Decide(ctx, id, request)
	if err != nil || d.Verdict != account.VerdictAccept {
		return fmt.Errorf("not accepted: %w", err)
	}
	err = r.step(ctx, id, reference, func(m message.Message, now time.Time) (message.Step, error) {
		return m.Admitted(message.Envelope{
			Account: id, ID: reference, Channel: request.Channel, Sender: request.Sender, Destination: request.Destination,
			Parts: 1, MCC: "255", MNC: "01", Price: account.Amount("0.0042"), Currency: "EUR",
		}, message.Terms{Wait: 24 * time.Hour, Day: account.DateOf(now, time.UTC)}, now)
	})
	if err != nil {
		return err
	}
	err = r.step(ctx, id, reference, func(m message.Message, now time.Time) (message.Step, error) {
		return m.Sent(message.Handover{Network: network, IDs: []string{reference}}, nil, now)
	})
	if err != nil {
		return err
	}
	of, err := r.store.(store.Messages).MessagesOf(ctx, []store.NetworkKey{{Network: network, ID: reference}})
	if err != nil {
		return err
	}
	return r.step(ctx, of[0].Account, of[0].ID, func(m message.Message, now time.Time) (message.Step, error) {
		return m.Reported(message.NetworkReport{Network: network, ID: reference, Report: delivered()}, now)
	})
}

// step makes one step of a message in a transaction of its own.
func (r *road) step(ctx context.Context, id account.ID, name string, do func(message.Message, time.Time) (message.Step, error)) error {
	return r.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, id); err != nil {
			return err
		}
		found, err := tx.Ledger(ctx, []store.Lookup{{Account: id, References: []string{name}, Holds: []string{name}, Messages: []string{name}}})
		if err != nil {
			return err
		}
		var m message.Message
		if len(found[0].Messages) > 0 {
			m = found[0].Messages[0]
		}
		now := time.Now()
		s, err := do(m, now)
		if err != nil {
			return err
		}
		p, err := posting(&found[0], s, m, now)
		if err != nil {
			return err
		}
		return tx.Post(ctx, p)
	})
}

// posting is what a step writes.
func posting(found *store.Found, s message.Step, was message.Message, now time.Time) (store.Posting, error) {
	p := store.Posting{From: found.Balance.Version, Balance: found.Balance}
	if s.Movement.Kind == "" {
		p.Balance.Version++
	} else {
		on := ledger.Against{Checked: true}
		if len(found.Holds) > 0 {
			on.Hold = &found.Holds[0]
		}
		moved, err := ledger.Apply(found.Balance, s.Movement, on, now)
		if err != nil {
			return p, err
		}
		p.Balance = moved.Balance
		moved.AddTo(&p)
		s.Message.Note(moved.Entry)
	}
	kept := store.KeptMessage{Message: s.Message, Was: was.Version, NetworkIDs: s.Message.NetworkIDs[len(was.NetworkIDs):]}
	for _, u := range s.Updates {
		r := payload.Report{MessageID: s.Message.ID, From: s.Message.Sender, To: "380501112233", SubmittedAt: s.Message.AdmittedAt, At: now}.Of(u)
		a := account.Account{ID: s.Message.Account}
		a.Webhooks.RESTState = "https://client.io/dlr"
		ds, err := r.Deliveries(a, func(account.HookKind) account.ID { return account.ID(md5.Sum([]byte(s.Message.ID))) })
		if err != nil {
			return p, err
		}
		kept.Deliveries = ds
	}
	p.Messages = []store.KeptMessage{kept}
	return p, nil
}
