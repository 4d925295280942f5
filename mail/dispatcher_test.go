package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/mailtest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestMailsAreSent(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		r.after(time.Second)
		got := r.now(m)
		assert.Equal(t, store.MailSent, got.State)
		assert.Equal(t, store.MailTry{At: m.DueAt.UTC(), Code: mail.CodeSent}, got.Last)
		assert.Equal(t, 1, got.Tries)
		sent := r.sent.To("jane@acme.example")
		require.Len(t, sent, 1)
		assert.Equal(t, "Your notification limit is reached: 12.40 EUR left", sent[0].Subject.String())
		assert.Equal(t, mail.Counts{Sent: 1}, r.log.Counts())
		assert.Equal(t, mail.Tried{
			Mail: m.ID, Account: m.Account, Document: m.Document, Kind: "notice", Code: "sent", State: store.MailSent,
		}, r.log.all[0])
	})
}

// What is not taken is tried again by the schedule, with the same Message-ID, give or take a fifth.
func TestMailsAreTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		var at []time.Time
		r.sent.AnswerAll(func(context.Context, mail.Message) error {
			if at = append(at, time.Now()); len(at) < mail.MaxTries {
				return []error{mailtest.Busy(), mailtest.Lost(), mailtest.Unreachable(), errors.New("jane@acme.example: oh")}[len(at)%4]
			}
			return nil
		})
		r.after(60 * time.Hour)
		require.Len(t, at, mail.MaxTries)
		for n := 1; n < len(at); n++ {
			least, _ := mail.Wait(n, 80)
			most, _ := mail.Wait(n, 120)
			waited := at[n].Sub(at[n-1])
			assert.True(t, waited >= least && waited <= most+6*time.Second, "after try %d: %s", n, waited)
		}
		assert.Len(t, r.ids(), 1)
		assert.Equal(t, store.MailSent, r.now(m).State)
		assert.Equal(t, mail.Counts{Sent: 1, Again: 7}, r.log.Counts())
	})
}

func TestMailsThatAreGivenUp(t *testing.T) {
	for name, tt := range map[string]struct {
		err   error
		tries int
		last  store.MailTry
	}{
		"after all tries": {mailtest.Busy(), mail.MaxTries, store.MailTry{Code: "to", Said: "451 4.7.1 greylisted, try again later"}},
		"an unknown user": {mailtest.UnknownUser(), 1, store.MailTry{Code: "to", Said: "550 5.1.1 no such user"}},
		"a full mailbox":  {mailtest.MailboxFull(), 1, store.MailTry{Code: "content", Said: "552 5.2.2 mailbox full"}},
		"no connection":   {mailtest.Unreachable(), mail.MaxTries, store.MailTry{Code: "connect"}},
		"an answer lost":  {mailtest.Lost(), mail.MaxTries, store.MailTry{Code: "answer"}},
		"another error":   {errors.New("jane@acme.example failed"), mail.MaxTries, store.MailTry{Code: mail.CodeFailed}},
		"another step":    {&mail.SendError{Step: "http", Code: 500, Said: "oh\r\nno"}, mail.MaxTries, store.MailTry{Code: mail.CodeFailed, Said: "500 oh no"}},
		"its address":     {&mail.SendError{Step: mail.StepTo, Permanent: true, Code: 550, Said: "<Jane@acme.example> is gone: jane@acme.example"}, 1, store.MailTry{Code: "to", Said: "550 <…> is gone: …"}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				m := r.mail(r.client("acme", "Jane@acme.example"))
				r.config.Poll = 10 * time.Minute
				r.sent.AnswerAll(func(context.Context, mail.Message) error { return tt.err })
				r.after(100 * time.Hour)
				got := r.now(m)
				assert.Equal(t, store.MailFailed, got.State)
				assert.Equal(t, tt.tries, got.Tries)
				got.Last.At = time.Time{}
				assert.Equal(t, tt.last, got.Last)
				assert.Len(t, r.ids(), 1)
			})
		})
	}
}

