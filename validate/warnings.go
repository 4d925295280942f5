package validate

import (
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// Warnings finds what is allowed in a valid account but hardly meant, in the order
// of the page. Codes begin with "warning."; nothing has to be done about them.
func Warnings(a account.Account, f Facts) []account.Fault {
	status := a.StatusAt(f.Now)
	active := status == account.StatusActive
	open := sends(a)
	overdraw := a.Credit.Overdraw
	var found []account.Fault
	warn := func(when bool, path, code string) {
		if when {
			found = append(found, account.NewFault(path, code))
		}
	}
	warn(overdraw.Limit.IsPositive() && !overdraw.ExpiresAt.After(f.Now), "credit.overdraw.limit", "warning.overdraw_ended")
	found = append(found, limitWarnings(a, f)...)
	warn(a.Credit.Shared && a.Parent.IsZero(), "credit.shared", "warning.no_parent")
	warn(a.Credit.Cap.Or(decimal.Zero).IsPositive() && !a.SharesMoney(), "credit.cap", "warning.no_shared")
	warn(a.SharesMoney() && (overdraw.Limit.IsPositive() || a.Credit.Limit.Or(decimal.Zero).IsPositive()), "credit.limit", "warning.shared_limits")
	warn(open && !a.Routing.DynamicSender && len(a.Routing.Senders) == 0, "routing.senders", "warning.no_sender")
	warn(a.Routing.MOviaSMPP && !a.Sending.SMPP, "routing.mo_smpp", "warning.no_smpp")
	warn(a.Mail.DailyStatistics && a.Mail.Email == "", "mail.daily_statistics", "warning.no_reader")
	warn(!a.Expires.IsZero() && !f.Now.Before(a.Expires), "expires_at", "warning.ended")
	warn(active && !open, "sending.smpp", "warning.no_channel")
	found = append(found, urlWarnings(a)...)
	warn(a.Billing.SendStats && a.Billing.InvoiceDays == 0, "billing.send_stats", "warning.no_days")
	warn(a.Billing.SendInvoices && !a.Billing.ToEmail && a.Mail.Billing == "" && a.Mail.Email == "",
		"billing.send_invoices", "warning.no_reader")
	return found
}

// limitWarnings is about limits below what is used: allowed, but nothing more goes.
func limitWarnings(a account.Account, f Facts) []account.Fault {
	if f.Balance.Version == 0 || a.SharesMoney() {
		return nil
	}
	after := f.Balance
	after.Terms = ledger.TermsOf(a, account.EffectiveSettings(a, f.Product), f.Balance.Terms.Price)
	left := after.Available(f.Now)
	if !left.IsNegative() || left.GreaterThanOrEqual(f.Balance.Available(f.Now)) {
		return nil
	}
	short := account.NewFault("credit.limit", "credit.below_used", a.Core.Currency.Format(left.Neg()))
	short.Figure = left.Neg().String()
	return []account.Fault{short}
}

// stopsSending reports whether the client could send until now.
func stopsSending(f Facts, status account.Status) bool {
	return f.Before != nil && f.Before.StatusAt(f.Now) == account.StatusActive && status != account.StatusActive
}

// urlWarnings is about states and incoming messages that have nowhere to go.
// Incoming ones need one place: the SMPP session or either URL.
func urlWarnings(a account.Account) []account.Fault {
	var found []account.Fault
	if a.Sending.API && a.Webhooks.APIState == "" {
		found = append(found, account.NewFault("webhooks.api_state", "warning.no_state_url"))
	}
	nowhere := !a.MOGoesToSMPP() && a.Webhooks.APIIncoming == "" && a.Webhooks.RESTIncoming == ""
	if nowhere && a.Sending.API {
		found = append(found, account.NewFault("webhooks.api_incoming", "warning.no_incoming_url"))
	}
	if a.Sending.REST && a.Webhooks.RESTState == "" {
		found = append(found, account.NewFault("webhooks.rest_state", "warning.no_state_url"))
	}
	if nowhere && a.Sending.REST && !a.Sending.API {
		found = append(found, account.NewFault("webhooks.rest_incoming", "warning.no_incoming_url"))
	}
	return found
}
