package store

import (
	"bytes"
	"runtime"
	"sync"
	"sync/atomic"
)

// Nester is optional for stores: one that can tell, of the calling goroutine, that it runs
// a function of the store's Update at the moment. The Service asks it before whatever
// writes: with any other context than that function's it would wait for itself. See
// [Running].
type Nester interface {
	Nested() bool
}

// Running knows in which goroutines the functions of a store's Update run, whatever their
// contexts. The zero Running is ready for use, by any number of goroutines.
type Running struct {
	count      atomic.Int64
	goroutines sync.Map
}

// Run calls a function of Update.
func (r *Running) Run(fn func() error) error {
	id := goroutine()
	if _, nested := r.goroutines.LoadOrStore(id, true); nested {
		return fn() // the outer one takes its leave
	}
	r.count.Add(1)
	defer func() {
		r.count.Add(-1)
		r.goroutines.Delete(id)
	}()
	return fn()
}

// Nested reports whether Run was called by this goroutine, and has not returned.
func (r *Running) Nested() bool {
	if r.count.Load() == 0 {
		return false
	}
	_, here := r.goroutines.Load(goroutine())
	return here
}

// goroutine returns the number of the calling goroutine, which a stack begins with:
// "goroutine 18 [running]". Nothing else says which one it is.
func goroutine() string {
	var space [40]byte
	head := space[:runtime.Stack(space[:], false)]
	number, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("goroutine ")), []byte(" "))
	return string(number)
}
