// Command listen decides on PostgreSQL whether a client's message may go, again and
// again, and says when the answer changes. It caches settings for an hour, and yet
// what another process changes counts at once, since PostgreSQL tells it:
//
//	go run ./examples/admin -dsn postgres://... # in one terminal, to change the client
//	go run ./examples/listen -dsn postgres://... -login acme
//
// It also says when the client's money runs low or ends, and when one of their webhooks is
// switched off or on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // a program brings its own time zones; a library does not

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dsn := flag.String("dsn", "", "PostgreSQL's `URL`, postgres://...")
	login := flag.String("login", "acme", "the client's `login`")
	flag.Parse()
	if err := run(ctx, *dsn, *login, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "listen:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, dsn, login string, out io.Writer) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return errors.New("-dsn: the driver cannot read this URL") // which may hold a password
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol // bun writes arguments into the text
	pool := stdlib.OpenDB(*config)
	defer func() { _ = pool.Close() }()
	st, err := bunstore.Postgres(pool)
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	svc := clientaccount.New(st, &clientaccount.Options{SettingsFor: time.Hour})
	client, err := svc.ByLogin(ctx, login)
	if err != nil {
		return fmt.Errorf("client %s: %w", login, err)
	}

	say := make(chan string)
	var running sync.WaitGroup
	running.Go(func() { listen(ctx, config, svc, say) })
	running.Go(func() {
		if err := svc.Subscribe(ctx, tell(say)); err != nil {
			say <- err.Error()
		}
	})
	running.Go(func() { decide(ctx, svc, client, say) })
	go func() {
		running.Wait()
		close(say)
	}()
	for line := range say {
		fmt.Fprintln(out, line)
	}
	return nil
}

// tell says what happened to accounts. It is called until it returned nil for each event.
func tell(say chan<- string) func(context.Context, []account.Event) error {
	return func(_ context.Context, events []account.Event) error {
		for _, e := range events {
			about := e.Available.String() + " available"
			if e.Kind.IsOfHook() {
				about = string(e.Hook)
			}
			say <- fmt.Sprintf("%s: %s, event %d; %s", e.Account, e.Kind, e.Number, about)
		}
		return nil
	}
}

// decide says what a decision comes to when it is another than before. It asks no
// database but for the balance, once a second.
func decide(ctx context.Context, svc *clientaccount.Service, client account.Account, say chan<- string) {
	message := account.Request{
		Channel: account.ChannelREST, Sender: "ACME", Destination: "380501112233", Parts: 1,
		Price: account.Some(account.Amount("0.0042")),
	}
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for before := ""; ; {
		d, err := svc.Decide(ctx, client.ID, message)
		now := string(d.Verdict)
		for _, f := range d.Findings {
			now += " " + f.Code
		}
		if err == nil && now != before {
			say <- client.Core.Login + ": " + now
			before = now
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}
