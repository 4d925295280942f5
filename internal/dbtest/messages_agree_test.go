package dbtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/message/messagetest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// travels is a platform whose messages go on their journeys, and what was heard of them. Its
// third account shares the money of the first.
type travels struct {
	*vault
	s      *bunstore.Store
	mu     sync.Mutex
	begun  map[int]bool
	done   map[int][]string
	heard  []acknowledged
	failed []string
}

const travelFunds = 1e6

func newTravels(t *testing.T, driver, dsn string) *travels {
	t.Helper()
	s := newStore(t, openBun(t, driver, dsn))
	v := &travels{
		vault: &vault{T: t, dsn: dsn, svc: clientaccount.New(s, nil)}, s: s,
		begun: map[int]bool{}, done: map[int][]string{},
	}
	for n := range 3 {
		made, err := v.svc.Create(t.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
			a.Core.Login, a.Contact.Company = fmt.Sprint("client.", n), "Company"
			a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
			a.Status, a.Sending.REST, a.Routing.DynamicSender, a.Sending.Subaccounts = account.StatusActive, true, true, n == 0
			a.Webhooks.RESTState, a.Webhooks.APIState = "https://client.io/rest", "https://client.io/api"
			if n == 2 {
				a.Parent, a.Credit.Shared = v.ids[0], true
			}
			return nil
		}})
		require.NoError(t, err)
		v.ids = append(v.ids, made.Account.ID)
		if n < 2 {
			_, err = v.svc.TopUp(t.Context(), clientaccount.TopUp{Account: made.Account.ID, Amount: decimal.NewFromInt(travelFunds), Reference: "funds"})
			require.NoError(t, err)
		}
	}
	return v
}

// courier is one in this process.
func (v *travels) courier() *courier {
	return &courier{svc: v.svc, accounts: v.ids, heard: v.hear, failed: func(err error) { v.note(func() { v.failed = append(v.failed, err.Error()) }) }}
}

func (v *travels) note(do func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	do()
}

func (v *travels) hear(a acknowledged) {
	v.note(func() { v.heard, v.done[a.N] = append(v.heard, a), append(v.done[a.N], a.Stage) })
}

// count is how much was acknowledged.
func (v *travels) count() (n int) {
	v.note(func() { n = len(v.heard) })
	return n
}

// arrived holds all journeys, which all came to their end, against what became of them: in
// time, and once all time is over.
func (v *travels) arrived() {
	v.Helper()
	require.Empty(v, v.failed, "calls that can never go well")
	require.NotEmpty(v, v.begun)
	require.NoError(v, v.svc.Tick(v.Context()))
	v.noneIsEarly()
	v.agree(false)
	late := clientaccount.New(v.s, &clientaccount.Options{
		Clock: func() time.Time { return time.Now().Add(31 * 24 * time.Hour) }, MessagesFor: 1000 * 24 * time.Hour,
	})
	for range 2 { // what it looks after first, something later may be due
		require.NoError(v, late.Tick(v.Context()))
	}
	v.svc = late
	v.agree(true)
	v.balances()
	v.figures()
	v.verified()
}

// noneIsEarly says that every report was heard.
func (v *travels) noneIsEarly() {
	v.Helper()
	var ids []store.NetworkKey
	for n := range v.begun {
		j := newJourney(n, v.ids)
		for part := range j.parts {
			network, id := j.networkID(part + 1)
			ids = append(ids, store.NetworkKey{Network: network, ID: id})
		}
	}
	es, err := v.s.EarlyReports(v.Context(), ids)
	require.NoError(v, err)
	assert.Empty(v, es)
}

// story is all that is kept of a message.
type story struct {
	message message.Message
	moved   []account.MovementKind
	told    map[account.HookKind][]account.StateUpdate
}

// stories are those of all messages, by their ids.
func (v *travels) stories() map[string]*story {
	v.Helper()
	all := map[string]*story{}
	for _, id := range v.ids {
		for m, err := range v.svc.AllMessages(v.Context(), message.Query{Account: id}) {
			require.NoError(v, err)
			all[m.ID] = &story{message: m, told: map[account.HookKind][]account.StateUpdate{}}
		}
		v.addMoved(id, all)
		v.addTold(id, all)
	}
	return all
}

func (v *travels) addMoved(id account.ID, all map[string]*story) {
	v.Helper()
	for e, err := range v.svc.AllEntries(v.Context(), account.EntryQuery{Account: id, Oldest: true}) {
		require.NoError(v, err)
		reference := cmp.Or(e.Hold, strings.TrimSuffix(e.Reference, "/refund"))
		s := all[reference]
		if s == nil {
			others := id == v.ids[0] && strings.HasPrefix(reference, account.ReservedPrefix+v.ids[2].String())
			assert.True(v, others || e.Reference == "funds", "%s is an entry of no message", e.Reference)
			continue
		}
		s.moved = append(s.moved, e.Kind)
		at := s.message.Entries
		assert.Contains(v, []int64{at.Hold, at.End, at.Refund}, e.Number, "an entry that %s does not name", s.message.ID)
		if e.Kind == account.KindCapture || e.Kind == account.KindRefund {
			assert.True(v, e.Moved().Abs().Equal(s.message.Cost()), "%s of %s is %s", e.Kind, s.message.ID, e.Amount)
		}
	}
}

func (v *travels) addTold(id account.ID, all map[string]*story) {
	v.Helper()
	for before := int64(0); ; {
		ds, err := v.svc.Deliveries(v.Context(), clientaccount.DeliveryQuery{Account: id, Before: before, Limit: account.MaxPage})
		require.NoError(v, err)
		for _, d := range ds {
			before = d.Seq
			s := all[d.Message]
			if assert.NotNil(v, s, "told of %s, which is not there", d.Message) {
				s.told[d.Hook.Kind] = slices.Insert(s.told[d.Hook.Kind], 0, toldBy(v, d))
			}
		}
		if len(ds) < account.MaxPage {
			return
		}
	}
}

