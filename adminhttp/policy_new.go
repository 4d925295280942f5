package adminhttp

import (
	"fmt"
	"maps"
	"slices"

	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// NewPolicy returns a policy that was checked: the access to the fields named by their paths,
// others for all the rest, and the actions. An unknown path or action is an error, and so
// is an action that nobody can use, since another that it needs is missing. A host builds
// its roles with it when it starts, and gives one of them for each request.
func NewPolicy(scope Scope, others Access, fields map[string]Access, actions ...Action) (Policy, error) {
	fields = maps.Clone(fields)
	for _, path := range slices.Sorted(maps.Keys(fields)) {
		_, known := access.Field(path)
		switch level := fields[path]; {
		case !known:
			return Policy{}, fmt.Errorf("adminhttp: a policy names the field %q, which is none: see account.Fields", path)
		case level < Hidden || level > Write:
			return Policy{}, fmt.Errorf("adminhttp: a policy gives %q the access %d, which is none", path, level)
		}
	}
	if others < Hidden || others > Write {
		return Policy{}, fmt.Errorf("adminhttp: a policy gives the access %d, which is none", others)
	}
	if err := checkActions(actions); err != nil {
		return Policy{}, err
	}
	return Policy{Scope: scope, Actions: slices.Clone(actions), Field: func(path string) Access {
		if level, named := fields[path]; named {
			return level
		}
		return others
	}}, nil
}

func checkActions(actions []Action) error {
	all := FullAccess().Actions
	for _, action := range actions {
		if !slices.Contains(all, action) {
			return fmt.Errorf("adminhttp: a policy names the action %q, which is none", action)
		}
		for _, needed := range needs[action] {
			if !slices.Contains(actions, needed) {
				return fmt.Errorf("adminhttp: the action %q is of no use without %q", action, needed)
			}
		}
	}
	return nil
}

// needs are the actions that are of use with others only.
var needs = map[Action][]Action{
	ActionTopUp: {ActionMoney}, ActionAdjust: {ActionMoney}, ActionPassLimit: {ActionAdjust}, ActionTransfer: {ActionMoney},
	ActionCharge: {ActionMoney}, ActionRefund: {ActionMoney},
	ActionReplay: {ActionWebhooks}, ActionTestHook: {ActionWebhooks}, ActionHookSecret: {ActionWebhooks},
	ActionPriceDraft: {ActionPrices}, ActionPriceAnnounce: {ActionPrices},
	ActionMany: {ActionEdit}, ActionImport: {ActionEdit},
	ActionMailDocument: {ActionDocuments}, ActionCreditNote: {ActionDocuments, ActionMoney},
}
