package account_test

import (
	"math/big"
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
)

// sender returns a client beneath another one, with 10.00 available, and a message of
// theirs that is accepted: at 10:00 in Kyiv, from an approved sender.
func sender() (account.Client, account.Request, time.Time) {
	a := account.New()
	a.ID, a.Status = accounttest.ID(1), account.StatusActive
	a.Core.TimeZone = "Europe/Kyiv"
	a.Core.Dispatch = account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 18 * 60}
	a.Core.Moderation = account.ModerationAutomatic
	a.Routing.Senders = account.Senders{"INFO", "ACME"}
	a.Sending.SMPP, a.Sending.REST = true, true
	parent := account.New()
	parent.ID, parent.Status = accounttest.ID(2), account.StatusActive
	parent.Sending.SMPP, parent.Sending.REST = true, true
	c := account.NewClient(a, nil, []account.Account{parent}, money("10.00"))
	r := account.Request{
		Channel: account.ChannelSMPP, Sender: "ACME", Destination: "380501112233", Parts: 3, Price: account.Some(money("0.0312")),
	}
	return c, r, time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
}

// A message that nothing stands against is accepted; each change alone makes exactly
// one rule speak, with what would change it.
func TestEachRuleSpeaksAlone(t *testing.T) {
	type parts struct {
		c   *account.Client
		r   *account.Request
		now *time.Time
	}
	own, parent := accounttest.ID(1), accounttest.ID(2)
	price := func(s string) account.Optional[decimal.Decimal] { return account.Some(money(s)) }
	opening := time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		change func(parts)
		want   account.Finding
	}{
		"pending":          {func(p parts) { p.c.Account.Status = account.StatusPending }, account.Finding{Code: "status.pending", Path: "status", Account: own}},
		"suspended":        {func(p parts) { p.c.Account.Status = account.StatusSuspended }, account.Finding{Code: "status.suspended", Path: "status", Account: own}},
		"blocked":          {func(p parts) { p.c.Account.Status = account.StatusBlocked }, account.Finding{Code: "status.blocked", Path: "status", Account: own}},
		"closed":           {func(p parts) { p.c.Account.Status = account.StatusClosed }, account.Finding{Code: "status.closed", Path: "status", Account: own}},
		"unknown status":   {func(p parts) { p.c.Account.Status = "mystery" }, account.Finding{Code: "status.unknown", Path: "status", Account: own}},
		"expired":          {func(p parts) { p.c.Account.Expires = *p.now }, account.Finding{Code: "status.expired", Path: "expires_at", Account: own}},
		"parent blocked":   {func(p parts) { p.c.Above[0].Status = account.StatusBlocked }, account.Finding{Code: "status.blocked", Path: "status", Account: parent, Above: true}},
		"channel off":      {func(p parts) { p.c.Account.Sending.SMPP = false }, account.Finding{Code: "channel.off", Path: "sending.smpp", Account: own}},
		"parent's off":     {func(p parts) { p.c.Above[0].Sending.SMPP = false }, account.Finding{Code: "channel.parent_off", Path: "sending.smpp", Account: parent, Above: true}},
		"no such channel":  {func(p parts) { p.r.Channel = "fax" }, account.Finding{Code: "channel.unknown", Account: own}},
		"nowhere to go":    {func(p parts) { p.r.Destination = "" }, account.Finding{Code: "destination.invalid"}},
		"no parts":         {func(p parts) { p.r.Parts = 0 }, account.Finding{Code: "parts.range"}},
		"parts below zero": {func(p parts) { p.r.Parts = -1 }, account.Finding{Code: "parts.range"}},
		"too many parts":   {func(p parts) { p.r.Parts = 256 }, account.Finding{Code: "parts.range"}},
		"closed hours":     {func(p parts) { *p.now = p.now.Add(8 * time.Hour) }, account.Finding{Code: "time.closed", Path: "dispatch", Account: own, Opens: opening, Verdict: account.VerdictDefer}},
		"valid until then": {func(p parts) { *p.now, p.r.ValidUntil = p.now.Add(8*time.Hour), opening }, account.Finding{Code: "time.closed", Path: "dispatch", Account: own, Opens: opening, Verdict: account.VerdictDefer}},
		"invalid by then": {
			func(p parts) { *p.now, p.r.ValidUntil = p.now.Add(8*time.Hour), opening.Add(-1) },
			account.Finding{Code: "time.too_late", Path: "dispatch", Account: own, Opens: opening},
		},
		"no hours":          {func(p parts) { p.c.Account.Core.Dispatch = account.Dispatch{} }, account.Finding{Code: "time.never", Path: "dispatch", Account: own}},
		"validity passed":   {func(p parts) { p.r.ValidUntil = p.now.Add(-1) }, account.Finding{Code: "time.expired"}},
		"invalid sender":    {func(p parts) { p.r.Sender = "ACME!?" }, account.Finding{Code: "sender.invalid"}},
		"invalid, dynamic":  {func(p parts) { p.r.Sender, p.c.Account.Routing.DynamicSender = "12", true }, account.Finding{Code: "sender.invalid"}},
		"invalid, approved": {func(p parts) { p.r.Sender, p.c.Account.Routing.Senders = "12", account.Senders{"12"} }, account.Finding{Code: "sender.invalid"}},
		"not approved":      {func(p parts) { p.r.Sender = "Acme" }, account.Finding{Code: "sender.not_approved", Path: "routing.senders", Account: own}},
		"all reviewed": {
			func(p parts) { p.c.Settings.Moderation.Value = account.ModerationManual },
			account.Finding{Code: "moderation.manual", Path: "moderation", Account: own, Verdict: account.VerdictReview},
		},
		"unknown moderation": {
			func(p parts) { p.c.Settings.Moderation.Value = "lax" },
			account.Finding{Code: "moderation.manual", Path: "moderation", Account: own, Verdict: account.VerdictReview},
		},
		"flagged":          {func(p parts) { p.r.Flagged = true }, account.Finding{Code: "moderation.flagged", Path: "moderation", Account: own, Verdict: account.VerdictReview}},
		"on the blacklist": {func(p parts) { p.r.Blacklisted = true }, account.Finding{Code: "blacklist.hit", Path: "routing.bypass_blacklist", Account: own}},
		"opted out":        {func(p parts) { p.r.OptedOut, p.c.Account.Routing.BypassBlacklist = true, true }, account.Finding{Code: "optout.hit"}},
		"barred":           {func(p parts) { p.r.Barred, p.c.Account.Routing.BypassBlacklist = true, true }, account.Finding{Code: "legal.hit"}},
		"no price":         {func(p parts) { p.r.Price = account.Optional[decimal.Decimal]{} }, account.Finding{Code: "price.unknown"}},
		"price below zero": {func(p parts) { p.r.Price = price("-0.01") }, account.Finding{Code: "price.negative"}},
		"price too large":  {func(p parts) { p.r.Price = price("1e15") }, account.Finding{Code: "price.range"}},
		"total too large":  {func(p parts) { p.r.Price = price("999999999999999") }, account.Finding{Code: "price.range"}},
		"too many places":  {func(p parts) { p.r.Price = price("0.0000001") }, account.Finding{Code: "price.scale"}},
		"not enough": {
			func(p parts) { p.c.Available = money("0.093599") },
			account.Finding{Code: "credit.exhausted", Account: own, Needed: money("0.0936"), Available: money("0.093599")},
		},
		"dear, times many": {
			func(p parts) { p.r.Price, p.r.Parts = price("300000000000"), 100 },
			account.Finding{Code: "credit.exhausted", Account: own, Needed: money("30000000000000"), Available: money("10")},
		},
		"dearer than 64 bits": {
			func(p parts) { p.r.Price, p.r.Parts = price("18446744073710"), 1 },
			account.Finding{Code: "credit.exhausted", Account: own, Needed: money("18446744073710"), Available: money("10")},
		},
		"deeper in debt than 64 bits": {
			func(p parts) { p.c.Available = money("-18446744073709") },
			account.Finding{Code: "credit.exhausted", Account: own, Needed: money("0.0936"), Available: money("-18446744073709")},
		},
		"free, but in debt": {
			func(p parts) { p.c.Available, p.r.Price = money("-0.01"), price("0") },
			account.Finding{Code: "credit.exhausted", Account: own, Available: money("-0.01")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, r, now := sender()
			require.Equal(t, account.VerdictAccept, c.Decide(r, now).Verdict)
			tt.change(parts{&c, &r, &now})
			d := c.Decide(r, now)
			require.Len(t, d.Findings, 1)
			got := d.Findings[0]
			assert.True(t, got.Needed.Equal(tt.want.Needed) && got.Available.Equal(tt.want.Available), "%s of %s", got.Needed, got.Available)
			if tt.want.Verdict == "" {
				tt.want.Verdict = account.VerdictRefuse
			}
			got.Needed, got.Available = tt.want.Needed, tt.want.Available
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want.Verdict, d.Verdict)
			if d.Verdict == account.VerdictDefer {
				assert.Equal(t, tt.want.Opens, d.Until)
			} else {
				assert.Zero(t, d.Until)
			}
		})
	}
}

