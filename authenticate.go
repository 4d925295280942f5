package clientaccount

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/signin"
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
// ErrCredentials; a throttled attempt costs none, and is refused whatever its password.
// After the right password the account and everything above it must be active, and both it
// and its parents may use the channel. A hash made at a lower cost than today's is renewed.
//
// A password that was right within Options.SignInsFor costs no hash, and while settings
// are remembered (see [Service.Decide]) no question to the store, unless something else was
// tried for the login from the same place since. It is recognised by a MAC in this process's
// memory, whose key is nowhere else. Status, expiry and channels are judged anew each time.
// When anything of the account changes, so its password, the next sign-in costs a hash
// again: at once, when this Service changed it; within Options.SettingsFor, or when Forget is
// called, when another one did, or this one in a host's transaction (see [Service.On]).
//
// Errors: [ErrCredentials], *[ThrottledError], [ErrInactive] (as *[InactiveError]),
// [ErrChannel].
func (s *Service) Authenticate(ctx context.Context, try Attempt) (account.Account, error) {
	if err := s.made(); err != nil {
		return account.Account{}, err
	}
	g := s.guess(try)
	for {
		if err := s.unthrottled(g.key); err != nil {
			return account.Account{}, err
		}
		right, known, busy := s.signIns.Ask(g.Guess, s.now())
		switch {
		case known:
			client, err := s.recognised(ctx, right)
			if err != nil || client != nil {
				return s.letIn(client, g, err)
			}
			s.signIns.Forget(g.Guess)
		case busy != nil: // what is checked is this password
			select {
			case <-busy:
			case <-ctx.Done():
				return account.Account{}, context.Cause(ctx)
			}
		default:
			defer s.signIns.Done(g.Guess)
			client, err := s.checkHash(ctx, g)
			return s.letIn(client, g, err)
		}
	}
}

// guess is an attempt in the form in which it is checked.
type guess struct {
	signin.Guess
	login   string
	channel account.Channel
	plain   string // empty, which is no password, if it is longer than any
	key     throttle.Key
}

func (s *Service) guess(try Attempt) guess {
	g := guess{login: textform.FoldLogin(try.Login), channel: try.Channel}
	if len(try.Password) <= maxPassword {
		g.plain = validate.PasswordText(try.Password)
	}
	g.key = throttle.KeyOf(g.login, try.From)
	g.Guess = s.signIns.Guess(g.login, string(credentialOf(g.channel)), g.plain, signin.Place(g.key))
	return g
}

// recognised is the account whose password is known to be right; nil when the account
// moved on since, as when its password was changed.
func (s *Service) recognised(ctx context.Context, right signin.Right) (*account.Client, error) {
	client, err := found(s.settings(ctx, right.Account, s.now()))
	if err != nil || client == nil || client.Account.Revision != right.Revision {
		return nil, err
	}
	return client, nil
}

