package clientaccount

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

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
		Account: id, Revision: a.Revision, At: a.UpdatedAt, Kind: account.RecordUpdated, Actor: actor, Change: change,
	})
	if err != nil {
		return Result{}, err
	}
	done := Result{Account: a, Change: change}
	return done, s.edited(ctx, tx, before, done)
}

// HashCost is the cost of one argon2id hash (RFC 9106).
type HashCost struct {
	MemoryKiB   uint32 `json:"memory_kib"`
	Iterations  uint32 `json:"iterations"`
	Parallelism uint8  `json:"parallelism"`
}

// OWASPHash is the least that the OWASP Password Storage Cheat Sheet asks of
// argon2id: 19 MiB, 2 passes, 1 lane.
var OWASPHash = HashCost{MemoryKiB: 19 * 1024, Iterations: 2, Parallelism: 1}

// withDefaults is the cost with what it leaves out.
func (c HashCost) withDefaults() HashCost {
	return HashCost{
		MemoryKiB:   cmp.Or(c.MemoryKiB, OWASPHash.MemoryKiB),
		Iterations:  cmp.Or(c.Iterations, OWASPHash.Iterations),
		Parallelism: cmp.Or(c.Parallelism, OWASPHash.Parallelism),
	}
}
