package accounttest

// Beyond returns the paths of the fields whose effect needs more than an account: what is
// stored, other accounts, a password, a balance, documents and mails. Tests of the Service show the effect
// of each; tests of account show those of all other fields.
func Beyond() []string {
	return []string{
		"login", "password", "password_retype", "manager", "currency", "credit.overdraw.reason", "contact.country",
		"sending.subaccounts", "webhooks.api_state", "webhooks.api_incoming", "webhooks.rest_state", "webhooks.rest_incoming",
		"billing.enterprise", "notes.pinned", "notes.comments", "notes.product", "notification_limit",
		"mail.email", "mail.price_update", "mail.billing", "mail.price_format", "mail.daily_statistics",
		"billing.invoice_days", "billing.send_stats", "billing.send_invoices", "billing.to_email",
	}
}
