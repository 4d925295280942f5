package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// demoMessages are how long ago each client with deliveries sent its last messages.
var demoMessages = []time.Duration{90 * time.Hour, 41 * time.Hour, 22 * time.Hour, 3 * time.Hour}

// hookedClients returns those that have deliveries: the first active ones with URLs, and one
// whose messages are kept.
func (s *storyteller) hookedClients() (clients []account.Account) {
	const enough = 5
	for _, c := range demoClients {
		a := s.made[c.login]
		if a.StatusAt(s.now) == account.StatusActive && a.Webhooks.RESTState != "" && len(clients) < enough {
			clients = append(clients, a)
		}
	}
	return append(clients, s.made["limetree"])
}

// tellHooks accepts what clients are to be told of their last messages.
func (s *storyteller) tellHooks(ctx context.Context) error {
	for n, ago := range demoMessages {
		for i, a := range s.hookedClients() {
			s.at = s.now.Add(time.Duration(13*i)*time.Minute - ago)
			if err := s.tellMessage(ctx, a, n); err != nil {
				return fmt.Errorf("webhooks of %s: %w", a.Core.Login, err)
			}
		}
	}
	return nil
}

// tellMessage accepts the two states of a message, and the answer to it.
func (s *storyteller) tellMessage(ctx context.Context, a account.Account, n int) error {
	message := fmt.Sprintf("%s-%06d", s.at.Format("060102"), 4000+17*n)
	report := payload.Report{
		MessageID: message, From: "4455", To: "380501112233", Parts: 1, State: account.StateEnroute, At: s.at, SubmittedAt: s.at, Seq: 1,
	}
	if _, err := s.svc.SubmitState(ctx, a.ID, report); err != nil {
		return err
	}
	report.State, report.Seq, report.Err = account.StateDelivered, 2, "000"
	if n == 2 {
		report.State, report.Err = account.StateUndeliverable, "027"
	}
	s.at = s.at.Add(4 * time.Second)
	report.At, report.DoneAt = s.at, s.at
	if _, err := s.svc.SubmitState(ctx, a.ID, report); err != nil {
		return err
	}
	_, err := s.svc.SubmitIncoming(ctx, a.ID, payload.Incoming{
		MessageID: message + "-mo", From: "380501112233", To: "4455", Text: "Thank you", Encoding: payload.GSM7, Parts: 1, ReceivedAt: s.at, At: s.at,
	})
	return err
}

// outbox is a store that keeps deliveries.
type outbox interface {
	store.Store
	store.Outbox
}

// settler says what came of the demo's deliveries, in a dispatcher's place: a real one
// would call the clients' invented URLs.
type settler struct {
	outbox
	now   time.Time
	fates map[store.Hook]fate
}

// settle notes what came of the deliveries of some clients, as of now.
func settle(ctx context.Context, st outbox, clients []account.Account, now time.Time) error {
	s := settler{st, now, fates(clients, now)}
	for _, a := range clients {
		if err := s.firstSecret(ctx, a.ID); err != nil {
			return err
		}
	}
	owner := account.ID{1}
	for { // all of a webhook's at once: one that fails is paused then
		claimed, err := st.Claim(ctx, store.Claim{Owner: owner, Now: now, Until: now.Add(time.Second), Hooks: 100, Deliveries: 10000})
		if err != nil || len(claimed) == 0 {
			return err
		}
		var updates []store.HookUpdate
		for _, c := range claimed {
			if f := s.fates[c.Hook]; !f.alone { // else it stays leased, for the second that this takes
				updates = append(updates, s.updates(c, f)...)
			}
		}
		if _, err := st.Record(ctx, owner, updates); err != nil {
			return err
		}
	}
}

// fate is what becomes of the deliveries of a webhook. The zero fate is that all are
// taken at once.
type fate struct {
	fails  store.Try     // how tries end...
	since  time.Duration // ...of what was accepted since so long ago
	health store.Health
	alone  bool // nobody has called it yet
}

