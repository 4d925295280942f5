package moneytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/message/messagetest"
)

// Messages tests what a Service promises of messages that it keeps.
func Messages(t *testing.T, host func(t *testing.T) Host) {
	t.Helper()
	for _, p := range []struct {
		name   string
		test   func(t *testing.T, w way)
		shared bool // is another thing with shared money
	}{
		{"each call does in each stage what package message says", eachCallInEachStage, true},
		{"reports that come before Sent count with it", earlyReports, true},
		{"parts are gathered, over several networks", partsOfNetworks, false},
		{"network ids are one message's, until it is over", networkIDsGoOver, false},
		{"a repeated admission is the first one's", admittedAgain, true},
		{"a message is on the terms of the client's product", onTermsOfItsProduct, false},
		{"a hold without Keep stands for itself", heldWithoutKeep, true},
		{"money ended by hand", moneyEndedByHand, true},
		{"holds that ended by themselves", heldTooLong, true},
		{"a closed account's messages come to their end", closedAccount, true},
		{"what is asked for is sound, or refused whole", faultyCalls, false},
		{"figures, and purge", figuresAndPurge, false},
		{"pages of messages", pagesOfMessages, false},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Run("own money", func(t *testing.T) { p.test(t, newWay(t, host(t), false)) })
			if p.shared {
				t.Run("shared money", func(t *testing.T) { p.test(t, newWay(t, host(t), true)) })
			}
		})
	}
	t.Run("the way of a message in transactions of the host's", func(t *testing.T) { wayWithin(t, host(t)) })
}

// way is a platform whose client is told by a URL.
type way struct {
	platform
	network string
	keep    clientaccount.Keep
}

func newWay(t *testing.T, h Host, shared bool) way {
	t.Helper()
	w := way{platform: newPlatform(t, h, shared), network: "net"}
	w.set(t, "webhooks.rest_state", "https://client.io/state")
	return w
}

// giveBack has what was taken given back for these final states.
func (w *way) giveBack(timeout bool, states ...account.MessageState) {
	w.keep.Refunds = account.Some(account.RefundPolicy{States: account.States(states...), Timeout: timeout})
}

// The calls that rows are made of. Each message is of two parts, and costs 4.
func (w way) admitted(t *testing.T, id string) (clientaccount.Admission, error) {
	keep := w.keep
	return w.Admit(t.Context(), w.client.ID, message(), clientaccount.MessageHold{Reference: id, Timeout: time.Hour, Actor: actor, Keep: &keep})
}

func (w way) sent(t *testing.T, id string, ids ...string) (clientaccount.Progress, error) {
	return w.Sent(t.Context(), w.client.ID, id, messages.Handover{Network: w.network, IDs: ids})
}

func (w way) unsent(t *testing.T, id string, state account.MessageState) (clientaccount.Progress, error) {
	return w.Unsent(t.Context(), w.client.ID, id, messages.Failure{State: state, Err: "7"})
}

func (w way) reported(t *testing.T, id string, state account.MessageState) (clientaccount.Progress, error) {
	return w.Reported(t.Context(), messages.NetworkReport{Network: w.network, ID: id, Report: account.Report{State: state, Err: "000"}})
}

// done returns the progress of a call that must go well.
func done(t *testing.T) func(clientaccount.Progress, error) clientaccount.Progress {
	t.Helper()
	return func(p clientaccount.Progress, err error) clientaccount.Progress {
		t.Helper()
		require.NoError(t, err)
		return p
	}
}

// told is what the client's URL is told of a message.
func (w way) told(t *testing.T, id string) (all []account.StateUpdate) {
	t.Helper()
	ds, err := w.Deliveries(t.Context(), clientaccount.DeliveryQuery{Account: w.client.ID, Message: id})
	require.NoError(t, err)
	for _, d := range slices.Backward(ds) {
		var body struct {
			Data struct {
				StateCode account.MessageState
				Err       string
				Seq       int64
				Late      bool
			}
		}
		require.NoError(t, json.Unmarshal([]byte(d.Body), &body))
		all = append(all, account.StateUpdate{
			Report: account.Report{State: body.Data.StateCode, Err: body.Data.Err}, Seq: body.Data.Seq, Late: body.Data.Late,
		})
	}
	return all
}

