package clientaccount

import (
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/store"
)

// ErrNested: a verb that writes was called from within a function that the Service runs
// as a part of another one (Edit.Apply, Edit.Guard, Options.Price), or within a function
// that the host gave to Update of the same store. Call it before or after; within a transaction of
// the host's own, through [Service.On].
var ErrNested = store.ErrNested

// hostCalls knows whether the host's functions are running that are a part of a verb.
type hostCalls struct{ running atomic.Int64 }

// run calls a function of the host's.
//
//go:noinline
func (c *hostCalls) run(host func() error) error {
	c.running.Add(1)
	defer c.running.Add(-1)
	return host()
}

// refuse is ErrNested within such a function, and within one that the host gave to Update
// of the store. Apply and Guard get no context that could tell, so the stack is asked, and
// only while any of them runs; the host may use another context than Update's.
func (c *hostCalls) refuse(st store.Transactor) error {
	if n, tells := st.(store.Nester); tells && n.Nested() {
		return ErrNested
	}
	if c.running.Load() == 0 {
		return nil
	}
	entry := reflect.ValueOf((*hostCalls).run).Pointer()
	for skip, stack := 0, make([]uintptr, 64); ; skip += len(stack) {
		n := runtime.Callers(skip, stack)
		for _, at := range stack[:n] {
			if f := runtime.FuncForPC(at - 1); f != nil && f.Entry() == entry {
				return ErrNested
			}
		}
		if n < len(stack) {
			return nil
		}
	}
}
