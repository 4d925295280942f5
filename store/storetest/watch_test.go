package storetest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// faulty is a sound store but for what it does when it is asked for a login.
type faulty struct {
	store.Store
	fault string
	mu    sync.Mutex
}

func (f *faulty) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	switch fault := f.fault; {
	case key != store.KeyLogin:
	case fault == "waits for a lock":
		f.mu.Lock() // the second one that asks waits without end, whatever its context
	case fault == "heeds its context alone":
		<-ctx.Done()
	case fault == "panics":
		panic("out of order")
	}
	return f.Store.AccountBy(ctx, key, value)
}

const faultVariable = "CLIENTACCOUNT_FAULTY_STORE"

// TestTheContractOfAFaultyStore fails, in a process of its own.
func TestTheContractOfAFaultyStore(t *testing.T) {
	fault := os.Getenv(faultVariable)
	if fault == "" {
		t.Skip("run by TestAPromiseThatIsNotKeptLeavesTheOthers")
	}
	run(t, &watch{patience: 2 * time.Second, again: 500 * time.Millisecond}, func(*testing.T) store.Store {
		if fault == "is nil" {
			return nil
		}
		return &faulty{Store: memstore.New(), fault: fault}
	})
}

func TestAPromiseThatIsNotKeptLeavesTheOthers(t *testing.T) {
	for fault, told := range map[string]string{
		"waits for a lock":        "the store does not answer",
		"heeds its context alone": "the store does not answer", "panics": "panic: out of order",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel() // they mostly wait
			text := contractOf(t, fault)
			assert.Contains(t, text, told)
			assert.Contains(t, text, "(*faulty).AccountBy", "the stack tells where")
			assert.Contains(t, text, "--- FAIL: TestTheContractOfAFaultyStore/unique")
			assert.Contains(t, text, "--- PASS: TestTheContractOfAFaultyStore/credentials")
			assert.Contains(t, text, "--- PASS: TestTheContractOfAFaultyStore/ledger", "the last ones are tried as well")
		})
	}
	t.Run("is nil", func(t *testing.T) {
		t.Parallel()
		text := contractOf(t, "is nil")
		assert.Contains(t, text, "newStore gave no store")
		assert.NotContains(t, text, "panic:")
	})
}

// What computes has all the time it needs.
func TestWhoComputesDoesNotStandStill(t *testing.T) {
	var enough atomic.Bool
	wait, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for !enough.Load() { // which blocks nowhere
		}
		<-wait
	}()
	for range 10 {
		assert.Empty(t, standing())
	}
	enough.Store(true)
	assert.Eventually(t, func() bool { return strings.Contains(standing(), "[chan receive]") }, time.Minute, time.Millisecond)
	close(wait)
	<-done
}

// contractOf returns what the contract says of a faulty store: the promises of the fault, some behind it, and the last.
func contractOf(t *testing.T, fault string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // rather than hang
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestTheContractOfAFaultyStore$/^(unique|credentials|ledger)$", "-test.v", "-rapid.checks=1")
	c.Env = append(os.Environ(), faultVariable+"="+fault)
	out, err := c.CombinedOutput()
	require.Error(t, err)
	require.NoError(t, ctx.Err())
	return string(out)
}
