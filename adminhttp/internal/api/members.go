package api

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// memberShape is what the API takes under a name: the kind of value, and its schema.
type memberShape struct {
	kind   sent.Kind
	schema object
}

func textMember(schema object) memberShape  { return memberShape{sent.KindString, schema} }
func wholeMember(schema object) memberShape { return memberShape{sent.KindNumber, schema} }

func flagMember(about string) memberShape {
	return memberShape{sent.KindBool, object{"type": "boolean", "description": about}}
}

// messageMembers are the names of a message that is tried.
var messageMembers = map[string]memberShape{
	"channel":     textMember(described(object{"type": "string"}, "By which it is handed over: smpp, api, web or rest.")),
	"sender":      textMember(described(object{"type": "string"}, "The name or number it comes from.")),
	"destination": textMember(described(object{"type": "string"}, "The number it goes to, as E.164.")),
	"parts":       wholeMember(described(object{"type": "integer"}, "How many parts it has, 1 to 255.")),
	"price":       textMember(amountOf("Of one part, in the client's currency.")),
	"round":       flagMember("Round parts times price to 6 decimals, half away from zero; else more is refused."),
	"priority": wholeMember(object{
		"type": "integer", "minimum": 0, "maximum": 3, "description": "The one asked for; the client's unless given, which is also the highest that counts.",
	}),
	"validUntil":  textMember(described(instantSchema(), "The last instant at which it may go; no end unless given.")),
	"flagged":     flagMember("The content check wants a person to look."),
	"reviewed":    flagMember("A person has looked, and lets it pass."),
	"blacklisted": flagMember("The destination is on the platform's blacklist."),
	"optedOut":    flagMember("The recipient wants nothing from this sender."),
	"barred":      flagMember("A legal list forbids it."),
}

// moneyMembers are all names that bodies of movements have.
var moneyMembers = map[string]memberShape{
	"reference": textMember(object{"type": "string", "minLength": 1, "description": "Your name for the movement, at most 255 bytes, unique per client and kept for good: the same again never moves money twice."}),
	"reason":    textMember(object{"type": "string", "maxLength": account.MaxReason, "description": "Why, for people."}),
	"currency":  textMember(object{"type": "string", "description": "If given, it must be the client's."}),
	"amount":    textMember(amountOf("In the client's currency, at most 6 decimals.")),
	"price":     textMember(amountOf("Instead of amount: of one message. Messages times price is moved.")),
	"round":     flagMember("Round messages times price to 6 decimals, half away from zero; else more is refused."),
	"messages":  wholeMember(object{"type": "integer", "minimum": 0, "maximum": account.MaxMessages, "description": "Message parts that are paid for."}),
	"timeout":   wholeMember(object{"type": "integer", "minimum": 1, "description": "Seconds after which the hold ends by itself; 3,600 unless given, at most 366 days."}),
	"more":      flagMember("May take more than the hold, if the rest is available."),
	"passLimit": flagMember("May take more than is available."),
	"of":        wholeMember(object{"type": "integer", "minimum": 1, "description": "Number of the entry that is given back."}),
	"hold":      textMember(object{"type": "string", "minLength": 1, "description": "The hold's reference, as it is."}),
	"to":        textMember(object{"type": "string", "format": "uuid", "description": "The client that gets the money."}),
}

// misplaced is the fault of a member that its object does not know, or that is of another
// kind than wanted. Skip says that there is nothing more to do with it: null is as good as
// left out.
func misplaced(m sent.Member, known bool, wanted sent.Kind) (fault *account.Fault, skip bool) {
	name := sent.Within("", m.Name)
	switch {
	case !known:
		return sent.Fault(name, "field.unknown", name), true
	case m.Value.Kind == sent.KindNull:
		return nil, true
	case m.Value.Kind != wanted:
		return sent.Fault(name, "field.type"), true
	default:
		return nil, false
	}
}
