package memstore

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

var (
	_ store.Messages      = (*Store)(nil)
	_ store.MessageReader = (*tx)(nil)
)

// messages is the part of state that messages are kept in.
type messages struct {
	kept      rows[store.MessageKey, *kept]
	newest    tree[newest] // of those
	waiting   tree[waiting]
	ended     tree[ended] // those that are counted
	uncounted rows[store.MessageKey, store.MessageKey]
	figures   tree[figures]

	owners rows[store.NetworkKey, store.MessageKey] // who has a network's id
	early  rows[store.NetworkKey, message.EarlyReports]
	oldest tree[oldest]                             // of those
	met    rows[store.NetworkKey, store.NetworkKey] // ids of early reports that messages have by now
}

// kept is a message, and what it counted for in the figures when it was counted last.
type kept struct {
	message message.Message
	counted message.FiguresRow
}

func (k *kept) key() store.MessageKey { return keyOfMessage(&k.message) }

func keyOfMessage(m *message.Message) store.MessageKey {
	return store.MessageKey{Account: m.Account, ID: m.ID}
}

func (b *messages) over() messages {
	top := *b
	top.kept, top.uncounted = over(&b.kept), over(&b.uncounted)
	top.owners, top.early, top.met = over(&b.owners), over(&b.early), over(&b.met)
	return top
}

func (b *messages) mergeInto(base *messages) {
	base.newest, base.waiting, base.ended, base.figures, base.oldest = b.newest, b.waiting, b.ended, b.figures, b.oldest
	b.kept.mergeInto(&base.kept)
	b.uncounted.mergeInto(&base.uncounted)
	b.owners.mergeInto(&base.owners)
	b.early.mergeInto(&base.early)
	b.met.mergeInto(&base.met)
}

// refuses reports whether a new message is there already.
func (b *messages) refuses(ms []store.KeptMessage) bool {
	return slices.ContainsFunc(ms, func(m store.KeptMessage) bool {
		return m.Was == 0 && b.kept.has(keyOfMessage(&m.Message))
	})
}

// write keeps a message as it is by now. One that was removed since it was read stays removed.
func (b *messages) write(m *store.KeptMessage) {
	next := &kept{message: stored(&m.Message)}
	key := next.key()
	before, there := b.kept.get(key)
	switch {
	case there:
		next.counted = before.counted
		b.move(&before.message, &next.message)
	case m.Was == 0:
		b.newest.put(newestOf(&next.message))
		if !next.message.Due().IsZero() {
			b.waiting.put(waitingOf(&next.message))
		}
	default:
		return
	}
	b.kept.put(key, next)
	b.uncounted.put(key, key)
	for _, n := range m.NetworkIDs {
		b.own(store.NetworkKey{Network: n.Network, ID: n.ID}, key)
	}
}

// move puts a message in another place where it is found by its place.
func (b *messages) move(from, to *message.Message) {
	if was, is := newestOf(from), newestOf(to); was != is {
		b.newest.delete(was)
		b.newest.put(is)
	}
	if was, is := waitingOf(from), waitingOf(to); was != is {
		if !was.until.IsZero() {
			b.waiting.delete(was)
		}
		if !is.until.IsZero() {
			b.waiting.put(is)
		}
	}
	if !from.EndedAt.IsZero() {
		b.ended.delete(endedOf(from))
	}
}

// own gives a network's id to a message.
func (b *messages) own(id store.NetworkKey, key store.MessageKey) {
	b.owners.put(id, key)
	if b.early.has(id) {
		b.met.put(id, id)
	}
}

// stored is a copy of a message as databases keep it.
func stored(m *message.Message) message.Message {
	c := cloneMessage(m)
	for _, t := range []*time.Time{&c.AdmittedAt, &c.SentAt, &c.EndedAt, &c.Tracking.Deadline, &c.Tracking.Worst.DoneAt} {
		*t = instant(*t)
	}
	return c
}

func cloneMessage(m *message.Message) message.Message {
	c := *m
	c.NetworkIDs, c.Tracking.Ended = slices.Clone(m.NetworkIDs), slices.Clone(m.Tracking.Ended)
	return c
}

func compareKeys(a, b store.MessageKey) int {
	return cmp.Or(a.Account.Compare(b.Account), strings.Compare(a.ID, b.ID))
}

// undated is for what is due at no time.
type undated struct{}

func (undated) due() time.Time { return time.Time{} }

// newest is where a message stands among those of its account: by its hold's entry, the
// newest first.
type newest struct {
	account account.ID
	hold    int64
	id      string
	undated
}

func newestOf(m *message.Message) newest {
	return newest{account: m.Account, hold: m.Entries.Hold, id: m.ID}
}

func (n newest) compare(other newest) int {
	return cmp.Or(n.account.Compare(other.account), cmp.Compare(other.hold, n.hold), strings.Compare(n.id, other.id))
}

// waiting is where a message stands among those that are due at some time: by its key, as the
// time may be another one by the next page.
type waiting struct {
	key   store.MessageKey
	until time.Time
}

func waitingOf(m *message.Message) waiting { return waiting{keyOfMessage(m), m.Due()} }

func (w waiting) due() time.Time            { return w.until }
func (w waiting) compare(other waiting) int { return compareKeys(w.key, other.key) }

// ended is where a message stands among those that ended: the first one first.
type ended struct {
	at  time.Time
	key store.MessageKey
}

func endedOf(m *message.Message) ended { return ended{m.EndedAt, keyOfMessage(m)} }

func (e ended) due() time.Time { return e.at }
func (e ended) compare(other ended) int {
	return cmp.Or(e.at.Compare(other.at), compareKeys(e.key, other.key))
}
