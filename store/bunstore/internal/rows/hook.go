package rows

import (
	"encoding/json"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

type health = store.Health

// Health is how a hook fares, in a row of clientaccount_hooks.
var Health = Codec[health]{
	text("target", func(h *health) *string { return &h.Target }),
	integer("failures", func(h *health) *int { return &h.Failures }),
	instantOrNull("failing_since", func(h *health) *time.Time { return &h.FailingSince }),
	instantOrNull("failed_at", func(h *health) *time.Time { return &h.FailedAt }),
	integer("failing_hours", func(h *health) *int { return &h.FailingHours }),
	span("failing_us", time.Microsecond, func(h *health) *time.Duration { return &h.FailingFor }),
	instantOrNull("paused_until", func(h *health) *time.Time { return &h.PausedUntil }),
	integer("pauses", func(h *health) *int { return &h.Pauses }),
	instantOrNull("off_at", func(h *health) *time.Time { return &h.OffAt }),
	text("off_code", func(h *health) *string { return &h.OffCode }),
	instantOrNull("minute_at", func(h *health) *time.Time { return &h.Minute }),
	integer("minute_tries", func(h *health) *int { return &h.MinuteTries }),
	integer("minute_failures", func(h *health) *int { return &h.MinuteFailures }),
}

// HookHealth is a hook and how it fares.
type HookHealth struct {
	Hook   store.Hook
	Health store.Health
}

// HookHealths is a row of them.
var HookHealths = append(Codec[HookHealth]{
	key("account_id", func(h *HookHealth) *account.ID { return &h.Hook.Account }),
	text("kind", func(h *HookHealth) *account.HookKind { return &h.Hook.Kind }),
}, within(Health, func(h *HookHealth) *store.Health { return &h.Health })...)

// HookUpdates is what the holder of a hook writes of it.
var HookUpdates = append(Codec[store.HookUpdate]{
	key("hook_account", func(u *store.HookUpdate) *account.ID { return &u.Hook.Account }),
	text("hook_kind", func(u *store.HookUpdate) *account.HookKind { return &u.Hook.Kind }),
	flag("released", func(u *store.HookUpdate) *bool { return &u.Release }),
}, within(Health, func(u *store.HookUpdate) *store.Health { return &u.Health })...)

// within returns a codec of what is a part of a W.
func within[W, T any](c Codec[T], part func(*W) *T) Codec[W] {
	all := make(Codec[W], len(c))
	for i, f := range c {
		all[i] = field[W]{
			f.Column,
			func(p *Params, w *W) { f.write(p, part(w)) },
			func(r *Row, w *W) { f.read(r, part(w)) },
		}
	}
	return all
}

// Hooks is the key of a row of clientaccount_hooks.
var Hooks = Codec[store.Hook]{
	key("account_id", func(h *store.Hook) *account.ID { return &h.Account }),
	text("kind", func(h *store.Hook) *account.HookKind { return &h.Kind }),
}

// DueHook is a hook that has something due.
type DueHook struct {
	Hook  store.Hook
	Known bool // it has a row, since it was claimed before
}

// DueHooks is a row of them.
var DueHooks = append(within(Hooks, func(d *DueHook) *store.Hook { return &d.Hook }),
	flag("known", func(d *DueHook) *bool { return &d.Known }))

// HookKeys is a hook in a parameter. Its names are no columns' of the tables: SQLite's
// RETURNING takes only names without a table, which must mean one thing.
var HookKeys = Codec[store.Hook]{
	key("hook_account", func(h *store.Hook) *account.ID { return &h.Account }),
	text("hook_kind", func(h *store.Hook) *account.HookKind { return &h.Kind }),
}

// ToldHook is a hook, and whether its account's events say that it is off.
type ToldHook struct {
	Hook store.Hook
	Off  bool
}

// ToldHooks is a row of them.
var ToldHooks = Codec[ToldHook]{
	key("account_id", func(t *ToldHook) *account.ID { return &t.Hook.Account }),
	text("kind", func(t *ToldHook) *account.HookKind { return &t.Hook.Kind }),
	flag("told_off", func(t *ToldHook) *bool { return &t.Off }),
}

// HookCount is how many deliveries wait for a hook, and how many died.
type HookCount struct {
	Kind          account.HookKind
	Waiting, Dead int
}

// HookCounts is a row of them.
var HookCounts = Codec[HookCount]{
	text("kind", func(c *HookCount) *account.HookKind { return &c.Kind }),
	integer("waiting", func(c *HookCount) *int { return &c.Waiting }),
	integer("dead", func(c *HookCount) *int { return &c.Dead }),
}

// HeldColumns are those of [HeldHooks].
var HeldColumns = HookKeys.Columns().And(Column{"skip", "uuid[]"})

// HeldHooks are hooks and what is in hand of them, as a parameter in the form of [NewObjects].
func HeldHooks(held []store.Held) (string, error) {
	type hook struct {
		Account string   `json:"hook_account"`
		Kind    string   `json:"hook_kind"`
		Skip    []string `json:"skip"`
	}
	hooks := make([]hook, len(held))
	for i, h := range held {
		hooks[i] = hook{IDText(h.Hook.Account), string(h.Hook.Kind), idTexts(h.Skip)}
	}
	text, err := json.Marshal(hooks)
	return string(text), err
}

// IDList returns a parameter of many ids: a JSON array.
func IDList(ids []account.ID) (string, error) {
	text, err := json.Marshal(idTexts(ids))
	return string(text), err
}

func idTexts(ids []account.ID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = IDText(id)
	}
	return texts
}

type secret = account.HookSecret

// Secrets is a row of clientaccount_hook_secrets, without whose it is.
var Secrets = Codec[secret]{
	{
		Column{"secret", "text"},
		func(p *Params, s *secret) { p.Text(s.Reveal()) },
		func(r *Row, s *secret) { *s = account.NewHookSecret(r.Text(), time.Time{}) },
	},
	instant("created_at", func(s *secret) *time.Time { return &s.CreatedAt }),
	instantOrNull("ends_at", func(s *secret) *time.Time { return &s.EndsAt }),
}

// ClientSecret is one of an account's secrets.
type ClientSecret struct {
	Account  account.ID
	Position int // among them
	Secret   account.HookSecret
}

// ClientSecrets is a row of them.
var ClientSecrets = append(Codec[ClientSecret]{
	key("account_id", func(c *ClientSecret) *account.ID { return &c.Account }),
	integer("position", func(c *ClientSecret) *int { return &c.Position }),
}, within(Secrets, func(c *ClientSecret) *account.HookSecret { return &c.Secret })...)

// ClientURLs are the URLs of one account.
type ClientURLs struct {
	Account account.ID
	URLs    account.Webhooks
}

// ClientsURLs is a row of them, of clientaccount_accounts.
var ClientsURLs = Codec[ClientURLs]{
	key("id", func(c *ClientURLs) *account.ID { return &c.Account }),
	text("webhooks_api_state", func(c *ClientURLs) *string { return &c.URLs.APIState }),
	text("webhooks_api_incoming", func(c *ClientURLs) *string { return &c.URLs.APIIncoming }),
	text("webhooks_rest_state", func(c *ClientURLs) *string { return &c.URLs.RESTState }),
	text("webhooks_rest_incoming", func(c *ClientURLs) *string { return &c.URLs.RESTIncoming }),
}
