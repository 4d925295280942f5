package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// empty is the template of databases with nothing in them.
const empty = "template0"

// createDatabase makes a database on the server behind adminDSN, like a template,
// that is dropped when the test ends, and returns its URL.
func createDatabase(tb testing.TB, adminDSN, template string) string {
	tb.Helper()
	name, dsn, err := copyDatabase(adminDSN, template)
	if err != nil {
		tb.Fatalf("postgres: create database: %v", err)
	}
	tb.Cleanup(func() {
		if err := dropDatabase(adminDSN, name); err != nil {
			tb.Logf("postgres: drop database: %v", err)
		}
	})
	return dsn
}

// copyDatabase makes a database like a template. The name is random, because several
// test processes may share a server.
func copyDatabase(adminDSN, template string) (name, dsn string, err error) {
	name = "clientaccount_test_" + strings.ToLower(rand.Text())
	if dsn, err = withDatabase(adminDSN, name); err != nil {
		return "", "", err
	}
	return name, dsn, execute(adminDSN, "CREATE DATABASE "+name+" TEMPLATE "+template)
}

func dropDatabase(adminDSN, name string) error {
	return execute(adminDSN, "DROP DATABASE "+name+" WITH (FORCE)")
}

// withDatabase replaces the database of a postgres:// URL.
func withDatabase(dsn, name string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		// The URL may hold a password, so it stays out of the error.
		return "", fmt.Errorf("%s is not a postgres:// URL", DSNVar)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// execute runs one statement on a connection of its own.
func execute(dsn, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(ctx, statement)
	return err
}
