package adminhttp

import (
	"cmp"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// hookField is the setting that holds the URL of a webhook.
func hookField(kind account.HookKind) account.Field {
	f, _ := account.FieldAt("webhooks." + string(kind))
	return f
}

// hook is a webhook of the path's client by its name, account.ErrNotFound where the
// actor does not see its URL.
func (r *request) hook(name string) (clientaccount.Hook, error) {
	kind := account.HookKind(name)
	if !slices.Contains(r.judge.Hooks(), kind) {
		return clientaccount.Hook{}, account.ErrNotFound
	}
	return clientaccount.Hook{Account: r.id, Kind: kind}, nil
}

// deliveries is a page of those that the actor may see, the newest first.
func (r *request) deliveries(q clientaccount.DeliveryQuery) ([]clientaccount.Delivery, error) {
	var all []clientaccount.Delivery
	for _, kind := range r.judge.HooksFor(q.Kind) {
		q.Kind = kind
		some, err := r.service.Deliveries(r.Context(), q)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b clientaccount.Delivery) int { return cmp.Compare(b.Seq, a.Seq) })
	return all[:min(len(all), q.Limit)], nil
}

// replay has deliveries sent again that the actor may see, and says how many.
func (r *request) replay(what clientaccount.Replay) (int, error) {
	if faults := what.Faults(); faults != nil {
		return 0, faults
	}
	total := 0
	for _, kind := range r.judge.HooksFor(what.Kind) {
		what.Kind = kind
		n, err := r.service.Replay(r.Context(), what)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// hookSecrets are the times of the secrets, none for who may not see that there are some.
func (r *request) hookSecrets() ([]clientaccount.SecretTimes, error) {
	if !r.judge.Shows(account.PathHookSecret) {
		return nil, nil
	}
	return r.service.HookSecrets(r.Context(), r.id)
}

// hookStatuses say how the webhooks fare that the actor sees, in the order of the
// page; those that were never used are on and have nothing.
func (r *request) hookStatuses(id account.ID) ([]clientaccount.HookStatus, error) {
	used, err := r.service.HookStatuses(r.Context(), id)
	if err != nil {
		return nil, err
	}
	var all []clientaccount.HookStatus
	for _, kind := range r.judge.Hooks() {
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
