package account

// maxURL is the most bytes a webhook URL may have.
const maxURL = 2048

var webhookFields = []row[Account]{
	{func(a *Account) value { return urlValue{&a.Webhooks.APIState} }, Field{
		Path: "webhooks.api_state", Label: "URL for send SMS State via API", Section: "webhooks", Kind: FieldURL, Noun: "url", Max: maxURL, Since: "0.1.0",
		Rules:  "omitempty,webhook=api",
		Values: "an http or https URL of a public host; its own query must not use our names",
		Effect: "States of messages sent via API are delivered here, as GET.",
	}},
	{func(a *Account) value { return urlValue{&a.Webhooks.APIIncoming} }, Field{
		Path: "webhooks.api_incoming", Label: "URL for Incoming SMS via API", Section: "webhooks", Kind: FieldURL, Noun: "url", Max: maxURL, Since: "0.1.0",
		Rules:  "omitempty,webhook=api",
		Values: "an http or https URL of a public host; its own query must not use our names",
		Effect: "Incoming messages are delivered here, as GET.",
	}},
	{func(a *Account) value { return urlValue{&a.Webhooks.RESTState} }, Field{
		Path: "webhooks.rest_state", Label: "URL for SMS State via RestAPI", Section: "webhooks", Kind: FieldURL, Noun: "url", Max: maxURL, Since: "0.1.0",
		Rules:  "omitempty,webhook=rest",
		Values: "an http or https URL of a public host",
		Effect: "States of messages sent via RestAPI are delivered here, as POST with JSON.",
	}},
	{func(a *Account) value { return urlValue{&a.Webhooks.RESTIncoming} }, Field{
		Path: "webhooks.rest_incoming", Label: "URL for Incoming SMS via RestAPI", Section: "webhooks", Kind: FieldURL, Noun: "url", Max: maxURL, Since: "0.1.0",
		Rules:  "omitempty,webhook=rest",
		Values: "an http or https URL of a public host",
		Effect: "Incoming messages are delivered here, as POST with JSON.",
	}},
}

var billingFields = []row[Account]{
	{func(a *Account) value { return exactValue[Enterprise]{&a.Billing.Enterprise} }, Field{
		Path: "billing.enterprise", Label: "Enterprise", Section: "billing", Kind: FieldChoice, Noun: "enterprise", Since: "0.1.0", Guard: GuardMoney,
		Choices: enterpriseChoices,
		Rules:   oneOf(enterpriseChoices),
		texts:   texts{"choice": "Choose Company or Private."},
		Values:  "company or private",
		Effect:  "A company needs Company; a private client needs First Name and Last Name.",
	}},
	{func(a *Account) value { return structuredValue{&a.Billing.InvoiceDays} }, Field{
		Path: "billing.invoice_days", Label: "Dates for invoices (separated by commas)", Section: "billing", Kind: FieldDays, Noun: "invoice_days", Since: "0.1.0", Guard: GuardMoney,
		Rules: "monthdays",
		texts: texts{
			"format":   "Separate days by commas, for example 1,15.",
			"range":    "Days go from 1 to 31.",
			"required": `Give at least one day or switch "Send invoices" off.`,
		},
		Values: "days from 1 to 31; a day the month lacks is its last day",
		Effect: "The days on which a period ends and an invoice or statistics are made.",
	}},
	{func(a *Account) value { return flagValue{&a.Billing.SendStats} }, Field{
		Path: "billing.send_stats", Label: "Send stats", Section: "billing", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardMoney,
		Values: "on or off",
		Effect: "Statistics are made on the dates for invoices.",
	}},
	{func(a *Account) value { return flagValue{&a.Billing.SendInvoices} }, Field{
		Path: "billing.send_invoices", Label: "Send invoices", Section: "billing", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardMoney,
		Values: "on or off; needs dates for invoices",
		Effect: "Invoices are made on the dates for invoices.",
	}},
	{func(a *Account) value { return flagValue{&a.Billing.ToEmail} }, Field{
		Path: "billing.to_email", Label: "Send to email", Section: "billing", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardMoney,
		Values: "on or off; needs an e-mail address",
		Effect: "Invoices and statistics are also mailed, not only shown.",
	}},
}

var noteFields = []row[Account]{
	{func(a *Account) value { return longValue{&a.Notes.Pinned} }, Field{
		Path: "notes.pinned", Label: "Pinned note", Section: "notes", Kind: FieldLongText, Noun: "pinned", Since: "0.1.0",
		Rules:  "max=500,lines",
		Values: "up to 500 characters",
		Effect: "Internal, as Comments are; at the top of every page of the client.",
	}},
	{func(a *Account) value { return longValue{&a.Notes.Comments} }, Field{
		Path: "notes.comments", Label: "Comments", Section: "notes", Kind: FieldLongText, Noun: "comments", Since: "0.1.0",
		Rules:  "max=4000,lines",
		Values: "up to 4,000 characters",
		Effect: "Internal: in nothing that a client sees.",
	}},
	{func(a *Account) value { return refValue{&a.Notes.Product} }, Field{
		Path: "notes.product", Label: "Product", Section: "notes", Kind: FieldProduct, Noun: "product", Since: "0.1.0", Guard: GuardMoney,
		texts: texts{
			"unknown":  "This product does not exist.",
			"currency": "The product's currency is %s, the client's %s.",
		},
		Values: "one of the products, in the client's currency, or none",
		Effect: "Gives defaults for what is left empty, and the reference price of a message.",
	}},
}
