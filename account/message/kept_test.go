package message_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/message"
)

// whole returns a message with something in every field.
func whole() message.Message {
	e := envelope(3)
	e.Round = true
	terms := refundsTimeout()
	terms.Pricing, terms.SendWithin = message.PricingDelivered, time.Hour
	report := account.Report{State: undeliv, Err: "9", DoneAt: at(3), Part: 1, AcceptedFinal: true}
	return message.Message{
		Envelope: e, Terms: terms, Version: 3, AdmittedAt: at(0), SentAt: at(1), EndedAt: at(2), Err: "9",
		Tracking: account.Tracking{
			Deadline: at(72), Parts: 3, State: enroute, Seq: 1, Reported: true, TimedOut: true, Late: delivered, Refunded: true,
			Ended: []int{1}, Delivered: 1, Worst: report,
		},
		Money: message.MoneyTaken, NetworkIDs: message.NetworkIDs{{"acme", "17", 1}, {"beta", "a", 2}},
		Entries: message.Entries{Hold: 1, End: 2, Refund: 3},
	}
}

func TestAMessageComesBackFromJSONAsItWas(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	step := message.Step{
		Message: whole(), Changed: true, Movement: account.Movement{Account: accounttest.ID(1), Kind: account.KindRelease, Hold: "m-1"},
		Updates: []account.StateUpdate{{Seq: 1}},
	}
	early := message.Early{NetworkReport: message.NetworkReport{Network: "acme", ID: "17", Report: whole().Tracking.Worst}, At: at(1)}
	row := message.FiguresRow{
		Key:     message.FiguresKey{Account: accounttest.ID(1), Day: bySent().Day, MCC: "255", MNC: "01", Channel: "api", State: account.Some(undeliv)},
		Figures: message.Figures{Messages: 1, Parts: 2, Taken: decimal.New(312, -4), GivenBack: decimal.New(1, -6)},
	}
	for _, v := range []any{
		message.Message{},
		whole(),
		message.Step{},
		step, early, row,
		message.FiguresRow{},
		message.Handover{Network: "acme", IDs: []string{"17"}, Part: 1},
		message.Failure{State: rejected, Err: "1"},
	} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		back := reflect.New(reflect.TypeOf(v))
		require.NoError(t, json.Unmarshal(text, back.Interface()))
		again, err := json.Marshal(back.Interface())
		require.NoError(t, err)
		assert.JSONEq(t, string(text), string(again))
		var object map[string]any
		require.NoError(t, json.Unmarshal(text, &object))
		for key := range object {
			assert.Regexp(t, name, key, "%T", v)
		}
	}
	for i, v := 0, reflect.ValueOf(whole()); i < v.NumField(); i++ {
		assert.False(t, v.Field(i).IsZero(), v.Type().Field(i).Name)
	}
}

func TestListsGoIntoADatabaseAndBack(t *testing.T) {
	ids := whole().NetworkIDs
	value, err := ids.Value()
	require.NoError(t, err)
	for _, src := range []any{value, []byte(value.(string))} {
		var back message.NetworkIDs
		require.NoError(t, back.Scan(src))
		assert.Equal(t, ids, back)
	}
	var early, back message.EarlyReports
	early = early.With(message.Early{NetworkReport: message.NetworkReport{Network: "acme", ID: "17", Report: whole().Tracking.Worst}, At: at(1)})
	value, err = early.Value()
	require.NoError(t, err)
	require.NoError(t, back.Scan(value))
	assert.Equal(t, early, back)

	require.NoError(t, back.Scan(nil))
	assert.Nil(t, back)
	value, err = back.Value()
	require.NoError(t, err)
	assert.Nil(t, value)
	for _, bad := range []any{17, "", "{}", `[{"part":"x"}]`} {
		kept := ids
		require.Error(t, kept.Scan(bad), "%v", bad)
		assert.Equal(t, ids, kept)
	}
}

