package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/webhook"
)

// run serves until ctx ends. The port is taken first: where that fails, no file
// has been made.
func run(ctx context.Context, args []string, out, errs io.Writer) error {
	s, err := parse(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	letters, err := newPost(s)
	if err != nil {
		return err
	}
	defer letters.close()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", s.addr, err)
	}
	defer listener.Close()
	logger := slog.New(slog.NewTextHandler(errs, nil))
	db, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	if s.demo {
		if err := db.fill(ctx, out, s.smtp == ""); err != nil {
			return fmt.Errorf("filling the empty database: %w", err)
		}
	}
	svc := clientaccount.New(db.store, &clientaccount.Options{Logger: logger, Documents: documentOptions()})
	if err := check(ctx, svc, logger); err != nil {
		return err
	}
	admin, err := newAdmin(svc, db, letters, s.lang, logger)
	if err != nil {
		return err
	}
	mails, err := letters.dispatcher(db, logger)
	if err != nil {
		return err
	}
	handler := onlyFor(ownHosts(s.addr, s.host), beside(map[string]http.Handler{"/healthz": health(svc), "/mailbox": letters.mailbox.handler()}, admin))
	fmt.Fprintf(out, "Clients: http://%s/clients\n", listener.Addr())
	if _, port, err := net.SplitHostPort(listener.Addr().String()); err == nil {
		fmt.Fprintf(out, "Another person, who confirms: http://localhost:%s/confirmations\n", port)
	}
	if letters.mailbox != nil {
		fmt.Fprintf(out, "Mailbox: http://%s/mailbox\n", listener.Addr())
	}
	fmt.Fprintf(out, "Data:    %s\nStop with Ctrl-C.\n", db.name)
	working, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { tick(working, svc, mails, logger) })
	work.Go(func() { runMails(working, mails, logger) })
	defer work.Wait() // before the database is closed
	defer stop()
	return serve(ctx, listener, handler, logger)
}

// tick does each minute, until ctx ends, what became due by then: holds and messages time
// out, figures are counted, and documents are made, whose mails go at once.
func tick(ctx context.Context, svc *clientaccount.Service, mails *mail.Dispatcher, logger *slog.Logger) {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		if err := svc.Tick(ctx); err != nil && ctx.Err() == nil {
			logger.ErrorContext(ctx, "not all that is due was done", slog.Any("error", err))
		}
		mails.Wake()
		select {
		case <-ctx.Done():
			return
		case <-minute.C:
		}
	}
}

// Who makes every change here: demoActor, and under the name localhost another one, so that two
// people can be played. A host knows better: its Actor finds out who is signed in, from its own
// session or from a header that its proxy sets, and answers adminhttp.ErrNoActor for nobody; its
// Policy then says what they may see and do.
var (
	demoActor  = account.Actor{ID: "demo", Name: "Olena Koval"}
	demoSecond = account.Actor{ID: "second", Name: "Marko Lis"}
)

// actorOf is who a request comes from.
func actorOf(r *http.Request) (account.Actor, error) {
	if host, _, err := net.SplitHostPort(r.Host); err == nil && host == "localhost" {
		return demoSecond, nil
	}
	return demoActor, nil
}

// demoPolicy lets everybody do everything, but for much money and much credit, which a second person
// must confirm.
func demoPolicy() adminhttp.Policy {
	policy := adminhttp.FullAccess()
	policy.Second = adminhttp.SecondForAny(
		adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{
			"EUR": decimal.NewFromInt(5000), "USD": decimal.NewFromInt(5000), "GBP": decimal.NewFromInt(5000), "UAH": decimal.NewFromInt(200_000),
		}, account.KindTopUp, account.KindAdjust, account.KindTransferOut),
		adminhttp.SecondFor("routing.bypass_blacklist"),
	)
	return policy
}

// newAdmin has a dispatcher for tests alone: it is not run, so that nothing is sent but
// what somebody asks for with "Send a test". A host runs one beside its admin.
func newAdmin(svc *clientaccount.Service, db *database, letters *post, lang string, logger *slog.Logger) (http.Handler, error) {
	dispatcher, err := webhook.NewDispatcher(db.store, &webhook.Config{Logger: logger})
	if err != nil {
		return nil, err
	}
	config := adminhttp.Config{
		Actor: actorOf,
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) {
			return demoPolicy(), nil
		},
		TestHook:     dispatcher.Test,
		Files:        letters.composer.Files,
		Mail:         &letters.composer,
		ReadWorkbook: xlsx.Read,
		ReadSheet:    xlsx.Lines,
		Logger:       logger,
		Languages:    []adminhttp.Language{{Tag: "en"}, adminhttp.Ukrainian()},
	}
	if lang != "" {
		config.Language = func(*http.Request) string { return lang }
	}
	return adminhttp.New(svc, config)
}

// serve answers until ctx ends, then lets what is under way finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return fmt.Errorf("some requests did not finish in time: %w", err)
	}
	return nil
}
