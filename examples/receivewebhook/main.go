// Receivewebhook is what a client of the platform writes to take SMS states and incoming
// messages: it verifies each call, drops what it has seen, and answers at once.
//
//	WEBHOOK_SECRET=whsec_... go run ./examples/receivewebhook -addr 127.0.0.1:8090
//
// In front of it belongs a server with TLS and a public name.
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8090", "where to listen")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	// While a secret is rotated there are two, with a blank between them.
	receiver, err := NewReceiver(strings.Fields(os.Getenv("WEBHOOK_SECRET")), func(m Message) error {
		log.Info("came", "type", m.Type, "message", m.ID, "state", m.State, "text", m.Text)
		return nil // once it is stored
	})
	if err != nil {
		log.Error("set WEBHOOK_SECRET", "error", err)
		os.Exit(2)
	}
	if err := serve(*addr, receiver); err != nil {
		log.Error("cannot serve", "error", err)
		os.Exit(1)
	}
}

// serve runs until Ctrl-C, and finishes what has begun.
func serve(addr string, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server := &http.Server{Addr: addr, Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() {
		patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = server.Shutdown(patience) // what is cut off comes again
	})
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
