package payload_test

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
	"github.com/clientaccount/clientaccount/webhook/target"
)

var at = accounttest.Now()

func fullReport() payload.Report {
	return payload.Report{
		MessageID: "m-1", ClientRef: "order-17", From: "ACME", To: "380501112233", State: account.StateDelivered, Err: "000",
		SubmittedAt: at.Add(-2 * time.Second), DoneAt: at.Add(-time.Second), DoneDateRaw: "2611231041",
		Parts: 1, PartsDelivered: account.Some(1), MCC: "255", MNC: "01",
		Price: account.Some(payload.Price{Amount: decimal.RequireFromString("0.0312"), Currency: "EUR"}), Seq: 2, At: at,
	}
}

func fullIncoming() payload.Incoming {
	return payload.Incoming{
		MessageID: "m-2", From: "380501112233", To: "4455", Text: "STOP & <go>", Encoding: payload.GSM7, Parts: 1,
		MCC: "255", MNC: "01", ReceivedAt: at.Add(-time.Second), InReplyTo: "m-1", At: at,
	}
}

func hooked() account.Account {
	a := accounttest.Valid("hooked")
	a.Webhooks = account.Webhooks{
		APIState: "https://client.io/1", APIIncoming: "https://client.io/2",
		RESTState: "https://client.io/3", RESTIncoming: "https://client.io/4",
	}
	return a
}

// ids returns those of a fixed sequence.
func ids(kind account.HookKind) account.ID {
	return accounttest.ID(1 + slices.Index(account.HookKinds(), kind))
}

// bodies returns what is sent to each URL of the account.
func bodies(t require.TestingT, made []store.Delivery, err error) map[account.HookKind]string {
	require.NoError(t, err)
	found := map[account.HookKind]string{}
	for _, d := range made {
		found[d.Hook.Kind] = d.Body
	}
	return found
}

func stateBodies(t require.TestingT, r payload.Report) map[account.HookKind]string {
	made, err := r.Deliveries(hooked(), ids)
	return bodies(t, made, err)
}

func incomingBodies(t require.TestingT, in payload.Incoming) map[account.HookKind]string {
	made, err := in.Deliveries(hooked(), ids)
	return bodies(t, made, err)
}

func TestPayloadsByteForByte(t *testing.T) {
	state := stateBodies(t, fullReport())
	assert.Equal(t, `{"type":"sms.state","timestamp":"2026-11-23T08:41:02.113Z","data":{`+
		`"messageId":"m-1","clientRef":"order-17","from":"ACME","to":"380501112233",`+
		`"state":"DELIVRD","stateCode":2,"final":true,"err":"000","late":false,`+
		`"submittedAt":"2026-11-23T08:41:00.113Z","doneAt":"2026-11-23T08:41:01.113Z","doneDateRaw":"2611231041",`+
		`"parts":1,"partsDelivered":1,"mcc":"255","mnc":"01","price":{"amount":"0.0312","currency":"EUR"},"seq":2}}`,
		state[account.HookRESTState])
	assert.Equal(t, "msgid=m-1&ref=order-17&from=ACME&to=380501112233&stat=DELIVRD&err=000&sub=1&dlvrd=1"+
		"&submit_date=261123084100&done_date=261123084101&parts=1&mccmnc=25501&price=0.0312&currency=EUR&seq=2"+
		"&ts=261123084102", state[account.HookAPIState])

	incoming := incomingBodies(t, fullIncoming())
	assert.Equal(t, `{"type":"sms.incoming","timestamp":"2026-11-23T08:41:02.113Z","data":{`+
		`"messageId":"m-2","from":"380501112233","to":"4455","text":"STOP & <go>","encoding":"gsm7","parts":1,`+
		`"mcc":"255","mnc":"01","receivedAt":"2026-11-23T08:41:01.113Z","inReplyTo":"m-1"}}`,
		incoming[account.HookRESTIncoming])
	assert.Equal(t, "msgid=m-2&from=380501112233&to=4455&text=STOP+%26+%3Cgo%3E&coding=gsm7&parts=1&mccmnc=25501"+
		"&received=261123084101&ts=261123084102", incoming[account.HookAPIIncoming])
}

