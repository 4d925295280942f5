package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// told returns the notices of an account, each with those that it is mailed to.
func (b *bench) told(id account.ID) (all []string) {
	b.Helper()
	for _, d := range b.documents(id, document.KindNotice) {
		n := d.(document.Notice)
		said := string(n.Event)
		if n.Field != "" {
			said += " " + n.Field + " " + n.Old + ">" + n.New
		}
		for _, m := range b.mails(d) {
			said += fmt.Sprintf(" [%s %s]", m.Role, m.To)
		}
		all = append(all, said)
	}
	return all
}

func TestChangesAreToldInTheEditThatMakesThem(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	assert.Empty(t, b.told(a.ID), "a new client is told nothing")
	a = b.update(a, "mail.email", "one@example.com")
	a = b.update(a, "mail.email", "two@example.com", "contact.skype", "acme")
	a = b.update(a, "status", "active")
	done, err := b.svc.SetPassword(t.Context(), a.ID, a.Revision, olena, "two-Kettles-at-dawn")
	require.NoError(t, err)
	_, done, err = b.svc.NewGatewayPassword(t.Context(), a.ID, done.Account.Revision, olena)
	require.NoError(t, err)
	a = b.update(done.Account, "mail.billing", "billing@example.com")
	a = b.update(a, "mail.billing", "")
	_, err = b.svc.Undo(t.Context(), a.ID, a.Revision, 3, edit(nil))
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{
		"email.changed mail.email >one@example.com [main one@example.com]",
		"email.changed mail.email one@example.com>two@example.com [main two@example.com] [ one@example.com]",
		"status.changed status pending>active [main two@example.com]",
		"password.changed password > [main two@example.com]",
		"password.changed gateway_password > [main two@example.com]",
		"email.changed mail.billing >billing@example.com [main two@example.com]",
		"email.changed mail.billing billing@example.com> [main two@example.com] [ billing@example.com]",
		"email.changed mail.email two@example.com>one@example.com [main one@example.com] [ two@example.com]",
	}, b.told(a.ID))
}

func TestANoticeWithoutAnAddressIsShown(t *testing.T) {
	b := newBench(t)
	a := b.update(b.create("acme"), "status", "active")
	assert.Equal(t, []string{"status.changed status pending>active"}, b.told(a.ID))
}

// Whom the client asks stands in the notice; what the host fails to say does not keep anybody from
// being blocked.
func TestAnEditLandsWhateverTheHostFailsToSay(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.PutItem(ctx, accounttest.Manager(1), 0)
	}))
	issuer := document.Issuer{Name: "Platform Ltd"}
	var failure error
	svc := clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Issuer:   func(context.Context, account.Account) (document.Issuer, error) { return issuer, failure },
		Language: func(account.Account) string { return "uk" },
	}})
	a := b.create("acme", func(a *account.Account) { a.Core.Manager = accounttest.Manager(1).ID })
	for _, status := range []string{"active", "suspended", "blocked"} {
		done, err := svc.Update(t.Context(), a.ID, a.Revision, set("status", status))
		require.NoError(t, err)
		if a = done.Account; failure != nil {
			failure, issuer.Name = nil, "two\nlines"
		} else {
			failure = errors.New("no answer")
		}
	}
	var said []string
	for _, d := range b.documents(a.ID) {
		h := d.About()
		assert.Equal(t, accounttest.Manager(1).Name, h.Manager.Name)
		said = append(said, h.Issuer.Name+" "+h.Language)
	}
	assert.ElementsMatch(t, []string{"Platform Ltd uk", " en", " en"}, said)
}