// What lets a message pass that another setting, or nothing, would stop.
func TestWhatIsAccepted(t *testing.T) {
	for name, change := range map[string]func(*account.Client, *account.Request, time.Time){
		"exactly what is available": func(c *account.Client, _ *account.Request, _ time.Time) { c.Available = money("0.0936") },
		"a price of zero, at zero": func(c *account.Client, r *account.Request, _ time.Time) {
			c.Available, r.Price = decimal.Zero, account.Some(decimal.Zero)
		},
		"any valid sender, dynamic": func(c *account.Client, r *account.Request, _ time.Time) {
			c.Account.Routing.DynamicSender, r.Sender = true, "380671234567"
		},
		"past the blacklist, bypassed": func(c *account.Client, r *account.Request, _ time.Time) {
			c.Account.Routing.BypassBlacklist, r.Blacklisted = true, true
		},
		"flagged, without moderation": func(c *account.Client, r *account.Request, _ time.Time) {
			c.Settings.Moderation.Value, r.Flagged = account.ModerationNone, true
		},
		"flagged, and reviewed": func(_ *account.Client, r *account.Request, _ time.Time) { r.Flagged, r.Reviewed = true, true },
		"manual, and reviewed": func(c *account.Client, r *account.Request, _ time.Time) {
			c.Settings.Moderation.Value, r.Reviewed = account.ModerationManual, true
		},
		"in its last instant":  func(_ *account.Client, r *account.Request, now time.Time) { r.ValidUntil = now },
		"before the account's": func(c *account.Client, _ *account.Request, now time.Time) { c.Account.Expires = now.Add(1) },
		"with a plus":          func(_ *account.Client, r *account.Request, _ time.Time) { r.Destination = "+380501112233" },
		"rounded when asked for": func(_ *account.Client, r *account.Request, _ time.Time) {
			r.Price, r.Round = account.Some(money("0.00000005")), true
		},
		"dear, and rich": func(c *account.Client, r *account.Request, _ time.Time) {
			c.Available, r.Price, r.Parts = money("999999999999999"), account.Some(money("333333333333333")), 3
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, r, now := sender()
			change(&c, &r, now)
			d := c.Decide(r, now)
			assert.Equal(t, account.VerdictAccept, d.Verdict)
			assert.Nil(t, d.Findings)
		})
	}
}

