package clientaccount_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// setBy returns an edit of fields, by somebody, for a reason.
func setBy(who account.Actor, reason string, pathsAndTexts ...string) clientaccount.Edit {
	e := set(pathsAndTexts...)
	e.Actor, e.Reason = who, reason
	return e
}

// task returns a task as it counts.
func (b *bench) task(id account.ID) store.Task {
	b.Helper()
	t, err := b.svc.Task(b.Context(), id)
	require.NoError(b, err)
	return t
}

// taskFaults returns the "path code" of a task's faults.
func taskFaults(t store.Task) []string { return faults(account.Faults(t.Faults)) }

func TestAScheduledChangeIsMadeWhenItIsDue(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	at := b.clock.Now().Add(time.Hour)
	task, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, at, setBy(olena, "new contract", "credit.limit", "500", "contact.skype", "acme"))
	require.NoError(t, err)
	assert.Equal(t, store.TaskWaiting, task.State)
	assert.Equal(t, store.Texts{"credit.limit": "500", "contact.skype": "acme"}, task.Set)
	assert.Equal(t, store.Texts{"credit.limit": "", "contact.skype": ""}, task.Was)
	assert.Equal(t, task, b.task(task.ID))
	b.tick(0)
	assert.Empty(t, b.get(a.ID).Contact.Skype, "it is not due")

	b.clock.Advance(time.Hour)
	b.tick(0)
	b.tick(0)
	done := b.task(task.ID)
	assert.Equal(t, store.TaskDone, done.State)
	assert.Equal(t, b.clock.Now().UTC().Truncate(time.Microsecond), done.EndedAt)
	after := b.get(a.ID)
	assert.Equal(t, "acme", after.Contact.Skype)
	assert.Equal(t, a.Revision+1, after.Revision, "once")
	assert.Equal(t, after.Revision, done.Revision)
	record := b.history(a.ID)[0]
	assert.Equal(t, olena, record.Actor)
	assert.Equal(t, "new contract", record.Reason)
}

func TestAScheduledChangeIsRefusedWhereItsFieldsChangedMeanwhile(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	at := b.clock.Now().Add(time.Hour)
	superseded, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, at, set("contact.skype", "one", "time_zone", "Europe/Kyiv"))
	require.NoError(t, err)
	same, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, at, set("contact.skype", "other"))
	require.NoError(t, err)
	a = b.update(a, "contact.skype", "other", "contact.company", "Another field")
	b.clock.Advance(time.Hour)
	b.tick(0)
	refused := b.task(superseded.ID)
	assert.Equal(t, store.TaskRefused, refused.State)
	assert.Equal(t, []string{"contact.skype change.superseded"}, taskFaults(refused))
	assert.Equal(t, store.TaskUnchanged, b.task(same.ID).State, "it is as wanted")
	assert.Equal(t, a, b.get(a.ID))
	b.tick(0)
	assert.Equal(t, refused, b.task(superseded.ID), "never again")
}

func TestAScheduledChangeIsRefusedWhereTheRulesSaySo(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	at := b.clock.Now().Add(time.Hour)
	task, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, at, set("login", "taken"))
	require.NoError(t, err)
	assert.NotEmpty(t, task.Warnings, "the step of a renamed login")
	b.create("taken")
	b.clock.Advance(time.Hour)
	b.tick(0)
	assert.Equal(t, []string{"login login.taken"}, taskFaults(b.task(task.ID)))
}

func TestAScheduledChangeIsJudgedNowWithAllFaults(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	e := set("credit.limit", "-1", "password", "pelican-Orbit-77", "password_retype", "pelican-Orbit-77")
	e.Guard = func(_, _ account.Account) error {
		return account.NewFault("contact.skype", "field.forbidden", "contact.skype")
	}
	_, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now(), e)
	assert.ElementsMatch(t, []string{"at task.at", "password task.password", "credit.limit credit.negative", "contact.skype field.forbidden"}, faults(err))
	_, err = b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(2*clientaccount.MaxTaskAhead), set("contact.skype", "x"))
	assert.Equal(t, []string{"at task.at"}, faults(err))
	_, err = b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), set("contact.skype", ""))
	assert.Equal(t, []string{" task.empty"}, faults(err))
	_, err = b.svc.Schedule(t.Context(), a.ID, a.Revision+1, b.clock.Now().Add(time.Hour), set("contact.skype", "x"))
	require.ErrorIs(t, err, account.ErrStale)
	ts, err := b.svc.Tasks(t.Context(), store.TaskQuery{})
	require.NoError(t, err)
	assert.Empty(t, ts)
}

