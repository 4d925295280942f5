package bunstore

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var earlyColumns = rows.EarlyIDs.Columns().List("t.")

// EarlyReports is [store.MessageReader]'s.
func (s reader) EarlyReports(ctx context.Context, ids []store.NetworkKey) ([]message.Early, error) {
	given, err := packedIDs(slices.Compact(sorted(ids)))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := session.Asked(ctx, s.Session, s.Unpacked(rows.OwnedIDs.Columns())+`SELECT `+earlyColumns+` FROM `+
		s.Dialect.Each("r", dialect.EarlyTable, byNetworkID, false), rows.EarlyIDs, given)
	return reportsOf(found), err
}

func sorted(ids []store.NetworkKey) []store.NetworkKey {
	return slices.SortedFunc(slices.Values(ids), compareNetworkKeys)
}

func compareNetworkKeys(a, b store.NetworkKey) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Network, b.Network))
}

// reportsOf are those of ids, one id's behind another's.
func reportsOf(found []rows.EarlyID) (reports []message.Early) {
	for _, id := range found {
		reports = append(reports, id.Reports...)
	}
	return reports
}

// KeepEarly is [store.Messages]'s. Who has the ids is asked once the reports can be seen by
// everybody.
func (s *Store) KeepEarly(ctx context.Context, es []message.Early) ([]store.MessageKey, error) {
	if len(es) == 0 {
		return nil, ctx.Err()
	}
	ids := make([]store.NetworkKey, len(es))
	came := map[store.NetworkKey]message.EarlyReports{}
	for i, e := range es {
		ids[i] = store.NetworkKey{Network: e.Network, ID: e.ID}
		e.At, e.Report.DoneAt = rows.Instant(e.At), rows.Instant(e.Report.DoneAt)
		came[ids[i]] = append(came[ids[i]], e)
	}
	keys := slices.Compact(sorted(ids))
	err := session.Reads.Do(ctx, func(int) (bool, error) {
		err := s.work(ctx, func(ctx context.Context, t *tx) error { return t.keepEarly(ctx, keys, came) })
		return errors.Is(err, account.ErrConflict), err
	})
	if err != nil {
		return nil, err
	}
	return s.MessagesOf(ctx, ids)
}

// keepEarly adds to what is kept of ids, in their order. What is there is locked before it is
// read; it may be dropped before that, and then is new again.
func (t *tx) keepEarly(ctx context.Context, ids []store.NetworkKey, came map[store.NetworkKey]message.EarlyReports) error {
	for len(ids) > 0 {
		added, err := t.addEarly(ctx, ids, came)
		if err != nil {
			return err
		}
		ids = without(ids, added)
		if len(ids) == 0 {
			return nil
		}
		there, err := t.lockEarly(ctx, ids)
		if err != nil {
			return err
		}
		var kept []store.NetworkKey
		for i, e := range there {
			there[i] = earlyOf(e.Of, e.Reports, came[e.Of])
			kept = append(kept, e.Of)
		}
		if err := t.writeEarly(ctx, there); err != nil {
			return err
		}
		ids = without(ids, kept)
	}
	return nil
}

// earlyOf is what is kept of an id when more comes.
func earlyOf(id store.NetworkKey, kept, more message.EarlyReports) rows.EarlyID {
	for _, e := range more {
		kept = kept.With(e)
	}
	return rows.EarlyID{Of: id, Last: kept[len(kept)-1].At, Reports: kept}
}

func without(ids, others []store.NetworkKey) []store.NetworkKey {
	return slices.DeleteFunc(slices.Clone(ids), func(id store.NetworkKey) bool { return slices.Contains(others, id) })
}

// addEarly writes what is new, and returns what that was.
func (t *tx) addEarly(ctx context.Context, ids []store.NetworkKey, came map[store.NetworkKey]message.EarlyReports) ([]store.NetworkKey, error) {
	fresh := make([]rows.EarlyID, len(ids))
	for i, id := range ids {
		fresh[i] = earlyOf(id, nil, came[id])
	}
	given, err := session.Packed(rows.EarlyIDs, fresh)
	if err != nil {
		return nil, err
	}
	return session.Query(ctx, t.Session, t.Unpacked(rows.EarlyIDs.Columns())+`INSERT INTO clientaccount_early_reports (network, id, last_at, reports)
		SELECT r.network, r.id, r.last_at, r.reports FROM r WHERE TRUE ORDER BY r.id, r.network
		ON CONFLICT (id, network) DO NOTHING RETURNING network, id`, rows.NetworkKeys, given)
}

func (t *tx) lockEarly(ctx context.Context, ids []store.NetworkKey) ([]rows.EarlyID, error) {
	given, err := session.Packed(rows.NetworkKeys, ids)
	if err != nil {
		return nil, err
	}
	return session.Query(ctx, t.Session, t.Unpacked(rows.NetworkKeys.Columns())+`SELECT `+earlyColumns+`
		FROM r JOIN clientaccount_early_reports t ON `+byNetworkID+` ORDER BY t.id, t.network `+t.Dialect.LockRows("t"), rows.EarlyIDs, given)
}

func (t *tx) writeEarly(ctx context.Context, ids []rows.EarlyID) error {
	if len(ids) == 0 {
		return nil
	}
	given, err := session.Packed(rows.EarlyIDs, ids)
	if err != nil {
		return err
	}
	_, err = t.Execute(ctx, t.Unpacked(rows.EarlyIDs.Columns())+`UPDATE clientaccount_early_reports AS t
		SET last_at = r.last_at, reports = r.reports FROM r WHERE `+byNetworkID, given)
	return err
}

// OverdueEarly is [store.Messages]'s.
func (s *Store) OverdueEarly(ctx context.Context, limit int) ([]message.Early, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	found, err := session.Asked(ctx, s.Session, `SELECT `+earlyColumns+` FROM clientaccount_early_reports t
		WHERE EXISTS (SELECT 1 FROM clientaccount_network_ids n WHERE n.id = t.id AND n.network = t.network)
		ORDER BY t.last_at, t.id, t.network LIMIT $1`, rows.EarlyIDs, limit)
	return reportsOf(found), err
}

// DropEarly is [store.Messages]'s.
func (s *Store) DropEarly(ctx context.Context, ids []store.NetworkKey) error {
	given, err := packedIDs(slices.Compact(sorted(ids)))
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.work(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.Execute(ctx, t.Unpacked(rows.OwnedIDs.Columns())+`DELETE FROM clientaccount_early_reports
			WHERE (id, network) IN (SELECT r.id, r.network FROM r)`, given)
		return err
	})
}
