package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// readObject reads a request's body as one JSON object, strictly: of the media
// types named, within the bounds, valid UTF-8, no name twice in one object,
// nothing after it. A doubled name is a fault; the rest is a problem at once.
func readObject(r *ask.Request, mediaTypes ...string) (sent.Document, error) {
	if !hasMediaType(r, mediaTypes) {
		return sent.Document{}, newProblem(http.StatusUnsupportedMediaType, "body", "body.content_type", "Use "+mediaTypes[0]+".")
	}
	body, err := readBody(r)
	if err != nil {
		return sent.Document{}, err
	}
	return sent.ParseObject(body)
}

// readOptional is readObject where an empty body stands for {}.
func readOptional(r *ask.Request) (sent.Document, error) {
	body, err := readBody(r)
	if err != nil || len(body) == 0 {
		return sent.Document{Value: sent.Value{Kind: sent.KindObject}}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return readObject(r, jsonMedia)
}

const (
	jsonMedia  = "application/json"
	patchMedia = "application/merge-patch+json" // RFC 7396
)

func hasMediaType(r *ask.Request, accepted []string) bool {
	sent, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	for _, mediaType := range accepted {
		if err == nil && sent == mediaType && (charset == "" || strings.EqualFold(charset, "utf-8")) {
			return true
		}
	}
	return false
}

func readBody(r *ask.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	_, over := errors.AsType[*http.MaxBytesError](err)
	switch {
	case over || len(body) > sent.MaxBody:
		return nil, newProblem(http.StatusRequestEntityTooLarge, "body", "body.too_large", "At most 256 kB.")
	case err != nil: // the caller hung up, or broke the transfer encoding
		return nil, sent.ErrSyntax()
	default:
		return body, nil
	}
}
