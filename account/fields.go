package account

import "slices"

// Fields is the field table: one row per setting of the Edit page, in its order.
// The slice and its choices are the caller's own.
func Fields() []Field {
	fields := slices.Clone(table)
	for i := range fields {
		fields[i].Choices = slices.Clone(fields[i].Choices)
	}
	return fields
}

// FieldAt is the row of a path.
func FieldAt(path string) (Field, bool) {
	i, ok := tableIndex[path]
	if !ok {
		return Field{}, false
	}
	f := table[i]
	f.Choices = slices.Clone(f.Choices)
	return f, true
}

var tableIndex = func() map[string]int {
	index := make(map[string]int, len(table))
	for i, f := range table {
		index[f.Path] = i
	}
	return index
}()

var table = slices.Concat(coreFields, financialFields, contactFields, sendingFields,
	mailFields, webhookFields, billingFields, noteFields)

var coreFields = []Field{
	{
		Path: "login", Label: "Login", Section: "core", Kind: FieldText, Noun: "login", Max: 64, Since: "0.1.0",
		Values: "3 to 64 of a-z 0-9 . _ -; at most 15 when Can Send via SMPP is on",
		Effect: "The name the client signs in with on every channel; a closed account keeps it reserved.",
		at:     func(a *Account) value { return loginValue{&a.Core.Login} },
	},
	{
		Path: "password", Label: "Password", Section: "core", Kind: FieldSecret, Noun: "password", Max: 128, Since: "0.1.0",
		Values: "8 to 128 characters; empty keeps the present one",
		Effect: "Opens the web and RestAPI; SMPP and API use the gateway password.",
		at:     func(a *Account) value { return secretValue{p: &a.Core.Password} },
	},
	{
		Path: "password_retype", Label: "Retype password", Section: "core", Kind: FieldSecret, Noun: "password", Max: 128, Since: "0.1.0",
		Values: "the same as Password",
		Effect: "Guards against a slip while typing.",
		at:     func(a *Account) value { return secretValue{p: &a.Core.Password, retype: true} },
	},
	{
		Path: "manager", Label: "Manager", Section: "core", Kind: FieldManager, Noun: "manager", Since: "0.1.0", Guard: GuardPermission,
		Values: "one of the managers, or none",
		Effect: "Who looks after the client, and may see the account; shown as contact on mails.",
		at:     func(a *Account) value { return refValue{&a.Core.Manager} },
	},
	{
		Path: "notification_limit", Label: "Notification limit", Section: "core", Kind: FieldLimit, Noun: "notification_limit", Since: "0.1.0",
		Values: "a whole number of messages, or an amount of money; empty is off",
		Effect: "Tells the client once when no more than this is left.",
		at:     func(a *Account) value { return structuredValue{&a.Core.NotificationLimit} },
	},
	{
		Path: "moderation", Label: "Moderation", Section: "core", Kind: FieldChoice, Noun: "moderation", Since: "0.1.0", Guard: GuardPermission,
		Choices: moderationChoices, Inherits: true,
		Values: "none, manual or automatic; empty for the product's",
		Effect: "Which messages wait for a person's review: all, or those the content check flags.",
		at:     func(a *Account) value { return exactValue[Moderation]{&a.Core.Moderation} },
	},
	{
		Path: "time_zone", Label: "Local time", Section: "core", Kind: FieldZone, Noun: "time_zone", Since: "0.1.0",
		Values: "an IANA time zone",
		Effect: "The client's clock, for the time of dispatch, daily statistics and invoice days.",
		at:     func(a *Account) value { return exactValue[string]{&a.Core.TimeZone} },
	},
	{
		Path: "dispatch", Label: "Time of dispatch", Section: "core", Kind: FieldDispatch, Noun: "dispatch", Since: "0.1.0",
		Values: "weekdays, and from and to as HH:MM in the client's zone; 24:00 is an end",
		Effect: "Messages outside these hours wait for the next opening, or are refused if that is too late.",
		at:     func(a *Account) value { return structuredValue{&a.Core.Dispatch} },
	},
	{
		Path: "currency", Label: "Currency", Section: "core", Kind: FieldCurrency, Noun: "currency", Since: "0.1.0", Guard: GuardMoney,
		Values: "an active ISO 4217 currency",
		Effect: "The unit of every amount of the account; fixed once money has moved.",
		at:     func(a *Account) value { return exactValue[Currency]{&a.Core.Currency} },
	},
}

