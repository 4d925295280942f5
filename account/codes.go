package account

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Code is one code that programs get, as documents list it. Codes are stable; texts
// may change.
type Code struct {
	Code  string
	Text  string // in English, for people; verbs of package fmt stand for what is filled in
	About string // what it is about, in words: a field's label, or "Movements of money"
}

// NewFault returns the fault of a code on a field, with the code's text; args fill the
// text's verbs. An unknown code gets a plain text.
func NewFault(path, code string, args ...any) Fault {
	text, ok := codeTexts[code]
	if !ok {
		text = "This value is not accepted."
	}
	return newFault(path, code, text, args)
}

func newFault(path, code, text string, args []any) Fault {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return Fault{Path: path, Code: code, Text: text}
}

// FaultCodes returns every code that a fault or a warning can have, those of fields
// first, in the order of the page.
func FaultCodes() []Code { return slices.Clone(faultCodes) }

// faultCodes are those of all fields, and those of none.
var faultCodes = slices.Concat(codesOf(slices.Concat(accounts.Fields(), managers.Fields(), products.Fields())), plainCodes())

var codeTexts = func() map[string]string {
	texts := make(map[string]string, len(faultCodes))
	for _, c := range faultCodes {
		texts[c.Code] = c.Text
	}
	return texts
}()

// codesOf returns the codes of fields, each once: fields of one noun share theirs.
func codesOf(fields []Field) (codes []Code) {
	at := map[string]int{}
	for _, f := range fields {
		for _, rule := range slices.Sorted(maps.Keys(f.texts)) {
			code := f.Noun + "." + string(rule)
			if i, known := at[code]; !known {
				at[code] = len(codes)
				codes = append(codes, Code{code, f.texts[rule], f.Label})
			} else if !slices.Contains(strings.Split(codes[i].About, ", "), f.Label) {
				codes[i].About += ", " + f.Label
			}
		}
	}
	return codes
}

func plainCodes() (codes []Code) {
	for _, subject := range subjects {
		for _, c := range subject.codes {
			codes = append(codes, Code{c.code, c.text, subject.about})
		}
	}
	return codes
}

type codeText struct{ code, text string }

