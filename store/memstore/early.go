package memstore

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// oldest is where a network's id stands among those that have early reports: by the last one
// that came.
type oldest struct {
	at time.Time
	id store.NetworkKey
}

func (o oldest) due() time.Time { return o.at }
func (o oldest) compare(other oldest) int {
	return cmp.Or(o.at.Compare(other.at), strings.Compare(o.id.Network, other.id.Network), strings.Compare(o.id.ID, other.id.ID))
}

// setEarly keeps reports of an id, none to forget it.
func (b *messages) setEarly(id store.NetworkKey, es message.EarlyReports) {
	if before, ok := b.early.get(id); ok {
		b.oldest.delete(oldest{last(before), id})
	}
	b.early.delete(id)
	b.met.delete(id)
	if len(es) == 0 {
		return
	}
	b.early.put(id, es)
	b.oldest.put(oldest{last(es), id})
	if b.owners.has(id) {
		b.met.put(id, id)
	}
}

func last(es message.EarlyReports) time.Time { return es[len(es)-1].At }

// KeepEarly is [store.Messages]'s.
func (s *Store) KeepEarly(ctx context.Context, es []message.Early) ([]store.MessageKey, error) {
	return act(ctx, s, func(s *state) []store.MessageKey {
		keys := make([]store.MessageKey, len(es))
		for i, e := range es {
			id := store.NetworkKey{Network: e.Network, ID: e.ID}
			e.At, e.Report.DoneAt = instant(e.At), instant(e.Report.DoneAt)
			before, _ := s.messages.early.get(id)
			s.messages.setEarly(id, before.With(e))
			keys[i], _ = s.messages.owners.get(id)
		}
		return keys
	})
}

// OverdueEarly is [store.Messages]'s.
func (s *Store) OverdueEarly(ctx context.Context, limit int) ([]message.Early, error) {
	return read(ctx, s.reader, func(s *state) (es []message.Early, _ error) {
		ids := 0
		for id := range s.messages.met.all() {
			if ids >= limit {
				break
			}
			ids++
			es = s.messages.appendEarly(es, id)
		}
		return es, nil
	})
}

// DropEarly is [store.Messages]'s.
func (s *Store) DropEarly(ctx context.Context, ids []store.NetworkKey) error {
	_, err := act(ctx, s, func(s *state) struct{} {
		for _, id := range ids {
			s.messages.setEarly(id, nil)
		}
		return struct{}{}
	})
	return err
}

func (b *messages) purgeEarly(before time.Time, limit int) (n int) {
	for o := range b.oldest.behind(oldest{}) {
		if n >= limit || !o.at.Before(before) {
			break
		}
		b.setEarly(o.id, nil)
		n++
	}
	return n
}
