package batch_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/internal/batch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	errClosed = errors.New("closed")
	errOdd    = errors.New("odd")
)

// doubler doubles even numbers, as often as it is let go, and notes how many were asked at
// once.
type doubler struct {
	*batch.Batcher[int, int]
	begun chan int      // the size of each batch
	let   chan struct{} // a batch go
}

func newDoubler(most int) *doubler {
	d := &doubler{begun: make(chan int, 1000), let: make(chan struct{})}
	d.Batcher = batch.New(batch.Config[int, int]{
		Do: func(_ context.Context, asked []int) []batch.Result[int] {
			d.begun <- len(asked)
			<-d.let
			results := make([]batch.Result[int], len(asked))
			for i, n := range asked {
				if results[i].Value = 2 * n; n%2 != 0 {
					results[i] = batch.Result[int]{Err: errOdd}
				}
			}
			return results
		},
		Most: most, Timeout: time.Minute, Closed: errClosed,
	})
	return d
}

// ask has n doubled by a goroutine of its own, once it is on its way.
func (d *doubler) ask(t *testing.T, group *sync.WaitGroup, n int) {
	group.Go(func() {
		got, err := d.Do(t.Context(), n)
		if n%2 != 0 {
			assert.ErrorIs(t, err, errOdd)
			return
		}
		assert.NoError(t, err)
		assert.Equal(t, 2*n, got)
	})
}

func TestCallsGatherWhileABatchIsUnderWay(t *testing.T) {
	d := newDoubler(40)
	var group sync.WaitGroup
	d.ask(t, &group, 0)
	assert.Equal(t, 1, <-d.begun, "a lone caller waits for nobody")
	for n := range 64 {
		d.ask(t, &group, n)
	}
	time.Sleep(10 * time.Millisecond) // for most of them to be waiting
	close(d.let)
	group.Wait()
	close(d.begun)
	all, batches := 0, 0
	for size := range d.begun {
		assert.LessOrEqual(t, size, 40)
		all, batches = all+size, batches+1
	}
	assert.Equal(t, 64, all)
	assert.Less(t, batches, 64)
}

func TestACallerThatLeaves(t *testing.T) {
	d := newDoubler(40)
	ctx, leave := context.WithCancel(t.Context())
	errs := make(chan error, 2)
	do := func() {
		_, err := d.Do(ctx, 1)
		errs <- err
	}
	go do()
	<-d.begun
	go do()
	time.Sleep(10 * time.Millisecond)
	leave()
	var taken int
	for range 2 {
		err := <-errs
		require.ErrorIs(t, err, context.Canceled)
		if _, left := errors.AsType[*batch.LeftError](err); left {
			taken++
		}
	}
	assert.Equal(t, 1, taken, "the one whose batch was under way")
	close(d.let)
	require.NoError(t, d.Close(t.Context()))
	assert.Empty(t, d.begun, "who left before leaves no trace")
}

func TestCloseWaitsForWhatIsUnderWay(t *testing.T) {
	d := newDoubler(40)
	var group sync.WaitGroup
	d.ask(t, &group, 2)
	<-d.begun
	leave, err := d.Enter()
	require.NoError(t, err)

	ended, end := context.WithCancel(t.Context())
	end()
	require.ErrorIs(t, d.Close(ended), context.Canceled)
	_, err = d.Do(t.Context(), 2)
	require.ErrorIs(t, err, errClosed)
	_, err = d.Enter()
	require.ErrorIs(t, err, errClosed)

	var closed atomic.Bool
	group.Go(func() {
		assert.NoError(t, d.Close(t.Context()))
		closed.Store(true)
	})
	close(d.let)
	time.Sleep(10 * time.Millisecond)
	assert.False(t, closed.Load(), "somebody is still within")
	leave()
	group.Wait()
}
