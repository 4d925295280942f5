package api

import (
	"net/http"

	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// moneySchemas are the shapes of all that is about money.
func moneySchemas() object {
	all := object{
		"Balance": balanceSchema(), "Entry": entrySchema(), "Hold": holdSchema(),
		"EntryList": listSchema("entries", "Entry", true),
		"HoldList":  listSchema("holds", "Hold", true),
		"Refusal":   refusalSchema(),
	}
	for _, mv := range ask.Moves() {
		properties := object{}
		for _, name := range mv.Names() {
			properties[name] = orNullForm(moneyMembers[name].schema)
		}
		schema := objectSchema(properties)
		schema["required"] = sorted(mv.Required())
		all[mv.Schema] = schema
	}
	return all
}

// orNullForm takes null for left out.
func orNullForm(schema object) object {
	form := object{}
	for keyword, argument := range schema {
		form[keyword] = argument
	}
	form["type"] = []any{schema["type"], "null"}
	return form
}

func amountOf(about string) object { return described(object{"type": "string"}, about) }

func nullable(kind, about string) object {
	return described(object{"type": []string{kind, "null"}}, about)
}

func described(schema object, about string) object {
	if about != "" {
		schema["description"] = about
	}
	return schema
}

func balanceSchema() object {
	shared := objectSchema(object{
		"spent": amountOf("This month, by the client's calendar, what is held included."),
		"cap":   nullable("string", "The most that may be spent in a month."),
		"left":  nullable("string", "What the cap leaves."),
	})
	shared = orNullForm(shared)
	shared["description"] = "Of money that an account above has; null for money of one's own."
	return objectSchema(object{
		"account": uuidSchema(), "currency": nullable("string", ""),
		"balance": amountOf("May be negative."), "held": amountOf("Set aside by holds."),
		"available": nullable("string", "What may be spent now; of shared money, what the payer and the caps leave. null for who does not see all that it follows from."),
		"payer":     object{"type": []string{"string", "null"}, "format": "uuid", "description": "Whose money is spent: the client itself, or an account above; null for one that is not seen."},
		"credit":    orNullForm(objectSchema(object{"limit": amountOf(""), "used": amountOf("")})),
		"overdraw": orNullForm(objectSchema(object{
			"limit": amountOf("Counts until it expires."), "used": amountOf(""),
			"expires_at": object{"type": []string{"string", "null"}, "format": "date-time"},
		})),
		"shared":   shared,
		"price":    nullable("string", "Reference price of one message."),
		"messages": nullable("integer", "How many messages what is available pays for; null without a price."),
		"entries":  object{"type": "integer", "minimum": 0, "description": "Number of the newest entry."},
		"at":       instantSchema(),
	})
}

func entrySchema() object {
	return objectSchema(object{
		"number": revisionSchema(), "kind": object{"enum": kindWords()},
		"amount": amountOf("Effect on the balance."), "balance": amountOf("The balance after."),
		"held": amountOf("Effect on what is held."), "held_after": amountOf(""),
		"limit": nullable("string", "Credit and overdraw as they counted: the balance less what is held may go as far below zero."),
		"moved": amountOf("The money that it is about, whoever paid."),
		"spent": amountOf("Effect on what was spent of shared money this month."), "spent_after": amountOf(""),
		"messages":  object{"type": "integer", "minimum": 0},
		"reference": nullable("string", "The caller's own; one that begins with clientaccount: was made here; null for that of a client that is not seen."),
		"actor":     schemaRef("Actor"), "reason": nullable("string", ""),
		"hold":  nullable("string", "Of a capture, release or expiry: reference of the hold."),
		"until": object{"type": []string{"string", "null"}, "format": "date-time", "description": "Of a hold: when it ends by itself."},
		"of":    nullable("integer", "Of a refund: number of the entry given back, in the ledger of who ordered it."),
		"other": object{"type": []string{"string", "null"}, "format": "uuid", "description": "Of a transfer: the other client, if it is seen."},
		"chain": chainSchema(), "at": instantSchema(),
	})
}

func holdSchema() object {
	return objectSchema(object{
		"reference": nullable("string", "null for that of a client that is not seen."), "amount": amountOf(""), "messages": object{"type": "integer", "minimum": 0},
		"at": instantSchema(), "until": instantSchema(), "chain": chainSchema(),
	})
}

func chainSchema() object {
	return object{
		"type": "array", "items": object{"type": []string{"string", "null"}, "format": "uuid"},
		"description": "Of shared money: the client that ordered it, and up to who pays; else empty. null stands for a client that is not seen.",
	}
}

// refusalSchema is a problem that says why a movement was not made.
func refusalSchema() object {
	codes := []string{"credit.exhausted", access.CodeHidden} // the second in the place of one that would tell of a hidden field
	for _, known := range ask.Refusals {
		codes = append(codes, known.Code)
	}
	s := problemSchema(object{
		"code":      object{"enum": codes, "description": "Why."},
		"available": amountOf("With credit.exhausted: what could be spent."),
		"needed":    amountOf("With credit.exhausted: what this would have taken."),
		"reference": object{"type": "string", "description": "With outcome.unknown: ask again with it."},
	})
	s["required"] = []string{"type", "title", "status", "detail", "errors", "code"}
	s["description"] = "Its type is ProblemRefused. " + http.StatusText(http.StatusServiceUnavailable) + " comes with Retry-After."
	return s
}
