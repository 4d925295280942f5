package clientaccount_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// rest makes a client that may send by REST and the web.
func rest(a *account.Account) {
	a.Status, a.Sending.REST, a.Sending.Web, a.Sending.Subaccounts = account.StatusActive, true, true, true
}

// signIn tries a password by REST.
func (b *bench) signIn(login, plain string) error {
	b.Helper()
	a, err := b.svc.Authenticate(b.Context(), clientaccount.Attempt{
		Channel: account.ChannelREST, Login: login, Password: plain, From: "192.0.2.1",
	})
	if err == nil {
		assert.Equal(b, textform.FoldLogin(login), a.Core.Login)
	}
	return err
}

func TestAuthenticateCostsOneHashOnEveryPath(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for name, c := range map[string]struct {
		channel      account.Channel
		login, plain string
		want         error
	}{
		"right":                   {account.ChannelREST, "acme", password, nil},
		"right in another case":   {account.ChannelWeb, "ACME", password, nil},
		"wrong password":          {account.ChannelREST, "acme", "wrong-password", clientaccount.ErrCredentials},
		"empty password":          {account.ChannelREST, "acme", "", clientaccount.ErrCredentials},
		"huge password":           {account.ChannelREST, "acme", long, clientaccount.ErrCredentials},
		"unknown login":           {account.ChannelREST, "nobody", password, clientaccount.ErrCredentials},
		"empty login":             {account.ChannelREST, "", password, clientaccount.ErrCredentials},
		"huge login":              {account.ChannelREST, long, password, clientaccount.ErrCredentials},
		"login no store can hold": {account.ChannelREST, "acme\x00", password, clientaccount.ErrCredentials},
		"no gateway password":     {account.ChannelSMPP, "acme", password, clientaccount.ErrCredentials},
		"no gateway password api": {account.ChannelAPI, "acme", password, clientaccount.ErrCredentials},
		"not active":              {account.ChannelREST, "pending", password, clientaccount.ErrInactive},
		"unknown channel":         {account.Channel("fax"), "acme", password, clientaccount.ErrChannel},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			active := b.create("acme", rest)
			b.create("pending")
			before := b.svc.HashesBegun()
			a, err := b.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: c.channel, Login: c.login, Password: c.plain, From: name})
			require.ErrorIs(t, err, c.want)
			assert.Equal(t, 1, b.svc.HashesBegun()-before, "hashes")
			if c.want == nil {
				assert.Equal(t, active.ID, a.ID)
			}
			if errors.Is(c.want, clientaccount.ErrCredentials) {
				assert.Equal(t, account.Account{}, a)
				assert.Equal(t, clientaccount.ErrCredentials, err, "nothing tells one reason from another")
			}
		})
	}
}

func TestAuthenticateThrottlesGuessing(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	for range clientaccount.ThrottleFree {
		require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials)
	}
	hashes := b.svc.HashesBegun()
	wait := time.Second
	for range 3 { // each further failure doubles the wait
		throttled, ok := errors.AsType[*clientaccount.ThrottledError](b.signIn("acme", password))
		require.True(t, ok, "the right password has to wait too")
		assert.Equal(t, wait, throttled.RetryAfter)
		assert.Equal(t, hashes, b.svc.HashesBegun(), "a throttled attempt costs no hash")
		b.clock.Advance(wait)
		require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials)
		hashes++
		wait *= 2
	}
	_, err := b.svc.Authenticate(t.Context(), clientaccount.Attempt{
		Channel: account.ChannelREST, Login: "acme", Password: password, From: "198.51.100.7",
	})
	require.NoError(t, err, "elsewhere nobody guessed")
	b.clock.Advance(wait)
	require.NoError(t, b.signIn("acme", password))
	require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials, "success forgets the failures")
}

// Guesses sent all at once get as far as the hashes that run at once, no further.
func TestAuthenticateThrottlesGuessesSentAtOnce(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	before := b.svc.HashesBegun()
	var guesses sync.WaitGroup
	for range 200 {
		guesses.Go(func() { _ = b.signIn("acme", "wrong") })
	}
	guesses.Wait()
	const atOnce = 4 // Options.Hashes where it is left open
	assert.LessOrEqual(t, b.svc.HashesBegun()-before, clientaccount.ThrottleFree+2*atOnce)
}

func TestAuthenticateThrottleNeverWaitsLongerThanItsMost(t *testing.T) {
	b := newBench(t)
	for range 40 {
		err := b.signIn("acme", "wrong")
		if throttled, ok := errors.AsType[*clientaccount.ThrottledError](err); ok {
			assert.LessOrEqual(t, throttled.RetryAfter, 15*time.Minute)
			b.clock.Advance(throttled.RetryAfter)
		}
	}
	b.clock.Advance(16 * time.Minute)
	for range clientaccount.ThrottleFree {
		require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials, "silence forgets")
	}
}

