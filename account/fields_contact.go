package account

var contactFields = []row[Account]{
	{func(a *Account) value { return textValue[string]{&a.Contact.FirstName} }, Field{
		Path: "contact.first_name", Label: "First Name", Section: "contact", Kind: FieldText, Noun: "name", Since: "0.1.0",
		Rules: "max=100,line", Searched: true,
		texts:  texts{"required": "A private client needs first and last name."},
		Values: "up to 100 characters; required for Private",
		Effect: "Search, mails and invoices.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Contact.LastName} }, Field{
		Path: "contact.last_name", Label: "Last Name", Section: "contact", Kind: FieldText, Noun: "name", Since: "0.1.0",
		Rules: "max=100,line", Searched: true,
		Values: "up to 100 characters; required for Private",
		Effect: "Search, mails and invoices.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Contact.Contract} }, Field{
		Path: "contact.contract", Label: "Number of contract", Section: "contact", Kind: FieldText, Noun: "contract", Since: "0.1.0",
		Rules: "max=64,line", Searched: true,
		texts:  texts{"taken": "This contract number belongs to another client."},
		Values: "up to 64 characters; unique when given",
		Effect: "Search and invoices; no two clients share one.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Contact.Company} }, Field{
		Path: "contact.company", Label: "Company", Section: "contact", Kind: FieldText, Noun: "company", Since: "0.1.0",
		Rules: "max=200,line", Searched: true,
		texts:  texts{"required": "A company needs its name."},
		Values: "up to 200 characters; required for Company",
		Effect: "Search, mails and invoices.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Contact.Credential} }, Field{
		Path: "contact.credential", Label: "Company Credential", Section: "contact", Kind: FieldText, Noun: "credential", Since: "0.1.0",
		Rules: "max=64,line", Searched: true,
		Values: "a legal or tax id of up to 64 characters",
		Effect: "Search and invoices.",
	}},
	{func(a *Account) value { return phoneValue{&a.Contact.Phone} }, Field{
		Path: "contact.phone", Label: "Phone", Section: "contact", Kind: FieldPhone, Noun: "phone", Since: "0.1.0",
		Rules: phoneRules, Searched: true,
		Values: "an international number, or a national one of the client's country",
		Effect: "Search and contact; stored as E.164.",
	}},
	{func(a *Account) value { return exactValue[Country]{&a.Contact.Country} }, Field{
		Path: "contact.country", Label: "Country", Section: "contact", Kind: FieldCountry, Noun: "country", Since: "0.1.0",
		Rules:  "omitempty,country",
		Values: "an ISO 3166-1 country",
		Effect: "Search and invoices; how a national phone number is read.",
	}},
	{func(a *Account) value { return telegramValue{&a.Contact.Telegram} }, Field{
		Path: "contact.telegram", Label: "Telegram", Section: "contact", Kind: FieldText, Noun: "telegram", Since: "0.1.0",
		Rules: "omitempty,telegram", Searched: true,
		texts:  texts{"format": "Use a Telegram name like @acme_support."},
		Values: "a Telegram name of 5 to 32 letters, digits and underscores",
		Effect: "Search and contact.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Contact.Skype} }, Field{
		Path: "contact.skype", Label: "Skype", Section: "contact", Kind: FieldText, Noun: "skype", Since: "0.1.0",
		Rules: "omitempty,skype", Searched: true,
		texts:  texts{"format": "Use a Skype name."},
		Values: "a Skype name of up to 64 characters",
		Effect: "Search and contact.",
	}},
}