func TestEventsAreToldOnceFromTheFirstTickOn(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme", func(a *account.Account) {
		a.Core.NotificationLimit = account.NotificationLimit{Number: account.Amount("5"), Unit: account.UnitMoney}
	})
	charge := func(amount, reference string) {
		b.Helper()
		c := chargeOf(a.ID, "1", reference)
		c.Amount = decimal.RequireFromString(amount)
		b.do(b.svc.Charge(t.Context(), c))
	}
	charge("6", "before") // the limit is reached
	b.tick(time.Minute)
	b.tick(time.Minute)
	assert.Empty(t, b.told(a.ID), "what happened before clients were told anything")
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "10", "more")))
	charge("14", "all")
	b.tick(time.Minute)
	b.tick(time.Minute)
	assert.ElementsMatch(t, []string{
		"limit.cleared [main acme@example.com]", "limit.reached [main acme@example.com]", "credit.exhausted [main acme@example.com]",
	}, b.told(a.ID))
	for _, d := range b.documents(a.ID, document.KindNotice) {
		if n := d.(document.Notice); n.Event == document.NoticeLimitReached {
			assert.Equal(t, "0 5", n.Funds.Balance.String()+" "+n.Funds.Limit.Number.String())
		}
	}
}

func TestAnOverdrawThatIsAboutToEndIsToldOnce(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	b.tick(time.Minute)
	b.update(a, "credit.overdraw.limit", "50", "credit.overdraw.expires_at", "2026-11-27T15:00:00Z")
	b.tick(time.Minute)
	b.tick(2 * 24 * time.Hour)
	assert.Empty(t, b.told(a.ID), "a day and five hours before")
	b.tick(6 * time.Hour)
	b.tick(time.Minute)
	assert.Equal(t, []string{"overdraw.ending [main acme@example.com]"}, b.told(a.ID))
	n := b.documents(a.ID, document.KindNotice)[0].(document.Notice)
	assert.Equal(t, "50 2026-11-27 15:00:00 +0000 UTC 60", fmt.Sprint(n.Overdraw, " ", n.Ends, " ", n.Funds.Available))
	b.tick(24 * time.Hour)
	b.tick(0)
	assert.ElementsMatch(t, []string{"overdraw.ending [main acme@example.com]", "overdraw.ended [main acme@example.com]"}, b.told(a.ID))
}

// What a client is told late says when it happened; what happened long ago is shown, and not mailed.
func TestANoticeSaysWhenItHappened(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme", func(a *account.Account) { a.Core.NotificationLimit = account.MoneyLimit(account.Amount("5")) })
	b.tick(time.Minute)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "6", "low")))
	reached := b.clock.Now()
	b.clock.Advance(5 * 24 * time.Hour)
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "6", "more")))
	b.tick(3 * 24 * time.Hour)
	assert.Equal(t, []string{"limit.reached", "limit.cleared [main acme@example.com]"}, b.told(a.ID))
	n := b.documents(a.ID, document.KindNotice)[0].About()
	assert.Equal(t, reached, n.At)
	assert.Equal(t, "2026-11-24", n.Issued.String())
}

// A notice that an overdraw ended is not of the one that was granted since.
func TestAnOverdrawThatEndedIsNotTheNextOne(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	b.tick(time.Minute)
	a = b.update(a, "credit.overdraw.limit", "50", "credit.overdraw.expires_at", "2026-11-24T15:00:00Z")
	b.clock.Advance(6 * time.Hour)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m"))) // which finds that it ended
	b.update(a, "credit.overdraw.limit", "70", "credit.overdraw.expires_at", "2026-12-24T15:00:00Z")
	b.tick(0)
	n := only[document.Notice](t, b.documents(a.ID))
	assert.Equal(t, document.NoticeOverdrawEnded, n.Event)
	assert.True(t, n.Ends.IsZero() && n.Overdraw.IsZero(), "ended at %s", n.Ends)
}

// An address from before there were rules is put right, though no document can show what it was.
func TestWhatCannotBeShownCanBePutRight(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	a.Revision, a.Mail.Email = a.Revision+1, "two\nlines@example.com"
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.PutAccount(ctx, a, a.Revision-1)
	}))
	b.update(a, "mail.email", "one@example.com")
	assert.Empty(t, b.told(a.ID))
	assert.Contains(t, b.log.String(), "a notice could not be made")
}
