package clientaccount_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

func TestCreateStoresTheAccountAndItsRecord(t *testing.T) {
	b := newBench(t)
	e := client("Acme", func(a *account.Account) { a.Sending.REST = true })
	e.Reason = "New client"
	made, err := b.svc.Create(t.Context(), e)
	require.NoError(t, err)

	stored := b.get(made.Account.ID)
	assert.Equal(t, "acme", stored.Core.Login, "logins are stored in lower case")
	assert.Equal(t, int64(1), stored.Revision)
	assert.Equal(t, account.StatusPending, stored.Status)
	assert.Equal(t, account.DefaultCurrency, stored.Core.Currency)
	assert.Equal(t, began, stored.CreatedAt)
	assert.Equal(t, began, stored.UpdatedAt)
	assert.Equal(t, text(made.Account), text(stored), "what is returned is what is stored")
	assert.True(t, made.Account.Core.Password.IsZero(), "the password does not come back")

	records := b.history(stored.ID)
	require.Len(t, records, 1)
	assert.Equal(t, account.RecordCreated, records[0].Kind)
	assert.Equal(t, olena, records[0].Actor)
	assert.Equal(t, "New client", records[0].Reason)
	assert.Equal(t, began, records[0].At)
	assert.Equal(t, made.Change, records[0].Change)
	login, ok := records[0].Change.At("login")
	assert.True(t, ok)
	assert.Equal(t, account.FieldChange{Path: "login", New: "acme"}, login)
}

func TestByLoginIgnoresCase(t *testing.T) {
	b := newBench(t)
	made := b.create("acme")
	for _, login := range []string{"acme", "ACME", "aCmE"} {
		found, err := b.svc.ByLogin(t.Context(), login)
		require.NoError(t, err, login)
		assert.Equal(t, made.ID, found.ID)
	}
	for _, login := range []string{"", "acm", "acme ", "acme\x00", "\xff"} {
		_, err := b.svc.ByLogin(t.Context(), login)
		assert.ErrorIs(t, err, account.ErrNotFound, "%q", login)
	}
}

