package clientaccount_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// door is a Service beside one that recognises nothing: for each attempt both are asked, and
// answer alike.
type door struct {
	svc, plain *clientaccount.Service
	before     []world // as the clients were, where svc may not have seen the change yet
}

// world is how two clients, one above the other, were until an instant.
type world struct {
	until   time.Time // when svc sees at the latest that it is over
	clients map[string]account.Account
	gateway map[string]string
	web     map[string]string
}

// signIns is a history of sign-ins and changes, through two Services over one store.
type signIns struct {
	*rapid.T
	*bench
	doors  []*door
	now    world
	places int
	saved  int // hashes
}

const settingsFor = 10 * time.Second

// Whatever happens, who signs in is answered as if nothing was remembered; only what another
// Service changed may be seen later, within Options.SettingsFor.
func TestAuthenticateAgreesWithOneThatRemembersNothing(t *testing.T) {
	saved := 0
	rapid.Check(t, func(rt *rapid.T) {
		m := &signIns{T: rt, bench: newBench(t), now: world{
			clients: map[string]account.Account{}, gateway: map[string]string{}, web: map[string]string{},
		}}
		for range 2 {
			o := clientaccount.Options{Clock: m.clock.Now, Hash: cheap, SettingsFor: settingsFor, SignInsFor: 3 * settingsFor, SignIns: 3}
			d := &door{svc: clientaccount.New(m.store, &o)}
			o.SignIns = -1
			d.plain = clientaccount.New(m.store, &o)
			m.doors = append(m.doors, d)
		}
		open := func(a *account.Account) {
			rest(a)
			a.Sending.SMPP = true
		}
		m.now.clients["top"] = m.create("top", open)
		m.now.clients["child"] = m.create("child", open, func(a *account.Account) { a.Parent = m.now.clients["top"].ID })
		m.now.web["top"], m.now.web["child"] = password, password
		for range 40 {
			d := rapid.SampledFrom(m.doors).Draw(rt, "at")
			switch rapid.IntRange(0, 9).Draw(rt, "action") {
			case 0:
				m.change(d)
			case 1:
				m.clock.Advance(rapid.SampledFrom([]time.Duration{time.Microsecond, time.Second, settingsFor, 3 * settingsFor, time.Hour}).Draw(rt, "later"))
			case 2:
				d.svc.Forget(m.now.clients["top"].ID)
				d.before = nil
			case 3: // set back, the clock says nothing of when settings were seen
				m.clock.Advance(-time.Second)
				for _, d := range m.doors {
					d.svc.ForgetAll()
					d.before = nil
				}
			default:
				m.try(d)
			}
		}
		saved += m.saved
	})
	require.Positive(t, saved, "hashes")
}

// change edits one of the clients.
func (m *signIns) change(d *door) {
	was := world{until: m.clock.Now().Add(settingsFor), clients: map[string]account.Account{}, gateway: map[string]string{}, web: map[string]string{}}
	for login, a := range m.now.clients {
		was.clients[login], was.gateway[login], was.web[login] = a, m.now.gateway[login], m.now.web[login]
	}
	login := rapid.SampledFrom([]string{"top", "child"}).Draw(m.T, "of")
	a := m.now.clients[login]
	m.edit(d, login, a)
	m.now.clients[login] = m.get(a.ID)
	for _, other := range m.doors {
		if other != d {
			other.before = append(other.before, was)
		}
	}
}

