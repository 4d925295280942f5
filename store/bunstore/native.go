package bunstore

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// The statements of the outbox go to database/sql with parameters, like those of
// credentials: bun would write secrets and clients' messages into their text. Many rows
// are one parameter, a JSON array: every driver can send that.

// jsonColumn is a column of such an array, with PostgreSQL's type for it.
type jsonColumn struct{ name, kind string }

// query is every row of a statement, its columns in the order in which decode reads
// them.
func query[T any](ctx context.Context, s session, statement string, columns int, decode func(*row) T, args ...any) ([]T, error) {
	statement = s.engine.native(statement)
	return reading(ctx, s, func() ([]T, error) {
		rows, err := s.conn.QueryContext(ctx, statement, args...)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		return decoded(ctx, s, rows, columns, decode)
	})
}

// execute runs a statement and says how many rows it changed.
func (s session) execute(ctx context.Context, statement string, args ...any) (int, error) {
	result, err := s.conn.ExecContext(ctx, s.engine.native(statement), args...)
	if err != nil {
		return 0, s.failed(ctx, err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// asJSON is a parameter of many rows. Its types always encode.
func asJSON(rows any) (string, error) {
	text, err := json.Marshal(rows)
	return string(text), err
}

// orNullInstant is an instant, NULL for the zero one.
func orNullInstant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return instantText(t)
}

// conditions are the parts of a WHERE that are there or not, with their parameters.
type conditions struct {
	parts []string
	args  []any
}

// add joins a condition, in which ? stands for the parameter.
func (c *conditions) add(condition string, arg any) {
	c.args = append(c.args, arg)
	c.parts = append(c.parts, strings.ReplaceAll(condition, "?", parameter(len(c.args))))
}

func (c *conditions) String() string { return strings.Join(c.parts, " AND ") }