func TestEverythingThatStandsInTheWayIsNamed(t *testing.T) {
	c, _, now := sender()
	c.Account = account.Account{Status: account.StatusSuspended, Expires: now, Core: account.Core{Moderation: account.ModerationManual}}
	c.Above[0].Status, c.Above[0].Sending.API = account.StatusBlocked, false
	d := c.Decide(account.Request{Channel: account.ChannelAPI, Blacklisted: true, OptedOut: true, Barred: true}, now)
	var codes []string
	for _, f := range d.Findings {
		codes = append(codes, f.Code)
	}
	assert.Equal(t, []string{
		"status.suspended", "status.expired", "status.blocked", "channel.off", "channel.parent_off", "destination.invalid", "parts.range",
		"time.never", "sender.invalid", "blacklist.hit", "optout.hit", "legal.hit", "price.unknown",
	}, without(codes, "moderation.flagged", "moderation.manual"))
	assert.Equal(t, account.VerdictRefuse, d.Verdict)
	assert.True(t, d.Has("status.blocked"))
	assert.False(t, d.Has("status.closed"))
}

func TestABadPriceIsNamedBesideBadParts(t *testing.T) {
	c, r, now := sender()
	r.Parts, r.Price = 0, account.Some(money("-1"))
	d := c.Decide(r, now)
	assert.True(t, d.Has("parts.range") && d.Has("price.negative"), "%v", d.Findings)
	r.Price = account.Some(money("999999"))
	d = c.Decide(r, now)
	assert.True(t, d.Has("parts.range"))
	assert.False(t, d.Has("credit.exhausted"), "what a message of no parts costs cannot be said")
}

func without(codes []string, some ...string) []string {
	var rest []string
	for _, code := range codes {
		if !strings.Contains(strings.Join(some, " "), code) {
			rest = append(rest, code)
		}
	}
	return rest
}

