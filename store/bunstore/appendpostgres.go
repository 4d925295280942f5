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
//	dup   of them, those whose reference was used before
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
// The answers are how many were written, the balances of the others as in the
// snapshot, and the entries of used references. A balance of the same version without
// a used reference is one that another transaction is just writing.
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
	f := &appendForm{entries: columns{position}.and(entries...), extra: extra, alone: alone}
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
		fmt.Sprintf(`dup AS MATERIALIZED (SELECT r.n, t.* FROM %s)`,
			postgres{}.each("e", entriesTable, "t.account_id = r.account_id AND t.reference = r.reference", false)),
		`lck AS MATERIALIZED (SELECT h.* FROM h JOIN clientaccount_balances b ON b.account_id = h.account_id AND b.version = h.was
			WHERE NOT EXISTS (SELECT 1 FROM dup WHERE dup.account_id = h.account_id)
			ORDER BY h.account_id FOR NO KEY UPDATE OF b SKIP LOCKED)`,
		fmt.Sprintf(`upd AS (UPDATE clientaccount_balances b SET %s FROM lck
			WHERE b.account_id = lck.account_id AND b.version = lck.was RETURNING b.account_id)`, movingColumns.set("lck.")),
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
	f.text = "WITH " + strings.Join(steps, ",\n") + "\n" + strings.Join([]string{
		selectAnswer(written, "count(*)", nil, "upd"),
		selectAnswer(aBalance, "h.n", postgres{}.asText(balanceColumns),
			`h LEFT JOIN LATERAL (SELECT * FROM clientaccount_balances t WHERE t.account_id = h.account_id LIMIT 1) t ON true
			WHERE NOT EXISTS (SELECT 1 FROM upd WHERE upd.account_id = h.account_id)`),
		selectAnswer(aUsed, "t.n", postgres{}.asText(entryColumns), "dup t"),
	}, "\nUNION ALL ")
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
		f.writeEntries(entries, n, p)
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

func (f *appendForm) writeEntries(s *sheet, n int, p *account.Posting) {
	for i := range p.Entries {
		s.integer(int64(n))
		writePlain(s, &p.Entries[i])
		if f.extra {
			writeOther(s, &p.Entries[i])
		}
	}
	for _, reference := range p.Lookups {
		s.integer(int64(n))
		s.key(p.Balance.Account)
		for _, c := range f.entries[2:] {
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
	err = s.runAppend(ctx, form.text, args, ps, outcomes)
	if sqlState(err) == serializationFailure {
		return s.appendCommitted(ctx, form.text, args, ps, outcomes)
	}
	return err
}

// appendCommitted runs the statement at READ COMMITTED.
func (s *Store) appendCommitted(ctx context.Context, text string, args []any, ps []account.Posting, outcomes []account.Outcome) error {
	tx, err := s.db.DB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return unwritten(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := s.on(tx).runAppend(ctx, text, args, ps, outcomes); err != nil {
		return unwritten(err)
	}
	return tx.Commit()
}

func (s session) runAppend(ctx context.Context, text string, args []any, ps []account.Posting, outcomes []account.Outcome) error {
	rows, err := s.ask(ctx, text, args)
	if err != nil {
		return err
	}
	for i := range outcomes {
		outcomes[i] = account.Outcome{Kind: account.OutcomeWritten} // until an answer says otherwise
	}
	wrote, others := 0, 0
	err = answers(rows, func(what string, n int, r *row) {
		switch what {
		case written:
			wrote = n
		case aBalance:
			others++
			leftOut(&outcomes[n], &ps[n], r)
		case aUsed:
			outcomes[n].Kind, outcomes[n].Balance = account.OutcomeUsed, nil
			outcomes[n].Used = append(outcomes[n].Used, entryRow(r))
		}
	})
	if err == nil && wrote+others != len(ps) {
		err = fmt.Errorf("bunstore: %d postings, %d written, %d left out", len(ps), wrote, others)
	}
	return err
}

// leftOut is the outcome of a posting that was not written, by the balance as it is.
func leftOut(o *account.Outcome, p *account.Posting, r *row) {
	if r.isNull() {
		o.Kind = account.OutcomeMissing
		return
	}
	if o.Kind == account.OutcomeUsed {
		return
	}
	now := balanceRow(r)
	if o.Kind, o.Balance = account.OutcomeMoved, &now; now.Version == p.From {
		o.Kind, o.Balance = account.OutcomeBusy, nil
	}
}
