package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// load is what clients ask for, message by message, and how they were answered.
type load struct {
	*program
	clients []client
	base    string // of the API's URLs
	http    *http.Client
	replies []reply // by the number of the message
}

// reply is how a client was answered.
type reply struct {
	id      string // of the message that was taken
	refused bool
}

// clientOf returns whose message has a number.
func (l *load) clientOf(n int) client { return l.clients[n%len(l.clients)] }

// wanted returns the message of a number: always the same one.
func (l *load) wanted(n int) *post {
	p := &post{From: "ACME", Ref: fmt.Sprintf("s%d-%08d", l.seed, n), Parts: 1}
	p.To = routes[n%len(routes)].prefix + fmt.Sprintf("%07d", n%10_000_000)
	switch {
	case n%10 == 7:
		p.Parts = 2
	case n%10 == 8:
		p.Parts = 3
	case n%4 == 0:
		p.Text, p.Parts = fmt.Sprintf("Your code is %06d", n), 0
	}
	return p
}

// send sends a message until it is answered, and one in twenty again after that, as who did
// not get the answer.
func (l *load) send(ctx context.Context, n int) error {
	got, err := l.insist(ctx, n)
	if err != nil {
		return err
	}
	l.replies[n] = got
	if n%20 != 3 || got.refused {
		return nil
	}
	again, err := l.insist(ctx, n)
	if err == nil && again != got {
		err = fmt.Errorf("message %d was answered with %v, and its repeat with %v", n, got, again)
	}
	return err
}

// insist sends a message until the answer is one: to wait is none.
func (l *load) insist(ctx context.Context, n int) (reply, error) {
	for {
		got, wait, err := l.ask(ctx, n)
		if err != nil || wait == 0 {
			return got, err
		}
		select {
		case <-ctx.Done():
			return reply{}, context.Cause(ctx)
		case <-time.After(wait):
		}
	}
}

// ask sends a message, and returns the answer, or for how long to wait.
func (l *load) ask(ctx context.Context, n int) (reply, time.Duration, error) {
	request, err := l.request(ctx, n)
	if err != nil {
		return reply{}, 0, err
	}
	response, err := l.http.Do(request)
	if err != nil {
		return reply{}, 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, 0, err
	}
	switch response.StatusCode {
	case http.StatusAccepted:
		var taken accepted
		err := json.Unmarshal(body, &taken)
		return reply{id: taken.ID}, 0, err
	case http.StatusPaymentRequired:
		return reply{refused: true}, 0, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
		return reply{}, time.Duration(seconds) * time.Second, err
	default:
		return reply{}, 0, fmt.Errorf("message %d was answered %s: %s", n, response.Status, bytes.TrimSpace(body))
	}
}

// request returns that for a message: every third as a form.
func (l *load) request(ctx context.Context, n int) (*http.Request, error) {
	p := l.wanted(n)
	body, err := json.Marshal(p)
	kind := "application/json"
	if n%3 == 0 {
		form := url.Values{"to": {p.To}, "from": {p.From}, "ref": {p.Ref}}
		if p.Text != "" {
			form.Set("text", p.Text)
		} else {
			form.Set("parts", strconv.Itoa(p.Parts))
		}
		body, kind = []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+"/messages", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", kind)
	request.SetBasicAuth(l.clientOf(n).login, l.clientOf(n).password)
	return request, nil
}
