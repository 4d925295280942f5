// Package access says what an actor may see and do with client accounts. It is asked by
// pages and JSON alike, and decides it in one place: a [Judge] is made for each request
// from what the host said of the actor, and refuses what nothing names.
package access

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// Action is something an actor may be allowed to do.
type Action string

// The actions; adminhttp says what each is.
const (
	Create     Action = "create"
	Edit       Action = "edit"
	Password   Action = "password"
	History    Action = "history"
	Managers   Action = "managers"
	Products   Action = "products"
	Decide     Action = "decide"
	Money      Action = "money"
	TopUp      Action = "top_up"
	Adjust     Action = "adjust"
	PassLimit  Action = "pass_limit"
	Transfer   Action = "transfer"
	Charge     Action = "charge"
	Refund     Action = "refund"
	Webhooks   Action = "webhooks"
	Replay     Action = "replay"
	TestHook   Action = "test_hook"
	HookSecret Action = "hook_secret"
	Messages   Action = "messages"

	Documents     Action = "documents"
	MailDocument  Action = "mail_document"
	CreditNote    Action = "credit_note"
	Prices        Action = "prices"
	PriceDraft    Action = "price_draft"
	PriceAnnounce Action = "price_announce"

	Many    Action = "many"
	Import  Action = "import"
	Export  Action = "export"
	Confirm Action = "confirm"
)

// Actions returns all of them.
func Actions() []Action {
	return []Action{
		Create, Edit, Password, History, Managers, Products, Decide, Money, TopUp, Adjust, PassLimit,
		Transfer, Charge, Refund, Webhooks, Replay, TestHook, HookSecret, Messages, Documents, MailDocument, CreditNote, Prices, PriceDraft, PriceAnnounce,
		Many, Import, Export, Confirm,
	}
}

// Level is what an actor may do with one field.
type Level int

// The levels, each of which has those before it. Any other number is Hidden.
const (
	Hidden Level = iota
	Read
	Write
)

// Scope is which clients an actor sees. The zero Scope sees none.
type Scope struct {
	all      bool
	managers []account.ID
}

// AllClients sees every client.
func AllClients() Scope { return Scope{all: true} }

// ClientsOf sees the clients of these managers only.
func ClientsOf(managers ...account.ID) Scope { return Scope{managers: slices.Clone(managers)} }

// sees reports whether a client of this manager is within the scope.
func (s Scope) sees(manager account.ID) bool {
	return s.all || !manager.IsZero() && slices.Contains(s.managers, manager)
}

// Policy is what the host said of an actor. The zero Policy allows nothing.
type Policy struct {
	Scope   Scope
	Manager account.ID // which of the managers the actor is; zero: none
	Actions []Action
	// Field is the level of a field by its path; nil: Write for all.
	Field func(path string) Level
	// Second reports whether a second person must confirm; nil: nobody must.
	Second func(Proposal) bool
}
