package ask

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// DeliveryStates returns all of them, in the order in which they come.
func DeliveryStates() []clientaccount.DeliveryState {
	return []clientaccount.DeliveryState{clientaccount.DeliveryWaiting, clientaccount.DeliveryDone, clientaccount.DeliveryDead}
}

// DefaultOverlap is for how long the secret before stays valid, if nobody says.
const DefaultOverlap = 24 * time.Hour

// OverlapOf reads a whole number of hours.
func OverlapOf(text string) (time.Duration, *account.Fault) {
	hours, fault := readWhole("overlapHours", "overlap.range", text)
	if fault == nil && (hours < 0 || hours > int64(clientaccount.MaxOverlap/time.Hour)) {
		fault = sent.Fault("overlapHours", "overlap.range")
	}
	return time.Duration(hours) * time.Hour, fault
}

// HookField returns the setting that holds the URL of a webhook.
func HookField(kind account.HookKind) account.Field {
	f, _ := account.FieldAt("webhooks." + string(kind))
	return f
}

// Hook returns a webhook of the path's client by its name, account.ErrNotFound where the
// actor does not see its URL.
func (r *Request) Hook(name string) (clientaccount.Hook, error) {
	kind := account.HookKind(name)
	if !slices.Contains(r.Judge.Hooks(), kind) {
		return clientaccount.Hook{}, account.ErrNotFound
	}
	return clientaccount.Hook{Account: r.ID, Kind: kind}, nil
}

// Deliveries returns a page of those that the actor may see, the newest first.
func (r *Request) Deliveries(q clientaccount.DeliveryQuery) ([]clientaccount.Delivery, error) {
	var all []clientaccount.Delivery
	for _, kind := range r.Judge.HooksFor(q.Kind) {
		q.Kind = kind
		some, err := r.Service.Deliveries(r.Context(), q)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b clientaccount.Delivery) int { return cmp.Compare(b.Seq, a.Seq) })
	return all[:min(len(all), q.Limit)], nil
}

// Replay has deliveries sent again that the actor may see, and says how many.
func (r *Request) Replay(what clientaccount.Replay) (int, error) {
	if faults := what.Faults(); faults != nil {
		return 0, faults
	}
	total := 0
	for _, kind := range r.Judge.HooksFor(what.Kind) {
		what.Kind = kind
		n, err := r.Service.Replay(r.Context(), what)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// ErrNoTests: the host gave no way to send tests.
var ErrNoTests = errors.New("adminhttp: no test can be sent from here")

// Test calls a webhook's URL once with a made-up delivery; ErrNoTests where nobody can.
func (r *Request) Test(hook clientaccount.Hook) (clientaccount.Try, error) {
	if r.TestHook == nil {
		return clientaccount.Try{}, ErrNoTests
	}
	return r.TestHook(r.Context(), hook.Account, hook.Kind)
}

// HookSecrets returns the times of the secrets, none for who may not see that there are some.
func (r *Request) HookSecrets() ([]clientaccount.SecretTimes, error) {
	if !r.Judge.Shows(account.PathHookSecret) {
		return nil, nil
	}
	return r.Service.HookSecrets(r.Context(), r.ID)
}

// HookStatuses say how the webhooks fare that the actor sees, in the order of the
// page; those that were never used are on and have nothing.
func (r *Request) HookStatuses(id account.ID) ([]clientaccount.HookStatus, error) {
	used, err := r.Service.HookStatuses(r.Context(), id)
	if err != nil {
		return nil, err
	}
	var all []clientaccount.HookStatus
	for _, kind := range r.Judge.Hooks() {
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
