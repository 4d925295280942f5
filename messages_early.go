package clientaccount

import (
	"context"
	"errors"
	"log/slog"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/batch"
	"github.com/clientaccount/clientaccount/store"
)

// Network ids, and reports that come before their Sent. Whoever keeps such a report then looks
// whether a message has the id, and whoever sent a message looks for reports of its ids: so
// one of the two sees the other. What a process leaves behind that dies in between, Tick
// finds.

// networkIDs ask a store for many callers at once.
type networkIDs struct {
	owners  *batch.Batcher[store.NetworkKey, store.MessageKey]
	early   *batch.Batcher[[]store.NetworkKey, []message.Early]
	kept    *batch.Batcher[message.Early, store.MessageKey]
	dropped *batch.Batcher[[]store.NetworkKey, struct{}]
}

// maxAsked is how many callers are answered at once.
const maxAsked = 256

// newNetworkIDs returns what gathers questions; nil where there is nothing to gain.
func newNetworkIDs(st store.Store) *networkIDs {
	of, keeps := st.(store.Messages)
	if _, direct := st.(store.Immediate); direct || !keeps {
		return nil
	}
	return &networkIDs{
		owners: gathering(of.MessagesOf),
		early: gathering(func(ctx context.Context, asked [][]store.NetworkKey) ([][]message.Early, error) {
			return earlyOfEach(ctx, of, asked)
		}),
		kept: gathering(func(ctx context.Context, es []message.Early) (owners []store.MessageKey, _ error) {
			err := failures.Do(ctx, func(int) (_ bool, err error) { // with the same content nothing is kept twice
				owners, err = of.KeepEarly(ctx, es)
				return err != nil, err
			})
			if err != nil {
				err = &UnknownError{Err: err}
			}
			return owners, err
		}),
		dropped: gathering(func(ctx context.Context, asked [][]store.NetworkKey) ([]struct{}, error) {
			var all []store.NetworkKey
			for _, ids := range asked {
				all = append(all, ids...)
			}
			return make([]struct{}, len(asked)), failures.Do(ctx, func(int) (bool, error) {
				err := of.DropEarly(ctx, all)
				return err != nil, err
			})
		}),
	}
}

// gathering returns a Batcher of what is done for many at once, or fails for all.
func gathering[T, R any](do func(context.Context, []T) ([]R, error)) *batch.Batcher[T, R] {
	return batch.New(batch.Config[T, R]{
		Do: func(ctx context.Context, asked []T) []batch.Result[R] {
			results := make([]batch.Result[R], len(asked))
			done, err := do(ctx, asked)
			for i := range results {
				if results[i].Err = err; err == nil {
					results[i].Value = done[i]
				}
			}
			return results
		},
		Most: maxAsked, Timeout: writeTimeout, Closed: ErrStopped,
	})
}

// earlyOfEach reads early reports once, for all who ask.
func earlyOfEach(ctx context.Context, of store.Messages, asked [][]store.NetworkKey) ([][]message.Early, error) {
	var all []store.NetworkKey
	askers := map[store.NetworkKey][]int{}
	for i, ids := range asked {
		for _, id := range ids {
			if askers[id] == nil {
				all = append(all, id)
			}
			askers[id] = append(askers[id], i)
		}
	}
	es, err := of.EarlyReports(ctx, all)
	each := make([][]message.Early, len(asked))
	for _, e := range es {
		for _, i := range askers[networkKey(e.Network, e.ID)] {
			each[i] = append(each[i], e)
		}
	}
	return each, err
}

// Close is that of all its Batchers.
func (n *networkIDs) Close(ctx context.Context) error {
	if n == nil {
		return nil
	}
	return errors.Join(n.owners.Close(ctx), n.early.Close(ctx), n.kept.Close(ctx), n.dropped.Close(ctx))
}

func networkKey(network, id string) store.NetworkKey {
	return store.NetworkKey{Network: network, ID: id}
}

// networkKeys are those of a handover.
func networkKeys(h message.Handover) []store.NetworkKey {
	keys := make([]store.NetworkKey, len(h.IDs))
	for i, id := range h.IDs {
		keys[i] = networkKey(h.Network, id)
	}
	return keys
}

// networkKeysOf are those of reports, in their order.
func networkKeysOf(es []message.Early) []store.NetworkKey {
	keys := make([]store.NetworkKey, len(es))
	for i, e := range es {
		keys[i] = networkKey(e.Network, e.ID)
	}
	return keys
}

// ownerOf returns which message has a network's id, the zero MessageKey for none.
func (s *Service) ownerOf(ctx context.Context, of store.NetworkKey) (store.MessageKey, error) {
	kept, err := s.messages()
	if err != nil {
		return store.MessageKey{}, err
	}
	if s.networkIDs != nil {
		return s.networkIDs.owners.Do(ctx, of)
	}
	owners, err := kept.MessagesOf(ctx, []store.NetworkKey{of})
	if err != nil {
		return store.MessageKey{}, err
	}
	return owners[0], nil
}