func TestAuthenticateThrottleIsBoundInMemory(t *testing.T) {
	b := newBench(t)
	for i := range clientaccount.ThrottleKeys + 50 {
		_, err := b.svc.Authenticate(t.Context(), clientaccount.Attempt{Login: fmt.Sprint("guess", i), Password: "x"})
		if !errors.Is(err, clientaccount.ErrCredentials) {
			require.ErrorIs(t, err, clientaccount.ErrCredentials)
		}
	}
	assert.Equal(t, clientaccount.ThrottleKeys, b.svc.ThrottledKeys())
}

func TestAuthenticateChecksTheChannelOfOwnAndParent(t *testing.T) {
	for _, channel := range account.Channels() {
		t.Run(string(channel), func(t *testing.T) {
			b := newBench(t)
			all := func(a *account.Account) {
				rest(a)
				a.Sending.SMPP, a.Sending.API = true, true
			}
			parent := b.create("parent", all)
			child := b.create("child", all, func(a *account.Account) { a.Parent = parent.ID })
			gateway, issued, err := b.svc.NewGatewayPassword(t.Context(), child.ID, 1, olena)
			require.NoError(t, err)
			plain := password
			if channel == account.ChannelSMPP || channel == account.ChannelAPI {
				plain = gateway
			}
			try := func() error {
				_, err := b.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: channel, Login: "child", Password: plain})
				return err
			}
			require.NoError(t, try())
			path := "sending." + string(channel)
			child = b.update(issued.Account, path, "false")
			require.ErrorIs(t, try(), clientaccount.ErrChannel, "own")
			b.update(child, path, "true")
			require.NoError(t, try())
			b.update(parent, path, "false")
			require.ErrorIs(t, try(), clientaccount.ErrChannel, "parent's")
		})
	}
}

func TestAuthenticateChecksTheStatusOfOwnAndAncestors(t *testing.T) {
	for _, who := range []string{"top", "middle", "bottom"} {
		t.Run(who, func(t *testing.T) {
			b := newBench(t)
			family := map[string]account.Account{}
			above := account.ID{}
			for _, login := range []string{"top", "middle", "bottom"} {
				family[login] = b.create(login, rest, func(a *account.Account) { a.Parent = above })
				above = family[login].ID
			}
			require.NoError(t, b.signIn("bottom", password))
			b.update(family[who], "status", "blocked")
			err := b.signIn("bottom", password)
			require.ErrorIs(t, err, clientaccount.ErrInactive)
			inactive, ok := errors.AsType[*clientaccount.InactiveError](err)
			require.True(t, ok)
			assert.Equal(t, account.StatusBlocked, inactive.Status)
			require.ErrorIs(t, b.signIn("bottom", "wrong"), clientaccount.ErrCredentials, "a guesser learns no status")
		})
	}
}

func TestAuthenticateEndsWithTheAccount(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest, func(a *account.Account) { a.Expires = began.Add(time.Hour) })
	require.NoError(t, b.signIn("acme", password))
	b.clock.Advance(time.Hour)
	inactive, ok := errors.AsType[*clientaccount.InactiveError](b.signIn("acme", password))
	require.True(t, ok)
	assert.Equal(t, account.StatusExpired, inactive.Status)
}

func TestAuthenticateRenewsAHashWhenTheCostRises(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest)
	stored := func() string {
		hash, err := b.store.Credential(t.Context(), a.ID, store.WebPassword)
		require.NoError(t, err)
		return hash
	}
	old := stored()
	b.svc = b.service(clientaccount.HashCost{MemoryKiB: 128, Iterations: 2, Parallelism: 1})
	require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials)
	assert.Equal(t, old, stored(), "only the right password renews")
	b.store.LoseRaces(2)
	require.NoError(t, b.signIn("acme", password))
	renewed := stored()
	assert.True(t, strings.HasPrefix(renewed, "$argon2id$v=19$m=128,t=2,"), "at the cost of today")
	require.NoError(t, b.signIn("acme", password))
	assert.Equal(t, renewed, stored(), "once is enough")
	assert.Equal(t, int64(1), b.get(a.ID).Revision, "no edit of the account")

	b.svc = b.service(cheap)
	require.NoError(t, b.signIn("acme", password))
	assert.Equal(t, renewed, stored(), "never to a lower cost")
}

// A password set while an old hash is being renewed must not be undone by it.
func TestAuthenticateRenewalLosesAgainstANewPassword(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest)
	costly := b.service(clientaccount.HashCost{MemoryKiB: 8 * 1024, Iterations: 1, Parallelism: 1})
	for round := range 10 {
		plain := fmt.Sprint("next-Heron-at-dusk-", round)
		var group sync.WaitGroup
		group.Go(func() {
			_, _ = costly.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: password})
		})
		_, err := b.svc.SetPassword(t.Context(), a.ID, int64(1+2*round), marek, plain)
		require.NoError(t, err)
		group.Wait()
		require.NoError(t, b.signIn("acme", plain), "round %d", round)
		_, err = b.svc.SetPassword(t.Context(), a.ID, int64(2+2*round), marek, password)
		require.NoError(t, err)
	}
}

func TestAuthenticateAnswersManyAtOnce(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() { assert.NoError(t, b.signIn("acme", password)) })
	}
	group.Wait()
}
