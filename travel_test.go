package clientaccount_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// What the Service answers goes into a host's queue or file, and comes back as it was.
func TestWhatTheServiceAnswersComesBackFromJSONAsItWas(t *testing.T) {
	now, amount := accounttest.Now().UTC(), decimal.RequireFromString("-12.345678")
	entry := account.Entry{
		Account: accounttest.ID(1), Number: 7, Kind: account.KindHold, Held: amount, After: amount, Fingerprint: account.Fingerprint{1, 2},
		Reference: "m-1", Until: now, Chain: []account.ID{accounttest.ID(2)}, At: now,
	}
	receipt := clientaccount.Receipt{Entry: entry, Repeated: true, Ended: account.KindCapture}
	client := account.NewClient(accounttest.Full(), nil, nil, decimal.NewFromInt(5))
	decision := client.Decide(account.Request{Channel: account.ChannelREST, Destination: "380501112233", Parts: 2, Price: account.Some(amount.Neg()), Round: true}, now)
	hook := store.Hook{Account: accounttest.ID(1), Kind: account.HookRESTState}
	last := store.Try{At: now, Took: 12, Code: "ok", Status: 200, Reply: "yes"}
	name := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	for _, v := range []any{
		clientaccount.Admission{},
		clientaccount.Admission{Decision: decision, Hold: receipt},
		receipt,
		clientaccount.TopUp{Account: accounttest.ID(1), Amount: amount, Currency: "EUR", Reference: "r", Actor: olena, Reason: "why"},
		clientaccount.Charge{Account: accounttest.ID(1), Price: account.Some(amount), Messages: 2, Round: true, Reference: "r"},
		clientaccount.Hold{Account: accounttest.ID(1), Amount: amount, Reference: "r", Timeout: time.Minute},
		clientaccount.Capture{Account: accounttest.ID(1), Hold: "r", More: true, Reference: "s"},
		clientaccount.Release{Account: accounttest.ID(1), Hold: "r", Reference: "s"},
		clientaccount.Adjustment{Account: accounttest.ID(1), Amount: amount, PassLimit: true, Reference: "r", Reason: "why"},
		clientaccount.Refund{Account: accounttest.ID(1), Of: 7, OfReference: "r", Amount: amount, Reference: "s"},
		clientaccount.Transfer{Account: accounttest.ID(1), To: accounttest.ID(2), Amount: amount, Reference: "r"},
		clientaccount.MessageHold{Reference: "r", Timeout: time.Minute, Actor: olena},
		clientaccount.Standing{OwnMoney: clientaccount.OwnMoney{Account: accounttest.ID(1), Amount: amount, At: now}, Payer: accounttest.ID(2), Available: amount},
		clientaccount.Page{Rows: []account.Summary{{ID: accounttest.ID(1), Login: "acme", Expires: now}}, Next: "n"},
		clientaccount.Result{Account: accounttest.Full(), Change: account.Change{{Path: "contact.skype", New: "acme"}}, Warnings: []account.Fault{account.NewFault("status", "status.closed")}},
		clientaccount.Replay{Account: accounttest.ID(1), IDs: []account.ID{accounttest.ID(3)}, Kind: account.HookRESTState, From: now, To: now, Done: true},
		clientaccount.Route{Session: true, Hooks: []account.HookKind{account.HookRESTState}},
		clientaccount.SecretTimes{CreatedAt: now, EndsAt: now},
		clientaccount.Finding{Account: accounttest.ID(1), Entry: 3, Code: "sum", Text: "text"},
		store.Delivery{ID: accounttest.ID(4), Hook: hook, Message: "m", Final: true, Body: "{}", Fingerprint: account.Fingerprint{9}, CreatedAt: now, Last: last, Overtaken: true},
		store.HookStatus{Hook: hook, Health: store.Health{Target: "t", Failures: 2, FailingFor: 3, OffAt: now, OffCode: "gone"}, Waiting: 1, Dead: 2},
		store.DeliveryQuery{Account: accounttest.ID(1), Limit: 3},
		store.Problem{Code: "clock.off", Text: "text"},
	} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		var names map[string]any
		require.NoError(t, json.Unmarshal(text, &names))
		assert.NotEmpty(t, names)
		for key := range names {
			assert.Regexp(t, name, key, "%T", v)
		}
		back := reflect.New(reflect.TypeOf(v))
		require.NoError(t, json.Unmarshal(text, back.Interface()))
		again, err := json.Marshal(back.Interface())
		require.NoError(t, err)
		assert.JSONEq(t, string(text), string(again), "%T", v)
		_, result := v.(clientaccount.Result)
		_, admission := v.(clientaccount.Admission)
		if !result && !admission { // where pointers would be printed
			assert.Equal(t, fmt.Sprintf("%+v", v), fmt.Sprintf("%+v", back.Elem()), "%s", text)
		}
	}
}
