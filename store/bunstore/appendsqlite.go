package bunstore

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/store"
)

// append is one transaction. Nobody else writes meanwhile, so what can be written is
// known beforehand.
func (e sqlite) append(ctx context.Context, s *Store, ps []store.Posting, outcomes []store.Outcome) error {
	if err := e.writeBatch(ctx, s, ps, outcomes); err != nil {
		return err
	}
	s.judgeOthers(ctx, ps, outcomes)
	return nil
}

func (e sqlite) writeBatch(ctx context.Context, s *Store, ps []store.Posting, outcomes []store.Outcome) error {
	defer s.statements.catchUp(ctx)
	done, err := e.turn(ctx)
	if err != nil {
		return unwritten(err)
	}
	defer done()
	tx, err := s.db.DB.BeginTx(ctx, nil)
	if err != nil {
		return unwritten(err)
	}
	defer func() { _ = tx.Rollback() }()
	in := s.on(tx)
	writable, err := in.writable(ctx, ps)
	if err == nil {
		err = in.writeOver(ctx, pick(ps, writable), false)
	}
	if err != nil {
		return unwritten(err)
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, n := range writable {
		outcomes[n] = store.Outcome{Kind: store.OutcomeWritten}
	}
	return nil
}

// findWritable takes two sheets: balances with the versions they are to be written
// over, and references.
var findWritable = func() string {
	balances, next := sqlite{}.rows(1, columns{position, ofAccount, was})
	references, _ := sqlite{}.rows(next, referenceColumns)
	return fmt.Sprintf(`SELECT r.n FROM %s CROSS JOIN %s t ON t.account_id = r.account_id AND t.version = r.was
		WHERE r.account_id NOT IN (SELECT r.account_id FROM %s CROSS JOIN %s t ON t.account_id = r.account_id AND t.reference = r.reference)`,
		balances, balancesTable, references, entriesTable)
}()

// writable are the positions of the postings that can be written.
func (s session) writable(ctx context.Context, ps []store.Posting) ([]int, error) {
	balances, references := s.engine.asking(columns{position, ofAccount, was}), s.engine.asking(referenceColumns)
	for n := range ps {
		id := ps[n].Balance.Account
		balances.integer(int64(n))
		balances.key(id)
		balances.integer(ps[n].From)
		for _, reference := range lookupOf(&ps[n]).References {
			askFor(references, func(to *sheet) { to.key(id) }, reference)
		}
	}
	args, err := argsOf(balances, references)
	if err != nil {
		return nil, err
	}
	rows, err := s.ask(ctx, findWritable, args)
	if err != nil {
		return nil, err
	}
	return positions(rows)
}

func pick(ps []store.Posting, positions []int) []store.Posting {
	picked := make([]store.Posting, len(positions))
	for i, n := range positions {
		picked[i] = ps[n]
	}
	return picked
}

func (sqlite) post(ctx context.Context, s session, p store.Posting) error {
	return s.writeOver(ctx, []store.Posting{p}, true)
}

// writeOver writes postings, each over its version, or fails.
func (s session) writeOver(ctx context.Context, ps []store.Posting, terms bool) error {
	text, cs := changeBalance, columns{ofAccount, was}.and(movingColumns...)
	if terms {
		text, cs = changeTerms, cs.and(termsColumns...)
	}
	balances := s.engine.writing(cs)
	for i := range ps {
		writeChange(balances, &ps[i], terms)
	}
	changed, err := s.changeBy(ctx, text, balances)
	if err != nil {
		return err
	}
	if changed != int64(len(ps)) {
		return store.ErrConflict
	}
	return s.writeRows(ctx, ps)
}

var (
	changeBalance = changeOf(movingColumns)
	changeTerms   = changeOf(movingColumns.and(termsColumns...))
)

func changeOf(cs columns) string {
	return fmt.Sprintf("UPDATE %s AS b SET %s FROM %s WHERE b.account_id = r.account_id AND b.version = r.was",
		balancesTable, cs.set("r."), sqlite{}.written(columns{ofAccount, was}.and(cs...)))
}
