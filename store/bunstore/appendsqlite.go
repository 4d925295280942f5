package bunstore

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// append is one transaction. Nobody else writes meanwhile, so what can be written is
// known beforehand.
func (e sqlite) append(ctx context.Context, s *Store, ps []account.Posting, outcomes []account.Outcome) error {
	defer s.statements.catchUp(ctx)
	done, err := e.turn(ctx)
	if err != nil {
		return unwritten(err)
	}
	defer done()
	pool, err := s.db.DB.BeginTx(ctx, nil)
	if err != nil {
		return unwritten(err)
	}
	defer func() { _ = pool.Rollback() }()
	in := s.on(pool)
	good, err := in.judge(ctx, ps, outcomes)
	if err == nil && len(good) > 0 {
		err = in.writeOver(ctx, good, false)
	}
	switch {
	case err != nil:
		return unwritten(err)
	case len(good) == 0:
		return nil
	default:
		return pool.Commit()
	}
}

// judge finds the outcome of every posting, and those that can be written.
func (s session) judge(ctx context.Context, ps []account.Posting, outcomes []account.Outcome) ([]account.Posting, error) {
	lookups := make([]account.Lookup, len(ps))
	for i := range ps {
		lookups[i] = lookupOf(&ps[i])
	}
	found, err := s.Ledger(ctx, lookups)
	if err != nil {
		return nil, err
	}
	good := make([]account.Posting, 0, len(ps))
	for i, f := range found {
		outcomes[i] = outcomeOf(&ps[i], &f)
		if outcomes[i].Kind == account.OutcomeWritten {
			good = append(good, ps[i])
		}
	}
	return good, nil
}

func outcomeOf(p *account.Posting, f *account.Found) account.Outcome {
	switch {
	case f.Balance.Version == 0:
		return account.Outcome{Kind: account.OutcomeMissing}
	case f.Used != nil:
		return account.Outcome{Kind: account.OutcomeUsed, Used: f.Used}
	case f.Balance.Version != p.From:
		return account.Outcome{Kind: account.OutcomeMoved, Balance: &f.Balance}
	default:
		return account.Outcome{Kind: account.OutcomeWritten}
	}
}

func (sqlite) post(ctx context.Context, s session, p account.Posting) error {
	return s.writeOver(ctx, []account.Posting{p}, true)
}

// writeOver writes postings, each over its version, or fails.
func (s session) writeOver(ctx context.Context, ps []account.Posting, terms bool) error {
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
