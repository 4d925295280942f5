package bunstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// The statement of a batch on PostgreSQL, in steps that run as one:
//
//	h     the balances after, and the versions they were computed from
//	e     the entries, and references that are only looked up, without a number
//	dup   the accounts of those whose reference was used before
//	lck   the balances that are still at that version, locked; one that another
//	      transaction has locked is passed over, never waited for
//	upd   the balances written
//	ins   the entries of these, and with them holds and events
//
// It is right because every change of an account's money moves its version on. If the
// version is still the same on the newest row, which lck looks at, then nothing was
// written since, and dup, which sees the statement's snapshot, has missed nothing. A
// unique key would only be violated by who breaks that rule.
//
// It answers with the positions of what was written. What became of the others is
// looked up afterwards: they are few, and what they have to be told is much.
type appendForm struct {
	text    string
	entries columns // with position first
	extra   bool    // with holds and events
	alone   bool    // of one posting with one entry
}

var (
	appendPlain = newAppendForm(plainColumns, false, false)
	appendFull  = newAppendForm(entryColumns, true, false)
	appendAlone = newAppendForm(plainColumns, false, true)
)

// heads are the columns of h.
var heads = columns{position, ofAccount, was}.and(movingColumns...)

func newAppendForm(entries columns, extra, alone bool) *appendForm {
	f := &appendForm{entries: entries, extra: extra, alone: alone}
	rows, next, once := postgres{}.rows, 1, "MATERIALIZED"
	if alone {
		rows, once = postgres{}.row, "NOT MATERIALIZED"
	}
	table := func(cs columns) string {
		text, after := rows(next, cs)
		next = after
		return text
	}
	steps := []string{
		fmt.Sprintf("h AS %s (SELECT * FROM %s)", once, table(heads)),
		fmt.Sprintf("e AS %s (SELECT * FROM %s)", once, table(f.entries)),
		fmt.Sprintf(`dup AS MATERIALIZED (SELECT t.account_id FROM %s)`,
			postgres{}.each("e", entriesTable, "t.account_id = r.account_id AND t.reference = r.reference", false)),
		`lck AS MATERIALIZED (SELECT h.* FROM h JOIN clientaccount_balances b ON b.account_id = h.account_id AND b.version = h.was
			WHERE NOT EXISTS (SELECT 1 FROM dup WHERE dup.account_id = h.account_id)
			ORDER BY h.account_id FOR NO KEY UPDATE OF b SKIP LOCKED)`,
		fmt.Sprintf(`upd AS (UPDATE clientaccount_balances b SET %s FROM lck
			WHERE b.account_id = lck.account_id AND b.version = lck.was RETURNING b.account_id, lck.n)`, movingColumns.set("lck.")),
		fmt.Sprintf(`ins AS (INSERT INTO clientaccount_entries (%s) SELECT %s FROM upd JOIN e USING (account_id) WHERE e.number IS NOT NULL)`,
			entries.list(""), entries.list("e.")),
	}
	if extra {
		steps = append(steps,
			insertOfWritten("hold", holdsTable, holdColumns, table(holdColumns)),
			fmt.Sprintf(`gone AS (DELETE FROM clientaccount_holds t USING upd JOIN %s USING (account_id)
				WHERE t.account_id = r.account_id AND t.reference = r.reference)`, table(endedColumns)),
			insertOfWritten("event", eventsTable, eventColumns, table(eventColumns)))
	}
	f.text = "WITH " + strings.Join(steps, ",\n") + "\nSELECT n FROM upd"
	return f
}

// insertOfWritten inserts rows of the accounts that were written.
func insertOfWritten(name, table string, cs columns, rows string) string {
	return fmt.Sprintf("%s AS (INSERT INTO %s (%s) SELECT %s FROM upd JOIN %s USING (account_id))",
		name, table, cs.list(""), cs.list("r."), rows)
}

