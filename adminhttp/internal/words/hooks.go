package words

import (
	"strconv"

	"github.com/clientaccount/clientaccount/account"
)

// hookNames are what webhooks are called where their fields' labels are too long.
var hookNames = map[account.HookKind]Text{
	account.HookAPIState: "SMS State via API", account.HookAPIIncoming: "Incoming SMS via API",
	account.HookRESTState: "SMS State via RestAPI", account.HookRESTIncoming: "Incoming SMS via RestAPI",
}

// HookName returns what a webhook is called in few words.
func HookName(kind account.HookKind) Text { return hookNames[kind] }

// CodeOvertaken is that of a delivery which would only be overtaken again.
const CodeOvertaken = "overtaken"

// codeTexts are the codes of package webhook in words; a test of
// internal/dbtest holds that none is missing.
var codeTexts = map[string]Text{
	"ok":       "Taken",
	"status":   "Answered with an error",
	"redirect": "Answered with a redirect, which is not followed",
	"gone":     "Answered that it is gone for good",
	"timeout":  "No answer in time",
	"dns":      "The name of the host was not found",
	"connect":  "No connection",
	"tls":      "No trusted connection",
	"answer":   "The answer could not be read",
	"lost":     "The connection broke before the answer",

	"blocked_address": "The name leads where we do not call",
	"blocked_url":     "The URL breaks a rule",

	"off":         "The webhook was switched off",
	"no_url":      "There is no URL",
	CodeOvertaken: "A later state of the message was taken first",
	"failing":     "It failed for too long",
}

// HookCode returns a code of package webhook in words; one of a newer dispatcher is told as it is.
func HookCode(code string) Text {
	if text, known := codeTexts[code]; known {
		return text
	}
	return Textf("Failed, %s", code)
}

// Tries returns a number of tries in words.
func Tries(n int) Text {
	switch n {
	case 0:
		return "not tried"
	case 1:
		return "1 try"
	default:
		return Textf("%s tries", grouped(strconv.Itoa(n)))
	}
}
