package memstore

import (
	"context"

	"github.com/clientaccount/clientaccount/store"
)

var _ store.Checker = (*Store)(nil)

// Check is [store.Checker]'s. Memory is always there, and has no clock of its own; only
// a context that has ended is a problem.
func (s *Store) Check(ctx context.Context) store.Report {
	if ctx.Err() != nil {
		return store.Report{Problems: store.Problems{{Code: "store.unreachable", Text: "The context ended before the store answered."}}}
	}
	return store.Report{}
}
