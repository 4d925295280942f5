// Package hostcall knows whether a function of the host's is running that is a part of a
// verb, from within which no other verb may write.
package hostcall

import (
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/store"
)

// Calls are the functions of the host's that run as a part of verbs. The zero Calls has
// none. Safe for concurrent use.
type Calls struct{ running atomic.Int64 }

// Run calls a function of the host's.
//
//go:noinline
func (c *Calls) Run(host func() error) error {
	c.running.Add(1)
	defer c.running.Add(-1)
	return host()
}

// Check returns store.ErrNested within such a function, and within one that the host gave to Update
// of the store. Apply and Guard get no context that could tell, so the stack is asked, and
// only while any of them runs; the host may use another context than Update's.
func (c *Calls) Check(st store.Transactor) error {
	if n, tells := st.(store.Nester); tells && n.Nested() {
		return store.ErrNested
	}
	if c.running.Load() == 0 {
		return nil
	}
	entry := reflect.ValueOf((*Calls).Run).Pointer()
	for skip, stack := 0, make([]uintptr, 64); ; skip += len(stack) {
		n := runtime.Callers(skip, stack)
		for _, at := range stack[:n] {
			if f := runtime.FuncForPC(at - 1); f != nil && f.Entry() == entry {
				return store.ErrNested
			}
		}
		if n < len(stack) {
			return nil
		}
	}
}
