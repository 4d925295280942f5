package mail

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// Observer hears what a Dispatcher does. [Counters] is an Observer.
type Observer interface {
	// Tried is called after each try that was noted, and for each mail that is given up without
	// one. It must be quick, and safe for concurrent use. What it gets holds no address, text or
	// secret.
	Tried(Tried)
}

// Tried is a try as an Observer hears of it.
type Tried struct {
	Mail     account.ID
	Account  account.ID
	Document account.ID
	Kind     document.Kind
	Code     string // one of TryCodes
	Reply    int    // the far end's code, as 550 of SMTP; 0 without an answer
	Took     time.Duration
	Waited   time.Duration   // of the mail, from when it fell due
	State    store.MailState // of the mail now
}

type nobody struct{}

func (nobody) Tried(Tried) {}

// Counters is an Observer that counts, for hosts that publish figures. The zero value is ready; it
// is safe for concurrent use. All counts are since its making.
type Counters struct{ sent, again, failed atomic.Int64 }

// Counts are the figures of Counters at one instant, nearly.
type Counts struct {
	Sent   int64 // mails that were taken
	Again  int64 // tries after which a mail waits for another
	Failed int64 // mails given up
}

// Tried counts a try.
func (c *Counters) Tried(t Tried) {
	switch t.State {
	case store.MailSent:
		c.sent.Add(1)
	case store.MailWaiting:
		c.again.Add(1)
	case store.MailFailed:
		c.failed.Add(1)
	}
}

// Counts returns the figures so far.
func (c *Counters) Counts() Counts { return Counts{c.sent.Load(), c.again.Load(), c.failed.Load()} }

// report lets the log and the observer know of a try. One that the run's end cut off was none.
func (r *run) report(m store.ClaimedMail, o outcome, result store.MailResult) {
	if o.stopped {
		return
	}
	level := slog.LevelDebug
	if result.State == store.MailFailed {
		level = slog.LevelWarn
	}
	r.config.Logger.Log(context.Background(), level, "mail: tried", "mail", m.ID, "account", m.Account, "document", m.Mail.Document,
		"kind", m.Document.Kind, "code", o.code, "reply", o.reply, "took", o.took, "tries", result.Tries, "state", result.State)
	r.config.Observer.Tried(Tried{
		Mail: m.ID, Account: m.Account, Document: m.Mail.Document, Kind: m.Document.Kind, Code: o.code, Reply: o.reply, Took: o.took,
		Waited: max(0, o.at.Sub(m.DueAt)), State: result.State,
	})
}
