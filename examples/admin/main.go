// Command admin serves the admin of client accounts on an SQLite file, ready to be
// looked at in a browser:
//
//	go run ./examples/admin
//
// A new file is filled with invented clients, so that there is something to see.
// Everything is kept in the file: stop it, start it again, and all is there. Nothing is
// sent: no webhook dispatcher runs here, and only "Send a test" calls a client's URL. What
// would have been mailed is read at /mailbox; -smtp sends it for real, with the password in
// CLIENTACCOUNT_SMTP_PASSWORD.
//
// Above 5,000 EUR a second person must confirm what is moved: propose it under 127.0.0.1, and confirm
// it under localhost, where you are somebody else.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // a program brings its own time zones; a library does not
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "admin:", err)
		stop()
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	file string // of SQLite
	dsn  string // of PostgreSQL; empty: SQLite
	addr string
	host string // names to be asked under, beside those of this machine
	demo bool
	smtp string // URL of a mail server; empty: mails are kept to be looked at
	from string // whose the mails are
	lang string // of pages; empty: what the browser asks for
}

func parse(args []string, errs io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("admin", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&s.file, "db", "clientaccount.db", "SQLite `file`, made when it is missing")
	flags.StringVar(&s.dsn, "dsn", "", "use PostgreSQL instead: its `URL`, postgres://...")
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8080", "`address` to listen on; everybody who reaches it may change everything")
	flags.StringVar(&s.host, "host", "", "more `names`, with commas, under which it may be asked; others get 421")
	flags.BoolVar(&s.demo, "demo", true, "fill an empty database with invented clients")
	flags.StringVar(&s.smtp, "smtp", "", "send mails through a server, smtp://user@host:587; its password is in "+passwordVar+"; the invented clients' addresses lead nowhere")
	flags.StringVar(&s.from, "from", issuer.Name+" <"+issuer.Email+">", "`sender` of mails")
	flags.StringVar(&s.lang, "lang", "", "`language` of the pages, en or uk; what the browser asks for where it is empty")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if !slices.Contains([]string{"", "en", "uk"}, s.lang) {
		return s, fmt.Errorf("-lang %q is neither en nor uk", s.lang)
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return s, nil
}