func TestTheLastWordCounts(t *testing.T) {
	c, r, now := sender()
	night := now.Add(12 * time.Hour)
	r.Flagged = true
	d := c.Decide(r, night)
	assert.Equal(t, account.VerdictReview, d.Verdict, "a person may look while the hours are closed")
	assert.True(t, d.Has("time.closed"))
	assert.Zero(t, d.Until)

	r.Reviewed = true
	assert.Equal(t, account.VerdictDefer, c.Decide(r, night).Verdict, "and then it waits")
	r.Blacklisted = true
	assert.Equal(t, account.VerdictRefuse, c.Decide(r, night).Verdict)
	assert.Equal(t, account.Verdict(""), account.Decision{}.Verdict, "the zero Decision accepts nothing")
	assert.Equal(t, account.VerdictRefuse, new(account.Client).Decide(r, now).Verdict, "the zero Client sends nothing")
}

func TestPriorityIsTheLowerOfBoth(t *testing.T) {
	c, r, now := sender()
	for _, tt := range []struct {
		requested account.Optional[int]
		ceiling   int
		want      int
	}{
		{account.Optional[int]{}, 2, 2},
		{account.Some(1), 2, 1},
		{account.Some(3), 2, 2},
		{account.Some(0), 2, 0},
		{account.Some(-5), 2, 0},
		{account.Some(3), 0, 0},
	} {
		r.Priority, c.Settings.Priority.Value = tt.requested, tt.ceiling
		assert.Equal(t, tt.want, c.Decide(r, now).Priority, "%v of %d", tt.requested, tt.ceiling)
	}
}

func TestCostOfADecision(t *testing.T) {
	c, r, now := sender()
	cost, ok := c.Decide(r, now).Cost()
	assert.True(t, ok)
	assert.Equal(t, "0.0936", cost.String())
	r.Price = account.Optional[decimal.Decimal]{}
	_, ok = c.Decide(r, now).Cost()
	assert.False(t, ok)
	r.Price = account.Some(money("-1"))
	_, ok = c.Decide(r, now).Cost()
	assert.False(t, ok)
}

func TestFindingTexts(t *testing.T) {
	opens := time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		f    account.Finding
		want string
	}{
		{account.Finding{Code: "status.blocked"}, "The client is blocked; only a person can release it."},
		{account.Finding{Code: "status.blocked", Above: true}, "An account above the client is blocked; only a person can release it."},
		{account.Finding{Code: "channel.off", Path: "sending.smpp"}, "Can Send via SMPP is off."},
		{account.Finding{Code: "time.closed", Opens: opens}, "Outside the time of dispatch, which opens again on 2026-11-26 07:00 UTC."},
		{account.Finding{Code: "credit.exhausted", Needed: money("0.0936"), Available: money("-2")}, "0.0936 is needed, and -2 available: 2.0936 is missing."},
		{account.Finding{Code: "no such code"}, "This message is not accepted."},
	} {
		assert.Equal(t, tt.want, tt.f.Text())
	}
	for _, c := range account.FindingCodes() {
		code := c.Code
		text := account.Finding{Code: code, Path: "sending.api"}.Text()
		assert.NotEqual(t, account.Finding{}.Text(), text, code)
		assert.NotContains(t, text, "%", code)
		assert.True(t, strings.HasSuffix(text, "."), code)
	}
}

// request draws a client, a message and an instant, right and wrong in any way.
func request(t *rapid.T) (account.Client, account.Request, time.Time) {
	c, r, now := sender()
	pick := func(name string, odds int) bool { return rapid.IntRange(1, odds).Draw(t, name) == 1 }
	amount := rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(-1000, 1<<40).Draw(t, "units"), rapid.Int32Range(-9, 3).Draw(t, "exponent"))
	})
	if pick("any status", 5) {
		c.Account.Status = rapid.SampledFrom(account.Statuses()).Draw(t, "status")
	}
	if pick("any channel", 5) {
		r.Channel = rapid.SampledFrom(append(account.Channels(), "fax")).Draw(t, "channel")
	}
	if pick("any parts", 5) {
		r.Parts = rapid.IntRange(-1, 300).Draw(t, "parts")
	}
	if pick("any sender", 5) {
		r.Sender = rapid.SampledFrom([]string{"ACME", "OTHER", "", "12", "380501112233"}).Draw(t, "sender")
		c.Account.Routing.DynamicSender = rapid.Bool().Draw(t, "dynamic")
	}
	if pick("any hour", 3) {
		now = now.Add(time.Duration(rapid.IntRange(-24, 24).Draw(t, "hour")) * time.Hour)
		r.ValidUntil = now.Add(time.Duration(rapid.IntRange(-1, 24).Draw(t, "validity")) * time.Hour)
	}
	r.Flagged, r.Reviewed = pick("flagged", 5), pick("reviewed", 2)
	r.Blacklisted, r.OptedOut, r.Barred = pick("blacklisted", 5), pick("opted out", 9), pick("barred", 9)
	c.Account.Routing.BypassBlacklist = pick("bypass", 2)
	c.Settings.Moderation.Value = rapid.SampledFrom([]account.Moderation{"none", "manual", "automatic"}).Draw(t, "moderation")
	r.Round = pick("round", 3)
	if !pick("no price", 9) {
		r.Price = account.Some(amount.Draw(t, "price"))
	}
	c.Available = amount.Draw(t, "available")
	return c, r, now
}

