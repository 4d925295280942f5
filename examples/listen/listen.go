package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// How a connection is kept that only listens.
const (
	quiet   = 30 * time.Second // after which it is asked whether it is alive
	patient = 5 * time.Second  // with an answer, and with connecting
	pause   = time.Second      // before the next connection
)

// listen has the Service forget what other processes change, until ctx ends. It needs a
// connection of its own, straight to the server: a pooler between transactions would not
// do. While there is none, all is forgotten again and again: each time that connecting
// failed.
func listen(ctx context.Context, config *pgx.ConnConfig, svc *clientaccount.Service, say chan<- string) {
	for ctx.Err() == nil {
		err := listenOnce(ctx, config, svc, say)
		svc.ForgetAll()
		if ctx.Err() == nil {
			say <- "not listening: " + err.Error()
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// listenOnce listens for as long as one connection holds.
func listenOnce(ctx context.Context, config *pgx.ConnConfig, svc *clientaccount.Service, say chan<- string) error {
	connecting, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	conn, err := pgx.ConnectConfig(connecting, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // what it said before counts
	if _, err := conn.Exec(connecting, "LISTEN "+bunstore.SettingsChannel); err != nil {
		return err
	}
	svc.ForgetAll() // from here on nothing is missed; what was changed before, nobody told
	say <- "listening"
	for {
		told, err := next(ctx, conn)
		if err != nil {
			return err
		}
		if told == nil {
			continue
		}
		id, err := account.ParseID(told.Payload)
		if err != nil { // of whoever else uses the channel
			svc.ForgetAll()
			continue
		}
		svc.Forget(id)
	}
}

// next returns the next notification; nil where there was none for a while, and the connection
// is still alive.
func next(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	waiting, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	told, err := conn.WaitForNotification(waiting)
	if err == nil || ctx.Err() != nil || waiting.Err() == nil {
		return told, err
	}
	asking, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	return nil, conn.Ping(asking)
}
