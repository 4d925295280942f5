package ask

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Move is one way of moving money: what the actor needs, what the body may have,
// and its kind. The routes, the bodies' schemas and the
// forms of the Money page come from it.
type Move struct {
	Path    string // below the client's
	ID      string
	Summary string
	Schema  string // of the body
	Kind    account.MovementKind
	Action  access.Action
	// Named: the body names the hold, which else stands in the path. A name like ".."
	// cannot stand there, since clients, proxies and servers all make paths shorter.
	named bool
}

// Moves returns all of them.
func Moves() []Move {
	return []Move{
		{
			Path: "top-ups", ID: "topUp", Summary: "Add money", Schema: "TopUp",
			Kind: account.KindTopUp, Action: access.TopUp,
		},
		{
			Path: "adjustments", ID: "adjust", Summary: "Correct the balance, up or down, for a reason", Schema: "Adjustment",
			Kind: account.KindAdjust, Action: access.Adjust,
		},
		{
			Path: "charges", ID: "charge", Summary: "Take an amount, or a price for each message, if it is available", Schema: "Charge",
			Kind: account.KindCharge, Action: access.Charge,
		},
		{
			Path: "holds", ID: "hold", Schema: "NewHold",
			Summary: "Set an amount aside, if it is available; the reference names the hold. A repeat answers what was made, also where the hold has ended since",
			Kind:    account.KindHold, Action: access.Charge,
		},
		{
			Path: "holds/{ref}/capture", ID: "captureHold", Summary: "Take the amount of a hold, or a part of it, and end the hold", Schema: "Capture",
			Kind: account.KindCapture, Action: access.Charge,
		},
		{
			Path: "holds/capture", ID: "captureNamedHold", Schema: "NamedCapture", Summary: "The same for a hold of any reference, which the body names",
			named: true, Kind: account.KindCapture, Action: access.Charge,
		},
		{
			Path: "holds/{ref}/release", ID: "releaseHold", Summary: "End a hold and take nothing", Schema: "Release",
			Kind: account.KindRelease, Action: access.Charge,
		},
		{
			Path: "holds/release", ID: "releaseNamedHold", Schema: "NamedRelease", Summary: "The same for a hold of any reference, which the body names",
			named: true, Kind: account.KindRelease, Action: access.Charge,
		},
		{
			Path: "refunds", ID: "refund", Summary: "Give back what a charge or capture took, or a part of it", Schema: "Refund",
			Kind: account.KindRefund, Action: access.Refund,
		},
		{
			Path: "transfers", ID: "transfer", Summary: "Move money to another client of the same currency", Schema: "Transfer",
			Kind: account.KindTransferOut, Action: access.Transfer,
		},
	}
}

// Required returns the names that a body must have, as far as one name alone says it.
func (mv Move) Required() []string {
	row, names := mv.Kind.Traits(), []string{"reference"}
	for name, must := range map[string]bool{
		"amount": row.Amount == account.AmountRequired && !row.Uses("price"),
		"reason": row.Reason, "of": row.Refunds, "to": row.Transfers, "hold": mv.named,
	} {
		if must {
			names = append(names, name)
		}
	}
	return names
}

// Names returns those that a body may have.
func (mv Move) Names() []string {
	names := []string{"reference", "reason", "currency"}
	for _, name := range mv.Kind.Traits().Optionals() {
		if name != "hold" || mv.named {
			names = append(names, name)
		}
	}
	return names
}

// NamesFor returns those of an actor: who does not see the currency has no name for it, since
// whether one is the client's would tell.
func (mv Move) NamesFor(judge access.Judge) []string {
	if judge.Shows("currency") {
		return mv.Names()
	}
	return slices.DeleteFunc(mv.Names(), func(name string) bool { return name == "currency" })
}
