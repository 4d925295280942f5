package bunstore

import "strings"

// column is a column of a table of money, with its type on PostgreSQL. SQLite takes
// values as they come.
type column struct{ name, pgType string }

type columns []column

func (cs columns) names() []string {
	names := make([]string, len(cs))
	for i, c := range cs {
		names[i] = c.name
	}
	return names
}

// list is the names, separated by commas, each after a prefix.
func (cs columns) list(prefix string) string {
	return prefix + strings.Join(cs.names(), ", "+prefix)
}

// set takes each column from a row of another table.
func (cs columns) set(from string) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.name + " = " + from + c.name
	}
	return strings.Join(parts, ", ")
}

// and is the columns with more behind them.
func (cs columns) and(more ...column) columns { return append(append(columns(nil), cs...), more...) }

// The columns of tables are in the order in which rows are read and written.
var (
	// movingColumns are what a movement changes of a balance.
	movingColumns = columns{
		{"version", "bigint"},
		{"entries", "bigint"},
		{"events", "bigint"},
		{"amount", "numeric"},
		{"held", "numeric"},
		{"expires_at", "timestamptz"},
		{"spent", "numeric"},
		{"month", "integer"},
		{"low", "boolean"},
		{"exhausted", "boolean"},
		{"overdraw_over", "boolean"},
		{"last_at", "timestamptz"},
	}
	termsColumns = columns{
		{"currency", "text"},
		{"credit", "numeric"},
		{"overdraw", "numeric"},
		{"overdraw_ends", "timestamptz"},
		{"closed", "boolean"},
		{"shares", "uuid"},
		{"cap", "numeric"},
		{"zone", "text"},
		{"notification_limit", "text"},
		{"price", "numeric"},
	}
	balanceColumns = columns{ofAccount}.and(movingColumns...).and(termsColumns...)

	// plainColumns are those of an entry of a plain charge or top-up.
	plainColumns = columns{
		ofAccount,
		{"number", "bigint"},
		{"at", "timestamptz"},
		{"fingerprint", "uuid"},
		{"messages", "integer"},
		{"kind", "text"},
		{"reference", "text"},
		{"amount", "numeric"},
		{"after", "numeric"},
		{"credit_limit", "numeric"},
		{"actor_id", "text"},
		{"actor_name", "text"},
	}
	otherColumns = columns{
		{"held", "numeric"},
		{"held_after", "numeric"},
		{"shared", "numeric"},
		{"spent", "numeric"},
		{"spent_after", "numeric"},
		{"reason", "text"},
		{"hold", "text"},
		{"until_at", "timestamptz"},
		{"of_entry", "bigint"},
		{"other", "uuid"},
		{"chain", "text"},
	}
	entryColumns = plainColumns.and(otherColumns...)

	holdColumns = columns{
		ofAccount,
		{"reference", "text"},
		{"amount", "numeric"},
		{"messages", "integer"},
		{"at", "timestamptz"},
		{"until_at", "timestamptz"},
		{"chain", "text"},
	}
	referenceColumns = columns{ofAccount, {"reference", "text"}} // of holds that ended, or entries

	eventColumns = columns{
		ofAccount,
		{"number", "bigint"},
		{"kind", "text"},
		{"at", "timestamptz"},
		{"balance", "numeric"},
		{"held", "numeric"},
		{"available", "numeric"},
		{"notification_limit", "text"},
		{"hook", "text"},
		{"code", "text"},
	}
)

// ofAccount begins every row, and position says which of the questions, or of the
// postings, a row belongs to.
var (
	ofAccount = column{"account_id", "uuid"}
	position  = column{"n", "integer"}
	// was is the version that a balance must be at.
	was = column{"was", "bigint"}
)
