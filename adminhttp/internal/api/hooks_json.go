package api

import (
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// hookJSON is a webhook and how it fares.
type hookJSON struct {
	Kind         account.HookKind `json:"kind"`
	URL          any              `json:"url"`
	On           bool             `json:"on"`
	OffCode      any              `json:"off_code"`
	OffSince     any              `json:"off_since"`
	PausedUntil  any              `json:"paused_until"`
	Failures     int              `json:"failures"`
	FailingSince any              `json:"failing_since"`
	Waiting      int              `json:"waiting"`
	Dead         int              `json:"dead"`
}

func hookJSONOf(a account.Account, s clientaccount.HookStatus, now time.Time) hookJSON {
	f, health := ask.HookField(s.Hook.Kind), s.Health
	j := hookJSON{
		Kind: s.Hook.Kind, URL: kind.Value(f, f.Text(a)), On: health.OffAt.IsZero(),
		OffCode: orNull(health.OffCode), OffSince: instant(health.OffAt),
		Failures: health.Failures, FailingSince: instant(health.FailingSince), Waiting: s.Waiting, Dead: s.Dead,
	}
	if health.PausedUntil.After(now) {
		j.PausedUntil = instant(health.PausedUntil)
	}
	return j
}

// secretTimesJSON is the lifetime of a secret.
type secretTimesJSON struct {
	CreatedAt any `json:"created_at"`
	EndsAt    any `json:"ends_at"`
}

func hooksOf(a account.Account, statuses []clientaccount.HookStatus, secrets []clientaccount.SecretTimes, now time.Time) object {
	hooks := make([]hookJSON, len(statuses))
	for i, s := range statuses {
		hooks[i] = hookJSONOf(a, s, now)
	}
	times := make([]secretTimesJSON, len(secrets))
	for i, s := range secrets {
		times[i] = secretTimesJSON{instant(s.CreatedAt), instant(s.EndsAt)}
	}
	return object{"webhooks": hooks, "secrets": times}
}

// deliveryJSON is a delivery without its content, which are clients' texts.
type deliveryJSON struct {
	ID        string                      `json:"id"`
	Kind      account.HookKind            `json:"kind"`
	Message   any                         `json:"message"`
	State     clientaccount.DeliveryState `json:"state"`
	Tries     int                         `json:"tries"`
	CreatedAt any                         `json:"created_at"`
	DueAt     any                         `json:"due_at"`
	EndedAt   any                         `json:"ended_at"`
	Last      *tryJSON                    `json:"last"`
}

func deliveryOf(d clientaccount.Delivery) deliveryJSON {
	j := deliveryJSON{
		ID: d.ID.String(), Kind: d.Hook.Kind, Message: orNull(d.Message), State: d.State, Tries: d.Tries,
		CreatedAt: instant(d.CreatedAt), EndedAt: instant(d.EndedAt),
	}
	if d.State == clientaccount.DeliveryWaiting {
		j.DueAt = instant(d.DueAt)
	}
	if d.Last != (clientaccount.Try{}) {
		last := tryOf(d.Last)
		j.Last = &last
	}
	return j
}

// tryJSON is what came of a call, without what the far end said.
type tryJSON struct {
	At     any    `json:"at"`
	TookMs int64  `json:"took_ms"`
	Code   string `json:"code"`
	Status any    `json:"status"`
}

func tryOf(t clientaccount.Try) tryJSON {
	j := tryJSON{At: instant(t.At), TookMs: t.Took.Milliseconds(), Code: t.Code}
	if t.Status > 0 {
		j.Status = t.Status
	}
	return j
}
