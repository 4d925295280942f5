package account

// Fields returns the field table: one row per setting of the Edit page, in its order.
// The slice and its choices are the caller's own.
func Fields() []Field { return accounts.Fields() }

// FieldAt returns the row of a path.
func FieldAt(path string) (Field, bool) { return accounts.At(path) }

// AccountTable returns the fields of accounts, those of the Edit page.
func AccountTable() Table[Account] { return accounts }

var accounts = newTable(func(a Account) Currency { return a.Core.Currency },
	coreFields, financialFields, contactFields, sendingFields, mailFields, webhookFields, billingFields, noteFields)

// Rules that several fields have.
const (
	amountRules = "omitnil,nonnegative,amount"
	timeRules   = "omitempty,instant"
	phoneRules  = "omitempty,phone"
	emailRules  = "omitempty,octets=254,address"

	priorityRules = "omitnil,min=0,max=3"
	dlrDaysRules  = "omitnil,min=1,max=30"
)

var moderationRules = "omitempty," + oneOf(moderationChoices)

var coreFields = []row[Account]{
	{func(a *Account) value { return loginValue{&a.Core.Login} }, Field{
		Path: "login", Label: "Login", Section: "core", Kind: FieldText, Noun: "login", Since: "0.1.0",
		Rules: "required,min=3,max=64,login", Searched: true,
		texts: texts{
			"required":    "Login is required.",
			"length":      "Login must have 3 to 64 characters.",
			"chars":       "Login may contain only a-z, 0-9, dot, hyphen and underscore.",
			"taken":       "This login is already in use.",
			"smpp_length": "With SMPP sending on, the login must have at most 15 characters.",
		},
		Values: "3 to 64 of a-z 0-9 . _ -; at most 15 when Can Send via SMPP is on",
		Effect: "The name the client signs in with on every channel; a closed account keeps it reserved.",
	}},
	{func(a *Account) value { return secretValue{p: &a.Core.Password} }, Field{
		Path: "password", Label: "Password", Section: "core", Kind: FieldSecret, Noun: "password", Max: 128, Since: "0.1.0",
		texts: texts{
			"required":        "Password is required.",
			"length":          "Password must have 8 to 128 characters.",
			"common":          "This password is too common.",
			"context":         "The password must not contain the login or company name.",
			"chars":           "The password contains characters that cannot be typed again.",
			"closed":          "A closed client gets no new passwords or secrets.",
			"mismatch":        "The two passwords differ.",
			"retype_required": "Repeat the password.",
			"again":           "Type it again: a password is not kept. Left empty, it stays as it is.",
			"again_new":       "Type it again: a password is not kept.",
		},
		Values: "8 to 128 characters; empty keeps the present one",
		Effect: "Opens the web and RestAPI; SMPP and API use the gateway password.",
	}},
	{func(a *Account) value { return secretValue{p: &a.Core.Password, retype: true} }, Field{
		Path: "password_retype", Label: "Retype password", Section: "core", Kind: FieldSecret, Noun: "password", Max: 128, Since: "0.1.0",
		Values: "the same as Password",
		Effect: "Guards against a slip while typing.",
	}},
	{func(a *Account) value { return refValue{&a.Core.Manager} }, Field{
		Path: "manager", Label: "Manager", Section: "core", Kind: FieldManager, Noun: "manager", Since: "0.1.0", Guard: GuardPermission,
		texts:  texts{"unknown": "This manager does not exist."},
		Values: "one of the managers, or none",
		Effect: "Who looks after the client, and may see the account; shown as contact on mails.",
	}},
	{func(a *Account) value { return structuredValue{&a.Core.NotificationLimit} }, Field{
		Path: "notification_limit", Label: "Notification limit", Section: "core", Kind: FieldLimit, Noun: "notification_limit", Since: "0.1.0", Guard: GuardMoney,
		Rules: "unit,messages,money",
		texts: texts{
			"range":  "Enter a whole number of messages from 0 to 2,147,483,647, or leave empty.",
			"unit":   "Count in messages or money.",
			"amount": "The amount is too large.",
		},
		Values: "a whole number of messages, or an amount of money; empty is off",
		Effect: "Tells the client once when no more than this is left.",
	}},
	{func(a *Account) value { return exactValue[Moderation]{&a.Core.Moderation} }, Field{
		Path: "moderation", Label: "Moderation", Section: "core", Kind: FieldChoice, Noun: "moderation", Since: "0.1.0", Guard: GuardPermission,
		Choices: moderationChoices, Inherits: true,
		Rules:  moderationRules,
		texts:  texts{"choice": "Choose none, manual or automatic."},
		Values: "none, manual or automatic; empty for the product's",
		Effect: "Which messages wait for a person's review: all, or those the content check flags.",
	}},
	{func(a *Account) value { return exactValue[string]{&a.Core.TimeZone} }, Field{
		Path: "time_zone", Label: "Local time", Section: "core", Kind: FieldZone, Noun: "time_zone", Since: "0.1.0",
		Rules:  "zone",
		Values: "an IANA time zone",
		Effect: "The client's clock, for the time of dispatch, daily statistics and invoice days.",
	}},
	{func(a *Account) value { return structuredValue{&a.Core.Dispatch} }, Field{
		Path: "dispatch", Label: "Time of dispatch", Section: "core", Kind: FieldDispatch, Noun: "dispatch", Since: "0.1.0",
		Rules: "days,hours,span",
		texts: texts{
			"format": "Use HH:MM–HH:MM, for example 09:00–18:00.",
			"range":  "Hours go from 00:00 to 24:00.",
			"pair":   "Give both start and end.",
			"empty":  "Start and end are the same; for the whole day use 00:00–24:00.",
			"days":   "Choose at least one day of the week.",
		},
		Values: "weekdays, and from and to as HH:MM in the client's zone; 24:00 is an end",
		Effect: "Messages outside these hours wait for the next opening, or are refused if that is too late.",
	}},
	{func(a *Account) value { return exactValue[Currency]{&a.Core.Currency} }, Field{
		Path: "currency", Label: "Currency", Section: "core", Kind: FieldCurrency, Noun: "currency", Since: "0.1.0", Guard: GuardMoney,
		Rules: "currency",
		texts: texts{
			"in_use":  "The currency cannot change once money has moved.",
			"prices":  "The currency can change only while the client has no prices of their own.",
			"amounts": "The currency can change only while credit, overdraw and money limits are zero.",
		},
		Values: "an active ISO 4217 currency",
		Effect: "The unit of every amount of the account; fixed once money has moved.",
	}},
}

