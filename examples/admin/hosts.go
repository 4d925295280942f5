package main

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// ownHosts returns the names under which this server may be asked: those of this machine to
// itself, where it listens, and what else the command line says.
func ownHosts(addr string, more string) []string {
	own := []string{"localhost", "127.0.0.1", "::1"}
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
		own = append(own, host)
	}
	return append(own, strings.FieldsFunc(more, func(r rune) bool { return r == ',' || r == ' ' })...)
}

// onlyFor answers requests to one of the hosts, at any port, and 421 to all others. The
// name is the browser's word for whom it believes to speak to. A page of a stranger can
// let its own name lead to this machine (DNS rebinding): to the browser it is then the
// same origin, and what keeps other sites out lets it in.
func onlyFor(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.ContainsFunc(hosts, func(own string) bool { return strings.EqualFold(own, hostName(r.Host)) }) {
			http.Error(w, "This server does not go by that name; -host adds one.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostName returns a Host header without its port, and without the brackets of an address.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}
