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

// createDatabase makes an empty database on the server behind adminDSN and
// returns its URL. The name is random, because several test processes may
// share a server.
func createDatabase(tb testing.TB, adminDSN string) string {
	tb.Helper()
	name := "clientaccount_test_" + strings.ToLower(rand.Text())
	dsn, err := withDatabase(adminDSN, name)
	if err != nil {
		tb.Fatalf("postgres: %v", err)
	}
	if err := execute(adminDSN, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		tb.Fatalf("postgres: create database: %v", err)
	}
	tb.Cleanup(func() {
		if err := execute(adminDSN, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Logf("postgres: drop database: %v", err)
		}
	})
	return dsn
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