// exactCost is parts x price on fractions, rounded once if asked for.
func exactCost(r account.Request) *big.Rat {
	price, _ := r.Price.Get()
	cost := new(big.Rat).Mul(price.Rat(), big.NewRat(int64(r.Parts), 1))
	if r.Round {
		cost, _ = cost.SetString(cost.FloatString(account.MaxScale)) // half away from zero
	}
	return cost
}

// severity returns where a verdict stands among all, from the best to the worst.
func severity(v account.Verdict) int {
	return slices.Index([]account.Verdict{account.VerdictAccept, account.VerdictDefer, account.VerdictReview, account.VerdictRefuse}, v)
}

// Invariant 10: accepted if and only if no rule speaks; else the worst word counts.
func TestVerdictFollowsFromTheFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, r, now := request(t)
		d := c.Decide(r, now)
		worst := 0
		for _, f := range d.Findings {
			require.Positive(t, severity(f.Verdict), "a rule that speaks accepts nothing")
			worst = max(worst, severity(f.Verdict))
			require.True(t, slices.ContainsFunc(account.FindingCodes(), func(c account.Code) bool { return c.Code == f.Code }), f.Code)
		}
		require.Equal(t, worst, severity(d.Verdict))
		require.Equal(t, d.Verdict == account.VerdictAccept, len(d.Findings) == 0, "accepted if and only if no rule spoke")
		require.Equal(t, d.Verdict == account.VerdictDefer, d.Until.After(now))
		require.Equal(t, d, c.Decide(r, now), "the same question, the same answer")
		if d.Verdict == account.VerdictDefer {
			require.Equal(t, account.VerdictAccept, c.Decide(r, d.Until).Verdict, "a deferred message goes when its time has come")
		}
	})
}

func TestAcceptMeansAffordable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, r, now := request(t)
		d := c.Decide(r, now)
		cost, priced := d.Cost()
		if priced {
			require.Zero(t, cost.Rat().Cmp(exactCost(r)), "cost %s", cost)
			require.Equal(t, exactCost(r).Cmp(c.Available.Rat()) > 0, d.Has("credit.exhausted"), "the money rule, both ways")
		}
		if d.Verdict == account.VerdictAccept {
			require.True(t, priced)
			require.True(t, account.Balance{Amount: c.Available}.Allows(cost, now))
		}
	})
}

// Invariant 10: more money never makes a decision worse, and silences nothing but the
// word of funds.
func TestDecisionIsMonotoneInFunds(t *testing.T) {
	others := func(d account.Decision) (said []account.Finding) {
		for _, f := range d.Findings {
			if f.Code != "credit.exhausted" {
				said = append(said, f)
			}
		}
		return said
	}
	rapid.Check(t, func(t *rapid.T) {
		c, r, now := request(t)
		poor := c.Decide(r, now)
		c.Available = c.Available.Add(decimal.New(rapid.Int64Range(0, 1<<40).Draw(t, "more"), rapid.Int32Range(-6, 2).Draw(t, "exponent")))
		rich := c.Decide(r, now)
		require.Equal(t, others(poor), others(rich), "nothing else hears of money")
		require.False(t, rich.Has("credit.exhausted") && !poor.Has("credit.exhausted"), "more is less")
		require.LessOrEqual(t, severity(rich.Verdict), severity(poor.Verdict))
	})
}

var anyPrice = account.Some(money("0.0312"))

func flatPrice(string, string, time.Time) account.Optional[decimal.Decimal] { return anyPrice }

