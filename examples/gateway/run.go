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

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/webhook"
)

// program is the gateway and its stage.
type program struct {
	settings
	out   io.Writer
	db    *database
	clock *clock

	accounts   *clientaccount.Service
	gateway    *Gateway
	network    *fakeNetwork
	receiver   *receiver
	dispatcher *webhook.Dispatcher
	way        *switched // what the gateway asks: the load has it ask another

	ends []func() error // what end does, the last first
}

func run(ctx context.Context, args []string, out, errs io.Writer) error {
	s, err := parse(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := start(ctx, s, out, slog.New(slog.NewTextHandler(errs, nil)))
	if err != nil {
		return err
	}
	do := p.serve
	if s.load > 0 {
		do = p.runLoad
	}
	return errors.Join(do(ctx), p.end())
}

// start puts a program together, and has it run until end.
func start(ctx context.Context, s settings, out io.Writer, logger *slog.Logger) (*program, error) {
	p := &program{settings: s, out: out, clock: &clock{}}
	err := p.open(ctx, logger)
	if err == nil {
		err = p.gateway.Recover(ctx) // before anything new comes in
	}
	if err != nil {
		return nil, errors.Join(err, p.end())
	}
	p.background(p.dispatcher.Run)
	p.atEnd(func() error { p.network.Stop(); return nil })
	p.background(func(ctx context.Context) error { p.gateway.Run(ctx); return nil })
	return p, nil
}

// open makes the parts of the program.
func (p *program) open(ctx context.Context, logger *slog.Logger) (err error) {
	if p.db, err = open(ctx, p.settings); err != nil {
		return err
	}
	p.atEnd(p.db.Close)
	if p.receiver, err = listen(ctx); err != nil {
		return err
	}
	p.atEnd(p.receiver.Close)
	p.accounts = clientaccount.New(p.db.store, &clientaccount.Options{
		Clock: p.clock.Now, Logger: logger, Hash: cheap,
		SettingsFor: time.Minute, // nobody else changes them; where an admin of another process does, see examples/listen
	})
	p.atEnd(func() error { return p.accounts.Close(context.Background()) })
	config := webhook.Config{Clock: p.clock.Now, Logger: logger}
	p.receiver.reach(&config)
	if p.dispatcher, err = webhook.NewDispatcher(p.db.store, &config); err != nil {
		return err
	}
	p.network = newFake(p.seed, p.clock.Now)
	p.gateway = newGateway(p.accounts, p.network, p.dispatcher.Wake, logger)
	p.way = &switched{}
	p.way.ask(p.accounts)
	p.gateway.way = p.way
	p.network.report = p.gateway.Report
	return nil
}

// cheap is the cost of a password's hash for clients who are made up, by the thousand. A real
// program leaves Options.Hash alone.
var cheap = clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}

func (p *program) atEnd(do func() error) { p.ends = append(p.ends, do) }

// background runs something until end, which waits for it.
func (p *program) background(do func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	var err error
	group.Go(func() { err = do(ctx) })
	p.atEnd(func() error { stop(); group.Wait(); return err })
}

// end ends the parts of the program in the opposite order: the gateway hands over what is
// queued while the network, the accounts and the database are there.
func (p *program) end() error {
	var errs []error
	for len(p.ends) > 0 {
		last := len(p.ends) - 1
		errs = append(errs, p.ends[last]())
		p.ends = p.ends[:last]
	}
	return errors.Join(errs...)
}

// serve answers until ctx ends, then lets what is under way finish.
func (p *program) serve(ctx context.Context) error {
	clients, err := p.makeClients(ctx, 1)
	if err != nil {
		return err
	}
	server, err := p.listenAndServe(ctx, p.addr)
	if err != nil {
		return err
	}
	c := clients[0]
	fmt.Fprintf(p.out, "Messages: http://%s/messages, kept in %s. Try:\n\n  curl -u %s:%s -d to=380501112233 -d from=ACME -d text=Hello -d ref=1 http://%s/messages\n\nStop with Ctrl-C.\n",
		server.Addr, p.db.name, c.login, c.password, server.Addr)
	<-ctx.Done()
	return shutdown(server)
}

// listenAndServe opens the API; the server's Addr is where it listens.
func (p *program) listenAndServe(ctx context.Context, addr string) (*http.Server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	server := &http.Server{
		Addr: listener.Addr().String(), Handler: newAPI(p.gateway),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
	}
	go func() { _ = server.Serve(listener) }() // ends with shutdown
	return server, nil
}

// shutdown lets requests finish that are under way, for as long as grace.
func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("some requests did not finish in time: %w", err), server.Close())
	}
	return nil
}