// reportedEarly keeps a report of an id that no message had a moment ago.
func (s *Service) reportedEarly(ctx context.Context, r message.NetworkReport) (Progress, error) {
	early := message.Early{NetworkReport: r, At: s.now()}
	owner, err := s.keepEarly(ctx, early)
	if err != nil || owner.ID == "" {
		return Progress{Early: err == nil}, err
	}
	p, heard, err := s.hear(ctx, []message.Early{early}, []store.MessageKey{owner})
	switch {
	case err != nil:
		return Progress{}, err
	case p.Message.ID == "": // the message was removed a moment ago
		return Progress{Early: true}, nil
	}
	s.leftToTick(ctx, p.Message.ID, s.dropEarly(ctx, heard))
	return p, nil
}

// keepEarly keeps an early report, and returns which message has the id by then.
func (s *Service) keepEarly(ctx context.Context, e message.Early) (store.MessageKey, error) {
	if err := s.checkNested(ctx); err != nil {
		return store.MessageKey{}, err
	}
	if s.networkIDs != nil {
		owner, err := s.networkIDs.kept.Do(ctx, e)
		unknown, failed := errors.AsType[*UnknownError](err)
		left, is := errors.AsType[*batch.LeftError](err)
		switch {
		case failed:
			err = &UnknownError{Reference: e.ID, Err: unknown.Err}
		case is:
			err = &UnknownError{Reference: e.ID, Err: left.Err}
		}
		return owner, err
	}
	kept, can := s.stored().(store.Messages)
	if !can { // a transaction of the host's, which may never be committed
		return store.MessageKey{}, account.ErrNotFound
	}
	owners, err := kept.KeepEarly(ctx, []message.Early{e})
	if err != nil {
		return store.MessageKey{}, err
	}
	return owners[0], nil
}

// checkNested returns ErrNested where what is written by others' contexts would wait for the
// caller.
func (s *Service) checkNested(ctx context.Context) error {
	if err := s.calls.Check(s.store); err != nil {
		return err
	}
	if to, can := s.stored().(store.Appender); can && store.IsInside(ctx, nil) {
		if _, err := to.Append(ctx, nil); errors.Is(err, ErrNested) {
			return err
		}
	}
	return nil
}

// hearSent looks for reports that came while their message was being written. What fails is
// left to Tick.
func (s *Service) hearSent(ctx context.Context, p *Progress, ids []store.NetworkKey) {
	if s.hosted || len(ids) == 0 {
		return
	}
	es, err := s.earlyOf(ctx, ids)
	es = message.ByArrival(es)
	if err == nil && len(es) > 0 {
		owners := make([]store.MessageKey, len(es))
		for i := range owners {
			owners[i] = store.MessageKey{Account: p.Message.Account, ID: p.Message.ID}
		}
		var came Progress
		var heard []store.NetworkKey
		if came, heard, err = s.hear(ctx, es, owners); came.Message.ID != "" {
			p.then(came)
		}
		s.leftToTick(ctx, p.Message.ID, s.dropEarly(ctx, heard))
	}
	s.leftToTick(ctx, p.Message.ID, err)
}

// leftToTick notes why early reports of a message are left to Tick, which hears and drops them.
func (s *Service) leftToTick(ctx context.Context, messageID string, err error) {
	if err != nil {
		s.opts.Logger.DebugContext(ctx, "early reports are left to Tick", slog.String("message", messageID), slog.Any("error", err))
	}
}

// earlyOf returns the early reports of ids.
func (s *Service) earlyOf(ctx context.Context, ids []store.NetworkKey) ([]message.Early, error) {
	if s.networkIDs != nil {
		return s.networkIDs.early.Do(ctx, ids)
	}
	kept, err := s.messages()
	if err != nil {
		return nil, err
	}
	return kept.EarlyReports(ctx, ids)
}

// hear reports to messages what came early of their ids. It returns what came of it together,
// the ids of which all is heard, and the first error.
func (s *Service) hear(ctx context.Context, es []message.Early, owners []store.MessageKey) (came Progress, heard []store.NetworkKey, _ error) {
	var calls []messageCall
	var of []store.NetworkKey
	now := s.now()
	all := map[store.NetworkKey]bool{}
	for i, e := range es {
		key := networkKey(e.Network, e.ID)
		all[key] = true
		if owners[i].ID != "" && e.Counts(now) {
			calls, of = append(calls, reportOf(owners[i], e.NetworkReport)), append(of, key)
		}
	}
	var failed firstError
	for i, result := range s.callEach(ctx, calls) {
		switch {
		case result.Err == nil:
			came.then(progress(&result.Kept))
		case !errors.Is(result.Err, account.ErrNotFound):
			failed.note(result.Err)
			all[of[i]] = false
		}
	}
	for id, is := range all {
		if is {
			heard = append(heard, id)
		}
	}
	return came, heard, failed.err
}

// dropEarly forgets what was heard.
func (s *Service) dropEarly(ctx context.Context, ids []store.NetworkKey) error {
	if len(ids) == 0 {
		return nil
	}
	if s.networkIDs != nil {
		_, err := s.networkIDs.dropped.Do(ctx, ids)
		return err
	}
	kept, can := s.stored().(store.Messages)
	if !can {
		return nil
	}
	return kept.DropEarly(ctx, ids)
}
