package smtp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// errSecret is a host's function that did not give the password or the token.
var errSecret = errors.New("smtp: no password")

// signIn tells the server who we are, if it is to know.
func (c *connection) signIn(ctx context.Context, config Config) error {
	if config.Username == "" {
		return nil
	}
	ask := config.Password
	if config.Token != nil {
		ask = config.Token
	}
	secret, err := ask(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errSecret, err)
	}
	c.secrets = forms(config.Username, secret)
	_, offered := c.client.Extension("AUTH")
	auth := config.auth(strings.Fields(strings.ToUpper(offered)), secret)
	if auth == nil {
		return ErrNoAuth
	}
	return c.client.Auth(auth)
}

// auth returns the way to sign in, of those that a server offers; nil for none. The connection is
// encrypted and the server known, so PLAIN gives nothing away. The SCRAM ways are left out:
// in them the server says how many rounds we compute, without bound.
func (c Config) auth(offered []string, secret string) smtp.Auth {
	switch {
	case c.Token != nil && slices.Contains(offered, "XOAUTH2"):
		return smtp.XOAuth2Auth(c.Username, secret)
	case c.Token != nil:
		return nil
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", c.Username, secret, c.Host, false)
	case slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(c.Username, secret, c.Host, false)
	default:
		return nil
	}
}

// forms returns what a server was told of a secret, and may repeat.
func forms(user, secret string) []string {
	encode := base64.StdEncoding.EncodeToString
	return []string{encode([]byte("\x00" + user + "\x00" + secret)), encode([]byte(secret)), secret}
}
