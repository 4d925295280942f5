package memstore

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// figures are those of one key, in the order of their keys.
type figures message.FiguresRow

func (figures) due() time.Time { return time.Time{} }

func (f figures) compare(other figures) int {
	a, b := &f.Key, &other.Key
	return cmp.Or(a.Account.Compare(b.Account), a.Day.Compare(b.Day), strings.Compare(a.MCC, b.MCC),
		strings.Compare(a.MNC, b.MNC), cmp.Compare(a.Channel, b.Channel), compareStates(a.State, b.State))
}

// compareStates has the unset one first.
func compareStates(a, b account.Optional[account.MessageState]) int {
	one, set := a.Get()
	other, otherSet := b.Get()
	if set != otherSet {
		if otherSet {
			return -1
		}
		return 1
	}
	return cmp.Compare(one, other)
}

// add adds to the figures; what comes to nothing is not kept.
func (b *messages) add(row message.FiguresRow) {
	f := figures(row)
	if before, ok := b.figures.get(f); ok {
		b.figures.delete(f)
		f.Figures = before.Figures.Plus(f.Figures)
	}
	if !f.Figures.IsZero() {
		b.figures.put(f)
	}
}

// CountMessages is [store.Messages]'s.
func (s *Store) CountMessages(ctx context.Context, limit int) (int, error) {
	return act(ctx, s, func(s *state) (n int) {
		for key := range s.messages.uncounted.all() {
			if n >= limit {
				break
			}
			s.messages.count(key)
			n++
		}
		return n
	})
}

// count brings the figures up to a message.
func (b *messages) count(key store.MessageKey) {
	before, _ := b.kept.get(key)
	next := &kept{message: before.message, counted: before.message.FiguresRow()}
	for _, row := range next.counted.Since(before.counted) {
		b.add(row)
	}
	b.kept.put(key, next)
	b.uncounted.delete(key)
	if !next.message.EndedAt.IsZero() {
		b.ended.put(endedOf(&next.message))
	}
}

// PurgeMessages is [store.Messages]'s.
func (s *Store) PurgeMessages(ctx context.Context, ended, early time.Time, limit int) (int, error) {
	return act(ctx, s, func(s *state) int {
		return s.messages.purge(instant(ended), limit) + s.messages.purgeEarly(instant(early), limit)
	})
}

func (b *messages) purge(before time.Time, limit int) (n int) {
	for e := range b.ended.behind(ended{}) {
		if n >= limit || !e.at.Before(before) {
			break
		}
		b.remove(e)
		n++
	}
	return n
}

// remove forgets a message, but not what it counted for.
func (b *messages) remove(e ended) {
	k, _ := b.kept.get(e.key)
	for _, n := range k.message.NetworkIDs {
		id := store.NetworkKey{Network: n.Network, ID: n.ID}
		if owner, ok := b.owners.get(id); ok && owner == e.key {
			b.owners.delete(id)
			b.met.delete(id)
		}
	}
	b.kept.delete(e.key)
	b.ended.delete(e)
	b.newest.delete(newestOf(&k.message))
}
