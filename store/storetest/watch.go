package storetest

import (
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// watch keeps one promise from the others: a store that panics, or does not answer, fails
// the promise that was being tried, and the next ones are tried as well.
type watch struct {
	// patience is for how long a promise may stand still: with every goroutine of it where
	// it was, waiting. One that makes any progress, or computes, has all the time it needs, on
	// whatever machine; one that computes without end is left to the timeout of go test.
	patience time.Duration
	again    time.Duration // patience, once a promise stood still
}

func newWatch() *watch { return &watch{patience: time.Minute, again: 2 * time.Second} }

// on tries a promise with a fresh store.
func on[S any](w *watch, t *testing.T, newStore func(*testing.T) S, test func(t *testing.T, s S)) {
	t.Helper()
	done := make(chan struct{})
	t.Cleanup(func() { // last of all: the test's context has ended, and the store is closed
		select {
		case <-done:
		case <-time.After(w.again):
		}
	})
	s := newStore(t)
	if v := reflect.ValueOf(s); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		close(done)
		t.Fatal("newStore gave no store: nil")
	}
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("panic: %v\n\n%s", p, debug.Stack())
			}
		}()
		test(t, s)
	}()
	if where := w.standstill(done); where != "" {
		w.patience = w.again
		t.Errorf("the store does not answer; this is where it was asked:\n\n%s", where)
	}
}

// standstill waits until a promise is done, and then is empty; or until it stands still,
// and then tells where.
func (w *watch) standstill(done <-chan struct{}) string {
	const looks = 10
	tick := time.NewTicker(w.patience / looks)
	defer tick.Stop()
	for still, last := 0, ""; still < looks; {
		select {
		case <-done:
			return ""
		case <-tick.C:
		}
		if now := standing(); now != "" && now == last {
			still++
		} else {
			still, last = 0, now
		}
		if still == looks {
			return last
		}
	}
	return ""
}

// header begins the stack of a goroutine: its number, its state, and for how long.
var header = regexp.MustCompile(`^goroutine \d+ \[([^],]*)[^]]*\]`)

// others are goroutines that watch promises, or wait for them.
var others = regexp.MustCompile(`storetest\.(standing|\(\*watch\)\.standstill)\(|testing\.\(\*T\)\.Run\(`)

// standing returns the stacks of the goroutines that promises run in; nothing where one of them
// computes, or waits for its turn to.
func standing() string {
	text := make([]byte, 1<<20)
	text = text[:runtime.Stack(text, true)]
	var ours []string
	for stack := range strings.SplitSeq(string(text), "\n\n") {
		if !strings.Contains(stack, "store/storetest") || others.MatchString(stack) {
			continue
		}
		stack = header.ReplaceAllString(stack, "[$1]")
		if strings.HasPrefix(stack, "[run") { // running, runnable
			return ""
		}
		ours = append(ours, stack)
	}
	return strings.Join(ours, "\n\n")
}
