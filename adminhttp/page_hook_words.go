package adminhttp

import (
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// hookNames are what webhooks are called where their fields' labels are too long.
var hookNames = map[account.HookKind]string{
	account.HookAPIState: "SMS State via API", account.HookAPIIncoming: "Incoming SMS via API",
	account.HookRESTState: "SMS State via RestAPI", account.HookRESTIncoming: "Incoming SMS via RestAPI",
}

// codeOvertaken is that of a delivery which would only be overtaken again.
const codeOvertaken = "overtaken"

// codeTexts are the codes of package webhook in words; a test of
// internal/dbtest holds that none is missing.
var codeTexts = map[string]string{
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
	codeOvertaken: "A later state of the message was taken first",
	"failing":     "It failed for too long",
}

// codeWords are a code in words; one of a newer dispatcher is told as it is.
func codeWords(code string) string {
	if text, known := codeTexts[code]; known {
		return text
	}
	return "Failed, " + code
}

// tryWords are what came of a call, but for when: "Answered with an error", and
// "HTTP 503, 1,234 ms".
func tryWords(t clientaccount.Try) (outcome, details string) {
	var parts []string
	if t.Status > 0 {
		parts = append(parts, "HTTP "+strconv.Itoa(t.Status))
	}
	if t.Took > 0 {
		parts = append(parts, grouped(strconv.FormatInt(t.Took.Milliseconds(), 10))+" ms")
	}
	return codeWords(t.Code), strings.Join(parts, ", ")
}

// statePills are the states of deliveries in a word and a colour.
var statePills = map[clientaccount.DeliveryState]pill{
	clientaccount.DeliveryWaiting: {"Waiting", "warn"},
	clientaccount.DeliveryDone:    {"Delivered", "good"},
	clientaccount.DeliveryDead:    {"Given up", "bad"},
}

// counted is a number of deliveries, which stops somewhere.
func counted(n int) string {
	text := grouped(strconv.Itoa(n))
	if n >= clientaccount.MaxHookCount {
		return text + " or more"
	}
	return text
}