func TestPayloadsLeaveOutWhatIsUnknown(t *testing.T) {
	state := stateBodies(t, payload.Report{MessageID: "m", State: account.StateEnroute, MCC: "255", At: at})
	assert.Equal(t, `{"type":"sms.state","timestamp":"2026-11-23T08:41:02.113Z","data":{"messageId":"m",`+
		`"state":"ENROUTE","stateCode":1,"final":false,"late":false,"mcc":"255","seq":0}}`, state[account.HookRESTState])
	assert.Equal(t, "msgid=m&stat=ENROUTE&seq=0&ts=261123084102", state[account.HookAPIState])
	incoming := incomingBodies(t, payload.Incoming{MessageID: "m", Encoding: payload.Binary, Data: []byte{0, 0xff}, At: at})
	assert.Equal(t, `{"type":"sms.incoming","timestamp":"2026-11-23T08:41:02.113Z","data":{"messageId":"m",`+
		`"encoding":"binary","hex":"00ff"}}`, incoming[account.HookRESTIncoming])
	assert.Equal(t, "msgid=m&coding=binary&hex=00ff&ts=261123084102", incoming[account.HookAPIIncoming])
	empty := incomingBodies(t, payload.Incoming{MessageID: "m", Encoding: payload.UCS2, At: at})
	assert.Contains(t, empty[account.HookRESTIncoming], `"text":"","encoding":"ucs2"`, "an empty text is known")
	assert.Contains(t, empty[account.HookAPIIncoming], "&text=&coding=ucs2")
}

// What is known to be nothing is sent: no part delivered, a price of zero.
func TestPayloadsKeepZeroes(t *testing.T) {
	r := payload.Report{
		MessageID: "m", State: account.StateUndeliverable, PartsDelivered: account.Some(0), Late: true,
		Price: account.Some(payload.Price{Currency: "EUR"}), At: at,
	}
	state := stateBodies(t, r)
	assert.Contains(t, state[account.HookRESTState], `"late":true,"partsDelivered":0,"price":{"amount":"0","currency":"EUR"}`)
	assert.Contains(t, state[account.HookAPIState], "&dlvrd=0&price=0&currency=EUR")
}

func TestPayloadsAreUTFAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := fullIncoming()
		in.Text = string(rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "text"))
		sent := incomingBodies(t, in)
		var body struct{ Data struct{ Text string } }
		require.NoError(t, json.Unmarshal([]byte(sent[account.HookRESTIncoming]), &body))
		query, err := url.ParseQuery(sent[account.HookAPIIncoming])
		require.NoError(t, err)
		want := strings.ToValidUTF8(in.Text, "")
		require.Equal(t, want, strings.ReplaceAll(body.Data.Text, "\ufffd", ""))
		require.Equal(t, want, strings.ReplaceAll(query.Get("text"), "\ufffd", ""))
		for _, text := range sent {
			require.NotContains(t, text, "\x00")
		}
	})
}

// Every field of the API family is a name that clients' own URLs may not use.
func TestPayloadNamesAreReserved(t *testing.T) {
	for _, body := range []string{stateBodies(t, fullReport())[account.HookAPIState], incomingBodies(t, fullIncoming())[account.HookAPIIncoming]} {
		query, err := url.ParseQuery(body)
		require.NoError(t, err)
		for name := range query {
			assert.True(t, target.Reserved(name), name)
		}
	}
}

func TestDeliveriesGoToTheURLsThereAre(t *testing.T) {
	made, err := fullReport().Deliveries(hooked(), ids)
	require.NoError(t, err)
	require.Len(t, made, 2)
	assert.NotEqual(t, made[0].ID, made[1].ID)
	for _, d := range made {
		assert.Equal(t, "m-1", d.Message)
		assert.True(t, d.Final)
		assert.Equal(t, at, d.DueAt)
		assert.Equal(t, hooked().ID, d.Hook.Account)
	}
	one := hooked()
	one.Webhooks = account.Webhooks{RESTState: "https://client.io/"}
	made, err = fullReport().Deliveries(one, ids)
	require.NoError(t, err)
	require.Len(t, made, 1, "one family does not stand in for the other")
	made, err = fullIncoming().Deliveries(one, ids)
	require.NoError(t, err)
	require.Empty(t, made)
}

