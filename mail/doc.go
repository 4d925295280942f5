// Package mail holds what leaves by mail: messages that cannot carry a forged header, the
// templates they are written by, and what a failed sending means. It opens no connection
// and reads no clock: a [Sender] sends, such as mail/smtp, a module of its own, or a few
// lines of a host's over the HTTP interface of its provider.
//
//	templates, err := mail.NewTemplates(mail.TemplateOptions{})
//	...
//	m, err := templates.Render("en", mail.LimitReached{About: about, Funds: funds, Limit: limit})
//	...
//	m.ID, m.From, m.To, m.Date = id, from, to, now
//	err = sender.Send(ctx, m)
//
// # Headers
//
// What goes into a header is of a type that cannot hold a line break: an [Address] was
// parsed once, a [Line] is one line, a [MessageID] is made from ids. So a name or a company
// with a line break in it is an error where it is put together, and never a header.
//
// # Trying again
//
// A message that was not taken is tried again by the schedule of [Wait], unless
// [IsPermanent] reports that this would not help. Each try carries the same Message-ID, so
// who gets a message twice can see that it is the same one.
package mail