var financialFields = []row[Account]{
	{func(a *Account) value { return amountValue{&a.Credit.Limit} }, Field{
		Path: "credit.limit", Label: "Allow credit", Section: "financial", Kind: FieldAmount, Noun: "credit", Since: "0.1.0", Guard: GuardMoney, Inherits: true,
		Rules: amountRules,
		texts: texts{
			"negative":   "The credit cannot be negative.",
			"below_used": "%s more is used than this allows: sends stop until that is paid.",
		},
		Values: "an amount from 0, in the currency's minor digits; empty for the product's",
		Effect: "How far the balance may go below zero, for good.",
	}},
	{func(a *Account) value { return zeroableAmount{&a.Credit.Overdraw.Limit} }, Field{
		Path: "credit.overdraw.limit", Label: "Allow overdraw (temporary credit)", Section: "financial", Kind: FieldAmount, Noun: "overdraw", Since: "0.1.0", Guard: GuardMoney,
		Rules: amountRules,
		texts: texts{
			"negative":        "The overdraw cannot be negative.",
			"expiry_required": "A temporary credit needs an end date.",
			"expiry_past":     "The end must be in the future.",
			"expiry_far":      "The end must be within %d days.",
		},
		Values: "an amount from 0, in the currency's minor digits",
		Effect: "More credit until its end; afterwards what was drawn stays as debt.",
	}},
	{func(a *Account) value { return timeValue{&a.Credit.Overdraw.ExpiresAt, a} }, Field{
		Path: "credit.overdraw.expires_at", Label: "Overdraw ends", Section: "financial", Kind: FieldTime, Noun: "overdraw_end", Since: "0.1.0", Guard: GuardMoney,
		Rules:  timeRules,
		Values: "an instant in the future, at most 90 days ahead",
		Effect: "The first instant at which the overdraw no longer counts.",
	}},
	{func(a *Account) value { return textValue[string]{&a.Credit.Overdraw.Reason} }, Field{
		Path: "credit.overdraw.reason", Label: "Overdraw reason", Section: "financial", Kind: FieldText, Noun: "reason", Since: "0.1.0", Guard: GuardMoney,
		Rules:  "max=200,line",
		Values: "up to 200 characters",
		Effect: "Why the overdraw was granted; kept in the history.",
	}},
	{func(a *Account) value { return flagValue{&a.Credit.Shared} }, Field{
		Path: "credit.shared", Label: "Spend the parent's money", Section: "financial", Kind: FieldFlag, Noun: "shared", Since: "0.1.0", Guard: GuardMoney,
		texts:  texts{"money": "The account has money of its own or holds; settle and move that first."},
		Values: "on or off; takes effect in subaccounts without money of their own",
		Effect: "The nearest account above with money of its own pays, within its limits.",
	}},
	{func(a *Account) value { return amountValue{&a.Credit.Cap} }, Field{
		Path: "credit.cap", Label: "Monthly cap", Section: "financial", Kind: FieldAmount, Noun: "cap", Since: "0.1.0", Guard: GuardMoney,
		Rules:  amountRules,
		texts:  texts{"negative": "The cap cannot be negative."},
		Values: "an amount from 0, in the currency's minor digits; empty for no cap",
		Effect: "The most of the parent's money to be spent in a month of the client's calendar.",
	}},
	{func(a *Account) value { return numberValue{&a.Routing.Priority} }, Field{
		Path: "routing.priority", Label: "SMS priority", Section: "financial", Kind: FieldChoice, Noun: "priority", Since: "0.1.0", Guard: GuardPermission,
		Choices: priorityChoices, Inherits: true,
		Rules:  priorityRules,
		texts:  texts{"range": "Choose a priority from 0 to 3."},
		Values: "0 to 3, 3 is highest; empty for the product's",
		Effect: "The priority of the client's messages, and the highest they may ask for.",
	}},
	{func(a *Account) value { return flagValue{&a.Routing.BypassBlacklist} }, Field{
		Path: "routing.bypass_blacklist", Label: "Disable Black List", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Skips the platform's list only; opt-outs and legal lists always hold.",
	}},
	{func(a *Account) value { return flagValue{&a.Routing.DynamicSender} }, Field{
		Path: "routing.dynamic_sender", Label: "Dynamic Sender", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Any valid sender, not only the approved ones.",
	}},
	{func(a *Account) value { return structuredValue{&a.Routing.Senders} }, Field{
		Path: "routing.senders", Label: "Approved senders", Section: "financial", Kind: FieldList, Noun: "senders", Since: "0.1.0", Guard: GuardPermission,
		Rules: "max=200,dive,sender",
		texts: texts{
			"format": "A sender has 1 to 11 letters, digits and, inside, space . - _ &, or 3 to 15 digits.",
			"count":  "At most 200 senders.",
		},
		Values: "up to 200 senders of 1 to 11 letters, digits and, inside, space . - _ &, or of 3 to 15 digits",
		Effect: "The senders the client may use while Dynamic Sender is off.",
	}},
	{func(a *Account) value { return flagValue{&a.Routing.MOviaSMPP} }, Field{
		Path: "routing.mo_smpp", Label: "Send MO SMS via SMPP", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off; takes effect with Can Send via SMPP",
		Effect: "Incoming messages go to the SMPP session; else to the URL for incoming SMS.",
	}},
	{func(a *Account) value { return flagValue{&a.Mail.DailyStatistics} }, Field{
		Path: "mail.daily_statistics", Label: "Daily mailing of general statistics", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0",
		Values: "on or off",
		Effect: "One mail per day of the client's calendar.",
	}},
}
