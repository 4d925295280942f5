package clientaccount_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// message returns one that a sender may send.
func message(price string) account.Request {
	return account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", MCC: "255", MNC: "01", Parts: 2, Price: account.Some(money(price)),
	}
}

// sender is an active client that may send by REST under any name.
func sender(a *account.Account) {
	a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
}

// decide returns the verdict and the codes of every rule that spoke.
func (b *bench) decide(id account.ID, r account.Request) string {
	b.Helper()
	d, err := b.svc.Decide(b.Context(), id, r)
	require.NoError(b, err)
	said := []string{string(d.Verdict)}
	for _, f := range d.Findings {
		said = append(said, f.Code)
	}
	return strings.Join(said, " ")
}

func TestDecideSeesOwnChangesAtOnce(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	assert.Equal(t, "accept", b.decide(a.ID, message("5")))
	assert.Equal(t, "refuse credit.exhausted", b.decide(a.ID, message("5.01")))
	a = b.update(a, "sending.rest", "false", "credit.limit", "100")
	assert.Equal(t, "refuse channel.off", b.decide(a.ID, message("5.01")))
	a = b.update(a, "sending.rest", "true", "status", "suspended")
	assert.Equal(t, "refuse status.suspended", b.decide(a.ID, message("1")))
	a = b.update(a, "status", "active")
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "109", "c")))
	assert.Equal(t, "refuse credit.exhausted", b.decide(a.ID, message("1")), "and own charges")
	_, err := b.svc.Decide(t.Context(), account.ID{9}, message("1"))
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestDecideInheritsFromAbove(t *testing.T) {
	b := newBench(t)
	parent := b.rich("parent", "10", sender, func(a *account.Account) { a.Sending.Subaccounts = true })
	child := b.create("child", sender, func(a *account.Account) { a.Parent, a.Credit.Shared = parent.ID, true })
	assert.Equal(t, "accept", b.decide(child.ID, message("5")))
	parent = b.update(parent, "sending.rest", "false")
	assert.Equal(t, "refuse channel.parent_off", b.decide(child.ID, message("5")))
	parent = b.update(parent, "sending.rest", "true", "status", "blocked")
	assert.Equal(t, "refuse status.blocked", b.decide(child.ID, message("5")))
	parent = b.update(parent, "status", "active")
	child = b.update(child, "credit.cap", "3")
	assert.Equal(t, "refuse credit.exhausted", b.decide(child.ID, message("5")))
	assert.Equal(t, "accept", b.decide(child.ID, message("1.5")))
}

func TestDecideSeesProductsAtOnce(t *testing.T) {
	b := newBench(t)
	p, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Gold", Currency: "EUR"}, account.Actor{}, "")
	require.NoError(t, err)
	a := b.rich("acme", "10", sender, func(a *account.Account) { a.Notes.Product = p.ID })
	assert.Equal(t, "accept", b.decide(a.ID, message("1")))
	p.Moderation, p.CreditLimit = account.ModerationManual, account.Some(money("100"))
	_, err = b.svc.SaveProduct(t.Context(), p, account.Actor{}, "")
	require.NoError(t, err)
	assert.Equal(t, "review moderation.manual", b.decide(a.ID, message("50")))
}

// Another Service stands for another process.
func TestDecideSeesOthersChangesInTime(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	other := b.service(cheap)
	assert.Equal(t, "accept", b.decide(a.ID, message("5")))
	_, err := other.Update(t.Context(), a.ID, a.Revision, set("status", "blocked"))
	require.NoError(t, err)
	b.do(other.Charge(t.Context(), chargeOf(a.ID, "9", "c")))
	b.clock.Advance(time.Second - time.Microsecond)
	assert.Equal(t, "accept", b.decide(a.ID, message("5")), "remembered for a second")
	b.clock.Advance(time.Microsecond)
	assert.Equal(t, "refuse status.blocked credit.exhausted", b.decide(a.ID, message("5")))
	other2 := b.service(cheap)
	now := b.get(a.ID)
	_, err = other2.Update(t.Context(), a.ID, now.Revision, set("status", "active"))
	require.NoError(t, err)
	b.svc.Forget(a.ID)
	assert.Equal(t, "accept", b.decide(a.ID, message("0.5")), "told to forget")
}