// Figures are a sum: in whatever order the changes of many messages are added, they come
// to what counting the messages gives.
func TestFiguresAreThoseOfTheMessages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		added, counted := map[message.FiguresKey]message.Figures{}, map[message.FiguresKey]message.Figures{}
		var changes []message.FiguresRow
		for i := range rapid.IntRange(0, 8).Draw(t, "messages") {
			m := message.Message{}
			keep := func(s message.Step, err error) {
				if err == nil {
					changes = append(changes, s.Message.FiguresRow().Since(m.FiguresRow())...)
					m = s.Message
				}
			}
			e := envelope(rapid.IntRange(1, 3).Draw(t, "parts"))
			e.ID = string(rune('a' + i))
			e.MNC = rapid.SampledFrom([]string{"", "01"}).Draw(t, "mnc")
			terms := drawTerms(t)
			keep(m.Admitted(e, terms, at(0)))
			if rapid.Bool().Draw(t, "sent") {
				keep(m.Sent(message.Handover{Network: "acme", IDs: []string{"17"}}, nil, at(0)))
			}
			for _, state := range rapid.SliceOfN(rapid.SampledFrom(states), 0, 3).Draw(t, "states") {
				keep(m.Reported(message.NetworkReport{Network: "acme", ID: "17", Report: account.Report{State: state}}, at(0)))
			}
			keep(m.At(at(rapid.SampledFrom([]float64{0, 1000}).Draw(t, "looked"))), nil)
			row := m.FiguresRow()
			counted[row.Key] = counted[row.Key].Plus(row.Figures)
		}
		for _, i := range rapid.Permutation(indexes(changes)).Draw(t, "order") {
			added[changes[i].Key] = added[changes[i].Key].Plus(changes[i].Figures)
		}
		for key, f := range added {
			require.True(t, f.Minus(counted[key]).IsZero(), "%v: %v, not %v", key, f, counted[key])
		}
		for key, f := range counted {
			require.True(t, f.Minus(added[key]).IsZero(), "%v", key)
		}
	})
}

func indexes[T any](list []T) []int {
	all := make([]int, len(list))
	for i := range all {
		all[i] = i
	}
	return all
}

// FuzzKept reads what may stand in a store: what is read goes on, and nothing panics.
func FuzzKept(f *testing.F) {
	for _, text := range []string{ // short, or the fuzzer is long at making them shorter
		`{}`, `{"id":"m","parts":2,"wait":9,"money":"held","tracking":{"parts":2,"ended":[1]}}`,
		`{"id":"m","price":"1e9","sent_at":"2026-11-23T00:00:00Z","money":"taken","refunds":{"states":32}}`,
	} {
		f.Add(text, `[{"network":"acme","id":"17","part":1}]`)
	}
	f.Fuzz(func(t *testing.T, text, list string) {
		var m message.Message
		if json.Unmarshal([]byte(text), &m) != nil || len(text) > 1<<16 {
			return
		}
		if m.NetworkIDs.Scan(list) == nil {
			value, err := m.NetworkIDs.Value()
			require.NoError(t, err)
			var back message.NetworkIDs
			require.NoError(t, back.Scan(value))
			require.Len(t, back, len(m.NetworkIDs))
		}
		var early message.EarlyReports
		_ = early.Scan(list)
		steps := []message.Step{m.At(at(0))}
		for _, call := range []func() (message.Step, error){
			func() (message.Step, error) { return m.Admitted(m.Envelope, m.Terms, at(1)) },
			func() (message.Step, error) {
				return m.Sent(message.Handover{Network: "acme", IDs: []string{"17"}}, early, at(1))
			},
			func() (message.Step, error) { return m.Unsent(message.Failure{State: rejected}, at(1)) },
			func() (message.Step, error) {
				return m.Reported(message.NetworkReport{Network: "acme", ID: "17", Report: account.Report{State: undeliv}}, at(1))
			},
		} {
			if s, err := call(); err == nil {
				steps = append(steps, s)
			}
		}
		for _, s := range steps {
			s.Message.FiguresRow().Since(m.FiguresRow())
			s.Message.Purgeable(at(2), message.KeepFor)
		}
	})
}

// Reports of several ids come in one order, and those of an id are never turned round.
func TestEarlyReportsAreHeardAsTheyCame(t *testing.T) {
	early := func(id, err string, hours float64) message.Early {
		return message.Early{NetworkReport: message.NetworkReport{Network: "acme", ID: id, Report: account.Report{Err: err}}, At: at(hours)}
	}
	var order string
	for _, e := range message.ByArrival([]message.Early{early("a", "3", 3), early("a", "4", 1), early("b", "1", 0), early("b", "2", 2)}) {
		order += e.Report.Err
	}
	assert.Equal(t, "1234", order)
	assert.Empty(t, message.ByArrival(nil))
}