// formOf is the narrowest form that a batch fits.
func formOf(ps []account.Posting) *appendForm {
	entries := 0
	for i := range ps {
		p := &ps[i]
		if len(p.Holds)+len(p.Ended)+len(p.Events) > 0 {
			return appendFull
		}
		for j := range p.Entries {
			if !isPlain(&p.Entries[j]) {
				return appendFull
			}
		}
		entries += len(p.Entries) + len(p.Lookups)
	}
	if len(ps) == 1 && entries == 1 {
		return appendAlone
	}
	return appendPlain
}

func (f *appendForm) sheet(cs columns) *sheet {
	if f.alone {
		return &sheet{form: &textSingles{singles{width: len(cs)}}}
	}
	return postgres{}.writing(cs)
}

// args are the parameters that say what is to be written.
func (f *appendForm) args(ps []account.Posting) ([]any, error) {
	balances, entries := f.sheet(heads), f.sheet(f.entries)
	holds, ended, events := f.sheet(holdColumns), f.sheet(endedColumns), f.sheet(eventColumns)
	for n := range ps {
		p := &ps[n]
		balances.integer(int64(n))
		balances.key(p.Balance.Account)
		balances.integer(p.From)
		writeMoving(balances, &p.Balance)
		f.writeEntries(entries, p)
		for i := range p.Holds {
			writeHold(holds, &p.Holds[i])
		}
		for _, reference := range p.Ended {
			ended.key(p.Balance.Account)
			ended.text(reference)
		}
		for i := range p.Events {
			writeEvent(events, &p.Events[i])
		}
	}
	if f.extra {
		return argsOf(balances, entries, holds, ended, events)
	}
	return argsOf(balances, entries)
}

func (f *appendForm) writeEntries(s *sheet, p *account.Posting) {
	for i := range p.Entries {
		writePlain(s, &p.Entries[i])
		if f.extra {
			writeOther(s, &p.Entries[i])
		}
	}
	for _, reference := range p.Lookups {
		s.key(p.Balance.Account)
		for _, c := range f.entries[1:] {
			if c.name == "reference" && storable(reference) { // what is not was never used
				s.text(reference)
			} else {
				s.form.null()
			}
		}
	}
}

// append runs the statement by itself, at the isolation level that the connection
// defaults to. One stricter than READ COMMITTED makes the statement fail where another
// transaction was faster, instead of leaving that account out.
func (postgres) append(ctx context.Context, s *Store, ps []account.Posting, outcomes []account.Outcome) error {
	form := formOf(ps)
	args, err := form.args(ps)
	if err != nil {
		return err
	}
	err = s.runAppend(ctx, form.text, args, outcomes)
	if sqlState(err) == serializationFailure {
		err = s.appendCommitted(ctx, form.text, args, outcomes)
	}
	if err == nil {
		s.judgeOthers(ctx, ps, outcomes)
	}
	return err
}

// appendCommitted runs the statement at READ COMMITTED.
func (s *Store) appendCommitted(ctx context.Context, text string, args []any, outcomes []account.Outcome) error {
	tx, err := s.db.DB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return unwritten(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := s.on(tx).runAppend(ctx, text, args, outcomes); err != nil {
		return unwritten(err)
	}
	return tx.Commit()
}

func (s session) runAppend(ctx context.Context, text string, args []any, outcomes []account.Outcome) error {
	rows, err := s.ask(ctx, text, args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // its error is in rows.Err
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return err
		}
		outcomes[n] = account.Outcome{Kind: account.OutcomeWritten}
	}
	return rows.Err()
}

// judgeOthers finds out what became of the postings that were not written. One that
// could be written by now is busy: whoever has it locked, or had, was faster. So is one
// of which nothing can be found out, since the others may be written.
func (s *Store) judgeOthers(ctx context.Context, ps []account.Posting, outcomes []account.Outcome) {
	var others []int
	var lookups []account.Lookup
	for i := range outcomes {
		if outcomes[i].Kind == 0 {
			outcomes[i].Kind = account.OutcomeBusy
			others, lookups = append(others, i), append(lookups, lookupOf(&ps[i]))
		}
	}
	found, err := s.Ledger(ctx, lookups)
	if err != nil {
		return
	}
	for i, n := range others {
		if o := outcomeOf(&ps[n], &found[i]); o.Kind != account.OutcomeWritten {
			outcomes[n] = o
		}
	}
}