// A mail of a role goes where the client wants it when it is sent; one to an address there.
func TestAddressesThatChange(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		a := r.client("acme", "old@acme.example")
		m := r.mail(a)
		fixed := r.mail(a, func(m *store.Mail) { m.Role = store.MailFixed })
		r.sent.AnswerAll(func(_ context.Context, m mail.Message) error {
			if len(r.sent.Tries()) < 2 {
				return mailtest.Busy()
			}
			return nil
		})
		_, stop := r.run()
		time.Sleep(10 * time.Second)
		a = r.edit(a, "new@acme.example")
		time.Sleep(10 * time.Minute)
		require.NoError(t, stop())
		require.Len(t, r.sent.To("new@acme.example"), 1)
		require.Len(t, r.sent.To("old@acme.example"), 1)
		assert.Equal(t, "new@acme.example", r.now(m).To)
		assert.Equal(t, "old@acme.example", r.now(fixed).To)
		assert.Len(t, r.ids(), 3, "who gets it anew cannot take it for what somebody else got")

		gone := r.mail(a)
		r.edit(a, "")
		r.after(time.Minute)
		got := r.now(gone)
		assert.Equal(t, store.MailFailed, got.State)
		assert.Equal(t, mail.CodeNoAddress, got.Last.Code)
		assert.Zero(t, got.Tries)
	})
}

func TestMailsThatAreNotSentAtAll(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		a := r.client("acme", "jane@acme.example")
		old := r.mail(a)
		tried := r.mail(a, func(m *store.Mail) { m.Tries = 1 })
		time.Sleep(7*24*time.Hour + time.Second)
		wrong := r.mail(a, func(m *store.Mail) { m.Role, m.To = store.MailFixed, "jane@acme example" })
		recent := r.mail(a)
		r.after(time.Minute)
		for m, code := range map[*store.Mail]string{&old: mail.CodeExpired, &wrong: mail.CodeAddress} {
			got := r.now(*m)
			assert.Equal(t, store.MailFailed, got.State)
			assert.Equal(t, code, got.Last.Code)
			assert.Zero(t, got.Tries)
		}
		assert.Equal(t, store.MailSent, r.now(tried).State)
		assert.Equal(t, store.MailSent, r.now(recent).State)
	})
}

// Whatever a Sender does, other mails go, and it is tried again.
func TestSendersThatMisbehave(t *testing.T) {
	hang := make(chan struct{})
	for name, tt := range map[string]struct {
		send func(context.Context) error
		code string
	}{
		"panics": {func(context.Context) error { panic("jane@acme.example") }, mail.CodePanic},
		"exits": {func(context.Context) error {
			runtime.Goexit()
			return nil
		}, mail.CodePanic},
		"returns a nil": {func(context.Context) error { return (*mail.SendError)(nil) }, mail.CodePanic},
		"hangs": {func(context.Context) error {
			<-hang
			return nil
		}, mail.CodeTimeout},
		"takes too long": {func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}, mail.CodeTimeout},
		"says so": {func(ctx context.Context) error {
			<-ctx.Done()
			return &mail.SendError{Step: mail.StepAnswer, Unknown: true, Err: ctx.Err()}
		}, "answer"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				hang = make(chan struct{})
				m := r.mail(r.client("acme", "jane@acme.example"))
				other := r.mail(r.client("other", "joe@other.example"))
				r.sent.AnswerAll(func(ctx context.Context, m mail.Message) error {
					if m.To.Domain() == "acme.example" {
						return tt.send(ctx)
					}
					return nil
				})
				r.after(150 * time.Second)
				got := r.now(m)
				assert.Equal(t, store.MailWaiting, got.State)
				assert.Equal(t, tt.code, got.Last.Code)
				assert.Positive(t, got.Tries)
				assert.Equal(t, store.MailSent, r.now(other).State)
				assert.NotContains(t, r.log.String(), "jane@acme.example")
				close(hang)
			})
		})
	}
}

