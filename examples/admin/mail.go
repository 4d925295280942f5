package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

// passwordVar names the environment variable with the password for -smtp.
const passwordVar = "CLIENTACCOUNT_SMTP_PASSWORD"

// post is what becomes of mails.
type post struct {
	composer mail.Composer
	sender   mail.Sender
	mailbox  *mailbox // nil: they are sent for real
	close    func()
}

// newPost has mails sent through the server of -smtp, or kept to be looked at.
func newPost(s settings) (*post, error) {
	from, err := mail.ParseAddress(s.from)
	if err != nil || from.IsZero() {
		return nil, fmt.Errorf("-from: %w", errors.Join(err, mail.ErrAddress))
	}
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	if err != nil {
		return nil, err
	}
	p := &post{close: func() {}, composer: mail.Composer{
		Templates: templates, Platform: issuer.Name, From: from, Domain: from.Domain(), Files: files(),
	}}
	if s.smtp == "" {
		p.mailbox = &mailbox{}
		p.sender = p.mailbox
		return p, nil
	}
	config, err := smtpConfig(s.smtp, os.Getenv(passwordVar))
	if err != nil {
		return nil, err
	}
	sender, err := smtp.New(config)
	if err != nil {
		return nil, err
	}
	p.sender, p.close = sender, func() { _ = sender.Close() }
	return p, nil
}

// smtpConfig reads the URL of -smtp, and never repeats it.
func smtpConfig(text, password string) (c smtp.Config, err error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Path != "" {
		return c, errors.New("-smtp must be a URL: smtp://user@host:587, smtps:// for TLS from the first byte, plain:// for a relay of this machine")
	}
	encryptions := map[string]smtp.Encryption{"smtp": smtp.STARTTLS, "smtps": smtp.TLS, "plain": smtp.Plain}
	encryption, known := encryptions[u.Scheme]
	if !known {
		return c, errors.New("-smtp: the URL begins with smtp://, smtps:// or plain://")
	}
	if _, there := u.User.Password(); there {
		return c, errors.New("-smtp: the password is no part of the URL, which others see: put it into " + passwordVar)
	}
	c = smtp.Config{Host: u.Hostname(), Encryption: encryption}
	if name := u.User.Username(); name != "" {
		c.Username, c.Password = name, smtp.Fixed(password)
	}
	if u.Port() != "" {
		c.Port, err = strconv.Atoi(u.Port())
	}
	return c, err
}

// dispatcher returns what sends the mails of a database.
func (p *post) dispatcher(db *database, logger *slog.Logger) (*mail.Dispatcher, error) {
	config := &mail.Config{Composer: p.composer, Logger: logger}
	if p.mailbox != nil {
		config.NoOlderThan = 2 * mailboxDays * 24 * time.Hour
	}
	return mail.NewDispatcher(db.store, p.sender, config)
}

// runMails runs a dispatcher until ctx ends.
func runMails(ctx context.Context, d *mail.Dispatcher, logger *slog.Logger) {
	if err := d.Run(ctx); err != nil {
		logger.ErrorContext(ctx, "mails ended badly", slog.Any("error", err))
	}
}