// stands returns a message's stage, where its money is, and all that was told of it, and holds
// it against its entries.
func (w way) stands(t *testing.T, id string) string {
	t.Helper()
	m, err := w.Message(t.Context(), w.client.ID, id)
	if errors.Is(err, account.ErrNotFound) {
		return "none"
	}
	require.NoError(t, err)
	told := w.told(t, id)
	assert.NoError(t, messagetest.Agree(m, w.moved(t, m), told))
	words := []string{string(m.Stage()), string(m.Money)}
	for _, u := range told {
		word := u.State.String()
		if u.Late {
			word = "late-" + word
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// moved are the kinds of a message's entries, which it names.
func (w way) moved(t *testing.T, m messages.Message) (kinds []account.MovementKind) {
	t.Helper()
	numbers := map[int64]bool{}
	for e, err := range w.AllEntries(t.Context(), account.EntryQuery{Account: w.client.ID, Oldest: true}) {
		require.NoError(t, err)
		if e.Reference == m.ID || e.Hold == m.ID || e.Reference == m.Reference(account.KindRefund) {
			kinds = append(kinds, e.Kind)
			numbers[e.Number] = true
		}
	}
	for _, n := range []int64{m.Entries.Hold, m.Entries.End, m.Entries.Refund} {
		assert.True(t, n == 0 || numbers[n], "message %s names entry %d", m.ID, n)
	}
	return kinds
}

// why is which contradiction an error is, or which refusal.
func why(err error) string {
	if contradiction, ok := errors.AsType[*messages.ContradictionError](err); ok {
		return string(contradiction.Code)
	}
	for text, is := range map[string]error{
		"not found": account.ErrNotFound, "hold": account.ErrHold, "reused": account.ErrReused, "closed": account.ErrClosed,
	} {
		if errors.Is(err, is) {
			return text
		}
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

const (
	delivered = account.StateDelivered
	undeliv   = account.StateUndeliverable
	enroute   = account.StateEnroute
	rejected  = account.StateRejected
)

// stages are the calls that bring a message there.
var stages = map[string][]string{
	"none":      nil,
	"held":      {"admit"},
	"sent":      {"admit", "sent"},
	"ended":     {"admit", "sent", "undeliv"},
	"unsent":    {"admit", "unsent"},
	"timed out": {"admit", "an hour"},
	"waited":    {"admit", "sent", "days"},
}

// do makes a call by its name, and returns what came of it.
func (w way) do(t *testing.T, call string) string {
	var p clientaccount.Progress
	var a clientaccount.Admission
	var err error
	switch call {
	case "admit", "admit another":
		if call == "admit another" {
			w.keep.ClientRef = "another"
		}
		if a, err = w.admitted(t, "m"); err == nil && a.Hold.Repeated {
			return "repeat: " + string(a.Verdict)
		}
		return cmpOr(why(err), string(a.Verdict))
	case "sent":
		p, err = w.sent(t, "m", "a")
	case "sent under another":
		p, err = w.sent(t, "m", "b")
	case "unsent":
		p, err = w.unsent(t, "m", undeliv)
	case "unsent otherwise":
		p, err = w.unsent(t, "m", rejected)
	case "undeliv":
		p, err = w.reported(t, "a", undeliv)
	case "delivered":
		p, err = w.reported(t, "a", delivered)
	case "enroute":
		p, err = w.reported(t, "a", enroute)
	case "an hour":
		w.Clock.Advance(time.Hour)
		require.NoError(t, w.Tick(t.Context()))
		return ""
	case "days":
		w.Clock.Advance(5 * 24 * time.Hour)
		require.NoError(t, w.Tick(t.Context()))
		return ""
	}
	switch {
	case err != nil:
		return why(err)
	case p.Early:
		return "early"
	case !p.Changed:
		return "repeat"
	}
	return ""
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// transitions are the table of package message: of each stage and call what is answered, by
// sent, and how the message then stands; by delivered where it is another thing.
var transitions = []struct{ stage, call, answer, bySent, byDelivered string }{
	{"none", "admit", "accept", "held held", ""},
	{"none", "sent", "not found", "none", ""},
	{"none", "unsent", "not found", "none", ""},
	{"none", "delivered", "early", "none", ""},
	{"none", "an hour", "", "none", ""},

	{"held", "admit", "repeat: accept", "held held", ""},
	{"held", "admit another", "admitted.other", "held held", ""},
	{"held", "sent", "", "sent taken", "sent held"},
	{"held", "unsent", "", "unsent released UNDELIV", ""},
	{"held", "delivered", "early", "held held", ""},
	{"held", "an hour", "", "timed_out released EXPIRED", ""},

	{"sent", "admit", "repeat: sent", "sent taken", "sent held"},
	{"sent", "admit another", "admitted.other", "sent taken", "sent held"},
	{"sent", "sent", "repeat", "sent taken", "sent held"},
	{"sent", "sent under another", "sent.other", "sent taken", "sent held"},
	{"sent", "unsent", "unsent.sent", "sent taken", "sent held"},
	{"sent", "enroute", "", "sent taken ENROUTE", "sent held ENROUTE"},
	{"sent", "delivered", "", "ended taken DELIVRD", ""},
	{"sent", "undeliv", "", "ended refunded UNDELIV", "ended released UNDELIV"},
	{"sent", "an hour", "", "sent taken", "sent held"},
	{"sent", "days", "", "ended refunded EXPIRED", "ended released EXPIRED"},

	{"ended", "admit", "repeat: sent", "ended refunded UNDELIV", "ended released UNDELIV"},
	{"ended", "sent", "repeat", "ended refunded UNDELIV", "ended released UNDELIV"},
	{"ended", "unsent", "unsent.sent", "ended refunded UNDELIV", "ended released UNDELIV"},
	{"ended", "undeliv", "repeat", "ended refunded UNDELIV", "ended released UNDELIV"},
	{"ended", "delivered", "repeat", "ended refunded UNDELIV", "ended released UNDELIV"},
	{"ended", "days", "", "ended refunded UNDELIV", "ended released UNDELIV"},

	{"waited", "delivered", "", "ended refunded EXPIRED late-DELIVRD", "ended released EXPIRED late-DELIVRD"},
	{"waited", "sent", "repeat", "ended refunded EXPIRED", "ended released EXPIRED"},
	{"waited", "admit", "repeat: sent", "ended refunded EXPIRED", "ended released EXPIRED"},

	{"unsent", "admit", "admitted.over", "unsent released UNDELIV", ""},
	{"unsent", "sent", "sent.unsent", "unsent released UNDELIV", ""},
	{"unsent", "unsent", "repeat", "unsent released UNDELIV", ""},
	{"unsent", "unsent otherwise", "unsent.other", "unsent released UNDELIV", ""},
	{"unsent", "delivered", "early", "unsent released UNDELIV", ""},
	{"unsent", "days", "", "unsent released UNDELIV", ""},

	{"timed out", "admit", "admitted.over", "timed_out released EXPIRED", ""},
	{"timed out", "sent", "sent.timed_out", "timed_out released EXPIRED", ""},
	{"timed out", "unsent", "", "unsent released EXPIRED late-UNDELIV", ""},
	{"timed out", "delivered", "early", "timed_out released EXPIRED", ""},
	{"timed out", "days", "", "timed_out released EXPIRED", ""},
}

func eachCallInEachStage(t *testing.T, w way) {
	for _, pricing := range []messages.Pricing{messages.PricingSent, messages.PricingDelivered} {
		for i, row := range transitions {
			w := w.another(t, fmt.Sprintf("%s-%d", pricing, i))
			w.keep.Pricing = pricing
			w.giveBack(true, undeliv)
			for _, call := range stages[row.stage] {
				w.do(t, call)
			}
			what := fmt.Sprintf("by %s: %s, %s", pricing, row.stage, row.call)
			assert.Equal(t, row.answer, w.do(t, row.call), what)
			want := row.bySent
			if pricing == messages.PricingDelivered && row.byDelivered != "" {
				want = row.byDelivered
			}
			assert.Equal(t, want, w.stands(t, "m"), what)
			w.requireSum(t, want)
		}
	}
}

// another is the way of another client, whose networks have nothing to do with this one's.
func (w way) another(t *testing.T, name string) way {
	t.Helper()
	w.platform, w.network = newPlatformOf(t, w.Host, name+"-", w.client.ID != w.payer.ID), name
	w.set(t, "webhooks.rest_state", "https://client.io/state")
	return w
}

// requireSum holds the payer's money against where one message's is.
func (w way) requireSum(t *testing.T, stands string) {
	t.Helper()
	switch {
	case strings.Contains(stands, " held"):
		w.requireMoney(t, "10", "4")
	case strings.Contains(stands, " taken"):
		w.requireMoney(t, "6", "0")
	default:
		w.requireMoney(t, "10", "0")
	}
}
