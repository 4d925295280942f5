package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Finding is one rule that has something against a message, and what would change
// that. Code is stable and made for programs; its first part names the rule.
type Finding struct {
	Code    string  `json:"code"`
	Verdict Verdict `json:"verdict"` // what this finding alone would come to; never VerdictAccept
	Account ID      `json:"account"` // whose setting or status spoke; zero when it is not an account's
	Above   bool    `json:"above"`   // Account is one above the client
	Path    string  `json:"path"`    // the field whose change would help; empty when none would

	Opens     time.Time       `json:"opens"` // time.closed, time.too_late: the next opening, in UTC
	Needed    decimal.Decimal `json:"needed"`
	Available decimal.Decimal `json:"available"` // credit.exhausted: the cost, and what there is
}

// instantText is how texts for people show an instant, to the minute.
const instantText = "2006-01-02 15:04 MST"

// Missing returns how much more would have to be available; zero for all but
// credit.exhausted.
func (f Finding) Missing() decimal.Decimal { return f.Needed.Sub(f.Available) }

// Text returns the finding in words for people; they may change.
func (f Finding) Text() string {
	i := slices.IndexFunc(findingTexts, func(t findingText) bool { return t.code == f.Code })
	if i < 0 {
		return "This message is not accepted."
	}
	switch t := findingTexts[i]; t.about {
	case aboutAccount:
		return fmt.Sprintf(t.text, f.subject())
	case aboutField:
		field, _ := FieldAt(f.Path)
		return fmt.Sprintf(t.text, field.Label)
	case aboutOpening:
		return fmt.Sprintf(t.text, f.Opens.UTC().Format(instantText))
	case aboutMoney:
		return fmt.Sprintf(t.text, f.Needed, f.Available, f.Missing())
	default:
		return t.text
	}
}

func (f Finding) subject() string {
	if f.Above {
		return "An account above the client"
	}
	return "The client"
}

// FindingCodes returns every code that a finding can have, in the order of the rules.
func FindingCodes() []Code {
	codes := make([]Code, len(findingTexts))
	for i, t := range findingTexts {
		rule, _, _ := strings.Cut(t.code, ".")
		codes[i] = Code{t.code, t.text, rule}
	}
	return codes
}

// What fills the verbs of a text.
type about int

const (
	aboutNothing about = iota
	aboutAccount
	aboutField
	aboutOpening
	aboutMoney
)

type findingText struct {
	code  string
	about about
	text  string
}

// findingTexts has every code of a decision with its English text. Codes are stable;
// texts may change.
var findingTexts = []findingText{
	{"status.pending", aboutAccount, "%s is not approved yet."},
	{"status.suspended", aboutAccount, "%s is suspended; a payment may lift that."},
	{"status.blocked", aboutAccount, "%s is blocked; only a person can release it."},
	{"status.closed", aboutAccount, "%s is closed for good."},
	{"status.expired", aboutAccount, "%s has expired; its end would have to be later."},
	{"status.unknown", aboutAccount, "%s has an unknown status."},

	{"channel.off", aboutField, "%s is off."},
	{"channel.parent_off", aboutField, "%s is off at an account above the client."},
	{"channel.unknown", aboutNothing, "There is no such channel."},

	{"destination.invalid", aboutNothing, "The destination is not an international number of 7 to 15 digits."},
	{"network.invalid", aboutNothing, "An MCC has three digits, and an MNC, never without an MCC, two or three."},
	{"parts.range", aboutNothing, "A message has 1 to 255 parts."},

	{"time.closed", aboutOpening, "Outside the time of dispatch, which opens again on %s."},
	{"time.too_late", aboutOpening, "The time of dispatch opens again on %s, when the message is no longer valid."},
	{"time.never", aboutNothing, "The time of dispatch is never open."},
	{"time.expired", aboutNothing, "The message is no longer valid."},
	{"time.zone_unknown", aboutNothing, "The client's time zone is not known on this server."},

	{"sender.invalid", aboutNothing, "A sender has 1 to 11 letters, digits and, inside, space . - _ &, or 3 to 15 digits."},
	{"sender.not_approved", aboutNothing, "This sender is not approved, and Dynamic Sender is off."},

	{"moderation.manual", aboutNothing, "Every message of this client waits for a person's review."},
	{"moderation.flagged", aboutNothing, "The content check flagged this message for a person's review."},

	{"blacklist.hit", aboutNothing, "The destination is on the platform's blacklist."},
	{"optout.hit", aboutNothing, "The recipient has opted out."},
	{"legal.hit", aboutNothing, "A legal list forbids this message."},

	{"price.unknown", aboutNothing, "There is no price for this message."},
	{"price.negative", aboutNothing, "The price is below zero."},
	{"price.range", aboutNothing, "The price is too large."},
	{"price.scale", aboutNothing, "The cost has more than 6 decimal places."},
	{"credit.exhausted", aboutMoney, "%s is needed, and %s available: %s is missing."},
}
