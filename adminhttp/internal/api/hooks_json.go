package api

import (
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// Webhooks are a client's webhooks, and what they are signed with.
type Webhooks struct {
	Webhooks []Webhook     `json:"webhooks"`
	Secrets  []SecretTimes `json:"secrets" about:"Those that webhooks are signed with now, the present one first."`
}

// Webhook is a webhook and how it fares.
type Webhook struct {
	Kind         account.HookKind `json:"kind"`
	URL          any              `json:"url" about:"With the values of its query hidden."`
	On           bool             `json:"on" about:"false: switched off, nothing goes there."`
	OffCode      *string          `json:"off_code" about:"Why it was switched off: a code of package webhook."`
	OffSince     *time.Time       `json:"off_since"`
	PausedUntil  *time.Time       `json:"paused_until" about:"After failures: no try before."`
	Failures     int              `json:"failures" limits:"minimum=0" about:"Tries that failed since one succeeded."`
	FailingSince *time.Time       `json:"failing_since"`
	Waiting      int              `json:"waiting" limits:"minimum=0" about:"Deliveries, counted up to 10,000."`
	Dead         int              `json:"dead" limits:"minimum=0" about:"Likewise, given up."`
}

func (Webhook) bounds() map[string]object {
	return map[string]object{"url": {"type": []string{"string", "null"}}}
}

func webhookOf(a account.Account, s clientaccount.HookStatus, now time.Time) Webhook {
	f, health := ask.HookField(s.Hook.Kind), s.Health
	hook := Webhook{
		Kind: s.Hook.Kind, URL: kind.Value(f, f.Text(a)), On: health.OffAt.IsZero(),
		OffCode: orNull(health.OffCode), OffSince: instant(health.OffAt),
		Failures: health.Failures, FailingSince: instant(health.FailingSince), Waiting: s.Waiting, Dead: s.Dead,
	}
	if health.PausedUntil.After(now) {
		hook.PausedUntil = instant(health.PausedUntil)
	}
	return hook
}

// SecretTimes is the lifetime of a secret.
type SecretTimes struct {
	CreatedAt time.Time  `json:"created_at"`
	EndsAt    *time.Time `json:"ends_at" about:"No longer used from then on; null for the present one."`
}

func webhooksOf(a account.Account, statuses []clientaccount.HookStatus, secrets []clientaccount.SecretTimes, now time.Time) Webhooks {
	all := Webhooks{make([]Webhook, len(statuses)), make([]SecretTimes, len(secrets))}
	for i, s := range statuses {
		all.Webhooks[i] = webhookOf(a, s, now)
	}
	for i, s := range secrets {
		all.Secrets[i] = SecretTimes{s.CreatedAt.UTC(), instant(s.EndsAt)}
	}
	return all
}

// WebhookSecret is a new secret, shown this once.
type WebhookSecret struct {
	Secret   string `json:"secret"`
	Revision int64  `json:"revision" limits:"minimum=1"`
}

// DeliveryList is a page of deliveries.
type DeliveryList struct {
	Deliveries []Delivery `json:"deliveries"`
	Next       *string    `json:"next" about:"The cursor of the next page."`
}

// Delivery is a delivery without its content, which are clients' texts.
type Delivery struct {
	ID        account.ID                  `json:"id" about:"The webhook-id, the same for every try."`
	Kind      account.HookKind            `json:"kind"`
	Message   *string                     `json:"message" about:"Id of the message it tells of."`
	State     clientaccount.DeliveryState `json:"state"`
	Tries     int                         `json:"tries" limits:"minimum=0" about:"Since it was accepted or replayed."`
	CreatedAt time.Time                   `json:"created_at"`
	DueAt     *time.Time                  `json:"due_at" about:"While it waits: not tried before."`
	EndedAt   *time.Time                  `json:"ended_at" about:"When it was taken or given up."`
	Last      *Try                        `json:"last"`
}

func deliveryOf(d clientaccount.Delivery) Delivery {
	told := Delivery{
		ID: d.ID, Kind: d.Hook.Kind, Message: orNull(d.Message), State: d.State, Tries: d.Tries,
		CreatedAt: d.CreatedAt.UTC(), EndedAt: instant(d.EndedAt),
	}
	if d.State == clientaccount.DeliveryWaiting {
		told.DueAt = instant(d.DueAt)
	}
	if d.Last != (clientaccount.Try{}) {
		told.Last = new(tryOf(d.Last))
	}
	return told
}

// Try is what came of a call, without what the far end said.
type Try struct {
	At     *time.Time `json:"at"`
	TookMs int64      `json:"took_ms" limits:"minimum=0"`
	Code   string     `json:"code" about:"ok, or why it failed: a code of package webhook."`
	Status *int       `json:"status" about:"Of HTTP; null without an answer."`
}

func tryOf(t clientaccount.Try) Try {
	return Try{At: instant(t.At), TookMs: t.Took.Milliseconds(), Code: t.Code, Status: orNull(t.Status)}
}

// Replayed is how many deliveries wait again.
type Replayed struct {
	Replayed int `json:"replayed" limits:"minimum=0" about:"How many wait again."`
}