// Domains that hang have at most two places each, and half of all together once that is known.
func TestDomainsThatHangDelayNoOther(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		var mu sync.Mutex
		now, most := map[string]int{}, 0
		r.sent.AnswerAll(func(ctx context.Context, m mail.Message) error {
			domain := m.To.Domain()
			if !strings.HasPrefix(domain, "slow") {
				return nil
			}
			mu.Lock()
			now[domain]++
			most = max(most, now[domain])
			mu.Unlock()
			<-ctx.Done()
			mu.Lock()
			now[domain]--
			mu.Unlock()
			return mailtest.Unreachable()
		})
		for n := range 20 {
			a := r.client(fmt.Sprintf("slow%d", n), fmt.Sprintf("jane@slow%d.example", n%10))
			r.mail(a)
			r.mail(a)
		}
		_, stop := r.run()
		time.Sleep(15 * time.Minute)
		var delays []time.Duration
		for n := range 50 {
			m := r.mail(r.client(fmt.Sprintf("fast%d", n), fmt.Sprintf("joe@fast%d.example", n)))
			time.Sleep(20 * time.Second)
			got := r.now(m)
			require.Equal(t, store.MailSent, got.State, "%d", n)
			delays = append(delays, got.Last.At.Sub(m.DueAt))
		}
		for _, d := range delays {
			assert.LessOrEqual(t, d, 5*time.Second)
		}
		require.NoError(t, stop())
		mu.Lock()
		defer mu.Unlock()
		assert.Equal(t, 2, most)
	})
}

// Senders that do not even end with their context take no more than they may: a domain two places,
// and all of them so many that the rest is left alone.
func TestSendersThatNeverEnd(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.config.Concurrency = 2
		end := make(chan struct{})
		var hanging atomic.Int64
		r.sent.AnswerAll(func(context.Context, mail.Message) error {
			hanging.Add(1)
			<-end
			return nil
		})
		for n := range 40 {
			r.mail(r.client(fmt.Sprintf("client%d", n), fmt.Sprintf("jane@domain%d.example", n/4)))
		}
		_, stop := r.run()
		time.Sleep(10 * time.Hour)
		assert.LessOrEqual(t, hanging.Load(), int64(9))
		assert.GreaterOrEqual(t, hanging.Load(), int64(8))
		close(end)
		time.Sleep(30 * time.Hour)
		require.NoError(t, stop())
		for _, try := range r.sent.Tries() {
			require.NoError(t, try.Err)
		}
		assert.Len(t, r.ids(), 40, "all are sent once they can be")
	})
}

func TestNoMoreAtOnceThanThereMayBe(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		var now, most atomic.Int64
		r.sent.AnswerAll(func(context.Context, mail.Message) error {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			return nil
		})
		for n := range 40 {
			r.mail(r.client(fmt.Sprintf("client%d", n), fmt.Sprintf("jane@domain%d.example", n)))
		}
		r.after(6 * time.Second)
		assert.Len(t, r.sent.Messages(), 40, "eight at once, each for a second")
		assert.EqualValues(t, 8, most.Load())
	})
}

func TestStoresThatFail(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		r.st.claims, r.st.records = times(3), times(4)
		r.after(2 * time.Minute)
		assert.Equal(t, store.MailSent, r.now(m).State)
		assert.Len(t, r.sent.Tries(), 1, "it is not sent again because it could not be noted at once")
		assert.Equal(t, 7, strings.Count(r.log.String(), "the store failed"))
	})
}

// A process that dies between sending a mail and noting that sends it again, with the same id,
// when its lease has ended.
func TestMailsThatWereNotNoted(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		r.st.records = func() error { return errDown }
		_, stop := r.run()
		time.Sleep(10 * time.Second)
		require.ErrorIs(t, stop(), mail.ErrUndrained)
		require.Len(t, r.sent.Messages(), 1)
		assert.Equal(t, store.MailWaiting, r.now(m).State)

		r.st.records = nil
		r.after(time.Minute)
		assert.Len(t, r.sent.Messages(), 1, "it is still leased")
		r.after(3 * time.Minute)
		assert.Len(t, r.sent.Messages(), 2)
		assert.Len(t, r.ids(), 1)
		assert.Equal(t, store.MailSent, r.now(m).State)
	})
}

