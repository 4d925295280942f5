package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite", without cgo

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// database is where everything is kept.
type database struct {
	store store.Store
	name  string          // for people
	pool  *sql.DB         // nil: memory
	bound *bunstore.Store // the store, to be bound to transactions; nil: memory

	writers int // transactions of a host's that it takes at once
}

// Close ends its connections.
func (d *database) Close() error {
	if d.pool == nil {
		return nil
	}
	return d.pool.Close()
}

// connections is how many PostgreSQL is asked for at once; it allows 100 by default.
const connections = 40

// open returns the database of the settings, its tables made.
func open(ctx context.Context, s settings) (*database, error) {
	var d *database
	var err error
	switch {
	case s.postgres != "":
		d, err = openPostgres(s.postgres)
	case s.sqlite != "":
		d, err = openSQLite(s.sqlite)
	default:
		return &database{store: memstore.New(), name: "memory"}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := d.bound.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot use %s: %w", d.name, err), d.Close())
	}
	return d, nil
}

func openSQLite(file string) (*database, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", bunstore.SQLiteDSN(path))
	if err != nil {
		return nil, err
	}
	st, err := bunstore.SQLite(pool)
	return &database{st, "the file " + path, pool, st, 1}, err
}

// openPostgres never repeats the URL, which may hold a password.
func openPostgres(dsn string) (*database, error) {
	parsed, err := url.Parse(dsn)
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return nil, errors.New("-postgres must be a URL: postgres://user:password@host:5432/database")
	}
	pool, err := sql.Open("pgx", parsed.String())
	if err != nil {
		return nil, errors.New("-postgres: the driver cannot read this URL")
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	st, err := bunstore.Postgres(pool)
	return &database{st, "PostgreSQL at " + parsed.Host + parsed.Path, pool, st, connections}, err
}
