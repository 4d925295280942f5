package adminhttp

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// hookField is the setting that holds the URL of a webhook.
func hookField(kind account.HookKind) account.Field {
	f, _ := account.FieldAt("webhooks." + string(kind))
	return f
}

// hooks are the webhooks whose URLs the actor sees.
func (p Policy) hooks() (kinds []account.HookKind) {
	for _, kind := range account.HookKinds() {
		if p.access(hookField(kind)) != Hidden {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// seesHooks says whether the actor may look at webhooks, and sees any.
func (p Policy) seesHooks() bool { return p.may(ActionWebhooks) && len(p.hooks()) > 0 }

// mayHook says whether something may be done with webhooks that needs an action.
func (p Policy) mayHook(a Action) bool { return p.seesHooks() && p.may(a) }

// hook is a client's webhook by its name, account.ErrNotFound where the actor does not
// see its URL.
func (p Policy) hook(a account.Account, name string) (clientaccount.Hook, error) {
	kind := account.HookKind(name)
	if !slices.Contains(p.hooks(), kind) {
		return clientaccount.Hook{}, account.ErrNotFound
	}
	return clientaccount.Hook{Account: a.ID, Kind: kind}, nil
}

// hooksFor are the kinds to ask for one after the other: the one that is wanted, or
// all that the actor sees. The empty kind is every one at once.
func (p Policy) hooksFor(kind account.HookKind) []account.HookKind {
	seen := p.hooks()
	switch {
	case kind == "" && len(seen) == len(account.HookKinds()):
		return []account.HookKind{""}
	case kind == "":
		return seen
	case slices.Contains(seen, kind):
		return []account.HookKind{kind}
	default:
		return nil
	}
}

// deliveries is a page of those that the actor may see, the newest first.
func (h *handler) deliveries(r *request, q clientaccount.DeliveryQuery) ([]clientaccount.Delivery, error) {
	var all []clientaccount.Delivery
	for _, kind := range r.policy.hooksFor(q.Kind) {
		q.Kind = kind
		some, err := h.svc.Deliveries(r.Context(), q)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b clientaccount.Delivery) int { return cmp.Compare(b.Seq, a.Seq) })
	return all[:min(len(all), q.Limit)], nil
}

// replay has deliveries sent again that the actor may see, and says how many.
func (h *handler) replay(r *request, what clientaccount.Replay) (int, error) {
	if faults := what.Faults(); faults != nil {
		return 0, faults
	}
	total := 0
	for _, kind := range r.policy.hooksFor(what.Kind) {
		what.Kind = kind
		n, err := h.svc.Replay(r.Context(), what)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// hookStatuses say how the webhooks fare that the actor sees, in the order of the
// page; those that were never used are on and have nothing.
func (h *handler) hookStatuses(r *request, id account.ID) ([]clientaccount.HookStatus, error) {
	used, err := h.svc.HookStatuses(r.Context(), id)
	if err != nil {
		return nil, err
	}
	var all []clientaccount.HookStatus
	for _, kind := range r.policy.hooks() {
		hook := clientaccount.Hook{Account: id, Kind: kind}
		i := slices.IndexFunc(used, func(s clientaccount.HookStatus) bool { return s.Hook == hook })
		if i < 0 {
			all = append(all, clientaccount.HookStatus{Hook: hook})
			continue
		}
		all = append(all, used[i])
	}
	return all, nil
}

// hooked is the client of the path, whose webhooks the actor may see, and do this
// with.
func (h *handler) hooked(r *request, actions ...Action) (account.Account, error) {
	a, err := h.client(r)
	if err != nil {
		return a, err
	}
	for _, action := range append(actions, ActionWebhooks) {
		if !r.policy.mayHook(action) {
			return a, statusError(http.StatusForbidden)
		}
	}
	return a, nil
}