// fates returns those that are worth a look.
func fates(clients []account.Account, now time.Time) map[store.Hook]fate {
	all := map[store.Hook]fate{}
	set := func(i int, kind account.HookKind, f fate) {
		if i < len(clients) {
			all[store.Hook{Account: clients[i].ID, Kind: kind}] = f
		}
	}
	set(0, account.HookRESTState, fate{
		fails: store.Try{Code: webhook.CodeStatus, Status: 503, Reply: "Down for maintenance.\n"}, since: 25 * time.Hour,
		health: store.Health{Failures: 16, FailingSince: now.Add(-22 * time.Hour), PausedUntil: now.Add(9 * time.Minute)},
	})
	set(1, account.HookRESTIncoming, fate{
		fails: store.Try{Code: webhook.CodeGone, Status: 410}, since: 5 * time.Hour,
		health: store.Health{Failures: 1, OffAt: now.Add(-3 * time.Hour), OffCode: webhook.CodeGone},
	})
	set(2, account.HookAPIState, fate{
		fails: store.Try{Code: webhook.CodeTimeout, Took: 15 * time.Second}, since: 99 * time.Hour,
		health: store.Health{Failures: 47, FailingSince: now.Add(-90 * time.Hour)},
	})
	set(3, account.HookAPIIncoming, fate{alone: true})
	return all
}

// tryTimes are how long after it is accepted a delivery is tried.
var tryTimes = []time.Duration{
	0, 5 * time.Second, 35 * time.Second, 155 * time.Second, 13 * time.Minute, 43 * time.Minute,
	163 * time.Minute, 523 * time.Minute, 1243 * time.Minute, 2683 * time.Minute, 4123 * time.Minute,
}

// updates say what came of the deliveries of a webhook, each at its own time.
func (s settler) updates(c store.Claimed, f fate) (all []store.HookUpdate) {
	f.health.Target = store.Health{}.Of(c.URL).Target
	for _, d := range c.Deliveries {
		v := s.verdict(d, f)
		all = append(all, store.HookUpdate{Hook: c.Hook, Health: f.health, Verdicts: []store.Verdict{v}, At: v.Last.At.Add(v.Last.Took)})
	}
	all[len(all)-1].Release = true
	return all
}

// verdict returns what a dispatcher would have noted by now.
func (s settler) verdict(d store.Delivery, f fate) store.Verdict {
	age := s.now.Sub(d.CreatedAt)
	v := store.Verdict{ID: d.ID, State: store.DeliveryDone, Tries: 1, Last: store.Try{Code: webhook.CodeOK, Status: 204}}
	if age < f.since {
		v.State, v.Last = store.DeliveryWaiting, f.fails
		for v.Tries < len(tryTimes) && tryTimes[v.Tries] <= age {
			v.Tries++
		}
	}
	switch {
	case v.Last.Code == webhook.CodeGone:
		v.State, v.Tries = store.DeliveryDead, 1
	case v.State == store.DeliveryWaiting && v.Tries == len(tryTimes):
		v.State = store.DeliveryDead
	case v.State == store.DeliveryWaiting:
		v.DueAt = d.CreatedAt.Add(tryTimes[v.Tries])
	}
	if v.Last.Took == 0 {
		v.Last.Took = time.Duration(90+int(d.ID[15])%170) * time.Millisecond
	}
	v.Last.At = d.CreatedAt.Add(tryTimes[v.Tries-1])
	return v
}

// firstSecret gives an account a secret, as a dispatcher does before it first calls.
func (s settler) firstSecret(ctx context.Context, id account.ID) error {
	secret, err := account.MakeHookSecret(rand.Reader, s.now.Add(-91*time.Hour))
	if err != nil {
		return err
	}
	return s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		there, ok := tx.(store.OutboxTx)
		if !ok {
			return errors.New("the store's transactions have no outbox")
		}
		return there.SetHookSecrets(ctx, id, []account.HookSecret{secret})
	})
}
