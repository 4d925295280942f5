package payload

import (
	"encoding/json"
	"net/url"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// StateOf returns the state that a delivery tells of, and whether it tells of one.
func StateOf(d store.Delivery) (account.MessageState, bool) {
	var name string
	switch d.Hook.Kind {
	case account.HookAPIState:
		values, _ := url.ParseQuery(d.Body) // what cannot be read tells of none
		name = values.Get("stat")
	case account.HookRESTState:
		var body struct{ Data struct{ State string } }
		_ = json.Unmarshal([]byte(d.Body), &body)
		name = body.Data.State
	}
	state, err := account.ParseMessageState(name)
	return state, err == nil
}
