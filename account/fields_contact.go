package account

var contactFields = []Field{
	{
		Path: "contact.first_name", Label: "First Name", Section: "contact", Kind: FieldText, Noun: "name", Max: 100, Since: "0.1.0",
		Values: "up to 100 characters; required for Private",
		Effect: "Search, mails and invoices.",
		at:     func(a *Account) value { return textValue[string]{&a.Contact.FirstName} },
	},
	{
		Path: "contact.last_name", Label: "Last Name", Section: "contact", Kind: FieldText, Noun: "name", Max: 100, Since: "0.1.0",
		Values: "up to 100 characters; required for Private",
		Effect: "Search, mails and invoices.",
		at:     func(a *Account) value { return textValue[string]{&a.Contact.LastName} },
	},
	{
		Path: "contact.contract", Label: "Number of contract", Section: "contact", Kind: FieldText, Noun: "contract", Max: 64, Since: "0.1.0",
		Values: "up to 64 characters; unique when given",
		Effect: "Search and invoices; no two clients share one.",
		at:     func(a *Account) value { return textValue[string]{&a.Contact.Contract} },
	},
	{
		Path: "contact.company", Label: "Company", Section: "contact", Kind: FieldText, Noun: "company", Max: 200, Since: "0.1.0",
		Values: "up to 200 characters; required for Company",
		Effect: "Search, mails and invoices.",
		at:     func(a *Account) value { return textValue[string]{&a.Contact.Company} },
	},
	{
		Path: "contact.credential", Label: "Company Credential", Section: "contact", Kind: FieldText, Noun: "credential", Max: 64, Since: "0.1.0",
		Values: "a legal or tax id of up to 64 characters",
		Effect: "Search and invoices.",
		at:     func(a *Account) value { return textValue[string]{&a.Contact.Credential} },
	},
	{
		Path: "contact.phone", Label: "Phone", Section: "contact", Kind: FieldPhone, Noun: "phone", Since: "0.1.0",
		Values: "an international number, or a national one of the client's country",
		Effect: "Search and contact; stored as E.164.",
		at:     func(a *Account) value { return phoneValue{&a.Contact.Phone} },
	},
	{
		Path: "contact.country", Label: "Country", Section: "contact", Kind: FieldCountry, Noun: "country", Since: "0.1.0",
		Values: "an ISO 3166-1 country",
		Effect: "Search and invoices; how a national phone number is read.",
		at:     func(a *Account) value { return exactValue[Country]{&a.Contact.Country} },
	},
	{
		Path: "contact.telegram", Label: "Telegram", Section: "contact", Kind: FieldText, Noun: "telegram", Since: "0.1.0",
		Values: "a Telegram name of 5 to 32 letters, digits and underscores",
		Effect: "Search and contact.",
		at:     func(a *Account) value { return telegramValue{&a.Contact.Telegram} },
	},
	{
		Path: "contact.skype", Label: "Skype", Section: "contact", Kind: FieldText, Noun: "skype", Since: "0.1.0",
		Values: "a Skype name of up to 64 characters",
		Effect: "Search and contact.",
		at:     func(a *Account) value { return textValue[string]{&a.Contact.Skype} },
	},
}

var sendingFields = []Field{
	{
		Path: "sending.dlr_days", Label: "Days of waiting DLR", Section: "sending", Kind: FieldNumber, Noun: "dlr_days", Since: "0.1.0", Inherits: true,
		Values: "1 to 30 days; empty for the product's, else 3",
		Effect: "After so many days without a final report, a message counts as expired.",
		at:     func(a *Account) value { return numberValue{&a.Sending.DLRDays} },
	},
	{
		Path: "status", Label: "Delivery Status", Section: "sending", Kind: FieldChoice, Noun: "status", Since: "0.1.0", Guard: GuardPermission,
		Choices: statusChoices,
		Values:  "pending, active, suspended, blocked or closed",
		Effect:  "Only active accounts send. Closed is for good.",
		at:      func(a *Account) value { return exactValue[Status]{&a.Status} },
	},
	{
		Path: "expires_at", Label: "Account expires", Section: "sending", Kind: FieldTime, Noun: "expiry", Since: "0.1.0", Guard: GuardPermission,
		Values: "an instant; empty for never",
		Effect: "From this instant the account counts as expired and sends nothing.",
		at:     func(a *Account) value { return timeValue{&a.Expires, a} },
	},
	{
		Path: "sending.smpp", Label: "Can Send via SMPP", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows SMPP sessions; the login is then the system_id.",
		at:     func(a *Account) value { return flagValue{&a.Sending.SMPP} },
	},
	{
		Path: "sending.api", Label: "Can Send via API", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows the plain HTTP API.",
		at:     func(a *Account) value { return flagValue{&a.Sending.API} },
	},
	{
		Path: "sending.web", Label: "Can Send from Web", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows sending from the client's web pages.",
		at:     func(a *Account) value { return flagValue{&a.Sending.Web} },
	},
	{
		Path: "sending.rest", Label: "Can Send via RESTAPI", Section: "sending", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Allows the JSON API.",
		at:     func(a *Account) value { return flagValue{&a.Sending.REST} },
	},
	{
		Path: "sending.subaccounts", Label: "Can Add Subaccount", Section: "sending", Kind: FieldFlag, Noun: "subaccounts", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off; stays on while subaccounts are open",
		Effect: "Allows accounts beneath this one.",
		at:     func(a *Account) value { return flagValue{&a.Sending.Subaccounts} },
	},
}

var mailFields = []Field{
	{
		Path: "mail.email", Label: "E-mail", Section: "mail", Kind: FieldEmail, Noun: "email", Max: 254, Since: "0.1.0",
		Values: "one e-mail address",
		Effect: "Where mails to this client go.",
		at:     func(a *Account) value { return textValue[string]{&a.Mail.Email} },
	},
	{
		Path: "mail.price_update", Label: "E-mail for price update", Section: "mail", Kind: FieldEmail, Noun: "email", Max: 254, Since: "0.1.0",
		Values: "one e-mail address; needs a price update format",
		Effect: "Where price updates go; empty for E-mail.",
		at:     func(a *Account) value { return textValue[string]{&a.Mail.PriceUpdate} },
	},
	{
		Path: "mail.billing", Label: "E-mail for billing", Section: "mail", Kind: FieldEmail, Noun: "email", Max: 254, Since: "0.1.0",
		Values: "one e-mail address",
		Effect: "Where invoices and statistics go; empty for E-mail.",
		at:     func(a *Account) value { return textValue[string]{&a.Mail.Billing} },
	},
	{
		Path: "mail.price_format", Label: "Price update format", Section: "mail", Kind: FieldChoice, Noun: "price_format", Since: "0.1.0",
		Choices: priceFormatChoices,
		Values:  "csv, csv_mccmnc or xlsx; empty for none",
		Effect:  "The file that a price update carries.",
		at:      func(a *Account) value { return exactValue[PriceFormat]{&a.Mail.PriceFormat} },
	},
}
