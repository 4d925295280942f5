package bunstore

import (
	"fmt"
	"strings"
)

const (
	balancesTable = "clientaccount_balances"
	entriesTable  = "clientaccount_entries"
	holdsTable    = "clientaccount_holds"
	eventsTable   = "clientaccount_events"
)

// texts are the statements of an engine that move money, with $1 and so on for the
// parameters. They are the same for every call, whatever it writes, so that each is
// prepared once.
type texts struct {
	// Each takes a sheet of rows to be written.
	openBalance   string // balanceColumns
	insertPlain   string // plainColumns
	insertEntries string // entryColumns
	insertHolds   string // holdColumns
	deleteHolds   string // referenceColumns
	insertEvents  string // eventColumns

	// ledger takes three sheets of questions: accounts, references and holds. ledgerAll
	// takes two more: numbers, and instants of due holds.
	ledger    string
	ledgerAll string
}

// moneySQL is how an engine writes what the statements of money are made of.
type moneySQL interface {
	// rows is a table r of rows, which come in a sheet of parameters from the nth on;
	// next is the one after.
	rows(n int, cs columns) (table string, next int)
	// written is a table r of rows to be written, as a sheet brings them to one call.
	written(cs columns) string
	// each joins, for every row of one table, the first row, or all, of another, called t.
	// The way there is an index, whatever the size of the tables.
	each(table, of, where string, all bool) string
	// asText is the columns of a table called t as text, in the form in which row reads them.
	asText(cs columns) []string
}

// textsOf are the statements that are written alike for every engine.
func textsOf(e moneySQL) texts {
	insert := func(table string, cs columns) string {
		return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", table, cs.list(""), cs.list("r."), e.written(cs))
	}
	return texts{
		openBalance:   insert(balancesTable, balanceColumns),
		insertPlain:   insert(entriesTable, plainColumns),
		insertEntries: insert(entriesTable, entryColumns),
		insertHolds:   insert(holdsTable, holdColumns),
		deleteHolds: fmt.Sprintf("DELETE FROM %s WHERE (account_id, reference) IN (SELECT r.account_id, r.reference FROM %s)",
			holdsTable, e.written(referenceColumns)),
		insertEvents: insert(eventsTable, eventColumns),
		ledger:       ledgerText(e, false),
		ledgerAll:    ledgerText(e, true),
	}
}

// What an answer of a ledger statement is, in its first column. The second is the
// position of what asked for it, the others are those of the table.
const (
	aBalance = "balance"
	aUsed    = "used"
	aHold    = "hold"
	anEntry  = "entry"
	aRefund  = "refund"
	aDueHold = "due"
	aNext    = "next" // the instant is the only other column
	aSum     = "sum"  // of due holds: what they hold, when they were made, how many, and who pays
)

// answerWidth is that of the widest answer.
var answerWidth = 2 + len(entryColumns)

// The columns that lookups are asked with.
var (
	askAccounts   = columns{position, ofAccount}
	askReferences = columns{position, ofAccount, {"reference", "text"}}
	askNumbers    = columns{position, ofAccount, {"number", "bigint"}}
	askDue        = columns{position, ofAccount, {"due", "timestamptz"}, {"summed", "integer"}, {"since", "timestamptz"}}
)

// ledgerText answers everything in one statement, so all of it is as of one instant.
func ledgerText(e moneySQL, all bool) string {
	var tables, parts []string
	next := 1
	ask := func(name string, cs columns) {
		rows, after := e.rows(next, cs)
		tables = append(tables, fmt.Sprintf("%s AS MATERIALIZED (SELECT %s FROM %s)", name, cs.list("r."), rows))
		next = after
	}
	answer := func(what string, cs columns, from string) {
		parts = append(parts, selectAnswer(what, "r.n", e.asText(cs), from))
	}
	ask("accounts", askAccounts)
	ask("refs", askReferences)
	ask("holds", askReferences)
	const byReference = "t.account_id = r.account_id AND t.reference = r.reference"
	answer(aBalance, balanceColumns, e.each("accounts", balancesTable, "t.account_id = r.account_id", false))
	answer(aUsed, entryColumns, e.each("refs", entriesTable, byReference, false))
	answer(aHold, holdColumns, e.each("holds", holdsTable, byReference, false))
	if all {
		ask("numbers", askNumbers)
		ask("due", askDue)
		answer(anEntry, entryColumns, e.each("numbers", entriesTable, "t.account_id = r.account_id AND t.number = r.number", false))
		answer(aRefund, entryColumns, e.each("numbers", entriesTable,
			"t.account_id = r.account_id AND t.of_entry = r.number AND t.kind = 'refund'", true))
		answer(aDueHold, holdColumns, e.each("due", holdsTable, fmt.Sprintf(`t.account_id = r.account_id AND t.reference IN (
			SELECT d.reference FROM %s d WHERE d.account_id = r.account_id AND d.until_at <= r.due
			ORDER BY d.until_at, d.reference LIMIT %d)`, holdsTable, mostDue), true))
		until := columns{{"until_at", "timestamptz"}} // of the first hold that is not due
		parts = append(parts, selectAnswer(aNext, "t.n", e.asText(until), fmt.Sprintf(`(SELECT r.n, (
			SELECT min(d.until_at) FROM %s d WHERE d.account_id = r.account_id AND d.until_at > r.due) AS until_at FROM due r) t`,
			holdsTable)))
		parts = append(parts, selectAnswer(aSum, "t.n", e.asText(sumColumns), sumOfDue(e)))
	}
	return "WITH " + strings.Join(tables, ", ") + "\n" + strings.Join(parts, "\nUNION ALL ")
}

// selectAnswer selects an answer from a join that has its position, n, and its columns.
func selectAnswer(what, n string, values []string, from string) string {
	all := append([]string{"'" + what + "'", "CAST(" + n + " AS text)"}, values...)
	for len(all) < answerWidth {
		all = append(all, "CAST(NULL AS text)")
	}
	return "SELECT " + strings.Join(all, ", ") + " FROM " + from
}

var sumColumns = columns{{"amount", "numeric"}, {"at", "timestamptz"}, {"messages", "bigint"}, {"chain", "text"}}

// sumOfDue is the due holds of accounts, those together that are alike for a sum; the
// sum itself is not the database's. When a hold was made, and its chain, only counts in
// the ledgers of those who do not pay.
func sumOfDue(e moneySQL) string {
	const shared = "CASE WHEN t.chain NOT LIKE '%,' || CAST(t.account_id AS text) THEN "
	from := e.each("due", holdsTable, "r.summed = 1 AND t.account_id = r.account_id AND t.until_at <= r.due AND t.until_at > r.since", true)
	return "(SELECT r.n, t.amount, " + shared + "t.at END AS at, count(*) AS messages, " + shared + "t.chain END AS chain FROM " +
		from + " GROUP BY 1, 2, 3, 5) t"
}
