package api

import (
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// hookSchemas are the shapes of webhooks and their deliveries.
func hookSchemas() object {
	replay := objectSchema(object{
		"ids":  orNullForm(object{"type": "array", "items": uuidSchema(), "description": "These, at most 1,000."}),
		"kind": nullable("string", "Of this webhook."),
		"from": orNullForm(described(instantSchema(), "Accepted then or later.")),
		"to":   orNullForm(described(instantSchema(), "Accepted before.")),
		"done": orNullForm(object{"type": "boolean", "description": "Also those that were taken by the far end."}),
	})
	delete(replay, "required")
	replay["description"] = "What is left out does not narrow it; one of ids, kind, from and to must."
	overlap := object{
		"type": "integer", "minimum": 0, "maximum": int(clientaccount.MaxOverlap / time.Hour),
		"description": "For how long the secret before stays valid; 24 unless given, with 0 it ends at once.",
	}
	fresh := objectSchema(object{"overlapHours": orNullForm(overlap)})
	delete(fresh, "required")
	return object{
		"Webhook": hookSchema(), "Webhooks": objectSchema(object{
			"webhooks": arrayOf("Webhook"), "secrets": described(arrayOf("SecretTimes"), "Those that webhooks are signed with now, the present one first."),
		}),
		"SecretTimes": objectSchema(object{
			"created_at": instantSchema(), "ends_at": orNullForm(described(instantSchema(), "No longer used from then on; null for the present one.")),
		}),
		"Delivery": deliverySchema(), "DeliveryList": listSchema("deliveries", "Delivery", true), "Try": trySchema(),
		"Replay": replay, "Replayed": objectSchema(object{"replayed": countSchema("How many wait again.")}),
		"NewWebhookSecret": fresh, "WebhookSecret": objectSchema(object{"secret": object{"type": "string"}, "revision": revisionSchema()}),
	}
}

func countSchema(about string) object {
	return object{"type": "integer", "minimum": 0, "description": about}
}

func hookSchema() object {
	return objectSchema(object{
		"kind": object{"enum": account.HookKinds()}, "url": nullable("string", "With the values of its query hidden."),
		"on":            object{"type": "boolean", "description": "false: switched off, nothing goes there."},
		"off_code":      nullable("string", "Why it was switched off: a code of package webhook."),
		"off_since":     orNullForm(instantSchema()),
		"paused_until":  orNullForm(described(instantSchema(), "After failures: no try before.")),
		"failures":      countSchema("Tries that failed since one succeeded."),
		"failing_since": orNullForm(instantSchema()),
		"waiting":       countSchema("Deliveries, counted up to 10,000."), "dead": countSchema("Likewise, given up."),
	})
}

func deliverySchema() object {
	return objectSchema(object{
		"id": described(uuidSchema(), "The webhook-id, the same for every try."), "kind": object{"enum": account.HookKinds()},
		"message": nullable("string", "Id of the message it tells of."), "state": object{"enum": ask.DeliveryStates()},
		"tries": countSchema("Since it was accepted or replayed."), "created_at": instantSchema(),
		"due_at":   orNullForm(described(instantSchema(), "While it waits: not tried before.")),
		"ended_at": orNullForm(described(instantSchema(), "When it was taken or given up.")),
		"last":     orNullSchema("Try"),
	})
}

func trySchema() object {
	return objectSchema(object{
		"at": orNullForm(instantSchema()), "took_ms": countSchema(""),
		"code":   object{"type": "string", "description": "ok, or why it failed: a code of package webhook."},
		"status": nullable("integer", "Of HTTP; null without an answer."),
	})
}
