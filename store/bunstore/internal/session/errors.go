package session

import (
	"context"
	"errors"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
)

// Failed tells apart what the contract tells apart. The text of a database's error
// names tables and constraints; the drivers keep values in details of their own.
func (s Session) Failed(ctx context.Context, err error) error {
	return s.FailedTo(ctx, err, account.ErrConflict)
}

// FailedTo is Failed, where a broken reference means something of its own.
func (s Session) FailedTo(ctx context.Context, err, reference error) error {
	if err == nil {
		return nil
	}
	kind := ctx.Err() // drivers name the cause in words of their own
	if kind == nil {
		kind = s.Dialect.Classify(err)
	}
	switch {
	case kind == nil || errors.Is(err, kind):
		return err
	case errors.Is(kind, dialect.ErrReference):
		kind = reference
	}
	return fmt.Errorf("%w: %w", kind, err)
}
