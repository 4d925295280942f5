package clientaccount_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// writing are verbs that write, as a host may call them where it must not.
func writing(ctx context.Context, svc *clientaccount.Service, a account.Account) map[string]error {
	errs := map[string]error{}
	_, errs["TopUp"] = svc.TopUp(ctx, topUpOf(a.ID, "1", "nested"))
	_, errs["Refund"] = svc.Refund(ctx, clientaccount.Refund{Account: a.ID, OfReference: "nested", Reference: "back"})
	errs["ChargeMany"] = svc.ChargeMany(ctx, []clientaccount.Charge{chargeOf(a.ID, "1", "nested")})[0].Err
	_, errs["Update"] = svc.Update(ctx, a.ID, a.Revision, set("contact.skype", "nested"))
	_, errs["Create"] = svc.Create(ctx, client("nested"))
	_, errs["SetPassword"] = svc.SetPassword(ctx, a.ID, a.Revision, olena, password)
	_, _, errs["NewGatewayPassword"] = svc.NewGatewayPassword(ctx, a.ID, a.Revision, olena)
	_, errs["SubmitState"] = svc.SubmitState(ctx, a.ID, state("m-1", 1, account.StateEnroute))
	_, errs["SaveManager"] = svc.SaveManager(ctx, account.Manager{Name: "Nested"}, account.Actor{}, "")
	_, errs["Admit"] = svc.Admit(ctx, a.ID, message("1"), clientaccount.MessageHold{Reference: "nested", Keep: &clientaccount.Keep{}})
	_, errs["Sent"] = svc.Sent(ctx, a.ID, "nested", messages.Handover{Network: "net"})
	_, errs["Unsent"] = svc.Unsent(ctx, a.ID, "nested", messages.Failure{State: account.StateRejected})
	_, errs["Reported"] = svc.Reported(ctx, messages.NetworkReport{Network: "net", ID: "nested", Report: account.Report{State: account.StateEnroute}})
	errs["Reprice"] = svc.Reprice(ctx, a.ID)
	_, errs["MailDocument"] = svc.MailDocument(ctx, a.ID, a.ID, "office@example.com")
	_, errs["Credit"] = svc.Credit(ctx, clientaccount.CreditNote{Account: a.ID, Invoice: a.ID, Reason: "nested", Reference: "nested"})
	_, errs["Schedule"] = svc.Schedule(ctx, a.ID, a.Revision, svc.Now().Add(time.Hour), set("contact.skype", "nested"))
	_, errs["ProposeMove"] = svc.ProposeMove(ctx, svc.Now().Add(time.Hour), clientaccount.MovementOf(topUpOf(a.ID, "1", "nested")), account.Optional[[]account.ID]{})
	_, errs["NewBatch"] = svc.NewBatch(ctx, clientaccount.Bulk{Kind: store.BatchChange})
	_, errs["Replay"] = svc.Replay(ctx, clientaccount.Replay{Account: a.ID, Kind: account.HookRESTState})
	return errs
}

func requireNested(t *testing.T, errs map[string]error) {
	t.Helper()
	require.NotEmpty(t, errs, "the function was not called")
	for verb, err := range errs {
		assert.ErrorIs(t, err, clientaccount.ErrNested, verb)
	}
}

func TestWhatWritesIsRefusedAtOnceWithinAnEdit(t *testing.T) {
	for name, edited := range map[string]func(run func()) clientaccount.Edit{
		"Apply": func(run func()) clientaccount.Edit {
			return edit(func(a *account.Account) error { a.Contact.Skype = "acme"; run(); return nil })
		},
		"Guard": func(run func()) clientaccount.Edit {
			e := set("contact.skype", "acme")
			e.Guard = func(_, _ account.Account) error { run(); return nil }
			return e
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			a := b.hooked("acme")
			var errs map[string]error
			_, err := b.svc.Preview(t.Context(), a.ID, 1, edited(func() { errs = writing(t.Context(), b.svc, a) }))
			require.NoError(t, err)
			requireNested(t, errs)
			errs = nil
			_, err = b.svc.Update(t.Context(), a.ID, 1, edited(func() { errs = writing(t.Context(), b.svc.On(b.store), a) }))
			require.NoError(t, err)
			requireNested(t, errs)
			assert.Equal(t, int64(2), b.get(a.ID).Revision, "the edit itself landed, and nothing else")
			_, err = b.svc.TopUp(t.Context(), clientaccount.TopUp{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: name})
			require.NoError(t, err, "afterwards")
		})
	}
}

func TestWhatWritesIsRefusedAtOnceWhilePricesAreAsked(t *testing.T) {
	b := newBench(t)
	var svc *clientaccount.Service
	var errs map[string]error
	asked := account.Account{}
	svc = clientaccount.New(b.store, &clientaccount.Options{
		Clock: b.clock.Now, Hash: cheap,
		Price: func(_ context.Context, a account.Account) (none account.Optional[decimal.Decimal], _ error) {
			asked = a
			errs = writing(t.Context(), svc, a)
			return none, nil
		},
	})
	_, err := svc.Create(t.Context(), client("acme"))
	require.NoError(t, err)
	delete(errs, "SubmitState") // the account is not there yet
	require.False(t, asked.ID.IsZero())
	requireNested(t, errs)
}

// Another goroutine's verbs have nothing to do with an edit that is under way.
func TestOthersWriteWhileAnEditIsUnderWay(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	_, err := b.svc.Update(t.Context(), a.ID, a.Revision, edit(func(edited *account.Account) error {
		edited.Contact.Skype = "acme"
		done := make(chan error)
		go func() {
			_, err := b.svc.TopUp(t.Context(), clientaccount.TopUp{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "aside"})
			done <- err
		}()
		return <-done
	}))
	require.NoError(t, err)
}

func TestWhatWritesIsRefusedWithAnotherTransactionsContext(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, _ store.Tx) error {
		requireNested(t, writing(ctx, b.svc, a))
		return nil
	}))
}

// A host's function may have any context at hand, and another Service over the same store.
func TestWhatWritesIsRefusedWithinATransactionWhateverTheContext(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	for _, svc := range []*clientaccount.Service{b.svc, clientaccount.New(b.store, nil)} {
		require.NoError(t, b.store.Update(t.Context(), func(context.Context, store.Tx) error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // instead of for ever
			defer cancel()
			requireNested(t, writing(ctx, svc, a))
			_, err := svc.Get(ctx, a.ID)
			require.NoError(t, err, "what reads may")
			return nil
		}))
	}
	require.PanicsWithValue(t, "host", func() {
		_ = b.store.Update(t.Context(), func(context.Context, store.Tx) error { panic("host") })
	})
	_, err := b.svc.TopUp(t.Context(), clientaccount.TopUp{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "afterwards"})
	require.NoError(t, err)
	elsewhere := newBench(t)
	other := elsewhere.create("acme")
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, _ store.Tx) error {
		_, err := elsewhere.svc.TopUp(ctx, clientaccount.TopUp{Account: other.ID, Amount: decimal.NewFromInt(1), Reference: "elsewhere"})
		return err
	}), "another store has nothing to do with it")
}
