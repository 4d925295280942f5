package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
)

// checkTime is the longest that a check may take: a store that needs longer is as good
// as none.
const checkTime = 5 * time.Second

// check refuses to start on what would go wrong, and logs what a person should look at.
func check(ctx context.Context, svc *clientaccount.Service, logger *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	problems := svc.Check(ctx)
	for _, p := range problems {
		if p.Warning {
			logger.Warn(p.Text, "code", p.Code)
		}
	}
	if err := problems.Err(); err != nil {
		return fmt.Errorf("not fit to serve: %w", err)
	}
	return nil
}

// health answers whether the service is sound: 200, or 503 with what is wrong.
func health(svc *clientaccount.Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTime)
		defer cancel()
		problems := svc.Check(ctx)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if problems.Err() != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"problems": append([]clientaccount.Problem{}, problems...)})
	})
}

// beside has other handlers beside the admin, each with a path and what is beneath. A ServeMux in
// front would clean paths, of which the admin knows better what they mean.
func beside(others map[string]http.Handler, admin http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for path, other := range others {
			if rest, is := strings.CutPrefix(r.URL.Path, path); is && (rest == "" || rest[0] == '/') && other != nil {
				other.ServeHTTP(w, r)
				return
			}
		}
		admin.ServeHTTP(w, r)
	})
}