// A store that fails for longer than a lease does not keep a mail from being sent once more.
func TestLeasesThatEnd(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		down := time.Now().Add(10 * time.Minute)
		r.st.records = func() error {
			if time.Now().Before(down) {
				return errDown
			}
			return nil
		}
		r.after(20 * time.Minute)
		assert.Equal(t, store.MailSent, r.now(m).State)
		assert.Len(t, r.ids(), 1)
		assert.Less(t, len(r.sent.Tries()), 6)
	})
}

// What is under way when Run is to end has a while; then it is given back as it was.
func TestRunsThatEnd(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		quick := r.mail(r.client("quick", "jane@quick.example"))
		slow := r.mail(r.client("slow", "jane@slow.example"), func(m *store.Mail) { m.Tries = 2 })
		r.sent.AnswerAll(func(ctx context.Context, m mail.Message) error {
			wait := 5 * time.Second
			if m.To.Domain() == "slow.example" {
				wait = time.Minute
			}
			select {
			case <-time.After(wait):
				return nil
			case <-ctx.Done():
				return &mail.SendError{Step: mail.StepAnswer, Unknown: true, Err: ctx.Err()}
			}
		})
		_, stop := r.run()
		time.Sleep(time.Second)
		begun := time.Now()
		require.NoError(t, stop())
		assert.Equal(t, 10*time.Second, time.Since(begun))
		assert.Equal(t, store.MailSent, r.now(quick).State)
		got := r.now(slow)
		got.MadeAt, got.DueAt = slow.MadeAt, slow.DueAt
		assert.Equal(t, slow, got)
		assert.Equal(t, mail.Counts{Sent: 1}, r.log.Counts())

		r.sent.AnswerAll(nil)
		r.after(time.Second)
		assert.Equal(t, store.MailSent, r.now(slow).State, "nobody has to wait for its lease")
	})
}

// A Sender that hangs does not keep Run from ending.
func TestRunsThatEndWhileASenderHangs(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		end := make(chan struct{})
		r.sent.AnswerAll(func(context.Context, mail.Message) error {
			<-end
			return nil
		})
		r.after(time.Second)
		assert.Equal(t, store.MailWaiting, r.now(m).State)
		assert.Zero(t, r.now(m).Tries)
		close(end)
	})
}

func TestManyDispatchers(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		var stops []func() error
		for range 4 {
			_, stop := r.run()
			stops = append(stops, stop)
		}
		r.sent.AnswerAll(func(context.Context, mail.Message) error {
			time.Sleep(100 * time.Millisecond)
			return nil
		})
		for n := range 100 {
			r.mail(r.client(fmt.Sprintf("client%d", n), fmt.Sprintf("jane@domain%d.example", n%20)))
		}
		time.Sleep(time.Minute)
		for _, stop := range stops {
			require.NoError(t, stop())
		}
		assert.Len(t, r.ids(), 100)
		assert.Len(t, r.sent.Tries(), 100)
	})
}

func TestWake(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.config.Poll = time.Hour
		d, stop := r.run()
		time.Sleep(time.Second)
		m := r.mail(r.client("acme", "jane@acme.example"))
		time.Sleep(time.Minute)
		assert.Equal(t, store.MailWaiting, r.now(m).State)
		d.Wake()
		d.Wake()
		synctest.Wait()
		assert.Equal(t, store.MailSent, r.now(m).State)
		require.NoError(t, stop())
	})
}

func TestADispatcherRunsOnce(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		d, stop := r.run()
		synctest.Wait()
		require.ErrorIs(t, d.Run(t.Context()), mail.ErrRunning)
		require.NoError(t, stop())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, d.Run(ctx), "it can run again")
	})
}

