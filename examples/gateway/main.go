// Command gateway is a small SMS gateway: the whole way of a message from a client's request
// to the last report, for reading and for copying.
//
//	go run ./examples/gateway                    serves until Ctrl-C, and says how to try it
//	go run ./examples/gateway -load 20000        sends so many, and checks every one of them
//
// It keeps everything in memory, or with -sqlite FILE or -postgres URL in a database. The
// network behind it is made up (fake.go), and so are its clients and their URLs (clients.go,
// receiver.go). Read on in this order:
//
//	network.go     what a gateway must know of a network
//	gateway.go     a message is admitted and queued; reports come back
//	handover.go    from the queue to the network
//	leftover.go    what an earlier process left on the way
//	api.go         the clients' HTTP API: api_request.go, api_answer.go, parts.go, price.go
//	run.go         how it is put together, and ends
//
// It has no table of its own: Admit, Sent, Unsent, Reported and Tick of the Service keep the
// messages, move the money, and have the clients told. The rest is a stage for it to act on:
// load.go sends, and check.go compares at the end what the clients asked for, what the network
// did, what is kept, what was paid and what the clients' URLs were told.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a program brings its own time zones; a library does not
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gateway:", err)
		stop()
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	addr     string
	sqlite   string // file
	postgres string // URL

	load    int  // messages; 0: serve
	callers int  // of the API, at once
	clients int  // whose messages these are
	socket  bool // over a loopback socket; else the handler is called in the process
	naive   bool // some also with a transaction for each step
	rounds  int  // of each way
	seed    uint64
}

func parse(args []string, errs io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8081", "`address` to listen on, without -load")
	flags.StringVar(&s.sqlite, "sqlite", "", "keep everything in an SQLite `file`, made when it is missing")
	flags.StringVar(&s.postgres, "postgres", "", "keep everything in PostgreSQL: its `URL`, postgres://...")
	flags.IntVar(&s.load, "load", 0, "send so `many` messages, check every one, and end")
	flags.IntVar(&s.callers, "callers", 256, "so `many` callers at once")
	flags.IntVar(&s.clients, "clients", 1000, "so `many` clients, each with a URL")
	flags.BoolVar(&s.socket, "socket", true, "callers go over a loopback socket; false: straight to the handler")
	flags.BoolVar(&s.naive, "naive", false, "send a tenth as many with a transaction for each step, in rounds between (needs a database)")
	flags.IntVar(&s.rounds, "rounds", 3, "so `many` rounds of each way, with -naive")
	flags.Uint64Var(&s.seed, "seed", 1, "`number` that decides what the network does; a database takes each once")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	return s, s.check(flags.Args())
}

func (s settings) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.sqlite != "" && s.postgres != "":
		return fmt.Errorf("-sqlite and -postgres exclude each other")
	case s.naive && s.sqlite == "" && s.postgres == "":
		return fmt.Errorf("-naive needs -sqlite or -postgres: memory has no transactions of a host's")
	case s.load < 0 || s.load > 100_000_000 || s.callers < 1 || s.callers > 10_000 || s.clients < 1 || s.clients > 100_000 || s.rounds < 1 || s.rounds > 100:
		return fmt.Errorf("-load, -callers, -clients or -rounds is out of range")
	}
	return nil
}