// subjects have the codes that are no field's own, with their texts.
var subjects = []struct {
	about string
	codes []codeText
}{
	{"Any text", []codeText{
		{"text.chars", "This text contains characters that cannot be stored."},
	}},
	{"Any field", []codeText{
		{"field.unknown", "Unknown field: %s."},
		{"field.duplicate", "This field is given twice: %s."},
		{"field.unused", "This movement does not use: %s."},
		{"field.forbidden", "You cannot change: %s."},
		{"field.hidden", "A setting that you do not see stands in the way. Ask somebody who sees it."},
		{"field.type", "This value has the wrong type."},
	}},
	{"Subaccounts", []codeText{
		{"parent.unknown", "This parent account does not exist."},
		{"parent.forbidden", "The parent account may not add subaccounts."},
		{"parent.depth", "At most %d levels of subaccounts."},
		{"parent.currency", "A subaccount has its parent's currency, %s."},
	}},
	{"Fields together", []codeText{
		{"billing_email.required", `Give the billing e-mail or switch "Send to email" off.`},
	}},
	{"History", []codeText{
		{"change.superseded", "This field was changed again since; edit it by hand."},
		{"change.final", "There is nothing in this change that can be taken back."},
	}},
	{"Many clients at once, and files", []codeText{
		{"many.nothing", "Choose what is to be changed."},
		{"many.client", "Give ids of clients."},
		{"many.nobody", "Choose clients that are there."},
		{"many.create", "This is a new client, and you may not make any."},
		{"many.state", "There is no such state."},
		{"import.empty", "There is no client in this file."},
		{"import.encoding", "The file is not in UTF-8, nor in UTF-16 with a byte order mark: save it as CSV UTF-8."},
		{"import.workbook", "This is a workbook: save it as CSV UTF-8."},
		{"import.format", "This is no workbook of Excel that can be read: save it as XLSX again, or as CSV UTF-8."},
		{"import.protected", "This workbook has a password, or is one of Excel 97 (XLS): save it as XLSX without a password, or as CSV UTF-8."},
		{"import.unpacked", "The workbook unpacks to more than %d MB: send it in parts."},
		{"import.texts", "The workbook has more than %d different texts, or %d MB of them: send it in parts."},
		{"import.formula", "Line %d has a formula that was never computed, in cell %s: open the workbook, and save it."},
		{"import.error", "This cell has an error of the spreadsheet: %s."},
		{"import.amount", "This can be read in two ways: write a comma before decimals, and nothing between thousands."},
		{"import.several", "Several have this name: write the id."},
		{"import.more", "Line %d has more cells than the first line has names."},
		{"import.json", "What comes as client %d is no JSON, or no object."},
		{"import.syntax", "Line %d cannot be read: a quotation mark is not closed, or stands where none may."},
		{"import.size", "The file is larger than 32 MB: send it in parts."},
		{"import.columns", "A line has at most %d cells."},
		{"import.cell", "A cell of line %d is longer than %d bytes."},
		{"import.line", "Line %d is longer than %d MB, or a quotation mark in it is not closed."},
		{"import.secret", "The column %s is of a password: passwords are never in a file."},
		{"import.column", "The column %s is no field that you may change."},
		{"import.twice", "The column %s is there twice."},
		{"import.key", "A column has to say which client: its id, or its login."},
		{"import.id", "Line %d has the id of no client."},
		{"import.create", "Line %d is a new client, and you may not make any."},
		{"import.missing", "Choose a file."},
		{"many.typed", "Some of this wants a second look: type the number of clients that change, %s."},
	}},
	{"Tasks: what is done later, or by a second person", []codeText{
		{"task.password", "A password cannot be set in advance: it would have to be kept until then."},
		{"task.at", "Choose an instant that lies ahead, by a year at most."},
		{"task.empty", "There is nothing to change."},
		{"task.second", "Somebody else has to confirm this: a second person, not the one who asked for it."},
		{"task.state", "There is no such state of what waits to be done."},
		{"task.ended", "There is nothing left to do here: this was done, refused or cancelled before."},
		{"task.expired", "The time in which this could be confirmed is over. Ask for it again."},
		{"task.scope", "The client is no longer among those whom the one who asked for this sees."},
		{"task.alike", "The same may have been booked since this was shown: look at it again."},
		{"task.step", "By now this comes to something that cannot be taken back, or bites at once, and that was not there to be seen: look at it again."},
		{"task.failed", "This failed again and again, and was given up."},
		{"task.exhausted", "Not enough is available for this any more."},
		{"task.closed", "The account is closed, and takes and gives no money."},
		{"task.shared", "The account spends its parent's money, and has none of its own to move."},
		{"task.hold", "The hold has ended, or holds less."},
		{"task.refund", "There is less left to give back, or nothing."},
	}},
	{"Batches: many at once", []codeText{
		{"batch.kind", "A batch changes clients, or imports them."},
		{"batch.state", "The batch is not where this can be done with it: look at it again."},
		{"batch.account", "Say which client."},
		{"batch.empty", "There is nothing in this batch."},
		{"batch.size", "A batch has at most %d lines."},
		{"batch.twice", "The same is in line %d already."},
		{"batch.faulty", "%d lines would be refused: mend them, or let the others run alone."},
		{"batch.undone", "This batch was taken back before."},
		{"batch.more", "More was done than this takes back, by who had begun it when it was stopped. Drop this, and take it all back anew."},
	}},
	{"Lists and searches", []codeText{
		{"search.broad", "This finds too much: search in more words."},
		{"column.unknown", "There is no column %s."},
		{"sort.hidden", "This order would tell what you do not see."},
		{"sort.unknown", "There is no such order."},
		{"attention.unknown", "There is no such reason."},
		{"cursor.invalid", "Start the list again."},
		{"limit.range", "A page has at most %d rows."},
		{"q.length", "At most 200 characters."},
		{"instant.range", "An instant lies in the years 1 to 9999."},
	}},
	{"Movements of money", []codeText{
		{"kind.unknown", "There is no such kind of movement."},
		{"kind.internal", "Movements of this kind are made by the library alone."},
		{"amount.zero", "Enter an amount."},
		{"amount.negative", "The amount cannot be negative."},
		{"amount.scale", "At most %d decimals."},
		{"amount.range", "The amount is too large."},
		{"amount.comma", "Use a dot for decimals, and nothing between thousands."},
		{"amount.ambiguous", "This can be read in two ways: say which you mean."},
		{"amount.format", "Enter an amount, for example 100.00."},
		{"amount.currency", "The account's currency is %s."},
		{"amount.price", "Give an amount, or a price of each message, not both."},
		{"messages.range", "Enter a whole number of messages."},
		{"timeout.range", "A hold ends after at most 366 days."},
		{"of.both", "Say which entry is refunded by its number or by its reference, not by both."},
		{"of.required", "Say which entry is refunded."},
		{"to.other", "Choose another account."},
		{"to.unknown", "This account does not exist."},
		{"reason.required", "Say why."},
		{"idempotency.required", "A reference is required."},
		{"idempotency.length", "A reference has at most 255 bytes."},
		{"idempotency.chars", "A reference is a line of text that can be seen, and does not begin with clientaccount:."},
		{"idempotency.mismatch", "This reference stands for something else already."},
		{"payment.required", "Type what the bank calls the payment, so that it is not booked twice."},
		{"payment.booked", "This payment was booked already, as entry %d. Nothing was booked now."},
	}},
	{"Reports of messages", []codeText{
		{"message.required", "The message needs an id."},
		{"message.length", "A message id has at most 255 bytes."},
		{"message.chars", "A message id is a line of text that can be seen."},
		{"message.size", "What would be sent is larger than %d bytes."},
		{"state.unknown", "There is no such state of a message in SMPP 5.0."},
		{"encoding.unknown", "An encoding is gsm7, ucs2 or binary."},
		{"parts.range", "A message has at most 255 parts."},
		{"network.mcc", "A mobile country code has three digits."},
		{"network.mnc", "A mobile network code has two or three digits."},
		{"seq.range", "A state's number is not negative."},
		{"instant.required", "Say when it became known."},
	}},
	{"Messages that are kept", []codeText{
		{"account.required", "Say whose message it is."},
		{"channel.choice", "Choose a channel from the list."},
		{"message.id_length", "A message id has at most %d bytes."},
		{"message.suffix", "A message id does not end in /%s: so ends the reference of a movement."},
		{"network.required", "Say which network."},
		{"network_id.required", "A network's id cannot be empty."},
		{"network_ids.count", "A message has as many network ids as parts, %d, at most."},
		{"network_ids.twice", "A network's id stands for one part, or is given once for all."},
		{"part.range", "There is no such part."},
		{"stage.unknown", "Use held, sent, ended, unsent or timed_out."},
		{"unsent.state", "What was not sent is REJECTD or UNDELIV."},
		{"send_within.range", "The time to send ends after at most %d days."},
		{"wait.range", "Reports are waited for; for %d days at most."},
		{"day.required", "Say on which day it counts."},
		{"text.length", "At most %d bytes."},
	}},
	{"Documents", []codeText{
		{"document.kind", "There is no such kind of document."},
		{"document.mailed", "Use waiting, sent or failed."},
		{"document.address", "The client has no e-mail address for this. Give one."},
	}},
	{"Credit notes", []codeText{
		{"credit_note.line", "The invoice has no line %d that can be taken back by itself."},
		{"credit_note.twice", "Line %d is given twice."},
		{"credit_note.messages", "Give between 1 and %d messages."},
		{"credit_note.amount", "Give an amount up to %s."},
		{"credit_note.both", "Give messages or an amount, not both."},
		{"credit_note.price", "This line has no price of a message. Give an amount."},
		{"credit_note.empty", "Choose a line at least."},
		{"credit_note.left", "This is more than is left of the invoice to take back."},
	}},
	{"Webhooks and deliveries", []codeText{
		{"hook.unknown", "There is no such webhook."},
		{"delivery.state", "Use waiting, done or dead."},
		{"replay.empty", "Say which deliveries: some of them, a webhook, or a time."},
		{"replay.length", "At most %d deliveries at once."},
		{"replay.order", "The end must lie after the beginning."},
		{"overlap.range", "Two secrets are valid together for at most 30 days."},
	}},
	{"Requests to the admin", []codeText{
		{"query.syntax", "The query cannot be read."},
		{"query.unknown", "Unknown parameter: %s."},
		{"query.duplicate", "This parameter is given twice: %s."},
		{"preview.flag", "Use true or false."},
		{"sort.choice", "Choose an order from the list."},
		{"separator.choice", "Cells are separated by comma, semicolon or tab: name one of these words."},
		{"decimal.choice", "The decimal sign is point or comma: name one of these words."},
		{"charset.choice", "Choose utf-8, utf-16le, utf-16be or windows-1251."},
		{"extra.choice", "Choose true or false."},
		{"time.format", "Use RFC 3339, for example 2026-11-23T08:41:02Z; on a page, a date and a time of the client's clock."},
		{"date.format", "Use a date, for example 2026-11-23."},
		{"dates.range", "The last day must not lie before the first, and at most %d days can be asked for at once."},
		{"delivery.id", "Use the ids of deliveries."},
		{"document.id", "Use the id of an invoice."},
		{"time.unused", "A time is given here: press Schedule, or empty it to apply the change now."},
		{"confirm.required", "Confirm that a new secret is to be made."},
		{"version.required", "It is not known which version this was made from. Look the values over and apply again."},
		{"version.conflict", "This was changed by somebody else meanwhile."},
		{"second.required", "A second person must confirm this, and it cannot be proposed here."},
		{"reference.in_use", "Clients still have this, so it stays. Give them another one first."},
	}},
	{"Steps: looked at before they are written", []codeText{
		{"step.login", "Whoever signs in as %s no longer gets in: with SMPP the login is the system_id."},
		{"step.currency", "All amounts of the client are in %s then, no longer in %s. Once money has moved, that stays."},
		{"step.by_product", "By the other product this becomes %s; it was %s."},
		{"step.product", "%s: %s then, %s before."},
		{"step.closes", "Closing is for good: nobody can open the account again."},
		{"step.closes_money", "%s stays in it for good. It can be moved to another client by a transfer first, or adjusted."},
		{"step.closes_debt", "%s stay owed for good: book the payment first, or adjust the balance."},
		{"step.stops_sending", "The client is active now. With this nothing more is sent for it, nor for its subaccounts."},
		{"step.ended", "This end has passed: the account counts as expired at once."},
		{"step.second", "A second person must confirm this: until then nothing is changed."},
		{"step.last_channel", "This is the last channel: the client can send by none then."},
	}},
	{"Warnings: allowed, but hardly meant", []codeText{
		{"warning.no_parent", "Only a subaccount can spend its parent's money: this has no effect."},
		{"warning.no_shared", "The cap counts only for an account that spends its parent's money."},
		{"warning.shared_limits", "This account spends its parent's money, within its parent's limits: its own do not count."},
		{"warning.no_smpp", "Can Send via SMPP is off, so incoming messages go to the URL for incoming SMS."},
		{"warning.no_channel", "The client is active, but no channel for sending is on."},
		{"warning.no_sender", "Dynamic Sender is off and no sender is approved, so nothing can be sent."},
		{"warning.no_state_url", "This channel is on, but there is no URL for SMS states."},
		{"warning.no_incoming_url", "There is no URL for incoming SMS, so they are delivered nowhere."},
		{"warning.no_reader", "There is no e-mail address to send this to."},
		{"warning.no_days", "Without dates for invoices, no statistics are made."},
		{"warning.overdraw_ended", "This overdraw has ended and no longer counts."},
		{"warning.ended", "This end has passed: the account counts as expired."},
	}},
}