func (m *signIns) edit(d *door, login string, a account.Account) {
	ctx := m.Context()
	var err error
	switch what := rapid.SampledFrom([]string{"password", "gateway", "status", "expires_at", "sending.rest", "sending.smpp", "contact.phone"}).Draw(m.T, "change"); what {
	case "password":
		plain := rapid.SampledFrom([]string{password, "an-other-Heron-31", "a-third-Heron-at-32"}).Draw(m.T, "new")
		_, err = d.svc.SetPassword(ctx, a.ID, a.Revision, olena, plain)
		m.now.web[login] = plain
	case "gateway":
		m.now.gateway[login], _, err = d.svc.NewGatewayPassword(ctx, a.ID, a.Revision, olena)
	default:
		text := rapid.SampledFrom(map[string][]string{
			"status": {"active", "active", "suspended", "blocked"}, "sending.rest": {"true", "true", "false"}, "sending.smpp": {"true", "false"},
			"expires_at":    {"", m.clock.Now().Add(settingsFor / 2).UTC().Format(time.RFC3339), m.clock.Now().Add(time.Hour).UTC().Format(time.RFC3339)},
			"contact.phone": {"", "+447400123456"},
		}[what]).Draw(m.T, "to")
		_, err = d.svc.Update(ctx, a.ID, a.Revision, set(what, text))
	}
	require.NoError(m.T, err)
}

// try signs in at a door. While it need not know of a change, from a place of its own, since
// the twin then counts other failures.
func (m *signIns) try(d *door) {
	d.before = slices.DeleteFunc(d.before, func(w world) bool { return !m.clock.Now().Before(w.until) })
	login := rapid.SampledFrom([]string{"top", "child", "child", "nobody"}).Draw(m.T, "login")
	try := clientaccount.Attempt{
		Channel: rapid.SampledFrom([]account.Channel{account.ChannelREST, account.ChannelWeb, account.ChannelSMPP, "fax"}).Draw(m.T, "channel"),
		Login:   login,
		Password: rapid.SampledFrom([]string{
			m.now.web[login], m.now.web[login], m.now.gateway[login], password, "an-other-Heron-31", "a-third-Heron-at-32", "wrong", "",
		}).Draw(m.T, "password"),
		From: rapid.SampledFrom([]string{"here", "here", "there", ""}).Draw(m.T, "from"),
	}
	if len(d.before) > 0 {
		m.places++
		try.From = fmt.Sprint("only once ", m.places)
		got := said(d.svc.Authenticate(m.Context(), try))
		may := []string{m.now.answer(try, m.clock.Now())}
		for _, w := range d.before {
			may = append(may, w.answer(try, m.clock.Now()))
		}
		require.Contains(m.T, may, got)
		return
	}
	hashes, twins := d.svc.HashesBegun(), d.plain.HashesBegun()
	a, err := d.svc.Authenticate(m.Context(), try)
	b, plain := d.plain.Authenticate(m.Context(), try)
	hashes, twins = d.svc.HashesBegun()-hashes, d.plain.HashesBegun()-twins
	require.LessOrEqual(m.T, hashes, twins)
	m.saved += twins - hashes
	require.Equal(m.T, said(b, plain), said(a, err))
	require.Equal(m.T, b, a)
	if !errors.As(err, new(*clientaccount.ThrottledError)) {
		require.Equal(m.T, m.now.answer(try, m.clock.Now()), said(a, err))
	}
}

// said is an answer as a text.
func said(a account.Account, err error) string { return fmt.Sprint(a.Core.Login, " ", err) }

// answer is what an attempt is told that is not throttled.
func (w world) answer(try clientaccount.Attempt, now time.Time) string {
	secret := w.web[try.Login]
	if try.Channel == account.ChannelSMPP {
		secret = w.gateway[try.Login]
	}
	if secret == "" || try.Password != secret {
		return said(account.Account{}, clientaccount.ErrCredentials)
	}
	a, top := w.clients[try.Login], w.clients["top"]
	status := a.StatusAt(now).Worse(top.StatusAt(now))
	switch {
	case status != account.StatusActive:
		return said(a, &clientaccount.InactiveError{Status: status})
	case !a.Sending.Allows(try.Channel) || !top.Sending.Allows(try.Channel):
		return said(a, clientaccount.ErrChannel)
	default:
		return said(a, nil)
	}
}
