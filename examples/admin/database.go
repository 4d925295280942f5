package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite", without cgo

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// database is an open one, its tables made.
type database struct {
	pool  *sql.DB
	store *bunstore.Store
	name  string // for people
}

// Close ends its connections.
func (d *database) Close() error { return d.pool.Close() }

func open(ctx context.Context, s settings) (*database, error) {
	d, err := connect(s)
	if err != nil {
		return nil, err
	}
	if err := d.store.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot use %s: %w", d.name, err), d.Close())
	}
	return d, nil
}

func connect(s settings) (*database, error) {
	if s.dsn != "" {
		return connectPostgres(s.dsn)
	}
	file, err := filepath.Abs(s.file)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", bunstore.SQLiteDSN(file))
	if err != nil {
		return nil, err
	}
	st, err := bunstore.SQLite(pool)
	return &database{pool, st, "the file " + file}, err
}

// connectPostgres never repeats the URL, which may hold a password.
func connectPostgres(dsn string) (*database, error) {
	parsed, err := url.Parse(dsn)
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return nil, errors.New("-dsn must be a URL: postgres://user:password@host:5432/database")
	}
	query := parsed.Query()
	if !query.Has("default_query_exec_mode") {
		// bun writes arguments into the text, so a cache of statements only fills up.
		query.Set("default_query_exec_mode", "simple_protocol")
		parsed.RawQuery = query.Encode()
	}
	pool, err := sql.Open("pgx", parsed.String())
	if err != nil {
		return nil, errors.New("-dsn: the driver cannot read this URL")
	}
	st, err := bunstore.Postgres(pool)
	return &database{pool, st, "PostgreSQL at " + parsed.Host + parsed.Path}, err
}

// fill puts the invented clients into an empty database, all or none of them, and then what they
// did since they are billed here, likewise. It notes what came of their webhooks, and makes their
// documents, in transactions of its own. leave has the last mails left for a dispatcher.
func (d *database) fill(ctx context.Context, out io.Writer, leave bool) error {
	teller, err := tell(ctx, d.store, d.within, time.Now())
	if err != nil || teller == nil {
		return err
	}
	fmt.Fprintf(out, "Filled an empty database with %d invented clients (-demo=false leaves it empty).\n", len(teller.made))
	if err := settle(ctx, d.store, teller.hookedClients(), time.Now()); err != nil {
		return err
	}
	return makePapers(ctx, d.store, teller, leave)
}

// within runs a function in a transaction.
func (d *database) within(ctx context.Context, fn func(tx store.Transactor) error) error {
	tx, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	if err := fn(d.store.OnTx(tx)); err != nil {
		return err
	}
	return tx.Commit()
}