func TestATaskKeepsToTheScopeOfWhoAskedForIt(t *testing.T) {
	b := newBench(t)
	mine, other := b.manager("Mine"), b.manager("Other")
	a := b.create("acme", func(a *account.Account) { a.Core.Manager = mine })
	e := set("contact.skype", "acme")
	e.Managers = account.Some([]account.ID{mine})
	task, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), e)
	require.NoError(t, err)
	handing := set("manager", other.String())
	handing.Managers = e.Managers
	_, err = b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), handing)
	assert.Equal(t, []string{"manager manager.unknown"}, faults(err))
	a = b.update(a, "manager", other.String())
	_, err = b.svc.Update(t.Context(), a.ID, a.Revision, e)
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), e)
	require.ErrorIs(t, err, account.ErrNotFound)
	b.clock.Advance(time.Hour)
	b.tick(0)
	assert.Equal(t, []string{" task.scope"}, taskFaults(b.task(task.ID)))
}

// manager makes a manager and returns the id.
func (b *bench) manager(name string) account.ID {
	b.Helper()
	m, err := b.svc.SaveManager(b.Context(), account.Manager{Name: name}, account.Actor{}, "")
	require.NoError(b, err)
	return m.ID
}

func TestASecondPersonConfirms(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	until := b.clock.Now().Add(24 * time.Hour)
	task, err := b.svc.Propose(t.Context(), a.ID, a.Revision, until, setBy(olena, "they asked", "credit.limit", "5000"))
	require.NoError(t, err)
	for name, who := range map[string]account.Actor{
		"the same": {ID: olena.ID, Name: "Another name"}, "the same, typed otherwise": {ID: " " + strings.ToUpper(olena.ID) + "\u00a0"}, "nobody": {Name: "Marek"},
	} {
		_, err = b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: who})
		assert.Equal(t, []string{" task.second"}, faults(err), name)
	}
	guarded := clientaccount.Edit{Actor: marek, Guard: func(_, after account.Account) error {
		assert.Equal(t, "5000", after.Credit.Limit.Or(account.Amount("0")).String())
		return account.NewFault("credit.limit", "field.forbidden", "credit.limit")
	}}
	_, err = b.svc.Confirm(t.Context(), task.ID, guarded)
	assert.Equal(t, []string{"credit.limit field.forbidden"}, faults(err))
	assert.Equal(t, store.TaskUnconfirmed, b.task(task.ID).State)

	for range 2 {
		done, err := b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: marek, Reason: "agreed"})
		require.NoError(t, err)
		assert.Equal(t, store.TaskDone, done.State)
		assert.Equal(t, "agreed", done.Answer)
		assert.Equal(t, done, b.task(task.ID))
	}
	history := b.history(a.ID)
	require.Len(t, history, 2)
	assert.Equal(t, olena, history[0].Actor)
	assert.Equal(t, marek, history[0].Second)
	assert.Equal(t, "they asked", history[0].Reason)
	_, err = b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: account.Actor{ID: "u3"}})
	assert.Equal(t, []string{" task.ended"}, faults(err))
	_, err = b.svc.Cancel(t.Context(), task.ID, marek, "")
	assert.Equal(t, []string{" task.ended"}, faults(err))
}

func TestWhatNobodyConfirmedExpires(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	task, err := b.svc.Propose(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), set("contact.skype", "acme"))
	require.NoError(t, err)
	b.clock.Advance(time.Hour)
	assert.Equal(t, store.TaskExpired, b.task(task.ID).State)
	_, err = b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: marek})
	assert.Equal(t, []string{" task.expired"}, faults(err))
	read := b.task(task.ID)
	b.tick(0)
	assert.Equal(t, read, b.task(task.ID))
	kept, err := b.store.Task(t.Context(), task.ID)
	require.NoError(t, err)
	assert.Equal(t, store.TaskExpired, kept.State)
	b.clock.Advance(91 * 24 * time.Hour)
	b.tick(0)
	_, err = b.svc.Task(t.Context(), task.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestWhatIsConfirmedTooLateIsRefused(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	task, err := b.svc.Propose(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), set("contact.skype", "acme"))
	require.NoError(t, err)
	b.update(a, "contact.skype", "other")
	for range 2 {
		refused, err := b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: marek})
		require.NoError(t, err)
		assert.Equal(t, store.TaskRefused, refused.State)
		assert.Equal(t, []string{"contact.skype change.superseded"}, taskFaults(refused))
	}
}

