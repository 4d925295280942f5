package clientaccount_test

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// watched is a store that counts its reads, and lets something happen after one.
type watched struct {
	store.Store
	reads  atomic.Int32
	lookup func() // once, after the next look-up of a login
	hash   func() // once, after the next read of a hash
}

func (w *watched) Account(ctx context.Context, id account.ID) (account.Account, error) {
	w.reads.Add(1)
	return w.Store.Account(ctx, id)
}

func (w *watched) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	w.reads.Add(1)
	a, err := w.Store.AccountBy(ctx, key, value)
	once(&w.lookup)
	return a, err
}

func (w *watched) Credential(ctx context.Context, id account.ID, kind store.CredentialKind) (string, error) {
	w.reads.Add(1)
	hash, err := w.Store.Credential(ctx, id, kind)
	once(&w.hash)
	return hash, err
}

func once(do *func()) {
	if f := *do; f != nil {
		*do = nil
		f()
	}
}

// watch puts a store that is watched beneath the Service.
func (b *bench) watch(adjust ...func(*clientaccount.Options)) *watched {
	w := &watched{Store: b.store}
	o := clientaccount.Options{Clock: b.clock.Now, Hash: cheap}
	for _, f := range adjust {
		f(&o)
	}
	b.svc = clientaccount.New(w, &o)
	return w
}

// hashes is how many hashes something costs.
func (b *bench) hashes(do func()) int {
	before := b.svc.HashesBegun()
	do()
	return b.svc.HashesBegun() - before
}

// from tries a password by REST from somewhere.
func (b *bench) from(place, login, plain string) error {
	_, err := b.svc.Authenticate(b.Context(), clientaccount.Attempt{Channel: account.ChannelREST, Login: login, Password: plain, From: place})
	return err
}

func TestAuthenticateRecognisesAPasswordThatWasRightLately(t *testing.T) {
	b := newBench(t)
	w := b.watch()
	b.create("acme", rest)
	first := b.hashes(func() { require.NoError(t, b.signIn("acme", password)) })
	assert.Equal(t, 1, first)
	read := w.reads.Load()
	again := b.hashes(func() {
		for n := range 100 {
			require.NoError(t, b.signIn("ACME", password))
			require.NoError(t, b.from(fmt.Sprint("192.0.2.", n), "acme", password))
		}
	})
	assert.Zero(t, again, "hashes, wherever it is from")
	assert.Equal(t, read, w.reads.Load(), "reads, while settings are remembered")
	b.clock.Advance(time.Second)
	assert.Zero(t, b.hashes(func() { require.NoError(t, b.signIn("acme", password)) }))
	assert.Equal(t, read+1, w.reads.Load())
	b.clock.Advance(5*time.Minute - time.Second)
	assert.Equal(t, 1, b.hashes(func() { require.NoError(t, b.signIn("acme", password)) }), "not for longer than Options.SignInsFor")
}

// A password of one kind says nothing of the other.
func TestAuthenticateRecognisesEachPasswordForItsChannels(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest, func(a *account.Account) { a.Sending.SMPP, a.Sending.API = true, true })
	gateway, _, err := b.svc.NewGatewayPassword(t.Context(), a.ID, 1, olena)
	require.NoError(t, err)
	try := func(channel account.Channel, plain string) error {
		_, err := b.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: channel, Login: "acme", Password: plain, From: string(channel)})
		return err
	}
	for _, want := range []int{2, 0} {
		assert.Equal(t, want, b.hashes(func() {
			require.NoError(t, try(account.ChannelREST, password))
			require.NoError(t, try(account.ChannelWeb, password))
			require.NoError(t, try(account.ChannelSMPP, gateway))
			require.NoError(t, try(account.ChannelAPI, gateway))
		}))
	}
	require.ErrorIs(t, try(account.ChannelREST, gateway), clientaccount.ErrCredentials)
	require.ErrorIs(t, try(account.ChannelSMPP, password), clientaccount.ErrCredentials)
}

func TestAuthenticateRecognisesNothingWhereOptionsSaySo(t *testing.T) {
	b := newBench(t)
	b.watch(func(o *clientaccount.Options) { o.SignIns = -1 })
	b.create("acme", rest)
	assert.Equal(t, 3, b.hashes(func() {
		for range 3 {
			require.NoError(t, b.signIn("acme", password))
		}
	}))
}

func TestAuthenticateRemembersNoMoreThanOptionsSay(t *testing.T) {
	b := newBench(t)
	b.watch(func(o *clientaccount.Options) { o.SignIns = 4 })
	logins := make([]string, 10)
	for n := range logins {
		logins[n] = fmt.Sprint("client", n)
		b.create(logins[n], rest)
		require.NoError(t, b.signIn(logins[n], password))
	}
	known := 0
	for _, login := range logins {
		known += 1 - b.hashes(func() { require.NoError(t, b.from("elsewhere", login, password)) })
	}
	assert.LessOrEqual(t, known, 4)
}