var financialFields = []Field{
	{
		Path: "credit.limit", Label: "Allow credit", Section: "financial", Kind: FieldAmount, Noun: "credit", Since: "0.1.0", Guard: GuardMoney, Inherits: true,
		Values: "an amount from 0, in the currency's minor digits; empty for the product's",
		Effect: "How far the balance may go below zero, for good.",
		at:     func(a *Account) value { return amountValue{&a.Credit.Limit} },
	},
	{
		Path: "credit.overdraw.limit", Label: "Allow overdraw (temporary credit)", Section: "financial", Kind: FieldAmount, Noun: "overdraw", Since: "0.1.0", Guard: GuardMoney,
		Values: "an amount from 0, in the currency's minor digits",
		Effect: "More credit until its end; afterwards what was drawn stays as debt.",
		at:     func(a *Account) value { return zeroableAmount{&a.Credit.Overdraw.Limit} },
	},
	{
		Path: "credit.overdraw.expires_at", Label: "Overdraw ends", Section: "financial", Kind: FieldTime, Noun: "overdraw_end", Since: "0.1.0", Guard: GuardMoney,
		Values: "an instant in the future, at most 90 days ahead",
		Effect: "The first instant at which the overdraw no longer counts.",
		at:     func(a *Account) value { return timeValue{&a.Credit.Overdraw.ExpiresAt, a} },
	},
	{
		Path: "credit.overdraw.reason", Label: "Overdraw reason", Section: "financial", Kind: FieldText, Noun: "reason", Max: 200, Since: "0.1.0",
		Values: "up to 200 characters",
		Effect: "Why the overdraw was granted; kept in the history.",
		at:     func(a *Account) value { return textValue[string]{&a.Credit.Overdraw.Reason} },
	},
	{
		Path: "credit.shared", Label: "Spend the parent's money", Section: "financial", Kind: FieldFlag, Noun: "shared", Since: "0.1.0", Guard: GuardMoney,
		Values: "on or off; takes effect in subaccounts without money of their own",
		Effect: "The nearest account above with money of its own pays, within its limits.",
		at:     func(a *Account) value { return flagValue{&a.Credit.Shared} },
	},
	{
		Path: "credit.cap", Label: "Monthly cap", Section: "financial", Kind: FieldAmount, Noun: "cap", Since: "0.1.0", Guard: GuardMoney,
		Values: "an amount from 0, in the currency's minor digits; empty for no cap",
		Effect: "The most of the parent's money to be spent in a month of the client's calendar.",
		at:     func(a *Account) value { return amountValue{&a.Credit.Cap} },
	},
	{
		Path: "routing.priority", Label: "SMS priority", Section: "financial", Kind: FieldChoice, Noun: "priority", Since: "0.1.0",
		Choices: priorityChoices, Inherits: true,
		Values: "0 to 3, 3 is highest; empty for the product's",
		Effect: "The priority of the client's messages, and the highest they may ask for.",
		at:     func(a *Account) value { return numberValue{&a.Routing.Priority} },
	},
	{
		Path: "routing.bypass_blacklist", Label: "Disable Black List", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Skips the platform's list only; opt-outs and legal lists always hold.",
		at:     func(a *Account) value { return flagValue{&a.Routing.BypassBlacklist} },
	},
	{
		Path: "routing.dynamic_sender", Label: "Dynamic Sender", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0", Guard: GuardPermission,
		Values: "on or off",
		Effect: "Any valid sender, not only the approved ones.",
		at:     func(a *Account) value { return flagValue{&a.Routing.DynamicSender} },
	},
	{
		Path: "routing.senders", Label: "Approved senders", Section: "financial", Kind: FieldList, Noun: "senders", Since: "0.1.0", Guard: GuardPermission,
		Values: "up to 200 senders of 1 to 11 letters, digits and, inside, space . - _ &, or of 3 to 15 digits",
		Effect: "The senders the client may use while Dynamic Sender is off.",
		at:     func(a *Account) value { return structuredValue{&a.Routing.Senders} },
	},
	{
		Path: "routing.mo_smpp", Label: "Send MO SMS via SMPP", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0",
		Values: "on or off; takes effect with Can Send via SMPP",
		Effect: "Incoming messages go to the SMPP session; else to the URL for incoming SMS.",
		at:     func(a *Account) value { return flagValue{&a.Routing.MOviaSMPP} },
	},
	{
		Path: "mail.daily_statistics", Label: "Daily mailing of general statistics", Section: "financial", Kind: FieldFlag, Noun: "flag", Since: "0.1.0",
		Values: "on or off",
		Effect: "One mail per day of the client's calendar.",
		at:     func(a *Account) value { return flagValue{&a.Mail.DailyStatistics} },
	},
}