func TestAcceptingAllocatesNothing(t *testing.T) {
	c, r, now := sender()
	c.PriceAt = flatPrice
	listed := r
	listed.Price, listed.MCC, listed.MNC = account.Optional[decimal.Decimal]{}, "255", "01"
	for _, r := range []account.Request{r, listed} {
		for _, at := range []time.Time{now, now.AddDate(0, 0, -31), now.AddDate(30, 0, 0)} {
			require.Equal(t, account.VerdictAccept, c.Decide(r, at).Verdict)
			assert.Zero(t, testing.AllocsPerRun(100, func() { c.Decide(r, at) }), at)
		}
	}
}

// A request without a price costs what the lists say of its network at that instant.
func TestDecideFindsThePrice(t *testing.T) {
	c, r, now := sender()
	asked := 0
	c.PriceAt = func(mcc, mnc string, at time.Time) (none account.Optional[decimal.Decimal]) {
		asked++
		if mcc != "255" || mnc != "01" || !at.Equal(now) {
			return none
		}
		return account.Some(money("0.05"))
	}
	for name, tt := range map[string]struct {
		mcc, mnc, price string
		want            string // the price that counts
		codes           []string
	}{
		"found":                {"255", "01", "", "0.05", nil},
		"the request's counts": {"255", "01", "0.0312", "0.0312", nil},
		"another network":      {"255", "02", "", "", []string{"price.unknown"}},
		"a country":            {"255", "", "", "", []string{"price.unknown"}},
		"no network":           {"", "", "", "", []string{"price.unknown"}},
		"an MNC alone":         {"", "01", "0.0312", "0.0312", []string{"network.invalid"}},
		"an MCC of two digits": {"25", "01", "", "", []string{"network.invalid", "price.unknown"}},
		"an MNC of one digit":  {"255", "1", "", "", []string{"network.invalid", "price.unknown"}},
		"an MNC of four":       {"255", "0001", "", "", []string{"network.invalid", "price.unknown"}},
		"other digits":         {"٢٥٥", "01", "", "", []string{"network.invalid", "price.unknown"}},
		"letters":              {"2a5", "0b", "", "", []string{"network.invalid", "price.unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			r.MCC, r.MNC, r.Price = tt.mcc, tt.mnc, account.Optional[decimal.Decimal]{}
			if tt.price != "" {
				r.Price = account.Some(money(tt.price))
			}
			d := c.Decide(r, now)
			var codes []string
			for _, f := range d.Findings {
				codes = append(codes, f.Code)
			}
			assert.Equal(t, tt.codes, codes)
			price, known := d.Price()
			assert.Equal(t, tt.want != "", known)
			if known {
				cost, _ := d.Cost()
				assert.Equal(t, tt.want, price.String())
				assert.Equal(t, price.Mul(decimal.NewFromInt(3)).String(), cost.String())
			}
		})
	}
	assert.Equal(t, 3, asked, "only where a network is named and no price")
	c.Available = money("0.14")
	r.MCC, r.MNC, r.Price = "255", "01", account.Optional[decimal.Decimal]{}
	assert.Equal(t, "0.15", c.Decide(r, now).Findings[0].Needed.String())
	c.PriceAt = nil
	assert.True(t, c.Decide(r, now).Has("price.unknown"), "without lists")
}

// BenchmarkDecide says what a decision costs as a multiple of one subtraction of
// decimals, measured in the same run.
func BenchmarkDecide(b *testing.B) {
	c, r, now := sender()
	refused := r
	refused.Price = account.Some(money("5"))
	c.PriceAt = flatPrice
	listed := r
	listed.Price, listed.MCC, listed.MNC = account.Optional[decimal.Decimal]{}, "255", "01"
	var sub time.Duration
	b.Run("one Sub", func(b *testing.B) {
		b.ReportAllocs()
		x, y := money("123.4567"), money("0.0312")
		for b.Loop() {
			x.Sub(y)
		}
		sub = b.Elapsed() / time.Duration(b.N)
	})
	for _, bb := range []struct {
		name string
		r    account.Request
		at   time.Time
	}{{"accepted", r, now}, {"accepted, in summer", r, now.AddDate(0, -4, 0)}, {"accepted, far ahead", r, now.AddDate(30, 0, 0)}, {"price found", listed, now}, {"refused", refused, now}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Decide(bb.r, bb.at)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(max(sub, 1)), "x-Sub")
		})
	}
}
