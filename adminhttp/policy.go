package adminhttp

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Action is something an actor may be allowed to do.
type Action = access.Action

// The actions. Seeing a client at all is a matter of the scope.
const (
	ActionCreate   = access.Create   // new clients
	ActionEdit     = access.Edit     // change clients, as far as Field allows
	ActionPassword = access.Password // set passwords, make gateway passwords
	ActionHistory  = access.History  // see who changed what of clients, managers and products, but for one's own changes, and what stood before
	ActionManagers = access.Managers // change the managers within the scope; add some, with AllClients
	ActionProducts = access.Products // change the list of products
)

// ActionDecide is to try a message: see whether it would be accepted, and what stands
// in its way. Nothing is sent, held or charged. Amounts are told with ActionMoney
// only; whether what is available pays for a price is told without it. Of a hidden
// field it is told that one stands in the way, and not which.
const ActionDecide = access.Decide

// The actions with money. Each that moves some needs ActionMoney too, since its
// answer tells of the balance.
const (
	ActionMoney     = access.Money     // see balances, entries, holds, and what came of them
	ActionTopUp     = access.TopUp     // add money
	ActionAdjust    = access.Adjust    // correct a balance, for a reason, within what is available
	ActionPassLimit = access.PassLimit // with ActionAdjust: beyond what is available
	ActionTransfer  = access.Transfer  // move money to another client within the scope
	ActionCharge    = access.Charge    // charge, hold, capture and release, as a gateway does
	ActionRefund    = access.Refund    // give back what was charged
)

// The actions with webhooks. Each needs ActionWebhooks too, since its answer tells how
// they fare. A webhook whose URL is hidden is not there for the actor at all.
const (
	ActionWebhooks   = access.Webhooks   // see deliveries, and how the URLs fare
	ActionReplay     = access.Replay     // send deliveries again, switch a URL on
	ActionTestHook   = access.TestHook   // call a URL with a made-up delivery
	ActionHookSecret = access.HookSecret // make a new secret to sign with
)

// ActionMessages is to see the messages that the Service keeps, what became of each, and what
// they come to. Prices, where the money is and entries are told with ActionMoney only, and
// deliveries to the client with ActionWebhooks. The number that a message goes to is a field
// of its own, PathDestination. Figures are by the days of the client's clock: who does not see
// its time zone is told none.
const ActionMessages = access.Messages

// The actions with documents. Those with amounts are there for who has [ActionMoney]; those that a
// setting orders for who sees it, as mails are for who sees billing.to_email; and notices for
// who sees what they are about. Hidden fields are blank in documents, on pages, in JSON and in
// files. A mail goes to a typed address only by who sees all of the document. Mailing once more
// needs ActionDocuments too, and a credit note ActionDocuments and ActionMoney.
const (
	ActionDocuments    = access.Documents    // see documents, and what their mails look like
	ActionMailDocument = access.MailDocument // mail a document once more
	ActionCreditNote   = access.CreditNote   // take an invoice back, or lines of it
)

// The actions with price lists. Those of a client follow from the product, so they are for who
// sees that field, too; what a product's list comes to concerns all its clients, so to look at
// its draft, to change and to announce it is for who sees all of them. Drafts and announcements
// need ActionPrices too.
const (
	ActionPrices        = access.Prices        // see price lists, their drafts, and what was announced
	ActionPriceDraft    = access.PriceDraft    // change drafts of price lists
	ActionPriceAnnounce = access.PriceAnnounce // announce drafts: prices change, and clients are told
)

// The actions with many clients at once. What is changed has to be the actor's to write, each client
// within the scope, and a file has in it what its page shows and nothing else: a ledger needs
// ActionMoney too, messages ActionMessages, changes ActionHistory. ActionMany and ActionImport
// need ActionEdit, and a file with new clients ActionCreate; no password is ever in a file.
const (
	ActionMany   = access.Many   // change many clients at once
	ActionImport = access.Import // take clients from a file
	ActionExport = access.Export // take lists away as files
)

// ActionConfirm is to confirm, or reject, what somebody else proposed, see [Policy].Second: within
// one's scope, and as far as one may do it oneself.
const ActionConfirm = access.Confirm

// PathDestination is the field of a message's destination, for [Policy].Field.
const PathDestination = access.Destination

// Access is what an actor may do with one field.
type Access = access.Level

// A hidden field is not shown anywhere, nor in JSON or history, nor is what follows from
// it. Any other number is Hidden.
const (
	Hidden = access.Hidden
	Read   = access.Read
	Write  = access.Write
)

// Scope is which clients an actor sees. The zero Scope sees none. Outside of it a
// client or a manager is answered as if it did not exist; products have no scope.
type Scope = access.Scope

// AllClients sees every client.
func AllClients() Scope { return access.AllClients() }

// ClientsOf sees the clients of these managers only.
func ClientsOf(managers ...account.ID) Scope { return access.ClientsOf(managers...) }

// Policy is what an actor may do. The zero Policy allows nothing. A batch is judged by the policy of
// who lets it run, as it is then. A change that waits for its time is judged by that of who made it,
// when they did: who takes rights away has to cancel what waits, see Service.Tasks and Service.Cancel.
type Policy struct {
	Scope Scope
	// Manager is which of the managers the actor is, whose clients are "mine" to them; zero: none.
	Manager account.ID
	Actions []Action
	// Field is the access to a field by its path; nil: Write for all. It is asked
	// when a page is made and again when it is saved. It is asked for
	// account.PathGatewayPassword and account.PathHookSecret too: to make a new one is
	// to write it; and for PathDestination.
	Field func(path string) Access
	// Second reports whether a second person must confirm what the actor is about to do: then it
	// is not done, but waits for somebody with [ActionConfirm] who is not the actor. Nil: nobody
	// must. What cannot wait is refused with the code second.required. See [SecondAbove],
	// [SecondFor] and [SecondForAny]. Who is another person their ids say, which are compared letter
	// by letter: one person must not have two, "u1" and "U1".
	Second func(Proposal) bool
}

// FullAccess may do everything to every client.
func FullAccess() Policy { return Policy{Scope: AllClients(), Actions: access.Actions()} }
