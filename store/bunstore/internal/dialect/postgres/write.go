package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// A statement that writes postings on PostgreSQL, in steps that run as one:
//
//	h     the balances after, and the versions they were computed from
//	e     the entries, and references that are only looked up, without a number
//	dup   the accounts of those whose reference was used before
//	lck   the balances that are still at that version, locked; one that another
//	      transaction has locked is passed over, never waited for
//	upd   the balances written
//	ins   the entries of these, and with them holds, events and messages
//
// It is right because every change of an account's money moves its version on. If the
// version is still the same on the newest row, which lck looks at, then nothing was
// written since, and dup, which sees the statement's snapshot, has missed nothing. A
// unique key would only be violated by who breaks that rule.
//
// It answers with the positions of what was written. What became of the others is
// looked up afterwards: they are few, and what they have to be told is much.
//
// A transaction that has locked the balance before writes without dup and lck, and
// writes the terms, too.
type writeForm struct {
	query   string
	entries rows.Codec[account.Entry]
	extra   bool // with the columns of all entries that one person made, and holds and events
	kept    bool // and with messages
	second  bool // and with who confirmed entries
	single  bool // of one balance
	alone   bool // and of one entry
	terms   bool // with the terms of balances, which are locked
}

// The narrowest form that fits is the fastest.
var (
	appendAlone = newWriteForm(writeForm{single: true, alone: true})
	appendPlain = newWriteForm(writeForm{})
	appendFull  = newWriteForm(writeForm{extra: true})
	appendKept  = newWriteForm(writeForm{extra: true, kept: true})
	appendAny   = newWriteForm(writeForm{extra: true, kept: true, second: true})
	postPlain   = newWriteForm(writeForm{terms: true, single: true})
	postFull    = newWriteForm(writeForm{terms: true, single: true, extra: true})
	postMany    = newWriteForm(writeForm{terms: true, extra: true})
	postKept    = newWriteForm(writeForm{terms: true, extra: true, kept: true})
	postAny     = newWriteForm(writeForm{terms: true, extra: true, kept: true, second: true})
)

func newWriteForm(f writeForm) *writeForm {
	switch {
	case f.second:
		f.entries = rows.Entries
	case f.extra:
		f.entries = rows.SoleEntries
	default:
		f.entries = rows.PlainEntries
	}
	next := 1
	table := func(one bool, cs rows.Columns) (table string) {
		given := (*Dialect)(nil).Rows
		if one {
			given = row
		}
		table, next = given(next, cs)
		return table
	}
	steps := []string{
		given("h", f.alone, table(f.single, f.heads())),
		given("e", f.alone, table(f.alone, f.entries.Columns())),
	}
	if f.terms {
		steps = append(steps, writeOfBalances("h", rows.Moving.And(rows.Terms).Columns()))
	} else {
		steps = append(steps, findUsed, lockUnchanged, writeOfBalances("lck", rows.Moving.Columns()))
	}
	steps = append(steps, writeOfEntries(f.entries.Columns()))
	many := func(cs rows.Columns) string { return table(false, cs) }
	if f.extra {
		steps = append(steps, writesOfExtra(many)...)
	}
	if f.kept {
		steps = append(steps, writesOfKept(many)...)
	}
	f.query = "WITH " + strings.Join(steps, ",\n") + "\nSELECT n FROM upd"
	return &f
}

// heads are the columns of h.
func (f *writeForm) heads() rows.Columns {
	return append(rows.Columns{rows.Position}, rows.ChangeColumns(f.terms)...)
}

// given is a step of parameters. Those of one row are put where they are used; many are
// read once.
func given(name string, one bool, table string) string {
	once := "MATERIALIZED"
	if one {
		once = "NOT MATERIALIZED"
	}
	return fmt.Sprintf("%s AS %s (SELECT * FROM %s)", name, once, table)
}

var findUsed = fmt.Sprintf("dup AS MATERIALIZED (SELECT t.account_id FROM %s)",
	(*Dialect)(nil).Each("e", dialect.EntriesTable, "t.account_id = r.account_id AND t.reference = r.reference", false))

const lockUnchanged = `lck AS MATERIALIZED (
	SELECT h.* FROM h JOIN clientaccount_balances b ON b.account_id = h.account_id AND b.version = h.was
	WHERE NOT EXISTS (SELECT 1 FROM dup WHERE dup.account_id = h.account_id)
	ORDER BY h.account_id FOR NO KEY UPDATE OF b SKIP LOCKED)`

func writeOfBalances(from string, cs rows.Columns) string {
	return fmt.Sprintf(`upd AS (
	UPDATE clientaccount_balances b SET %s FROM %s f
	WHERE b.account_id = f.account_id AND b.version = f.was RETURNING b.account_id, f.n)`, cs.Set("f."), from)
}

func writeOfEntries(cs rows.Columns) string {
	return fmt.Sprintf(`ins AS (
	INSERT INTO clientaccount_entries (%s) SELECT %s FROM upd JOIN e USING (account_id) WHERE e.number IS NOT NULL)`,
		cs.List(""), cs.List("e."))
}

