package store

import (
	"context"
	"errors"
)

// ErrNested: Update or Append was called from within a function that Update runs, with
// that function's context. It would wait for itself.
var ErrNested = errors.New("store: Update or Append inside Update of the same store")

// Inside returns the context that Update hands to its function: marked as that of a
// transaction of the store that key names, which may be any comparable value. A store
// marks its contexts so, and refuses with [ErrNested] to begin where [IsInside] says that
// its own is under way: else the caller would wait for itself.
func Inside(ctx context.Context, key any) context.Context {
	return context.WithValue(context.WithValue(ctx, inside{key}, true), inside{}, true)
}

// IsInside reports whether a context is that of a transaction of the store that key
// names; of any store where key is nil.
func IsInside(ctx context.Context, key any) bool { return ctx.Value(inside{key}) != nil }

// inside marks contexts.
type inside struct{ key any }
