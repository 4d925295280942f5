package webhook

import (
	"sync/atomic"
	"time"

	"github.com/clientaccount/clientaccount/store"
)

// Observer hears what a Dispatcher does. Its methods are called from one goroutine,
// which waits for them: they must be quick, and must not call the Dispatcher. What
// they get holds no URL, secret or message. [Counters] is an Observer.
type Observer interface {
	// Tried is called after each try.
	Tried(Tried)
	// Noticed is called for what an operator should know.
	Noticed(Notice)
}

// Tried is a try as an Observer hears of it.
type Tried struct {
	Hook   store.Hook
	Code   string // CodeOK, or why it failed
	Status int    // of HTTP; 0 without an answer
	Took   time.Duration
	Waited time.Duration // of the delivery, from when it fell due
	State  store.DeliveryState
}

// NoticeKind says what an operator is told.
type NoticeKind string

// What an operator is told.
const (
	// NoticeOff: a URL was switched off; Code says why.
	NoticeOff NoticeKind = "hook.off"
	// NoticePaused: the circuit of a URL opened.
	NoticePaused NoticeKind = "hook.paused"
	// NoticeRecovered: a URL takes deliveries again after its circuit was open.
	NoticeRecovered NoticeKind = "hook.recovered"
	// NoticeBlocked: a URL led to an address that is not called. Address is for the
	// operator alone: the client must not learn what their name resolved to.
	NoticeBlocked NoticeKind = "hook.blocked"
	// NoticeDead: a delivery was given up after a try. Those that are buried because
	// their URL is off or gone are not told one by one.
	NoticeDead NoticeKind = "delivery.dead"
)

// Notice is something that an operator should know.
type Notice struct {
	Kind    NoticeKind
	Hook    store.Hook
	At      time.Time
	Code    string
	Address string
}

type nobody struct{}

func (nobody) Tried(Tried)    {}
func (nobody) Noticed(Notice) {}

// Counters is an Observer that counts, for hosts that publish figures. The zero value
// is ready; it is safe for concurrent use. All counts are since its making.
type Counters struct {
	delivered, failed, dead, blocked, off, paused atomic.Int64
}

// Counts are the figures of Counters at one instant, nearly.
type Counts struct {
	Delivered int64 // tries that succeeded
	Failed    int64 // tries that did not
	Dead      int64 // deliveries given up
	Blocked   int64 // tries that ended at a blocked address; among Failed
	Off       int64 // URLs switched off
	Paused    int64 // times a circuit opened
}

// Tried counts a try.
func (c *Counters) Tried(t Tried) {
	if t.Code == CodeOK {
		c.delivered.Add(1)
		return
	}
	c.failed.Add(1)
	if t.Code == CodeBlockedAddress {
		c.blocked.Add(1)
	}
}

// Noticed counts a notice.
func (c *Counters) Noticed(n Notice) {
	switch n.Kind {
	case NoticeOff:
		c.off.Add(1)
	case NoticePaused:
		c.paused.Add(1)
	case NoticeDead:
		c.dead.Add(1)
	case NoticeBlocked, NoticeRecovered:
	}
}

// Counts returns the figures so far.
func (c *Counters) Counts() Counts {
	return Counts{
		Delivered: c.delivered.Load(), Failed: c.failed.Load(), Dead: c.dead.Load(),
		Blocked: c.blocked.Load(), Off: c.off.Load(), Paused: c.paused.Load(),
	}
}
