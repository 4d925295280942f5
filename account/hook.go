package account

import "slices"

// HookKind is one of the four webhook URLs of an account, by its name in the
// section webhooks.
type HookKind string

// The four URLs of a client: API is called with GET and a query, REST with POST
// and JSON.
const (
	HookAPIState     HookKind = "api_state"
	HookAPIIncoming  HookKind = "api_incoming"
	HookRESTState    HookKind = "rest_state"
	HookRESTIncoming HookKind = "rest_incoming"
)

// HookKinds returns all kinds, in the order of the page.
func HookKinds() []HookKind {
	return []HookKind{HookAPIState, HookAPIIncoming, HookRESTState, HookRESTIncoming}
}

// IsKnown reports whether the kind is one of the four.
func (k HookKind) IsKnown() bool { return slices.Contains(HookKinds(), k) }

// URL returns the client's URL of a kind; empty when they gave none, and for anything
// that is no kind.
func (w Webhooks) URL(kind HookKind) string {
	switch kind {
	case HookAPIState:
		return w.APIState
	case HookAPIIncoming:
		return w.APIIncoming
	case HookRESTState:
		return w.RESTState
	case HookRESTIncoming:
		return w.RESTIncoming
	default:
		return ""
	}
}
