package clientaccount_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// However what the Service takes and gives is printed or logged, no token of a URL, no
// password and no key shows.
func TestNothingThatTheServiceTakesOrGivesShowsASecretWhenPrinted(t *testing.T) {
	a := accounttest.Full()
	a.Webhooks.RESTState = "https://client.io/rest?token=c4nary"
	b := a
	b.Webhooks.RESTState = "https://client.io/rest?token=c4nary-2"
	diff := account.Diff(a, b)
	stale := clientaccount.StaleError{Was: a, Theirs: b, Since: []account.Record{{Of: a.ID, Change: diff}}}
	attempt := clientaccount.Attempt{Login: "acme", Password: "c4nary"}
	options := clientaccount.Options{CursorKey: []byte("c4nary")}
	result := clientaccount.Result{Account: a, Change: diff}
	texts := store.Texts{"webhooks.rest_state": a.Webhooks.RESTState, "password": "c4nary"}
	change := account.Change{}.Set("webhooks.rest_state", a.Webhooks.RESTState)
	for name, v := range map[string]any{
		"Result": result, "*Result": &result, "StaleError": stale, "error": error(&stale), "wrapped": fmt.Errorf("edit: %w", &stale),
		"Attempt": attempt, "*Attempt": &attempt, "Options": options, "*Options": &options,
		"Task": store.Task{Set: texts, Was: texts}, "BulkItem": clientaccount.BulkItem{Set: texts}, "Texts": texts,
		"Edit": clientaccount.Edit{Apply: change.Apply}, "Service": clientaccount.New(nil, &options),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			requireNoCanary(t, fmt.Sprintf(verb, v), name+" by "+verb)
		}
		for kind, text := range logged(v) {
			requireNoCanary(t, text, name+" in slog's "+kind)
		}
	}
	text, err := json.Marshal(struct{ In clientaccount.Attempt }{attempt})
	require.NoError(t, err)
	requireNoCanary(t, string(text), "Attempt in JSON")
}

// logged returns a value as slog's handlers write it, on its own and in a group.
func logged(v any) map[string]string {
	var text, object bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&object, nil)} {
		slog.New(h).Info("x", "v", v, slog.Group("g", "v", v))
	}
	return map[string]string{"text": text.String(), "JSON": object.String()}
}

func requireNoCanary(t *testing.T, text, where string) {
	t.Helper()
	for _, shown := range []string{"c4nary", fmt.Sprintf("%x", "c4nary"), fmt.Sprintf("%X", "c4nary"), strings.Trim(fmt.Sprint([]byte("c4nary")), "[]"), "YzRuYXJ5"} {
		assert.NotContains(t, text, shown, where)
	}
}