// Many who come at once with the same password cost one hash, wherever they are from.
func TestAuthenticateHashesOneFirstPasswordOnce(t *testing.T) {
	for _, places := range []int{1, 64} {
		b := newBench(t)
		b.create("acme", rest)
		assert.Equal(t, 1, b.hashes(func() {
			var group sync.WaitGroup
			for n := range 64 {
				group.Go(func() { assert.NoError(t, b.from(fmt.Sprint(n%places), "acme", password)) })
			}
			group.Wait()
		}), "%d places", places)
	}
}

// A wrong one costs each of them a hash, and no one an answer to somebody else.
func TestAuthenticateHashesAWrongPasswordForEach(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	assert.Equal(t, 64, b.hashes(func() {
		var group sync.WaitGroup
		for n := range 64 {
			group.Go(func() { assert.ErrorIs(t, b.from(fmt.Sprint(n), "acme", "wrong"), clientaccount.ErrCredentials) })
		}
		group.Wait()
	}))
}

// Who waits for another's check waits no longer than it wants to, and who leaves while it
// checks leaves it to the others.
func TestAuthenticateWaitsWithItsContext(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	w := b.watch()
	checking, goOn := make(chan struct{}), make(chan struct{})
	w.hash = func() { close(checking); <-goOn }
	leaving, leave := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	try := clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: password}
	var group sync.WaitGroup
	group.Go(func() { _, _ = b.svc.Authenticate(leaving, try) })
	<-checking
	waiting, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	_, err := b.svc.Authenticate(waiting, try)
	require.ErrorIs(t, err, gone)
	group.Go(func() {
		_, err := b.svc.Authenticate(t.Context(), try)
		assert.NoError(t, err)
	})
	leave(gone)
	close(goOn)
	group.Wait()
}

func TestAuthenticateRecognisesNobodyWhoHasToWait(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	require.NoError(t, b.signIn("acme", password))
	for range clientaccount.ThrottleFree {
		require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials)
	}
	assert.Zero(t, b.hashes(func() {
		_, throttled := errors.AsType[*clientaccount.ThrottledError](b.signIn("acme", password))
		assert.True(t, throttled)
		require.NoError(t, b.from("elsewhere", "acme", password))
	}))
}

// After a guess only hashes tell passwords apart, until one was right: whoever guesses finds
// out no more in a second than hashes and throttle let him, also by leaving early.
func TestAuthenticateRecognisesNothingAfterAGuess(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest)
	require.NoError(t, b.signIn("acme", password))
	left, leave := context.WithCancel(t.Context())
	leave()
	for name, guess := range map[string]func(){
		"wrong": func() { require.ErrorIs(t, b.signIn("acme", "wrong"), clientaccount.ErrCredentials) },
		"left early": func() {
			_, _ = b.svc.Authenticate(left, clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: "w", From: "192.0.2.1"})
		},
	} {
		require.NoError(t, b.signIn("acme", password))
		guess()
		assert.Zero(t, b.hashes(func() { require.NoError(t, b.from("elsewhere", "acme", password)) }), name)
		assert.Equal(t, 1, b.hashes(func() { require.NoError(t, b.signIn("acme", password)) }), name)
		assert.Zero(t, b.hashes(func() { require.NoError(t, b.signIn("acme", password)) }), name)
	}
}

// A password that is changed while it is checked is not remembered.
func TestAuthenticateForgetsAPasswordThatIsChangedWhileItIsChecked(t *testing.T) {
	for _, other := range []bool{false, true} {
		for _, after := range []string{"login", "hash"} {
			t.Run(fmt.Sprint("after the ", after, ", by another ", other), func(t *testing.T) {
				b := newBench(t)
				a := b.create("acme", rest)
				w := b.watch()
				change := func() {
					svc := b.svc
					if other {
						svc = b.service(cheap)
					}
					_, err := svc.SetPassword(t.Context(), a.ID, 1, marek, "an-other-Heron-31")
					require.NoError(t, err)
				}
				if after == "login" {
					w.lookup = change
				} else {
					w.hash = change
				}
				_ = b.signIn("acme", password) // it was right when it was read, or not any more
				if other {
					b.svc.Forget(a.ID)
				}
				require.ErrorIs(t, b.from("elsewhere", "acme", password), clientaccount.ErrCredentials)
				require.NoError(t, b.from("elsewhere", "acme", "an-other-Heron-31"))
			})
		}
	}
}

