package webhooktest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Answer is how a call is answered.
type Answer func(w http.ResponseWriter, r *http.Request)

// Status answers with a status and nothing else.
func Status(code int) Answer {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// RetryAfter is Status with a Retry-After of any content.
func RetryAfter(code int, value string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", value)
		w.WriteHeader(code)
	}
}

// Redirect answers with a status and a Location.
func Redirect(code int, location string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(code)
	}
}

// Text answers with a status and a body.
func Text(code int, body string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// Echo answers with a status and all that was asked: the URL, the headers, the body.
func Echo(code int) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		_, _ = fmt.Fprintf(w, "%s %s\n", r.Method, r.URL)
		_ = r.Header.Write(w)
	}
}

// Delay answers later, unless the caller has gone by then.
func Delay(d time.Duration, then Answer) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(d):
			then(w, r)
		case <-gone(r):
		}
	}
}

// Hang takes the call and never answers: a connection that is half open.
func Hang() Answer {
	return func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-gone(r):
		}
	}
}

// Large answers 200 with a body of n bytes.
func Large(n int) Answer { return Text(http.StatusOK, strings.Repeat("x", n)) }

// GzipBomb answers 200 with a small body that is n bytes when unpacked.
func GzipBomb(n int) Answer {
	const members = 100 // one behind the other they unpack as one
	var member bytes.Buffer
	packer := gzip.NewWriter(&member)
	_, _ = packer.Write(make([]byte, n/members)) // to memory: it cannot fail
	_ = packer.Close()
	packed := bytes.Repeat(member.Bytes(), members)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(packed)))
		_, _ = w.Write(packed)
	}
}

// Drip answers 200 with a body of a byte each pause, without end.
func Drip(pause time.Duration) Answer {
	return raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", func(conn net.Conn, r *http.Request) {
		repeat(conn, r, pause, "x")
	})
}

// DripHeaders answers a byte of the status line and headers each pause, without end.
func DripHeaders(pause time.Duration) Answer {
	return raw("HTTP/1.1 200 OK\r\nX-Long: ", func(conn net.Conn, r *http.Request) { repeat(conn, r, pause, "x") })
}

// LargeHeaders answers 200 with headers of n bytes.
func LargeHeaders(n int) Answer {
	line := "X-Large: " + strings.Repeat("x", 990) + "\r\n"
	return raw("HTTP/1.1 200 OK\r\n"+strings.Repeat(line, n/len(line)+1)+"Content-Length: 0\r\n\r\n", nil)
}

// EndlessHeaders answers 200 with headers that do not end.
func EndlessHeaders() Answer {
	return raw("HTTP/1.1 200 OK\r\n", func(conn net.Conn, r *http.Request) { repeat(conn, r, 0, "X-Endless: x\r\n") })
}

// Flood1xx answers 103 again and again.
func Flood1xx() Answer {
	return raw("", func(conn net.Conn, r *http.Request) {
		repeat(conn, r, 0, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
	})
}

// Garbage answers with what is not HTTP.
func Garbage(text string) Answer { return raw(text, nil) }

// Reset breaks the connection off, in the middle of an answer.
func Reset() Answer {
	return raw("HTTP/1.1 200 OK\r\nContent-Len", func(conn net.Conn, _ *http.Request) {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	})
}

// raw writes to the connection itself, and closes it.
func raw(text string, then func(net.Conn, *http.Request)) Answer {
	bytes := []byte(text)
	return func(w http.ResponseWriter, r *http.Request) {
		hijacker, ok := w.(http.Hijacker)
		if !ok {
			return
		}
		conn, _, err := hijacker.Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, err = conn.Write(bytes)
		if err == nil && then != nil {
			then(conn, r)
		}
	}
}

// repeat writes a text until the caller has gone.
func repeat(conn net.Conn, r *http.Request, pause time.Duration, text string) {
	bytes := []byte(text)
	for {
		if _, err := conn.Write(bytes); err != nil {
			return
		}
		if pause == 0 {
			continue
		}
		select {
		case <-gone(r):
			return
		case <-time.After(pause):
		}
	}
}

// gone closes with the receiver; the context of a hijacked call does not end with its
// connection.
func gone(r *http.Request) <-chan struct{} {
	closed, _ := r.Context().Value(closing{}).(chan struct{})
	return closed
}

// quiet takes what the server has to say about broken connections: they are meant.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
