package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// watch prints every second how far the messages have come, until it is told to be quiet.
func (l *load) watch(ctx context.Context) (quiet func()) {
	ctx, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() {
		every := time.NewTicker(time.Second)
		defer every.Stop()
		was, began := l.progress(), time.Now()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
			now := l.progress()
			fmt.Fprintf(l.out, "%4.0f s  ", time.Since(began).Seconds())
			for i, name := range []string{"admitted", "sent", "ended", "told"} {
				fmt.Fprintf(l.out, "  %s %d (%d/s)", name, now[i], now[i]-was[i])
			}
			fmt.Fprintln(l.out)
			was = now
		}
	})
	return func() { stop(); group.Wait() }
}

// progress is how many messages were admitted, were sent, ended, and were told to have ended.
func (l *load) progress() [4]int64 {
	c := l.gateway.counts
	return [4]int64{c.admitted.Load(), c.sent.Load(), c.ended.Load(), l.receiver.finals.Load()}
}