// While passwords change, none is taken that was replaced before it was tried.
func TestAuthenticateNeverTakesAReplacedPassword(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest)
	plain := func(n int64) string { return fmt.Sprint("seven-Herons-at-dusk-", n) }
	var set, places atomic.Int64 // the number of the password that was set last; nobody is throttled
	stop := make(chan struct{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				before := set.Load()
				for n := max(0, before-2); n <= before+1; n++ {
					err := b.from(fmt.Sprint(places.Add(1)), "acme", plain(n))
					if n < before {
						assert.ErrorIs(t, err, clientaccount.ErrCredentials)
					}
				}
			}
		})
	}
	for n := int64(1); n <= 40; n++ {
		_, err := b.svc.SetPassword(t.Context(), a.ID, n, marek, plain(n))
		require.NoError(t, err)
		set.Store(n)
		require.NoError(t, b.from("owner", "acme", plain(n)))
		require.NoError(t, b.from("owner", "acme", plain(n)))
	}
	close(stop)
	group.Wait()
}

// What a bound Service finds to be right may never be committed.
func TestAuthenticateRemembersNothingOfAHostsTransaction(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest)
	bound := b.svc.On(b.store)
	assert.Equal(t, 2, b.hashes(func() {
		for range 2 {
			_, err := bound.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: password})
			require.NoError(t, err)
		}
	}))
	assert.Equal(t, 1, b.hashes(func() { require.NoError(t, b.signIn("acme", password)) }))
	_, err := bound.SetPassword(t.Context(), a.ID, 1, marek, "an-other-Heron-31")
	require.NoError(t, err)
	b.svc.Forget(a.ID)
	require.ErrorIs(t, b.signIn("acme", password), clientaccount.ErrCredentials)
}

// Whoever is let in gets a copy: what it does with it changes nobody else's.
func TestAuthenticateReturnsCopies(t *testing.T) {
	b := newBench(t)
	b.create("acme", rest, func(a *account.Account) { a.Routing.Senders = account.Senders{"ACME"} })
	for range 3 {
		a, err := b.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: password})
		require.NoError(t, err)
		require.Equal(t, account.Senders{"ACME"}, a.Routing.Senders)
		a.Routing.Senders[0] = "EVIL"
	}
}

// Neither a password nor a plain hash of one is in the memory of a Service that recognises it.
func TestNothingOfAPasswordIsInAServicesMemory(t *testing.T) {
	b := newBench(t)
	w := b.watch()
	a := b.create("acme", rest)
	require.NoError(t, b.signIn("acme", password))
	assert.Zero(t, b.hashes(func() { require.NoError(t, b.signIn("acme", password)) }))
	stored, err := b.store.Credential(t.Context(), a.ID, store.WebPassword)
	require.NoError(t, err)
	w.Store = nil
	texts := reachable(reflect.ValueOf(b.svc), map[uintptr]bool{})
	require.Contains(t, texts, "acme", "the walk sees what is remembered")
	one, two := sha256.Sum256([]byte(password)), sha512.Sum512([]byte(password))
	for _, text := range texts {
		for _, secret := range []string{password, stored, string(one[:]), string(two[:])} {
			assert.NotContains(t, text, secret)
		}
	}
	shown := logged(b.svc)
	shown["%+v"] = fmt.Sprintf("%+v %#v %+v", b.svc, b.svc, *b.svc)
	text, err := json.Marshal(map[string]any{"service": b.svc})
	require.NoError(t, err)
	shown["json.Marshal"] = string(text)
	for kind, text := range shown {
		assert.NotContains(t, text, password, kind)
		assert.NotContains(t, text, "argon2id$", kind)
	}
}

// reachable are the texts and bytes that a value holds or points to.
func reachable(v reflect.Value, seen map[uintptr]bool) (texts []string) {
	each := func(n int, at func(int) reflect.Value) {
		for i := range n {
			texts = append(texts, reachable(at(i), seen)...)
		}
	}
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return nil
		}
		seen[v.Pointer()] = true
		return reachable(v.Elem(), seen)
	case reflect.Interface:
		return reachable(v.Elem(), seen)
	case reflect.Struct:
		each(v.NumField(), v.Field)
	case reflect.Map:
		for at := v.MapRange(); at.Next(); {
			texts = append(append(texts, reachable(at.Key(), seen)...), reachable(at.Value(), seen)...)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			each(v.Len(), v.Index)
			return texts
		}
		text := make([]byte, v.Len())
		for i := range text {
			text[i] = byte(v.Index(i).Uint())
		}
		return []string{string(text)}
	default: // numbers, functions and channels have no text
	}
	return texts
}
