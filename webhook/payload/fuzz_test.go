package payload_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// apiOrder is the order of the fields of the API family, of both kinds.
const apiOrder = " msgid ref from to stat text err sub dlvrd submit_date done_date coding hex parts mccmnc price currency seq received ts "

// FuzzReport: a report without faults can be told to every URL, in a form that reads back,
// of bounded size; one with faults is told to none.
func FuzzReport(f *testing.F) {
	f.Add("m-1", "order-17", "ACME", "380501112233", "000", "2611231041", "255", "01", "0.0312", "EUR", uint8(2), int64(1), int64(1_790_000_000), 1)
	f.Add("m\x00", "\xff", "\u202e", "+&=%", "\"<", "\\", "255", "", "-1", "XXX", uint8(99), int64(-1), int64(-1<<60), 256)
	f.Add(strings.Repeat("m", 255), strings.Repeat("é", 200_000), "", "", "", "", "", "01", "1e-7", "UAH", uint8(6), int64(1<<40), int64(0), -1)
	f.Fuzz(func(t *testing.T, id, ref, from, to, code, raw, mcc, mnc, amount, currency string, state uint8, seq, at int64, parts int) {
		r := payload.Report{
			MessageID: id, ClientRef: ref, From: from, To: to, Err: code, DoneDateRaw: raw, MCC: mcc, MNC: mnc,
			State: account.MessageState(state), Seq: seq, At: time.Unix(at, 0), DoneAt: time.Unix(at/2, 0), Parts: parts,
		}
		if price, err := decimal.NewFromString(head(amount, 40)); err == nil {
			r.Price = account.Some(payload.Price{Amount: price, Currency: account.Currency(currency)})
		}
		valid := len(r.Faults()) == 0
		for _, kind := range []account.HookKind{account.HookAPIState, account.HookRESTState} {
			body, err := r.Body(kind)
			requireBody(t, kind, body, err, valid, id)
		}
		for _, kind := range []account.HookKind{account.HookAPIIncoming, account.HookRESTIncoming, "fax"} {
			body, err := r.Body(kind)
			require.NoError(t, err)
			require.Empty(t, body, "a state is nothing for %s", kind)
		}
	})
}

// FuzzIncoming is FuzzReport for messages that came in.
func FuzzIncoming(f *testing.F) {
	f.Add("mo-1", "380501112233", "4455", "STOP", "gsm7", []byte(nil), "255", "01", "m-1", int64(1_790_000_000), 1)
	f.Add("mo-1", "", "", "", "binary", []byte{0, 0xff}, "", "", "", int64(1), 255)
	f.Add("\x7f", "&", "=", "\xff\x00\u2028", "utf-8", []byte("x"), "1", "1", "", int64(0), -1)
	f.Fuzz(func(t *testing.T, id, from, to, text, encoding string, data []byte, mcc, mnc, reply string, at int64, parts int) {
		in := payload.Incoming{
			MessageID: id, From: from, To: to, Text: text, Encoding: payload.Encoding(encoding), Data: data,
			MCC: mcc, MNC: mnc, InReplyTo: reply, At: time.Unix(at, 0), ReceivedAt: time.Unix(at/2, 0), Parts: parts,
		}
		valid := len(in.Faults()) == 0
		for _, kind := range []account.HookKind{account.HookAPIIncoming, account.HookRESTIncoming} {
			body, err := in.Body(kind)
			requireBody(t, kind, body, err, valid, id)
		}
	})
}

func head(s string, n int) string { return s[:min(n, len(s))] }

// requireBody holds what is true of every body.
func requireBody(t *testing.T, kind account.HookKind, body string, err error, valid bool, id string) {
	t.Helper()
	if err != nil {
		faults, ok := account.AsFaults(err)
		require.True(t, ok && len(faults) > 0, err)
		require.True(t, !valid || faults[0].Code == "message.size", "what has no faults is told: %v", err)
		require.Empty(t, body)
		return
	}
	require.LessOrEqual(t, len(body), payload.MaxBody)
	require.True(t, utf8.ValidString(body))
	require.NotContains(t, body, "\x00")
	if !valid {
		return
	}
	if kind == account.HookAPIState || kind == account.HookAPIIncoming {
		requireQuery(t, body, id)
		return
	}
	var read struct {
		Type string
		Data struct{ MessageID string }
	}
	require.NoError(t, json.Unmarshal([]byte(body), &read))
	require.Equal(t, id, read.Data.MessageID)
}

// requireQuery holds that each field is there once, in the order of the documentation.
func requireQuery(t *testing.T, query, id string) {
	t.Helper()
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	require.Equal(t, id, values.Get("msgid"))
	last := -1
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		at := strings.Index(apiOrder, " "+name+" ")
		require.Greater(t, at, last, "%s in %s", name, query)
		last = at
	}
}
