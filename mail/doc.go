// Package mail is what leaves by mail: messages that cannot carry a forged header, the templates
// they are written by, and the dispatcher that sends what waits in a store's outbox. It opens no
// connection: a [Sender] sends, such as mail/smtp, a module of its own, or a few lines of a host's
// over the HTTP interface of its provider.
//
//	templates, err := mail.NewTemplates(mail.TemplateOptions{})
//	...
//	d, err := mail.NewDispatcher(st, sender, &mail.Config{
//		Composer: mail.Composer{Templates: templates, Platform: "Example SMS", From: from, Domain: "example.net"},
//	})
//	...
//	go func() { errs <- d.Run(ctx) }()
//
// # From a document to a message
//
// What is mailed is a document (package account/document), a notice too: data that is kept once,
// and never changes. A row of the outbox holds which document goes to which of a client's
// addresses, and what came of its tries. Its message is made when it is sent: a [Composer] finds
// what there is to tell ([ContentOf]), has the [Templates] of the document's language write subject,
// text and HTML, and attaches files. The same document makes the same message, byte for byte, so
// nothing of it needs to be kept.
//
// A mail goes to the address that the client has when it is sent. Its [MessageID] follows from
// document and address: who gets a mail twice can see that it is the same one.
//
// # Headers
//
// What goes into a header is of a type that cannot hold a line break: an [Address] was
// parsed once, a [Line] is one line, a [MessageID] is made from ids. So a name or a company
// with a line break in it is an error where it is put together, and never a header.
//
// # Trying again
//
// A message that was not taken is tried again by the schedule of [Wait], unless [IsPermanent]
// reports that this would not help. It is sent at least once: a process that dies between sending
// and noting that leaves a lease, and when that ends another sends it again. What came of a mail is
// one of [TryCodes], with what the far end said.
//
// A domain gets a few mails at once, and those that were slow have half of all places together:
// so one that hangs delays no other. A [Sender] that panics, or does not end with its context, is
// a failed try.
//
// # Secrets
//
// Templates see what is declared in this package, and nothing else of an account. No address, text
// or secret is in a log line, an error or a metric of the dispatcher; a mail is named by its id.
package mail