var sendingFields = []row[Account]{
	{func(a *Account) value { return numberValue{&a.Sending.DLRDays} }, Field{
		Path: "sending.dlr_days", Label: "Days of waiting DLR", Section: "sending", Kind: FieldNumber, Noun: "dlr_days", Since: "0.1.0", Guard: GuardPermission, Inherits: true,
		Rules:  dlrDaysRules,
		texts:  texts{"range": "Choose 1 to 30 days."},
		Values: "1 to 30 days; empty for the product's, else 3",
		Effect: "After so many days without a final report, a message counts as expired.",
	}},
	{func(a *Account) value { return exactValue[Status]{&a.Status} }, Field{
		Path: "status", Label: "Delivery Status", Section: "sending", Kind: FieldChoice, Noun: "status", Since: "0.1.0", Guard: GuardPermission,
		Choices: statusChoices,
		Rules:   oneOf(statusChoices),
		texts: texts{
			"choice":      "Choose a status from the list.",
			"transition":  "A closed client cannot become active again.",
			"pending":     "A client that was approved cannot become pending again.",
			"subaccounts": "%d subaccounts are open; close them first.",
			"held":        "Money is held: %s. It must be captured or released first.",
		},
		Values: "pending, active, suspended, blocked or closed",
		Effect: "Only active accounts send. Closed is for good.",
	}},
	{func(a *Account) value { return timeValue{&a.Expires, a} }, Field{
		Path: "expires_at", Label: "Account expires", Section: "sending", Kind: FieldTime, Noun: "expiry", Since: "0.1.0", Guard: GuardPermission,
		Rules:  timeRules,
		Values: "an instant; empty for never",
		Effect: "From this instant the account counts as expired and sends nothing.",
	}},
	{func(a *Account) value { return flagValue{&a.Sending.SMPP} }, Field{
		Path: "sending.smpp", Label: "Can Send via SMPP", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows SMPP sessions; the login is then the system_id.",
	}},
	{func(a *Account) value { return flagValue{&a.Sending.API} }, Field{
		Path: "sending.api", Label: "Can Send via API", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows the plain HTTP API.",
	}},
	{func(a *Account) value { return flagValue{&a.Sending.Web} }, Field{
		Path: "sending.web", Label: "Can Send from Web", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows sending from the client's web pages.",
	}},
	{func(a *Account) value { return flagValue{&a.Sending.REST} }, Field{
		Path: "sending.rest", Label: "Can Send via RESTAPI", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows the JSON API.",
	}},
	{func(a *Account) value { return flagValue{&a.Sending.Subaccounts} }, Field{
		Path: "sending.subaccounts", Label: "Can Add Subaccount", Section: "sending", Kind: FieldFlag, Noun: "subaccounts", Since: "0.1.0", Guard: GuardPermission,
		texts:  texts{"in_use": "%d subaccounts exist; close them first."},
		Values: "on or off; stays on while subaccounts are open",
		Effect: "Allows accounts beneath this one.",
	}},
}

var mailFields = []row[Account]{
	{func(a *Account) value { return textValue[string]{&a.Mail.Email} }, Field{
		Path: "mail.email", Label: "E-mail", Section: "mail", Kind: FieldEmail, Noun: "email", Since: "0.1.0",
		Rules: emailRules, Searched: true,
		Values: "one e-mail address",
		Effect: "Where mails to this client go.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Mail.PriceUpdate} }, Field{
		Path: "mail.price_update", Label: "E-mail for price update", Section: "mail", Kind: FieldEmail, Noun: "email", Since: "0.1.0",
		Rules:  emailRules,
		Values: "one e-mail address; needs a price update format",
		Effect: "Where price updates go; empty for E-mail.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Mail.Billing} }, Field{
		Path: "mail.billing", Label: "E-mail for billing", Section: "mail", Kind: FieldEmail, Noun: "email", Since: "0.1.0",
		Rules:  emailRules,
		Values: "one e-mail address",
		Effect: "Where invoices and statistics go; empty for E-mail.",
	}},
	{func(a *Account) value { return exactValue[PriceFormat]{&a.Mail.PriceFormat} }, Field{
		Path: "mail.price_format", Label: "Price update format", Section: "mail", Kind: FieldChoice, Noun: "price_format", Since: "0.1.0",
		Choices: priceFormatChoices,
		Rules:   "omitempty," + oneOf(priceFormatChoices),
		texts: texts{
			"choice":   "Choose a format from the list.",
			"required": "Choose a price format.",
		},
		Values: "csv, csv_mccmnc or xlsx; empty for none",
		Effect: "The file that a price update carries.",
	}},
}
