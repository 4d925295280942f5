package mail

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// What came of a try, or why a mail was given up without one: [store.MailTry.Code]. They are for
// programs and stable. A sending that failed has the code of its Step.
const (
	CodeSent      = "sent"       // somebody took it, and answers for it
	CodeTimeout   = "timeout"    // the Sender did not end in time
	CodeFailed    = "failed"     // the Sender failed, and did not say at which step
	CodePanic     = "panic"      // the Sender, or what makes mails, panicked
	CodeCompose   = "compose"    // the mail could not be made of its document
	CodeNoAddress = "no_address" // the client has no such address any more
	CodeAddress   = "address"    // the address is none that mail can be sent to
	CodeExpired   = "expired"    // it was due so long ago that it is not sent any more
)

// tryCodes has every code of a try, with what it means.
var tryCodes = []account.Code{
	{Code: CodeSent, Text: "A server took the mail and answers for it.", About: "Mail"},
	{Code: string(StepMessage), Text: "The mail itself cannot be sent.", About: "Mail"},
	{Code: string(StepConnect), Text: "There was no connection to the server, or no greeting.", About: "Mail"},
	{Code: string(StepTLS), Text: "There was no trusted encryption.", About: "Mail"},
	{Code: string(StepAuth), Text: "The server did not take our credentials.", About: "Mail"},
	{Code: string(StepFrom), Text: "The server did not take the sender.", About: "Mail"},
	{Code: string(StepTo), Text: "The server did not take the recipient.", About: "Mail"},
	{Code: string(StepContent), Text: "The server did not take the mail, or only a part of it was sent.", About: "Mail"},
	{Code: string(StepAnswer), Text: "All was sent, and no answer came: it may have been taken.", About: "Mail"},
	{Code: CodeTimeout, Text: "The sending did not end in time: it may have been taken.", About: "Mail"},
	{Code: CodeFailed, Text: "The sending failed; at which step is not known.", About: "Mail"},
	{Code: CodePanic, Text: "The platform's own functions failed: see its log.", About: "Mail"},
	{Code: CodeCompose, Text: "The mail could not be made of its document: see the platform's log.", About: "Mail"},
	{Code: CodeNoAddress, Text: "The client has no address for such mails any more.", About: "Mail"},
	{Code: CodeAddress, Text: "The address is none that mail can be sent to.", About: "Mail"},
	{Code: CodeExpired, Text: "The mail was due so long ago that it is not sent any more; send it again to have it sent.", About: "Mail"},
}

// TryCodes returns every code of a try, with what it means.
func TryCodes() []account.Code { return slices.Clone(tryCodes) }
