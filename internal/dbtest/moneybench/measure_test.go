package moneybench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/assert"
)

// tb is what a benchmark and a worker have in common here.
type tb interface {
	assert.TestingT
	Context() context.Context
	Helper()
}

// load is how a charger is driven.
type load struct {
	callers  int
	accounts int // 1: all on one
	same     bool
	tolerate error // answers that count as well
}

// result is what a load made of a charger.
type result struct {
	rate float64       // charges a second
	p99  time.Duration // of one charge
}

// drive runs a load for a time.
func drive(b tb, charge charger, l load, d time.Duration) result {
	b.Helper()
	run := rand.Uint64()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	var mu sync.Mutex
	var took []time.Duration
	var group sync.WaitGroup
	began := time.Now()
	for c := range l.callers {
		group.Go(func() {
			mine := make([]time.Duration, 0, 4096)
			for n := 0; time.Since(began) < d; n++ {
				reference := fmt.Sprintf("%x-%d-%d", run, c, n)
				if l.same {
					reference = fmt.Sprint("same-", n%256)
				}
				at := time.Now()
				err := charge(ctx, rand.IntN(l.accounts)+1, reference)
				mine = append(mine, time.Since(at))
				if err != nil && (l.tolerate == nil || !isError(err, l.tolerate)) {
					assert.NoError(b, err)
					return
				}
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
		})
	}
	group.Wait()
	whole := time.Since(began)
	return result{rate: float64(len(took)) / whole.Seconds(), p99: percentile(took, 0.99)}
}

func percentile(took []time.Duration, p float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[int(p*float64(len(took)-1))]
}

// rounds are the results of one variant, one for each round.
type rounds []result

func (r rounds) rate() float64 {
	rates := make([]float64, len(r))
	for i := range r {
		rates[i] = r[i].rate
	}
	return median(rates)
}

func (r rounds) p99() time.Duration {
	all := make([]float64, len(r))
	for i := range r {
		all[i] = float64(r[i].p99)
	}
	return time.Duration(median(all))
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// ratio returns the median of the ratios of each round: both sides saw the same machine.
func ratio(of, to rounds) float64 {
	var all []float64
	for i := range min(len(of), len(to)) {
		all = append(all, of[i].rate/to[i].rate)
	}
	return median(all)
}
