package dialect

import (
	"fmt"
	"strings"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// MigrationsTable is our own: in bun's default table the host's migrations would count as
// ours, and ours as the host's.
const MigrationsTable = "clientaccount_migrations"

// The tables of money.
const (
	BalancesTable = "clientaccount_balances"
	EntriesTable  = "clientaccount_entries"
	HoldsTable    = "clientaccount_holds"
	EventsTable   = "clientaccount_events"
)

// Queries are the statements that move money and look it up. They are the same for every
// call, whatever it writes, so that each is prepared once.
type Queries struct {
	// Each takes rows to be written.
	OpenBalance   string // rows.Balances
	InsertPlain   string // rows.PlainEntries
	InsertSole    string // rows.SoleEntries
	InsertEntries string // rows.Entries
	InsertHolds   string // rows.Holds
	DeleteHolds   string // rows.References
	InsertEvents  string // rows.Events

	// Of messages that are kept, each takes rows to be written.
	InsertMessages string // rows.Messages
	MoveMessages   string // rows.MovedMessages
	PutNetworkIDs  string // rows.OwnedIDs
	AddDeliveries  string // rows.PlacedDeliveries

	// Ledger answers what rows.Questions ask, as much as was asked.
	Ledger map[rows.Asked]Answering
}

// Answering is a statement that answers, and how wide its rows are.
type Answering struct {
	Query string
	Width int
}

// Parts is how a dialect writes what the statements of money are made of.
type Parts interface {
	// Rows returns a table r of rows, which come as parameters from the nth on; next is the one
	// after.
	Rows(n int, cs rows.Columns) (table string, next int)
	// Written returns a table r of rows to be written, as parameters bring them to one call.
	Written(cs rows.Columns) string
	// Each joins, for every row of one table, the first row, or all, of another, called t.
	// The way there is an index, whatever the size of the tables.
	Each(table, of, where string, all bool) string
	// AsText returns the columns of a table called t as text, in the form in which rows.Row reads
	// them.
	AsText(cs rows.Columns) []string
}

// QueriesOf returns the statements that are written alike for every dialect that has the parts.
func QueriesOf(e Parts) Queries {
	insert := func(table string, cs rows.Columns) string {
		return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", table, cs.List(""), cs.List("r."), e.Written(cs))
	}
	return Queries{
		OpenBalance:   insert(BalancesTable, rows.Balances.Columns()),
		InsertPlain:   insert(EntriesTable, rows.PlainEntries.Columns()),
		InsertSole:    insert(EntriesTable, rows.SoleEntries.Columns()),
		InsertEntries: insert(EntriesTable, rows.Entries.Columns()),
		InsertHolds:   insert(HoldsTable, rows.Holds.Columns()),
		DeleteHolds: fmt.Sprintf("DELETE FROM %s WHERE (account_id, reference) IN (SELECT r.account_id, r.reference FROM %s)",
			HoldsTable, e.Written(rows.References)),
		InsertEvents:   insert(EventsTable, rows.Events.Columns()),
		InsertMessages: insert(MessagesTable, rows.Messages.Columns()),
		MoveMessages:   MoveMessages(e.Written(rows.MovedMessages.Columns())),
		PutNetworkIDs:  PutNetworkIDs(e.Written(rows.OwnedIDs.Columns())),
		AddDeliveries:  AddDeliveries(e.Written(rows.PlacedDeliveries.Columns()), "TRUE"),
		Ledger: map[rows.Asked]Answering{
			rows.AskedPlain: ledgerQuery(e, rows.AskedPlain), rows.AskedAll: ledgerQuery(e, rows.AskedAll), rows.AskedKept: ledgerQuery(e, rows.AskedKept),
		},
	}
}

// What an answer of a ledger statement is, in its first column. The second is the
// position of what asked for it, the others are those of the table.
const (
	ABalance = "balance"
	AUsed    = "used"
	AHold    = "hold"
	AnEntry  = "entry"
	ARefund  = "refund"
	ADueHold = "due"
	ANext    = "next" // the instant is the only other column
	ASum     = "sum"  // of due holds: what they hold, when they were made, how many, and who pays
	AMessage = "message"
	AnOwner  = "owner" // of a network id
	AnEarly  = "early"
)

// mostDue is one more due hold than are asked for: the one behind them says when the next
// hold times out.
const mostDue = store.MaxDue + 1

// ledgerQuery answers everything in one statement, so all of it is as of one instant.
func ledgerQuery(e Parts, asked rows.Asked) Answering {
	a := &answering{Parts: e, next: 1, width: len(rows.Entries)}
	if asked >= rows.AskedKept {
		a.width = len(rows.Messages)
	}
	a.plain()
	if asked >= rows.AskedAll {
		a.numbered()
		a.due()
	}
	if asked >= rows.AskedKept {
		a.kept()
	}
	return Answering{"WITH " + strings.Join(a.tables, ", ") + "\n" + strings.Join(a.parts, "\nUNION ALL "), 2 + a.width}
}

// answering is a ledger statement in the making.
type answering struct {
	Parts
	tables, parts []string
	next          int // parameter
	width         int // of what is behind an answer's kind and position
}

func (a *answering) ask(name string, cs rows.Columns) {
	table, after := a.Rows(a.next, cs)
	a.tables = append(a.tables, fmt.Sprintf("%s AS MATERIALIZED (SELECT %s FROM %s)", name, cs.List("r."), table))
	a.next = after
}

func (a *answering) answer(what string, cs rows.Columns, from string) {
	a.selects(what, "r.n", a.AsText(cs), from)
}

// selects selects an answer from a join that has its position, n, and its columns.
func (a *answering) selects(what, n string, values []string, from string) {
	all := append([]string{"'" + what + "'", "CAST(" + n + " AS text)"}, values...)
	for len(all) < 2+a.width {
		all = append(all, "CAST(NULL AS text)")
	}
	a.parts = append(a.parts, "SELECT "+strings.Join(all, ", ")+" FROM "+from)
}

func (a *answering) plain() {
	a.ask("accounts", rows.AskAccounts)
	a.ask("refs", rows.AskReferences)
	a.ask("holds", rows.AskReferences)
	const byReference = "t.account_id = r.account_id AND t.reference = r.reference"
	a.answer(ABalance, rows.Balances.Columns(), a.Each("accounts", BalancesTable, "t.account_id = r.account_id", false))
	a.answer(AUsed, rows.Entries.Columns(), a.Each("refs", EntriesTable, byReference, false))
	a.answer(AHold, rows.Holds.Columns(), a.Each("holds", HoldsTable, byReference, false))
}

func (a *answering) numbered() {
	a.ask("numbers", rows.AskNumbers)
	a.answer(AnEntry, rows.Entries.Columns(), a.Each("numbers", EntriesTable, "t.account_id = r.account_id AND t.number = r.number", false))
	a.answer(ARefund, rows.Entries.Columns(), a.Each("numbers", EntriesTable,
		"t.account_id = r.account_id AND t.of_entry = r.number AND t.kind = 'refund'", true))
}

func (a *answering) due() {
	a.ask("due", rows.AskDue)
	a.answer(ADueHold, rows.Holds.Columns(), a.Each("due", HoldsTable, fmt.Sprintf(`t.account_id = r.account_id AND t.reference IN (
		SELECT d.reference FROM %s d WHERE d.account_id = r.account_id AND d.until_at <= r.due
		ORDER BY d.until_at, d.reference LIMIT %d)`, HoldsTable, mostDue), true))
	until := rows.Columns{{Name: "until_at", Type: "timestamptz"}} // of the first hold that is not due
	a.selects(ANext, "t.n", a.AsText(until), fmt.Sprintf(`(SELECT r.n, (
		SELECT min(d.until_at) FROM %s d WHERE d.account_id = r.account_id AND d.until_at > r.due) AS until_at FROM due r) t`, HoldsTable))
	a.selects(ASum, "t.n", a.AsText(rows.DueSums.Columns()), sumOfDue(a))
}

// sumOfDue returns the due holds of accounts, those together that are alike for a sum; the
// sum itself is not the database's. When a hold was made, and its chain, only counts in
// the ledgers of those who do not pay.
func sumOfDue(e Parts) string {
	const shared = "CASE WHEN t.chain NOT LIKE '%,' || CAST(t.account_id AS text) THEN "
	from := e.Each("due", HoldsTable, "r.summed = 1 AND t.account_id = r.account_id AND t.until_at <= r.due AND t.until_at > r.since", true)
	return "(SELECT r.n, t.amount, " + shared + "t.at END AS at, count(*) AS messages, " + shared + "t.chain END AS chain FROM " +
		from + " GROUP BY 1, 2, 3, 5) t"
}
