package clientaccount

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/internal/throttle"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// maxPassword is the most bytes of a password that are looked at: 128 characters
// of UTF-8, and some more that cannot match.
const maxPassword = 1024

// Attempt is somebody asking to be let in. Printed, logged or as JSON it shows no password.
type Attempt struct {
	Channel  account.Channel `json:"channel"`
	Login    string          `json:"login"`
	Password string          `json:"-"`    // SMPP and API: the gateway password; web and REST: the account's
	From     string          `json:"from"` // where from, for the throttle: an address, or empty
}

type plainAttempt Attempt

// masked is the attempt without its password, in a type without methods.
func (a Attempt) masked() plainAttempt {
	if a.Password != "" {
		a.Password = redacted
	}
	return plainAttempt(a)
}

// Format prints the attempt without its password, by every verb of fmt.
func (a Attempt) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), a.masked())
}

// LogValue is the attempt without its password, for slog.
func (a Attempt) LogValue() slog.Value { return slog.AnyValue(a.masked()) }

// Authenticate lets a client in on a channel and returns the account. An unknown login, a
// wrong password and a client without a password all cost exactly one hash and give
// ErrCredentials; a throttled attempt costs none. After the right password the account and
// everything above it must be active, and both it and its parents may use the channel. A
// hash made at a lower cost than today's is renewed.
//
// Errors: [ErrCredentials], *[ThrottledError], [ErrInactive] (as *[InactiveError]),
// [ErrChannel].
func (s *Service) Authenticate(ctx context.Context, try Attempt) (account.Account, error) {
	if err := s.made(); err != nil {
		return account.Account{}, err
	}
	login := textform.FoldLogin(try.Login)
	key := throttle.KeyOf(login, try.From)
	if err := s.unthrottled(key); err != nil {
		return account.Account{}, err
	}
	holder, hash, err := s.credential(ctx, login, credentialOf(try.Channel))
	if err != nil {
		return account.Account{}, err
	}
	plain := try.Password
	if len(plain) > maxPassword {
		plain, hash = "", ""
	}
	try.Password = validate.PasswordText(plain)
	weak, err := s.verify(ctx, key, try.Password, hash)
	if err != nil {
		return account.Account{}, err
	}
	if weak {
		s.rehash(ctx, holder.ID, try, hash)
	}
	return *holder, s.admits(ctx, *holder, try.Channel)
}

// unthrottled is a *ThrottledError while the key has to wait.
func (s *Service) unthrottled(key throttle.Key) error {
	if wait := s.throttle.Wait(key, s.now()); wait > 0 {
		return &ThrottledError{RetryAfter: wait}
	}
	return nil
}

// verify computes the one hash, and counts a failure before it lets go of its
// slot. The throttle is asked again once there is a slot: of guesses sent all at
// once, no more get through than hashes run at once.
func (s *Service) verify(ctx context.Context, key throttle.Key, plain, hash string) (weak bool, err error) {
	release, err := s.hasher.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	if err := s.unthrottled(key); err != nil {
		return false, err
	}
	ok, weak, err := s.hasher.Verify(plain, hash)
	switch {
	case err != nil:
		return false, err
	case !ok:
		s.throttle.Fail(key, s.now())
		return false, ErrCredentials
	default:
		s.throttle.Clear(key)
		return weak, nil
	}
}

// credential is the account of a login and its hash; nil and empty when there is none.
func (s *Service) credential(ctx context.Context, login string, kind store.CredentialKind) (*account.Account, string, error) {
	if len(login) > 64 || !storable(login) {
		return nil, "", nil
	}
	holder, err := found(s.stored().AccountBy(ctx, store.KeyLogin, login))
	if err != nil || holder == nil {
		return nil, "", err
	}
	hash, err := found(s.stored().Credential(ctx, holder.ID, kind))
	if err != nil || hash == nil {
		return holder, "", err
	}
	return holder, *hash, nil
}

// admits checks the account and everything above it.
func (s *Service) admits(ctx context.Context, a account.Account, channel account.Channel) error {
	above, err := ancestors(ctx, s.stored(), a)
	if err != nil {
		return err
	}
	now, status, open := s.now(), a.StatusAt(s.now()), a.Sending.Allows(channel)
	for _, parent := range above {
		status = status.Worse(parent.StatusAt(now))
		open = open && parent.Sending.Allows(channel)
	}
	switch {
	case status != account.StatusActive:
		return &InactiveError{Status: status}
	case !open:
		return ErrChannel
	default:
		return nil
	}
}

// rehash renews a hash after its password was seen to be right. That it fails
// costs the client nothing: the old hash still serves.
func (s *Service) rehash(ctx context.Context, id account.ID, try Attempt, old string) {
	renewed, err := s.hasher.Hash(ctx, try.Password)
	if err == nil {
		err = s.transact(ctx, renew(id, credentialOf(try.Channel), old, renewed))
	}
	if err != nil {
		s.opts.Logger.WarnContext(ctx, "password hash not renewed", slog.String("account", id.String()), slog.Any("error", err))
	}
}

// renew puts a hash in place of the old one, unless a new password came between:
// the account is locked first, as by whoever sets a password.
func renew(id account.ID, kind store.CredentialKind, old, renewed string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Account(ctx, id); err != nil {
			return err
		}
		kept, err := tx.Credential(ctx, id, kind)
		if err != nil || kept != old {
			return err
		}
		return tx.SetCredential(ctx, id, kind, renewed)
	}
}

// credentialOf is the password a channel asks for: SMPP carries at most eight
// octets, so gateways have a generated one of their own.
func credentialOf(c account.Channel) store.CredentialKind {
	if c == account.ChannelSMPP || c == account.ChannelAPI {
		return store.GatewayPassword
	}
	return store.WebPassword
}

// ancestors are the accounts above a, the nearest first.
func ancestors(ctx context.Context, r store.Reader, a account.Account) ([]account.Account, error) {
	var above []account.Account
	for id := a.Parent; !id.IsZero() && len(above) < account.MaxDepth; {
		parent, err := r.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		above = append(above, parent)
		id = parent.Parent
	}
	return above, nil
}