// writesOfExtra write holds, take away those that ended, and write events.
func writesOfExtra(table func(rows.Columns) string) []string {
	holds := insertsOf("hold", dialect.HoldsTable, rows.Holds.Columns(), table)
	ended := fmt.Sprintf(`gone AS (
	DELETE FROM clientaccount_holds t USING upd JOIN %s USING (account_id)
	WHERE t.account_id = r.account_id AND t.reference = r.reference)`, table(rows.References))
	return []string{holds, ended, insertsOf("event", dialect.EventsTable, rows.Events.Columns(), table)}
}

func insertsOf(name, into string, cs rows.Columns, table func(rows.Columns) string) string {
	return fmt.Sprintf(`%s AS (
	INSERT INTO %s (%s) SELECT %s FROM upd JOIN %s USING (account_id))`, name, into, cs.List(""), cs.List("r."), table(cs))
}

// writesOfKept write new messages and what became of others, network ids, and deliveries.
func writesOfKept(table func(rows.Columns) string) []string {
	of := func(cs rows.Columns, on string) string { return "upd JOIN " + table(cs) + " ON " + on }
	const ofAccount = "r.account_id = upd.account_id"
	return []string{
		insertsOf("kept", dialect.MessagesTable, rows.Messages.Columns(), table),
		"moved AS (\n\t" + dialect.MoveMessages(of(rows.MovedMessages.Columns(), ofAccount)) + ")",
		"owned AS (\n\t" + dialect.PutNetworkIDs(of(rows.OwnedIDs.Columns(), ofAccount)) + ")",
		"told AS (\n\t" + dialect.AddDeliveries(of(rows.PlacedDeliveries.Columns(), "r.call = upd.n"), "TRUE") + ")",
	}
}

// args are the parameters that say what is to be written.
func (f *writeForm) args(ps []store.Posting) ([]any, error) {
	params := func(one bool, cs rows.Columns) *rows.Params {
		if one {
			return rows.NewParams(&textSingles{rows.NewSingles(len(cs))})
		}
		return inArrays(cs)
	}
	balances, entries := params(f.single, f.heads()), params(f.alone, f.entries.Columns())
	extra := dialect.NewExtra(inArrays)
	for n := range ps {
		p := &ps[n]
		balances.Integer(int64(n))
		rows.WriteChange(balances, p, f.terms)
		f.writeEntries(entries, p)
		extra.Write(p)
	}
	all := []*rows.Params{balances, entries}
	if f.extra {
		all = append(all, extra.Holds, extra.Ended, extra.Events)
	}
	if f.kept {
		kept := rows.NewKeeping(inArrays)
		for n := range ps {
			kept.Write(n, &ps[n])
		}
		all = append(all, kept.New, kept.Moved, kept.IDs, kept.Deliveries)
	}
	return rows.Args(all...)
}

func (f *writeForm) writeEntries(to *rows.Params, p *store.Posting) {
	for i := range p.Entries {
		f.entries.Write(to, &p.Entries[i])
	}
	if f.terms {
		return // nothing is looked up
	}
	for _, reference := range p.Lookups {
		to.Key(p.Balance.Account)
		for _, c := range f.entries.Columns()[1:] {
			if c.Name == "reference" && rows.Storable(reference) { // what is not was never used
				to.Text(reference)
			} else {
				to.Null()
			}
		}
	}
}

// appendFormOf is the narrowest form for a batch.
func appendFormOf(ps []store.Posting) *writeForm {
	form := appendPlain
	entries := 0
	for i := range ps {
		switch {
		case hasSecond(&ps[i]):
			return appendAny
		case len(ps[i].Messages) > 0:
			form = appendKept
		case form == appendPlain && hasExtra(&ps[i]):
			form = appendFull
		}
		entries += len(ps[i].Entries) + len(ps[i].Lookups)
	}
	if len(ps) == 1 && entries == 1 && form == appendPlain {
		return appendAlone
	}
	return form
}

// postFormOf is the narrowest form for postings under locks.
func postFormOf(ps []store.Posting) *writeForm {
	switch {
	case slices.ContainsFunc(ps, func(p store.Posting) bool { return hasSecond(&p) }):
		return postAny
	case slices.ContainsFunc(ps, func(p store.Posting) bool { return len(p.Messages) > 0 }):
		return postKept
	case len(ps) > 1:
		return postMany
	case hasExtra(&ps[0]):
		return postFull
	default:
		return postPlain
	}
}

// hasSecond reports whether a second person confirmed an entry of a posting.
func hasSecond(p *store.Posting) bool {
	for i := range p.Entries {
		if !rows.IsSole(&p.Entries[i]) {
			return true
		}
	}
	return false
}

// hasExtra reports whether a posting needs more than the columns of plain entries.
func hasExtra(p *store.Posting) bool {
	if len(p.Holds)+len(p.Ended)+len(p.Events) > 0 {
		return true
	}
	for i := range p.Entries {
		if !rows.IsPlain(&p.Entries[i]) {
			return true
		}
	}
	return false
}
