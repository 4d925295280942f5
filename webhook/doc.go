// Package webhook tells clients what became of their messages, and what came in
// for them, by calling the URLs they gave: signed, in order where order matters,
// again and again until it is taken, and never anywhere it should not reach.
//
// The platform hands a message's state, or a message that came in, to the Service
// (SubmitState, SubmitIncoming), also within the transaction in which it notes the same
// for itself. Once that is committed the deliveries are not lost. A [Dispatcher] sends
// them; any number of hosts may run one on the same database:
//
//	d, err := webhook.NewDispatcher(st, nil)
//	...
//	go func() { errs <- d.Run(ctx) }()
//
// # What clients get
//
// The URLs of the API family are called with GET, our fields behind the client's own
// query; those of the REST family with POST and JSON. Both carry the three headers of
// the Standard Webhooks specification, and what is signed is the query or the body,
// byte for byte. The same delivery may come more than once, always with the same
// webhook-id: receivers must drop what they have seen. Of one message's states none
// comes after a later one. docs/webhooks.md is written for those who receive.
//
// # Where it may go
//
// A URL is checked again at each try, and each address that is about to be dialled,
// by the rules of package target. Proxies of the environment are not used, redirects
// not followed, and what the far end sends is read up to small limits.
//
// # Secrets
//
// An [account.HookSecret] signs and is never shown. A URL appears in no error, log
// line, record or metric of this package; a hook is named by its account and kind.
package webhook