func TestGetOfUnknownIsNotFound(t *testing.T) {
	b := newBench(t)
	_, err := b.svc.Get(t.Context(), account.ID{1})
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = b.svc.Update(t.Context(), account.ID{1}, 1, set("notes.comments", "x"))
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = b.svc.Get(t.Context(), account.ID{})
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestUpdateWritesAllFieldsAndTheDifference(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	b.clock.Advance(time.Hour)
	e := set("contact.company", "Acme Telecom Ltd", "sending.smpp", "true", "sending.dlr_days", "5", "notes.comments", "")
	e.Actor, e.Reason = marek, "Asked by phone"
	done, err := b.svc.Update(t.Context(), a.ID, a.Revision, e)
	require.NoError(t, err)

	want := account.Change{
		{Path: "contact.company", Old: "Company of acme", New: "Acme Telecom Ltd"},
		{Path: "sending.dlr_days", New: "5"},
		{Path: "sending.smpp", Old: "false", New: "true"},
	}
	assert.Equal(t, want, done.Change, "in the order of the page, and only what differs")
	stored := b.get(a.ID)
	assert.Equal(t, text(done.Account), text(stored))
	assert.Equal(t, int64(2), stored.Revision)
	assert.Equal(t, a.CreatedAt, stored.CreatedAt)
	assert.Equal(t, began.Add(time.Hour), stored.UpdatedAt)
	newest := b.history(a.ID)[0]
	assert.Equal(t, account.Record{
		Of: a.ID, Revision: 2, At: began.Add(time.Hour), Kind: account.RecordUpdated, Actor: marek, Reason: "Asked by phone", Change: want,
	}, newest)
}

func TestUpdateThatChangesNothingWritesNothing(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	b.clock.Advance(time.Hour)
	done, err := b.svc.Update(t.Context(), a.ID, a.Revision, set("contact.company", "Company of acme", "password", ""))
	require.NoError(t, err)
	assert.Empty(t, done.Change)
	assert.Equal(t, a.Revision, b.get(a.ID).Revision)
	assert.Equal(t, began, b.get(a.ID).UpdatedAt)
	assert.Len(t, b.history(a.ID), 1)
}

func TestUpdateKeepsWhatIsTheServices(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	done, err := b.svc.Update(t.Context(), a.ID, 1, edit(func(got *account.Account) error {
		got.ID, got.Revision, got.Parent = account.ID{9}, 40, account.ID{8}
		got.CreatedAt, got.UpdatedAt = time.Time{}, time.Time{}
		got.Notes.Comments = "x"
		return nil
	}))
	require.NoError(t, err)
	stored := b.get(a.ID)
	assert.Equal(t, int64(2), done.Account.Revision)
	assert.True(t, stored.Parent.IsZero())
	assert.Equal(t, began, stored.CreatedAt)
	assert.Equal(t, "x", stored.Notes.Comments)
}

func TestFaultsAllComeAtOnceInPageOrderAndNothingIsWritten(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	before := text(a)
	_, err := b.svc.Update(t.Context(), a.ID, a.Revision, set(
		"webhooks.rest_state", "http://10.0.0.1/", "credit.limit", "10,50", "login", "ab", "mail.email", "a@",
		"sending.dlr_days", "31", "notes.comments", "never kept", "no.such.field", "1"))
	assert.Equal(t, []string{
		"no.such.field field.unknown", "login login.length", "credit.limit credit.comma", "sending.dlr_days dlr_days.range",
		"mail.email email.format", "webhooks.rest_state url.address_private",
	}, faults(err))
	assert.Equal(t, before, text(b.get(a.ID)))
	assert.Len(t, b.history(a.ID), 1)

	_, err = b.svc.Create(t.Context(), edit(func(*account.Account) error { return nil }))
	assert.Subset(t, faults(err), []string{"login login.required", "password password.required", "contact.company company.required"})
}

func TestLoginAndContractStayUnique(t *testing.T) {
	b := newBench(t)
	acme := b.create("acme", func(a *account.Account) { a.Contact.Contract = "C-1" })
	other := b.create("other")

	_, err := b.svc.Create(t.Context(), client("ACME"))
	assert.Equal(t, []string{"login login.taken"}, faults(err))
	_, err = b.svc.Update(t.Context(), other.ID, other.Revision, set("login", "Acme", "contact.contract", "C-1"))
	assert.Equal(t, []string{"login login.taken", "contact.contract contract.taken"}, faults(err))

	b.update(acme, "status", "active")
	b.update(b.get(acme.ID), "status", "closed")
	_, err = b.svc.Create(t.Context(), client("acme"))
	assert.Equal(t, []string{"login login.taken"}, faults(err), "a closed account keeps its login")
}

func TestTextThatNoStoreTakesIsAFaultAndNotAFailure(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	for _, path := range []string{"login", "contact.contract", "contact.company", "notes.comments", "credit.overdraw.reason"} {
		for _, bad := range []string{"a\x00bcd", "a\xffbcd"} {
			_, err := b.svc.Update(t.Context(), a.ID, a.Revision, set(path, bad))
			found, ok := account.AsFaults(err)
			require.True(t, ok, "%s: %v", path, err)
			assert.True(t, found.On(path), "%s: %v", path, found)
		}
	}
}

func TestGuardJudgesBeforeAndAfter(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	e := set("contact.company", "Acme Ltd", "sending.dlr_days", "99")
	e.Guard = func(before, after account.Account) error {
		assert.Equal(t, "Company of acme", before.Contact.Company)
		assert.Equal(t, "Acme Ltd", after.Contact.Company)
		return account.NewFault("contact.company", "field.forbidden", "contact.company")
	}
	_, err := b.svc.Update(t.Context(), a.ID, a.Revision, e)
	assert.Equal(t, []string{"contact.company field.forbidden", "sending.dlr_days dlr_days.range"}, faults(err))

	broken := errors.New("the host's directory is down")
	e.Guard = func(account.Account, account.Account) error { return broken }
	_, err = b.svc.Update(t.Context(), a.ID, a.Revision, e)
	require.ErrorIs(t, err, broken, "other errors end the edit as they are")

	fresh := client("fresh")
	fresh.Guard = func(before, _ account.Account) error {
		assert.Zero(t, before.Revision)
		return nil
	}
	_, err = b.svc.Create(t.Context(), fresh)
	require.NoError(t, err)
}

func TestApplyErrorEndsTheEdit(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	stop := errors.New("changed my mind")
	_, err := b.svc.Update(t.Context(), a.ID, a.Revision, edit(func(a *account.Account) error {
		a.Notes.Comments = "half done"
		return stop
	}))
	require.ErrorIs(t, err, stop)
	assert.Empty(t, b.get(a.ID).Notes.Comments)
}

func TestPreviewTellsWhatUpdateWouldDoAndWritesNothing(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	e := set("contact.company", "Acme Ltd", "password", "an-other-Heron-31", "password_retype", "an-other-Heron-31")
	hashes := b.svc.HashesBegun()

	previewed, err := b.svc.Preview(t.Context(), a.ID, a.Revision, e)
	require.NoError(t, err)
	assert.Equal(t, int64(2), previewed.Account.Revision)
	assert.Equal(t, hashes, b.svc.HashesBegun(), "a preview hashes nothing")
	assert.Equal(t, text(a), text(b.get(a.ID)))
	assert.Len(t, b.history(a.ID), 1)

	done, err := b.svc.Update(t.Context(), a.ID, a.Revision, e)
	require.NoError(t, err)
	assert.Equal(t, previewed.Change, done.Change)
	assert.Equal(t, text(previewed.Account), text(done.Account))

	_, err = b.svc.Preview(t.Context(), a.ID, 2, set("login", "x"))
	assert.Equal(t, []string{"login login.length"}, faults(err))
}

func TestPreviewCreateWritesNothing(t *testing.T) {
	b := newBench(t)
	previewed, err := b.svc.PreviewCreate(t.Context(), client("acme"))
	require.NoError(t, err)
	assert.Equal(t, "acme", previewed.Account.Core.Login)
	assert.NotEmpty(t, previewed.Change)
	_, err = b.svc.ByLogin(t.Context(), "acme")
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestWarningsComeWithTheResult(t *testing.T) {
	b := newBench(t)
	made, err := b.svc.Create(t.Context(), client("acme", func(a *account.Account) {
		a.Status = account.StatusActive // but no channel is open
		a.Billing.SendInvoices = true
		a.Billing.InvoiceDays = 1 << 1
	}))
	require.NoError(t, err)
	assert.NotEmpty(t, made.Warnings, "invoices that nobody reads")
}

func TestSubaccountFollowsItsParent(t *testing.T) {
	b := newBench(t)
	parent := b.create("parent", func(a *account.Account) { a.Core.Currency = "USD" })
	under := func(id account.ID) func(*account.Account) {
		return func(a *account.Account) { a.Parent = id }
	}
	_, err := b.svc.Create(t.Context(), client("child", under(parent.ID)))
	assert.Contains(t, strings.Join(faults(err), "\n"), "parent.forbidden")
	_, err = b.svc.Create(t.Context(), client("child", under(account.ID{7})))
	assert.Contains(t, strings.Join(faults(err), "\n"), "parent.unknown")

	parent = b.update(parent, "sending.subaccounts", "true", "status", "active")
	child := b.create("child", under(parent.ID))
	assert.Equal(t, account.Currency("USD"), child.Core.Currency, "the parent's currency")
	_, err = b.svc.Update(t.Context(), parent.ID, parent.Revision, set("sending.subaccounts", "false"))
	assert.Equal(t, []string{"sending.subaccounts subaccounts.in_use"}, faults(err))
	_, err = b.svc.Update(t.Context(), parent.ID, parent.Revision, set("status", "closed"))
	assert.Equal(t, []string{"status status.subaccounts"}, faults(err))

	b.update(child, "status", "closed")
	b.update(parent, "sending.subaccounts", "false")
}

func TestSubaccountsGoFiveLevelsDeep(t *testing.T) {
	b := newBench(t)
	above := account.ID{}
	nest := func(a *account.Account) {
		a.Parent, a.Sending.Subaccounts, a.Status = above, true, account.StatusActive
	}
	for _, login := range []string{"level.1", "level.2", "level.3", "level.4", "level.5"} {
		above = b.create(login, nest).ID
	}
	_, err := b.svc.Create(t.Context(), client("level.6", nest))
	assert.Contains(t, strings.Join(faults(err), "\n"), "parent.depth")
}

func TestCurrencyOfANewClientIsItsProducts(t *testing.T) {
	b := newBench(t)
	product, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Global", Currency: "USD"}, account.Actor{}, "")
	require.NoError(t, err)
	of := func(a *account.Account) { a.Notes.Product = product.ID }
	assert.Equal(t, account.Currency("USD"), b.create("acme", of).Core.Currency)

	_, err = b.svc.Create(t.Context(), client("other", of, func(a *account.Account) { a.Core.Currency = "EUR" }))
	assert.Equal(t, []string{"notes.product product.currency"}, faults(err))
}

func TestStatusCountsEverythingAbove(t *testing.T) {
	b := newBench(t)
	active := func(a *account.Account) { a.Status, a.Sending.Subaccounts = account.StatusActive, true }
	parent := b.create("parent", active)
	child := b.create("child", active, func(a *account.Account) { a.Parent = parent.ID })
	status := func() account.Status {
		s, err := b.svc.Status(t.Context(), child)
		require.NoError(t, err)
		return s
	}
	assert.Equal(t, account.StatusActive, status())
	parent = b.update(parent, "status", "suspended")
	assert.Equal(t, account.StatusSuspended, status())
	b.update(parent, "status", "active", "expires_at", began.Add(time.Hour).Format(time.RFC3339Nano))
	assert.Equal(t, account.StatusActive, status())
	b.clock.Advance(time.Hour)
	assert.Equal(t, account.StatusExpired, status(), "from the very instant of the end")
}

func TestContextEndsACall(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.svc.Update(ctx, a.ID, a.Revision, set("notes.comments", "x"))
	require.ErrorIs(t, err, context.Canceled)
	_, err = b.svc.Create(ctx, client("other"))
	require.ErrorIs(t, err, context.Canceled)
	_, err = b.svc.Authenticate(ctx, clientaccount.Attempt{Channel: account.ChannelWeb, Login: "acme", Password: password})
	require.ErrorIs(t, err, context.Canceled)
}
