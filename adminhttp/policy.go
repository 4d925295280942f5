package adminhttp

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// Action is something an actor may be allowed to do.
type Action string

// The actions. Seeing a client at all is a matter of the scope.
const (
	ActionCreate   Action = "create"   // new clients
	ActionEdit     Action = "edit"     // change clients, as far as Field allows
	ActionPassword Action = "password" // set passwords, make gateway passwords
	ActionHistory  Action = "history"  // see who changed what
	ActionManagers Action = "managers" // change the list of managers
	ActionProducts Action = "products" // change the list of products
)

// ActionDecide is to try a message: see whether it would be accepted, and what stands
// in its way. Nothing is sent, held or charged. Amounts are told with ActionMoney
// only; whether what is available pays for a price is told without it. Of a hidden
// field it is told that one stands in the way, and not which.
const ActionDecide Action = "decide"

// The actions with money. Each that moves some needs ActionMoney too, since its
// answer tells of the balance.
const (
	ActionMoney     Action = "money"      // see balances, entries, holds, and what came of them
	ActionTopUp     Action = "top_up"     // add money
	ActionAdjust    Action = "adjust"     // correct a balance, for a reason, within what is available
	ActionPassLimit Action = "pass_limit" // with ActionAdjust: beyond what is available
	ActionTransfer  Action = "transfer"   // move money to another client within the scope
	ActionCharge    Action = "charge"     // charge, hold, capture and release, as a gateway does
	ActionRefund    Action = "refund"     // give back what was charged
)

// The actions with webhooks. Each needs ActionWebhooks too, since its answer tells how
// they fare. A webhook whose URL is hidden is not there for the actor at all.
const (
	ActionWebhooks   Action = "webhooks"    // see deliveries, and how the URLs fare
	ActionReplay     Action = "replay"      // send deliveries again, switch a URL on
	ActionTestHook   Action = "test_hook"   // call a URL with a made-up delivery
	ActionHookSecret Action = "hook_secret" // make a new secret to sign with
)

// Access is what an actor may do with one field.
type Access int

// A hidden field is not shown anywhere, nor in JSON or history.
const (
	Hidden Access = iota
	Read
	Write
)

// Scope is which clients an actor sees. The zero Scope sees none. Outside of it a
// client is answered as if it did not exist.
type Scope struct {
	all      bool
	managers []account.ID
}

// AllClients sees every client.
func AllClients() Scope { return Scope{all: true} }

// ClientsOf sees the clients of these managers only.
func ClientsOf(managers ...account.ID) Scope { return Scope{managers: slices.Clone(managers)} }

// sees says whether a client of this manager is within the scope.
func (s Scope) sees(manager account.ID) bool {
	return s.all || !manager.IsZero() && slices.Contains(s.managers, manager)
}

// narrow puts the scope into a query.
func (s Scope) narrow(q account.Query) account.Query {
	if !s.all {
		q.Managers = account.Some(slices.Clone(s.managers))
	}
	return q
}

// Policy is what an actor may do. The zero Policy allows nothing.
type Policy struct {
	Scope   Scope
	Actions []Action
	// Field is the access to a field by its path; nil: Write for all. It is judged
	// when a page is made and again when it is saved.
	Field func(path string) Access
}

// FullAccess may do everything to every client.
func FullAccess() Policy {
	return Policy{Scope: AllClients(), Actions: []Action{
		ActionCreate, ActionEdit, ActionPassword, ActionHistory, ActionManagers, ActionProducts, ActionDecide,
		ActionMoney, ActionTopUp, ActionAdjust, ActionPassLimit, ActionTransfer, ActionCharge, ActionRefund,
		ActionWebhooks, ActionReplay, ActionTestHook, ActionHookSecret,
	}}
}

func (p Policy) may(a Action) bool { return slices.Contains(p.Actions, a) }

// mayMove says whether money may be moved in a way that needs an action.
func (p Policy) mayMove(a Action) bool { return p.may(ActionMoney) && p.may(a) }

// moneyless are the texts of faults and warnings for who may not see money, where
// the usual ones name an amount.
var moneyless = map[string]string{
	"credit.below_used": "More is used than this allows: sends stop until that is paid.",
	"status.held":       "Money is held. It must be captured or released first.",
}

// discreet is a fault or warning as the actor may be told it.
func (p Policy) discreet(fault account.Fault) account.Fault {
	if text, names := moneyless[fault.Code]; names && !p.may(ActionMoney) {
		fault.Text = text
	}
	return fault
}

// access is what may be done with a field, actions considered: a secret needs its
// action.
func (p Policy) access(f account.Field) Access {
	allowed, needed := Write, ActionPassword
	if p.Field != nil {
		allowed = p.Field(f.Path)
	}
	if f.Path == account.PathHookSecret {
		needed = ActionWebhooks
	}
	if f.Secret() && !p.may(needed) {
		return Hidden
	}
	return allowed
}

// guard is the Edit.Guard of an actor: fields they cannot write must stay as they
// are, and a client cannot be handed to a manager they do not see.
func (p Policy) guard(before, after account.Account) error {
	var faults account.Faults
	for _, fc := range account.Diff(before, after) {
		f, _ := account.FieldAt(fc.Path)
		if before.Revision == 0 && f.Text(after) == f.Text(account.New()) {
			continue // a default of creation is nobody's choice
		}
		if p.access(f) != Write {
			faults = append(faults, account.NewFault(fc.Path, "field.forbidden", fc.Path))
		}
	}
	handed := before.Revision == 0 || before.Core.Manager != after.Core.Manager
	if handed && !p.Scope.seesManager(after.Core.Manager) {
		faults = append(faults, account.NewFault("manager", "manager.unknown"))
	}
	return faults.Err()
}

// seesManager says whether the manager may be chosen; nobody, only by who sees all.
func (s Scope) seesManager(manager account.ID) bool { return s.all || s.sees(manager) }
