package access

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// CodeHidden is that of a fault or finding about what the actor does not see.
const CodeHidden = "field.hidden"

// HiddenText is said of what stands against something and is not seen.
const HiddenText = "A setting that you do not see stands in the way. Ask somebody who sees it."

// disclosure is what a fault or warning gives away beside the field it is on.
type disclosure struct {
	paths []string // fields
	money bool     // how the client's money stands
	all   bool     // clients outside of a scope
	plain string   // what is said instead; empty: only that something stands against it
}

// channelPaths are the fields that say by which channels a client may send.
var channelPaths = []string{"sending.smpp", "sending.api", "sending.web", "sending.rest"}

// disclosures has the codes whose texts, or whose being there, tell of other things than
// the value that they are on.
var disclosures = map[string]disclosure{
	"login.smpp_length":        {paths: []string{"sending.smpp"}},
	"company.required":         {paths: []string{"billing.enterprise"}},
	"name.required":            {paths: []string{"billing.enterprise"}},
	"invoice_days.required":    {paths: []string{"billing.send_invoices"}},
	"billing_email.required":   {paths: []string{"billing.to_email", "mail.email"}},
	"price_format.required":    {paths: []string{"mail.price_format"}},
	"overdraw.expiry_required": {paths: []string{"credit.overdraw.limit"}},
	"password.closed":          {paths: []string{"status"}},
	"document.address":         {paths: []string{"mail.email", "mail.billing", "mail.price_update"}},
	"account.closed":           {paths: []string{"status"}},
	"account.shared":           {paths: []string{"credit.shared"}},
	"time.zone_unknown":        {paths: []string{"time_zone"}},
	"currency.in_use":          {money: true},
	"currency.amounts":         {paths: []string{"credit.limit", "credit.overdraw.limit", "credit.cap", "notification_limit"}},
	"shared.money":             {money: true},
	"product.currency":         {paths: []string{"currency", "notes.product"}},
	"parent.currency":          {paths: []string{"currency"}},
	"amount.currency":          {paths: []string{"currency"}},
	"credit.scale":             {paths: []string{"currency"}, plain: "Too many decimals for the currency."},
	"overdraw.scale":           {paths: []string{"currency"}, plain: "Too many decimals for the currency."},
	"cap.scale":                {paths: []string{"currency"}, plain: "Too many decimals for the currency."},
	"notification_limit.scale": {paths: []string{"currency"}, plain: "Too many decimals for the currency."},
	"credit.below_used": {
		paths: []string{"credit.limit", "credit.overdraw.limit", "credit.overdraw.expires_at"}, money: true,
		plain: "More is used than this allows: sends stop until that is paid.",
	},
	"status.held":             {money: true, plain: "Money is held. It must be captured or released first."},
	"status.subaccounts":      {all: true, plain: "Subaccounts are open; close them first."},
	"subaccounts.in_use":      {all: true, plain: "Subaccounts exist; close them first."},
	"warning.no_shared":       {paths: []string{"credit.shared"}},
	"warning.shared_limits":   {paths: []string{"credit.shared", "credit.overdraw.limit"}},
	"warning.no_smpp":         {paths: []string{"sending.smpp"}},
	"warning.no_channel":      {paths: append([]string{"status", "expires_at"}, channelPaths...)},
	"warning.no_sender":       {paths: append([]string{"routing.dynamic_sender", "routing.senders"}, channelPaths...)},
	"warning.no_state_url":    {paths: []string{"webhooks.api_state", "webhooks.rest_state", "sending.api", "sending.rest"}},
	"warning.no_incoming_url": {paths: append([]string{"webhooks.api_incoming", "webhooks.rest_incoming", "routing.mo_smpp"}, channelPaths...)},
	"warning.no_reader":       {paths: []string{"mail.email", "mail.price_update", "mail.billing", "billing.to_email"}},
	"warning.no_days":         {paths: []string{"billing.invoice_days"}},
	"warning.overdraw_ended":  {paths: []string{"credit.overdraw.limit", "credit.overdraw.expires_at"}},
	"step.login":              {paths: []string{"login"}},
	"step.currency":           {paths: []string{"currency"}},
	"step.by_product":         {paths: []string{"notes.product"}},
	"step.product":            {paths: []string{"notes.product"}},
	"step.closes":             {paths: []string{"status"}},
	"step.closes_money":       {money: true, plain: "The money that is in it stays in it for good."},
	"step.closes_debt":        {money: true, plain: "What it owes stays owed for good."},
	"step.stops_sending":      {paths: []string{"status", "expires_at"}},
	"step.ended":              {paths: []string{"status", "expires_at"}},
	"step.last_channel":       {paths: channelPaths},
	"warning.ended":           {paths: []string{"status", "expires_at"}},
}

// unknownCodes say of a name that there is none such, as of any other.
var unknownCodes = []string{"field.unknown", "query.unknown"}

// knows reports whether the actor sees all that a disclosure tells.
func (j Judge) knows(t disclosure) bool {
	return j.Shows(t.paths...) && (!t.money || j.May(Money)) && (!t.all || j.All())
}

// Fault returns a fault as the actor may be told it.
func (j Judge) Fault(fault account.Fault) account.Fault {
	if slices.Contains(unknownCodes, fault.Code) {
		return fault
	}
	if _, known := Field(fault.Path); known && !j.Shows(fault.Path) {
		return account.Fault{Path: "request", Code: CodeHidden, Text: HiddenText}
	}
	switch t := disclosures[fault.Code]; {
	case j.knows(t):
	case t.plain != "":
		fault.Text, fault.Figure = t.plain, ""
	default:
		fault.Code, fault.Text, fault.Figure = CodeHidden, HiddenText, ""
	}
	return fault
}

// Faults returns all of them as the actor may be told them, each once.
func (j Judge) Faults(faults []account.Fault) (told account.Faults) {
	for _, fault := range faults {
		if fault = j.Fault(fault); !slices.Contains(told, fault) {
			told = append(told, fault)
		}
	}
	return told
}

// Warnings returns those of which nothing is hidden.
func (j Judge) Warnings(warnings []account.Fault) (told account.Faults) {
	for _, warning := range warnings {
		if warning = j.Fault(warning); warning.Code != CodeHidden {
			told = append(told, warning)
		}
	}
	return told
}

// Finding returns a rule of a decision as the actor may be told of it: of a hidden field only
// that there is one.
func (j Judge) Finding(f account.Finding) account.Finding {
	if !j.Shows(findingPaths(f)...) {
		return account.Finding{Code: CodeHidden, Verdict: f.Verdict}
	}
	return f
}

// findingPaths returns the fields whose values a finding gives away.
func findingPaths(f account.Finding) []string {
	switch {
	case f.Code == "credit.exhausted":
		return []string{"credit.limit", "credit.overdraw.limit", "credit.overdraw.expires_at"}
	case f.Path == "":
		return nil
	case f.Path == "dispatch":
		return []string{"dispatch", "time_zone"}
	case f.Path == "routing.senders":
		return []string{"routing.senders", "routing.dynamic_sender"}
	case f.Path == "expires_at":
		return []string{"status", "expires_at"}
	default:
		return []string{f.Path}
	}
}
