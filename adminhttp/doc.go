// Package adminhttp is the admin of client accounts as an [http.Handler]: pages
// for people and JSON for programs over one clientaccount.Service.
//
// It works wherever it is mounted, with nothing to configure: at the root, under
// [http.StripPrefix], under a pattern with wildcards such as /t/{tenant}/admin/,
// behind a proxy that takes a prefix off. Every URL it writes is relative. It needs the
// whole subtree ("/admin/", not "/admin" alone), and where a router does not say by
// [http.Request].Pattern what it matched, as gin and echo v4, StripPrefix as well.
//
//	admin, err := adminhttp.New(svc, adminhttp.Config{
//		Actor:  func(r *http.Request) (account.Actor, error) { return session(r) },
//		Policy: func(r *http.Request, who account.Actor) (adminhttp.Policy, error) {
//			return adminhttp.FullAccess(), nil
//		},
//	})
//	mux.Handle("/admin/", http.StripPrefix("/admin", admin))
//
// Money is moved once for each reference: a program names its own in the body of a
// POST, and every form of a page carries one that was made with the page, so that
// sending it twice moves money once. Seeing money and each way of moving it are
// actions of the [Policy].
//
// What cannot be taken back, or bites at once, is told on pages before it is done, and done by a second
// press: every movement of money, the steps of a change of a client and of an undo, a new gateway
// password, a deletion. A program that wants to be told the same asks for ?preview=true where there is
// anything to work out.
//
// What a host says needs a second person ([Policy].Second) is not done, but proposed: another one
// with [ActionConfirm] confirms or rejects it, on a page of all that waits, on the client's own
// pages, or by JSON, where it is answered with 202 and the task. It expires ([Config].ConfirmWithin).
// Where the same waits already, or was booked in the last 24 hours, both are told so before they go on.
// Who proposed it is told there for two weeks when it came to nothing, by whom, and why.
// A change can be made later, too, at an instant of the client's clock; it is judged again then. A
// top-up takes what the bank calls the payment, so that one payment is booked once.
//
// A message can be tried before anything is sent: a page and a POST answer whether it
// would go, until when it waits, and every rule that stands in its way. Whether that
// may be asked is an action too ([ActionDecide]).
//
// The actions are [ActionCreate], [ActionEdit], [ActionPassword], [ActionHistory],
// [ActionManagers] and [ActionProducts]; [ActionDecide]; with money [ActionMoney],
// [ActionTopUp], [ActionAdjust], [ActionPassLimit], [ActionTransfer], [ActionCharge] and
// [ActionRefund]; with webhooks [ActionWebhooks], [ActionReplay], [ActionTestHook] and
// [ActionHookSecret]; with messages [ActionMessages]; with documents [ActionDocuments],
// [ActionMailDocument] and [ActionCreditNote]; with price lists [ActionPrices],
// [ActionPriceDraft] and [ActionPriceAnnounce]; and [ActionConfirm].
//
// Where the Service keeps messages, they are a page of each client: found by their ids, the
// client's reference, a network's id, destination, state and day; each with its whole story,
// and all in figures of the client's days.
//
// Where it keeps price lists, they are pages of products and clients: prices as they hold, what
// a network costs at an instant, a draft that is gathered row by row or from files, a step in
// which is seen what it comes to and for whom, and what was announced. What clients used by day,
// and for how long what there is lasts, stands with their money.
//
// Where it keeps documents, they are a page of each client, and one of all clients within the
// scope, in which those come first whose mails failed: each as it was made, as files
// ([Config].Files), with its mails and what came of them, to be mailed again. Of an invoice a
// credit note is made, which is looked at before, and made once for each reference. What mails
// look like is shown with a client's data where [Config].Mail is given; nothing is sent by that.
//
// How a client's webhooks fare is a page as well: deliveries without their content,
// replay, a test, and new secrets, each shown once. The admin calls no URL itself: a
// test is sent by the host's dispatcher, whose Test is given as [Config].TestHook.
//
// Pages are said in the language of their request: in English, in [Ukrainian], or in any
// [Language] that a host gives by [Config].Languages, also from right to left, and also to have
// other words in English. Which one is taken says [Config].Language, else the Accept-Language header.
// JSON, codes and records are English always.
//
// The host answers two questions: who is this request, and what may they do. What is
// hidden from an actor is so by every way, with what follows from it: an amount that tells
// of a hidden limit, the id of a client outside the scope, a search, an order, a cursor.
// Outside the scope is answered as what is not there. Hosts with several processes give
// them one clientaccount.Options.CursorKey. The
// admin has no login of its own and keeps no session; changes by other sites are
// refused ([http.CrossOriginProtection]).
package adminhttp
