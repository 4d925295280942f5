package mail_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/mailtest"
	"github.com/clientaccount/clientaccount/store"
)

// chaos is a rig whose server, store, clients and dispatchers do as they like.
type chaos struct {
	*rig
	mu      sync.Mutex
	random  *rand.Rand
	clients []account.Account
	since   map[string]time.Time // when an address became a client's
	until   map[string]time.Time // and when it was theirs no longer
	wrong   []string
}

func (c *chaos) pick(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.random.IntN(n)
}

// answer is what the server does, which takes note of addresses that were not to be used.
func (c *chaos) answer(ctx context.Context, m mail.Message) error {
	c.mu.Lock()
	until, gone := c.until[m.To.Spec()]
	if _, known := c.since[m.To.Spec()]; !known || gone && time.Since(until) > c.config.Try {
		c.wrong = append(c.wrong, m.To.Spec())
	}
	c.mu.Unlock()
	time.Sleep(time.Duration(c.pick(1000)) * time.Millisecond)
	switch c.pick(12) {
	case 0, 1, 2:
		return mailtest.Busy()
	case 3:
		return mailtest.Lost()
	case 4:
		panic("oh")
	case 5:
		<-ctx.Done()
		return mailtest.Unreachable()
	case 6:
		return mailtest.UnknownUser()
	default:
		return nil
	}
}

// down makes the store fail one time of so many.
func (c *chaos) down(of int) func() error {
	return func() error {
		if c.pick(of) == 0 {
			return errDown
		}
		return nil
	}
}

// move gives a client another address.
func (c *chaos) move(n int) {
	a := c.clients[n]
	email := fmt.Sprintf("v%d@domain%d.example", a.Revision+1, n)
	c.mu.Lock()
	c.until[a.Mail.Email], c.since[email] = time.Now(), time.Now()
	c.mu.Unlock()
	c.clients[n] = c.edit(a, email)
}

// Whatever servers, stores and processes do, each mail is sent or ends with a reason, to an address
// that was the client's, and to each address with one Message-ID and the same bytes.
func TestNothingIsLost(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				c := &chaos{rig: r, random: rand.New(rand.NewPCG(seed, 1)), since: map[string]time.Time{}, until: map[string]time.Time{}}
				r.config.Poll = time.Minute
				r.sent.AnswerAll(c.answer)
				mails := c.live(t)
				r.st.claims, r.st.records = nil, nil
				r.after(20 * 24 * time.Hour)
				c.check(t, mails)
			})
		})
	}
}

// live lets a day pass in which dispatchers come and go.
func (c *chaos) live(t *testing.T) (mails []store.Mail) {
	t.Helper()
	for n := range 10 {
		email := fmt.Sprintf("v1@domain%d.example", n)
		c.clients = append(c.clients, c.client(fmt.Sprintf("client%d", n), email))
		c.since[email] = time.Now()
	}
	c.st.claims, c.st.records = c.down(10), c.down(3)
	var stops []func() error
	for range 48 {
		if len(stops) < 3 {
			_, stop := c.run()
			stops = append(stops, stop)
		}
		mails = append(mails, c.mail(c.clients[c.pick(10)]))
		time.Sleep(time.Duration(c.pick(3600)) * time.Second)
		if c.pick(4) == 0 {
			c.move(c.pick(10))
		}
		if c.pick(3) == 0 {
			if err := stops[0](); err != nil {
				require.ErrorIs(t, err, mail.ErrUndrained)
			}
			stops = stops[1:]
		}
	}
	for _, stop := range stops {
		_ = stop()
	}
	return mails
}

func (c *chaos) check(t *testing.T, mails []store.Mail) {
	t.Helper()
	assert.Empty(t, c.wrong, "addresses that were no client's, or not any more")
	taken := map[string]string{}
	for _, m := range c.sent.Messages() {
		raw, err := m.Bytes()
		require.NoError(t, err)
		if before, again := taken[m.ID.String()]; again {
			assert.Equal(t, before, string(raw))
		}
		taken[m.ID.String()] = string(raw)
	}
	for _, m := range mails {
		now := c.now(m)
		to, err := mail.NewAddress("", now.To)
		require.NoError(t, err)
		id, err := mail.NewMessageID(m.Document, to, "example.net")
		require.NoError(t, err)
		switch now.State {
		case store.MailSent:
			assert.Contains(t, taken, id.String())
		case store.MailFailed:
			assert.True(t, strings.HasPrefix(now.Last.Said, "550") || now.Tries == mail.MaxTries, "%+v", now)
		default:
			assert.Fail(t, "it still waits", "%+v", now)
		}
	}
}
