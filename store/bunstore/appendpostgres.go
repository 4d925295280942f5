package bunstore

import (
	"context"
	"database/sql"

	"github.com/clientaccount/clientaccount/store"
)

// append runs the statement by itself, at the isolation level that the connection
// defaults to. One stricter than READ COMMITTED makes the statement fail where another
// transaction was faster, instead of leaving that account out.
func (postgres) append(ctx context.Context, s *Store, ps []store.Posting, outcomes []store.Outcome) error {
	form := appendFormOf(ps)
	args, err := form.args(ps)
	if err != nil {
		return err
	}
	err = s.runWrite(ctx, form.text, args, outcomes)
	if sqlState(err) == serializationFailure {
		err = s.appendCommitted(ctx, form.text, args, outcomes)
	}
	if err == nil {
		s.judgeOthers(ctx, ps, outcomes)
	}
	return err
}

// appendCommitted runs the statement at READ COMMITTED.
func (s *Store) appendCommitted(ctx context.Context, text string, args []any, outcomes []store.Outcome) error {
	tx, err := s.db.DB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return unwritten(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := s.on(tx).runWrite(ctx, text, args, outcomes); err != nil {
		return unwritten(err)
	}
	return tx.Commit()
}

func (s session) runWrite(ctx context.Context, text string, args []any, outcomes []store.Outcome) error {
	clear(outcomes) // of a try before
	rows, err := s.ask(ctx, text, args)
	if err != nil {
		return err
	}
	written, err := positions(rows)
	for _, n := range written {
		outcomes[n] = store.Outcome{Kind: store.OutcomeWritten}
	}
	return err
}

// post is one statement, which writes nothing where the balance is at another version.
func (postgres) post(ctx context.Context, s session, p store.Posting) error {
	p.Lookups = nil
	form := postPlain
	if hasExtra(&p) {
		form = postFull
	}
	args, err := form.args([]store.Posting{p})
	if err != nil {
		return err
	}
	var outcome [1]store.Outcome
	if err := s.runWrite(ctx, form.text, args, outcome[:]); err != nil {
		return err
	}
	if outcome[0].Kind == 0 {
		return store.ErrConflict
	}
	return nil
}