// checkHash computes the hash of a guess, and remembers it if it is right. The revision is
// read before the stored hash is, so of a password that is changed meanwhile only a revision
// that is gone is remembered.
func (s *Service) checkHash(ctx context.Context, g guess) (*account.Client, error) {
	began, put := s.now(), s.clients.Since()
	holder, hash, err := s.credential(ctx, g.login, credentialOf(g.channel))
	if err != nil {
		return nil, err
	}
	weak, err := s.verify(ctx, g, hash)
	if err != nil {
		return nil, err
	}
	s.signIns.Remember(g.Guess, signin.Right{Account: holder.ID, Revision: holder.Revision}, began)
	if weak {
		s.rehash(ctx, holder.ID, g, hash)
	}
	cached, err := s.clientOf(ctx, *holder)
	if err != nil {
		return nil, err
	}
	cached.at = began
	put(holder.ID, cached)
	return &cached.client, nil
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
func (s *Service) verify(ctx context.Context, g guess, hash string) (weak bool, err error) {
	release, err := s.hasher.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	if err := s.unthrottled(g.key); err != nil {
		return false, err
	}
	if g.plain == "" {
		hash = ""
	}
	ok, weak, err := s.hasher.Verify(g.plain, hash)
	switch {
	case err != nil:
		return false, err
	case !ok:
		s.throttle.Fail(g.key, s.now())
		return false, ErrCredentials
	default:
		s.throttle.Clear(g.key)
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

// letIn returns the account of a right password, and whether it may come in.
func (s *Service) letIn(c *account.Client, g guess, err error) (account.Account, error) {
	if err != nil {
		return account.Account{}, err
	}
	s.throttle.Clear(g.key)
	return c.Account.Clone(), admits(c, g.channel, s.now())
}

// admits checks the account and everything above it.
func admits(c *account.Client, channel account.Channel, now time.Time) error {
	status, open := c.Account.StatusAt(now), c.Account.Sending.Allows(channel)
	for i := range c.Above {
		status = status.Worse(c.Above[i].StatusAt(now))
		open = open && c.Above[i].Sending.Allows(channel)
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
func (s *Service) rehash(ctx context.Context, id account.ID, g guess, old string) {
	renewed, err := s.hasher.Hash(ctx, g.plain)
	if err == nil {
		err = s.transact(ctx, renew(id, credentialOf(g.channel), old, renewed))
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

// SetPassword gives the account a new password. It is an edit like any other, with a
// revision and a record, which says only that the password changed. An empty one is the
// fault password.required.
//
// Errors: those of [Service.Update].
func (s *Service) SetPassword(ctx context.Context, id account.ID, revision int64, actor account.Actor, plain string) (Result, error) {
	return s.Update(ctx, id, revision, Edit{Actor: actor, Apply: func(a *account.Account) error {
		if plain == "" {
			return account.NewFault("password", "password.required")
		}
		a.Core.Password = account.SetPassword(plain, plain)
		return nil
	}})
}

// gatewayAlphabet has 32 characters that are not mistaken for one another, so
// that a random byte picks one without bias.
const gatewayAlphabet = "abcdefghjkmnpqrstuvwxyz23456789A"

// gatewayLength is what SMPP carries: a password of at most 8 octets (SMPP 3.4,
// 5.2.2, nine with the closing NUL).
const gatewayLength = 8

// NewGatewayPassword makes a password for SMPP and API clients in place of the one before,
// and returns it in clear: this once, since only its hash is kept. The account's revision
// moves on, and the history says that it changed.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrStale] (as *[StaleError]),
// [account.ErrConflict], [ErrNested], and that of Options.Random.
func (s *Service) NewGatewayPassword(ctx context.Context, id account.ID, revision int64, actor account.Actor) (string, Result, error) {
	if err := s.made(); err != nil {
		return "", Result{}, err
	}
	random := make([]byte, gatewayLength)
	if _, err := io.ReadFull(s.opts.Random, random); err != nil {
		return "", Result{}, fmt.Errorf("clientaccount: no randomness for a password: %w", err)
	}
	for i, b := range random {
		random[i] = gatewayAlphabet[int(b)%len(gatewayAlphabet)]
	}
	hash, err := s.hasher.Hash(ctx, string(random))
	if err != nil {
		return "", Result{}, err
	}
	var result Result
	err = s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		result, err = s.putSecret(ctx, tx, id, revision, actor, account.PathGatewayPassword, func() error {
			return tx.SetCredential(ctx, id, store.GatewayPassword, hash)
		})
		return err
	})
	s.Forget(id) // also where it is not known what became of it
	if err != nil {
		return "", Result{}, err
	}
	return string(random), result, nil
}

// putSecret stores what is no field of the account, under its revision: the record has
// only the path, and that it changed. A closed account gets nothing new.
func (s *Service) putSecret(
	ctx context.Context, tx store.Tx, id account.ID, revision int64, actor account.Actor, path string, put func() error,
) (Result, error) {
	actor = actorText(actor)
	if err := actor.Faults().Err(); err != nil {
		return Result{}, err
	}
	a, err := tx.Account(ctx, id)
	switch {
	case err != nil:
		return Result{}, err
	case a.Revision != revision:
		return Result{}, s.stale(ctx, tx, a, revision)
	case a.Status == account.StatusClosed:
		return Result{}, account.Faults{account.NewFault(path, "password.closed")}
	}
	before := a
	a.Revision, a.UpdatedAt = revision+1, s.now()
	change := account.Change{{Path: path, Secret: true}}
	if err := tx.PutAccount(ctx, a, revision); err != nil {
		return Result{}, err
	}
	if err := put(); err != nil {
		return Result{}, err
	}
	err = tx.AddChange(ctx, account.Record{
		Of: id, Revision: a.Revision, At: a.UpdatedAt, Kind: account.RecordUpdated, Actor: actor, Change: change,
	})
	if err != nil {
		return Result{}, err
	}
	done := Result{Account: a, Change: change}
	return done, s.edited(ctx, tx, before, done)
}