// toldBy is the update that a delivery tells.
func toldBy(tb testing.TB, d clientaccount.Delivery) (u account.StateUpdate) {
	tb.Helper()
	if d.Hook.Kind == account.HookAPIState {
		form, err := url.ParseQuery(d.Body)
		require.NoError(tb, err)
		u.Seq, err = strconv.ParseInt(form.Get("seq"), 10, 64)
		require.NoError(tb, err)
		u.State, err = account.ParseMessageState(form.Get("stat"))
		require.NoError(tb, err)
		u.Err = form.Get("err")
		return u
	}
	var body struct {
		Data struct {
			StateCode account.MessageState
			Err       string
			Seq       int64
			Late      bool
		}
	}
	require.NoError(tb, json.Unmarshal([]byte(d.Body), &body))
	said := body.Data
	return account.StateUpdate{Report: account.Report{State: said.StateCode, Err: said.Err}, Seq: said.Seq, Late: said.Late}
}

// agree holds messages, entries and deliveries against one another, against their journeys,
// and against what was acknowledged.
func (v *travels) agree(over bool) {
	v.Helper()
	all := v.stories()
	assert.Len(v, all, len(v.begun))
	for n := range v.begun {
		j := newJourney(n, v.ids)
		s := all[j.id()]
		if !assert.NotNil(v, s, "%s is not there", j.id()) {
			continue
		}
		for _, kind := range []account.HookKind{account.HookRESTState, account.HookAPIState} {
			assert.NoError(v, messagetest.Agree(s.message, s.moved, s.told[kind]), "%s %s", j.id(), kind)
		}
		if j.torn && s.message.State() == account.StateUndeliverable {
			j.end, j.money = s.message.State(), givenBack
		}
		if ends := !j.lost && !j.left; ends || over {
			assert.Equal(v, j.end.String(), s.message.State().String(), j.id())
			assert.Contains(v, j.money, s.message.Money, j.id())
		}
	}
	for _, a := range v.heard {
		s := all[fmt.Sprint("m-", a.N)]
		if s == nil {
			continue
		}
		assert.LessOrEqual(v, a.Version, s.message.Version, "%s of %s was undone", a.Stage, s.message.ID)
		for _, u := range a.Updates {
			was := account.StateUpdate{Report: account.Report{State: u.State, Err: u.Err}, Seq: u.Seq, Late: u.Late}
			assert.Contains(v, s.told[account.HookRESTState], was, "%s of %s", a.Stage, s.message.ID)
		}
	}
}

// firstCounts says that of two ends that a network reported, one after the other was
// answered, the first counts. It returns of how many messages this was so. Only where no asker
// was killed is it known when an end was asked for first.
func (v *travels) firstCounts() (n int) {
	v.Helper()
	type ends struct{ began, ended map[string]time.Time }
	said := map[int]ends{}
	for _, a := range v.heard {
		j := newJourney(a.N, v.ids)
		state, isReport := strings.CutPrefix(a.Stage, "reported 1 ")
		if !j.torn || j.parts > 1 || !isReport {
			continue
		}
		e, there := said[a.N]
		if !there {
			e = ends{map[string]time.Time{}, map[string]time.Time{}}
			said[a.N] = e
		}
		if was, known := e.began[state]; !known || a.Began.Before(was) {
			e.began[state] = a.Began
		}
		if was, known := e.ended[state]; !known || a.Ended.Before(was) {
			e.ended[state] = a.Ended
		}
	}
	all := v.stories()
	for number, e := range said {
		for _, ends := range [][2]account.MessageState{
			{account.StateDelivered, account.StateUndeliverable}, {account.StateUndeliverable, account.StateDelivered},
		} {
			first, second := ends[0].String(), ends[1].String()
			if e.ended[first].Before(e.began[second]) {
				n++
				assert.Equal(v, first, all[newJourney(number, v.ids).id()].message.State().String(), "message %d", number)
			}
		}
	}
	return n
}

// balances hold the accounts' money against the messages'.
func (v *travels) balances() {
	v.Helper()
	left := []decimal.Decimal{decimal.NewFromInt(travelFunds), decimal.NewFromInt(travelFunds)}
	for _, s := range v.stories() {
		payer := slices.Index(v.ids, s.message.Account) % 2 // the third one's is the first
		if s.message.Money == message.MoneyTaken {
			left[payer] = left[payer].Sub(s.message.Cost())
		}
	}
	for n, want := range left {
		at, err := v.svc.Balance(v.Context(), v.ids[n])
		require.NoError(v, err)
		assert.Equal(v, want.String(), at.Amount.String())
		assert.True(v, at.Held.IsZero(), "%s is held", at.Held)
	}
}

// figures hold the figures against the messages.
func (v *travels) figures() {
	v.Helper()
	want, got := map[message.FiguresKey]message.Figures{}, map[message.FiguresKey]message.Figures{}
	for _, s := range v.stories() {
		row := s.message.FiguresRow()
		want[row.Key] = want[row.Key].Plus(row.Figures)
	}
	for _, id := range v.ids {
		rows, err := v.svc.Figures(v.Context(), message.FiguresQuery{Account: id})
		require.NoError(v, err)
		for _, row := range rows {
			got[row.Key] = row.Figures
		}
	}
	assert.Len(v, got, len(want))
	for key := range maps.Keys(want) {
		assert.True(v, want[key].Minus(got[key]).IsZero(), "%+v: %+v, and the messages come to %+v", key, got[key], want[key])
	}
}