func TestCancel(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	task, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), set("contact.skype", "acme"))
	require.NoError(t, err)
	for range 2 {
		cancelled, err := b.svc.Cancel(t.Context(), task.ID, marek, "not yet")
		require.NoError(t, err)
		assert.Equal(t, store.TaskCancelled, cancelled.State)
		assert.Equal(t, marek, cancelled.Second)
		assert.Equal(t, "not yet", cancelled.Answer)
	}
	b.clock.Advance(time.Hour)
	b.tick(0)
	assert.Equal(t, a, b.get(a.ID))
}

func TestMoneyWaitsForASecondPerson(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	until, all := b.clock.Now().Add(time.Hour), account.Optional[[]account.ID]{}
	m := clientaccount.MovementOf(topUpOf(a.ID, "5000", "bank-17"))
	m.Actor = olena
	task, err := b.svc.ProposeMove(t.Context(), until, m, all)
	require.NoError(t, err)
	again, err := b.svc.ProposeMove(t.Context(), until.Add(time.Second), m, all)
	require.NoError(t, err)
	assert.Equal(t, task, again)
	other := m
	other.Amount = account.Amount("1")
	_, err = b.svc.ProposeMove(t.Context(), until, other, all)
	require.ErrorIs(t, err, account.ErrReused)
	for range 2 {
		done, err := b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: marek})
		require.NoError(t, err)
		assert.Equal(t, store.TaskDone, done.State)
		assert.Equal(t, int64(1), done.Entry)
	}
	entries, err := b.svc.Entries(t.Context(), account.EntryQuery{Account: a.ID})
	require.NoError(t, err)
	assert.Equal(t, []account.Actor{olena, marek}, []account.Actor{entries[0].Actor, entries[0].Second})
	standing, err := b.svc.Balance(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Equal(t, "5000", standing.Available.String())
	done, err := b.svc.ProposeMove(t.Context(), until, m, all)
	require.NoError(t, err)
	assert.Equal(t, store.TaskDone, done.State)

	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "4000", "since"))
	require.NoError(t, err, "the committer saw it")
	_, err = b.svc.ProposeMove(t.Context(), until, clientaccount.MovementOf(chargeOf(a.ID, "2000", "c")), all)
	require.ErrorIs(t, err, account.ErrExhausted)
	task, err = b.svc.ProposeMove(t.Context(), until, clientaccount.MovementOf(chargeOf(a.ID, "900", "c")), all)
	require.NoError(t, err)
	_, err = b.svc.Charge(t.Context(), chargeOf(a.ID, "900", "first"))
	require.NoError(t, err)
	refused, err := b.svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: marek})
	require.NoError(t, err)
	assert.Equal(t, []string{"amount task.exhausted"}, taskFaults(refused))
	after, err := b.svc.ProposeMove(t.Context(), until, clientaccount.MovementOf(chargeOf(a.ID, "10", "c")), all)
	require.NoError(t, err, "what came to nothing leaves its reference free")
	assert.NotEqual(t, task.ID, after.ID)
}

func TestAnAccountWithoutAPasswordLetsNobodyIn(t *testing.T) {
	b := newBench(t)
	e := client("acme", func(a *account.Account) {
		a.Core.Password = account.NewPassword{}
		a.Status, a.Sending.REST = account.StatusActive, true
	})
	_, err := b.svc.Create(t.Context(), e)
	assert.Contains(t, faults(err), "password password.required")
	e.NoPassword = true
	made, err := b.svc.Create(t.Context(), e)
	require.NoError(t, err)
	assert.Zero(t, b.svc.HashesBegun())
	for i, try := range []string{"", password} {
		_, err = b.svc.Authenticate(t.Context(), clientaccount.Attempt{Login: "acme", Password: try, Channel: account.ChannelREST, From: fmt.Sprint(i)})
		require.ErrorIs(t, err, clientaccount.ErrCredentials)
		assert.Equal(t, i+1, b.svc.HashesBegun(), "one hash")
	}
	_, err = b.svc.SetPassword(t.Context(), made.Account.ID, made.Account.Revision, olena, password)
	require.NoError(t, err)
	_, err = b.svc.Authenticate(t.Context(), clientaccount.Attempt{Login: "acme", Password: password, Channel: account.ChannelREST})
	require.NoError(t, err)
}
