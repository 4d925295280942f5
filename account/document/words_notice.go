package document

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
)

// PriceWords are those of price updates.
type PriceWords struct {
	Begins, Country, Code, Before, Price, From, Change string

	Up, Down, New, Closed string                      // beside how many there are
	Changes               map[price.ChangeKind]string // of one price
}

// NoticeWords are those of notices.
type NoticeWords struct {
	Events map[NoticeEvent]EventWords

	At, Hook, Why, Field, Old, New, Limit, Overdraw, Ends string // beside facts

	Messages string // behind a limit in messages
	Ask      string // before whom the client asks

	Hooks    map[account.HookKind]string
	Reasons  map[string]string // by code: why a webhook was switched off
	Fields   map[string]string // by path
	Statuses map[account.Status]string
}

// EventWords say what happened, and what it means.
type EventWords struct{ Title, Meaning string }

func englishPrices() PriceWords {
	return PriceWords{
		Begins: "Changes begin", Country: "Country", Code: "MCC MNC", Before: "Before", Price: "Price of a part", From: "From", Change: "Change",
		Up: "Higher", Down: "Lower", New: "New", Closed: "Closed",
		Changes: map[price.ChangeKind]string{
			price.ChangeUp: "higher", price.ChangeDown: "lower", price.ChangeNew: "new", price.ChangeClosed: "closed",
		},
	}
}

func englishNotices() NoticeWords {
	w := NoticeWords{
		Events: englishEvents(),
		At:     "Happened", Hook: "Webhook", Why: "Reason", Field: "Field", Old: "Before", New: "Now", Limit: "Limit",
		Overdraw: "Temporary credit", Ends: "Ends", Messages: "messages", Ask: "If you have questions, please ask:",
		Hooks: map[account.HookKind]string{
			account.HookAPIState: "SMS State via API", account.HookAPIIncoming: "Incoming SMS via API",
			account.HookRESTState: "SMS State via RestAPI", account.HookRESTIncoming: "Incoming SMS via RestAPI",
		},
		Reasons: map[string]string{ // codes of package webhook
			"gone":    "Your server answered that the address is gone for good (410).",
			"failing": "Your server had not accepted anything for several days.",
		},
		Fields:   map[string]string{account.PathGatewayPassword: "Gateway password"},
		Statuses: map[account.Status]string{},
	}
	for _, traits := range traitsOfNotices {
		for _, path := range traits.fields {
			if f, ok := account.FieldAt(path); ok {
				w.Fields[path] = f.Label
			}
		}
	}
	if status, ok := account.FieldAt("status"); ok {
		for _, choice := range status.Choices {
			w.Statuses[account.Status(choice.Value)] = choice.Label
		}
	}
	return w
}

func englishEvents() map[NoticeEvent]EventWords {
	return map[NoticeEvent]EventWords{
		NoticeLimitReached: {
			"Notification limit reached",
			"What is left of your account came down to the limit at which you wish to be told. Your messages are still sent. Please top up in time, so that it stays that way.",
		},
		NoticeLimitCleared:    {"Above the notification limit again", "More than your notification limit is left again. There is nothing to do."},
		NoticeCreditExhausted: {"Money is used up", "What is left of your account is not enough for another message. Until you top up, your messages are refused."},
		NoticeOverdrawEnding: {
			"Temporary credit ends soon",
			"When your temporary credit ends, it can no longer be spent, and what was drawn stays as a debt. Please top up before, if you rely on it to send.",
		},
		NoticeOverdrawEnded: {
			"Temporary credit ended",
			"Your temporary credit can no longer be spent; what was drawn stays as a debt. If nothing is available, your messages are refused until you top up.",
		},
		NoticeHookOff: {
			"Webhook switched off",
			"Nothing is sent there any more. Please check the address and your server, and have the webhook switched on again.",
		},
		NoticeHookOn:          {"Webhook switched on again", "What happens from now on is sent there."},
		NoticePasswordChanged: {"Password changed", "If this was not you or somebody on your behalf, please tell us at once."},
		NoticeEmailChanged:    {"E-mail address changed", "If this was not you or somebody on your behalf, please tell us at once."},
		NoticeStatusChanged:   {"Status changed", "Your messages are sent while your account is active, and only then."},
	}
}
