package account

import "fmt"

// NewFault is the fault of a code on a field, with the code's text; args fill the
// text's verbs. An unknown code gets a plain text.
func NewFault(path, code string, args ...any) Fault {
	text, ok := texts[code]
	if !ok {
		text = "This value is not accepted."
	}
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return Fault{Path: path, Code: code, Text: text}
}

// texts has the English text of every code. Codes are stable; texts may change.
var texts = map[string]string{
	"login.required":    "Login is required.",
	"login.length":      "Login must have 3 to 64 characters.",
	"login.chars":       "Login may contain only a-z, 0-9, dot, hyphen and underscore.",
	"login.taken":       "This login is already in use.",
	"login.smpp_length": "With SMPP sending on, the login must have at most 15 characters.",

	"password.required":        "Password is required.",
	"password.length":          "Password must have 8 to 128 characters.",
	"password.common":          "This password is too common.",
	"password.context":         "The password must not contain the login or company name.",
	"password.mismatch":        "The two passwords differ.",
	"password.retype_required": "Repeat the password.",

	"manager.unknown":           "This manager does not exist.",
	"notification_limit.range":  "Enter a whole number of messages from 0 to 2,147,483,647, or leave empty.",
	"notification_limit.unit":   "Count in messages or money.",
	"notification_limit.comma":  "Use a dot for decimals.",
	"notification_limit.scale":  "At most %d decimals for %s.",
	"notification_limit.format": "Enter an amount, for example 100.00.",
	"notification_limit.amount": "The amount is too large.",
	"moderation.choice":         "Choose none, manual or automatic.",
	"time_zone.unknown":         "Unknown time zone.",

	"dispatch.format": "Use HH:MM–HH:MM, for example 09:00–18:00.",
	"dispatch.range":  "Hours go from 00:00 to 24:00.",
	"dispatch.pair":   "Give both start and end.",
	"dispatch.empty":  "Start and end are the same; for the whole day use 00:00–24:00.",
	"dispatch.days":   "Choose at least one day of the week.",

	"currency.unknown": "Choose a currency from the list.",
	"currency.in_use":  "The currency cannot change once money has moved.",
	"currency.amounts": "The currency can change only while credit, overdraw and money limits are zero.",

	"credit.comma":    "Use a dot for decimals.",
	"credit.format":   "Enter an amount, for example 100.00.",
	"credit.scale":    "At most %d decimals for %s.",
	"credit.negative": "The credit cannot be negative.",
	"credit.range":    "The amount is too large.",

	"overdraw.comma":           "Use a dot for decimals.",
	"overdraw.format":          "Enter an amount, for example 100.00.",
	"overdraw.scale":           "At most %d decimals for %s.",
	"overdraw.negative":        "The overdraw cannot be negative.",
	"overdraw.range":           "The amount is too large.",
	"overdraw.expiry_required": "A temporary credit needs an end date.",
	"overdraw.expiry_past":     "The end must be in the future.",
	"overdraw.expiry_far":      "The end must be within %d days.",
	"overdraw_end.format":      "Enter a date and time, for example 2026-11-30 18:00.",
	"reason.length":            "At most 200 characters.",

	"shared.flag":       "Choose on or off.",
	"shared.money":      "The account has money of its own or holds; settle and move that first.",
	"cap.comma":         "Use a dot for decimals.",
	"cap.format":        "Enter an amount, for example 100.00.",
	"cap.scale":         "At most %d decimals for %s.",
	"cap.negative":      "The cap cannot be negative.",
	"cap.range":         "The amount is too large.",
	"status.held":       "Money is held: %s. It must be captured or released first.",
	"credit.below_used": "%s more is used than this allows: sends stop until that is paid.",

	"priority.range": "Choose a priority from 0 to 3.",
	"flag.flag":      "Choose on or off.",
	"senders.format": "A sender has 1 to 11 letters and digits, or 3 to 15 digits.",
	"senders.count":  "At most 200 senders.",

	"name.required":     "A private client needs first and last name.",
	"name.length":       "At most 100 characters.",
	"contract.length":   "At most 64 characters.",
	"contract.taken":    "This contract number belongs to another client.",
	"company.required":  "A company needs its name.",
	"company.length":    "At most 200 characters.",
	"credential.length": "At most 64 characters.",
	"phone.format":      "Use international format, for example +380501112233.",
	"country.unknown":   "Choose a country from the list.",
	"telegram.format":   "Use a Telegram name like @acme_support.",
	"skype.format":      "Use a Skype name.",
	"text.chars":        "This text contains characters that cannot be stored.",

	"dlr_days.range":     "Choose 1 to 30 days.",
	"status.choice":      "Choose a status from the list.",
	"status.transition":  "A closed client cannot become active again.",
	"status.pending":     "A client that was approved cannot become pending again.",
	"status.subaccounts": "%d subaccounts are open; close them first.",
	"expiry.format":      "Enter a date and time, for example 2026-11-30 18:00.",
	"subaccounts.in_use": "%d subaccounts exist; close them first.",
	"subaccounts.flag":   "Choose on or off.",
	"parent.unknown":     "This parent account does not exist.",
	"parent.forbidden":   "The parent account may not add subaccounts.",
	"parent.depth":       "At most %d levels of subaccounts.",
	"parent.currency":    "A subaccount has its parent's currency, %s.",

	"manager_name.required": "A manager needs a name.",
	"manager_name.length":   "At most 100 characters.",
	"product_name.required": "A product needs a name.",
	"product_name.length":   "At most 100 characters.",
	"currency.required":     "Prices and limits need a currency.",
	"price.comma":           "Use a dot for decimals.",
	"price.format":          "Enter an amount, for example 0.0312.",
	"price.negative":        "The price cannot be negative.",
	"price.range":           "The amount is too large.",
	"price.scale":           "At most %d decimals.",

	"warning.no_parent":       "Only a subaccount can spend its parent's money: this has no effect.",
	"warning.no_shared":       "The cap counts only for an account that spends its parent's money.",
	"warning.shared_limits":   "This account spends its parent's money, within its parent's limits: its own do not count.",
	"warning.no_smpp":         "Can Send via SMPP is off, so incoming messages go to the URL for incoming SMS.",
	"warning.no_channel":      "The client is active, but no channel for sending is on.",
	"warning.no_sender":       "Dynamic Sender is off and no sender is approved, so nothing can be sent.",
	"warning.no_state_url":    "This channel is on, but there is no URL for SMS states.",
	"warning.no_incoming_url": "There is no URL for incoming SMS, so they are delivered nowhere.",
	"warning.no_reader":       "There is no e-mail address to send this to.",
	"warning.no_days":         "Without dates for invoices, no statistics are made.",
	"warning.overdraw_ended":  "This overdraw has ended and no longer counts.",
	"warning.ended":           "This end has passed: the account counts as expired.",
	"warning.stops_sending":   "The client can send now, and will no longer.",

	"email.format":           "Enter one e-mail address.",
	"email.length":           "At most 254 characters.",
	"price_format.choice":    "Choose a format from the list.",
	"price_format.required":  "Choose a price format.",
	"billing_email.required": `Give the billing e-mail or switch "Send to email" off.`,

	"enterprise.choice":     "Choose Company or Private.",
	"invoice_days.format":   "Separate days by commas, for example 1,15.",
	"invoice_days.range":    "Days go from 1 to 31.",
	"invoice_days.required": `Give at least one day or switch "Send invoices" off.`,
	"comments.length":       "At most 4,000 characters.",
	"product.unknown":       "This product does not exist.",
	"product.currency":      "The product's currency is %s, the client's %s.",

	"kind.unknown":         "There is no such kind of movement.",
	"search.broad":         "This finds too much: search in more words.",
	"sort.hidden":          "This order would tell what you do not see.",
	"amount.zero":          "Enter an amount.",
	"amount.negative":      "The amount cannot be negative.",
	"amount.scale":         "At most %d decimals.",
	"amount.range":         "The amount is too large.",
	"amount.comma":         "Use a dot for decimals.",
	"amount.format":        "Enter an amount, for example 100.00.",
	"amount.currency":      "The account's currency is %s.",
	"amount.price":         "Give an amount, or a price of each message, not both.",
	"messages.range":       "Enter a whole number of messages.",
	"timeout.range":        "A hold ends after at most 366 days.",
	"of.required":          "Say which entry is refunded.",
	"to.other":             "Choose another account.",
	"to.unknown":           "This account does not exist.",
	"reason.required":      "Say why.",
	"idempotency.required": "A reference is required.",
	"idempotency.length":   "A reference has at most 255 bytes.",
	"idempotency.chars":    "A reference is text without control characters, and does not begin with clientaccount:.",
	"idempotency.mismatch": "Same key with different content.",

	"message.required": "The message needs an id.",
	"message.length":   "A message id has at most 255 bytes.",
	"message.chars":    "A message id is text without control characters.",
	"message.size":     "What would be sent is larger than %d bytes.",
	"state.unknown":    "There is no such state of a message in SMPP 5.0.",
	"encoding.unknown": "An encoding is gsm7, ucs2 or binary.",
	"parts.range":      "A message has at most 255 parts.",
	"network.mcc":      "A mobile country code has three digits.",
	"network.mnc":      "A mobile network code has two or three digits.",
	"seq.range":        "A state's number is not negative.",
	"instant.required": "Say when it became known.",
	"instant.range":    "An instant lies in the years 1 to 9999.",

	"hook.unknown":  "There is no such webhook.",
	"replay.empty":  "Say which deliveries: some of them, a webhook, or a time.",
	"replay.length": "At most %d deliveries at once.",
	"replay.order":  "The end must lie after the beginning.",
	"overlap.range": "Two secrets are valid together for at most 30 days.",

	"change.superseded": "This field was changed again since; edit it by hand.",
	"change.final":      "There is nothing in this change that can be taken back.",
	"cursor.invalid":    "Start the list again.",

	"field.unknown":   "Unknown field: %s.",
	"field.duplicate": "This field is given twice: %s.",
	"field.forbidden": "You cannot change: %s.",
	"field.type":      "This value has the wrong type.",
}