func TestEveryFaultIsNamed(t *testing.T) {
	bad := payload.Report{
		MessageID: "m\x00", State: 10, Parts: 256, PartsDelivered: account.Some(-1), MCC: "25", MNC: "1x", Seq: -1,
		Price:       account.Some(payload.Price{Amount: decimal.RequireFromString("-0.0000001"), Currency: "XXX"}),
		SubmittedAt: at.AddDate(9000, 0, 0),
	}
	_, err := bad.Deliveries(hooked(), ids)
	require.Equal(t, []string{
		"messageId message.chars", "state state.unknown", "parts parts.range", "partsDelivered parts.range",
		"mcc network.mcc", "mnc network.mnc", "price amount.negative", "price amount.scale", "price currency.unknown",
		"seq seq.range", "submittedAt instant.range", "at instant.required",
	}, codes(err))
	_, err = payload.Report{At: at, Price: account.Some(payload.Price{Amount: decimal.New(1, 1<<30), Currency: "EUR"})}.Deliveries(hooked(), ids)
	require.Equal(t, []string{"messageId message.required", "price amount.range"}, codes(err))
	_, err = payload.Report{MessageID: "m", At: at, ClientRef: strings.Repeat("x", payload.MaxBody)}.Deliveries(hooked(), ids)
	require.Equal(t, []string{" message.size"}, codes(err))

	_, err = payload.Incoming{Encoding: "ascii", Parts: -1, MCC: "2555", MNC: "٠١", ReceivedAt: at.AddDate(9000, 0, 0)}.Deliveries(hooked(), ids)
	require.Equal(t, []string{
		"messageId message.required", "encoding encoding.unknown", "parts parts.range", "mcc network.mcc", "mnc network.mnc",
		"receivedAt instant.range", "at instant.required",
	}, codes(err))
	_, err = payload.Incoming{MessageID: strings.Repeat("m", 256), At: at}.Deliveries(hooked(), ids)
	require.Equal(t, []string{"messageId message.length"}, codes(err), "an index has its limits")
}

// codes returns the path and code of each fault.
func codes(err error) (all []string) {
	faults, _ := account.AsFaults(err)
	for _, f := range faults {
		all = append(all, f.Path+" "+f.Code)
	}
	return all
}

func TestTheLongestMessageFits(t *testing.T) {
	longest := payload.Incoming{MessageID: "m", At: at, Text: strings.Repeat("€", 255*153/2)}
	_, err := longest.Deliveries(hooked(), ids)
	require.NoError(t, err, "the longest message there is")
}

// What the clients' documentation shows is what is sent.
func TestPayloadsAreAsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/webhooks.md")
	require.NoError(t, err)
	shown := strings.Join(strings.Fields(string(page)), "")
	in := fullIncoming()
	in.Text = "STOP"
	for _, bodies := range []map[account.HookKind]string{stateBodies(t, fullReport()), incomingBodies(t, in)} {
		for kind, body := range bodies {
			assert.Contains(t, shown, body, kind)
		}
	}
}

// ACCEPTD is told as not final, and as final only of a network that means it so; DELIVRD
// may follow either way.
func TestAcceptedIsFinalOnlyWhereTheNetworkMeansIt(t *testing.T) {
	deadline := at.Add(72 * time.Hour)
	for _, means := range []bool{false, true} {
		accepted := account.Report{State: account.StateAccepted, AcceptedFinal: means}
		step := account.NewTracking(deadline, 2).Report(accepted, at, account.RefundPolicy{})
		require.Len(t, step.Updates, 1)
		report := payload.Report{MessageID: "m", At: at}.Of(step.Updates[0])
		assert.Equal(t, means, report.Final())
		made, err := report.Deliveries(hooked(), ids)
		require.NoError(t, err)
		for _, d := range made {
			assert.Equal(t, means, d.Final, "the order of the outbox")
		}
		var told struct {
			Data struct {
				StateCode, Parts, PartsDelivered int
				Final                            bool
			}
		}
		require.NoError(t, json.Unmarshal([]byte(bodies(t, made, err)[account.HookRESTState]), &told))
		assert.Equal(t, means, told.Data.Final)
		assert.Equal(t, 6, told.Data.StateCode)
		assert.Equal(t, 2, told.Data.Parts, "of the gathered message")

		step = step.Tracking.Report(account.Report{State: account.StateDelivered, AcceptedFinal: means}, at, account.RefundPolicy{})
		assert.Equal(t, means, len(step.Updates) == 0, "after the last word nothing is told")
		if !means {
			assert.True(t, payload.Report{}.Of(step.Updates[0]).Final())
			assert.Equal(t, account.Some(2), payload.Report{}.Of(step.Updates[0]).PartsDelivered)
		}
	}
}
