package moneybench

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
)

// charger is a way to charge an account, by its index.
type charger func(ctx context.Context, account int, reference string) error

// The tables of the reference variants: the same columns as ours, as far as they count.
const plainTables = `
CREATE TABLE plain_balances (account_id bigint PRIMARY KEY, seq bigint NOT NULL, balance numeric(21,6) NOT NULL,
	held numeric(21,6) NOT NULL, credit numeric(21,6) NOT NULL, overdraw numeric(21,6) NOT NULL, overdraw_ends timestamptz);
CREATE TABLE plain_entries (account_id bigint NOT NULL, seq bigint NOT NULL, amount numeric(21,6) NOT NULL,
	after numeric(21,6) NOT NULL, messages bigint NOT NULL, ref text COLLATE "C" NOT NULL, at timestamptz NOT NULL,
	PRIMARY KEY (account_id, seq), UNIQUE (account_id, ref));`

// naive returns what most would write: a transaction, a locked read, decimals in Go, an
// update and an insert, all through bun.
func naive(db *bun.DB) charger {
	amount := decimal.RequireFromString("0.0042")
	return func(ctx context.Context, account int, reference string) error {
		return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			var b plainBalance
			if err := tx.NewSelect().Model(&b).Where("account_id = ?", account).For("UPDATE").Scan(ctx); err != nil {
				return err
			}
			used, err := tx.NewSelect().Table("plain_entries").
				Where("account_id = ?", account).Where("ref = ?", reference).Exists(ctx)
			if err != nil || used {
				return err
			}
			available := b.Balance.Sub(b.Held).Add(b.Credit)
			if time.Now().Before(b.OverdrawEnds) {
				available = available.Add(b.Overdraw)
			}
			if amount.GreaterThan(available) {
				return errRefused
			}
			b.Seq++
			b.Balance = b.Balance.Sub(amount)
			if _, err := tx.NewUpdate().Model(&b).Column("seq", "balance").WherePK().Exec(ctx); err != nil {
				return err
			}
			_, err = tx.NewInsert().Model(&plainEntry{
				AccountID: b.AccountID, Seq: b.Seq, Amount: amount.Neg(), After: b.Balance, Messages: 1, Ref: reference, At: time.Now(),
			}).Exec(ctx)
			return err
		})
	}
}

type plainBalance struct {
	bun.BaseModel `bun:"table:plain_balances"`
	AccountID     int64 `bun:",pk"`
	Seq           int64
	Balance       decimal.Decimal `bun:"type:numeric(21,6)"`
	Held          decimal.Decimal `bun:"type:numeric(21,6)"`
	Credit        decimal.Decimal `bun:"type:numeric(21,6)"`
	Overdraw      decimal.Decimal `bun:"type:numeric(21,6)"`
	OverdrawEnds  time.Time
}

type plainEntry struct {
	bun.BaseModel `bun:"table:plain_entries"`
	AccountID     int64
	Seq           int64
	Amount        decimal.Decimal `bun:"type:numeric(21,6)"`
	After         decimal.Decimal `bun:"type:numeric(21,6)"`
	Messages      int64
	Ref           string
	At            time.Time
}

var errRefused = fmt.Errorf("more than is available")

// singleStatement is one charge as one statement, with the rule in SQL.
const singleStatement = `
WITH u AS (
	UPDATE plain_balances SET seq = seq + 1, balance = balance - $2::numeric
	WHERE account_id = $1::bigint AND $2::numeric <= balance - held + credit + CASE WHEN now() < overdraw_ends THEN overdraw ELSE 0 END
		AND NOT EXISTS (SELECT 1 FROM plain_entries WHERE account_id = $1::bigint AND ref = $3::text)
	RETURNING account_id, seq, balance
)
INSERT INTO plain_entries SELECT account_id, seq, -$2::numeric, balance, 1, $3::text, now() FROM u RETURNING seq`

// single runs that statement prepared.
func single(tb testing.TB, pool *sql.DB) charger {
	tb.Helper()
	statement, err := pool.PrepareContext(tb.Context(), singleStatement)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = statement.Close() })
	return func(ctx context.Context, account int, reference string) error {
		var seq int64
		return statement.QueryRowContext(ctx, account, "0.0042", reference).Scan(&seq)
	}
}

var tpsPattern = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench runs the same statement from pgbench, and gives its transactions a second.
func pgbench(tb testing.TB, host string, dbname string, clients, accounts int, d time.Duration) float64 {
	tb.Helper()
	program, err := findPgbench()
	require.NoError(tb, err)
	script := filepath.Join(tb.TempDir(), "charge.sql")
	text := fmt.Sprintf("\\set a random(1, %d)\n\\set r random(1, 9000000000000000000)\n", accounts) +
		regexp.MustCompile(`\$([123])::(\w+)`).ReplaceAllStringFunc(singleStatement, func(p string) string {
			return map[byte]string{'1': ":a::bigint", '2': "0.0042::numeric", '3': "(:r)::text"}[p[1]]
		}) + ";\n"
	require.NoError(tb, os.WriteFile(script, []byte(text), 0o600))
	out, err := exec.Command(program, "-h", host, "-U", "postgres", "-n", "-M", "prepared", "-f", script,
		"-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)), "-T", strconv.Itoa(max(1, int(d.Seconds()))), dbname).CombinedOutput()
	require.NoError(tb, err, "%s", out)
	tps, err := strconv.ParseFloat(string(tpsPattern.FindSubmatch(out)[1]), 64)
	require.NoError(tb, err)
	return tps
}

// findPgbench finds it beside the server's other programs, or in PATH.
func findPgbench() (string, error) {
	packaged, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if len(packaged) > 0 {
		return packaged[len(packaged)-1], nil
	}
	return exec.LookPath("pgbench")
}