// A person may have a mail sent again while it is under way: that one is not noted any more.
func TestMailsSentAgainByAPerson(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		m := r.mail(r.client("acme", "jane@acme.example"))
		r.sent.AnswerAll(func(context.Context, mail.Message) error {
			time.Sleep(10 * time.Second)
			return mailtest.UnknownUser()
		})
		_, stop := r.run()
		time.Sleep(time.Second)
		require.NoError(t, r.st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return tx.(store.BillingTx).MailAgain(ctx, m.Account, m.ID, time.Now())
		}))
		r.sent.AnswerAll(nil)
		time.Sleep(20 * time.Second)
		require.NoError(t, stop())
		assert.Equal(t, store.MailSent, r.now(m).State)
		assert.Len(t, r.ids(), 1)
	})
}

// Documents that cannot be read or composed wait: the next version of the host may do it.
func TestDocumentsThatCannotBeComposed(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		a := r.client("acme", "jane@acme.example")
		m := r.mail(a)
		require.NoError(t, r.st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			billing := tx.(store.BillingTx)
			_, err := billing.PutDocument(ctx, store.Document{ID: a.ID, Account: a.ID, Kind: "notice", Origin: "x", Text: []byte(`{"format":2}`)})
			if err != nil {
				return err
			}
			m.ID, m.Document = a.ID, a.ID
			return billing.PutMails(ctx, m)
		}))
		r.after(time.Second)
		got := r.now(m)
		assert.Equal(t, store.MailWaiting, got.State)
		assert.Equal(t, mail.CodeCompose, got.Last.Code)
		assert.Contains(t, r.log.String(), "no document")
	})
}

func TestLogsHoldNoAddressAndNoText(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		a := r.client("acme", "jane@acme.example")
		for range 6 {
			r.mail(a)
		}
		var n atomic.Int64
		r.sent.AnswerAll(func(_ context.Context, m mail.Message) error {
			switch n.Add(1) {
			case 1:
				return errors.New(m.To.String() + m.Text)
			case 2:
				return &mail.SendError{Step: mail.StepTo, Permanent: true, Code: 550, Said: m.To.String(), Err: errors.New(m.Text)}
			case 3:
				panic(m.To.String() + m.Text)
			case 4:
				panic(errors.New(m.To.String() + m.Text))
			default:
				return nil
			}
		})
		r.st.claims, r.st.records = times(1), times(1)
		r.after(time.Minute)
		text := r.log.String()
		assert.Contains(t, text, "mail: tried")
		assert.Contains(t, text, "mail: panic")
		for _, never := range []string{"jane", "acme.example", "Dear", "notification limit", "canary"} {
			assert.NotContains(t, text, never)
		}
	})
}

func TestDispatchersThatCannotBeMade(t *testing.T) {
	c := &mail.Config{Composer: composer(t)}
	st, sent := memstore.New(), &mailtest.Recorder{}
	_, err := mail.NewDispatcher(nil, sent, c)
	require.ErrorIs(t, err, store.ErrNoBilling)
	_, err = mail.NewDispatcher(struct{ store.Store }{st}, sent, c)
	require.ErrorIs(t, err, store.ErrNoBilling)
	_, err = mail.NewDispatcher(st, nil, c)
	require.ErrorIs(t, err, mail.ErrNoSender)
	_, err = mail.NewDispatcher(st, sent, nil)
	require.ErrorIs(t, err, mail.ErrComposer)
	c.Random = strings.NewReader("short")
	_, err = mail.NewDispatcher(st, sent, c)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// Every code that a try can have is in the table, once.
func TestTryCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range mail.TryCodes() {
		assert.False(t, seen[c.Code], c.Code)
		assert.NotEmpty(t, c.Text)
		seen[c.Code] = true
	}
	for _, step := range []mail.Step{
		mail.StepMessage, mail.StepConnect, mail.StepTLS, mail.StepAuth, mail.StepFrom, mail.StepTo, mail.StepContent, mail.StepAnswer,
	} {
		assert.True(t, seen[string(step)], step)
	}
	assert.Len(t, seen, 16)
}
