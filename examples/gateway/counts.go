package main

import "sync/atomic"

// counts are figures of the running program; a platform publishes such as metrics.
type counts struct {
	admitted atomic.Int64 // messages queued
	sent     atomic.Int64 // that the network took
	ended    atomic.Int64 // whose final state their client is told
}