func TestDecideForgetsEverythingWhenToldTo(t *testing.T) {
	b := newBench(t)
	listening := clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, SettingsFor: time.Hour})
	one, two := b.rich("one", "10", sender), b.rich("two", "10", sender)
	decide := func(id account.ID) account.Verdict {
		d, err := listening.Decide(t.Context(), id, message("5"))
		require.NoError(t, err)
		return d.Verdict
	}
	assert.Equal(t, account.VerdictAccept, decide(one.ID))
	assert.Equal(t, account.VerdictAccept, decide(two.ID))
	b.update(one, "status", "blocked")
	b.do(b.svc.Charge(t.Context(), chargeOf(two.ID, "9", "c")))
	assert.Equal(t, account.VerdictAccept, decide(one.ID), "remembered for an hour")
	assert.Equal(t, account.VerdictAccept, decide(two.ID))
	listening.ForgetAll()
	assert.Equal(t, account.VerdictRefuse, decide(one.ID))
	assert.Equal(t, account.VerdictRefuse, decide(two.ID))
}

func TestDecideRemembersBalancesForASecondAtMost(t *testing.T) {
	b := newBench(t)
	listening := clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, SettingsFor: time.Hour})
	a := b.rich("acme", "10", sender)
	_, err := listening.Decide(t.Context(), a.ID, message("5"))
	require.NoError(t, err)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "9", "c")))
	b.clock.Advance(time.Second)
	d, err := listening.Decide(t.Context(), a.ID, message("5"))
	require.NoError(t, err)
	assert.True(t, d.Has("credit.exhausted"))
}

// slow is a store that lets something happen after it has read an account.
type slow struct {
	store.Store
	then func()
}

func (s *slow) Account(ctx context.Context, id account.ID) (account.Account, error) {
	a, err := s.Store.Account(ctx, id)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return a, err
}

// What was read before it was changed is not cached after Forget was called.
func TestDecideForgetsWhatIsBeingRead(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	s := &slow{Store: b.store}
	listening := clientaccount.New(s, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, SettingsFor: time.Hour})
	s.then = func() {
		b.update(a, "status", "blocked")
		listening.Forget(a.ID)
	}
	for _, want := range []account.Verdict{account.VerdictAccept, account.VerdictRefuse} {
		d, err := listening.Decide(t.Context(), a.ID, message("5"))
		require.NoError(t, err)
		assert.Equal(t, want, d.Verdict)
	}
}

// counting counts the reads of a store.
type counting struct {
	store.Store
	reads atomic.Int32
}

func (c *counting) Account(ctx context.Context, id account.ID) (account.Account, error) {
	c.reads.Add(1)
	return c.Store.Account(ctx, id)
}

func (c *counting) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	c.reads.Add(1)
	return c.Store.Ledger(ctx, ls)
}

func TestDecideAsksTheStoreOnceInAWhile(t *testing.T) {
	b := newBench(t)
	c := &counting{Store: b.store}
	b.svc = clientaccount.New(c, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	a := b.rich("acme", "10", sender)
	b.decide(a.ID, message("1"))
	before := c.reads.Load()
	for range 100 {
		b.decide(a.ID, message("1"))
	}
	assert.Equal(t, before, c.reads.Load())
}

func TestDecideAcceptsWithoutAllocating(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	r := message("1")
	b.decide(a.ID, r)
	got := testing.AllocsPerRun(100, func() {
		if _, err := b.svc.Decide(t.Context(), a.ID, r); err != nil {
			t.Error(err)
		}
	})
	assert.LessOrEqual(t, got, 2.0, "only what the clock and what is held need")
}

func TestAdmitDecidesAndHolds(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	hold := clientaccount.MessageHold{Reference: "m1", Timeout: time.Minute}
	done, err := b.svc.Admit(t.Context(), a.ID, message("2.5"), hold)
	require.NoError(t, err)
	assert.Equal(t, account.VerdictAccept, done.Verdict)
	assert.Equal(t, "10 5 5", b.stands(a.ID))
	a = b.update(a, "sending.rest", "false")
	again, err := b.svc.Admit(t.Context(), a.ID, message("2.5"), hold)
	require.NoError(t, err)
	assert.Equal(t, account.VerdictAccept, again.Verdict, "what was admitted stays so")
	assert.True(t, again.Hold.Repeated)
	assert.Equal(t, done.Hold.Entry, again.Hold.Entry)
	_, err = b.svc.Admit(t.Context(), a.ID, message("2"), hold)
	require.ErrorIs(t, err, account.ErrReused)
	hold.Reference = "m2"
	refused, err := b.svc.Admit(t.Context(), a.ID, message("2.5"), hold)
	require.NoError(t, err)
	assert.Equal(t, account.VerdictRefuse, refused.Verdict)
	assert.True(t, refused.Has("channel.off"))
	assert.Equal(t, "10 5 5", b.stands(a.ID), "nothing was held")
}

func TestAdmitSaysWhenTheMoneyWentMeanwhile(t *testing.T) {
	b := newBench(t)
	a := b.rich("acme", "10", sender)
	assert.Equal(t, "accept", b.decide(a.ID, message("5")))
	b.do(b.service(cheap).Charge(t.Context(), chargeOf(a.ID, "9", "c"))) // by another process
	done, err := b.svc.Admit(t.Context(), a.ID, message("5"), clientaccount.MessageHold{Reference: "m"})
	require.NoError(t, err)
	require.True(t, done.Has("credit.exhausted"))
	assert.Equal(t, "1", done.Findings[0].Available.String())
	assert.Empty(t, done.Hold.Reference)
}

// Where nothing moves in between, a message is accepted if and only if its hold succeeds,
// whoever pays; and Admit says what Decide said, and holds what it costs (invariant 10).
func TestAcceptImpliesTheHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		payer := b.rich("payer", "10", sender, credit("3"), func(a *account.Account) {
			a.Credit.Overdraw = account.Overdraw{Limit: money("4"), ExpiresAt: began.Add(30 * time.Minute)}
			a.Sending.Subaccounts = true
		})
		child := b.create("child", sender, func(a *account.Account) {
			a.Parent, a.Credit.Shared, a.Credit.Cap = payer.ID, true, account.Some(money("9"))
		})
		for n := range rapid.IntRange(1, 8).Draw(rt, "messages") {
			b.clock.Advance(time.Duration(rapid.IntRange(0, 20).Draw(rt, "minutes")) * time.Minute)
			id := rapid.SampledFrom([]account.ID{payer.ID, child.ID}).Draw(rt, "of")
			r := message("1")
			r.Price = account.Some(money("0.001").Mul(money(rapid.StringMatching(`0|[1-9][0-9]{0,3}`).Draw(rt, "price"))))
			r.Parts = rapid.IntRange(1, 5).Draw(rt, "parts")
			b.heldIfAccepted(rt, id, r, fmt.Sprint("m", n))
		}
		b.verified()
	})
}

// heldIfAccepted decides on a message, then takes its hold, with Admit or without.
func (b *bench) heldIfAccepted(rt *rapid.T, id account.ID, r account.Request, reference string) {
	d, err := b.svc.Decide(b.Context(), id, r)
	require.NoError(rt, err)
	accepted := d.Verdict == account.VerdictAccept
	if rapid.Bool().Draw(rt, "by hand") {
		_, err = b.svc.Hold(b.Context(), clientaccount.Hold{
			Account: id, Price: r.Price, Messages: int64(r.Parts), Reference: reference, Timeout: time.Hour,
		})
		require.Equal(rt, accepted, err == nil, "%v", err)
		return
	}
	done, err := b.svc.Admit(b.Context(), id, r, clientaccount.MessageHold{Reference: reference, Timeout: time.Hour})
	require.NoError(rt, err)
	require.Equal(rt, d.Verdict, done.Verdict)
	require.Equal(rt, accepted, done.Hold.Reference == reference)
	if cost, _ := d.Cost(); accepted {
		held, err := b.svc.Holds(b.Context(), account.HoldQuery{Account: id, Limit: 200})
		require.NoError(rt, err)
		at := slices.IndexFunc(held, func(h account.Hold) bool { return h.Reference == reference })
		require.True(rt, at >= 0 && held[at].Amount.Equal(cost), "%s is held", cost)
	}
}
