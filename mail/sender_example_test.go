package mail_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/clientaccount/clientaccount/mail"
)

// provider sends over the HTTP interface of a mail provider that takes whole messages.
type provider struct {
	client *http.Client
	url    string
	key    string
}

// Send classifies what HTTP says: there 4xx is for good, but for too many requests and our
// own key, and 5xx for now.
func (p provider) Send(ctx context.Context, m mail.Message) error {
	raw, err := m.Bytes()
	if err != nil {
		return &mail.SendError{Step: mail.StepMessage, Permanent: true, Err: err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(raw))
	if err != nil {
		return &mail.SendError{Step: mail.StepConnect, Err: err}
	}
	request.Header.Set("Authorization", "Bearer "+p.key)
	request.Header.Set("Content-Type", "message/rfc822")
	answer, err := p.client.Do(request)
	if err != nil {
		return &mail.SendError{Step: mail.StepAnswer, Unknown: true, Err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode <= 299 {
		return nil
	}
	said, _ := io.ReadAll(io.LimitReader(answer.Body, mail.MaxSaid))
	failed := &mail.SendError{Step: mail.StepContent, Code: answer.StatusCode, Said: mail.Said(string(said), p.key)}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		failed.Step = mail.StepAuth
	case http.StatusTooManyRequests, http.StatusRequestTimeout:
	default:
		failed.Permanent = answer.StatusCode <= 499
	}
	return failed
}

// A host that sends over HTTP writes a Sender of its own.
func ExampleSender() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no such recipient", http.StatusUnprocessableEntity)
	}))
	defer api.Close()
	var sender mail.Sender = provider{api.Client(), api.URL, "secret"}

	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := templates.Render("en", mail.Examples()[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	m.From, _ = mail.ParseAddress("Example SMS <billing@example.net>")
	m.To, _ = mail.ParseAddress("jane@example.com")
	m.ID, _ = mail.NewMessageID([16]byte{1}, m.To, "example.net")
	m.Date = time.Date(2026, 11, 28, 14, 5, 0, 0, time.UTC)

	err = sender.Send(context.Background(), m)
	fmt.Println(err, mail.IsPermanent(err))
	// Output: mail: content: 422 no such recipient true
}
