package main

import (
	"sync/atomic"
	"time"
)

// clock is the machine's, and can be moved forward: nobody waits days for a report that was
// lost. The zero clock is right.
type clock struct{ ahead atomic.Int64 }

func (c *clock) Now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }
